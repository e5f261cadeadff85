public import Access
import Audit
public import Model
import Storage

/// Permissions granted to principals and groups directly, without a role.
public final class Authorizations: Sendable {
    private let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// - Parameter permissions: a list as the contract has them.
    /// - Throws: `forbidden`, `malformed`, `invalid`.
    public func create(
        permissions: JSONValue, _ terms: GrantTerms, idempotency: IdempotencyKey?, caller: Caller
    ) async throws -> Written<Authorization> {
        try PermissionReader.requireForm(permissions, field: "permissions", allowsScopes: false)
        return try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            try standing.require(.authorizationCreate)
            let now = context.clock.now()
            let types = standing.facts.resourceType
            return try Idempotency.once(
                idempotency, caller: caller, at: now, on: connection,
                again: { try AuthorizationTable.find($0, types: types, realm: caller.realm, on: connection) }, id: \.id
            ) {
                let read = try Self.read(
                    permissions,
                    terms.problems(at: now, isNew: true)
                        + terms.absences(instead: nil, standing, realm: caller.realm, on: connection), standing)
                let authorization = Authorization(
                    id: EntityID.make(at: now), permissions: read, terms: terms,
                    origin: GrantOrigin(grantedBy: standing.principal.id.text, createdAt: now))
                try standing.requireConferring(before: nil, after: authorization.grant)
                try AuthorizationTable.insert(authorization, realm: caller.realm, on: connection)
                try context.trail.append(
                    .init(
                        actor: standing.party, action: "authorization.create",
                        target: try GrantAudit.party(terms.principal, realm: caller.realm, on: connection),
                        changes: GrantAudit.changes(from: nil, to: authorization)),
                    caller: caller, on: connection)
                return authorization
            }
        }
    }

    private static func read(_ value: JSONValue, _ others: [FieldError], _ standing: Standing) throws -> [Permission] {
        var reader = PermissionReader(types: standing.facts.resourceType)
        let permissions = try reader.permissions(value, field: "permissions", allowsScopes: false)
        var problems = others
        if permissions.isEmpty, reader.invalid.isEmpty, reader.malformed.isEmpty {
            problems.append(FieldError(field: "permissions", code: "required", message: "Name at least one permission."))
        }
        try reader.finish(problems)
        return permissions
    }

    public func get(_ id: EntityID, caller: Caller) async throws -> Authorization {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        let types = try context.gate.types(of: caller.realm)
        let found = try await context.database.read {
            try AuthorizationTable.find(id, types: types, realm: caller.realm, on: $0)
        }
        guard let found, try context.gate.permits(.authorizationRead, on: id.text, caller: caller) else {
            throw ServiceError.notFound
        }
        return found
    }

    /// Filter attributes: `id principal.id principal.kind scope.kind scope.id source grantedBy createdAt validFrom expiresAt`.
    public func list(_ query: ListQuery, caller: Caller) async throws -> Page<Authorization> {
        let scope = try context.gate.scope(of: .authorizationRead, caller: caller)
        let types = try context.gate.types(of: caller.realm)
        let listing = try Listing(
            query, shape: GrantLists.authorizations, realm: caller.realm, caller: caller.principal, key: context.cursors)
        try GrantLists.refuseSearch(query)
        return try await context.database.scan { connection in
            try listing.page(
                on: connection, columns: AuthorizationTable.columns, columnCount: AuthorizationTable.columnCount,
                from: { $0.append("direct_authorization z") },
                where: { statement in
                    statement.append("z.realm_id = ", .text(caller.realm.text))
                    statement.append(" AND ")
                    try statement.append(scope, ScopeColumns(id: "z.id"), realm: .text(caller.realm.text))
                }, read: { try AuthorizationTable.authorization($0, types) })
        }
    }

    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `malformed`, `invalid`.
    public func update(
        _ id: EntityID, permissions: JSONValue?, _ patch: GrantTermsPatch, ifMatch: Int64?, caller: Caller
    ) async throws -> Written<Authorization> {
        if let permissions {
            try PermissionReader.requireForm(permissions, field: "permissions", allowsScopes: false)
        }
        return try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let old = try Self.find(id, standing, .authorizationUpdate, ifMatch: ifMatch, caller: caller, on: connection)
            var new = old
            patch.apply(to: &new.terms)
            let problems =
                new.terms.problems(at: context.clock.now(), isNew: false)
                + (try new.terms.absences(instead: old.terms, standing, realm: caller.realm, on: connection))
            if let permissions {
                new.permissions = try Self.read(permissions, problems, standing)
            } else if !problems.isEmpty {
                throw ServiceError.invalid(problems)
            }
            guard new != old else { return old }
            try standing.requireConferring(before: old.grant, after: new.grant)
            try AuthorizationTable.update(new, realm: caller.realm, on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "authorization.update",
                    target: try GrantAudit.party(old.terms.principal, realm: caller.realm, on: connection),
                    changes: GrantAudit.changes(from: old, to: new)),
                caller: caller, on: connection)
            let types = standing.facts.resourceType
            guard let stored = try AuthorizationTable.find(id, types: types, realm: caller.realm, on: connection) else {
                throw ServiceError.notFound
            }
            return stored
        }
    }

    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`.
    public func delete(_ id: EntityID, ifMatch: Int64?, caller: Caller) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let old = try Self.find(id, standing, .authorizationDelete, ifMatch: ifMatch, caller: caller, on: connection)
            try standing.requireConferring(before: old.grant, after: nil)
            let target = try GrantAudit.party(old.terms.principal, realm: caller.realm, on: connection)
            try AuthorizationTable.delete(old, realm: caller.realm, on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "authorization.delete", target: target,
                    changes: GrantAudit.changes(from: old, to: nil)),
                caller: caller, on: connection)
        }
    }

    private static func find(
        _ id: EntityID, _ standing: Standing, _ permission: ManagementPermission, ifMatch: Int64?, caller: Caller,
        on connection: any Connection
    ) throws -> Authorization {
        let types = standing.facts.resourceType
        guard let found = try AuthorizationTable.find(id, types: types, realm: caller.realm, on: connection),
            try standing.allows(.authorizationRead, on: id.text)
        else { throw ServiceError.notFound }
        try standing.require(permission, on: id.text)
        if let ifMatch, ifMatch != found.origin.version { throw ServiceError.preconditionFailed }
        return found
    }
}

extension Authorization {
    /// The same as the decision engine takes it.
    public var grant: Grant { terms.grant(id: id, kind: .permissions(permissions)) }
}
