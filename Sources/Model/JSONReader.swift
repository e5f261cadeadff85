/// Reads JSON (RFC 8259) from left to right, value by value, for whoever knows what should come: nothing is kept that is not
/// asked for. Strict: UTF-8 only, no lone surrogates, at most `JSONValue.maximumDepth` deep. What it cannot see is a name that
/// occurs twice in an object; `JSONNames` does.
public struct JSONReader: Sendable {
    public enum Kind: Sendable {
        case object, array, string, number, bool, null
    }

    private let bytes: [UInt8]
    /// Where it reads next.
    public private(set) var position = 0
    private var depth = 0
    /// Whether an object or array was entered and nothing of it read yet.
    private var isAtStart = false

    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    public func failure(_ reason: String) -> JSONError {
        JSONError(reason: reason, offset: position)
    }

    /// Refuses what follows the value.
    public mutating func end() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw failure("unexpected text after the value") }
    }

    /// What the next value is; nothing is read of it yet.
    public mutating func kind() throws(JSONError) -> Kind {
        skipSpace()
        guard let next else { throw failure("the text ends where a value should be") }
        switch next {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default: throw failure("a value cannot begin here")
        }
    }

    /// Enters the object or array that `kind()` saw; then `member()` or `element()` lead through it.
    public mutating func enter() throws(JSONError) {
        guard depth < JSONValue.maximumDepth else { throw failure("nested too deep") }
        depth += 1
        position += 1
        isAtStart = true
    }

    /// The name of the next member, whose value is to be read then; `nil` at the end of the object, which is left.
    public mutating func member() throws(JSONError) -> String? {
        skipSpace()
        if next == UInt8(ascii: "}") && isAtStart { return leave() }
        if !isAtStart {
            switch next {
            case UInt8(ascii: ","):
                position += 1
                skipSpace()
            case UInt8(ascii: "}"): return leave()
            default: throw failure("a comma or a closing brace should be here")
            }
        }
        isAtStart = false
        guard next == UInt8(ascii: "\"") else { throw failure("a member name in quotes should be here") }
        let name = try string()
        guard name.utf8.count <= JSONValue.maximumNameLength else { throw failure("a member name is too long") }
        skipSpace()
        guard next == UInt8(ascii: ":") else { throw failure("a colon should be here") }
        position += 1
        return name
    }

    /// Whether there is another element, which is to be read then; at the end the array is left.
    public mutating func element() throws(JSONError) -> Bool {
        skipSpace()
        if next == UInt8(ascii: "]") && isAtStart { return leave() != nil }
        if !isAtStart {
            switch next {
            case UInt8(ascii: ","): position += 1
            case UInt8(ascii: "]"): return leave() != nil
            default: throw failure("a comma or a closing bracket should be here")
            }
        }
        isAtStart = false
        return true
    }

    private mutating func leave() -> String? {
        position += 1
        depth -= 1
        isAtStart = false
        return nil
    }

    /// Any value, whole.
    public mutating func value() throws(JSONError) -> JSONValue {
        switch try kind() {
        case .object: return .object(try object())
        case .array:
            try enter()
            var items: [JSONValue] = []
            while try element() { items.append(try value()) }
            return .array(items)
        case .string: return .string(try string())
        case .number: return try number()
        case .bool: return next == UInt8(ascii: "t") ? try literal("true", .bool(true)) : try literal("false", .bool(false))
        case .null: return try literal("null", .null)
        }
    }

    /// The object that `kind()` saw.
    public mutating func object() throws(JSONError) -> JSONObject {
        try enter()
        var object = JSONObject()
        var names = JSONNames()
        while let name = try member() {
            try names.insert(name, self)
            object.appendUnchecked(name, try value())
        }
        return object
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { throw failure("unknown word") }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] {
            throw failure("unknown word")
        }
        position += length
        return value
    }

    // MARK: Texts

    /// The string that `kind()` saw.
    public mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        // Most texts have nothing in them that is written in another way, and are taken as they lie there.
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let range = start..<position
                position += 1
                let text = bytes.withUnsafeBufferPointer { bytes in
                    String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
                }
                guard let text else { throw failure("invalid UTF-8") }
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escaped(from: start) }
            guard byte >= 0x20 else { throw failure("a control character must be escaped") }
            position += 1
        }
        throw failure("the text ends inside a string")
    }

    private mutating func escaped(from start: Int) throws(JSONError) -> String {
        var out = Array(bytes[start..<position])
        while true {
            guard let byte = next else { throw failure("the text ends inside a string") }
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: out, as: UTF8.self) else { throw failure("invalid UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &out)
            case 0..<0x20: throw failure("a control character must be escaped")
            default:
                out.append(byte)
                position += 1
            }
        }
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw failure("the text ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "u"):
            var code = UInt32(try hexadecimal())
            if (0xD800..<0xDC00).contains(code) {
                guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                    bytes[position + 1] == UInt8(ascii: "u")
                else { throw failure("a lone surrogate") }
                position += 2
                let low = UInt32(try hexadecimal())
                guard (0xDC00..<0xE000).contains(low) else { throw failure("a lone surrogate") }
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("a lone surrogate") }
            out.append(contentsOf: UTF8.encode(scalar) ?? .init())
        default: throw failure("unknown escape")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw failure("the text ends inside a string") }
        var value: UInt16 = 0
        for _ in 0..<4 {
            let digit: UInt16
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = UInt16(bytes[position] - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = UInt16(bytes[position] - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = UInt16(bytes[position] - 55)
            default: throw failure("four hexadecimal digits should be here")
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        var isInteger = true
        if next == UInt8(ascii: "-") { position += 1 }
        let leadingZero = next == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, !leadingZero || whole == 1 else { throw failure("a bad number") }
        if next == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard digits() > 0 else { throw failure("a bad number") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isInteger = false
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard digits() > 0 else { throw failure("a bad number") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw failure("a number out of range") }
        return .number(value)
    }

    private mutating func digits() -> Int {
        let first = position
        while let byte = next, byte >= 48, byte <= 57 { position += 1 }
        return position - first
    }
}

/// The names met in one object, so that none occurs twice. Compared by bytes: comparing strings takes time that grows with the
/// square of a run of combining marks.
public struct JSONNames: Sendable {
    private var few: [String] = []
    private var many = Set<[UInt8]>()

    public init() {}

    public mutating func insert(_ name: String, _ reader: borrowing JSONReader) throws(JSONError) {
        let isNew: Bool
        if few.count < 8 {
            isNew = !few.contains { $0.utf8.elementsEqual(name.utf8) }
            few.append(name)
        } else {
            if many.isEmpty { many = Set(few.map { Array($0.utf8) }) }
            isNew = many.insert(Array(name.utf8)).inserted
        }
        guard isNew else { throw reader.failure("the name \"\(name)\" occurs twice") }
    }
}
