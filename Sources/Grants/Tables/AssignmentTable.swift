import Access
public import Model
public import Storage

/// A role given to a principal or a group.
public struct RoleAssignment: Sendable, Hashable {
    public let id: EntityID
    public var role: String
    public var terms: GrantTerms
    public let origin: GrantOrigin

    public init(id: EntityID, role: String, terms: GrantTerms, origin: GrantOrigin) {
        self.id = id
        self.role = role
        self.terms = terms
        self.origin = origin
    }
}

/// The rows of role assignments; no rules, no permissions.
public enum AssignmentTable {
    /// Of the lines in the change feed that name a holder (`kind:id`): what it was granted has changed.
    public static let changeKind = "role-assignment"

    static let columns: SQL =
        """
        r.id, r.principal_kind, r.principal_id, r.role_id, r.scope_kind, r.scope_id, r.valid_from, r.expires_at, r.reason,
        r.source, r.granted_by, r.created_at, r.version
        """
    static let columnCount = 13

    public static func insert(_ assignment: RoleAssignment, realm: RealmID, on connection: any Connection) throws {
        let scope = ScopeText.columns(assignment.terms.scope)
        try connection.run(
            Statement(
                """
                INSERT INTO role_assignment (realm_id, id, principal_kind, principal_id, role_id, scope_kind, scope_id, valid_from,
                    expires_at, reason, source, granted_by, version, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13)
                """,
                [
                    .text(realm.text), .text(assignment.id.text), .text(assignment.terms.principal.kind.rawValue),
                    .text(assignment.terms.principal.id.text), .text(assignment.role), .text(scope.kind), .text(scope.id),
                    .optional(assignment.terms.validFrom?.milliseconds), .optional(assignment.terms.expiresAt?.milliseconds),
                    .text(assignment.terms.reason), .text(assignment.origin.source), .text(assignment.origin.grantedBy),
                    .integer(assignment.origin.createdAt.milliseconds),
                ]))
        try changed(assignment.terms.principal, realm: realm, on: connection)
    }

    static func find(_ id: EntityID, realm: RealmID, on connection: any Connection) throws -> RoleAssignment? {
        try connection.first(
            Statement(
                "SELECT " + columns + " FROM role_assignment r WHERE r.realm_id = $1 AND r.id = $2",
                [.text(realm.text), .text(id.text)]), assignment)
    }

    static func update(_ assignment: RoleAssignment, realm: RealmID, on connection: any Connection) throws {
        let scope = ScopeText.columns(assignment.terms.scope)
        try connection.run(
            Statement(
                """
                UPDATE role_assignment SET role_id = $3, scope_kind = $4, scope_id = $5, valid_from = $6, expires_at = $7,
                    reason = $8, version = version + 1
                WHERE realm_id = $1 AND id = $2
                """,
                [
                    .text(realm.text), .text(assignment.id.text), .text(assignment.role), .text(scope.kind), .text(scope.id),
                    .optional(assignment.terms.validFrom?.milliseconds), .optional(assignment.terms.expiresAt?.milliseconds),
                    .text(assignment.terms.reason),
                ]))
        try changed(assignment.terms.principal, realm: realm, on: connection)
    }

    static func delete(_ assignment: RoleAssignment, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                "DELETE FROM role_assignment WHERE realm_id = $1 AND id = $2",
                [.text(realm.text), .text(assignment.id.text)]))
        try changed(assignment.terms.principal, realm: realm, on: connection)
    }

    /// Removes every assignment of a role.
    static func deleteAll(ofRole role: String, realm: RealmID, on connection: any Connection) throws {
        try deleted(
            Statement(
                "DELETE FROM role_assignment WHERE realm_id = $1 AND role_id = $2 RETURNING principal_kind, principal_id",
                [.text(realm.text), .text(role)]), realm, connection)
    }

    /// Removes every assignment that reaches the members of a group.
    static func deleteAll(scopedToGroup group: EntityID, realm: RealmID, on connection: any Connection) throws {
        try deleted(
            Statement(
                """
                DELETE FROM role_assignment WHERE realm_id = $1 AND scope_kind = 'group' AND scope_id = $2
                RETURNING principal_kind, principal_id
                """, [.text(realm.text), .text(group.text)]), realm, connection)
    }

    static func deleteAll(of principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws {
        try deleted(
            Statement(
                """
                DELETE FROM role_assignment WHERE realm_id = $1 AND principal_id = $2 AND principal_kind = $3
                RETURNING principal_kind, principal_id
                """, [.text(realm.text), .text(principal.id.text), .text(principal.kind.rawValue)]), realm, connection)
    }

    private static func deleted(_ statement: Statement, _ realm: RealmID, _ connection: any Connection) throws {
        let holders = Set(try connection.rows(statement) { $0.text(0) + ":" + $0.text(1) })
        try connection.record(
            holders.sorted().map { ChangeKey(realm: realm, kind: changeKind, key: $0, version: 1) })
    }

    /// How many reach the members of a group.
    public static func count(overMembersOf group: EntityID, realm: RealmID, on connection: any Connection) throws -> Int {
        try connection.first(
            Statement(
                "SELECT COUNT(*) FROM role_assignment WHERE realm_id = $1 AND scope_kind = 'group' AND scope_id = $2",
                [.text(realm.text), .text(group.text)])
        ) { Int($0.integer(0)) } ?? 0
    }

    public static func count(of principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws -> Int {
        try connection.first(
            Statement(
                "SELECT COUNT(*) FROM role_assignment WHERE realm_id = $1 AND principal_id = $2",
                [.text(realm.text), .text(principal.id.text)])
        ) { Int($0.integer(0)) } ?? 0
    }

    static func count(ofRole role: String, realm: RealmID, on connection: any Connection) throws -> Int {
        try connection.first(
            Statement(
                "SELECT COUNT(*) FROM role_assignment WHERE realm_id = $1 AND role_id = $2", [.text(realm.text), .text(role)])
        ) { Int($0.integer(0)) } ?? 0
    }

    /// The feed names the holder, because snapshots are indexed by subject.
    static func changed(_ principal: PrincipalReference, realm: RealmID, on connection: any Connection) throws {
        try connection.record(
            ChangeKey(realm: realm, kind: changeKind, key: "\(principal.kind.rawValue):\(principal.id.text)", version: 1))
    }

    static func assignment(_ row: any Row) throws -> RoleAssignment {
        RoleAssignment(
            id: EntityID(trusted: row.text(0)), role: row.text(3), terms: try GrantColumns.terms(row),
            origin: GrantColumns.origin(row))
    }
}

/// The columns both tables of grants have at the same places.
enum GrantColumns {
    static func terms(_ row: any Row) throws -> GrantTerms {
        guard let kind = PrincipalKind(rawValue: row.text(1)) else { throw StorageDamage.scope }
        return GrantTerms(
            principal: PrincipalReference(kind: kind, id: EntityID(trusted: row.text(2))),
            scope: try ScopeText.scope(kind: row.text(4), id: row.text(5)),
            validFrom: row.optionalInteger(6).map { Timestamp(milliseconds: $0) },
            expiresAt: row.optionalInteger(7).map { Timestamp(milliseconds: $0) }, reason: row.text(8))
    }

    static func origin(_ row: any Row) -> GrantOrigin {
        GrantOrigin(
            source: row.text(9), grantedBy: row.text(10), createdAt: Timestamp(milliseconds: row.integer(11)),
            version: row.integer(12))
    }
}
