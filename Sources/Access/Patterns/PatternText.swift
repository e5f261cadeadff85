/// The text of a pattern as symbols: what all three syntaxes share. Bytes of UTF-8 are compared as bytes; nothing is
/// normalized, because brokers and web servers do not either.
struct PatternText: Sendable, Hashable {
    enum Symbol: Sendable, Hashable {
        case byte(UInt8)
        /// Any run of bytes, also none.
        case run
        /// The value of a variable; an index into `variables`.
        case variable(UInt8)

        var isByte: Bool {
            if case .byte = self { true } else { false }
        }
    }

    /// How many places of one pattern may hold a variable's value.
    static let maximumVariables = 16

    let symbols: [Symbol]
    let variables: [String]

    var isLiteral: Bool { symbols.allSatisfy(\.isByte) }

    /// Reads variables, and `*` as a run when `star` is true.
    init(_ text: String, star: Bool, maximumLength: Int) throws(PatternError) {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { throw PatternError(reason: "The pattern is empty.") }
        guard bytes.count <= maximumLength else {
            throw PatternError(reason: "The pattern is longer than \(maximumLength) bytes.")
        }
        var symbols: [Symbol] = []
        var variables: [String] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0 { throw PatternError(reason: "The pattern has a NUL character.") }
            if byte == UInt8(ascii: "$"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "{") {
                guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else {
                    throw PatternError(reason: "A variable is not closed: after ${ comes its name and then }.")
                }
                symbols.append(try PatternText.variable(bytes[(index + 2)..<end], of: &variables))
                index = end + 1
                continue
            }
            if star, byte == UInt8(ascii: "*") {
                // Two runs side by side match what one does.
                if symbols.last != .run { symbols.append(.run) }
            } else {
                symbols.append(.byte(byte))
            }
            index += 1
        }
        self.symbols = symbols
        self.variables = variables
    }

    private static func variable(_ bytes: ArraySlice<UInt8>, of variables: inout [String]) throws(PatternError) -> Symbol {
        let name = String(decoding: bytes, as: UTF8.self)
        guard isVariable(name) else {
            throw PatternError(
                reason: "There is no such variable; use ${username}, ${device}, ${client} or ${attribute.NAME}.")
        }
        if let known = variables.firstIndex(of: name) { return .variable(UInt8(known)) }
        guard variables.count < maximumVariables else {
            throw PatternError(reason: "A pattern may use at most \(maximumVariables) variables.")
        }
        variables.append(name)
        return .variable(UInt8(variables.count - 1))
    }

    private static func isVariable(_ name: String) -> Bool {
        if ["username", "device", "client"].contains(name) { return true }
        let prefix = "attribute."
        guard name.hasPrefix(prefix) else { return false }
        let attribute = name.utf8.dropFirst(prefix.utf8.count)
        guard let first = attribute.first, isLetter(first), attribute.count <= 64 else { return false }
        return attribute.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }
}

/// What the variables of a pattern stand for in one question.
struct VariableValues {
    /// By the index of the variable; `nil` stands for anything within one level (in a deny only).
    private var values: [String?]

    /// - Returns: `nil` when the pattern cannot fit, because a value is absent or hostile.
    init?(of names: [String], purpose: Pattern.Purpose, variable: (String) -> String?) {
        values = []
        if names.isEmpty { return }
        values.reserveCapacity(names.count)
        for name in names {
            if let value = variable(name), VariableValues.isHarmless(value) {
                values.append(value)
            } else if purpose == .deny {
                // A deny is not evaded by a strange name.
                values.append(nil)
            } else {
                return nil
            }
        }
    }

    subscript(_ index: UInt8) -> String? { values[Int(index)] }

    mutating func widen(_ index: UInt8) {
        values[Int(index)] = nil
    }

    /// One level, without anything that means something in a pattern: a user called `+` shall not read everybody's topics.
    static func isHarmless(_ value: String) -> Bool {
        var previous: UInt8 = 0
        for byte in value.utf8 {
            switch byte {
            case 0..<0x20, 0x7F, UInt8(ascii: "+"), UInt8(ascii: "#"), UInt8(ascii: "/"), UInt8(ascii: "*"): return false
            // The control characters U+0080 to U+009F.
            case 0x80...0x9F where previous == 0xC2: return false
            default: previous = byte
            }
        }
        return !value.isEmpty
    }
}

func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

func isLetter(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
}
