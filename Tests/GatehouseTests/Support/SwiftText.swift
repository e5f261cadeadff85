/// Swift source taken apart far enough for rules over it: code without comments and without what stands in literals, and the
/// string literals with the code before them.
struct SwiftText: Sendable {
    struct Literal: Sendable {
        let text: String
        /// The last characters of code before the literal, spaces left out.
        let before: String
        let isInterpolated: Bool
        let line: Int
    }

    /// Comments and the contents of literals are gone, interpolations and line breaks stay.
    private(set) var code: [UInt8] = []
    private(set) var literals: [Literal] = []
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ source: String) {
        bytes = Array(source.utf8)
        scan(untilClosingParenthesis: false)
    }

    var codeText: String { String(decoding: code, as: UTF8.self) }

    fileprivate func peek(_ text: StaticString, at offset: Int = 0) -> Bool {
        let start = position + offset
        guard start + text.utf8CodeUnitCount <= bytes.count else { return false }
        return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == text.utf8Start[$0] }
    }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] == 0x0A {
                line += 1
                code.append(0x0A)
            }
            position += 1
        }
    }

    private mutating func scan(untilClosingParenthesis: Bool) {
        var depth = 0
        while position < bytes.count {
            if peek("//") {
                while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            } else if peek("/*") {
                skipBlockComment()
            } else if let hashes = literalStart() {
                readLiteral(hashes: hashes)
            } else {
                let byte = bytes[position]
                if byte == UInt8(ascii: "(") { depth += 1 }
                if byte == UInt8(ascii: ")") {
                    if untilClosingParenthesis, depth == 0 { return }
                    depth -= 1
                }
                if byte != 0x0A { code.append(byte) }
                advance()
            }
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if peek("/*") {
                depth += 1
                advance(2)
            } else if peek("*/") {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0 && position < bytes.count
    }

    /// How many `#` stand before the quote that begins here; `nil` when no literal begins here.
    private func literalStart() -> Int? {
        var index = position
        while index < bytes.count, bytes[index] == UInt8(ascii: "#") { index += 1 }
        return index < bytes.count && bytes[index] == UInt8(ascii: "\"") ? index - position : nil
    }

    private func closes(_ quotes: Int, _ hashes: Int) -> Bool {
        guard position + quotes + hashes <= bytes.count else { return false }
        return (0..<quotes).allSatisfy { bytes[position + $0] == UInt8(ascii: "\"") }
            && (0..<hashes).allSatisfy { bytes[position + quotes + $0] == UInt8(ascii: "#") }
    }

    private mutating func readLiteral(hashes: Int) {
        let before = String(decoding: code.filter { $0 > 0x20 }.suffix(12), as: UTF8.self)
        let first = line
        position += hashes
        let quotes = peek("\"\"\"") ? 3 : 1
        position += quotes
        code.append(UInt8(ascii: "\""))
        var text: [UInt8] = []
        var isInterpolated = false
        while position < bytes.count, !closes(quotes, hashes) {
            let isEscape =
                bytes[position] == UInt8(ascii: "\\")
                && (0..<hashes).allSatisfy { position + 1 + $0 < bytes.count && bytes[position + 1 + $0] == UInt8(ascii: "#") }
            guard isEscape else {
                text.append(bytes[position])
                advance()
                continue
            }
            advance(1 + hashes)
            if position < bytes.count, bytes[position] == UInt8(ascii: "(") {
                isInterpolated = true
                code.append(UInt8(ascii: "("))
                advance()
                scan(untilClosingParenthesis: true)
                code.append(UInt8(ascii: ")"))
                advance()
            } else {
                if position < bytes.count { text.append(bytes[position]) }
                advance()
            }
        }
        position += quotes + hashes
        code.append(UInt8(ascii: "\""))
        literals.append(
            Literal(text: String(decoding: text, as: UTF8.self), before: before, isInterpolated: isInterpolated, line: first))
    }

    /// The lines on which `word` stands in the code as a whole word with `follower` after it, spaces between left out.
    func lines(calling word: String, follower: UInt8 = UInt8(ascii: "(")) -> [Int] {
        let wanted = Array(word.utf8)
        var found: [Int] = []
        var line = 1
        for index in code.indices {
            if code[index] == 0x0A { line += 1 }
            guard code[index] == wanted[0], index + wanted.count < code.count,
                index == 0 || !Self.isWordByte(code[index - 1]),
                (1..<wanted.count).allSatisfy({ code[index + $0] == wanted[$0] })
            else { continue }
            let rest = code[(index + wanted.count)...].drop { $0 == 0x20 }
            if rest.first == follower { found.append(line) }
        }
        return found
    }

    /// The lines on which something is unwrapped by force: `!` right behind a name, a bracket or a literal.
    var linesUnwrapping: [Int] {
        var found: [Int] = []
        var line = 1
        for index in code.indices {
            if code[index] == 0x0A { line += 1 }
            guard code[index] == UInt8(ascii: "!"), index > 0 else { continue }
            let before = code[index - 1]
            let next = index + 1 < code.count ? code[index + 1] : 0
            if next != UInt8(ascii: "="), Self.isWordByte(before) || ")]}>?\"".utf8.contains(before) { found.append(line) }
        }
        return found
    }

    static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
