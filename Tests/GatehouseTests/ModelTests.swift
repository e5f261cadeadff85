import Model
import Testing

@Suite struct EntityIDTests {
    @Test func `an id is a UUID of version 7 and of the standard's variant`() {
        for _ in 0..<500 {
            let text = Array(EntityID.make(at: Timestamp(milliseconds: 1_790_000_000_123)).text)
            #expect(text.count == 36)
            #expect(text[14] == "7", "the version")
            #expect("89ab".contains(text[19]), "the variant")
            #expect([8, 13, 18, 23].allSatisfy { text[$0] == "-" })
        }
    }

    @Test(arguments: [0, 1, 1_790_000_000_123, (1 << 48) - 1])
    func `an id begins with its time in milliseconds`(milliseconds: Int64) {
        let text = EntityID.make(at: Timestamp(milliseconds: milliseconds)).text
        let digits = text.split(separator: "-").prefix(2).joined()
        #expect(Int64(digits, radix: 16) == milliseconds)
    }

    @Test func `ids made later sort later`() {
        let ids = (0..<200).map { EntityID.make(at: Timestamp(milliseconds: 1_790_000_000_000 + Int64($0))) }
        #expect(ids.sorted() == ids)
        #expect(ids.map(\.text).sorted() == ids.map(\.text), "also as text")
    }

    @Test func `ids made in one millisecond differ`() {
        let ids = (0..<2000).map { _ in EntityID.make(at: Timestamp(milliseconds: 1)) }
        #expect(Set(ids).count == ids.count)
    }

    @Test(arguments: [Int64.min, -1, Int64.max])
    func `an id can be made at any time`(milliseconds: Int64) {
        #expect(EntityID.looksLikeUUID(EntityID.make(at: Timestamp(milliseconds: milliseconds)).text))
    }

    @Test(arguments: [
        ("019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f", "019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f"),
        ("019A7E3C-1B2D-7C3E-8F40-5A6B7C8D9E0F", "019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f"),
        ("00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"),
        ("", nil), ("019a7e3c", nil), ("019a7e3c1b2d7c3e8f405a6b7c8d9e0f", nil), ("{019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f}", nil),
        ("019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0g", nil), ("019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0", nil),
        ("019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f0", nil), ("019a7e3c_1b2d_7c3e_8f40_5a6b7c8d9e0f", nil),
        ("019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e\u{e9}", nil), ("019a7e3c-1b2d7-c3e-8f40-5a6b7c8d9e0f", nil),
    ])
    func `text is read as an id only in canonical form`(text: String, id: String?) {
        #expect(EntityID(text)?.text == id)
        #expect(EntityID.looksLikeUUID(text) == (id != nil))
    }
}

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.001Z", 1), ("1969-12-31T23:59:59.999Z", -1),
        ("2026-11-21T09:14:03.120Z", 1_795_252_443_120), ("2026-11-21t09:14:03.12z", 1_795_252_443_120),
        ("2026-11-21T10:14:03.120+01:00", 1_795_252_443_120), ("2026-11-21T00:44:03.1209999-08:30", 1_795_252_443_120),
        ("2000-02-29T00:00:00Z", 951_782_400_000), ("2024-02-29T12:00:00+00:00", 1_709_208_000_000),
        ("2016-12-31T23:59:60Z", 1_483_228_799_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("1970-01-01T00:00:00.1234567890123Z", 123),
    ])
    func `RFC 3339 text is read`(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T09:14:03", "2026-11-21 09:14:03Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z",
        "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00+0100",
        "2026-01-01T00:00:00Zz", " 2026-01-01T00:00:00Z", "+026-01-01T00:00:00Z", "2026-1-01T00:00:00Z0",
        "2026-01-01T00:00:00Z\u{0}",
        "\u{0662}026-01-01T00:00:00Z", "2026-01-01T00:00:00.00000000000000000000000000Z",
    ])
    func `other text is refused`(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func `a time written and read again is the same`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let time = Timestamp(milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &generator))
            #expect(Timestamp(rfc3339: time.rfc3339) == time, "\(time.rfc3339)")
            #expect(time.rfc3339.utf8.count == 24)
        }
    }

    @Test func `every day of four centuries comes after the day before`() {
        var last = Timestamp(rfc3339: "1999-12-31T00:00:00Z")
        for day in 0..<146_097 where day % 7 == 0 {
            let time = Timestamp(milliseconds: 946_684_800_000 + Int64(day) * 86_400_000)
            #expect(Timestamp(rfc3339: time.rfc3339) == time)
            if let last { #expect(last.rfc3339 < time.rfc3339) }
            last = time
        }
    }

    @Test(arguments: [Int64.min, .min + 1, .max])
    func `the ends of time can be written`(milliseconds: Int64) {
        #expect(Timestamp(milliseconds: milliseconds).rfc3339.hasSuffix("Z"))
    }

    @Test(
        arguments: [
            (0, 1, 1000), (5, -1, -995), (0, Int64.max, Int64.max), (0, Int64.min, Int64.min), (Int64.max, 1, Int64.max),
            (Int64.min, -1, Int64.min), (Int64.max - 500, 1, Int64.max),
        ] as [(Int64, Int64, Int64)])
    func `adding saturates`(start: Int64, seconds: Int64, sum: Int64) {
        #expect(Timestamp(milliseconds: start).adding(seconds: seconds).milliseconds == sum)
    }
}

