public import Model
import Yams

extension JSONValue {
    /// How many values a YAML text may hold.
    private static let mostValues = 200_000
    /// A parser that calls itself for each level must not run out of stack.
    private static let deepest = 64

    /// YAML by its core schema as JSON values; `nil` when it cannot be read, nests too deep or uses aliases.
    public init?(yaml text: String) {
        guard Self.isShallow(text), let node = (try? Yams.compose(yaml: text)) ?? nil else { return nil }
        var count = 0
        guard let value = Self.value(of: node, depth: 0, &count) else { return nil }
        self = value
    }

    /// Before it is parsed: how deep it could nest at most, by brackets and by the beginnings of lines.
    private static func isShallow(_ text: String) -> Bool {
        var open = 0
        var lead = 0
        var isAtStart = true
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                open += 1
                isAtStart = false
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                open = max(0, open - 1)
                isAtStart = false
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                isAtStart = true
                lead = 0
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: "\t"):
                if isAtStart { lead += 1 }
            default: isAtStart = false
            }
            guard open <= deepest, lead <= 4 * deepest else { return false }
        }
        return true
    }

    private static func value(of node: Node, depth: Int, _ count: inout Int) -> JSONValue? {
        count += 1
        guard depth < maximumDepth, count <= mostValues else { return nil }
        switch node {
        case .scalar(let scalar):
            return scalar.style == .plain ? plain(scalar.string) : .string(scalar.string)
        case .sequence(let items):
            var values: [JSONValue] = []
            for item in items {
                guard let value = value(of: item, depth: depth + 1, &count) else { return nil }
                values.append(value)
            }
            return .array(values)
        case .mapping(let members):
            var object = JSONObject()
            for (key, item) in members {
                guard case .scalar(let name) = key, let value = value(of: item, depth: depth + 1, &count) else { return nil }
                object[name.string] = value
            }
            return .object(object)
        case .alias: return nil
        }
    }

    /// A scalar without quotes, by the core schema of YAML 1.2.
    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        let isNumber = text.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
        guard isNumber else { return .string(text) }
        if let integer = Int64(text) { return .integer(integer) }
        if let number = Double(text), number.isFinite { return .number(number) }
        return .string(text)
    }
}
