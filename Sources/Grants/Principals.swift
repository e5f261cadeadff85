public import Model
public import Storage

/// The shared part of users, services and devices. For services above; it asks for no permission itself.
public struct PrincipalRecord: Sendable, Hashable {
    /// The stored states; `locked` is worked out from throttling.
    public enum Status: String, Sendable {
        case active, disabled, invited
    }

    public let reference: PrincipalReference
    public let name: String
    public let status: Status
    public let version: Int64

    public init(reference: PrincipalReference, name: String, status: Status, version: Int64) {
        self.reference = reference
        self.name = name
        self.status = status
        self.version = version
    }
}

public enum Principals {
    /// The key two names share when they are the same name: ASCII letters in lower case.
    public static func nameKey(_ name: String) -> String {
        name.lowercased()
    }

    public static func find(_ id: EntityID, realm: RealmID, on connection: any Connection) throws -> PrincipalRecord? {
        try connection.first(
            Statement(
                "SELECT id, kind, name, status, version FROM principal WHERE realm_id = $1 AND id = $2",
                [.text(realm.text), .text(id.text)]), record)
    }

    public static func find(named name: String, realm: RealmID, on connection: any Connection) throws -> PrincipalRecord? {
        // No name holds a NUL, and no engine takes one: nobody's, without asking.
        guard !name.utf8.contains(0) else { return nil }
        return try connection.first(
            Statement(
                "SELECT id, kind, name, status, version FROM principal WHERE realm_id = $1 AND name_key = $2",
                [.text(realm.text), .text(nameKey(name))]), record)
    }

    public static func insert(
        _ record: PrincipalRecord, store: String, realm: RealmID, at now: Timestamp, on connection: any Connection
    ) throws {
        try connection.run(
            Statement(
                """
                INSERT INTO principal (realm_id, id, kind, store_id, name, name_key, status, version, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
                """,
                [
                    .text(realm.text), .text(record.reference.id.text), .text(record.reference.kind.rawValue), .text(store),
                    .text(record.name), .text(nameKey(record.name)), .text(record.status.rawValue), .integer(record.version),
                    .integer(now.milliseconds),
                ]))
        try changed(record.reference.id, version: record.version, realm: realm, on: connection)
    }

    /// Who has these names, by name key; at most `Statement.listLimit` keys at once.
    public static func find(
        nameKeys keys: [String], realm: RealmID, on connection: any Connection
    ) throws -> [String: PrincipalRecord] {
        guard !keys.isEmpty else { return [:] }
        var statement = Statement("SELECT id, kind, name, status, version, name_key FROM principal WHERE realm_id = ")
        statement.bind(.text(realm.text))
        statement.append(" AND name_key IN ")
        statement.bindList(keys.map { .text($0) })
        let found = try connection.rows(statement) { ($0.text(5), try record($0)) }
        return Dictionary(found) { first, _ in first }
    }

    private static let rows = RowInsert(
        """
        INSERT INTO principal (realm_id, id, kind, store_id, name, name_key, status, version, created_at, updated_at) VALUES
        """, width: 10)

    /// As `insert`, for many at once.
    public static func insert(
        _ records: [PrincipalRecord], store: String, realm: RealmID, at now: Timestamp, on connection: any Connection
    ) throws {
        var values: [SQLValue] = []
        values.reserveCapacity(records.count * 10)
        for record in records {
            values += [
                .text(realm.text), .text(record.reference.id.text), .text(record.reference.kind.rawValue), .text(store),
                .text(record.name), .text(nameKey(record.name)), .text(record.status.rawValue), .integer(record.version),
                .integer(now.milliseconds), .integer(now.milliseconds),
            ]
        }
        try rows.run(values, on: connection)
        try connection.record(
            records.map { ChangeKey(realm: realm, kind: changeKind, key: $0.reference.id.text, version: $0.version) })
    }

    /// Writes name and status and counts the version up; answers the new version.
    @discardableResult
    public static func update(
        _ record: PrincipalRecord, name: String? = nil, status: PrincipalRecord.Status? = nil, realm: RealmID, at now: Timestamp,
        on connection: any Connection
    ) throws -> Int64 {
        let version = record.version + 1
        let newName = name ?? record.name
        try connection.run(
            Statement(
                """
                UPDATE principal SET name = $1, name_key = $2, status = $3, version = $4, updated_at = $5
                WHERE realm_id = $6 AND id = $7
                """,
                [
                    .text(newName), .text(nameKey(newName)), .text((status ?? record.status).rawValue), .integer(version),
                    .integer(now.milliseconds), .text(realm.text), .text(record.reference.id.text),
                ]))
        try changed(record.reference.id, version: version, realm: realm, on: connection)
        return version
    }

    /// Removes the principal and what was granted to it.
    public static func delete(_ record: PrincipalRecord, realm: RealmID, on connection: any Connection) throws {
        try AssignmentTable.deleteAll(of: record.reference, realm: realm, on: connection)
        try AuthorizationTable.deleteAll(of: record.reference, realm: realm, on: connection)
        try Memberships.deleteAll(of: record.reference, realm: realm, on: connection)
        try connection.run(
            Statement(
                "DELETE FROM principal WHERE realm_id = $1 AND id = $2", [.text(realm.text), .text(record.reference.id.text)]))
        try changed(record.reference.id, version: 0, realm: realm, on: connection)
    }

    /// The kind of a principal's lines in the change feed.
    public static let changeKind = "principal"

    private static func changed(_ id: EntityID, version: Int64, realm: RealmID, on connection: any Connection) throws {
        try connection.record(ChangeKey(realm: realm, kind: changeKind, key: id.text, version: version))
    }

    private static func record(_ row: any Row) throws -> PrincipalRecord {
        guard let kind = PrincipalKind(rawValue: row.text(1)), let status = PrincipalRecord.Status(rawValue: row.text(3)) else {
            throw StorageError.damaged("a principal of unknown kind or status")
        }
        return PrincipalRecord(
            reference: PrincipalReference(kind: kind, id: EntityID(trusted: row.text(0))), name: row.text(2), status: status,
            version: row.integer(4))
    }
}
