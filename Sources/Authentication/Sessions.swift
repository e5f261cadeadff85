public import Access
public import Audit
public import Grants
public import Model
public import Storage

/// Who a token belongs to.
public struct Authenticated: Sendable {
    public let principal: PrincipalReference
    /// The session it is the token of, or
    public let session: Session?
    /// the API token.
    public let token: AuthenticatedToken?

    public init(principal: PrincipalReference, session: Session) {
        self.principal = principal
        self.session = session
        token = nil
    }

    public init(principal: PrincipalReference, token: AuthenticatedToken) {
        self.principal = principal
        session = nil
        self.token = token
    }
}

/// An API token somebody came with.
public struct AuthenticatedToken: Sendable {
    public let id: EntityID
    /// What it is narrowed to; `nil`: everything its principal may do.
    public let limits: TokenLimits?

    public init(id: EntityID, limits: TokenLimits?) {
        self.id = id
        self.limits = limits
    }
}

/// How long sessions last.
public struct SessionLifetime: Sendable, Hashable {
    /// Seconds without use after which a session ends.
    public let idle: Int64
    /// Seconds after which it ends in any case.
    public let absolute: Int64

    public init(idle: Int64, absolute: Int64) {
        self.idle = idle
        self.absolute = absolute
    }
}

/// Opens, finds and ends sessions.
public final class Sessions: Sendable {
    private let database: any Database
    private let clock: any WallClock
    private let lifetime: SessionLifetime
    private let trail: AuditTrail
    private let cache = SessionCache()
    let tokens: APITokens
    /// The kind of a session's lines in the change feed: written when one ends.
    static let changeKind = "session"

    public init(database: any Database, clock: any WallClock, lifetime: SessionLifetime, trail: AuditTrail) {
        self.trail = trail
        self.database = database
        self.clock = clock
        self.lifetime = lifetime
        tokens = APITokens(database: database, clock: clock)
        database.observe { [cache, tokens] event in
            tokens.apply(event)
            guard case .changes(let changes) = event else { return cache.dropAll() }
            for change in changes {
                guard let id = EntityID(change.key.key) else { continue }
                switch change.key.kind {
                case Sessions.changeKind: cache.drop(session: id)
                case Principals.changeKind: cache.drop(principal: id)
                default: continue
                }
            }
        }
    }

    /// Whose token this is, of a session or an API token, or `nil` when unknown, expired, or of somebody disabled. From memory when
    /// it can.
    public func resolve(token: String, realm: RealmID) async throws -> Authenticated? {
        let isAPIToken = Token.hasShape(token, prefix: Token.apiPrefix)
        guard isAPIToken || Token.hasShape(token, prefix: Token.sessionPrefix) else { return nil }
        // What others have ended must not live on in our memory: when that cannot be told, the database is asked.
        var mayRemember = database.isCurrent
        if !mayRemember { mayRemember = (try? await database.confirm()) != nil }
        if isAPIToken { return try await tokens.resolve(token, realm: realm, mayRemember: mayRemember) }
        let hash = Token.hash(token)
        let now = clock.now()
        if mayRemember, let session = cache.use("\(realm.text) \(hash)", at: now, idle: lifetime.idle) {
            return Authenticated(principal: session.principal, session: session)
        }
        // A session this node does not know yet comes from a sign-in that may have followed changes made on another node: what
        // it is decided by must not be older.
        let known = database.revision
        let wanted = Revision(epoch: known.epoch, position: known.position, isPending: !database.dialect.numbersInline)
        // A busy machine gets a second second; a database that is away does not.
        if !(await database.catchUp(to: wanted)), database.isCurrent { _ = await database.catchUp(to: wanted) }
        let generation = cache.generation
        let found = try await database.lookUp { connection in
            try connection.first(Self.select(realm, "s.token_hash = ", .text(hash)), Self.stored)
        }
        guard let found, let session = live(found, at: now) else { return nil }
        let entry = SessionCache.Entry(
            realm: realm, session: session.seen(at: now, absoluteEnd: found.expiresAt, idle: lifetime.idle),
            absoluteEnd: found.expiresAt, storedSeenAt: found.lastSeenAt)
        cache.insert(entry, hash: "\(realm.text) \(hash)", readAt: generation)
        return Authenticated(principal: session.principal, session: entry.session)
    }

    /// The session the caller came with.
    public func current(caller: Caller) async throws -> Session {
        // Who comes with an API token has none.
        guard let id = caller.session else { throw caller.token == nil ? ServiceError.unauthenticated : .notFound }
        let found = try await database.read { connection in
            try connection.first(Self.select(caller.realm, "s.id = ", .text(id.text)), Self.stored)
        }
        guard let found, let session = live(found, at: clock.now()) else { throw ServiceError.unauthenticated }
        return session
    }

