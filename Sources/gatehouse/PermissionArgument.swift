import ArgumentParser
import Model

/// A permission in one argument: `TYPE[/MATCH] ACTION[,ACTION...] [if CONDITION]`.
struct PermissionArgument: ExpressibleByArgument, Sendable, Hashable {
    /// Which resources of the type are meant.
    enum Match: Sendable, Hashable {
        case any
        case id(String)
        case pattern(String)
        /// A property of the resource, and the attribute of the subject that it equals or holds.
        case property(String, subject: String)
    }

    let resourceType: String
    let match: Match
    let actions: [String]
    let condition: String?

    init(resourceType: String, match: Match = .any, actions: [String], condition: String? = nil) {
        self.resourceType = resourceType
        self.match = match
        self.actions = actions
        self.condition = condition
    }

    init?(argument: String) {
        var text = Substring(argument)
        var condition: String?
        if let keyword = text.firstRange(of: " if ") {
            let after = text[keyword.upperBound...].drop { $0 == " " }
            guard !after.isEmpty else { return nil }
            condition = String(after)
            text = text[..<keyword.lowerBound]
        }
        // Actions are the last word, and those before it that a comma leads on from; all else may hold spaces.
        var words = text.split(separator: " ")
        guard var actions = words.popLast().map(String.init) else { return nil }
        while let last = words.last, last.hasSuffix(",") || actions.hasPrefix(",") {
            actions = last + actions
            words.removeLast()
        }
        guard let start = words.first, let end = words.last else { return nil }
        let resource = text[start.startIndex..<end.endIndex]
        let list = actions.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard list.allSatisfy({ !$0.isEmpty }), let (type, match) = Self.resource(resource) else { return nil }
        self.init(resourceType: type, match: match, actions: list, condition: condition)
    }

    private static func resource(_ text: Substring) -> (String, Match)? {
        guard let slash = text.firstIndex(of: "/") else { return text.contains(" ") ? nil : (String(text), .any) }
        let type = text[..<slash]
        guard !type.isEmpty, !type.contains(" "), let match = match(text[text.index(after: slash)...]) else { return nil }
        return (String(type), match)
    }

    private static func match(_ text: Substring) -> Match? {
        guard let first = text.first else { return nil }
        let rest = text.dropFirst()
        switch first {
        case "=": return rest.isEmpty ? nil : .id(String(rest))
        case "~": return rest.isEmpty ? nil : .pattern(String(rest))
        case "@":
            let parts = rest.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
            return .property(String(parts[0]), subject: String(parts[1]))
        default:
            // A syntax in which these characters mean nothing takes the pattern for the text itself, as an id would be.
            return looksLikePattern(text) ? .pattern(String(text)) : .id(String(text))
        }
    }

    /// Whether it holds what is magic in some syntax.
    static func looksLikePattern(_ text: some StringProtocol) -> Bool {
        text.contains { "*+#".contains($0) } || text.contains("${")
    }

    /// The permission as the contract has it.
    func object(effect: String) -> JSONObject {
        var object = JSONObject([("effect", .string(effect)), ("resourceType", .string(resourceType))])
        switch match {
        case .any: object["match"] = .string("any")
        case .id(let id):
            object["match"] = .string("id")
            object["resource"] = .string(id)
        case .pattern(let pattern):
            object["match"] = .string("pattern")
            object["resource"] = .string(pattern)
        case .property(let property, let subject):
            object["match"] = .string("property")
            object["property"] = .string(property)
            object["subject"] = .string(subject)
        }
        object["actions"] = .array(actions.map(JSONValue.string))
        if let condition { object["condition"] = .string(condition) }
        return object
    }

    static let explanation = """
        A permission is written 'TYPE[/MATCH] ACTION[,ACTION...] [if CONDITION]':
          'report read'                   all of the type
          'record/42 read,write'          this one; /=ID says so whatever is in it
          'mqtt-topic/plant/+/temp read'  a pattern, since it holds * + # or ${
                                          (/~PATTERN says so whatever is in it)
          'task/@assignee=username read'  those whose property equals, or holds,
                                          an attribute of the subject
          'report read if resource.year ge 2026'  a condition, see the guide
        Actions are those of the resource type, or * for all of them.
        """

}

/// Permissions of the contract as people read them, and as the command line takes them.
enum PermissionText {
    /// `allow subscribe on mqtt-topic plant/+/temp`
    static func sentence(_ value: JSONValue) -> String {
        guard let permission = value.object else { return value.string ?? value.text }
        var words = [permission.text("effect") ?? "allow", actions(permission, joined: ", ")]
        words += ["on", permission.text("resourceType") ?? "?"]
        let resource = permission.text("resource") ?? ""
        switch permission.text("match") {
        case "id": words.append(PermissionArgument.looksLikePattern(resource) ? resource + " (exactly)" : resource)
        case "pattern": words.append(resource)
        case "property":
            words.append("whose \(permission.text("property") ?? "?") is the subject's \(permission.text("subject") ?? "?")")
        default: break
        }
        if let condition = permission.text("condition") { words.append("if " + condition) }
        if let scopes = permission.text("scopes"), !scopes.isEmpty { words.append("(scopes: \(scopes))") }
        return words.joined(separator: " ")
    }

    /// What `--allow` or `--deny` takes; `nil` when the permission says more than these can.
    static func argument(_ permission: JSONObject) -> String? {
        guard permission["scopes"]?.array?.isEmpty ?? true, let type = permission.text("resourceType") else { return nil }
        let resource = permission.text("resource") ?? ""
        let match: String
        switch permission.text("match") {
        case "id": match = "/=" + resource
        case "pattern": match = "/~" + resource
        case "property": match = "/@\(permission.text("property") ?? "")=\(permission.text("subject") ?? "")"
        default: match = ""
        }
        let condition = permission.text("condition").map { " if " + $0 } ?? ""
        let text = "\(type)\(match) \(actions(permission, joined: ","))\(condition)"
        // An id can hold what means something here, such as " if ": then only JSON says it.
        let effect = permission.text("effect") ?? "allow"
        guard let parsed = PermissionArgument(argument: text)?.object(effect: effect) else { return nil }
        return isSame(parsed, permission) ? text : nil
    }

    /// Whether two permissions say the same, in whatever order, with what is absent as good as null.
    static func isSame(_ left: JSONObject, _ right: JSONObject) -> Bool {
        func part(_ object: JSONObject, _ name: String, _ standard: String? = nil) -> String? { object.text(name) ?? standard }
        func set(_ object: JSONObject, _ name: String) -> Set<String> { Set(object[name]?.array?.compactMap(\.string) ?? []) }
        return part(left, "effect", "allow") == part(right, "effect", "allow")
            && part(left, "match", "any") == part(right, "match", "any")
            && ["resourceType", "resource", "property", "subject", "condition"].allSatisfy { part(left, $0) == part(right, $0) }
            && ["actions", "scopes"].allSatisfy { set(left, $0) == set(right, $0) }
    }

    private static func actions(_ permission: JSONObject, joined separator: String) -> String {
        let actions = permission["actions"]?.array?.compactMap(\.string) ?? []
        return actions.isEmpty ? "?" : actions.joined(separator: separator)
    }
}
