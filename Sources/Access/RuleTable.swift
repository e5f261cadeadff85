/// A permission with the place it comes from.
final class Rule: Sendable {
    let permission: Permission
    /// Which of an expanded role's parts it is written in.
    let part: Int
    /// The authorization that gives it; `nil` in a role.
    let grant: Grant?
    let isDeny: Bool

    init(_ permission: Permission, part: Int = 0, grant: Grant? = nil) {
        self.permission = permission
        self.part = part
        self.grant = grant
        isDeny = permission.effect == .deny
    }
}

/// Permissions, found by resource type and exact id, so that thousands of them cost what one does.
struct RuleTable: Sendable {
    /// What a question looks for, worked out once.
    struct Keys {
        let type: UInt64
        /// `nil` for a question about a type as a whole.
        let exact: UInt64?
        /// Whether a deny of an exact id may speak about a name that is written otherwise.
        let isLoose: Bool

        init(_ type: ResourceType, _ name: ResourceName?) {
            self.type = type.key
            exact = name.map { RuleTable.key(type.key, id: $0.canonical) }
            isLoose = name != nil && type.syntax != .name
        }
    }

    let rules: [Rule]
    let hasDeny: Bool
    /// Sorted by key: of each rule what it is found by. A key in common is a hint; who asks compares.
    private let keys: [UInt64]
    private let places: [Rule]
    private let hasEveryType: Bool

    init(_ rules: [Rule]) {
        self.rules = rules
        hasDeny = rules.contains { $0.isDeny }
        hasEveryType = rules.contains { $0.permission.resourceType == Permission.wildcard }
        var found: [(key: UInt64, rule: Rule)] = []
        found.reserveCapacity(rules.count)
        for rule in rules {
            let type = RuleTable.key(ofType: rule.permission.resourceType)
            // What speaks about every type is looked at in each question.
            guard case .id(let id) = rule.permission.match, type != RuleTable.everyType else {
                found.append((type, rule))
                continue
            }
            found.append((RuleTable.key(type, id: id), rule))
            if rule.isDeny { found.append((RuleTable.looseKey(type), rule)) }
        }
        found.sort { $0.key < $1.key }
        keys = found.map(\.key)
        places = found.map(\.rule)
    }

    static func key(ofType type: String) -> UInt64 { IDKey(type).spread }

    static func key(_ type: UInt64, id: String) -> UInt64 { Spread.mix(type, IDKey(id).spread) }

    /// Where all denies of exact ids of a type are.
    static func looseKey(_ type: UInt64) -> UInt64 { ~type }

    private static let everyType = key(ofType: Permission.wildcard)

    /// Hands over the rules that may speak about what the keys stand for; some may be of other types or ids.
    @inline(__always)
    func each<Failure: Error>(_ wanted: Keys, _ body: (Rule) throws(Failure) -> Void) throws(Failure) {
        if keys.isEmpty { return }
        try each(wanted.type, body)
        if let exact = wanted.exact {
            // Denies of exact ids are found by the other key then.
            let skipsDenies = wanted.isLoose && hasDeny
            try each(exact) { (rule) throws(Failure) in if !skipsDenies || !rule.isDeny { try body(rule) } }
            if skipsDenies { try each(RuleTable.looseKey(wanted.type), body) }
        }
        if hasEveryType { try each(RuleTable.everyType, body) }
    }

    @inline(__always)
    private func each<Failure: Error>(_ key: UInt64, _ body: (Rule) throws(Failure) -> Void) throws(Failure) {
        var place = firstPlace(of: key)
        while place < keys.count, keys[place] == key {
            try body(places[place])
            place += 1
        }
    }

    /// The first place whose key is not less.
    private func firstPlace(of key: UInt64) -> Int {
        var low = 0
        var count = keys.count
        while count > 0 {
            let half = count / 2
            if keys[low + half] < key {
                low += half + 1
                count -= half + 1
            } else {
                count = half
            }
        }
        return low
    }
}
