public import Access
public import Model
public import Storage

/// Permissions granted to a principal or a group directly, without a role.
public struct Authorization: Sendable, Hashable {
    public let id: EntityID
    public var permissions: [Permission]
    public var terms: GrantTerms
    public let origin: GrantOrigin

    public init(id: EntityID, permissions: [Permission], terms: GrantTerms, origin: GrantOrigin) {
        self.id = id
        self.permissions = permissions
        self.terms = terms
        self.origin = origin
    }
}

/// The rows of authorizations; no rules, no permissions.
public enum AuthorizationTable {
    static let columns: SQL =
        """
        z.id, z.principal_kind, z.principal_id, z.permissions, z.scope_kind, z.scope_id, z.valid_from, z.expires_at, z.reason,
        z.source, z.granted_by, z.created_at, z.version
        """
    static let columnCount = 13

    public static func insert(_ authorization: Authorization, realm: RealmID, on connection: any Connection) throws {
        let scope = ScopeText.columns(authorization.terms.scope)
        try connection.run(
            Statement(
                """
                INSERT INTO direct_authorization (realm_id, id, principal_kind, principal_id, permissions, scope_kind, scope_id,
                    valid_from, expires_at, reason, source, granted_by, version, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13)
                """,
                [
                    .text(realm.text), .text(authorization.id.text), .text(authorization.terms.principal.kind.rawValue),
                    .text(authorization.terms.principal.id.text), .text(PermissionText.json(authorization.permissions).text),
                    .text(scope.kind), .text(scope.id), .optional(authorization.terms.validFrom?.milliseconds),
                    .optional(authorization.terms.expiresAt?.milliseconds), .text(authorization.terms.reason),
                    .text(authorization.origin.source), .text(authorization.origin.grantedBy),
                    .integer(authorization.origin.createdAt.milliseconds),
                ]))
        try AssignmentTable.changed(authorization.terms.principal, realm: realm, on: connection)
    }

    static func find(
        _ id: EntityID, types: @escaping (String) throws -> ResourceType?, realm: RealmID, on connection: any Connection
    ) throws -> Authorization? {
        try connection.first(
            Statement(
                "SELECT " + columns + " FROM direct_authorization z WHERE z.realm_id = $1 AND z.id = $2",
                [.text(realm.text), .text(id.text)])
        ) { try authorization($0, types) }
    }

    static func update(_ authorization: Authorization, realm: RealmID, on connection: any Connection) throws {
        let scope = ScopeText.columns(authorization.terms.scope)
        try connection.run(
            Statement(
                """
                UPDATE direct_authorization SET permissions = $3, scope_kind = $4, scope_id = $5, valid_from = $6,
                    expires_at = $7, reason = $8, version = version + 1
                WHERE realm_id = $1 AND id = $2
                """,
                [
                    .text(realm.text), .text(authorization.id.text), .text(PermissionText.json(authorization.permissions).text),
                    .text(scope.kind), .text(scope.id), .optional(authorization.terms.validFrom?.milliseconds),
                    .optional(authorization.terms.expiresAt?.milliseconds), .text(authorization.terms.reason),
                ]))
        try AssignmentTable.changed(authorization.terms.principal, realm: realm, on: connection)
    }

    static func delete(_ authorization: Authorization, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                "DELETE FROM direct_authorization WHERE realm_id = $1 AND id = $2",
                [.text(realm.text), .text(authorization.id.text)]))
        try AssignmentTable.changed(authorization.terms.principal, realm: realm, on: connection)
    }

    static func deleteAll(of principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws {
        let removed = try connection.run(
            Statement(
                "DELETE FROM direct_authorization WHERE realm_id = $1 AND principal_id = $2 AND principal_kind = $3",
                [.text(realm.text), .text(principal.id.text), .text(principal.kind.rawValue)]))
        if removed > 0 { try AssignmentTable.changed(principal, realm: realm, on: connection) }
    }

    static func deleteAll(scopedToGroup group: EntityID, realm: RealmID, on connection: any Connection) throws {
        let holders = try connection.rows(
            Statement(
                """
                DELETE FROM direct_authorization WHERE realm_id = $1 AND scope_kind = 'group' AND scope_id = $2
                RETURNING principal_kind, principal_id
                """, [.text(realm.text), .text(group.text)])
        ) { $0.text(0) + ":" + $0.text(1) }
        try connection.record(
            Set(holders).sorted().map {
                ChangeKey(realm: realm, kind: AssignmentTable.changeKind, key: $0, version: 1)
            })
    }

    /// How many reach the members of a group.
    public static func count(overMembersOf group: EntityID, realm: RealmID, on connection: any Connection) throws -> Int {
        try connection.first(
            Statement(
                "SELECT COUNT(*) FROM direct_authorization WHERE realm_id = $1 AND scope_kind = 'group' AND scope_id = $2",
                [.text(realm.text), .text(group.text)])
        ) { Int($0.integer(0)) } ?? 0
    }

    public static func count(of principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws -> Int {
        try connection.first(
            Statement(
                "SELECT COUNT(*) FROM direct_authorization WHERE realm_id = $1 AND principal_id = $2",
                [.text(realm.text), .text(principal.id.text)])
        ) { Int($0.integer(0)) } ?? 0
    }

    /// Whether some authorization names the resource type.
    static func names(type: String, realm: RealmID, on connection: any Connection) throws -> Bool {
        let part = "%" + Listing.escapeLike("\"resourceType\":" + JSONValue.string(type).text) + "%"
        return try connection.first(
            Statement(
                "SELECT 1 FROM direct_authorization WHERE realm_id = $1 AND permissions LIKE $2 ESCAPE '\\' LIMIT 1",
                [.text(realm.text), .text(part)])
        ) { _ in true } ?? false
    }

    static func authorization(_ row: any Row, _ types: @escaping (String) throws -> ResourceType?) throws -> Authorization {
        Authorization(
            id: EntityID(trusted: row.text(0)), permissions: try PermissionText.stored(row.text(3), types: types),
            terms: try GrantColumns.terms(row), origin: GrantColumns.origin(row))
    }
}