@Suite struct JSONParserTests {
    @Test(arguments: [
        ("null", JSONValue.null), (" true ", .bool(true)), ("\n\tfalse\r", .bool(false)), ("0", .integer(0)), ("-0", .integer(0)),
        ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5", .number(1.5)), ("1e2", .number(100)),
        ("1E+2", .number(100)), ("25e-1", .number(2.5)), ("-0.0", .number(-0.0)), ("\"\"", .string("")),
        (#""a\"\\\/\b\f\n\r\t""#, .string("a\"\\/\u{8}\u{c}\n\r\t")), (#""\u0041\u00e9\u0000""#, .string("A\u{e9}\u{0}")),
        (#""\ud83d\ude00""#, .string("\u{1F600}")), (#""\uD83D\uDE00""#, .string("\u{1F600}")),
        ("\"\u{e9}\u{1F600}\"", .string("\u{e9}\u{1F600}")),
        (#""\uffff""#, .string("\u{FFFF}")), ("\"\u{7f}\"", .string("\u{7f}")), ("[]", .array([])), ("[ ]", .array([])),
        ("[1,[2],{}]", .array([.integer(1), .array([.integer(2)]), .object(JSONObject())])),
        (#"{"a":1,"b":{"a":null}}"#, .object(JSONObject([("a", .integer(1)), ("b", .object(JSONObject([("a", .null)])))]))),
        ("{ }", .object(JSONObject())), (#"{"":0}"#, .object(JSONObject([("", .integer(0))]))),
    ])
    func `valid text is read`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text.utf8) == value)
    }

    @Test(arguments: [
        ("", 0), ("   ", 3), ("nul", 0), ("nulll", 4), ("True", 0), ("'a'", 0), ("01", 2), ("-", 1), ("+1", 0), (".5", 0),
        ("1.", 2),
        ("1.e1", 2), ("1e", 2), ("1e+", 3), ("0x10", 1), ("NaN", 0), ("Infinity", 0), ("-Infinity", 1), ("1e999", 5), ("1 2", 2),
        ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("[1", 2), ("[", 1), ("]", 0), ("{", 1), ("{\"a\"}", 4), ("{\"a\":}", 5),
        ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\":1 \"b\":2}", 7), ("{1:2}", 1), ("\"a", 2), ("\"a\nb\"", 2), ("\"a\tb\"", 2),
        ("\"\\x\"", 3), ("\"\\u12\"", 3), ("\"\\u12g4\"", 5), ("\"\\", 2), ("\u{FEFF}1", 0), ("1//c", 1), ("/**/1", 0),
        ("\u{A0}1", 0),
    ])
    func `invalid text is refused with the byte where it goes wrong`(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
        #expect(error?.offset == offset)
        #expect(error?.reason.isEmpty == false)
    }

    @Test(arguments: [
        #""\ud83d""#, #""\ude00""#, #""\ud83dx""#, #""\ud83d\n""#, #""\ud83d\u0041""#, #""\ud83d\ud83d""#, #"{"\ud800":1}"#,
    ])
    func `a lone surrogate is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
    }

    @Test(
        arguments: [
            [0xFF], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0x80],
        ] as [[UInt8]])
    func `invalid UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x7B, 0x22] + bytes + Array("\":1}".utf8)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test(arguments: [#"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"[{"b":{"a":1,"c":2,"a":1}}]"#, #"{"":1,"":2}"#])
    func `a name that occurs twice is refused`(text: String) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text.utf8) }
        #expect(error?.reason.contains("twice") == true)
    }

    @Test func `names that only look alike are two names`() throws {
        // One as a single character, one composed of two; equal as Swift strings, different as JSON.
        let object = try #require(try JSONValue(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}".utf8).object)
        #expect(object["\u{e9}"] == .integer(1))
        #expect(object["e\u{301}"] == .integer(2))
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func `nesting is bounded`(open: String, close: String) throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(JSONValue.maximumDepth)) }
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: nested(JSONValue.maximumDepth + 1)) }
        #expect(error?.reason == "nested too deep")
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(repeating: UInt8(ascii: "["), count: 1_000_000)) }
    }

    @Test func `thousands of members are read in good time`() throws {
        let text = "{" + (0..<20_000).map { "\"member\($0)\":\($0)" }.joined(separator: ",") + "}"
        let clock = ContinuousClock()
        let start = clock.now
        let value = try JSONValue(parsing: text.utf8)
        #expect(value.object?.members.count == 20_000)
        #expect(start.duration(to: clock.now) < .seconds(10))
    }

    static let vectors = [
        #"{"username":"ann","name":"Ann \u00e9 \ud83d\ude00","attributes":{"n":[1,-2.5e3,true,null,"x\\\""],"deep":[[[[{}]]]]}}"#,
        "[[],[[]],[[[1,2,3]]],\"\u{e9}\u{1F600}\u{20AC}\",0.001,-0,1e10]", #"{"a":{"b":{"c":{"d":"\b\f\n\r\t\/"}}}}"#,
    ]

    static func parse(_ bytes: [UInt8]) -> Result<JSONValue, JSONError> {
        do { return .success(try JSONValue(parsing: bytes)) } catch { return .failure(error) }
    }

    /// Random damage to valid text: the parser answers or throws, and what it answers survives being written and read.
    @Test(arguments: 0..<8)
    func `damaged text never stops the parser`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var accepted = 0
        var refused = 0
        for round in 0..<1500 {
            var bytes = Array(Self.vectors[round % Self.vectors.count].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 2: bytes.remove(at: index)
                case 3: bytes.insert("{}[]\",:\\u0".utf8.randomElement(using: &generator) ?? 0, at: index)
                default: bytes.removeLast(bytes.count - index)
                }
            }
            switch Self.parse(bytes) {
            case .success(let value):
                accepted += 1
                #expect(try JSONValue(parsing: value.text.utf8) == value)
            case .failure(let error):
                refused += 1
                #expect((0...bytes.count).contains(error.offset))
            }
        }
        #expect(accepted > 0 && refused > 0, "the damage must sometimes matter and sometimes not")
    }

    @Test func `random bytes never stop the parser`() {
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<3000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if let value = try? JSONValue(parsing: bytes) { #expect(String(validating: bytes, as: UTF8.self) != nil, "\(value)") }
        }
    }
}

