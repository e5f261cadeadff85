import Access
public import Model
public import Storage

/// After every write somebody must be left who can let everybody else in.
public enum LastOwner {
    public static let message = "This is the last owner who can sign in. Make somebody else an owner first."

    /// Throws `conflict` unless an active user with a usable credential and an unending realm-wide `owner` remains.
    public static func require(realm: RealmID, at now: Timestamp, on connection: any Connection) throws {
        guard try able(realm: realm, limit: 1, at: now, on: connection).count == 1 else { throw ServiceError.conflict(message) }
    }

    /// Up to `limit` of those who hold an unending realm-wide `owner`, directly or through groups, are active and have a
    /// credential.
    public static func able(
        realm: RealmID, limit: Int, at now: Timestamp, on connection: any Connection
    ) throws -> Set<EntityID> {
        let found = try connection.rows(
            Statement(
                """
                WITH RECURSIVE holder (kind, id) AS (
                    SELECT r.principal_kind, r.principal_id FROM role_assignment r
                    WHERE r.realm_id = $1 AND r.role_id = $2 AND r.scope_kind = 'realm' AND r.expires_at IS NULL
                        AND (r.valid_from IS NULL OR r.valid_from <= $3)
                    UNION
                    SELECT m.member_kind, m.member_id FROM holder h
                    JOIN membership m ON m.realm_id = $1 AND m.group_id = h.id
                    WHERE h.kind = 'group'
                )
                SELECT DISTINCT p.id FROM holder h
                JOIN principal p ON p.realm_id = $1 AND p.id = h.id
                WHERE h.kind = 'user' AND p.kind = 'user' AND p.status = 'active'
                    AND EXISTS (SELECT 1 FROM credential c WHERE c.realm_id = p.realm_id AND c.principal_id = p.id)
                LIMIT $4
                """,
                [.text(realm.text), .text(Role.owner.id), .integer(now.milliseconds), .integer(Int64(limit))])
        ) { EntityID(trusted: $0.text(0)) }
        return Set(found)
    }
}
