import Grants
public import Model
public import Storage

/// What a service comes with, as it is listed; the token itself is nowhere.
public struct APIToken: Sendable, Hashable {
    public let id: EntityID
    public let name: String
    /// How it begins, to know it by.
    public let hint: String
    /// What it is narrowed to, as permissions in JSON; `nil`: not narrowed.
    public let permissions: JSONValue?
    /// The id of who made it.
    public let createdBy: String
    public let createdAt: Timestamp
    /// At this instant it has expired; `nil`: never.
    public let expiresAt: Timestamp?
    /// At most a minute behind; `nil`: never used.
    public let lastUsedAt: Timestamp?

    public init(
        id: EntityID, name: String, hint: String, permissions: JSONValue?, createdBy: String, createdAt: Timestamp,
        expiresAt: Timestamp?, lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.hint = hint
        self.permissions = permissions
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.lastUsedAt = lastUsedAt
    }
}

/// A new API token, which is shown only here.
public struct IssuedToken: Sendable {
    public let id: EntityID
    public let name: String
    /// `ghp_` and 256 random bits.
    public let token: String
    public let expiresAt: Timestamp?

    public init(id: EntityID, name: String, token: String, expiresAt: Timestamp?) {
        self.id = id
        self.name = name
        self.token = token
        self.expiresAt = expiresAt
    }
}

/// The rows of API tokens; no rules, no permissions.
public enum APITokenTable {
    /// The kind of a token's lines in the change feed: written when it is deleted.
    static let changeKind = "api-token"

    public static let columns: SQL =
        "t.id, t.name, t.hint, t.permissions, t.created_by, t.created_at, t.expires_at, t.last_used_at"
    public static let columnCount = 8

    public static func token(_ row: any Row) throws -> APIToken {
        APIToken(
            id: EntityID(trusted: row.text(0)), name: row.text(1), hint: row.text(2),
            permissions: try row.optionalText(3).map { try JSONValue(parsing: $0.utf8) }, createdBy: row.text(4),
            createdAt: Timestamp(milliseconds: row.integer(5)),
            expiresAt: row.optionalInteger(6).map { Timestamp(milliseconds: $0) },
            lastUsedAt: row.integer(7) == 0 ? nil : Timestamp(milliseconds: row.integer(7)))
    }

    /// Makes a token for a service.
    ///
    /// - Parameter permissions: what it is narrowed to, as JSON.
    public static func issue(
        name: String, permissions: JSONValue?, expiresAt: Timestamp?, to service: EntityID, by creator: EntityID,
        realm: RealmID, at now: Timestamp, on connection: any Connection
    ) throws -> IssuedToken {
        let token = Token.make(prefix: Token.apiPrefix)
        let id = EntityID.make(at: now)
        try connection.run(
            Statement(
                """
                INSERT INTO api_token (realm_id, id, principal_id, token_hash, hint, name, permissions, created_by, created_at,
                    expires_at, last_used_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)
                """,
                [
                    .text(realm.text), .text(id.text), .text(service.text), .text(Token.hash(token)),
                    .text(String(token.prefix(8))), .text(name), .optional(permissions?.text), .text(creator.text),
                    .integer(now.milliseconds), .optional(expiresAt?.milliseconds),
                ]))
        return IssuedToken(id: id, name: name, token: token, expiresAt: expiresAt)
    }

    public static func find(
        _ id: EntityID, of service: EntityID, realm: RealmID, on connection: any Connection
    ) throws -> APIToken? {
        try connection.first(
            Statement(
                "SELECT " + columns + " FROM api_token t WHERE t.realm_id = $1 AND t.id = $2 AND t.principal_id = $3",
                [.text(realm.text), .text(id.text), .text(service.text)]), token)
    }

    public static func delete(_ id: EntityID, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement("DELETE FROM api_token WHERE realm_id = $1 AND id = $2", [.text(realm.text), .text(id.text)]))
        try connection.record(ChangeKey(realm: realm, kind: changeKind, key: id.text, version: 0))
    }

    public static func deleteAll(of service: EntityID, realm: RealmID, on connection: any Connection) throws {
        let ids = try connection.rows(
            Statement(
                "DELETE FROM api_token WHERE realm_id = $1 AND principal_id = $2 RETURNING id",
                [.text(realm.text), .text(service.text)])
        ) { $0.text(0) }
        try connection.record(ids.map { ChangeKey(realm: realm, kind: changeKind, key: $0, version: 0) })
    }

    public static func count(of service: EntityID, realm: RealmID, on connection: any Connection) throws -> Int {
        try connection.first(
            Statement(
                "SELECT COUNT(*) FROM api_token WHERE realm_id = $1 AND principal_id = $2",
                [.text(realm.text), .text(service.text)])
        ) { Int($0.integer(0)) } ?? 0
    }

    // MARK: Being shown

    /// A token as somebody comes with it.
    struct Stored: Sendable {
        let id: EntityID
        let principal: PrincipalReference
        let isPrincipalActive: Bool
        let expiresAt: Timestamp?
        let lastUsedAt: Timestamp
        let limits: TokenLimits?

        func isLive(at now: Timestamp) -> Bool {
            isPrincipalActive && expiresAt.map { now < $0 } ?? true
        }
    }

    static func find(hash: String, realm: RealmID, on connection: any Connection) throws -> Stored? {
        try stored("t.token_hash = ", .text(hash), realm, connection)
    }

    static func find(shown id: EntityID, realm: RealmID, on connection: any Connection) throws -> Stored? {
        try stored("t.id = ", .text(id.text), realm, connection)
    }

    private static func stored(
        _ condition: SQL, _ value: SQLValue, _ realm: RealmID, _ connection: any Connection
    ) throws -> Stored? {
        var statement = Statement(
            """
            SELECT t.id, p.kind, p.id, p.status, t.expires_at, t.last_used_at, t.permissions
            FROM api_token t JOIN principal p ON p.realm_id = t.realm_id AND p.id = t.principal_id
            WHERE t.realm_id = $1 AND
            """, [.text(realm.text)])
        statement.append(" ")
        statement.append(condition, value)
        let found = try connection.first(statement) { row in
            guard let kind = PrincipalKind(rawValue: row.text(1)) else { throw StorageError.damaged("a token of unknown kind") }
            let stored = Stored(
                id: EntityID(trusted: row.text(0)),
                principal: PrincipalReference(kind: kind, id: EntityID(trusted: row.text(2))),
                isPrincipalActive: row.text(3) == PrincipalRecord.Status.active.rawValue,
                expiresAt: row.optionalInteger(4).map { Timestamp(milliseconds: $0) },
                lastUsedAt: Timestamp(milliseconds: row.integer(5)), limits: nil)
            return (stored, row.optionalText(6))
        }
        guard let (stored, permissions) = found else { return nil }
        return Stored(
            id: stored.id, principal: stored.principal, isPrincipalActive: stored.isPrincipalActive,
            expiresAt: stored.expiresAt, lastUsedAt: stored.lastUsedAt,
            limits: try permissions.map { try TokenLimits(stored: $0, realm: realm, on: connection) })
    }
}
