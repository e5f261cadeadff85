/// Takes out of our own style sheet and script what only people read. Knows just what these two files use.
enum Shorten {
    /// Comments, line ends and the spaces that mean nothing go, tokens get short names; strings stay as they are.
    static func styles(_ source: [UInt8]) -> [UInt8] {
        renamingTokens(squeezed(source))
    }

    private static func squeezed(_ source: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(source.count)
        var index = 0
        var inString = false
        while index < source.count {
            let byte = source[index]
            if inString {
                out.append(byte)
                inString = byte != UInt8(ascii: "\"")
            } else if byte == UInt8(ascii: "/"), index + 1 < source.count, source[index + 1] == UInt8(ascii: "*") {
                index += 2
                while index + 1 < source.count, source[index] != UInt8(ascii: "*") || source[index + 1] != UInt8(ascii: "/") {
                    index += 1
                }
                index += 1
            } else if byte == 0x20 || byte == 0x0A {
                // A space stays only between two things that it separates.
                if let last = out.last, last != 0x20, !gluesBehind.contains(last) { out.append(0x20) }
            } else {
                if out.last == 0x20, gluesBefore.contains(byte) { out.removeLast() }
                if byte == UInt8(ascii: "}"), out.last == UInt8(ascii: ";") { out.removeLast() }
                inString = byte == UInt8(ascii: "\"")
                out.append(byte)
            }
            index += 1
        }
        return out
    }

    /// Comment lines, indentation, and spaces and line ends beside punctuation that separates already. The script has
    /// double-quoted strings only, no template literals, and no spaces in its regular expressions.
    static func script(_ source: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(source.count)
        for line in source.split(separator: 0x0A) {
            let text = line.drop { $0 == 0x20 }
            if text.isEmpty || text.starts(with: "//".utf8) { continue }
            var inString = false
            for byte in text {
                if byte == UInt8(ascii: "\"") { inString.toggle() }
                if byte == 0x20, !inString, let last = out.last, scriptMarks.contains(last) { continue }
                if !inString, out.last == 0x20, scriptMarks.contains(byte) { out.removeLast() }
                out.append(byte)
            }
            if let last = out.last, !endsNoStatement.contains(last) { out.append(0x0A) }
        }
        return out
    }

    private static let scriptMarks = Set("=>{}(),;:?&|+".utf8)
    private static let endsNoStatement = Set("{(,;".utf8)

    /// `--ink-muted` becomes `--b`: tokens are named some three hundred times.
    private static func renamingTokens(_ source: [UInt8]) -> [UInt8] {
        let dash = UInt8(ascii: "-")
        var names: [ArraySlice<UInt8>: String] = [:]
        var out: [UInt8] = []
        out.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            // Only where a token can stand: after `{`, `;`, `(` or `,`. Class names with two dashes are left alone.
            let before = out.last ?? 0
            guard source[index] == dash, index + 1 < source.count, source[index + 1] == dash, startsToken.contains(before) else {
                out.append(source[index])
                index += 1
                continue
            }
            let end = source[index...].firstIndex { !isNameByte($0) } ?? source.count
            let name = source[index..<end]
            let short = names[name] ?? "--" + String(names.count, radix: 36)
            names[name] = short
            out.append(contentsOf: short.utf8)
            index = end
        }
        return out
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static let startsToken = Set("{;(,".utf8)
    private static let gluesBehind = Set("{};,:>".utf8)
    private static let gluesBefore = Set("{};,>".utf8)
}
