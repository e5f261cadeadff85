import Access
import Model
import Storage

/// A realm's access as planned changes would leave it. Made inside a transaction that only reads.
struct PlannedWorld {
    /// How many holders of a changed role are looked at.
    private static let mostHolders = 1000

    private(set) var snapshot: Snapshot
    /// Whose access may change, in the order of the changes.
    private(set) var affected: [Subject] = []
    /// Whether more are affected than are looked at.
    private(set) var isCut = false
    let time: Timestamp
    let gate: Gate
    let caller: Caller
    private let connection: any Connection
    /// Rows that earlier changes touched; `nil` inside: deleted.
    private var assignments: [EntityID: RoleAssignment?] = [:]
    private var authorizations: [EntityID: Authorization?] = [:]

    init(_ snapshot: Snapshot, gate: Gate, caller: Caller, at time: Timestamp, connection: any Connection) {
        self.snapshot = snapshot
        self.gate = gate
        self.caller = caller
        self.time = time
        self.connection = connection
    }

    /// - Parameter field: what errors name the change by.
    /// - Throws: what the real change would be refused with.
    mutating func apply(_ change: PlannedChange, field: String) throws {
        let parts = change.path.split(separator: "/").map(String.init)
        let value = change.value ?? JSONObject()
        do {
            switch (parts.first, parts.count, change.operation) {
            case ("role-assignments", 1, .create): try createAssignment(value)
            case ("role-assignments", 2, .update): try updateAssignment(parts[1], value)
            case ("role-assignments", 2, .delete): try deleteAssignment(parts[1])
            case ("authorizations", 1, .create): try createAuthorization(value)
            case ("authorizations", 2, .update): try updateAuthorization(parts[1], value)
            case ("authorizations", 2, .delete): try deleteAuthorization(parts[1])
            case ("roles", 1, .create): try createRole(value)
            case ("roles", 2, .update): try updateRole(parts[1], value)
            case ("roles", 2, .delete): try deleteRole(parts[1])
            case ("groups", 2, .delete): try deleteGroup(parts[1])
            case ("groups", 5, .create) where parts[2] == "members": try setMember(parts, isIn: true)
            case ("groups", 5, .delete) where parts[2] == "members": try setMember(parts, isIn: false)
            case ("users", 2, .update), ("services", 2, .update), ("devices", 2, .update):
                try updatePrincipal(parts[0], parts[1], value)
            case ("users", 2, .delete), ("services", 2, .delete), ("devices", 2, .delete):
                let subject = try principal(parts[0], parts[1])
                touch(subject)
                snapshot.set(Optional<PrincipalFacts>.none, for: subject)
            default: throw Self.unknown(change, field)
            }
        } catch ServiceError.invalid(let errors) {
            throw ServiceError.invalid(errors.map { Self.named($0, field) })
        } catch ServiceError.malformed(let text, let errors) {
            throw ServiceError.malformed(text, fields: errors.map { Self.named($0, field) })
        } catch ServiceError.conflict(let text, let errors) {
            throw ServiceError.conflict(text, fields: errors.map { Self.named($0, field) })
        }
    }

    /// What is wrong inside a change's value is said with the way to it.
    private static func named(_ error: FieldError, _ field: String) -> FieldError {
        error.field.hasPrefix("changes.")
            ? error : FieldError(field: "\(field).value.\(error.field)", code: error.code, message: error.message)
    }

    private static func unknown(_ change: PlannedChange, _ field: String) -> ServiceError {
        .invalid([
            FieldError(
                field: "\(field).path", code: "invalid",
                message: """
                    To \(change.operation.rawValue) \(change.path.prefix(200)) cannot be tried out. Known are /role-assignments, \
                    /authorizations, /roles, /groups/ID/members/KIND/ID, and /users/ID to update or delete.
                    """)
        ])
    }

    private mutating func touch(_ holder: Subject) {
        if !affected.contains(holder) { affected.append(holder) }
    }

