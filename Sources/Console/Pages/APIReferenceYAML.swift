import Model
import Yams

extension JSONValue {
    /// The contract's YAML as JSON values, which is all that OpenAPI uses of YAML. `nil` when it cannot be read.
    init?(contract text: String) {
        guard let node = (try? Yams.compose(yaml: text)) ?? nil, let value = Self.value(of: node, depth: 0) else { return nil }
        self = value
    }

    private static func value(of node: Node, depth: Int) -> JSONValue? {
        guard depth < maximumDepth else { return nil }
        switch node {
        case .scalar(let scalar):
            return scalar.style == .plain ? plain(scalar.string) : .string(scalar.string)
        case .sequence(let items):
            var values: [JSONValue] = []
            for item in items {
                guard let value = value(of: item, depth: depth + 1) else { return nil }
                values.append(value)
            }
            return .array(values)
        case .mapping(let members):
            var object = JSONObject()
            for (key, item) in members {
                guard case .scalar(let name) = key, let value = value(of: item, depth: depth + 1) else { return nil }
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