@Suite struct JSONValueTests {
    @Test func `a later member of the same name replaces the earlier one`() {
        var object = JSONObject([("a", .integer(1)), ("b", .integer(2)), ("a", .integer(3))])
        #expect(object.names == ["a", "b"])
        #expect(object["a"] == .integer(3))
        object["b"] = nil
        object["c"] = .null
        #expect(object.names == ["a", "c"])
    }

    @Test func `objects are equal whatever the order of their members`() {
        let one = JSONObject([("a", .integer(1)), ("b", .integer(2))])
        let other = JSONObject([("b", .integer(2)), ("a", .integer(1))])
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != JSONObject([("a", .integer(1)), ("c", .integer(2))]))
        #expect(one != JSONObject([("a", .integer(1))]))
    }

    @Test func `a number is not the text of it`() {
        #expect(JSONValue.integer(1) != .string("1"))
        #expect(JSONValue.integer(1) != .bool(true))
    }
}

@Suite struct JSONWriterTests {
    @Test(arguments: [
        ("", #""""#), ("a", #""a""#), ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}", #""\u0000""#), ("\u{1b}\u{1f}", #""\u001b\u001f""#), ("\u{7f}", #""\u007f""#), ("\u{e9}", "\"\u{e9}\""),
        ("\u{1F600}", "\"\u{1F600}\""), ("\"\u{301}", "\"\\\"\u{301}\""), ("\\\u{338}", "\"\\\\\u{338}\""),
        ("\n\u{301}", "\"\\n\u{301}\""),
    ])
    func `text is escaped by bytes`(text: String, json: String) throws {
        var writer = JSONWriter()
        writer.string(text)
        #expect(writer.bytes == Array(json.utf8))
        #expect(try JSONValue(parsing: writer.bytes).string.map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test func `commas stand between values and nowhere else`() {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("a", "x")
            writer.name("b")
            writer.array { writer in
                writer.integer(1)
                writer.null()
                writer.object { _ in }
                writer.array { _ in }
                writer.bool(false)
            }
            writer.member("c", String?.none)
            writer.member("d", Timestamp(milliseconds: 0))
            writer.member("e", .number(1.5))
        }
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #"{"a":"x","b":[1,null,{},[],false],"c":null,"d":"1970-01-01T00:00:00.000Z","e":1.5}"#)
    }

