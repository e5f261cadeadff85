/// What the parser builds. List filters and conditions share one grammar; they differ in which paths they take and in what
/// may stand on the right.
protocol FilterNode {
    associatedtype Path
    associatedtype Operand

    static func compare(path: Path, _ comparison: Filter.Comparison, _ operand: Operand) -> Self
    static func present(path: Path) -> Self
    static func and(_ left: Self, _ right: Self) -> Self
    static func or(_ left: Self, _ right: Self) -> Self
    static func not(_ inner: Self) -> Self

    /// The attribute path `text`, which begins with a letter and ends with no dot.
    static func path(_ text: String) -> Result<Path, FilterFault>
    /// A literal on the right of `comparison`.
    static func operand(_ value: Filter.Value, for comparison: Filter.Comparison) -> Result<Operand, FilterFault>
    /// A path on the right; `nil` where only literals may stand.
    static func operand(path text: String) -> Result<Operand, FilterFault>?
}

/// Why a path or a value is refused; the parser adds the place.
struct FilterFault: Error {
    let reason: String
}

extension FilterNode {
    /// Reads the whole of `text`, within the limits of `Filter`.
    static func parse(_ text: String) throws(FilterError) -> Self {
        let bytes = Array(text.utf8)
        guard bytes.count <= Filter.maximumLength else {
            throw FilterError(reason: "a filter may be at most \(Filter.maximumLength) bytes long", offset: Filter.maximumLength)
        }
        var parser = FilterParser<Self>(bytes: bytes)
        return try parser.whole()
    }
}

/// Reads the grammar of RFC 7644 section 3.4.2.2 (without the brackets of complex attributes and the URN prefix).
struct FilterParser<Node: FilterNode> {
    let bytes: [UInt8]
    var position = 0
    var terms = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private func failure(_ reason: String) -> FilterError {
        FilterError(reason: reason, offset: position)
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while next == UInt8(ascii: " ") { position += 1 }
    }

    mutating func whole() throws(FilterError) -> Node {
        let filter = try disjunction(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("the filter should end here, or go on with \"and\" or \"or\"") }
        return filter
    }

    private mutating func disjunction(depth: Int) throws(FilterError) -> Node {
        var left = try conjunction(depth: depth)
        while takeWord("or") { left = .or(left, try conjunction(depth: depth)) }
        return left
    }

    private mutating func conjunction(depth: Int) throws(FilterError) -> Node {
        var left = try term(depth: depth)
        while takeWord("and") { left = .and(left, try term(depth: depth)) }
        return left
    }

    private mutating func term(depth: Int) throws(FilterError) -> Node {
        guard depth < Filter.maximumDepth else { throw failure("nested too deep") }
        skipSpace()
        if takeWord("not") {
            skipSpace()
            guard next == UInt8(ascii: "(") else { throw failure("\"not\" takes a filter in parentheses") }
            return .not(try group(depth: depth))
        }
        if next == UInt8(ascii: "(") { return try group(depth: depth) }
        return try comparison()
    }

    private mutating func group(depth: Int) throws(FilterError) -> Node {
        position += 1
        let inner = try disjunction(depth: depth + 1)
        skipSpace()
        guard next == UInt8(ascii: ")") else { throw failure("a closing parenthesis is missing") }
        position += 1
        return inner
    }

    private mutating func comparison() throws(FilterError) -> Node {
        terms += 1
        guard terms <= Filter.maximumTerms else { throw failure("more than \(Filter.maximumTerms) comparisons") }
        let path = try attributePath()
        skipSpace()
        let start = position
        let word = letters().lowercased()
        if word == "pr" { return .present(path: path) }
        guard let comparison = Filter.Comparison(rawValue: word) else {
            position = start
            throw failure("an operator should be here: eq ne co sw ew gt ge lt le pr")
        }
        guard next == UInt8(ascii: " ") else { throw failure("a space and a value should be here") }
        skipSpace()
        return .compare(path: path, comparison, try operand(for: comparison))
    }

    private mutating func operand(for comparison: Filter.Comparison) throws(FilterError) -> Node.Operand {
        let start = position
        if let text = pathAsValue(), let operand = Node.operand(path: text) { return try accept(operand, at: start) }
        position = start
        return try accept(Node.operand(try value(), for: comparison), at: start)
    }