    /// How many principals are in a group, transitively; `nil` for a principal, and for more than are counted.
    func memberCount(of holder: Subject) throws -> Int? {
        guard holder.kind == Subject.groupKind else { return nil }
        var statement = Statement("SELECT COUNT(*) FROM (SELECT DISTINCT m.member_id FROM membership m WHERE m.realm_id = ")
        statement.bind(.text(caller.realm.text))
        statement.append(" AND m.member_kind <> 'group' AND ")
        try statement.append(
            .ids(snapshot.descendants(of: holder.id)), ScopeColumns(id: "m.group_id"), realm: .text(caller.realm.text))
        statement.append(" LIMIT ", .integer(Int64(AccessSimulation.memberLimit) + 1))
        statement.append(") AS counted")
        let count = try connection.first(statement) { Int($0.integer(0)) } ?? 0
        return count > AccessSimulation.memberLimit ? nil : count
    }

    // MARK: Role assignments

    private mutating func createAssignment(_ value: JSONObject) throws {
        var reader = PlannedValue(value, types: snapshot.resourceType)
        let role = reader.text("role")
        let terms = try reader.terms()
        var problems = problems(of: terms, isNew: true)
        if let role, snapshot.role(role) == nil { problems.append(RoleAssignments.absent(role)) }
        if role == nil {
            problems.append(FieldError(field: "role", code: "required", message: "This field is required."))
        }
        try reader.finish(problems)
        guard let role, let terms else { throw ServiceError.invalid(problems) }
        let new = RoleAssignment(
            id: EntityID.make(at: time), role: role, terms: terms, origin: GrantOrigin(grantedBy: "", createdAt: time))
        put(new.grant, for: terms.principal)
    }

    private mutating func updateAssignment(_ id: String, _ value: JSONObject) throws {
        var assignment = try assignment(id)
        var reader = PlannedValue(value, types: snapshot.resourceType)
        let role = reader.text("role")
        try reader.termsPatch().apply(to: &assignment.terms)
        var problems = problems(of: assignment.terms, isNew: false)
        if let role {
            if snapshot.role(role) == nil { problems.append(RoleAssignments.absent(role)) }
            assignment.role = role
        }
        try reader.finish(problems)
        assignments[assignment.id] = assignment
        put(assignment.grant, for: assignment.terms.principal)
    }

    private mutating func deleteAssignment(_ id: String) throws {
        let assignment = try assignment(id)
        assignments[assignment.id] = .some(nil)
        remove(assignment.grant, of: assignment.terms.principal)
    }

    private func assignment(_ text: String) throws -> RoleAssignment {
        guard let id = EntityID(text), try gate.permits(.assignmentRead, on: id.text, caller: caller) else {
            throw ServiceError.notFound
        }
        let found = try assignments[id] ?? AssignmentTable.find(id, realm: caller.realm, on: connection)
        guard let found else { throw ServiceError.notFound }
        return found
    }

    // MARK: Authorizations

    private mutating func createAuthorization(_ value: JSONObject) throws {
        var reader = PlannedValue(value, types: snapshot.resourceType)
        let permissions = try reader.permissions("permissions", allowsScopes: false) ?? []
        let terms = try reader.terms()
        try reader.finish(problems(of: terms, isNew: true) + Self.problems(of: permissions, reader))
        guard let terms else { throw ServiceError.invalid([]) }
        let new = Authorization(
            id: EntityID.make(at: time), permissions: permissions, terms: terms,
            origin: GrantOrigin(grantedBy: "", createdAt: time))
        put(new.grant, for: terms.principal)
    }

    private mutating func updateAuthorization(_ id: String, _ value: JSONObject) throws {
        var authorization = try authorization(id)
        var reader = PlannedValue(value, types: snapshot.resourceType)
        try reader.termsPatch().apply(to: &authorization.terms)
        var problems = problems(of: authorization.terms, isNew: false)
        if let permissions = try reader.permissions("permissions", allowsScopes: false) {
            problems += Self.problems(of: permissions, reader)
            authorization.permissions = permissions
        }
        try reader.finish(problems)
        authorizations[authorization.id] = authorization
        put(authorization.grant, for: authorization.terms.principal)
    }

