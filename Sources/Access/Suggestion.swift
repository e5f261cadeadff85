/// The smallest change that would allow.
public enum Suggestion: Sendable, Hashable {
    /// The subject is not active.
    case enable(Subject)
    /// Lets a grant count now: its end (or its beginning) is in the way.
    case extend(grant: String, isAssignment: Bool, holder: Subject, startsLater: Bool)
    /// Lets a grant that reaches selected resources reach this one too.
    case widen(grant: String, isAssignment: Bool, holder: Subject, scope: Scope)
    case assign(role: String, to: Subject, scope: Scope)
    case authorize(Subject, Permission)
    /// Takes away the grant whose deny is in the way.
    case remove(grant: String, isAssignment: Bool, holder: Subject)
    /// Takes the subject out of the group through which a deny comes.
    case leave(Subject, group: String)
}

extension Snapshot {
    /// Roles with more permissions that would count than this are no small change.
    private static let smallRole = 4

    /// Each is tried out: what is suggested allows.
    func suggestion(_ question: Question, _ decision: Decision, _ misses: NearMisses) -> Suggestion? {
        guard let principal = principal(question.subject) else { return nil }
        let candidates: [Suggestion]
        if !principal.isActive {
            candidates = [.enable(question.subject)]
        } else if decision.reasons.contains(where: { $0.permission.effect == .deny }) {
            candidates = lifting(decision.reasons, for: question.subject)
        } else {
            candidates = misses.found.compactMap { suggestion(for: $0, question) } + authorizing(question)
        }
        return candidates.first { Engine(applying($0)).allows(question) }
    }

    /// This snapshot, were the suggestion followed.
    public func applying(_ suggestion: Suggestion) -> Snapshot {
        var world = self
        func change(_ id: String, _ isAssignment: Bool, _ holder: Subject, _ change: (Grant) -> Grant) {
            let held = holdings(of: holder).grants.first { $0.id == id && $0.isAssignment == isAssignment }
            if let held { world.put(change(held), for: holder) }
        }
        switch suggestion {
        case .enable(let subject): world.update(subject, isActive: true)
        case .extend(let id, let isAssignment, let holder, let startsLater):
            change(id, isAssignment, holder) {
                $0.with(validFrom: startsLater ? nil : $0.validFrom, expiresAt: startsLater ? $0.expiresAt : nil)
            }
        case .widen(let id, let isAssignment, let holder, let scope):
            change(id, isAssignment, holder) { $0.with(scope: scope, validFrom: $0.validFrom, expiresAt: $0.expiresAt) }
        case .assign(let role, let holder, let scope):
            world.put(Grant(id: "suggested", kind: .role(role), scope: scope), for: holder)
        case .authorize(let holder, let permission):
            world.put(Grant(id: "suggested", kind: .permissions([permission])), for: holder)
        case .remove(let id, let isAssignment, let holder): world.removeGrant(id, isAssignment: isAssignment, of: holder)
        case .leave(let subject, let group): world.leave(subject, group: group)
        }
        return world
    }

    /// Lifts a deny: what the subject holds itself first, then its place in a group, then what the whole group holds.
    private func lifting(_ denies: [Reason], for subject: Subject) -> [Suggestion] {
        var own: [Suggestion] = []
        var places: [Suggestion] = []
        var others: [Suggestion] = []
        for deny in denies {
            let groups = deny.path.filter { $0.kind == Subject.groupKind }
            guard !deny.grant.id.isEmpty else { continue }
            let holder = groups.last.map { Subject(kind: $0.kind, id: $0.id) } ?? subject
            let removal = Suggestion.remove(grant: deny.grant.id, isAssignment: deny.grant.isAssignment, holder: holder)
            if let first = groups.first {
                places.append(.leave(subject, group: first.id))
                others.append(removal)
            } else {
                own.append(removal)
            }
        }
        return own + places + others
    }

    private func suggestion(for found: NearMisses.Found, _ question: Question) -> Suggestion? {
        let grant = found.grant
        switch found.miss.missing {
        case .time:
            return .extend(
                grant: grant.id, isAssignment: grant.isAssignment, holder: found.holder,
                startsLater: grant.validFrom.map { $0 > question.time } ?? false)
        case .scope:
            // More for the subject alone; a group's grant reaches further for all its members.
            guard found.holder == question.subject, case .resources(let type, let ids) = grant.scope,
                type == question.resourceType, let name = name(of: question)
            else { return nil }
            return .widen(
                grant: grant.id, isAssignment: grant.isAssignment, holder: found.holder,
                scope: .resources(type: type, ids: ids.union([name.canonical])))
        case .assignment:
            guard let id = found.miss.role, let role = role(id), isSmall(role, in: grant.scope) else { return nil }
            return .assign(role: id, to: question.subject, scope: grant.scope)
        case .action, .resource, .condition: return nil
        }
    }

    private func isSmall(_ role: ExpandedRole, in scope: Scope) -> Bool {
        let counting = role.permissions.filter { permission in
            guard permission.counts(in: scope) else { return false }
            guard case .resources(let type, _) = scope else { return true }
            return permission.resourceType == type || permission.resourceType == Permission.wildcard
        }
        return counting.count <= Self.smallRole
            && counting.allSatisfy { $0.resourceType != Permission.wildcard && $0.effect == .allow }
    }

    private func authorizing(_ question: Question) -> [Suggestion] {
        guard let type = resourceType(question.resourceType), type.actions(granting: question.action) != nil else { return [] }
        let actions = [question.action]
        guard question.resourceID != nil else {
            return [.authorize(question.subject, Permission(resourceType: type.id, actions: actions))]
        }
        guard let name = name(of: question) else { return [] }
        var matches: [Permission.Match] = []
        // A subscription to more than one topic is allowed by a filter, everything else by its exact id.
        if type.syntax == .topic, name.canonical.contains(where: { $0 == "+" || $0 == "#" }) {
            if let pattern = try? Pattern(name.canonical, syntax: .topic) { matches.append(.pattern(pattern)) }
        } else if ResourceName.canonicalID(name.canonical, syntax: type.syntax) == name.canonical {
            matches.append(.id(name.canonical))
        }
        return matches.map {
            .authorize(question.subject, Permission(resourceType: type.id, match: $0, actions: actions))
        }
    }

    private func name(of question: Question) -> ResourceName? {
        guard let id = question.resourceID, let type = resourceType(question.resourceType) else { return nil }
        return ResourceName(id, syntax: type.syntax, action: question.action)
    }
}
