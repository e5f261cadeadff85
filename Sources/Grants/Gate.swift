public import Access
public import Model
public import Storage
import Synchronization

/// Asks the decision engine on behalf of services: from the snapshot for reads, from the transaction for writes.
public final class Gate: Sendable {
    private let database: any Database
    private let clock: any WallClock
    /// One snapshot per realm.
    private let snapshots = Mutex<[RealmID: Snapshot]>([:])

    public init(database: any Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// Reads what is granted and follows the change feed from then on. Call once, before serving.
    public func load() async throws {
        database.observe { [weak self] changes in self?.apply(changes) }
        let holders = try await database.scan { connection in
            try connection.rows(
                Statement("SELECT DISTINCT realm_id, principal_kind, principal_id FROM role_assignment")
            ) { row in
                (RealmID(row.text(0)), PrincipalKind(rawValue: row.text(1)), EntityID(trusted: row.text(2)))
            }
        }
        for (realm, kind, id) in holders {
            guard let kind else { continue }
            await reload(PrincipalReference(kind: kind, id: id), realm: realm)
        }
    }

    /// Whether the caller may do this. `resource`: the object's id, `nil` for "any of the type".
    public func allows(_ permission: ManagementPermission, on resource: String? = nil, caller: Caller) -> Bool {
        guard let principal = caller.principal else { return false }
        let snapshot = snapshots.withLock { $0[caller.realm] } ?? Snapshot()
        return snapshot.decide(question(permission, resource, principal)).isAllowed
    }

    /// For reads: `unauthenticated` for nobody, `forbidden` when the snapshot says no.
    public func require(_ permission: ManagementPermission, on resource: String? = nil, caller: Caller) throws {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        guard allows(permission, on: resource, caller: caller) else {
            throw ServiceError.forbidden(permission: permission.description)
        }
    }

    /// The ids of the roles a principal holds now.
    public func roles(of principal: PrincipalReference, realm: RealmID) -> [String] {
        let now = clock.now().milliseconds
        let snapshot = snapshots.withLock { $0[realm] } ?? Snapshot()
        let held = snapshot.grants(of: subject(principal)).filter { $0.isValid(at: now) }.map(\.role.id)
        return Array(Set(held)).sorted()
    }

    /// For writes: decides from what the transaction sees.
    public func allows(
        _ permission: ManagementPermission, on resource: String?, principal: PrincipalReference, granted: [Grant]
    ) -> Bool {
        Snapshot.decide(question(permission, resource, principal), granted: granted).isAllowed
    }

    /// Nobody takes over what he does not hold: whoever holds `granted` holds everything `other` does.
    public func covers(_ granted: [Grant], _ other: [Grant]) -> Bool {
        DecisionEngine.covers(granted, other, at: clock.now().milliseconds)
    }

    private func question(_ permission: ManagementPermission, _ resource: String?, _ principal: PrincipalReference) -> Question {
        Question(
            subject: subject(principal), action: permission.action, resourceType: permission.resourceType, resourceID: resource,
            time: clock.now().milliseconds)
    }

    private func subject(_ principal: PrincipalReference) -> Subject {
        Subject(kind: principal.kind.rawValue, id: principal.id.text)
    }

    /// Runs on the writer, after the commit and before its answer.
    private func apply(_ changes: [Change]) {
        for change in changes where change.key.kind == RoleAssignments.changeKind {
            guard let holder = RoleAssignments.holder(ofChange: change.key.key) else { continue }
            let realm = change.key.realm
            guard let granted = try? database.readNow({ try RoleAssignments.grants(of: holder, realm: realm, on: $0) }) else {
                // Stale trust is worse than none: what cannot be read again is held no longer.
                replace(holder, realm: realm, with: [])
                continue
            }
            replace(holder, realm: realm, with: granted)
        }
    }

    private func reload(_ holder: PrincipalReference, realm: RealmID) async {
        let granted = try? await database.read { try RoleAssignments.grants(of: holder, realm: realm, on: $0) }
        replace(holder, realm: realm, with: granted ?? [])
    }

    private func replace(_ holder: PrincipalReference, realm: RealmID, with granted: [Grant]) {
        let subject = subject(holder)
        snapshots.withLock { $0[realm] = ($0[realm] ?? Snapshot()).replacing(subject, with: granted) }
    }
}
