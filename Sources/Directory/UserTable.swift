import Authentication
import Grants
import Model
import Storage

/// Reads and writes the rows of users; no rules, no permissions.
struct UserTable {
    static let columns: SQL =
        """
        p.id, p.name, u.display_name, u.email, u.email_verified, p.status, p.store_id, u.attributes, p.created_at,
        p.updated_at, a.last_at, p.version,
        (SELECT MAX(t.blocked_until) FROM sign_in_throttle t WHERE t.realm_id = p.realm_id AND t.principal_id = p.id)
        """
    static let columnCount = 13

    static let source: SQL =
        """
        principal p
        JOIN user_profile u ON u.realm_id = p.realm_id AND u.id = p.id
        JOIN sign_in_activity a ON a.realm_id = p.realm_id AND a.principal_id = p.id
        """

    static func find(_ id: EntityID, realm: RealmID, at now: Timestamp, on connection: any Connection) throws -> User? {
        try connection.first(Statement(findStatement, [.text(realm.text), .text(id.text)])) { try user(from: $0, at: now) }
    }

    private static let findStatement: SQL =
        "SELECT " + columns + " FROM " + source + " WHERE p.realm_id = $1 AND p.id = $2 AND p.kind = 'user'"

    /// At most `Statement.listLimit` at once.
    static func find(
        _ ids: [EntityID], realm: RealmID, at now: Timestamp, on connection: any Connection
    ) throws -> [EntityID: User] {
        guard !ids.isEmpty else { return [:] }
        var statement = Statement("SELECT ")
        statement.append(columns)
        statement.append(" FROM ")
        statement.append(source)
        statement.append(" WHERE p.kind = 'user' AND p.realm_id = ", .text(realm.text))
        statement.append(" AND p.id IN ")
        statement.bindList(ids.map { .text($0.text) })
        let found = try connection.rows(statement) { try user(from: $0, at: now) }
        return Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
    }

    /// Hands over the attributes, as JSON, of those who have any.
    static func attributes(
        of ids: [EntityID]?, realm: RealmID, on connection: any Connection, _ body: (EntityID, String) throws -> Void
    ) throws {
        var statement = Statement("SELECT id, attributes FROM user_profile WHERE attributes <> '{}' AND realm_id = ")
        statement.bind(.text(realm.text))
        if let ids {
            guard !ids.isEmpty else { return }
            statement.append(" AND id IN ")
            statement.bindList(ids.map { .text($0.text) })
        }
        try connection.each(statement) { row in
            try body(EntityID(trusted: row.text(0)), row.text(1))
            return true
        }
    }

    static func user(from row: any Row, at now: Timestamp) throws -> User {
        guard var status = User.Status(rawValue: row.text(5)) else { throw StorageError.damaged("a user of unknown status") }
        if status == .active, row.integer(12) > now.milliseconds { status = .locked }
        let attributes = row.text(7)
        return User(
            id: EntityID(trusted: row.text(0)), username: row.text(1), name: absent(row.text(2)), email: absent(row.text(3)),
            emailVerified: row.integer(4) != 0, status: status, store: row.text(6),
            attributes: attributes == "{}" ? JSONObject() : try JSONValue(parsing: attributes.utf8).object ?? JSONObject(),
            createdAt: Timestamp(milliseconds: row.integer(8)), updatedAt: Timestamp(milliseconds: row.integer(9)),
            lastSignInAt: row.integer(10) == 0 ? nil : Timestamp(milliseconds: row.integer(10)), version: row.integer(11))
    }

    static func insert(_ user: User, realm: RealmID, on connection: any Connection) throws {
        let status: PrincipalRecord.Status = user.status == .invited ? .invited : .active
        try Principals.insert(
            PrincipalRecord(reference: .user(user.id), name: user.username, status: status, version: user.version),
            store: user.store, realm: realm, at: user.createdAt, on: connection)
        try connection.run(
            Statement(
                """
                INSERT INTO user_profile (realm_id, id, display_name, display_key, email, email_key, email_verified, attributes,
                    search)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """, profileValues(user, realm)))
        try connection.run(
            Statement(
                "INSERT INTO sign_in_activity (realm_id, principal_id, last_at) VALUES ($1, $2, 0)",
                [.text(realm.text), .text(user.id.text)]))
        try index(user, realm: realm, on: connection)
    }

