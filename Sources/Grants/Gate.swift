public import Access
public import Model
public import Storage
import Synchronization

/// What narrows an API token: only what these permissions allow too.
public struct TokenLimits: CallerLimits {
    public let permissions: [Permission]

    public init(permissions: [Permission]) {
        self.permissions = permissions
    }

    /// As they are stored. What cannot be read any more, because a resource type is gone, allows nothing.
    public init(stored text: String, realm: RealmID, on connection: any Connection) throws {
        let tables = FactTables(realm: realm, attributes: { _, _, _, _ in }, connection: connection)
        do {
            permissions = try PermissionText.stored(text, types: tables.type)
        } catch is StorageDamage {
            permissions = []
        }
    }
}

/// Asks the decision engine on behalf of services: from the snapshot for reads, from the transaction for writes.
public final class Gate: Sendable {
    private let database: any Database
    private let clock: any WallClock
    private let loader: SnapshotLoader
    /// One snapshot per realm; boxed, so that taking one costs one count.
    private let snapshots = Mutex<[RealmID: SnapshotBox]>([:])
    /// Counts what was applied: a load that others overtook is done again.
    private let applied = Atomic<UInt64>(0)

    /// - Parameter attributes: where the attributes of principals are read.
    public init(database: any Database, clock: any WallClock, attributes: @escaping AttributeSource) {
        self.database = database
        self.clock = clock
        loader = SnapshotLoader(attributes: attributes)
    }

    // MARK: Following

    /// Reads what is granted and follows the change feed from then on. Call once, before serving.
    public func load() async throws {
        database.observe { [weak self] event in try self?.apply(event) }
        while true {
            let before = applied.load(ordering: .acquiring)
            let loaded = try await database.scan { [loader] in try loader.everything(on: $0).mapValues(SnapshotBox.init) }
            let isWhole = snapshots.withLock { snapshots in
                guard applied.load(ordering: .acquiring) == before else { return false }
                snapshots = loaded
                return true
            }
            if isWhole { return }
        }
    }

    /// Runs on a thread of the database's, one event at a time. Throws when it cannot read what changed; then it is told again.
    private func apply(_ event: FeedEvent) throws {
        guard case .changes(let changes) = event else {
            let loaded = try database.readNow { try loader.everything(on: $0).mapValues(SnapshotBox.init) }
            replace { $0 = loaded }
            return
        }
        for (realm, changes) in Dictionary(grouping: changes.map(\.key), by: \.realm) {
            let relevant = changes.filter { SnapshotLoader.follows($0.kind) }
            guard !relevant.isEmpty else { continue }
            let before = applied.load(ordering: .acquiring)
            var snapshot = snapshots.withLock { $0[realm] }?.snapshot ?? Snapshot()
            try database.readNow { try loader.apply(relevant, realm: realm, to: &snapshot, on: $0) }
            let box = SnapshotBox(snapshot)
            let isInTime = snapshots.withLock { snapshots in
                guard applied.load(ordering: .acquiring) == before else { return false }
                applied.wrappingAdd(1, ordering: .releasing)
                snapshots[realm] = box
                return true
            }
            // Events come one at a time; only a first load can have come between.
            if !isInTime { try apply(event) }
        }
    }

    private func replace(_ change: (inout [RealmID: SnapshotBox]) -> Void) {
        snapshots.withLock { snapshots in
            applied.wrappingAdd(1, ordering: .releasing)
            change(&snapshots)
        }
    }

    // MARK: Reads

    /// What this node knows of the realm's access.
    ///
    /// - Throws: `unavailable` when that may be out of date.
    public func snapshot(of realm: RealmID) throws -> SnapshotBox {
        guard database.isCurrent else { throw ServiceError.unavailable(retryAfterSeconds: 1) }
        return known(realm)
    }

    private static let empty = SnapshotBox(Snapshot())

    private func known(_ realm: RealmID) -> SnapshotBox {
        snapshots.withLock { $0[realm] } ?? Self.empty
    }

    /// The resource types of the realm, as this node knows them.
    func types(of realm: RealmID) throws -> @Sendable (String) -> ResourceType? {
        let box = try snapshot(of: realm)
        return { box.snapshot.resourceType($0) }
    }

    /// The position of the change feed this node has applied.
    public var revision: Revision { database.revision }

