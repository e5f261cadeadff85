import Access
public import Model
public import Storage

/// Where the attributes of principals are read; the room above that keeps them hands it in.
///
/// - Parameters:
///   - ids: whose, at most `Statement.listLimit`; `nil`: everybody's.
///   - body: gets those who have any, as JSON.
public typealias AttributeSource =
    @Sendable (
        _ ids: [EntityID]?, _ realm: RealmID, _ connection: any Connection, _ body: (EntityID, String) throws -> Void
    ) throws -> Void

/// Reads what the decision engine knows from the tables.
struct FactTables {
    let realm: RealmID
    let attributes: AttributeSource
    let connection: any Connection

    /// What was granted to one holder, and the groups it is in.
    struct Holding {
        var grants: [Grant] = []
        var groups: [String] = []
    }

    /// One row: `a` an assignment, `z` an authorization, `m` a membership.
    static let columns: SQL =
        """
        SELECT 'a' AS tag, principal_kind AS kind, principal_id AS holder, id, role_id AS given, scope_kind, scope_id,
            valid_from, expires_at
        FROM role_assignment WHERE realm_id = $1
        """
    static let authorizationColumns: SQL =
        """
        SELECT 'z', principal_kind, principal_id, id, permissions, scope_kind, scope_id, valid_from, expires_at
        FROM direct_authorization WHERE realm_id = $1
        """
    private static let membershipColumns: SQL =
        "SELECT 'm', member_kind, member_id, group_id, '', '', '', NULL, NULL FROM membership WHERE realm_id = $1"

    private static let ofOne: SQL =
        columns + " AND principal_id = $2 UNION ALL " + authorizationColumns + " AND principal_id = $2 UNION ALL "
        + membershipColumns + " AND member_id = $2 ORDER BY 1, 4"

    private static let ofAll: SQL = columns + " UNION ALL " + authorizationColumns + " UNION ALL " + membershipColumns

    /// What one principal or group holds.
    func holding(of subject: Subject, types: @escaping (String) throws -> ResourceType?) throws -> Holding {
        var holding = Holding()
        try connection.each(Statement(Self.ofOne, [.text(realm.text), .text(subject.id)])) { row in
            if row.text(1) == subject.kind { try Self.add(row, to: &holding, types) }
            return true
        }
        return holding
    }

    /// What everybody holds, by holder.
    func holdings(types: @escaping (String) throws -> ResourceType?) throws -> [Subject: Holding] {
        var holdings: [Subject: Holding] = [:]
        // The same permissions are written many times over; each text is read once.
        var parsed: [String: [Permission]] = [:]
        try connection.each(Statement(Self.ofAll, [.text(realm.text)])) { row in
            try Self.add(row, to: &holdings[Subject(kind: row.text(1), id: row.text(2)), default: Holding()], types, &parsed)
            return true
        }
        return holdings
    }

    static func add(_ row: any Row, to holding: inout Holding, _ types: @escaping (String) throws -> ResourceType?) throws {
        var parsed: [String: [Permission]] = [:]
        try add(row, to: &holding, types, &parsed)
    }

    private static func add(
        _ row: any Row, to holding: inout Holding, _ types: @escaping (String) throws -> ResourceType?,
        _ parsed: inout [String: [Permission]]
    ) throws {
        let id = row.text(3)
        if row.text(0) == "m" {
            holding.groups.append(id)
            return
        }
        let kind: Grant.Kind
        if row.text(0) == "a" {
            kind = .role(row.text(4))
        } else {
            let text = row.text(4)
            let permissions = try parsed[text] ?? PermissionText.stored(text, types: types)
            if parsed.count < 10_000 { parsed[text] = permissions }
            kind = .permissions(permissions)
        }
        holding.grants.append(
            Grant(
                id: id, kind: kind, scope: try ScopeText.scope(kind: row.text(5), id: row.text(6)),
                validFrom: row.optionalInteger(7), expiresAt: row.optionalInteger(8)))
    }

    // MARK: Principals and groups

    private static let principalColumns: SQL = "SELECT id, kind, name, status, organization_id FROM principal WHERE realm_id = $1"

    func principal(_ subject: Subject, types: @escaping (String) throws -> ResourceType?) throws -> PrincipalFacts? {
        try principals([subject.id], types: types).first { $0.subject == subject }
    }

    /// At most `Statement.listLimit` at once.
    func principals(_ ids: [String], types: @escaping (String) throws -> ResourceType?) throws -> [PrincipalFacts] {
        guard !ids.isEmpty else { return [] }
        var statement = Statement(Self.principalColumns, [.text(realm.text)])
        statement.append(" AND id IN ")
        statement.bindList(ids.map { .text($0) })
        let rows = try connection.rows(statement) { row in
            (id: row.text(0), kind: row.text(1), name: row.text(2), status: row.text(3), organization: row.optionalText(4))
        }
        guard !rows.isEmpty else { return [] }
        let attributes = try attributes(of: rows.map { EntityID(trusted: $0.id) })
        return try rows.map { row in
            let subject = Subject(kind: row.kind, id: row.id)
            let holding = try holding(of: subject, types: types)
            return PrincipalFacts(
                subject: subject, name: row.name, isActive: row.status == PrincipalRecord.Status.active.rawValue,
                groups: holding.groups, attributes: attributes[row.id] ?? [:], organization: row.organization,
                holdings: holding.grants.isEmpty ? .none : Holdings(holding.grants))
        }
    }

