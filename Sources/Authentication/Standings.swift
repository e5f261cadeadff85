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

    /// - Throws: `unauthenticated` when the session or the API token is over or its principal is not active any more.
    public func load(_ caller: Caller, on connection: any Connection) throws -> Standing {
        guard let principal = caller.principal,
            let record = try Principals.find(principal.id, realm: caller.realm, on: connection),
            record.reference == principal, record.status == .active
        else { throw ServiceError.unauthenticated }
        var limits: TokenLimits?
        if let session = caller.session {
            guard try sessions.isLive(session, of: principal, realm: caller.realm, on: connection) else {
                throw ServiceError.unauthenticated
            }
        } else if let token = caller.token {
            limits = try sessions.tokens.limits(of: token, principal: principal, realm: caller.realm, on: connection)
        } else {
            throw ServiceError.unauthenticated
        }
        return try gate.standing(
            principal, name: record.name, narrowing: limits?.permissions, realm: caller.realm, on: connection)
    }
}