    public var now: Timestamp { clock.now() }

    /// As `allows`, for services, which must not take "cannot say" for "no".
    ///
    /// - Throws: `unavailable` when what this node knows may be out of date.
    public func permits(_ permission: ManagementPermission, on resource: String? = nil, caller: Caller) throws -> Bool {
        guard database.isCurrent else { throw ServiceError.unavailable(retryAfterSeconds: 1) }
        return allows(permission, on: resource, caller: caller)
    }

    /// Whether the caller may do this, for what pages offer. `resource`: the object's id, `nil` for the type as a whole.
    public func allows(_ permission: ManagementPermission, on resource: String? = nil, caller: Caller) -> Bool {
        guard let principal = caller.principal, database.isCurrent else { return false }
        let snapshot = known(caller.realm).snapshot
        let question = Self.question(permission, resource, principal, at: clock.now())
        guard let limits = caller.limits else { return snapshot.allows(question) }
        guard let narrowing = (limits as? TokenLimits)?.permissions else { return false }
        return snapshot.allows(question, narrowedTo: narrowing)
    }

    /// Whether there is anything of the type on which the caller may do this: whether a list, or a page, is worth offering.
    public func allowsAny(_ permission: ManagementPermission, caller: Caller) -> Bool {
        guard database.isCurrent, let scope = try? scope(of: permission, caller: caller) else { return false }
        return scope != .none
    }

    /// Which objects of the permission's type the caller may do this on, for a list's query.
    public func scope(of permission: ManagementPermission, caller: Caller) throws -> ListScope {
        guard let principal = caller.principal else { throw ServiceError.unauthenticated }
        let snapshot = try snapshot(of: caller.realm).snapshot
        var narrowing: [Permission]?
        if let limits = caller.limits {
            guard let known = limits as? TokenLimits else { return .none }
            narrowing = known.permissions
        }
        return snapshot.listScope(
            principal.subject, action: permission.action, type: permission.resourceType, at: clock.now().milliseconds,
            narrowing: narrowing)
    }

    /// For reads: `unauthenticated` for nobody, `forbidden` when the snapshot says no.
    public func require(_ permission: ManagementPermission, on resource: String? = nil, caller: Caller) throws {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        guard try permits(permission, on: resource, caller: caller) else {
            throw ServiceError.forbidden(permission: permission.description)
        }
    }

    /// The ids of the roles a principal holds now, through groups and other roles too.
    public func roles(of principal: PrincipalReference, realm: RealmID) -> [String] {
        Engine(known(realm).snapshot).roles(of: principal.subject, at: clock.now().milliseconds).sorted()
    }

    /// The groups a principal is in, transitively, nearest first.
    public func groups(of principal: PrincipalReference, realm: RealmID) -> [GroupFacts] {
        let snapshot = known(realm).snapshot
        let direct =
            principal.kind == .group ? snapshot.group(principal.id.text)?.groups : snapshot.principal(principal.subject)?.groups
        return Engine(snapshot).groups(of: direct ?? []).compactMap { snapshot.group($0) }
    }

    // MARK: Writes

    /// What a write knows of its caller, read in its own transaction. For the room that knows sessions.
    ///
    /// - Parameter narrowing: what the token that calls is narrowed to.
    public func standing(
        _ principal: PrincipalReference, name: String, narrowing: [Permission]?, realm: RealmID, on connection: any Connection
    ) throws -> Standing {
        let facts = TransactionFacts(FactTables(realm: realm, attributes: loader.attributes, connection: connection))
        return Standing(principal: principal, name: name, facts: facts, narrowing: narrowing, time: clock.now())
    }

    static func question(
        _ permission: ManagementPermission, _ resource: String?, _ principal: PrincipalReference, at now: Timestamp
    ) -> Question {
        Question(
            subject: principal.subject, action: permission.action, resourceType: permission.resourceType, resourceID: resource,
            time: now.milliseconds)
    }
}

/// A realm's snapshot as it is handed from thread to thread.
public final class SnapshotBox: Sendable {
    public let snapshot: Snapshot

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
    }
}

extension PrincipalReference {
    /// The same as the decision engine names it.
    public var subject: Subject { Subject(kind: kind.rawValue, id: id.text) }
}
