/// Why a decision is what it is, and what is nearest to another one.
public struct Explanation: Sendable {
    public let isAllowed: Bool
    public let reasons: [Reason]
    /// For a deny: allows that failed for one thing only, best first.
    public let nearest: [Miss]
    /// For a deny: the smallest change that allows; `nil` when none would.
    public let toAllow: Suggestion?
}

/// An allow that did not count, and what was missing.
public struct Miss: Sendable {
    public enum Missing: String, Sendable, CaseIterable {
        case time, scope, condition, resource, action, assignment
    }

    public let permission: Permission
    public let role: String?
    /// `nil` when nobody gave the role to the subject.
    public let grant: Grant?
    public let missing: Missing
}

/// The smallest change that would allow.
public enum Suggestion: Sendable, Hashable {
    /// The subject is not active.
    case enable(Subject)
    /// Lets a grant count now: its end (or its beginning) is in the way.
    case extend(grant: String, isAssignment: Bool, startsLater: Bool)
    case assign(role: String, to: Subject)
    case authorize(Subject, Permission)
    /// Takes away the grant whose deny is in the way.
    case remove(grant: String, isAssignment: Bool, holder: Subject)
}

extension Snapshot {
    /// How many misses are told.
    private static let missLimit = 5

    /// The decision, with every reason, the nearest misses and the smallest change.
    public func explain(_ question: Question) -> Explanation {
        let decision = Engine(self).decide(question)
        guard !decision.isAllowed else {
            return Explanation(isAllowed: true, reasons: decision.reasons, nearest: [], toAllow: nil)
        }
        let misses = misses(question)
        return Explanation(
            isAllowed: false, reasons: decision.reasons, nearest: Array(misses.prefix(Snapshot.missLimit)),
            toAllow: suggestion(question, decision, misses))
    }

    private func misses(_ question: Question) -> [Miss] {
        guard let type = resourceType(question.resourceType), let granting = type.actions(granting: question.action),
            let principal = principal(question.subject)
        else { return [] }
        var found: [Miss] = []
        let active = PrincipalFacts(
            subject: principal.subject, name: principal.name, groups: principal.groups, attributes: principal.attributes,
            organization: principal.organization, holdings: principal.holdings)
        var world = self
        world.set(active, for: principal.subject)
        guard var evaluation = Evaluation(question, world) else { return [] }
        var heldRoles = Set<String>()
        evaluation.eachHeldRule { candidate, state in
            if let role = candidate.role { heldRoles.insert(role.role.id) }
            let permission = candidate.rule.permission
            guard permission.effect == .allow,
                permission.resourceType == type.id || permission.resourceType == Permission.wildcard
            else { return }
            guard let missing = state.onlyMissing(candidate, granting) else { return }
            found.append(
                Miss(permission: permission, role: candidate.role?.role.id, grant: candidate.grant, missing: missing))
        }
        for role in allRoles.sorted(by: { $0.permissions.count < $1.permissions.count }) where !heldRoles.contains(role.role.id) {
            let grant = Grant(id: "", kind: .role(role.role.id))
            let fitting = role.rules.rules.first { rule in
                rule.permission.effect == .allow && rule.permission.names(anyOf: granting)
                    && (rule.permission.resourceType == type.id || rule.permission.resourceType == Permission.wildcard)
                    && evaluation.fits(Candidate(rule: rule, grant: grant, role: role, holder: -1))
            }
            guard let fitting else { continue }
            found.append(Miss(permission: fitting.permission, role: role.role.id, grant: nil, missing: .assignment))
        }
        func rank(_ miss: Miss) -> Int { Miss.Missing.allCases.firstIndex(of: miss.missing) ?? Miss.Missing.allCases.count }
        return found.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
    }

    /// Roles of more permissions than this are no small change.
    private static let smallRole = 4

    private func suggestion(_ question: Question, _ decision: Decision, _ misses: [Miss]) -> Suggestion? {
        guard let principal = principal(question.subject), let type = resourceType(question.resourceType) else { return nil }
        guard principal.isActive else { return .enable(question.subject) }
        if let deny = decision.reasons.first(where: { $0.permission.effect == .deny }) {
            guard let holder = deny.path.last(where: { $0.kind != "role" }) else { return nil }
            return .remove(
                grant: deny.grant.id, isAssignment: deny.role != nil, holder: Subject(kind: holder.kind, id: holder.id))
        }
        for miss in misses {
            switch miss.missing {
            case .time:
                guard let grant = miss.grant else { continue }
                return .extend(
                    grant: grant.id, isAssignment: miss.role != nil,
                    startsLater: grant.validFrom.map { $0 > question.time } ?? false)
            case .assignment:
                guard let role = miss.role, let expanded = self.role(role), expanded.permissions.count <= Snapshot.smallRole,
                    !expanded.permissions.contains(where: { $0.resourceType == Permission.wildcard })
                else { continue }
                return .assign(role: role, to: question.subject)
            case .action, .resource, .scope, .condition: continue
            }
        }
        guard type.actions(granting: question.action) != nil else { return nil }
        guard let id = question.resourceID else {
            return .authorize(
                question.subject, Permission(resourceType: type.id, actions: [question.action]))
        }
        guard let name = ResourceName(id, syntax: type.syntax, action: question.action) else { return nil }
        return .authorize(question.subject, authorization(for: name, type: type, action: question.action))
    }

    /// A subscription filter is allowed by a filter, everything else by its exact id.
    private func authorization(for name: ResourceName, type: ResourceType, action: String) -> Permission {
        if type.syntax == .topic, name.canonical.contains(where: { $0 == "+" || $0 == "#" }),
            let pattern = try? Pattern(name.canonical, syntax: .topic)
        {
            return Permission(resourceType: type.id, match: .pattern(pattern), actions: [action])
        }
        return Permission(resourceType: type.id, match: .id(name.canonical), actions: [action])
    }
}