    private func accept<Part>(_ part: Result<Part, FilterFault>, at offset: Int) throws(FilterError) -> Part {
        switch part {
        case .success(let part): return part
        case .failure(let fault): throw FilterError(reason: fault.reason, offset: offset)
        }
    }

    /// A word in the place of a value that is none of the literal words, read to its end.
    private mutating func pathAsValue() -> String? {
        guard let first = next, FilterParser.isLetter(first) else { return nil }
        let word = name()
        guard next == nil || next == UInt8(ascii: " ") || next == UInt8(ascii: ")") else { return nil }
        return ["true", "false", "null"].contains(word.lowercased()) ? nil : word
    }

    private mutating func name() -> String {
        let start = position
        while let byte = next, FilterParser.isNameByte(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// `attrName *("." name)`, with the URN prefix of a schema left out: lists of ours have no schemas.
    private mutating func attributePath() throws(FilterError) -> Node.Path {
        let start = position
        guard let first = next, FilterParser.isLetter(first) else { throw failure("an attribute name should be here") }
        let text = name()
        guard bytes[position - 1] != UInt8(ascii: ".") else { throw failure("an attribute name cannot end with a dot") }
        return try accept(Node.path(text), at: start)
    }

    private mutating func value() throws(FilterError) -> Filter.Value {
        guard let byte = next else { throw failure("a value should be here") }
        if byte == UInt8(ascii: "\"") { return .string(try string()) }
        let start = position
        while let byte = next, byte != UInt8(ascii: " "), byte != UInt8(ascii: ")") { position += 1 }
        let word = String(decoding: bytes[start..<position], as: UTF8.self)
        switch word.lowercased() {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            if let integer = Int64(word), word.first != "+" { return .integer(integer) }
            // What `Double` reads beside the grammar (hexadecimal, "inf", "nan") has other characters.
            if let first = word.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first),
                word.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }), let number = Double(word),
                number.isFinite
            {
                return .number(number)
            }
            position = start
            throw failure("a value should be here: a string in double quotes, a number, true, false or null")
        }
    }

    private mutating func string() throws(FilterError) -> String {
        position += 1
        var out: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: out, as: UTF8.self) else { throw failure("invalid UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                guard let escaped = next else { throw failure("the text ends inside a string") }
                position += 1
                switch escaped {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(escaped)
                case UInt8(ascii: "b"): out.append(0x08)
                case UInt8(ascii: "f"): out.append(0x0C)
                case UInt8(ascii: "n"): out.append(0x0A)
                case UInt8(ascii: "r"): out.append(0x0D)
                case UInt8(ascii: "t"): out.append(0x09)
                case UInt8(ascii: "u"): out.append(contentsOf: UTF8.encode(try escapedScalar()) ?? .init())
                default: throw failure("unknown escape")
                }
            case 0..<0x20: throw failure("a control character must be escaped")
            default: out.append(byte)
            }
        }
        throw failure("the text ends inside a string")
    }

    /// The character after `\u`; beyond U+FFFF two escapes make one (RFC 8259 section 7).
    private mutating func escapedScalar() throws(FilterError) -> Unicode.Scalar {
        var code = try hexadecimal()
        if (0xD800..<0xDC00).contains(code) {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
            else { throw failure("a lone surrogate") }
            position += 2
            let low = try hexadecimal()
            guard (0xDC00..<0xE000).contains(low) else { throw failure("a lone surrogate") }
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw failure("a lone surrogate") }
        return scalar
    }

    private mutating func hexadecimal() throws(FilterError) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ (48...57).contains($0) || FilterParser.isLetter($0) }),
            let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw failure("four hexadecimal digits should be here") }
        position += 4
        return code
    }

    /// Takes `word` when it stands here as a whole word, in any case.
    private mutating func takeWord(_ word: String) -> Bool {
        let start = position
        skipSpace()
        let found = letters()
        if found.lowercased() == word, next == nil || next == UInt8(ascii: " ") || next == UInt8(ascii: "(") { return true }
        position = start
        return false
    }

    private mutating func letters() -> String {
        let start = position
        while let byte = next, FilterParser.isLetter(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (65...90).contains(byte) || (97...122).contains(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$")
    }
}
