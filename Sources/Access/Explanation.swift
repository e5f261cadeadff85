/// Why a decision is what it is, and what is nearest to another one.
public struct Explanation: Sendable {
    public let isAllowed: Bool
    public let reasons: [Reason]
    /// For a deny: allows that failed for one thing only, best first; at most five.
    public let nearest: [Miss]
    /// For a deny: the smallest change that allows; `nil` when no single one does.
    public let toAllow: Suggestion?
}

/// An allow that did not count, and the one thing it lacked.
public struct Miss: Sendable {
    public enum Missing: String, Sendable, CaseIterable {
        case time, scope, condition, resource, action, assignment
    }

    public let permission: Permission
    public let role: String?
    /// The role assignment or authorization; `nil` when nobody gave the role to the subject.
    public let grant: Grant?
    public let missing: Missing

    /// What is told of it: two that say the same are told once.
    fileprivate struct Told: Hashable {
        let permission: Permission
        let role: String?
        let grant: String?
        let missing: Missing
    }

    fileprivate var told: Told {
        Told(permission: permission, role: role, grant: grant?.id, missing: missing)
    }
}

extension Snapshot {
    /// The decision, with every reason, the nearest misses and the smallest change.
    ///
    /// - Parameter naming: whether a role that the subject does not hold may be told of.
    public func explain(_ question: Question, naming: (String) -> Bool = { _ in true }) -> Explanation {
        let decision = Engine(self).decide(question)
        guard !decision.isAllowed else {
            return Explanation(isAllowed: true, reasons: decision.reasons, nearest: [], toAllow: nil)
        }
        var search = NearMisses(question, self)
        search?.collect(naming: naming)
        return Explanation(
            isAllowed: false, reasons: decision.reasons, nearest: search?.best ?? [],
            toAllow: search.flatMap { suggestion(question, decision, $0) })
    }
}

/// Looks for allows that would count but for one thing, as if the subject were active.
struct NearMisses {
    /// A miss with what a suggestion needs of it.
    struct Found {
        let miss: Miss
        /// The grant in the way, or the one that would give the role.
        let grant: Grant
        /// Who holds the grant.
        let holder: Subject
        /// For roles that nobody gave: how much else the grant would give.
        let excess: Int
    }

    /// How many are told.
    private static let limit = 5

    private let snapshot: Snapshot
    private var evaluation: Evaluation<Snapshot>
    private(set) var found: [Found] = []

    /// `nil` when nothing could allow: unknown subject, type or action, refused id.
    init?(_ question: Question, _ snapshot: Snapshot) {
        var world = snapshot
        world.update(question.subject, isActive: true)
        guard let evaluation = Evaluation(question, world) else { return nil }
        self.evaluation = evaluation
        self.snapshot = snapshot
    }

    /// The ones to tell, best first, none twice.
    var best: [Miss] {
        var seen = Set<Miss.Told>()
        // Not lazily: what remembers must be asked once for each.
        return Array(found.map(\.miss).filter { seen.insert($0.told).inserted }.prefix(Self.limit))
    }

    mutating func collect(naming: (String) -> Bool) {
        let heldRoles = collectHeld()
        var others: [Found] = []
        for role in snapshot.allRoles where !heldRoles.contains(role.role.id) && naming(role.role.id) {
            if let miss = miss(of: role) { others.append(miss) }
        }
        others.sort { ($0.excess, $0.miss.role ?? "") < ($1.excess, $1.miss.role ?? "") }
        let ranked = found.enumerated().sorted { (Self.rank($0.element), $0.offset) < (Self.rank($1.element), $1.offset) }
        found = ranked.map(\.element) + others
    }

    private static func rank(_ found: Found) -> Int {
        Miss.Missing.allCases.firstIndex(of: found.miss.missing) ?? Miss.Missing.allCases.count
    }

    /// What is granted already; answers the roles among it.
    private mutating func collectHeld() -> Set<String> {
        var roles = Set<String>()
        var held: [Found] = []
        let typeID = evaluation.type.id
        evaluation.eachHeldRule { candidate, state in
            if let role = candidate.role { roles.insert(role.role.id) }
            let permission = candidate.rule.permission
            // What everybody holds is no grant that could be changed.
            guard permission.effect == .allow, !candidate.grant.id.isEmpty,
                permission.resourceType == typeID || permission.resourceType == Permission.wildcard,
                let missing = state.onlyMissing(candidate)
            else { return }
            let holder =
                candidate.holder < 0
                ? state.question.subject : Subject(kind: Subject.groupKind, id: state.groups[candidate.holder].group.id)
            held.append(
                Found(
                    miss: Miss(
                        permission: permission, role: candidate.role?.role.id, grant: candidate.grant, missing: missing),
                    grant: candidate.grant, holder: holder, excess: 0))
        }
        found = held
        return roles
    }

    /// Whether the role would allow it, if the subject had it for no more than is asked about or else in the whole realm.
    private mutating func miss(of role: ExpandedRole) -> Found? {
        let type = evaluation.type
        let subject = evaluation.question.subject
        for rule in role.rules.rules {
            let permission = rule.permission
            guard permission.effect == .allow, permission.names(anyOf: evaluation.granting.actions),
                permission.resourceType == type.id || permission.resourceType == Permission.wildcard
            else { continue }
            for scope in scopes(for: permission) {
                let grant = Grant(id: "", kind: .role(role.role.id), scope: scope)
                guard evaluation.fits(rule, grant) else { continue }
                return Found(
                    miss: Miss(permission: permission, role: role.role.id, grant: nil, missing: .assignment), grant: grant,
                    holder: subject, excess: excess(of: role, in: scope))
            }
        }
        return nil
    }

    /// A permission for any resource is given for the one asked about; one that says itself which it means, in the whole realm.
    private func scopes(for permission: Permission) -> [Scope] {
        guard case .any = permission.match, permission.condition == nil, let name = evaluation.name else { return [.realm] }
        return [.resources(type: evaluation.type.id, ids: [name.canonical]), .realm]
    }

    /// How many actions an assignment would give that nobody asked about; roles that speak about every type come last.
    private func excess(of role: ExpandedRole, in scope: Scope) -> Int {
        var excess = 0
        for permission in role.permissions where permission.counts(in: scope) {
            if permission.resourceType == Permission.wildcard {
                excess += 100_000
            } else if case .resources = scope {
                if permission.resourceType == evaluation.type.id { excess += actionCount(permission) }
            } else {
                excess += actionCount(permission) * 10
            }
        }
        return excess
    }

    private func actionCount(_ permission: Permission) -> Int {
        permission.actions.contains(Permission.wildcard)
            ? snapshot.resourceType(permission.resourceType)?.actions.count ?? 1 : permission.actions.count
    }
}
