/// The rules of deciding: any deny denies, else any allow allows, else deny. Pure: what it knows comes from `facts`.
public struct Engine<Facts: AccessFacts> {
    public typealias Failure = Facts.Failure

    public let facts: Facts

    public init(_ facts: Facts) {
        self.facts = facts
    }

    /// Whether the answer is "allow"; the fastest way to it.
    public func allows(_ question: Question) throws(Failure) -> Bool {
        guard var evaluation = try Evaluation(question, facts) else { return false }
        return try evaluation.allows()
    }

    /// As `allows`, for a token narrowed to these permissions: they must allow it too.
    public func allows(_ question: Question, narrowedTo permissions: [Permission]) throws(Failure) -> Bool {
        guard var evaluation = try Evaluation(question, facts) else { return false }
        guard try evaluation.isInside(permissions) else { return false }
        return try evaluation.allows()
    }

    /// The decision with every reason that led to it.
    public func decide(_ question: Question) throws(Failure) -> Decision {
        guard var evaluation = try Evaluation(question, facts, gathers: true) else {
            return Decision(isAllowed: false, reasons: [])
        }
        try evaluation.weigh()
        let isImmune = evaluation.isDenied ? try evaluation.isImmuneToDeny() : true
        let isAllowed = evaluation.isAllowed && isImmune
        let deciding = evaluation.found.filter { $0.rule.isDeny ? !isImmune : isImmune }
        return Decision(isAllowed: isAllowed, reasons: deciding.map(evaluation.reason))
    }

    /// Ids of the groups a principal or group is in, transitively; nearest first.
    public func groups(of direct: [String]) throws(Failure) -> [String] {
        try GroupWalk.groups(from: direct.map(IDKey.init), facts).map(\.group.id)
    }

    /// Ids of the roles the subject holds now, directly or through groups; included roles too.
    public func roles(of subject: Subject, at time: Int64) throws(Failure) -> Set<String> {
        guard let principal = try facts.principal(subject) else { return [] }
        var roles = Set<String>()
        func collect(_ holdings: Holdings) throws(Failure) {
            for assignment in holdings.assignments where assignment.grant.isValid(at: time) {
                guard let role = try facts.role(assignment.role) else { continue }
                for part in role.parts { roles.insert(part.path[part.path.count - 1]) }
            }
        }
        try collect(principal.holdings)
        for (group, _) in try GroupWalk.groups(from: principal.groupKeys, facts) { try collect(group.holdings) }
        return roles
    }

    /// Whether the subject holds the role `owner` in the whole realm at the time: no deny of the management plane reaches it.
    public func isOwner(_ subject: Subject, at time: Int64) throws(Failure) -> Bool {
        guard let principal = try facts.principal(subject), principal.isActive else { return false }
        return try Owners.holds(principal, facts, at: time)
    }
}

/// Programs that embed the engine ask a snapshot: this is compiled here for it, and not for any facts.
extension Engine where Facts == Snapshot {
    /// Whether the answer is "allow"; the fastest way to it.
    public func allows(_ question: Question) -> Bool {
        guard var evaluation = Evaluation(question, facts) else { return false }
        return evaluation.allows()
    }
}

/// Walks from groups to the groups they are in, each once, whatever circles there are.
enum GroupWalk {
    /// Nearest first, each with the place of the one it was met from; -1 for those walked from.
    static func groups<Facts: AccessFacts>(
        from direct: [IDKey], _ facts: Facts
    ) throws(Facts.Failure) -> [(group: GroupFacts, cameFrom: Int)] {
        guard !direct.isEmpty else { return [] }
        var found: [(group: GroupFacts, cameFrom: Int)] = []
        found.reserveCapacity(8)
        var seen = Set<IDKey>()
        func add(_ keys: [IDKey], from place: Int) throws(Facts.Failure) {
            for key in keys {
                // Few are compared, many are looked up.
                if found.count < 16 {
                    if found.contains(where: { $0.group.key == key }) { continue }
                } else {
                    if seen.isEmpty { seen = Set(found.map(\.group.key)) }
                    if !seen.insert(key).inserted { continue }
                }
                if let group = try facts.group(key) { found.append((group, place)) }
            }
        }
        try add(direct, from: -1)
        var next = 0
        while next < found.count {
            try add(found[next].group.groupKeys, from: next)
            next += 1
        }
        return found
    }
}

/// The role that no deny reaches.
enum Owners {
    private static let owner = IDKey(Role.owner.id)

    static func holds<Facts: AccessFacts>(
        _ principal: PrincipalFacts, _ facts: Facts, at time: Int64
    ) throws(Facts.Failure) -> Bool {
        if holds(principal.holdings, at: time) { return true }
        return try GroupWalk.groups(from: principal.groupKeys, facts).contains { holds($0.group.holdings, at: time) }
    }

    static func holds(_ holdings: Holdings, at time: Int64) -> Bool {
        holdings.assignments.contains { assignment in
            guard assignment.role == owner, assignment.grant.scope == .realm else { return false }
            return assignment.grant.isValid(at: time)
        }
    }
}
