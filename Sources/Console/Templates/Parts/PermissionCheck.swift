import Access
import Grants
import Model

/// What the open row of an editor would match, as the decision engine itself sees it: the row alone is given to somebody made up,
/// and the example is asked.
struct PermissionCheck: Sendable {
    enum Verdict: Sendable, Equatable {
        case fits
        /// What the row fails for.
        case fails(Miss.Missing)
        /// The id can never be one of the type's.
        case refusedID
        case unknownAction
    }

    /// The row, when it can be read.
    let permission: Permission?
    let problems: [FieldError]
    let type: ResourceType?

    init(_ draft: PermissionDraft, types: [String: ResourceType], allowsScopes: Bool) {
        type = types[draft.resourceType]
        var reader = PermissionReader { types[$0] }
        let read = try? reader.permissions(.array([draft.json]), field: "permissions", allowsScopes: allowsScopes)
        problems = reader.malformed + reader.invalid
        permission = problems.isEmpty ? read?.first : nil
    }

    /// Whether the answer depends on who asks, beyond the user name.
    var dependsOnHolder: Bool {
        guard let permission else { return false }
        return !permission.subjectAttributes.subtracting(["username", "kind"]).isEmpty
    }

    var usesUsername: Bool {
        guard case .pattern(let pattern)? = permission?.match else { return false }
        return pattern.variables.contains { $0 == "username" || $0 == "device" }
    }

    /// Properties of the resource that decide.
    var properties: Set<String> { (permission?.resourceProperties ?? []).subtracting(["id", "type", "username"]) }

    func ask(_ probe: PermissionProbe) -> Verdict? {
        guard !probe.resource.isEmpty, let permission, let type else { return nil }
        let action = probe.action.isEmpty ? firstAction : probe.action
        return ask(
            permission, type, id: probe.resource, action: action, username: probe.username,
            properties: NamedValues(probe.properties).values)
    }

    /// Whether a registered resource is matched, for one of the row's actions.
    func matches(id: String, properties: [String: AttributeValue]) -> Bool {
        guard let permission, let type else { return false }
        return ask(permission, type, id: id, action: firstAction, username: "", properties: properties) == .fits
    }

    /// The action an example is asked with when none was chosen.
    var firstAction: String {
        permission?.actions.first { $0 != Permission.wildcard } ?? type?.actions.first?.id ?? ""
    }

    private func ask(
        _ permission: Permission, _ type: ResourceType, id: String, action: String, username: String,
        properties: [String: AttributeValue]
    ) -> Verdict {
        guard type.actions(granting: action) != nil else { return .unknownAction }
        guard ResourceName(id, syntax: type.syntax, action: action) != nil else { return .refusedID }
        let subject = Subject(kind: username.isEmpty ? "user" : "device", id: Self.somebody)
        // Asked as an allow: a row that forbids is matched by the same resources, and must not be read more widely here.
        let alone = Permission(
            resourceType: permission.resourceType, match: permission.match, actions: permission.actions,
            condition: permission.condition)
        var world = Snapshot()
        world.set(type, forType: type.id)
        world.set(
            PrincipalFacts(
                subject: subject, name: username, holdings: Holdings([Grant(id: "row", kind: .permissions([alone]))])),
            for: subject)
        let explanation = world.explain(
            Question(
                subject: subject, action: action, resourceType: type.id, resourceID: id, time: 0,
                claims: Question.Claims(resource: properties)))
        if explanation.reasons.contains(where: { $0.grant.id == "row" }) { return .fits }
        return .fails(explanation.nearest.first { $0.grant?.id == "row" }?.missing ?? .resource)
    }

    /// An id nobody has.
    private static let somebody = "00000000-0000-7000-8000-000000000000"
}

/// `name=value` lines: numbers, `true` and `false` as what they look like, everything else as text.
struct NamedValues: Sendable {
    let values: [String: AttributeValue]
    /// The first line that is none.
    let wrongLine: String?

    init(_ text: String) {
        var values: [String: AttributeValue] = [:]
        var wrongLine: String?
        for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }) {
            let line = trimmed(String(line))
            if line.isEmpty { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = trimmed(String(parts[0]))
            guard parts.count == 2, !name.isEmpty else {
                wrongLine = wrongLine ?? line
                continue
            }
            values[name] = Self.value(trimmed(String(parts[1])))
        }
        self.values = values
        self.wrongLine = wrongLine
    }

    private static func value(_ text: String) -> AttributeValue {
        if text == "true" { return .bool(true) }
        if text == "false" { return .bool(false) }
        if let number = Int64(text) { return .integer(number) }
        if let number = Double(text), number.isFinite { return .number(number) }
        // Quotes keep a text that looks like a number a text.
        if text.utf8.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") {
            return .string(String(text.dropFirst().dropLast()))
        }
        return .string(text)
    }
}