    /// Ends the session the caller came with.
    public func endCurrent(caller: Caller) async throws -> Written<Void> {
        guard let id = caller.session, let principal = caller.principal else {
            throw caller.token == nil ? ServiceError.unauthenticated : .notFound
        }
        return try await database.write { [self] connection in
            guard let record = try Principals.find(principal.id, realm: caller.realm, on: connection),
                try end(id, of: principal.id, realm: caller.realm, on: connection)
            else { throw ServiceError.unauthenticated }
            let party = AuditEvent.Party(kind: principal.kind.rawValue, id: principal.id.text, name: record.name)
            try trail.append(.init(actor: party, action: "session.end", target: party), caller: caller, on: connection)
        }
    }

    /// A principal's open sessions, newest first. For services above, which ask for permission.
    public func list(of principal: EntityID, realm: RealmID, on connection: any Connection) throws -> [Session] {
        let now = clock.now()
        var statement = Self.select(realm, "s.principal_id = ", .text(principal.text))
        statement.append(" AND s.expires_at > ", .integer(now.milliseconds))
        statement.append(" ORDER BY s.created_at DESC, s.id DESC LIMIT 1000")
        return try connection.rows(statement, Self.stored).compactMap { live($0, at: now) }
    }

    /// How many sessions of these users are open, counted up to `limit`.
    public func count(realm: RealmID, of scope: ListScope, limit: Int, on connection: any Connection) throws -> Int {
        let now = clock.now()
        var statement = Statement(
            """
            SELECT COUNT(*) FROM (SELECT 1 FROM session s
                JOIN principal p ON p.realm_id = s.realm_id AND p.id = s.principal_id
                WHERE s.realm_id = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND
            """,
            [
                .text(realm.text), .integer(now.milliseconds), .integer(now.adding(seconds: -lifetime.idle).milliseconds),
            ])
        statement.append(" ")
        try statement.append(
            scope, ScopeColumns(id: "p.id", name: "p.name", memberKind: PrincipalKind.user.rawValue), realm: .text(realm.text))
        statement.append(" LIMIT ", .integer(Int64(limit)))
        statement.append(") AS counted")
        return try connection.first(statement) { Int($0.integer(0)) } ?? 0
    }

    /// Opens a session in the caller's transaction.
    func open(
        for principal: PrincipalReference, methods: [String], caller: Caller, on connection: any Connection
    ) throws -> IssuedSession {
        let now = clock.now()
        let token = Token.make(prefix: Token.sessionPrefix)
        let end = now.adding(seconds: lifetime.absolute)
        let session = Session(
            id: EntityID.make(at: now), principal: principal, createdAt: now, lastSeenAt: now,
            expiresAt: min(end, now.adding(seconds: lifetime.idle)), address: caller.address, agent: caller.agent,
            assurance: Assurance(methods: methods, authenticatedAt: now))
        try connection.run(
            Statement(
                """
                INSERT INTO session (realm_id, id, token_hash, principal_kind, principal_id, created_at, last_seen_at,
                    expires_at, address, agent, methods, authenticated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $6)
                """,
                [
                    .text(caller.realm.text), .text(session.id.text), .text(Token.hash(token)), .text(principal.kind.rawValue),
                    .text(principal.id.text), .integer(now.milliseconds), .integer(end.milliseconds), .text(session.address),
                    .text(session.agent), .text(methods.joined(separator: " ")),
                ]))
        return IssuedSession(token: token, session: session)
    }

    /// Ends one session of a principal; false when there is none.
    public func end(_ id: EntityID, of principal: EntityID, realm: RealmID, on connection: any Connection) throws -> Bool {
        let removed = try connection.run(
            Statement(
                "DELETE FROM session WHERE realm_id = $1 AND id = $2 AND principal_id = $3",
                [.text(realm.text), .text(id.text), .text(principal.text)]))
        guard removed > 0 else { return false }
        try connection.record(ChangeKey(realm: realm, kind: Sessions.changeKind, key: id.text, version: 0))
        return true
    }

    /// Ends every session of a principal, but `kept`; answers how many.
    @discardableResult
    public func endAll(of principal: EntityID, except kept: EntityID? = nil, realm: RealmID, on connection: any Connection) throws
        -> Int
    {
        let ids = try connection.rows(
            Statement(
                "DELETE FROM session WHERE realm_id = $1 AND principal_id = $2 AND id <> $3 RETURNING id",
                [.text(realm.text), .text(principal.text), .text(kept?.text ?? "")])
        ) { $0.text(0) }
        for id in ids { try connection.record(ChangeKey(realm: realm, kind: Sessions.changeKind, key: id, version: 0)) }
        return ids.count
    }

