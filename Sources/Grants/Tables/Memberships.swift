public import Model
public import Storage

/// A named set of principals and other groups.
public struct Group: Sendable, Hashable {
    public let id: EntityID
    public var name: String
    public var description: String
    /// `local`, later `mapped`, `scim`.
    public let source: String
    public let createdAt: Timestamp
    public var updatedAt: Timestamp
    public var version: Int64

    public init(
        id: EntityID, name: String, description: String, source: String = "local", createdAt: Timestamp, updatedAt: Timestamp,
        version: Int64 = 1
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.source = source
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }
}

/// The rows of groups; no rules, no permissions.
public enum GroupTable {
    public static let columns: SQL =
        "g.id, g.name, g.description, g.source, g.created_at, g.updated_at, g.version"
    public static let columnCount = 7

    public static func nameKey(_ name: String) -> String { Principals.nameKey(name) }

    public static func group(_ row: any Row) -> Group {
        Group(
            id: EntityID(trusted: row.text(0)), name: row.text(1), description: row.text(2), source: row.text(3),
            createdAt: Timestamp(milliseconds: row.integer(4)), updatedAt: Timestamp(milliseconds: row.integer(5)),
            version: row.integer(6))
    }

    public static func find(_ id: EntityID, realm: RealmID, on connection: any Connection) throws -> Group? {
        try connection.first(
            Statement(
                "SELECT " + columns + " FROM principal_group g WHERE g.realm_id = $1 AND g.id = $2",
                [.text(realm.text), .text(id.text)]), group)
    }

    public static func find(named name: String, realm: RealmID, on connection: any Connection) throws -> Group? {
        guard !name.utf8.contains(0) else { return nil }
        return try connection.first(
            Statement(
                "SELECT " + columns + " FROM principal_group g WHERE g.realm_id = $1 AND g.name_key = $2",
                [.text(realm.text), .text(nameKey(name))]), group)
    }

    public static func insert(_ group: Group, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                """
                INSERT INTO principal_group (realm_id, id, name, name_key, description, source, version, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
                """,
                [
                    .text(realm.text), .text(group.id.text), .text(group.name), .text(nameKey(group.name)),
                    .text(group.description), .text(group.source), .integer(group.version),
                    .integer(group.createdAt.milliseconds),
                ]))
        try changed(group.id, version: group.version, realm: realm, on: connection)
    }

    public static func update(_ group: Group, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                """
                UPDATE principal_group SET name = $3, name_key = $4, description = $5, version = $6, updated_at = $7
                WHERE realm_id = $1 AND id = $2
                """,
                [
                    .text(realm.text), .text(group.id.text), .text(group.name), .text(nameKey(group.name)),
                    .text(group.description), .integer(group.version), .integer(group.updatedAt.milliseconds),
                ]))
        try changed(group.id, version: group.version, realm: realm, on: connection)
    }

    /// Removes the group, its memberships, what was granted to it and what reaches its members.
    public static func delete(_ id: EntityID, realm: RealmID, on connection: any Connection) throws {
        let reference = PrincipalReference(kind: .group, id: id)
        try AssignmentTable.deleteAll(of: reference, realm: realm, on: connection)
        try AuthorizationTable.deleteAll(of: reference, realm: realm, on: connection)
        try AssignmentTable.deleteAll(scopedToGroup: id, realm: realm, on: connection)
        try AuthorizationTable.deleteAll(scopedToGroup: id, realm: realm, on: connection)
        try Memberships.deleteAll(of: reference, realm: realm, on: connection)
        try Memberships.deleteAll(in: id, realm: realm, on: connection)
        try connection.run(
            Statement("DELETE FROM principal_group WHERE realm_id = $1 AND id = $2", [.text(realm.text), .text(id.text)]))
        try changed(id, version: 0, realm: realm, on: connection)
    }

    private static func changed(_ id: EntityID, version: Int64, realm: RealmID, on connection: any Connection) throws {
        try connection.record(
            ChangeKey(realm: realm, kind: SnapshotLoader.ChangeKind.group, key: id.text, version: version))
    }
}

