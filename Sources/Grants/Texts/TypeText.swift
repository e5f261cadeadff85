import Access
import Model

/// Resource types as the tables hold them.
enum TypeText {
    static func actions(_ actions: [ResourceType.Action]) -> JSONValue {
        .array(
            actions.map { action in
                .object(
                    JSONObject([
                        ("id", .string(action.id)), ("name", .string(action.name)),
                        ("includes", .array(action.includes.map(JSONValue.string))),
                    ]))
            })
    }

    static func actions(stored text: String) throws -> [ResourceType.Action] {
        guard let items = try JSONValue(parsing: text.utf8).array else { throw StorageDamage.resourceType }
        return items.compactMap { item in
            guard let object = item.object, let id = object["id"]?.string else { return nil }
            return ResourceType.Action(
                id, name: object["name"]?.string, includes: object["includes"]?.array?.compactMap(\.string) ?? [])
        }
    }

    static func strings(stored text: String) throws -> [String] {
        try JSONValue(parsing: text.utf8).array?.compactMap(\.string) ?? []
    }

    static func strings(_ texts: [String]) -> String {
        JSONValue.array(texts.map(JSONValue.string)).text
    }
}