    /// Whether the session still counts, read inside a write's transaction.
    func isLive(_ id: EntityID, of principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws -> Bool {
        let found = try connection.first(Self.select(realm, "s.id = ", .text(id.text)), Self.stored)
        guard let found, found.session.principal == principal else { return false }
        // The time of last use may be in memory only; whoever got here was let in by it a moment ago.
        return clock.now() < found.expiresAt && found.isPrincipalActive
    }

    /// Stores times of last use and forgets what is over. Run every few seconds.
    public func tidy() async throws {
        let now = clock.now()
        let touched = cache.takeTouched(notStoredSince: now.adding(seconds: -60))
        cache.sweep(at: now, idle: lifetime.idle)
        let used = tokens.takeTouched(at: now)
        tokens.sweep(at: now)
        let idleLimit = now.adding(seconds: -lifetime.idle - 120)
        let overdue = try await database.read { connection in
            let queries: [SQL] = [
                "SELECT 1 FROM session WHERE expires_at < $1 LIMIT 1",
                "SELECT 1 FROM one_time_token WHERE expires_at < $1 LIMIT 1",
            ]
            for query in queries {
                if try connection.first(Statement(query, [.integer(now.milliseconds)]), { _ in true }) != nil { return true }
            }
            return try Throttle.hasForgotten(at: now, on: connection)
        }
        guard !touched.isEmpty || !used.isEmpty || overdue else { return }
        _ = try await database.write { connection in
            for (realm, session, seenAt) in touched {
                try connection.run(
                    Statement(
                        "UPDATE session SET last_seen_at = $1 WHERE realm_id = $2 AND id = $3 AND last_seen_at < $1",
                        [.integer(seenAt.milliseconds), .text(realm.text), .text(session.text)]))
            }
            for (realm, token, usedAt) in used {
                try connection.run(
                    Statement(
                        "UPDATE api_token SET last_used_at = $1 WHERE realm_id = $2 AND id = $3 AND last_used_at < $1",
                        [.integer(usedAt.milliseconds), .text(realm.text), .text(token.text)]))
            }
            try connection.run(
                Statement(
                    "DELETE FROM session WHERE expires_at < $1 OR last_seen_at < $2",
                    [.integer(now.milliseconds), .integer(idleLimit.milliseconds)]))
            try connection.run(Statement("DELETE FROM one_time_token WHERE expires_at < $1", [.integer(now.milliseconds)]))
            try Throttle.tidy(at: now, on: connection)
        }
    }

    private struct Stored: Sendable {
        let session: Session
        let lastSeenAt: Timestamp
        let expiresAt: Timestamp
        let isPrincipalActive: Bool
    }

    private func live(_ stored: Stored, at now: Timestamp) -> Session? {
        guard stored.isPrincipalActive, now < stored.expiresAt, now < stored.lastSeenAt.adding(seconds: lifetime.idle) else {
            return nil
        }
        return stored.session.seen(at: stored.lastSeenAt, absoluteEnd: stored.expiresAt, idle: lifetime.idle)
    }

    private static func select(_ realm: RealmID, _ condition: SQL, _ value: SQLValue) -> Statement {
        var statement = Statement(
            """
            SELECT s.id, s.principal_kind, s.principal_id, s.created_at, s.last_seen_at, s.expires_at, s.address, s.agent,
                s.methods, s.authenticated_at, p.status
            FROM session s JOIN principal p ON p.realm_id = s.realm_id AND p.id = s.principal_id
            WHERE s.realm_id = $1 AND
            """, [.text(realm.text)])
        statement.append(" ")
        statement.append(condition, value)
        return statement
    }

    private static func stored(_ row: any Row) throws -> Stored {
        guard let kind = PrincipalKind(rawValue: row.text(1)) else { throw StorageError.damaged("a session of unknown kind") }
        let seen = Timestamp(milliseconds: row.integer(4))
        let end = Timestamp(milliseconds: row.integer(5))
        let session = Session(
            id: EntityID(trusted: row.text(0)),
            principal: PrincipalReference(kind: kind, id: EntityID(trusted: row.text(2))),
            createdAt: Timestamp(milliseconds: row.integer(3)), lastSeenAt: seen, expiresAt: end, address: row.text(6),
            agent: row.text(7),
            assurance: Assurance(
                methods: row.text(8).split(separator: " ").map(String.init),
                authenticatedAt: Timestamp(milliseconds: row.integer(9))))
        return Stored(session: session, lastSeenAt: seen, expiresAt: end, isPrincipalActive: row.text(10) == "active")
    }
}
