public import Access
public import Model

/// Scopes and attributes as the tables hold them.
enum ScopeText {
    /// The two columns of a scope.
    static func columns(_ scope: Scope) -> (kind: String, id: String) {
        switch scope {
        case .realm: ("realm", "")
        case .organization(let id): ("organization", id)
        case .group(let id): ("group", id)
        case .resources(let type, let ids):
            (
                "resources",
                JSONValue.object(
                    JSONObject([("type", .string(type)), ("ids", .array(ids.sorted().map(JSONValue.string)))])
                ).text
            )
        }
    }

    static func scope(kind: String, id: String) throws -> Scope {
        switch kind {
        case "realm": return .realm
        case "organization": return .organization(id)
        case "group": return .group(id)
        case "resources":
            guard let object = try JSONValue(parsing: id.utf8).object, let type = object["type"]?.string,
                let ids = object["ids"]?.array
            else { throw StorageDamage.scope }
            return .resources(type: type, ids: Set(ids.compactMap(\.string)))
        default: throw StorageDamage.scope
        }
    }
}

extension AttributeValue {
    /// Out of JSON; `nil` for null and for objects, which no condition reads.
    public init?(_ value: JSONValue) {
        switch value {
        case .null, .object: return nil
        case .bool(let flag): self = .bool(flag)
        case .integer(let number): self = .integer(number)
        case .number(let number): self = .number(number)
        case .string(let text): self = .string(text)
        case .array(let items): self = .list(items.compactMap { AttributeValue($0) })
        }
    }

    /// Members of nested objects get dotted names: `address.city`.
    public static func attributes(_ object: JSONObject) -> [String: AttributeValue] {
        var found: [String: AttributeValue] = [:]
        var waiting: [(prefix: String, object: JSONObject)] = [("", object)]
        while let (prefix, next) = waiting.popLast() {
            for (name, value) in next.members {
                if case .object(let nested) = value {
                    waiting.append((prefix + name + ".", nested))
                } else if let value = AttributeValue(value) {
                    found[prefix + name] = value
                }
            }
        }
        return found
    }
}
