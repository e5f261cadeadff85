public import Model
import Storage

/// One registered thing.
public struct Resource: Sendable, Hashable {
    public let type: String
    /// In the canonical form of the type's syntax.
    public let id: String
    public var name: String?
    public var organization: String?
    public var properties: JSONObject
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
    public var version: Int64

    public init(
        type: String, id: String, name: String? = nil, organization: String? = nil, properties: JSONObject = JSONObject(),
        createdAt: Timestamp, updatedAt: Timestamp, version: Int64 = 1
    ) {
        self.type = type
        self.id = id
        self.name = name
        self.organization = organization
        self.properties = properties
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }
}

/// The rows of resources; no rules, no permissions.
enum ResourceTable {
    static let columns: SQL =
        "s.type_id, s.id, s.name, s.organization, s.properties, s.created_at, s.updated_at, s.version"
    static let columnCount = 8

    static func resource(_ row: any Row) throws -> Resource {
        Resource(
            type: row.text(0), id: row.text(1), name: row.text(2).isEmpty ? nil : row.text(2),
            organization: row.text(3).isEmpty ? nil : row.text(3),
            properties: try JSONValue(parsing: row.text(4).utf8).object ?? JSONObject(),
            createdAt: Timestamp(milliseconds: row.integer(5)), updatedAt: Timestamp(milliseconds: row.integer(6)),
            version: row.integer(7))
    }

    static func find(type: String, id: String, realm: RealmID, on connection: any Connection) throws -> Resource? {
        guard !type.utf8.contains(0), !id.utf8.contains(0) else { return nil }
        return try connection.first(
            Statement(
                "SELECT " + columns + " FROM resource s WHERE s.realm_id = $1 AND s.type_id = $2 AND s.id = $3",
                [.text(realm.text), .text(type), .text(id)]), resource)
    }

    static func hasAny(type: String, realm: RealmID, on connection: any Connection) throws -> Bool {
        try connection.first(
            Statement("SELECT 1 FROM resource WHERE realm_id = $1 AND type_id = $2 LIMIT 1", [.text(realm.text), .text(type)])
        ) { _ in true } ?? false
    }

    static func put(_ resource: Resource, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                """
                INSERT INTO resource (realm_id, type_id, id, name, name_key, organization, properties, version, created_at,
                    updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                ON CONFLICT (realm_id, type_id, id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
                    organization = excluded.organization, properties = excluded.properties, version = excluded.version,
                    updated_at = excluded.updated_at
                """,
                [
                    .text(realm.text), .text(resource.type), .text(resource.id), .text(resource.name ?? ""),
                    .text(Principals.nameKey(resource.name ?? "")), .text(resource.organization ?? ""),
                    .text(JSONValue.object(resource.properties).text), .integer(resource.version),
                    .integer(resource.createdAt.milliseconds), .integer(resource.updatedAt.milliseconds),
                ]))
        try changed(resource, version: resource.version, realm: realm, on: connection)
    }

    static func delete(_ resource: Resource, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                "DELETE FROM resource WHERE realm_id = $1 AND type_id = $2 AND id = $3",
                [.text(realm.text), .text(resource.type), .text(resource.id)]))
        try changed(resource, version: 0, realm: realm, on: connection)
    }

    private static func changed(_ resource: Resource, version: Int64, realm: RealmID, on connection: any Connection) throws {
        try connection.record(
            ChangeKey(
                realm: realm, kind: SnapshotLoader.ChangeKind.resource, key: "\(resource.type)\n\(resource.id)", version: version)
        )
    }
}
