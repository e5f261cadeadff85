import Access
import Audit
public import Model
import Storage

/// What applying a catalog changed, or would change.
public struct CatalogDifference: Sendable {
    public enum Outcome: String, Sendable {
        case created, updated, unchanged
    }

    /// One type or role that the catalog declares.
    public struct Item: Sendable {
        /// `resource-type` or `role`.
        public let kind: String
        public let id: String
        public let outcome: Outcome
        /// What differs, field by field; empty for what is new.
        public let changes: [Change]
    }

    public struct Change: Sendable {
        public let field: String
        public let old: JSONValue
        public let new: JSONValue
    }

    public let catalog: String
    public let name: String
    public let version: String
    public let isDryRun: Bool
    public let items: [Item]

    public func items(_ outcome: Outcome) -> [Item] {
        items.filter { $0.outcome == outcome }
    }
}

/// A catalog that was applied.
public struct AppliedCatalog: Sendable, Hashable {
    public let id: String
    public let name: String
    public let version: String
    public let appliedAt: Timestamp
}

/// Declares the resource types and roles of products, from files.
public final class Catalogs: Sendable {
    private let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// Ends a dry run's transaction, so that nothing of it stays.
    private struct Rehearsed: Error {
        let difference: CatalogDifference
    }

    /// Creates and updates what the file declares, all of it or nothing, and touches nothing else.
    ///
    /// - Throws: `forbidden`, `malformed`, `invalid`, `conflict` for a type that cannot change now.
    public func apply(_ file: CatalogFile, dryRun: Bool, caller: Caller) async throws -> Written<CatalogDifference> {
        do {
            return try await context.database.write { [context] connection in
                let standing = try context.standings.load(caller, on: connection)
                try standing.require(.catalogApply, on: file.id)
                let work = CatalogWork(
                    file: file, standing: standing, realm: caller.realm, now: context.clock.now(), connection: connection)
                let difference = CatalogDifference(
                    catalog: file.id, name: file.name, version: file.version, isDryRun: dryRun,
                    items: try work.types() + work.roles())
                if dryRun { throw Rehearsed(difference: difference) }
                try work.remember()
                let changed = difference.items.filter { $0.outcome != .unchanged }
                if !changed.isEmpty {
                    try LastOwner.require(realm: caller.realm, at: context.clock.now(), on: connection)
                    try context.trail.append(
                        .init(
                            actor: standing.party, action: "catalog.apply",
                            target: .init(kind: "catalog", id: file.id, name: file.name),
                            detail: changed.map { "\($0.outcome.rawValue) \($0.kind) \($0.id)" }.prefix(50).joined(
                                separator: ", ")),
                        caller: caller, on: connection)
                }
                return difference
            }
        } catch let rehearsed as Rehearsed {
            return Written(rehearsed.difference, revision: context.gate.revision)
        }
    }

    /// The catalogs applied so far, by id.
    public func list(caller: Caller) async throws -> [AppliedCatalog] {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        let scope = try context.gate.scope(of: .catalogRead, caller: caller)
        return try await context.database.scan { connection in
            try connection.rows(
                Statement(
                    "SELECT id, name, release, applied_at FROM catalog WHERE realm_id = $1 ORDER BY id",
                    [.text(caller.realm.text)])
            ) { row in
                AppliedCatalog(
                    id: row.text(0), name: row.text(1), version: row.text(2),
                    appliedAt: Timestamp(milliseconds: row.integer(3)))
            }
        }.filter { scope.contains(id: $0.id) }
    }
}

/// Applies one catalog inside a transaction.
private struct CatalogWork {
    let file: CatalogFile
    let standing: Standing
    let realm: RealmID
    let now: Timestamp
    let connection: any Connection

    func types() throws -> [CatalogDifference.Item] {
        var items: [CatalogDifference.Item] = []
        for (index, new) in file.types.enumerated() {
            let type = try located("resourceTypes.\(index)") { try TypeReader.read(new, others: []) }
            guard let old = try ResourceTypeTable.find(type.id, realm: realm, on: connection) else {
                try ResourceTypeTable.insert(type, source: "catalog", at: now, realm: realm, on: connection)
                items.append(.init(kind: "resource-type", id: type.id, outcome: .created, changes: []))
                continue
            }
            let changes = GrantAudit.differences(old.type.members, type.members)
            if !changes.isEmpty {
                try TypeReader.requireCompatible(old.type, type, realm: realm, on: connection)
                if TypeReader.givesOther(type, than: old.type) { try standing.require(.typeGrant, on: type.id) }
                try ResourceTypeTable.update(type, version: old.version + 1, at: now, realm: realm, on: connection)
            }
            items.append(item("resource-type", type.id, changes))
        }
        // What follows is written in the types as they are now.
        standing.facts.forget()
        return items
    }