    @Test(arguments: [
        (1.0, "1.0"), (-0.5, "-0.5"), (1e300, "1e+300"), (Double.infinity, "null"), (-Double.infinity, "null"),
        (Double.nan, "null"),
    ])
    func `numbers that JSON does not know become null`(number: Double, json: String) {
        #expect(JSONValue.number(number).text == json)
    }

    @Test func `random values survive being written and read`() throws {
        var generator = SeededGenerator(seed: 3)
        func value(_ depth: Int) -> JSONValue {
            switch Int.random(in: 0..<(depth > 4 ? 5 : 7), using: &generator) {
            case 0: return .null
            case 1: return .bool(.random(using: &generator))
            case 2: return .integer(.random(in: .min ... .max, using: &generator))
            case 3: return .number(.random(in: -1e9...1e9, using: &generator) + 0.5e-3)
            case 4: return .string(text())
            case 5: return .array((0..<Int.random(in: 0..<4, using: &generator)).map { _ in value(depth + 1) })
            default:
                return .object(
                    JSONObject((0..<Int.random(in: 0..<4, using: &generator)).map { _ in (text(), value(depth + 1)) }))
            }
        }
        func text() -> String {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0..<6, using: &generator) {
                if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator)) { scalars.append(scalar) }
                scalars.append(Unicode.Scalar(UInt8.random(in: 0..<0x80, using: &generator)))
            }
            return String(scalars)
        }
        for _ in 0..<1000 {
            let made = value(0)
            #expect(try JSONValue(parsing: made.text.utf8) == made)
        }
    }
}

@Suite struct TextTests {
    @Test(
        arguments: [
            ([], ""), ([0], "AA"), ([0xFF], "_w"), ([0xFB, 0xFF], "-_8"), (Array("foobar".utf8), "Zm9vYmFy"),
            (Array("fooba".utf8), "Zm9vYmE"),
        ] as [([UInt8], String)])
    func `Base64URL is written without padding and read back`(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(arguments: ["A", "AAAAA", "AB", "_x", "AAF", "AA==", "A A", "+A", "/A", "AA\n", "\u{e9}A", "\u{0}A"])
    func `Base64URL with foreign characters, bad lengths or bits past the end is refused`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test func `random bytes survive Base64URL`() {
        var generator = SeededGenerator(seed: 11)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
        }
    }

    @Test func `hexadecimal is lower case with leading zeros`() {
        #expect(hexadecimal([0, 1, 0xAB, 0xFF]) == "0001abff")
        #expect(hexadecimal([UInt8]()) == "")
    }

    @Test(arguments: [0, 1, 7, 8, 9, 32, 33])
    func `random bytes come in the number asked for and differ`(count: Int) {
        #expect(randomBytes(count).count == count)
        if count >= 8 { #expect(randomBytes(count) != randomBytes(count)) }
    }
}

@Suite struct RevisionTests {
    @Test(arguments: [("1.0", 1, 0), ("7.42", 7, 42), ("9223372036854775807.9223372036854775807", Int64.max, Int64.max)])
    func `a revision is read and written`(text: String, epoch: Int64, position: Int64) {
        #expect(Revision(text: text) == Revision(epoch: epoch, position: position))
        #expect(Revision(epoch: epoch, position: position).text == text)
    }

    @Test(arguments: ["", "1", ".", "1.", ".1", "1.2.3", "-1.2", "1.-2", "a.1", "1.9223372036854775808", " 1.1", "1,1"])
    func `other text is no revision`(text: String) {
        #expect(Revision(text: text) == nil)
    }
}
