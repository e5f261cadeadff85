import ArgumentParser
import Model

/// What an assignment reaches: `realm`, `organization:acme`, `group:ops`, or `cluster/c1,c2` for selected resources of a type.
enum ScopeArgument: ExpressibleByArgument, Sendable, Hashable {
    case realm
    case organization(String)
    /// A group's name or id.
    case group(String)
    case resources(type: String, ids: [String])

    init?(argument: String) {
        if argument == "realm" {
            self = .realm
        } else if let organization = Self.rest(argument, after: "organization:") {
            self = .organization(organization)
        } else if let group = Self.rest(argument, after: "group:") {
            self = .group(group)
        } else if let (type, list) = Self.split(argument) {
            let ids = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard ids.allSatisfy({ !$0.isEmpty }) else { return nil }
            self = .resources(type: type, ids: ids)
        } else {
            return nil
        }
    }

    private static func rest(_ text: String, after prefix: String) -> String? {
        guard text.hasPrefix(prefix), text.utf8.count > prefix.utf8.count else { return nil }
        return String(text.dropFirst(prefix.count))
    }

    /// At the first slash, as resources are written everywhere; else at the last colon, since types may have one inside.
    private static func split(_ text: String) -> (String, String)? {
        guard let cut = text.firstIndex(of: "/") ?? text.lastIndex(of: ":") else { return nil }
        let type = text[..<cut]
        let ids = text[text.index(after: cut)...]
        return type.isEmpty || ids.isEmpty ? nil : (String(type), String(ids))
    }

    /// The scope as the contract has it.
    func object(_ client: Client) async throws -> JSONObject {
        switch self {
        case .realm: return JSONObject([("kind", .string("realm"))])
        case .organization(let id): return JSONObject([("kind", .string("organization")), ("id", .string(id))])
        case .group(let name):
            let id: String
            if let entity = EntityID(name) { id = entity.text } else { id = try await client.find(.group, name).id }
            return JSONObject([("kind", .string("group")), ("id", .string(id))])
        case .resources(let type, let ids):
            return JSONObject([
                ("kind", .string("resources")), ("type", .string(type)), ("ids", .array(ids.map(JSONValue.string))),
            ])
        }
    }

    /// A scope of the contract as it is written on the command line.
    static func text(_ scope: JSONObject) -> String {
        switch scope.text("kind") {
        case "resources":
            let ids = scope["ids"]?.array?.compactMap(\.string) ?? []
            return "\(scope.text("type") ?? "?")/\(ids.joined(separator: ","))"
        case let kind?: return [kind, scope.text("name") ?? scope.text("id")].compactMap { $0 }.joined(separator: ":")
        case nil: return "realm"
        }
    }

    static let help = ArgumentHelp(
        "What it reaches: realm, organization:ID, group:NAME (its members), or TYPE/ID,ID (selected resources).",
        valueName: "scope")
}
