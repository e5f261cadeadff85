public import Access
public import Audit
public import Model
public import Storage

/// What a write knows of its caller: reloaded in the write's own transaction, never taken from a cache, so that a
/// revoked administrator has no last second.
public struct Standing {
    public let principal: PrincipalReference
    public let name: String
    /// What is stored, as the transaction sees it.
    public let facts: TransactionFacts
    let narrowing: [Permission]?
    let time: Timestamp

    /// The caller as the audit record names it.
    public var party: AuditEvent.Party {
        AuditEvent.Party(kind: principal.kind.rawValue, id: principal.id.text, name: name)
    }

    public func allows(_ permission: ManagementPermission, on resource: String? = nil) throws -> Bool {
        let question = Gate.question(permission, resource, principal, at: time)
        let engine = Engine(facts)
        guard let narrowing else { return try engine.allows(question) }
        return try engine.allows(question, narrowedTo: narrowing)
    }

    /// Throws `forbidden` naming the permission.
    public func require(_ permission: ManagementPermission, on resource: String? = nil) throws {
        guard try allows(permission, on: resource) else { throw ServiceError.forbidden(permission: permission.description) }
    }

    /// Everything a principal holds, directly and through groups.
    public func held(by other: PrincipalReference) throws -> [HeldPermission] {
        guard let facts = try facts.principal(other.subject) else { return [] }
        return try Engine(self.facts).held(by: facts)
    }

    /// Nobody takes over, or takes out, somebody more powerful: whoever sets a credential needs every management permission its
    /// principal holds.
    ///
    /// - Parameter permission: what `forbidden` names.
    public func requirePower(over other: PrincipalReference, for permission: ManagementPermission) throws {
        // Over oneself everybody has power, were it not for the token that narrows it.
        if other == principal, narrowing == nil { return }
        guard try hasPower(over: other) else { throw ServiceError.forbidden(permission: permission.description) }
    }

    public func hasPower(over other: PrincipalReference) throws -> Bool {
        try conferring().refusal(takingOver: held(by: other)) == nil
    }

    /// Nobody confers what he does not hold: refuses a change that gives more than the caller may.
    public func requireConferring(before: [HeldPermission], after: [HeldPermission]) throws {
        guard let refused = try conferring().refusal(before: before, after: after) else { return }
        throw try refusal(of: refused)
    }

    /// Nobody confers by writing attributes: what the principal holds under a condition, or by a pattern, that reads one of these, the
    /// caller must be able to confer.
    ///
    /// - Parameter attributes: names as conditions know them, `username` too.
    public func requireConferring(writing attributes: Set<String>, of other: PrincipalReference) throws {
        guard let refused = try refusal(writing: attributes, of: other) else { return }
        throw try refusal(of: refused)
    }

    public func mayWrite(_ attributes: Set<String>, of other: PrincipalReference) throws -> Bool {
        try refusal(writing: attributes, of: other) == nil
    }

    private func refusal(writing attributes: Set<String>, of other: PrincipalReference) throws -> Permission? {
        guard !attributes.isEmpty else { return nil }
        return try conferring().refusal(writing: attributes, of: held(by: other))
    }

    /// As `requireConferring`, for one grant before and after a change of it.
    public func requireConferring(before: Grant?, after: Grant?) throws {
        let engine = Engine(facts)
        try requireConferring(
            before: try before.map { try engine.expand($0) } ?? [], after: try after.map { try engine.expand($0) } ?? [])
    }

    func conferring() throws -> Conferring<TransactionFacts> {
        guard let caller = try facts.principal(principal.subject) else { throw ServiceError.unauthenticated }
        return try Conferring(caller: caller, narrowing: narrowing, facts: facts, at: time.milliseconds)
    }

    func refusal(of permission: Permission) throws -> ServiceError {
        let type = try facts.resourceType(permission.resourceType)
        if type?.plane == .runtime { return .forbidden(permission: "resource-type:grant on \(permission.resourceType)") }
        return .forbidden(permission: permission.actions.map { "\(permission.resourceType):\($0)" }.joined(separator: ", "))
    }
}

/// Loads standings; the room that knows sessions and tokens does it.
public protocol StandingSource: Sendable {
    /// - Throws: `unauthenticated` when the session or token is over or its principal is not active any more.
    func load(_ caller: Caller, on connection: any Connection) throws -> Standing
}

/// What every service of access and of the directory works with.
public struct AccessContext: Sendable {
    public let database: any Database
    public let gate: Gate
    public let standings: any StandingSource
    public let trail: AuditTrail
    public let cursors: CursorKey
    public let clock: any WallClock

    public init(
        database: any Database, gate: Gate, standings: any StandingSource, trail: AuditTrail, cursors: CursorKey,
        clock: any WallClock
    ) {
        self.database = database
        self.gate = gate
        self.standings = standings
        self.trail = trail
        self.cursors = cursors
        self.clock = clock
    }
}
