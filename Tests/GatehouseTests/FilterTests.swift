import Access
import Foundation
import Testing

/// The filter grammar of RFC 7644 section 3.4.2.2, as text.
@Suite struct FilterParserTests {
    static func present(_ path: String) -> Filter { .present(path: path) }
    static func equal(_ path: String, _ value: Filter.Value) -> Filter { .compare(path: path, .equal, value) }

    @Test(arguments: [
        (#"a eq "x""#, equal("a", .string("x"))), (#"A EQ "x""#, equal("A", .string("x"))), ("a pr", present("a")),
        ("a PR", present("a")),
        ("a.b-c_d$2 pr", present("a.b-c_d$2")), ("  a   pr  ", present("a")), ("a eq 12", equal("a", .integer(12))),
        ("a eq -12", equal("a", .integer(-12))), ("a eq 1.5", equal("a", .number(1.5))),
        ("a eq -1e3", equal("a", .number(-1000))),
        ("a eq 9223372036854775807", equal("a", .integer(.max))),
        ("a eq 9223372036854775808", equal("a", .number(9_223_372_036_854_775_808))),
        ("a eq true", equal("a", .bool(true))), ("a eq False", equal("a", .bool(false))), ("a eq null", equal("a", .null)),
        (#"a eq """#, equal("a", .string(""))), (#"a eq "\"\\\/\b\f\n\r\t""#, equal("a", .string("\"\\/\u{8}\u{c}\n\r\t"))),
        (#"a eq "\u00e9\u0041""#, equal("a", .string("\u{e9}A"))),
        ("a eq \"\u{e9}\u{1F600}e\u{301}\"", equal("a", .string("\u{e9}\u{1F600}e\u{301}"))),
        (#"a eq "\ud83d\ude00""#, equal("a", .string("\u{1F600}"))),
        (#"a eq "and (or) not""#, equal("a", .string("and (or) not"))),
        ("a eq \"\\\"\u{301}\"", equal("a", .string("\"\u{301}"))), ("notable pr", present("notable")),
        ("order pr", present("order")),
        ("android pr and orange pr", .and(present("android"), present("orange"))),
        // "and" binds tighter than "or", both group to the left.
        ("a pr and b pr or c pr", .or(.and(present("a"), present("b")), present("c"))),
        ("a pr or b pr and c pr", .or(present("a"), .and(present("b"), present("c")))),
        ("a pr or b pr or c pr", .or(.or(present("a"), present("b")), present("c"))),
        ("a pr AND b pr And c pr", .and(.and(present("a"), present("b")), present("c"))),
        ("a pr and (b pr or c pr)", .and(present("a"), .or(present("b"), present("c")))),
        ("(a pr)", present("a")), ("((a pr))", present("a")), ("( a pr )", present("a")),
        // "not" takes the parentheses and no more.
        ("not (a pr) and b pr", .and(.not(present("a")), present("b"))), ("not(a pr)", .not(present("a"))),
        ("NOT ( a pr )", .not(present("a"))),
        ("not (not (a pr))", .not(.not(present("a")))),
        ("a pr and not (b pr or c pr)", .and(present("a"), .not(.or(present("b"), present("c"))))),
    ])
    func `a filter is read with its precedence`(text: String, filter: Filter) throws {
        #expect(try Filter(parsing: text) == filter)
    }

    @Test(arguments: Filter.Comparison.allCases)
    func `every operator is known in any case`(comparison: Filter.Comparison) throws {
        for word in [comparison.rawValue, comparison.rawValue.uppercased(), comparison.rawValue.capitalized] {
            #expect(try Filter(parsing: "a \(word) \"x\"") == .compare(path: "a", comparison, .string("x")))
        }
    }

    @Test(arguments: [
        ("", 0), ("   ", 3), ("a", 1), ("a ", 2), ("a eq", 4), ("a eq ", 5), (#"a xx "b""#, 2), ("a eq b", 5), (#"a eq "b"#, 7),
        ("a eq 'b'", 5),
        ("a eq +1", 5), ("a eq 1x", 5), ("a eq 0x10", 5), ("a eq 0x1p4", 5), ("a eq inf", 5), ("a eq nan", 5), ("a eq -nan", 5),
        ("a eq 1e999", 5),
        ("a eq --1", 5), ("(a pr", 5), ("a pr)", 4), ("()", 1), ("a pr b pr", 5), (#"1a eq "b""#, 0), (#"a. eq "b""#, 2),
        (#"_a eq "b""#, 0),
        (#"a eq "b" and"#, 12), (#"a eq "b" or "#, 12), ("and a pr", 4), ("not a pr", 4), ("not", 3), (#"a eq"b""#, 4),
        (#"a eq "\x""#, 8),
        (#"a eq "\u12""#, 8), (#"a eq "\u+123""#, 8), (#"a eq "\ud83d""#, 12), (#"a eq "\ude00""#, 12), (#"a eq ["b"]"#, 5),
        (#""a" eq "b""#, 0),
        (#"a eq "b"; DROP TABLE"#, 8), (#"a[b eq "c"]"#, 1), ("a\u{e9} pr", 1), ("a eq \"x\ny\"", 8), ("a\tpr", 1),
        ("\u{FEFF}a pr", 0),
    ])
    func `what is no filter is refused with the place where it goes wrong`(text: String, offset: Int) {
        let error = #expect(throws: FilterError.self) { try Filter(parsing: text) }
        #expect(error?.reason.isEmpty == false)
        // In an escape the place may be anywhere in it.
        let found = error?.offset ?? -1
        #expect(text.contains(#"\u"#) ? (6...offset).contains(found) : found == offset, "found \(found)")
    }

    @Test func `nesting, terms and length are bounded`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "a pr" + String(repeating: ")", count: depth)
        }
        #expect(throws: Never.self) { try Filter(parsing: nested(Filter.maximumDepth - 1)) }
        let deep = #expect(throws: FilterError.self) { try Filter(parsing: nested(Filter.maximumDepth)) }
        #expect(deep?.reason == "nested too deep")
        let negated = String(repeating: "not (", count: 200) + "a pr" + String(repeating: ")", count: 200)
        #expect(throws: FilterError.self) { try Filter(parsing: negated) }

        func terms(_ count: Int) -> String { Array(repeating: "a pr", count: count).joined(separator: " or ") }
        #expect(throws: Never.self) { try Filter(parsing: terms(Filter.maximumTerms)) }
        #expect(throws: FilterError.self) { try Filter(parsing: terms(Filter.maximumTerms + 1)) }

        func long(_ count: Int) -> String { "a eq \"" + String(repeating: "x", count: count - 7) + "\"" }
        #expect(throws: Never.self) { try Filter(parsing: long(Filter.maximumLength)) }
        let error = #expect(throws: FilterError.self) { try Filter(parsing: long(Filter.maximumLength + 1)) }
        #expect(error?.offset == Filter.maximumLength)
    }

    @Test(arguments: [
        "", "a", "\"", "\\", "a\"b\\c", "\u{0}\u{1}\n\u{1f}", "\u{e9}\u{1F600}", "\"\u{301}", "\\\u{338}",
        "a\" or a pr or a eq \"b",
    ])
    func `a quoted value is read back as it was`(text: String) throws {
        let filter = try Filter(parsing: "a eq " + Filter.quote(text))
        guard case .compare("a", .equal, .string(let read)) = filter else {
            Issue.record("\(filter)")
            return
        }
        #expect(Array(read.utf8) == Array(text.utf8))
    }

    static let vectors = [
        #"username eq "ann" and not (status eq "disabled" or createdAt gt "2026-01-01T00:00:00Z")"#,
        #"(a pr or b.c sw "x\"\u00e9") and d le 12.5e3 and e ne null"#,
    ]

    @Test(arguments: 0..<4)
    func `damaged text never stops the parser`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var outcomes = (accepted: 0, refused: 0)
        for round in 0..<1500 {
            var bytes = Array(Self.vectors[round % Self.vectors.count].utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0..<0x80, using: &generator)
                case 1: bytes.remove(at: index)
                case 2: bytes.insert("()\"\\ .-".utf8.randomElement(using: &generator) ?? 0, at: index)
                default: bytes.removeLast(bytes.count - index)
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            do {
                _ = try Filter(parsing: text)
                outcomes.accepted += 1
            } catch {
                outcomes.refused += 1
                #expect((0...text.utf8.count).contains(error.offset))
            }
        }
        #expect(outcomes.accepted > 0 && outcomes.refused > 0)
    }
}