/// Who is in which group; the rows only.
public enum Memberships {
    /// False when it was there already.
    public static func insert(
        _ member: PrincipalReference, in group: EntityID, source: String = "local", realm: RealmID, at now: Timestamp,
        on connection: any Connection
    ) throws -> Bool {
        let added = try connection.run(
            Statement(
                """
                INSERT INTO membership (realm_id, group_id, member_kind, member_id, source, created_at)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (realm_id, group_id, member_kind, member_id) DO NOTHING
                """,
                [
                    .text(realm.text), .text(group.text), .text(member.kind.rawValue), .text(member.id.text), .text(source),
                    .integer(now.milliseconds),
                ]))
        guard added > 0 else { return false }
        try changed([member], realm: realm, on: connection)
        return true
    }

    /// False when it was not there.
    public static func delete(
        _ member: PrincipalReference, from group: EntityID, realm: RealmID, on connection: any Connection
    ) throws -> Bool {
        let removed = try connection.run(
            Statement(
                "DELETE FROM membership WHERE realm_id = $1 AND group_id = $2 AND member_kind = $3 AND member_id = $4",
                [.text(realm.text), .text(group.text), .text(member.kind.rawValue), .text(member.id.text)]))
        guard removed > 0 else { return false }
        try changed([member], realm: realm, on: connection)
        return true
    }

    public static func contains(
        _ member: PrincipalReference, in group: EntityID, realm: RealmID, on connection: any Connection
    ) throws -> Bool {
        try connection.first(
            Statement(
                "SELECT 1 FROM membership WHERE realm_id = $1 AND group_id = $2 AND member_kind = $3 AND member_id = $4",
                [.text(realm.text), .text(group.text), .text(member.kind.rawValue), .text(member.id.text)])
        ) { _ in true } ?? false
    }

    /// The groups a principal or group is itself in.
    public static func groups(of member: PrincipalReference, realm: RealmID, on connection: any Connection) throws -> [EntityID] {
        try connection.rows(
            Statement(
                "SELECT group_id FROM membership WHERE realm_id = $1 AND member_id = $2 AND member_kind = $3 ORDER BY group_id",
                [.text(realm.text), .text(member.id.text), .text(member.kind.rawValue)])
        ) { EntityID(trusted: $0.text(0)) }
    }

    /// How many are in the group itself.
    public static func count(in group: EntityID, realm: RealmID, on connection: any Connection) throws -> Int {
        try connection.first(
            Statement(
                "SELECT COUNT(*) FROM membership WHERE realm_id = $1 AND group_id = $2", [.text(realm.text), .text(group.text)])
        ) { Int($0.integer(0)) } ?? 0
    }

    static func deleteAll(of member: PrincipalReference, realm: RealmID, on connection: any Connection) throws {
        let removed = try connection.run(
            Statement(
                "DELETE FROM membership WHERE realm_id = $1 AND member_id = $2 AND member_kind = $3",
                [.text(realm.text), .text(member.id.text), .text(member.kind.rawValue)]))
        if removed > 0 { try changed([member], realm: realm, on: connection) }
    }

    static func deleteAll(in group: EntityID, realm: RealmID, on connection: any Connection) throws {
        let members = try connection.rows(
            Statement(
                "DELETE FROM membership WHERE realm_id = $1 AND group_id = $2 RETURNING member_kind, member_id",
                [.text(realm.text), .text(group.text)])
        ) { $0.text(0) + ":" + $0.text(1) }
        try connection.record(
            members.map { ChangeKey(realm: realm, kind: SnapshotLoader.ChangeKind.membership, key: $0, version: 1) })
    }

    private static func changed(_ members: [PrincipalReference], realm: RealmID, on connection: any Connection) throws {
        try connection.record(
            members.map { member in
                ChangeKey(
                    realm: realm, kind: SnapshotLoader.ChangeKind.membership, key: "\(member.kind.rawValue):\(member.id.text)",
                    version: 1)
            })
    }
}
