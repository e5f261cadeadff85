public import Grants
public import Model
public import Storage

/// Loads what a write knows of its caller.
public struct Standings: StandingSource {
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
        return try gate.standing(principal, name: record.name, narrowing: nil, realm: caller.realm, on: connection)
    }
}
