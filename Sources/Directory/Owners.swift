import Access
import Model
import Storage

/// After every write somebody must be left who can let everybody else in.
enum Owners {
    /// Throws `conflict` unless an active user with a password and an unending realm-wide `owner` remains.
    static func requireOne(realm: RealmID, on connection: any Connection) throws {
        guard try able(realm: realm, limit: 1, on: connection).count == 1 else { throw ServiceError.conflict(lastOne) }
    }

    static let lastOne = "This is the last owner who can sign in. Make somebody else an owner first."

    /// Up to `limit` of those who hold an unending realm-wide `owner`, are active and have a password.
    static func able(realm: RealmID, limit: Int, on connection: any Connection) throws -> Set<EntityID> {
        let found = try connection.rows(
            Statement(
                """
                SELECT DISTINCT p.id FROM role_assignment r
                JOIN principal p ON p.realm_id = r.realm_id AND p.id = r.principal_id
                WHERE r.realm_id = $1 AND r.role_id = $2 AND r.scope_kind = 'realm' AND r.expires_at IS NULL
                    AND p.kind = 'user' AND p.status = 'active'
                    AND EXISTS (SELECT 1 FROM credential c WHERE c.realm_id = p.realm_id AND c.principal_id = p.id)
                LIMIT $3
                """,
                [.text(realm.text), .text(Role.owner.id), .integer(Int64(limit))])
        ) { EntityID(trusted: $0.text(0)) }
        return Set(found)
    }
}
