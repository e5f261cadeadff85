/// A permission with the place it comes from.
final class Rule: Sendable {
    let permission: Permission
    /// Which of an expanded role's parts it is written in.
    let part: Int

    init(_ permission: Permission, part: Int = 0) {
        self.permission = permission
        self.part = part
    }
}

/// Permissions, found by resource type and exact id, so that thousands of them cost what one does.
struct RuleSet: Sendable {
    typealias Key = ResourceKey

    private final class Index: Sendable {
        /// Allows of exact ids, by type and id. A deny of one may fit a subscription to more, so it is not looked up.
        let exact: [Key: [Int]]
        /// All others, by type.
        let others: [String: [Int]]
        let everyType: [Int]

        init(_ rules: [Rule]) {
            var exact: [Key: [Int]] = [:]
            var others: [String: [Int]] = [:]
            var everyType: [Int] = []
            for (position, rule) in rules.enumerated() {
                let permission = rule.permission
                if permission.resourceType == Permission.wildcard {
                    everyType.append(position)
                } else if permission.effect == .allow, case .id(let id) = permission.match {
                    exact[Key(type: permission.resourceType, id: id), default: []].append(position)
                } else {
                    others[permission.resourceType, default: []].append(position)
                }
            }
            self.exact = exact
            self.others = others
            self.everyType = everyType
        }
    }

    /// Below, looking at each is quicker than looking it up.
    private static let scanLimit = 12

    let rules: [Rule]
    let hasDeny: Bool
    private let index: Index?

    init(_ rules: [Rule]) {
        self.rules = rules
        hasDeny = rules.contains { $0.permission.effect == .deny }
        index = rules.count > RuleSet.scanLimit ? Index(rules) : nil
    }

    /// Hands over the rules that may speak about a resource of this type with this canonical id.
    @inline(__always)
    func each<Failure: Error>(
        type: String, id: String?, _ body: (Rule) throws(Failure) -> Void
    ) throws(Failure) {
        guard let index else {
            for rule in rules
            where rule.permission.resourceType == type || rule.permission.resourceType == Permission.wildcard {
                try body(rule)
            }
            return
        }
        if let id, let found = index.exact[Key(type: type, id: id)] {
            for position in found { try body(rules[position]) }
        }
        if let found = index.others[type] {
            for position in found { try body(rules[position]) }
        }
        for position in index.everyType { try body(rules[position]) }
    }
}
