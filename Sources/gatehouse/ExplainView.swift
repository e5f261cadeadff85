import Model

/// An explanation drawn in text: each path from the person to the permission on a line.
struct ExplainView {
    let subject: String
    let action: String
    let resource: ResourceArgument
    /// What the server answered.
    let answer: JSONObject
    /// The smallest change, with names where they are known.
    let change: JSONObject?

    func lines(isAllowed: Bool) -> [Cell] {
        let verb = isAllowed ? "may" : "may not"
        let question = "\(subject) \(verb) \(action) on \(resource.type) \(resource.id)"
        var lines = [Cell((isAllowed ? "allowed: " : "denied: ") + question, isAllowed ? .good : .bad)]
        let reasons = answer["reasons"]?.array?.compactMap(\.object) ?? []
        lines += reasons.map { Cell("  " + Self.path($0, from: subject), $0.text("effect") == "deny" ? .bad : .plain) }
        guard !isAllowed else { return lines }
        if reasons.isEmpty { lines.append(Cell("  Nothing allows it.")) }
        let nearest = answer["nearest"]?.array?.compactMap(\.object) ?? []
        if !nearest.isEmpty { lines.append(Cell("Nearest:", .strong)) }
        lines += nearest.map { Cell("  " + Self.miss($0)) }
        return lines + smallestChange
    }

    private var smallestChange: [Cell] {
        guard let toAllow = answer["toAllow"]?.object else { return [] }
        var lines = [Cell("To allow it:", .strong)]
        if let description = toAllow.text("description") { lines.append(Cell("  " + description)) }
        if let change { lines.append(Cell("  " + ChangeText.command(change), .note)) }
        return lines
    }

    /// `ann -> group ops -> role operator -> allow subscribe on mqtt-topic plant/+/temp`
    static func path(_ reason: JSONObject, from subject: String) -> String {
        let steps = reason["path"]?.array?.compactMap(\.object) ?? []
        var words = steps.filter { $0.text("kind") != "permission" }.map(step)
        if let first = steps.first, first.text("kind") == "user", !words.isEmpty {
            words[0] = first.text("name") ?? subject
        }
        if words.isEmpty { words.append(subject) }
        if let role = reason.text("role"), !steps.contains(where: { $0.text("kind") == "role" }) { words.append("role " + role) }
        if let permission = reason["permission"] { words.append(PermissionText.sentence(permission)) }
        return words.joined(separator: " -> ")
    }

    /// `group ops`; a role by its id, which is what commands take.
    static func step(_ step: JSONObject) -> String {
        let kind = step.text("kind")
        let name = kind == "role" ? step.text("id") : step.text("name") ?? step.text("id")
        return [kind, name].compactMap { $0 }.joined(separator: " ")
    }

    /// `role operator -> allow publish on mqtt-topic plant/# (another action)`
    static func miss(_ nearest: JSONObject) -> String {
        let words = [nearest.text("role").map { "role " + $0 }, nearest["permission"].map(PermissionText.sentence)]
        let missing =
            switch nearest.text("missing") {
            case "action": "it is for other actions"
            case "resource": "it is for other resources"
            case "scope": "its scope does not reach the resource"
            case "time": "it does not hold at this time"
            case "condition": "its condition does not hold"
            case "assignment": "it is not assigned"
            case let other?: "missing: " + other
            case nil: ""
            }
        let text = words.compactMap { $0 }.joined(separator: " -> ")
        return missing.isEmpty ? text : "\(text) (\(missing))"
    }
}

/// A planned change of the contract, `{"op","path","value"}`, as a command to copy.
enum ChangeText {
    static func command(_ change: JSONObject) -> String {
        let segments = (change.text("path") ?? "").split(separator: "/").map(String.init)
        let value = change["value"]?.object ?? JSONObject()
        let words: [String]? =
            switch (change.text("op"), segments.first, segments.count) {
            case ("create", "role-assignments", 1...): assignment(value)
            case ("create", "authorizations", 1...): authorization(value)
            case ("update", "role-assignments", 2): update("assignment", segments[1], value)
            case ("update", "authorizations", 2): update("authorization", segments[1], value)
            case ("update", "users", 2) where value.text("status") == "active" && value.names == ["status"]:
                ["user", "enable", segments[1]]
            case ("update", "services", 2) where value.text("status") == "active" && value.names == ["status"]:
                ["service", "enable", segments[1]]
            case ("delete", "role-assignments", 2): ["assignment", "delete", segments[1]]
            case ("delete", "authorizations", 2): ["authorization", "delete", segments[1]]
            case ("delete", "roles", 2): ["role", "delete", segments[1]]
            case ("create", "groups", 5) where segments[2] == "members":
                ["group", "add", segments[1], "\(segments[3].dropLast()):\(segments[4])"]
            case ("delete", "groups", 5) where segments[2] == "members":
                ["group", "remove", segments[1], "\(segments[3].dropLast()):\(segments[4])"]
            default: nil
            }
        guard let words else { return request(change, value) }
        return (["gatehouse"] + words.map(quoted)).joined(separator: " ")
    }

    private static func assignment(_ value: JSONObject) -> [String]? {
        guard let principal = value.reference("principal"), let role = value.text("role") else { return nil }
        return ["assignment", "create", principal, role] + scope(value) + validity(value)
    }

    private static func authorization(_ value: JSONObject) -> [String]? {
        guard let principal = value.reference("principal"), let permissions = value["permissions"]?.array else { return nil }
        var words = ["authorization", "create", principal]
        for permission in permissions {
            guard let permission = permission.object, let argument = PermissionText.argument(permission) else { return nil }
            words += ["--" + (permission.text("effect") ?? "allow"), argument]
        }
        return words + scope(value) + validity(value)
    }

    /// Only what the command can change; more than that is left to the request.
    private static func update(_ noun: String, _ id: String, _ value: JSONObject) -> [String]? {
        let options = scope(value) + validity(value)
        guard !options.isEmpty, value.names.allSatisfy({ ["scope", "validFrom", "expiresAt", "reason"].contains($0) }),
            noun == "assignment" || value["scope"] == nil
        else { return nil }
        return [noun, "update", id] + options
    }

    private static func scope(_ value: JSONObject) -> [String] {
        guard let scope = value["scope"]?.object, scope.text("kind") != "realm" else { return [] }
        return ["--scope", ScopeArgument.text(scope)]
    }

    private static func validity(_ value: JSONObject) -> [String] {
        [("--from", "validFrom"), ("--until", "expiresAt"), ("--reason", "reason")].flatMap { option, member in
            value[member].map { [option, $0.string ?? ""] } ?? []
        }
    }

    /// What no command says in one line: the call itself.
    private static func request(_ change: JSONObject, _ value: JSONObject) -> String {
        let method =
            switch change.text("op") {
            case "create": "POST"
            case "delete": "DELETE"
            default: "PATCH"
            }
        let body = value.isEmpty ? "" : " " + JSONText.compact(.object(value))
        return "\(method) /api/v1\(change.text("path") ?? "/")\(body)"
    }

    /// For a POSIX shell.
    static func quoted(_ word: String) -> String {
        let isPlain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-_./:,@=+".utf8.contains(byte)
                }
            }
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