    private static let profiles = RowInsert(
        """
        INSERT INTO user_profile (realm_id, id, display_name, display_key, email, email_key, email_verified, attributes, search)
        VALUES
        """, width: 9)
    private static let activities = RowInsert("INSERT INTO sign_in_activity (realm_id, principal_id, last_at) VALUES", width: 3)
    private static let wordRows = RowInsert("INSERT INTO user_word (realm_id, word, user_id) VALUES", width: 3)

    /// A new user with what its rows hold, worked out before the transaction.
    struct Prepared: Sendable {
        let user: User
        let status: PrincipalRecord.Status
        let secret: String?
        let words: [String]

        init(_ user: User, status: PrincipalRecord.Status, secret: String?) {
            self.user = user
            self.status = status
            self.secret = secret
            words = UserTable.words(user)
        }
    }

    /// Many at once; their names are known to be free.
    static func insert(_ users: [Prepared], realm: RealmID, at now: Timestamp, on connection: any Connection) throws {
        try Principals.insert(
            users.map {
                PrincipalRecord(reference: .user($0.user.id), name: $0.user.username, status: $0.status, version: $0.user.version)
            }, store: "builtin", realm: realm, at: now, on: connection)
        let realmID = SQLValue.text(realm.text)
        try profiles.run(users.flatMap { profileValues($0.user, realm, $0.words) }, on: connection)
        try activities.run(users.flatMap { [realmID, .text($0.user.id.text), .integer(0)] }, on: connection)
        try wordRows.run(
            users.flatMap { user in user.words.flatMap { [realmID, .text($0), .text(user.user.id.text)] } }, on: connection)
        try Credentials.insertPasswords(
            users.compactMap { user in user.secret.map { (user.user.id, $0) } }, realm: realm, at: now, on: connection)
    }

    /// - Parameter old: the user as it is stored; its search words go.
    static func updateProfile(_ user: User, from old: User, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                """
                UPDATE user_profile SET display_name = $3, display_key = $4, email = $5, email_key = $6, email_verified = $7,
                    attributes = $8, search = $9
                WHERE realm_id = $1 AND id = $2
                """, profileValues(user, realm)))
        guard words(user) != words(old) else { return }
        try unindex(old, realm: realm, on: connection)
        try index(user, realm: realm, on: connection)
    }

    static func delete(_ user: User, realm: RealmID, on connection: any Connection) throws {
        try unindex(user, realm: realm, on: connection)
        try connection.run(
            Statement("DELETE FROM user_profile WHERE realm_id = $1 AND id = $2", [.text(realm.text), .text(user.id.text)]))
    }

    private static func profileValues(_ user: User, _ realm: RealmID) -> [SQLValue] {
        profileValues(user, realm, words(user))
    }

    private static func profileValues(_ user: User, _ realm: RealmID, _ words: [String]) -> [SQLValue] {
        [
            .text(realm.text), .text(user.id.text), .text(user.name ?? ""), .text(Folding.key(user.name ?? "")),
            .text(user.email ?? ""), .text(Folding.key(user.email ?? "")), .integer(user.emailVerified ? 1 : 0),
            .text(JSONValue.object(user.attributes).text), .text(words.map { "\n" + $0 }.joined()),
        ]
    }

    private static func index(_ user: User, realm: RealmID, on connection: any Connection) throws {
        try wordRows.run(words(user).flatMap { [.text(realm.text), .text($0), .text(user.id.text)] }, on: connection)
    }

    private static func unindex(_ user: User, realm: RealmID, on connection: any Connection) throws {
        for word in words(user) {
            try connection.run(
                Statement(
                    "DELETE FROM user_word WHERE realm_id = $1 AND word = $2 AND user_id = $3",
                    [.text(realm.text), .text(word), .text(user.id.text)]))
        }
    }

    private static func words(_ user: User) -> [String] {
        Folding.words([user.username, user.name ?? "", user.email ?? ""]).sorted()
    }

    private static func absent(_ text: String) -> String? {
        text.isEmpty ? nil : text
    }
}
