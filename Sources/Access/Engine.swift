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
        guard var evaluation = try Evaluation(question, facts) else { return Decision(isAllowed: false, reasons: []) }
        var allows: [Reason] = []
        var denies: [Reason] = []
        let isImmune = try evaluation.isImmuneToDeny()
        try evaluation.eachCandidate { (candidate, state) throws(Failure) in
            guard try state.fits(candidate) else { return }
            let reason = try state.reason(candidate)
            switch candidate.rule.permission.effect {
            case .allow: allows.append(reason)
            case .deny: if !isImmune { denies.append(reason) }
            }
        }
        if !denies.isEmpty { return Decision(isAllowed: false, reasons: denies) }
        return Decision(isAllowed: !allows.isEmpty, reasons: allows)
    }

    /// Ids of the groups a principal or group is in, transitively; nearest first.
    public func groups(of direct: [String]) throws(Failure) -> [String] {
        var found: [String] = []
        try GroupWalk.each(from: direct, facts) { (group, _, _) throws(Failure) in found.append(group.id) }
        return found
    }

    /// Ids of the roles the subject holds now, directly or through groups; included roles too.
    public func roles(of subject: Subject, at time: Int64) throws(Failure) -> Set<String> {
        guard let principal = try facts.principal(subject) else { return [] }
        var roles = Set<String>()
        func collect(_ holdings: Holdings) throws(Failure) {
            for grant in holdings.grants where grant.isValid(at: time) {
                guard case .role(let id) = grant.kind, let role = try facts.role(id) else { continue }
                for part in role.parts { roles.insert(part.path[part.path.count - 1]) }
            }
        }
        try collect(principal.holdings)
        try GroupWalk.each(from: principal.groups, facts) { (group, _, _) throws(Failure) in try collect(group.holdings) }
        return roles
    }

    /// Whether the subject holds the role `owner` in the whole realm at the time: no deny of the management plane reaches it.
    public func isOwner(_ subject: Subject, at time: Int64) throws(Failure) -> Bool {
        guard let principal = try facts.principal(subject), principal.isActive else { return false }
        return try Owners.holds(principal, facts, at: time)
    }
}

/// Walks from groups to the groups they are in, each once, whatever circles there are.
enum GroupWalk {
    static func each<Facts: AccessFacts>(
        from direct: [String], _ facts: Facts, _ body: (GroupFacts, _ place: Int, _ cameFrom: Int) throws(Facts.Failure) -> Void
    ) throws(Facts.Failure) {
        guard !direct.isEmpty else { return }
        var found: [(id: String, cameFrom: Int)] = []
        var seen = Set<String>()
        func add(_ ids: [String], from place: Int) {
            for id in ids {
                // Few are compared, many are looked up.
                if found.count < 16 {
                    if found.contains(where: { $0.id == id }) { continue }
                } else {
                    if seen.isEmpty { seen = Set(found.map(\.id)) }
                    if !seen.insert(id).inserted { continue }
                }
                found.append((id, place))
            }
        }
        add(direct, from: -1)
        var next = 0
        while next < found.count {
            if let group = try facts.group(found[next].id) {
                try body(group, next, found[next].cameFrom)
                add(group.groups, from: next)
            }
            next += 1
        }
    }
}

/// The role that no deny reaches.
enum Owners {
    static func holds<Facts: AccessFacts>(
        _ principal: PrincipalFacts, _ facts: Facts, at time: Int64
    ) throws(Facts.Failure) -> Bool {
        if holds(principal.holdings, at: time) { return true }
        var found = false
        try GroupWalk.each(from: principal.groups, facts) { (group, _, _) throws(Facts.Failure) in
            if holds(group.holdings, at: time) { found = true }
        }
        return found
    }

    static func holds(_ holdings: Holdings, at time: Int64) -> Bool {
        holdings.grants.contains { grant in
            guard case .role(let id) = grant.kind, id == Role.owner.id, grant.scope == .realm else { return false }
            return grant.isValid(at: time)
        }
    }
}
