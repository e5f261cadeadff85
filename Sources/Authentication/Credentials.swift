public import Model
public import Storage

/// Stored passwords. For services above; asks for no permission itself.
public enum Credentials {
    public struct Password: Sendable, Hashable {
        public let secret: String
        public let mustChange: Bool
    }

    public static func password(of id: EntityID, realm: RealmID, on connection: any Connection) throws -> Password? {
        try connection.first(
            Statement(
                "SELECT secret, must_change FROM credential WHERE realm_id = $1 AND principal_id = $2 AND kind = 'password'",
                [.text(realm.text), .text(id.text)])
        ) { Password(secret: $0.text(0), mustChange: $0.integer(1) != 0) }
    }

    /// Replaces the password. Tokens that were waiting for the old one end with it.
    public static func setPassword(
        _ secret: String, mustChange: Bool, of id: EntityID, realm: RealmID, at now: Timestamp, on connection: any Connection
    ) throws {
        let owner: [SQLValue] = [.text(realm.text), .text(id.text)]
        try connection.run(
            Statement("DELETE FROM credential WHERE realm_id = $1 AND principal_id = $2 AND kind = 'password'", owner))
        try connection.run(Statement("DELETE FROM one_time_token WHERE realm_id = $1 AND principal_id = $2", owner))
        try connection.run(
            Statement(
                """
                INSERT INTO credential (realm_id, id, principal_id, kind, secret, must_change, created_at)
                VALUES ($1, $2, $3, 'password', $4, $5, $6)
                """,
                [
                    .text(realm.text), .text(EntityID.make(at: now).text), .text(id.text), .text(secret),
                    .integer(mustChange ? 1 : 0), .integer(now.milliseconds),
                ]))
    }

    private static let rows = RowInsert(
        "INSERT INTO credential (realm_id, id, principal_id, kind, secret, must_change, created_at) VALUES", width: 7)

    /// First passwords of people who have just been made.
    public static func insertPasswords(
        _ passwords: [(owner: EntityID, secret: String)], realm: RealmID, at now: Timestamp, on connection: any Connection
    ) throws {
        var values: [SQLValue] = []
        values.reserveCapacity(passwords.count * 7)
        for (owner, secret) in passwords {
            values += [
                .text(realm.text), .text(EntityID.make(at: now).text), .text(owner.text), .text("password"), .text(secret),
                .integer(0), .integer(now.milliseconds),
            ]
        }
        try rows.run(values, on: connection)
    }

    /// Who of these has a password; at most `Statement.listLimit` at once.
    public static func holders(
        among owners: [EntityID], realm: RealmID, on connection: any Connection
    ) throws -> Set<EntityID> {
        guard !owners.isEmpty else { return [] }
        var statement = Statement("SELECT principal_id FROM credential WHERE kind = 'password' AND realm_id = ")
        statement.bind(.text(realm.text))
        statement.append(" AND principal_id IN ")
        statement.bindList(owners.map { .text($0.text) })
        return Set(try connection.rows(statement) { EntityID(trusted: $0.text(0)) })
    }

    /// Renews the hash of the same password, unless it was changed meanwhile.
    static func renew(
        _ old: String, with new: String, of id: EntityID, realm: RealmID, on connection: any Connection
    ) throws {
        try connection.run(
            Statement(
                """
                UPDATE credential SET secret = $1
                WHERE realm_id = $2 AND principal_id = $3 AND kind = 'password' AND secret = $4
                """,
                [.text(new), .text(realm.text), .text(id.text), .text(old)]))
    }

    /// Removes everything this room keeps about a principal.
    public static func deleteAll(of id: EntityID, name: String, realm: RealmID, on connection: any Connection) throws {
        let owner: [SQLValue] = [.text(realm.text), .text(id.text)]
        let statements: [SQL] = [
            "DELETE FROM credential WHERE realm_id = $1 AND principal_id = $2",
            "DELETE FROM one_time_token WHERE realm_id = $1 AND principal_id = $2",
            "DELETE FROM known_address WHERE realm_id = $1 AND principal_id = $2",
            "DELETE FROM sign_in_activity WHERE realm_id = $1 AND principal_id = $2",
        ]
        for statement in statements { try connection.run(Statement(statement, owner)) }
        try Throttle.clear(id, name: name, realm: realm, on: connection)
    }
}
