/// A permission with the place it comes from. What most questions need of it stands first and together: at a million grants
/// a decision takes as long as it takes to fetch them from memory.
final class Rule: Sendable {
    let isDeny: Bool
    private let namesAll: Bool
    /// Whether the authorization that gives it reaches the whole realm.
    let isRealmWide: Bool
    /// Milliseconds: when the authorization that gives it counts.
    private let validFrom: Int64
    private let expiresAt: Int64
    private let firstAction: String
    /// The authorization that gives it; `nil` in a role.
    let grant: Grant?
    let permission: Permission
    /// Its place among the rules it was written with.
    let place: Int
    /// Which of an expanded role's parts it is written in.
    let part: Int

    init(_ permission: Permission, place: Int, part: Int = 0, grant: Grant? = nil) {
        self.permission = permission
        self.place = place
        self.part = part
        self.grant = grant
        isDeny = permission.effect == .deny
        namesAll = permission.actions.contains(Permission.wildcard)
        firstAction = permission.actions.first ?? ""
        isRealmWide = grant?.scope == .realm && permission.counts(in: .realm)
        validFrom = grant?.validFrom ?? .min
        expiresAt = grant?.expiresAt ?? .max
    }

    /// What a slot of a table says of the actions.
    var actionBits: UInt64 { namesAll ? .max : ActionBits.of(permission.actions) }

    /// Whether it is about this type and names one of these actions.
    @inline(__always)
    func speaks(_ type: ResourceType, _ granting: ResourceType.Granting) -> Bool {
        (permission.resourceType == type.id || permission.resourceType == Permission.wildcard)
            && (namesAll || firstAction == granting.first || permission.names(anyOf: granting.actions))
    }

    /// Whether the authorization that gives it counts; a role's permissions count when its assignment does.
    @inline(__always)
    func isValid(at time: Int64) -> Bool {
        time >= validFrom && (time < expiresAt || grant?.expiresAt == nil)
    }
}

/// One bit for each action, so that most actions that are not meant are passed over without reading their names.
enum ActionBits {
    static func of(_ actions: [String]) -> UInt64 {
        actions.reduce(0) { $0 | 1 << (IDKey($1).spread & 63) }
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

    /// Sorted by key: what a rule is found by. A key in common is a hint; who asks compares.
    private struct Slot: Sendable {
        let key: UInt64
        let actionBits: UInt64
        let rule: Rule
    }

    private let slots: [Slot]
    let hasDeny: Bool
    private let hasEveryType: Bool
    private let hasLoose: Bool

    init(_ rules: [Rule]) {
        hasDeny = rules.contains { $0.isDeny }
        hasEveryType = rules.contains { $0.permission.resourceType == Permission.wildcard }
        var found: [Slot] = []
        found.reserveCapacity(rules.count)
        for rule in rules {
            let type = RuleTable.key(ofType: rule.permission.resourceType)
            let bits = rule.actionBits
            // What speaks about every type is looked at in each question.
            guard case .id(let id) = rule.permission.match, type != RuleTable.everyType else {
                found.append(Slot(key: type, actionBits: bits, rule: rule))
                continue
            }
            found.append(Slot(key: RuleTable.key(type, id: id), actionBits: bits, rule: rule))
            if rule.isDeny { found.append(Slot(key: RuleTable.looseKey(type), actionBits: bits, rule: rule)) }
        }
        hasLoose = found.count > rules.count
        found.sort { $0.key < $1.key }
        slots = found
    }

    /// Every rule, in the order they were written in.
    var rules: [Rule] {
        var rules: [Rule] = []
        rules.reserveCapacity(slots.count)
        for slot in slots.sorted(by: { $0.rule.place < $1.rule.place }) where rules.last?.place != slot.rule.place {
            rules.append(slot.rule)
        }
        return rules
    }

    static func key(ofType type: String) -> UInt64 { IDKey(type).spread }

    static func key(_ type: UInt64, id: String) -> UInt64 { Spread.mix(type, IDKey(id).spread) }

    /// Where all denies of exact ids of a type are.
    static func looseKey(_ type: UInt64) -> UInt64 { ~type }

    private static let everyType = key(ofType: Permission.wildcard)

    /// Hands over the rules that may speak about what the keys stand for; some may be of other types, ids or actions.
    @inline(__always)
    func each<Failure: Error>(
        _ wanted: Keys, _ actionBits: UInt64, _ body: (Rule) throws(Failure) -> Void
    ) throws(Failure) {
        if slots.isEmpty { return }
        try each(wanted.type, actionBits, body)
        if let exact = wanted.exact {
            // Denies of exact ids are found by the other key then.
            let skipsDenies = wanted.isLoose && hasLoose
            try each(exact, actionBits) { (rule) throws(Failure) in if !skipsDenies || !rule.isDeny { try body(rule) } }
            if skipsDenies { try each(RuleTable.looseKey(wanted.type), actionBits, body) }
        }
        if hasEveryType { try each(RuleTable.everyType, actionBits, body) }
    }

    @inline(__always)
    private func each<Failure: Error>(
        _ key: UInt64, _ actionBits: UInt64, _ body: (Rule) throws(Failure) -> Void
    ) throws(Failure) {
        var place = firstPlace(of: key)
        while place < slots.count, slots[place].key == key {
            if slots[place].actionBits & actionBits != 0 { try body(slots[place].rule) }
            place += 1
        }
    }

    /// The first place whose key is not less.
    private func firstPlace(of key: UInt64) -> Int {
        var low = 0
        var count = slots.count
        while count > 0 {
            let half = count / 2
            if slots[low + half].key < key {
                low += half + 1
                count -= half + 1
            } else {
                count = half
            }
        }
        return low
    }
}
