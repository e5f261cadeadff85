import Access
public import Model
import Storage

extension AccessReports {
    /// Who holds what now, as far as the caller may read the role assignments and authorizations it comes from: somebody who may
    /// read none gets an empty list.
    ///
    /// By role and by action it has neither total nor way back, and a page may be shorter than asked for: only
    /// `nextCursor` says whether there is more.
    ///
    /// - Throws: `malformed` for a bad limit or cursor.
    public func permissions(
        _ selection: PermissionSelection, _ query: ListQuery, caller: Caller
    ) async throws -> Page<PermissionEntry> {
        let decider = try decider(for: caller)
        let listing = try PlacedListing(
            query, list: selection.text, realm: caller.realm, caller: caller.principal, key: context.cursors)
        let sight = Sight(gate: context.gate, snapshot: decider.snapshot, caller: caller)
        let search: GrantSearch
        switch selection {
        case .principal(let principal):
            guard let name = sight.name(of: principal.subject) else {
                return listing.page(id: \.access.key) { _ in }
            }
            let grants = try GrantSight(gate: context.gate, caller: caller)
            return page(of: principal.subject, named: name, in: decider.snapshot, listing, where: grants.allows)
        case .role(let role): search = GrantSearch(role: role, sight, at: decider.time)
        case .action(let action, let type): search = GrantSearch(action: action, type: type, sight, at: decider.time)
        }
        let assignments = try context.gate.scope(of: .assignmentRead, caller: caller)
        let authorizations = try context.gate.scope(of: .authorizationRead, caller: caller)
        return try await context.database.scan { connection in
            try search.page(listing, assignments: assignments, authorizations: authorizations, on: connection)
        }
    }
}

/// Whom the caller may see.
struct Sight: Sendable {
    let gate: Gate
    let snapshot: Snapshot
    let caller: Caller

    /// `nil` when there is nobody, or nobody the caller may see.
    func name(of subject: Subject) -> String? {
        guard let name = snapshot.name(of: subject), let permission = ManagementPermission.reading(subject.kind),
            gate.allows(permission, on: subject.id, caller: caller)
        else { return nil }
        return name
    }

    /// As a path begins; without a name when the caller may not see it.
    func step(_ subject: Subject) -> Reason.Step {
        Reason.Step(kind: subject.kind, id: subject.id, name: name(of: subject) ?? "")
    }
}

/// Which grants the caller may read. Mostly all or none, so that is asked once.
private struct GrantSight {
    private let gate: Gate
    private let caller: Caller
    private let assignments: ListScope
    private let authorizations: ListScope

    init(gate: Gate, caller: Caller) throws {
        self.gate = gate
        self.caller = caller
        assignments = try gate.scope(of: .assignmentRead, caller: caller)
        authorizations = try gate.scope(of: .authorizationRead, caller: caller)
    }

    func allows(_ grant: Grant) -> Bool {
        switch grant.isAssignment ? assignments : authorizations {
        case .all: true
        case .none: false
        default:
            gate.allows(grant.isAssignment ? .assignmentRead : .authorizationRead, on: grant.id, caller: caller)
        }
    }
}
