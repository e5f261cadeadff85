/// A named set of permissions, which may include other roles.
public struct Role: Sendable, Hashable {
    public let id: String
    public let name: String
    public let description: String
    public let permissions: [Permission]
    /// Ids of the roles whose permissions it has too.
    public let includes: [String]
    public let isBuiltIn: Bool

    public init(
        id: String, name: String, description: String = "", permissions: [Permission], includes: [String] = [],
        isBuiltIn: Bool = false
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.permissions = permissions
        self.includes = includes
        self.isBuiltIn = isBuiltIn
    }
}

/// A role with everything it includes, ready to be asked.
public final class ExpandedRole: Sendable {
    public let role: Role
    /// The ways to the included roles, this one first: from each the ids of the roles on the way, itself last.
    public let parts: [(path: [String], name: String, permissions: [Permission])]
    let rules: RuleTable

    /// - Parameter find: the roles as they are stored; what is absent, or met twice, is left out.
    public init<Failure: Error>(_ role: Role, find: (String) throws(Failure) -> Role?) throws(Failure) {
        self.role = role
        var parts: [(path: [String], name: String, permissions: [Permission])] = [([role.id], role.name, role.permissions)]
        var seen: Set<String> = [role.id]
        var waiting: [(role: Role, path: [String])] = [(role, [role.id])]
        var next = 0
        while next < waiting.count {
            let (current, path) = waiting[next]
            next += 1
            for id in current.includes where seen.insert(id).inserted {
                guard let included = try find(id) else { continue }
                parts.append((path + [id], included.name, included.permissions))
                waiting.append((included, path + [id]))
            }
        }
        self.parts = parts
        var rules: [Rule] = []
        for (number, part) in parts.enumerated() {
            for permission in part.permissions { rules.append(Rule(permission, place: rules.count, part: number)) }
        }
        self.rules = RuleTable(rules)
    }

    /// Whether it includes `id`, by however many steps.
    public func includes(_ id: String) -> Bool {
        parts.contains { $0.path.last == id }
    }

    /// Every permission, those of included roles too.
    public var permissions: [Permission] {
        parts.flatMap(\.permissions)
    }
}
