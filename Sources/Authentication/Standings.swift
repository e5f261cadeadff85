public import Access
public import Audit
public import Grants
public import Model
public import Storage

/// What a write knows of its caller: reloaded in the write's own transaction, never taken from a cache, so that a
/// revoked administrator has no last second.
public struct Standing: Sendable {
    public let principal: PrincipalReference
    public let name: String
    public let granted: [Grant]
    private let gate: Gate

    init(principal: PrincipalReference, name: String, granted: [Grant], gate: Gate) {
        self.principal = principal
        self.name = name
        self.granted = granted
        self.gate = gate
    }

    /// The caller as the audit record names it.
    public var party: AuditEvent.Party {
        AuditEvent.Party(kind: principal.kind.rawValue, id: principal.id.text, name: name)
    }

    public func allows(_ permission: ManagementPermission, on resource: String? = nil) -> Bool {
        gate.allows(permission, on: resource, principal: principal, granted: granted)
    }

    /// Throws `forbidden` naming the permission.
    public func require(_ permission: ManagementPermission, on resource: String? = nil) throws {
        guard allows(permission, on: resource) else { throw ServiceError.forbidden(permission: permission.description) }
    }

    /// Whether the caller holds everything `other` does: setting somebody's credential takes over what he holds.
    public func covers(_ other: [Grant]) -> Bool {
        gate.covers(granted, other)
    }
}

/// Loads standings.
public struct Standings: Sendable {
    private let sessions: Sessions
    private let gate: Gate

    public init(sessions: Sessions, gate: Gate) {
        self.sessions = sessions
        self.gate = gate
    }

    /// - Throws: `unauthenticated` when the session is over or its principal is not active any more.
    public func load(_ caller: Caller, on connection: any Connection) throws -> Standing {
        guard let principal = caller.principal, let session = caller.session,
            let record = try Principals.find(principal.id, realm: caller.realm, on: connection),
            record.reference == principal, record.status == .active,
            try sessions.isLive(session, of: principal, realm: caller.realm, on: connection)
        else { throw ServiceError.unauthenticated }
        let granted = try RoleAssignments.grants(of: principal, realm: caller.realm, on: connection)
        return Standing(principal: principal, name: record.name, granted: granted, gate: gate)
    }
}