    private mutating func deleteAuthorization(_ id: String) throws {
        let authorization = try authorization(id)
        authorizations[authorization.id] = .some(nil)
        remove(authorization.grant, of: authorization.terms.principal)
    }

    private func authorization(_ text: String) throws -> Authorization {
        guard let id = EntityID(text), try gate.permits(.authorizationRead, on: id.text, caller: caller) else {
            throw ServiceError.notFound
        }
        let types = { [snapshot] (id: String) in snapshot.resourceType(id) }
        let found = try authorizations[id] ?? AuthorizationTable.find(id, types: types, realm: caller.realm, on: connection)
        guard let found else { throw ServiceError.notFound }
        return found
    }

    private static func problems(of permissions: [Permission], _ reader: PlannedValue) -> [FieldError] {
        permissions.isEmpty && !reader.hasErrors
            ? [FieldError(field: "permissions", code: "required", message: "Name at least one permission.")] : []
    }

    // MARK: Both

    private mutating func put(_ grant: Grant, for principal: PrincipalReference) {
        touch(principal.subject)
        snapshot.put(grant, for: principal.subject)
    }

    private mutating func remove(_ grant: Grant, of principal: PrincipalReference) {
        touch(principal.subject)
        snapshot.removeGrant(grant.id, isAssignment: grant.isAssignment, of: principal.subject)
    }

    /// What breaks a rule, or refers to something absent or invisible.
    private func problems(of terms: GrantTerms?, isNew: Bool) -> [FieldError] {
        guard let terms else { return [] }
        var problems = terms.problems(at: time, isNew: isNew)
        if !sees(terms.principal.subject) {
            problems.append(
                FieldError(
                    field: "principal.id", code: "absent", message: "There is no such \(terms.principal.kind.rawValue)."))
        }
        if case .group(let id) = terms.scope, snapshot.group(id) == nil {
            problems.append(FieldError(field: "scope.id", code: "absent", message: "There is no such group."))
        }
        return problems
    }

    private func sees(_ subject: Subject) -> Bool {
        Sight(gate: gate, snapshot: snapshot, caller: caller).name(of: subject) != nil
    }

    // MARK: Roles

    private mutating func createRole(_ value: JSONObject) throws {
        var reader = PlannedValue(value, types: snapshot.resourceType)
        let id = reader.text("id") ?? ""
        let new = try role(id, Role(id: id, name: id, permissions: []), &reader, RoleRules.id(id, field: "id"))
        guard snapshot.role(id) == nil else {
            throw ServiceError.conflict(
                "The role \"\(id)\" exists already.",
                fields: [FieldError(field: "id", code: "taken", message: "That id is taken. Choose another.")])
        }
        snapshot.set(new, forRole: id)
    }

    private mutating func updateRole(_ id: String, _ value: JSONObject) throws {
        let old = try changeableRole(id)
        var reader = PlannedValue(value, types: snapshot.resourceType)
        let new = try role(id, old, &reader, [])
        try touchHolders(of: id)
        snapshot.set(new, forRole: id)
    }

    private mutating func deleteRole(_ id: String) throws {
        _ = try changeableRole(id)
        if let other = snapshot.allRoles.first(where: { $0.role.includes.contains(id) }) {
            throw ServiceError.conflict("The role \"\(other.role.id)\" includes this one. Take it out there first.")
        }
        try touchHolders(of: id)
        snapshot.set(Optional<Role>.none, forRole: id)
    }

    private func changeableRole(_ id: String) throws -> Role {
        guard let found = snapshot.role(id), try gate.permits(.roleRead, on: id, caller: caller) else {
            throw ServiceError.notFound
        }
        if found.role.isBuiltIn { throw ServiceError.conflict("The role \"\(id)\" is built in and stays as it is.") }
        return found.role
    }

