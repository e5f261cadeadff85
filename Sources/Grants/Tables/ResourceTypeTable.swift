public import Access
public import Model
import Storage

/// A resource type as it is stored; built-in ones are in the program.
public struct StoredType: Sendable, Hashable {
    public let type: ResourceType
    /// `built-in`, `local`, or `catalog`.
    public let source: String
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?
    public let version: Int64

    public init(type: ResourceType, source: String = "local", createdAt: Timestamp?, updatedAt: Timestamp?, version: Int64 = 1) {
        self.type = type
        self.source = source
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }
}

/// The rows of resource types; no rules, no permissions.
enum ResourceTypeTable {
    private static let columns: SQL =
        "SELECT id, name, syntax, actions, properties, source, created_at, updated_at, version FROM resource_type WHERE realm_id = $1"

    private static func type(_ row: any Row) throws -> StoredType {
        guard let syntax = Syntax(rawValue: row.text(2)) else { throw StorageDamage.resourceType }
        return StoredType(
            type: ResourceType(
                id: row.text(0), name: row.text(1), plane: .runtime, syntax: syntax,
                actions: try TypeText.actions(stored: row.text(3)), properties: try TypeText.strings(stored: row.text(4))),
            source: row.text(5), createdAt: Timestamp(milliseconds: row.integer(6)),
            updatedAt: Timestamp(milliseconds: row.integer(7)), version: row.integer(8))
    }

    static func find(_ id: String, realm: RealmID, on connection: any Connection) throws -> StoredType? {
        if let known = ResourceType.builtIn[id] {
            return StoredType(type: known, source: "built-in", createdAt: nil, updatedAt: nil)
        }
        guard !id.utf8.contains(0) else { return nil }
        return try connection.first(Statement(columns + " AND id = $2", [.text(realm.text), .text(id)]), type)
    }

    static func all(realm: RealmID, on connection: any Connection) throws -> [StoredType] {
        try connection.rows(Statement(columns + " ORDER BY id", [.text(realm.text)]), type)
    }

    static func insert(
        _ type: ResourceType, source: String, at now: Timestamp, realm: RealmID, on connection: any Connection
    ) throws {
        try connection.run(
            Statement(
                """
                INSERT INTO resource_type (realm_id, id, name, name_key, syntax, actions, properties, source, version,
                    created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
                """,
                [
                    .text(realm.text), .text(type.id), .text(type.name), .text(Principals.nameKey(type.name)),
                    .text(type.syntax.rawValue), .text(TypeText.actions(type.actions).text),
                    .text(TypeText.strings(type.properties)), .text(source), .integer(now.milliseconds),
                ]))
        try changed(type.id, version: 1, realm: realm, on: connection)
    }

    static func update(
        _ type: ResourceType, version: Int64, at now: Timestamp, realm: RealmID, on connection: any Connection
    ) throws {
        try connection.run(
            Statement(
                """
                UPDATE resource_type SET name = $3, name_key = $4, syntax = $5, actions = $6, properties = $7, version = $8,
                    updated_at = $9
                WHERE realm_id = $1 AND id = $2
                """,
                [
                    .text(realm.text), .text(type.id), .text(type.name), .text(Principals.nameKey(type.name)),
                    .text(type.syntax.rawValue), .text(TypeText.actions(type.actions).text),
                    .text(TypeText.strings(type.properties)), .integer(version), .integer(now.milliseconds),
                ]))
        try changed(type.id, version: version, realm: realm, on: connection)
    }

    static func delete(_ id: String, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement("DELETE FROM resource_type WHERE realm_id = $1 AND id = $2", [.text(realm.text), .text(id)]))
        try changed(id, version: 0, realm: realm, on: connection)
    }

    private static func changed(_ id: String, version: Int64, realm: RealmID, on connection: any Connection) throws {
        try connection.record(
            ChangeKey(realm: realm, kind: SnapshotLoader.ChangeKind.resourceType, key: id, version: version))
    }
}
