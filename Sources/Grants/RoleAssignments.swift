public import Access
import Audit
public import Model
import Storage

/// Roles given to principals and groups.
public final class RoleAssignments: Sendable {
    private let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// - Throws: `forbidden`, `invalid`.
    public func create(
        role: String, _ terms: GrantTerms, idempotency: IdempotencyKey?, caller: Caller
    ) async throws -> Written<RoleAssignment> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            try standing.require(.assignmentCreate)
            let now = context.clock.now()
            return try Idempotency.once(
                idempotency, caller: caller, at: now, on: connection,
                again: { try AssignmentTable.find($0, realm: caller.realm, on: connection) }, id: \.id
            ) {
                var problems = terms.problems(at: now, isNew: true)
                problems += try terms.absences(instead: nil, standing, realm: caller.realm, on: connection)
                if try standing.facts.role(role) == nil || !standing.allows(.roleRead, on: role) {
                    problems.append(Self.absent(role))
                }
                guard problems.isEmpty else { throw ServiceError.invalid(problems) }
                let assignment = RoleAssignment(
                    id: EntityID.make(at: now), role: role, terms: terms,
                    origin: GrantOrigin(grantedBy: standing.principal.id.text, createdAt: now))
                try standing.requireConferring(before: nil, after: assignment.grant)
                try AssignmentTable.insert(assignment, realm: caller.realm, on: connection)
                try context.trail.append(
                    .init(
                        actor: standing.party, action: "role-assignment.create",
                        target: try GrantAudit.party(terms.principal, realm: caller.realm, on: connection),
                        changes: GrantAudit.changes(from: nil, to: assignment)),
                    caller: caller, on: connection)
                return assignment
            }
        }
    }

    public func get(_ id: EntityID, caller: Caller) async throws -> RoleAssignment {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        let found = try await context.database.read { try AssignmentTable.find(id, realm: caller.realm, on: $0) }
        guard let found, try context.gate.permits(.assignmentRead, on: id.text, caller: caller) else {
            throw ServiceError.notFound
        }
        return found
    }

    /// Filter attributes: `id principal.id principal.kind role scope.kind scope.id source grantedBy createdAt validFrom expiresAt`.
    public func list(_ query: ListQuery, caller: Caller) async throws -> Page<RoleAssignment> {
        let scope = try context.gate.scope(of: .assignmentRead, caller: caller)
        let listing = try Listing(
            query, shape: GrantLists.assignments, realm: caller.realm, caller: caller.principal, key: context.cursors)
        try GrantLists.refuseSearch(query)
        return try await context.database.scan { connection in
            try listing.page(
                on: connection, columns: AssignmentTable.columns, columnCount: AssignmentTable.columnCount,
                from: { $0.append("role_assignment r") },
                where: { statement in
                    statement.append("r.realm_id = ", .text(caller.realm.text))
                    statement.append(" AND ")
                    try statement.append(scope, ScopeColumns(id: "r.id"), realm: .text(caller.realm.text))
                }, read: AssignmentTable.assignment)
        }
    }

    /// - Parameter role: another role instead.
    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `invalid`, `conflict` for the last owner.
    public func update(
        _ id: EntityID, role: String?, _ patch: GrantTermsPatch, ifMatch: Int64?, caller: Caller
    ) async throws -> Written<RoleAssignment> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let old = try Self.find(id, standing, .assignmentUpdate, ifMatch: ifMatch, caller: caller, on: connection)
            var new = old
            patch.apply(to: &new.terms)
            if let role { new.role = role }
            guard new != old else { return old }
            var problems = new.terms.problems(at: context.clock.now(), isNew: false)
            problems += try new.terms.absences(instead: old.terms, standing, realm: caller.realm, on: connection)
            if new.role != old.role, try standing.facts.role(new.role) == nil || !standing.allows(.roleRead, on: new.role) {
                problems.append(Self.absent(new.role))
            }
            guard problems.isEmpty else { throw ServiceError.invalid(problems) }
            try standing.requireConferring(before: old.grant, after: new.grant)
            try AssignmentTable.update(new, realm: caller.realm, on: connection)
            try LastOwner.require(realm: caller.realm, at: context.clock.now(), on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "role-assignment.update",
                    target: try GrantAudit.party(old.terms.principal, realm: caller.realm, on: connection),
                    changes: GrantAudit.changes(from: old, to: new)),
                caller: caller, on: connection)
            guard let stored = try AssignmentTable.find(id, realm: caller.realm, on: connection) else {
                throw ServiceError.notFound
            }
            return stored
        }
    }

    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `conflict` for the last owner.
    public func delete(_ id: EntityID, ifMatch: Int64?, caller: Caller) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let old = try Self.find(id, standing, .assignmentDelete, ifMatch: ifMatch, caller: caller, on: connection)
            try standing.requireConferring(before: old.grant, after: nil)
            let target = try GrantAudit.party(old.terms.principal, realm: caller.realm, on: connection)
            try AssignmentTable.delete(old, realm: caller.realm, on: connection)
            try LastOwner.require(realm: caller.realm, at: context.clock.now(), on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "role-assignment.delete", target: target,
                    changes: GrantAudit.changes(from: old, to: nil)),
                caller: caller, on: connection)
        }
    }

    private static func find(
        _ id: EntityID, _ standing: Standing, _ permission: ManagementPermission, ifMatch: Int64?, caller: Caller,
        on connection: any Connection
    ) throws -> RoleAssignment {
        guard let found = try AssignmentTable.find(id, realm: caller.realm, on: connection),
            try standing.allows(.assignmentRead, on: id.text)
        else { throw ServiceError.notFound }
        try standing.require(permission, on: id.text)
        if let ifMatch, ifMatch != found.origin.version { throw ServiceError.preconditionFailed }
        return found
    }

    static func absent(_ role: String) -> FieldError {
        FieldError(field: "role", code: "absent", message: "There is no role \"\(role.prefix(100))\".")
    }
}

extension RoleAssignment {
    /// The same as the decision engine takes it.
    public var grant: Grant { terms.grant(id: id, kind: .role(role)) }
}

extension GrantTerms {
    func grant(id: EntityID, kind: Grant.Kind) -> Grant {
        Grant(
            id: id.text, kind: kind, scope: scope, validFrom: validFrom?.milliseconds, expiresAt: expiresAt?.milliseconds)
    }
}
