public import Access
public import Model
import Storage

/// A role as it is stored; built-in ones are in the program.
public struct StoredRole: Sendable, Hashable {
    public let role: Role
    /// `local`, or `catalog`.
    public let source: String
    /// `nil` for a built-in one.
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?
    public let version: Int64

    public init(role: Role, source: String = "local", createdAt: Timestamp?, updatedAt: Timestamp?, version: Int64 = 1) {
        self.role = role
        self.source = source
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }
}

/// The rows of roles; no rules, no permissions.
enum RoleTable {
    static let columns: SQL =
        "o.id, o.name, o.description, o.permissions, o.includes, o.source, o.created_at, o.updated_at, o.version"
    static let columnCount = 9

    static func role(_ row: any Row, _ types: @escaping (String) throws -> ResourceType?) throws -> StoredRole {
        StoredRole(
            role: Role(
                id: row.text(0), name: row.text(1), description: row.text(2),
                permissions: try PermissionText.stored(row.text(3), types: types),
                includes: try TypeText.strings(stored: row.text(4))),
            source: row.text(5), createdAt: Timestamp(milliseconds: row.integer(6)),
            updatedAt: Timestamp(milliseconds: row.integer(7)), version: row.integer(8))
    }

    static func find(
        _ id: String, types: @escaping (String) throws -> ResourceType?, realm: RealmID, on connection: any Connection
    ) throws -> StoredRole? {
        if let known = Role.builtIn[id] { return StoredRole(role: known, source: "built-in", createdAt: nil, updatedAt: nil) }
        guard !id.utf8.contains(0) else { return nil }
        return try connection.first(
            Statement(
                "SELECT " + columns + " FROM role o WHERE o.realm_id = $1 AND o.id = $2", [.text(realm.text), .text(id)])
        ) { try role($0, types) }
    }

    /// Those that include `id` themselves.
    static func including(
        _ id: String, types: @escaping (String) throws -> ResourceType?, realm: RealmID, on connection: any Connection
    ) throws -> [StoredRole] {
        let part = "%" + Listing.escapeLike(JSONValue.string(id).text) + "%"
        return try connection.rows(
            Statement(
                "SELECT " + columns + " FROM role o WHERE o.realm_id = $1 AND o.includes LIKE $2 ESCAPE '\\' ORDER BY o.id",
                [.text(realm.text), .text(part)])
        ) { try role($0, types) }.filter { $0.role.includes.contains(id) }
    }

    static func insert(_ stored: StoredRole, at now: Timestamp, realm: RealmID, on connection: any Connection) throws {
        let role = stored.role
        try connection.run(
            Statement(
                """
                INSERT INTO role (realm_id, id, name, name_key, description, permissions, includes, source, version, created_at,
                    updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
                """,
                [
                    .text(realm.text), .text(role.id), .text(role.name), .text(Principals.nameKey(role.name)),
                    .text(role.description), .text(PermissionText.json(role.permissions).text),
                    .text(TypeText.strings(role.includes)), .text(stored.source), .integer(now.milliseconds),
                ]))
        try changed(role.id, version: 1, realm: realm, on: connection)
    }

    static func update(_ role: Role, version: Int64, at now: Timestamp, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                """
                UPDATE role SET name = $3, name_key = $4, description = $5, permissions = $6, includes = $7, version = $8,
                    updated_at = $9
                WHERE realm_id = $1 AND id = $2
                """,
                [
                    .text(realm.text), .text(role.id), .text(role.name), .text(Principals.nameKey(role.name)),
                    .text(role.description), .text(PermissionText.json(role.permissions).text),
                    .text(TypeText.strings(role.includes)), .integer(version), .integer(now.milliseconds),
                ]))
        try changed(role.id, version: version, realm: realm, on: connection)
    }

    static func delete(_ id: String, realm: RealmID, on connection: any Connection) throws {
        try connection.run(Statement("DELETE FROM role WHERE realm_id = $1 AND id = $2", [.text(realm.text), .text(id)]))
        try changed(id, version: 0, realm: realm, on: connection)
    }

    /// Whether some role names the resource type.
    static func names(type: String, realm: RealmID, on connection: any Connection) throws -> String? {
        let part = "%" + Listing.escapeLike("\"resourceType\":" + JSONValue.string(type).text) + "%"
        return try connection.first(
            Statement(
                "SELECT id FROM role WHERE realm_id = $1 AND permissions LIKE $2 ESCAPE '\\' ORDER BY id LIMIT 1",
                [.text(realm.text), .text(part)])
        ) { $0.text(0) }
    }

    private static func changed(_ id: String, version: Int64, realm: RealmID, on connection: any Connection) throws {
        try connection.record(
            ChangeKey(realm: realm, kind: SnapshotLoader.ChangeKind.role, key: id, version: version))
    }
}
