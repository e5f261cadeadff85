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
    /// Counts what was applied: a load that others overtook is done again.
    private let applied = Atomic<UInt64>(0)

    public init(database: any Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// Reads what is granted and follows the change feed from then on. Call once, before serving.
    public func load() async throws {
        database.observe { [weak self] event in try self?.apply(event) }
        while true {
            let before = applied.load(ordering: .acquiring)
            let loaded = try await database.scan { try self.everything(on: $0) }
            let isWhole = snapshots.withLock { snapshots in
                guard applied.load(ordering: .acquiring) == before else { return false }
                snapshots = loaded
                return true
            }
            if isWhole { return }
        }
    }

    private func everything(on connection: any Connection) throws -> [RealmID: Snapshot] {
        let holders = try connection.rows(
            Statement("SELECT DISTINCT realm_id, principal_kind, principal_id FROM role_assignment")
        ) { row in
            (RealmID(row.text(0)), PrincipalKind(rawValue: row.text(1)), EntityID(trusted: row.text(2)))
        }
        var loaded: [RealmID: Snapshot] = [:]
        for (realm, kind, id) in holders {
            guard let kind else { continue }
            let holder = PrincipalReference(kind: kind, id: id)
            let granted = try RoleAssignments.grants(of: holder, realm: realm, on: connection)
            loaded[realm] = (loaded[realm] ?? Snapshot()).replacing(subject(holder), with: granted)
        }
        return loaded
    }

    /// As `allows`, for services, which must not take "cannot say" for "no".
    ///
    /// - Throws: `unavailable` when what this node knows may be out of date.
    public func permits(_ permission: ManagementPermission, on resource: String? = nil, caller: Caller) throws -> Bool {
        guard database.isCurrent else { throw ServiceError.unavailable(retryAfterSeconds: 1) }
        return allows(permission, on: resource, caller: caller)
    }

    /// Whether the caller may do this, for what pages offer. `resource`: the object's id, `nil` for "any of the type".
    public func allows(_ permission: ManagementPermission, on resource: String? = nil, caller: Caller) -> Bool {
        guard let principal = caller.principal, database.isCurrent else { return false }
        let snapshot = snapshots.withLock { $0[caller.realm] } ?? Snapshot()
        return snapshot.decide(question(permission, resource, principal)).isAllowed
    }

    /// For reads: `unauthenticated` for nobody, `forbidden` when the snapshot says no.
    public func require(_ permission: ManagementPermission, on resource: String? = nil, caller: Caller) throws {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        guard try permits(permission, on: resource, caller: caller) else {
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

    /// Runs on a thread of the database's, one event at a time. Throws when it cannot read what changed; then it is told again.
    private func apply(_ event: FeedEvent) throws {
        guard case .changes(let changes) = event else {
            let loaded = try database.readNow { try everything(on: $0) }
            snapshots.withLock { snapshots in
                applied.wrappingAdd(1, ordering: .releasing)
                snapshots = loaded
            }
            return
        }
        for change in changes where change.key.kind == RoleAssignments.changeKind {
            guard let holder = RoleAssignments.holder(ofChange: change.key.key) else { continue }
            let realm = change.key.realm
            let granted = try database.readNow { try RoleAssignments.grants(of: holder, realm: realm, on: $0) }
            replace(holder, realm: realm, with: granted)
        }
    }

    private func replace(_ holder: PrincipalReference, realm: RealmID, with granted: [Grant]) {
        let subject = subject(holder)
        snapshots.withLock { snapshots in
            applied.wrappingAdd(1, ordering: .releasing)
            snapshots[realm] = (snapshots[realm] ?? Snapshot()).replacing(subject, with: granted)
        }
    }
}