    /// Every principal, one by one, with what it holds.
    func eachPrincipal(_ holdings: [Subject: Holding], _ body: (PrincipalFacts) -> Void) throws {
        let attributes = try attributes(of: nil)
        try connection.each(Statement(Self.principalColumns, [.text(realm.text)])) { row in
            let subject = Subject(kind: row.text(1), id: row.text(0))
            let holding = holdings[subject]
            body(
                PrincipalFacts(
                    subject: subject, name: row.text(2), isActive: row.text(3) == PrincipalRecord.Status.active.rawValue,
                    groups: holding?.groups ?? [], attributes: attributes[subject.id] ?? [:], organization: row.optionalText(4),
                    holdings: holding.map { $0.grants.isEmpty ? .none : Holdings($0.grants) } ?? .none))
            return true
        }
    }

    private func attributes(of ids: [EntityID]?) throws -> [String: [String: AttributeValue]] {
        var found: [String: [String: AttributeValue]] = [:]
        try attributes(ids, realm, connection) { id, text in
            guard let object = try JSONValue(parsing: text.utf8).object else { return }
            found[id.text] = AttributeValue.attributes(object)
        }
        return found
    }

    func group(_ id: String, types: @escaping (String) throws -> ResourceType?) throws -> GroupFacts? {
        let name = try connection.first(
            Statement("SELECT name FROM principal_group WHERE realm_id = $1 AND id = $2", [.text(realm.text), .text(id)])
        ) { $0.text(0) }
        guard let name else { return nil }
        let holding = try holding(of: Subject(kind: Subject.groupKind, id: id), types: types)
        return GroupFacts(id: id, name: name, groups: holding.groups, holdings: Holdings(holding.grants))
    }

    func groups(_ holdings: [Subject: Holding]) throws -> [GroupFacts] {
        try connection.rows(Statement("SELECT id, name FROM principal_group WHERE realm_id = $1", [.text(realm.text)])) { row in
            let holding = holdings[Subject(kind: Subject.groupKind, id: row.text(0))] ?? Holding()
            return GroupFacts(
                id: row.text(0), name: row.text(1), groups: holding.groups, holdings: Holdings(holding.grants))
        }
    }

    // MARK: Types, roles, resources

    private static let typeColumns: SQL =
        "SELECT id, name, syntax, actions, properties FROM resource_type WHERE realm_id = $1"

    func type(_ id: String) throws -> ResourceType? {
        if let known = ResourceType.builtIn[id] { return known }
        return try connection.first(Statement(Self.typeColumns + " AND id = $2", [.text(realm.text), .text(id)]), Self.type)
    }

    func types() throws -> [ResourceType] {
        try connection.rows(Statement(Self.typeColumns, [.text(realm.text)]), Self.type)
    }

    private static func type(_ row: any Row) throws -> ResourceType {
        guard let syntax = Syntax(rawValue: row.text(2)) else { throw StorageDamage.resourceType }
        return ResourceType(
            id: row.text(0), name: row.text(1), plane: .runtime, syntax: syntax,
            actions: try TypeText.actions(stored: row.text(3)), properties: try TypeText.strings(stored: row.text(4)))
    }

    private static let roleColumns: SQL =
        "SELECT id, name, description, permissions, includes FROM role WHERE realm_id = $1"

    func role(_ id: String, types: @escaping (String) throws -> ResourceType?) throws -> Role? {
        if let known = Role.builtIn[id] { return known }
        return try connection.first(Statement(Self.roleColumns + " AND id = $2", [.text(realm.text), .text(id)])) {
            try Self.role($0, types)
        }
    }

    func roles(types: @escaping (String) throws -> ResourceType?) throws -> [Role] {
        try connection.rows(Statement(Self.roleColumns, [.text(realm.text)])) { try Self.role($0, types) }
    }

    private static func role(_ row: any Row, _ types: @escaping (String) throws -> ResourceType?) throws -> Role {
        Role(
            id: row.text(0), name: row.text(1), description: row.text(2),
            permissions: try PermissionText.stored(row.text(3), types: types),
            includes: try TypeText.strings(stored: row.text(4)))
    }

    func resource(type: String, id: String) throws -> ResourceFacts? {
        try connection.first(
            Statement(
                "SELECT organization, properties FROM resource WHERE realm_id = $1 AND type_id = $2 AND id = $3",
                [.text(realm.text), .text(type), .text(id)])
        ) { try Self.resource($0.text(0), $0.text(1)) }
    }

    func eachResource(_ body: (_ type: String, _ id: String, ResourceFacts) -> Void) throws {
        try connection.each(
            Statement(
                "SELECT organization, properties, type_id, id FROM resource WHERE realm_id = $1", [.text(realm.text)])
        ) { row in
            body(row.text(2), row.text(3), try Self.resource(row.text(0), row.text(1)))
            return true
        }
    }

    private static func resource(_ organization: String, _ properties: String) throws -> ResourceFacts {
        ResourceFacts(
            organization: organization.isEmpty ? nil : organization,
            properties: properties == "{}"
                ? [:] : AttributeValue.attributes(try JSONValue(parsing: properties.utf8).object ?? JSONObject()))
    }
}
