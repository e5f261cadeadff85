import Access
import Model
import Storage

/// Grants that reach the members of groups, and grants that members of a group hold.
extension FactTables {
    /// What is granted over the members of these groups, whoever holds it.
    func grants(overMembersOf groups: [String], types: @escaping (String) throws -> ResourceType?) throws -> [Grant] {
        var holding = Holding()
        for start in stride(from: 0, to: groups.count, by: Statement.listLimit) {
            let block = groups[start..<min(start + Statement.listLimit, groups.count)].map { SQLValue.text($0) }
            for columns in [Self.columns, Self.authorizationColumns] {
                var statement = Statement(columns, [.text(realm.text)])
                statement.append(" AND scope_kind = 'group' AND scope_id IN ")
                statement.bindList(block)
                try read(statement, into: &holding, types)
            }
        }
        return holding.grants
    }

    /// `inside`: the members of a group, transitively. `above`: every group that one of them is in.
    private static let around: SQL =
        """
        WITH RECURSIVE inside (kind, id) AS (
            SELECT m.member_kind, m.member_id FROM membership m WHERE m.realm_id = $1 AND m.group_id = $2
            UNION
            SELECT m.member_kind, m.member_id FROM inside i
            JOIN membership m ON m.realm_id = $1 AND m.group_id = i.id
            WHERE i.kind = 'group'
        ), above (id) AS (
            SELECT m.group_id FROM inside i
            JOIN membership m ON m.realm_id = $1 AND m.member_kind = i.kind AND m.member_id = i.id
            UNION
            SELECT m.group_id FROM above a
            JOIN membership m ON m.realm_id = $1 AND m.member_kind = 'group' AND m.member_id = a.id
        )
        """

    private static let isAround: SQL =
        """
         AND ((principal_kind = 'group' AND principal_id IN (SELECT a.id FROM above a))
            OR EXISTS (SELECT 1 FROM inside i WHERE i.kind = principal_kind AND i.id = principal_id))
        """

    /// What the members of a group hold, by whatever group, as far as it may read which groups and roles they have.
    ///
    /// - Parameter roles: ids of the roles with such permissions; authorizations are found by their text, some too many.
    func belongingReaders(
        membersOf group: String, roles: [String], types: @escaping (String) throws -> ResourceType?
    ) throws -> [Grant] {
        let values: [SQLValue] = [.text(realm.text), .text(group)]
        var holding = Holding()
        let isRead: SQL = " AND (permissions LIKE '%groups%' OR permissions LIKE '%roles%')"
        // Walking through a group of a million is spared wherever nothing can come of it.
        let any = Statement(
            "SELECT 1 FROM direct_authorization WHERE realm_id = $1" + isRead + " LIMIT 1", [.text(realm.text)])
        if try connection.first(any, { _ in true }) != nil {
            try read(
                Statement(Self.around + " " + Self.authorizationColumns + Self.isAround + isRead, values), into: &holding, types)
        }
        for start in stride(from: 0, to: roles.count, by: Statement.listLimit) {
            var statement = Statement(Self.around + " " + Self.columns + Self.isAround, values)
            statement.append(" AND role_id IN ")
            statement.bindList(roles[start..<min(start + Statement.listLimit, roles.count)].map { .text($0) })
            try read(statement, into: &holding, types)
        }
        return holding.grants
    }

    /// What is granted, whoever holds it, with one of these roles, or in words that name user names.
    func usernameReaders(roles: [String], types: @escaping (String) throws -> ResourceType?) throws -> [Grant] {
        var holding = Holding()
        try read(
            Statement(Self.authorizationColumns + " AND permissions LIKE '%username%'", [.text(realm.text)]), into: &holding,
            types)
        for start in stride(from: 0, to: roles.count, by: Statement.listLimit) {
            var statement = Statement(Self.columns, [.text(realm.text)])
            statement.append(" AND role_id IN ")
            statement.bindList(roles[start..<min(start + Statement.listLimit, roles.count)].map { .text($0) })
            try read(statement, into: &holding, types)
        }
        return holding.grants
    }

    /// The ids of all roles that people made.
    func roleIDs() throws -> [String] {
        try connection.rows(Statement("SELECT id FROM role WHERE realm_id = $1", [.text(realm.text)])) { $0.text(0) }
    }

    private func read(
        _ statement: Statement, into holding: inout Holding, _ types: @escaping (String) throws -> ResourceType?
    ) throws {
        try connection.each(statement) { row in
            try Self.add(row, to: &holding, types)
            return true
        }
    }
}

extension TransactionFacts {
    /// What is granted over the members of these groups, whoever holds it.
    func grants(overMembersOf groups: [String]) throws -> [Grant] {
        try tables.grants(overMembersOf: groups, types: resourceType)
    }

    /// What the members of a group hold, by whatever group, that may read which groups and roles they have.
    func belongingReaders(membersOf group: String) throws -> [Grant] {
        let roles = try tables.roleIDs().filter { id in
            try role(id)?.permissions.contains(where: \.readsBelongings) ?? false
        }
        return try tables.belongingReaders(membersOf: group, roles: roles, types: resourceType)
    }
}

extension Permission {
    /// Whether it counts for somebody may depend on which groups and roles he has.
    var readsBelongings: Bool {
        !subjectAttributes.isDisjoint(with: ["groups", "roles"])
    }
}
