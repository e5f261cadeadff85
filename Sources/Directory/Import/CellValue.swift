import Model

/// How an attribute stands in a CSV field: a number, `true`, `false`, a quoted text or a list of these as JSON writes them is that;
/// everything else is text as it stands. Writing and reading give back the same value.
enum CellValue {
    static func read(_ text: String) -> JSONValue {
        let plain = JSONValue.string(text)
        guard let first = text.utf8.first, let last = text.utf8.last, last > 0x20 else { return plain }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "t"), UInt8(ascii: "f"),
            UInt8(ascii: "["), UInt8(ascii: "\""):
            break
        default: return plain
        }
        guard let value = try? JSONValue(parsing: text.utf8) else { return plain }
        switch value {
        case .null, .object: return plain
        // Digits that do not fit a number would not come back; they are an account or a telephone number.
        case .number where text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) }): return plain
        case .bool, .integer, .number, .string, .array: return value
        }
    }

    static func write(_ value: JSONValue) -> String {
        if case .string(let text) = value, !text.isEmpty, read(text) == value { return text }
        return value.text
    }
}