    func roles() throws -> [CatalogDifference.Item] {
        let writer = RoleWriter(standing: standing, realm: realm, connection: connection)
        var declared: [String: Role] = [:]
        var before: [String: StoredRole] = [:]
        for role in file.roles {
            let field = "roles.\(role.place)"
            var reader = PermissionReader(types: standing.facts.resourceType)
            let permissions = try reader.permissions(role.permissions, field: field + ".permissions", allowsScopes: true)
            try reader.finish(
                RoleRules.name(role.name).map { FieldError(field: "\(field).\($0.field)", code: $0.code, message: $0.message) })
            declared[role.id] = Role(
                id: role.id, name: role.name, description: role.description, permissions: permissions, includes: role.includes)
            before[role.id] = try writer.find(role.id)
        }
        try refuseCircles(declared)
        let old = before.mapValues(\.role)
        for role in file.roles {
            guard let new = declared[role.id] else { continue }
            try standing.requireConferring(
                before: expand(old[role.id], old), after: expand(new, declared))
        }
        var items: [CatalogDifference.Item] = []
        for role in file.roles {
            guard let new = declared[role.id] else { continue }
            guard let stored = before[role.id] else {
                try RoleTable.insert(
                    StoredRole(role: new, source: "catalog", createdAt: now, updatedAt: now), at: now, realm: realm,
                    on: connection)
                items.append(.init(kind: "role", id: role.id, outcome: .created, changes: []))
                continue
            }
            let changes = GrantAudit.changes(from: stored.role, to: new)
            if !changes.isEmpty {
                try RoleTable.update(new, version: stored.version + 1, at: now, realm: realm, on: connection)
            }
            items.append(item("role", role.id, changes))
        }
        return items
    }

    private func item(_ kind: String, _ id: String, _ changes: [AuditEvent.FieldChange]) -> CatalogDifference.Item {
        CatalogDifference.Item(
            kind: kind, id: id, outcome: changes.isEmpty ? .unchanged : .updated,
            changes: changes.map { CatalogDifference.Change(field: $0.field, old: $0.old, new: $0.new) })
    }

    private func expand(_ role: Role?, _ roles: [String: Role]) throws -> [HeldPermission] {
        guard let role else { return [] }
        let expanded = try ExpandedRole(role) { (id) throws(any Error) in
            try roles[id] ?? standing.facts.role(id)?.role
        }
        return expanded.permissions.map { HeldPermission($0, scope: .realm) }
    }

    private func refuseCircles(_ roles: [String: Role]) throws {
        for role in roles.values {
            let expanded = role.includes.compactMap { roles[$0] }.map { included in ExpandedRole(included) { roles[$0] } }
            guard !expanded.contains(where: { $0.includes(role.id) }) else {
                throw ServiceError.conflict("The roles of the catalog include each other in a circle, at \"\(role.id)\".")
            }
        }
    }

    /// Says of what is wrong where in the file it is.
    private func located<Value>(_ field: String, _ body: () throws -> Value) throws -> Value {
        func place(_ errors: [FieldError]) -> [FieldError] {
            errors.map { FieldError(field: "\(field).\($0.field)", code: $0.code, message: $0.message) }
        }
        do {
            return try body()
        } catch ServiceError.invalid(let errors) {
            throw ServiceError.invalid(place(errors))
        } catch ServiceError.malformed(let reason, let errors) {
            throw ServiceError.malformed(reason, fields: place(errors))
        }
    }

    func remember() throws {
        try connection.run(
            Statement(
                """
                INSERT INTO catalog (realm_id, id, name, release, applied_at, version) VALUES ($1, $2, $3, $4, $5, 1)
                ON CONFLICT (realm_id, id) DO UPDATE SET name = excluded.name, release = excluded.release,
                    applied_at = excluded.applied_at, version = catalog.version + 1
                """,
                [
                    .text(realm.text), .text(file.id), .text(file.name), .text(file.version), .integer(now.milliseconds),
                ]))
    }
}
