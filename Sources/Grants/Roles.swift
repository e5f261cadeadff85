import Access
import Audit
public import Model
import Storage

/// What a new role is made of; `permissions` as the contract has them.
public struct NewRole: Sendable {
    public var id: String
    public var name: String?
    public var description: String?
    public var permissions: JSONValue
    public var includes: [String]

    public init(id: String, name: String?, description: String?, permissions: JSONValue = .array([]), includes: [String] = []) {
        self.id = id
        self.name = name
        self.description = description
        self.permissions = permissions
        self.includes = includes
    }
}

/// A merge patch of a role.
public struct RolePatch: Sendable {
    public var name: Patch<String> = .keep
    public var description: Patch<String> = .keep
    public var permissions: Patch<JSONValue> = .keep
    public var includes: Patch<[String]> = .keep

    public init() {}
}

/// Roles: named sets of permissions.
public final class Roles: Sendable {
    private let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// - Throws: `forbidden`, `malformed`, `invalid`, `conflict` when the id is taken.
    public func create(_ new: NewRole, idempotency: IdempotencyKey?, caller: Caller) async throws -> Written<StoredRole> {
        try PermissionReader.requireForm(new.permissions, field: "permissions", allowsScopes: true)
        return try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            try standing.require(.roleCreate)
            let now = context.clock.now()
            let writer = RoleWriter(standing: standing, realm: caller.realm, connection: connection)
            return try Idempotency.once(
                idempotency, caller: caller, at: now, on: connection, again: { try writer.find($0.text) },
                id: { EntityID(trusted: $0.role.id) }
            ) {
                let problems = RoleRules.id(new.id, field: "id")
                let role = try writer.read(
                    id: new.id, name: new.name ?? new.id, description: new.description ?? "", permissions: .sent(new.permissions),
                    includes: new.includes, others: problems)
                if try writer.find(new.id) != nil {
                    throw ServiceError.conflict(
                        "The role \"\(new.id)\" exists already.",
                        fields: [FieldError(field: "id", code: "taken", message: "That id is taken. Choose another.")])
                }
                try writer.requireConferring(before: nil, after: role)
                let stored = StoredRole(role: role, createdAt: now, updatedAt: now)
                do {
                    try RoleTable.insert(stored, at: now, realm: caller.realm, on: connection)
                } catch StorageError.uniqueViolation {
                    throw ServiceError.conflict("The role \"\(new.id)\" exists already.")
                }
                try context.trail.append(
                    .init(
                        actor: standing.party, action: "role.create", target: role.party,
                        changes: GrantAudit.changes(from: nil, to: role)),
                    caller: caller, on: connection)
                return stored
            }
        }
    }

    public func get(_ id: String, caller: Caller) async throws -> StoredRole {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        let types = try context.gate.types(of: caller.realm)
        let found = try await context.database.read { try RoleTable.find(id, types: types, realm: caller.realm, on: $0) }
        guard let found, try context.gate.permits(.roleRead, on: id, caller: caller) else { throw ServiceError.notFound }
        return found
    }

    /// Filter attributes: `id name source builtIn createdAt updatedAt`; built-in roles come first, unless a filter, a search or
    /// another order says otherwise. They are few, so the list is put together in memory.
    public func list(_ query: ListQuery, caller: Caller) async throws -> Page<StoredRole> {
        let scope = try context.gate.scope(of: .roleRead, caller: caller)
        let types = try context.gate.types(of: caller.realm)
        let stored = try await context.database.scan { connection in
            var statement = Statement("SELECT " + RoleTable.columns + " FROM role o WHERE o.realm_id = ")
            statement.bind(.text(caller.realm.text))
            statement.append(" AND ")
            try statement.append(scope, ScopeColumns(id: "o.id"), realm: .text(caller.realm.text))
            statement.append(" ORDER BY o.id")
            return try connection.rows(statement) { try RoleTable.role($0, types) }
        }
        let builtIn = Role.builtInList.filter { scope.contains(id: $0.id) }.map {
            StoredRole(role: $0, source: "built-in", createdAt: nil, updatedAt: nil)
        }
        return try MemoryList(Self.shape, key: context.cursors, caller: caller).page(builtIn + stored, query)
    }

    private static let shape = MemoryListShape<StoredRole>(
        name: "roles", id: { $0.role.id }, defaultSort: "id",
        fields: [
            "id": { .string($0.role.id) }, "name": { .string($0.role.name) }, "source": { .string($0.source) },
            "builtIn": { .bool($0.role.isBuiltIn) },
            "createdAt": { $0.createdAt.map { .string($0.rfc3339) } }, "updatedAt": { $0.updatedAt.map { .string($0.rfc3339) } },
        ], words: { [$0.role.id, $0.role.name] })

    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `malformed`, `invalid`, `conflict` for a built-in role or a circle.
    public func update(_ id: String, _ patch: RolePatch, ifMatch: Int64?, caller: Caller) async throws -> Written<StoredRole> {
        if case .set(let permissions) = patch.permissions {
            try PermissionReader.requireForm(permissions, field: "permissions", allowsScopes: true)
        }
        return try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let writer = RoleWriter(standing: standing, realm: caller.realm, connection: connection)
            let old = try writer.find(id, .roleUpdate, ifMatch: ifMatch)
            let permissions: RolePermissions =
                switch patch.permissions {
                case .keep: .stored(old.role.permissions)
                case .clear: .stored([])
                case .set(let value): .sent(value)
                }
            let role = try writer.read(
                id: id, name: patch.name.applied(to: old.role.name) ?? id,
                description: patch.description.applied(to: old.role.description) ?? "",
                permissions: permissions,
                includes: patch.includes.applied(to: old.role.includes) ?? [], others: [])
            guard role != old.role else { return old }
            try writer.requireConferring(before: old.role, after: role)
            let now = context.clock.now()
            try RoleTable.update(role, version: old.version + 1, at: now, realm: caller.realm, on: connection)
            try LastOwner.require(realm: caller.realm, at: now, on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "role.update", target: role.party,
                    changes: GrantAudit.changes(from: old.role, to: role)),
                caller: caller, on: connection)
            return StoredRole(
                role: role, source: old.source, createdAt: old.createdAt, updatedAt: now, version: old.version + 1)
        }
    }

    /// Deletes the role and every assignment of it.
    ///
    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `conflict` for a built-in role or one that others include.
    public func delete(_ id: String, ifMatch: Int64?, caller: Caller) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let writer = RoleWriter(standing: standing, realm: caller.realm, connection: connection)
            let old = try writer.find(id, .roleDelete, ifMatch: ifMatch)
            if let other = try writer.including(id).first {
                throw ServiceError.conflict("The role \"\(other.role.id)\" includes this one. Take it out there first.")
            }
            try writer.requireConferring(before: old.role, after: nil)
            let count = try AssignmentTable.count(ofRole: id, realm: caller.realm, on: connection)
            try AssignmentTable.deleteAll(ofRole: id, realm: caller.realm, on: connection)
            try RoleTable.delete(id, realm: caller.realm, on: connection)
            try LastOwner.require(realm: caller.realm, at: context.clock.now(), on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "role.delete", target: old.role.party,
                    detail: count == 0 ? nil : "\(count) assignments of it ended",
                    changes: GrantAudit.changes(from: old.role, to: nil)),
                caller: caller, on: connection)
        }
    }

    /// How many assignments deleting the role would end.
    public func assignmentCount(of id: String, caller: Caller) async throws -> Int {
        _ = try await get(id, caller: caller)
        return try await context.database.read { try AssignmentTable.count(ofRole: id, realm: caller.realm, on: $0) }
    }
}

extension Role {
    var party: AuditEvent.Party { AuditEvent.Party(kind: "role", id: id, name: name) }
}

extension Patch {
    /// What it makes of a value; `nil` when cleared.
    func applied(to value: Value) -> Value? {
        switch self {
        case .keep: value
        case .clear: nil
        case .set(let new): new
        }
    }
}