    /// The role with what the value says of it.
    private func role(_ id: String, _ old: Role, _ value: inout PlannedValue, _ others: [FieldError]) throws -> Role {
        let name = value.has("name") ? value.text("name") ?? id : old.name
        let description = value.has("description") ? value.text("description") ?? "" : old.description
        let includes = value.has("includes") ? value.strings("includes") ?? [] : old.includes
        let permissions: RolePermissions =
            value.has("permissions") ? .sent(value.raw("permissions") ?? .array([])) : .stored(old.permissions)
        try value.finish()
        return try RoleReader(types: snapshot.resourceType, role: snapshot.role).read(
            id: id, name: name, description: description, permissions: permissions, includes: includes, others: others)
    }

    /// Everybody who holds the role, or one that includes it, by an assignment of their own.
    private mutating func touchHolders(of role: String) throws {
        let roles = Set(snapshot.allRoles.filter { $0.includes(role) }.map(\.role.id))
        var statement = Statement("SELECT DISTINCT r.principal_kind, r.principal_id FROM role_assignment r WHERE r.realm_id = ")
        statement.bind(.text(caller.realm.text))
        statement.append(" AND ")
        try statement.append(.ids(roles), ScopeColumns(id: "r.role_id"), realm: .text(caller.realm.text))
        statement.append(" ORDER BY r.principal_kind, r.principal_id LIMIT ", .integer(Int64(Self.mostHolders) + 1))
        let holders = try connection.rows(statement) { Subject(kind: $0.text(0), id: $0.text(1)) }
        if holders.count > Self.mostHolders { isCut = true }
        for holder in holders.prefix(Self.mostHolders) { touch(holder) }
    }

    // MARK: Groups and principals

    private mutating func setMember(_ parts: [String], isIn: Bool) throws {
        let group = try subject(Subject.groupKind, parts[1])
        let member =
            parts[3] == "groups" ? try subject(Subject.groupKind, parts[4]) : try principal(parts[3], parts[4])
        touch(member)
        guard isIn else { return snapshot.leave(member, group: group.id) }
        if member.kind == Subject.groupKind {
            let above = Engine(snapshot).groups(of: snapshot.group(group.id)?.groups ?? [])
            guard member != group, !above.contains(member.id) else {
                throw ServiceError.conflict("A group cannot be in itself, directly or through others.")
            }
        }
        snapshot.join(member, group: group.id)
    }

    private mutating func deleteGroup(_ id: String) throws {
        let group = try subject(Subject.groupKind, id)
        touch(group)
        snapshot.set(Optional<GroupFacts>.none, forGroup: group.id)
    }

    private mutating func updatePrincipal(_ kinds: String, _ id: String, _ value: JSONObject) throws {
        let subject = try principal(kinds, id)
        guard let old = snapshot.principal(subject) else { throw ServiceError.notFound }
        var reader = PlannedValue(value, types: snapshot.resourceType)
        let status = reader.has("status") ? reader.text("status") : nil
        let attributes = kinds == "users" && reader.has("attributes") ? reader.attributes(old.attributes) : nil
        var problems: [FieldError] = []
        if let status, status != "active", status != "disabled" {
            problems.append(FieldError(field: "status", code: "invalid", message: "Use active or disabled."))
        }
        try reader.finish(problems)
        touch(subject)
        snapshot.update(subject, isActive: status.map { $0 == "active" }, attributes: attributes)
    }

    private func principal(_ kinds: String, _ id: String) throws -> Subject {
        switch kinds {
        case "users": try subject("user", id)
        case "services": try subject("service", id)
        case "devices": try subject("device", id)
        default: throw ServiceError.notFound
        }
    }

    /// - Throws: `notFound` for whom the caller may not see.
    private func subject(_ kind: String, _ text: String) throws -> Subject {
        guard let id = EntityID(text) else { throw ServiceError.notFound }
        let subject = Subject(kind: kind, id: id.text)
        guard sees(subject) else { throw ServiceError.notFound }
        return subject
    }
}
