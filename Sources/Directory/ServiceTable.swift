import Grants
public import Model
import Storage

/// A program of a realm, which signs in with API tokens.
public struct ServicePrincipal: Sendable, Hashable {
    public enum Status: String, Sendable, CaseIterable {
        case active, disabled
    }

    public let id: EntityID
    public var name: String
    public var description: String
    public var status: Status
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
    /// Counts changes; the `ETag`. Using a token does not change it.
    public var version: Int64

    public init(
        id: EntityID, name: String, description: String, status: Status, createdAt: Timestamp, updatedAt: Timestamp,
        version: Int64
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    public var reference: PrincipalReference { PrincipalReference(kind: .service, id: id) }
}

/// The rows of services; no rules, no permissions.
enum ServiceTable {
    static let columns: SQL = "p.id, p.name, s.description, p.status, p.created_at, p.updated_at, p.version"
    static let columnCount = 7
    static let source: SQL = "principal p JOIN service_profile s ON s.realm_id = p.realm_id AND s.id = p.id"

    static func service(_ row: any Row) -> ServicePrincipal {
        ServicePrincipal(
            id: EntityID(trusted: row.text(0)), name: row.text(1), description: row.text(2),
            // Whatever is not active is not let in.
            status: row.text(3) == PrincipalRecord.Status.active.rawValue ? .active : .disabled,
            createdAt: Timestamp(milliseconds: row.integer(4)), updatedAt: Timestamp(milliseconds: row.integer(5)),
            version: row.integer(6))
    }

    static func find(_ id: EntityID, realm: RealmID, on connection: any Connection) throws -> ServicePrincipal? {
        try connection.first(
            Statement(
                "SELECT " + columns + " FROM " + source + " WHERE p.realm_id = $1 AND p.id = $2 AND p.kind = 'service'",
                [.text(realm.text), .text(id.text)]), service)
    }

    static func insert(_ service: ServicePrincipal, realm: RealmID, on connection: any Connection) throws {
        try Principals.insert(record(service), store: "builtin", realm: realm, at: service.createdAt, on: connection)
        try connection.run(
            Statement(
                "INSERT INTO service_profile (realm_id, id, description) VALUES ($1, $2, $3)",
                [.text(realm.text), .text(service.id.text), .text(service.description)]))
    }

    /// Writes name, description and status and counts the version up.
    static func update(
        _ service: ServicePrincipal, from old: ServicePrincipal, realm: RealmID, at now: Timestamp, on connection: any Connection
    ) throws {
        let status: PrincipalRecord.Status = service.status == .active ? .active : .disabled
        try Principals.update(record(old), name: service.name, status: status, realm: realm, at: now, on: connection)
        guard service.description != old.description else { return }
        try connection.run(
            Statement(
                "UPDATE service_profile SET description = $3 WHERE realm_id = $1 AND id = $2",
                [.text(realm.text), .text(service.id.text), .text(service.description)]))
    }

    static func delete(_ service: ServicePrincipal, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                "DELETE FROM service_profile WHERE realm_id = $1 AND id = $2", [.text(realm.text), .text(service.id.text)]))
        try Principals.delete(record(service), realm: realm, on: connection)
    }

    private static func record(_ service: ServicePrincipal) -> PrincipalRecord {
        PrincipalRecord(
            reference: service.reference, name: service.name, status: service.status == .active ? .active : .disabled,
            version: service.version)
    }
}
