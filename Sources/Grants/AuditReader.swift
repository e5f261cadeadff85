public import Audit
public import Model
public import Storage

/// The record, for those who may read it.
public struct AuditReader: Sendable {
    private let database: any Database
    private let gate: Gate
    private let verifier: AuditVerifier
    private let cursors: CursorKey

    public init(database: any Database, gate: Gate, verifier: AuditVerifier, cursors: CursorKey) {
        self.database = database
        self.gate = gate
        self.verifier = verifier
        self.cursors = cursors
    }

    /// Filter attributes: `id time actor.id actor.kind action target.id target.kind outcome requestId`; sort: `time`, default
    /// `-time`. Empty for somebody who may not read the record.
    public func list(_ query: ListQuery, caller: Caller) async throws -> Page<AuditEvent> {
        guard let principal = caller.principal else { throw ServiceError.unauthenticated }
        let listing = try Listing(query, shape: AuditEvents.shape, realm: caller.realm, caller: principal, key: cursors)
        guard query.search?.isEmpty ?? true else {
            throw ServiceError.malformed("The audit record has no word search; use \"filter\".")
        }
        guard try gate.permits(.auditRead, caller: caller) else {
            return Page(items: [], limit: query.limit, total: 0, position: 0, nextCursor: nil, previousCursor: nil)
        }
        return try await database.scan { try AuditEvents.page(listing, realm: caller.realm, on: $0) }
    }

    public func get(_ id: EntityID, caller: Caller) async throws -> AuditEvent {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        let found = try await database.read { try AuditEvents.find(id, realm: caller.realm, on: $0) }
        guard let found, try gate.permits(.auditRead, caller: caller) else { throw ServiceError.notFound }
        return found
    }

    /// - Parameter head: an earlier verification's `head`, which must still be part of the chain.
    public func verify(since head: String?, caller: Caller) async throws -> AuditVerification {
        try gate.require(.auditRead, caller: caller)
        return try await database.scan { try verifier.verify(realm: caller.realm, since: head, on: $0) }
    }
}
