public import Access
public import Model
public import Storage

/// Roles given to principals. Only realm-wide assignments of built-in roles exist so far.
public enum RoleAssignments {
    public static let changeKind = "role-assignment"

    public static func insert(
        role: Role, to principal: PrincipalReference, reason: String, grantedBy: String, realm: RealmID, at now: Timestamp,
        on connection: any Connection
    ) throws {
        try connection.run(
            Statement(
                """
                INSERT INTO role_assignment (realm_id, id, principal_kind, principal_id, role_id, scope_kind, scope_id, reason,
                    source, granted_by, version, created_at)
                VALUES ($1, $2, $3, $4, $5, 'realm', '', $6, 'local', $7, 1, $8)
                """,
                [
                    .text(realm.text), .text(EntityID.make(at: now).text), .text(principal.kind.rawValue),
                    .text(principal.id.text), .text(role.id), .text(reason), .text(grantedBy), .integer(now.milliseconds),
                ]))
        try changed(principal, realm: realm, on: connection)
    }

    /// What the principal holds by assignment, read inside the transaction.
    public static func grants(of principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws -> [Grant] {
        try connection.rows(
            Statement(
                """
                SELECT id, role_id, valid_from, expires_at FROM role_assignment
                WHERE realm_id = $1 AND principal_id = $2 AND principal_kind = $3 ORDER BY id
                """,
                [.text(realm.text), .text(principal.id.text), .text(principal.kind.rawValue)])
        ) { row in
            Role.builtIn[row.text(1)].map {
                Grant(
                    assignment: row.text(0), role: $0, validFrom: row.optionalInteger(2), expiresAt: row.optionalInteger(3))
            }
        }.compactMap { $0 }
    }

    /// Which of these users hold anything by assignment; at most `Statement.listLimit` at once. What others hold `grants(of:)`
    /// need not be asked.
    public static func holders(
        among users: [EntityID], realm: RealmID, on connection: any Connection
    ) throws -> Set<EntityID> {
        guard !users.isEmpty else { return [] }
        var statement = Statement("SELECT DISTINCT principal_id FROM role_assignment WHERE realm_id = ")
        statement.bind(.text(realm.text))
        statement.append(" AND principal_kind = 'user' AND principal_id IN ")
        statement.bindList(users.map { .text($0.text) })
        return Set(try connection.rows(statement) { EntityID(trusted: $0.text(0)) })
    }

    public static func count(of principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws -> Int {
        try connection.first(
            Statement(
                "SELECT COUNT(*) FROM role_assignment WHERE realm_id = $1 AND principal_id = $2",
                [.text(realm.text), .text(principal.id.text)])
        ) { Int($0.integer(0)) } ?? 0
    }

    static func deleteAll(of principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws {
        let removed = try connection.run(
            Statement(
                "DELETE FROM role_assignment WHERE realm_id = $1 AND principal_id = $2",
                [.text(realm.text), .text(principal.id.text)]))
        if removed > 0 { try changed(principal, realm: realm, on: connection) }
    }

    /// The feed names the holder, because snapshots are indexed by subject.
    private static func changed(_ principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws {
        try connection.record(
            ChangeKey(realm: realm, kind: changeKind, key: "\(principal.kind.rawValue):\(principal.id.text)", version: 1))
    }

    static func holder(ofChange key: String) -> PrincipalReference? {
        let parts = key.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let kind = PrincipalKind(rawValue: String(parts[0])), let id = EntityID(parts[1]) else {
            return nil
        }
        return PrincipalReference(kind: kind, id: id)
    }
}
