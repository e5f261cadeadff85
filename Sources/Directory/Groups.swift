import Audit
public import Grants
public import Model
import Storage

/// What creating a group takes.
public struct NewGroup: Sendable {
    public var name: String
    public var description: String

    public init(name: String, description: String = "") {
        self.name = name
        self.description = description
    }
}

/// A merge patch of a group.
public struct GroupPatch: Sendable {
    public var name: Patch<String> = .keep
    public var description: Patch<String> = .keep

    public init() {}
}

/// What deleting a group takes with it, for the dialog that asks.
public struct GroupConsequences: Sendable, Hashable {
    /// Direct members.
    public let members: Int
    /// Of the group itself, and those that reach its members.
    public let roleAssignments: Int
    public let authorizations: Int
}

/// Named sets of principals; groups nest. Every method asks for its permission itself.
public final class Groups: Sendable {
    let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// - Throws: `forbidden`, `invalid`, `conflict` when the name is taken.
    public func create(_ new: NewGroup, idempotency: IdempotencyKey?, caller: Caller) async throws -> Written<Group> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            try standing.require(.groupCreate)
            let now = context.clock.now()
            return try Idempotency.once(
                idempotency, caller: caller, at: now, on: connection,
                again: { try GroupTable.find($0, realm: caller.realm, on: connection) }, id: \.id
            ) {
                let problems = GroupRules.name(new.name) + GroupRules.description(new.description)
                guard problems.isEmpty else { throw ServiceError.invalid(problems) }
                let group = Group(
                    id: EntityID.make(at: now), name: new.name, description: new.description, createdAt: now, updatedAt: now)
                try Self.requireFree(group.name, for: nil, caller: caller, on: connection)
                try Self.refusing(group.name) { try GroupTable.insert(group, realm: caller.realm, on: connection) }
                try context.trail.append(
                    .init(
                        actor: standing.party, action: "group.create", target: group.party,
                        changes: Self.changes(from: nil, to: group)),
                    caller: caller, on: connection)
                return group
            }
        }
    }

    /// - Throws: `notFound` when absent or invisible.
    public func get(_ id: EntityID, caller: Caller) async throws -> Group {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        let found = try await context.database.read { try GroupTable.find(id, realm: caller.realm, on: $0) }
        guard let found, try context.gate.permits(.groupRead, on: id.text, caller: caller) else { throw ServiceError.notFound }
        return found
    }

    /// Filter and sort fields: `id name createdAt updatedAt`; default `name`. Each word of the search must begin a word of the
    /// name. Shows what the caller may read.
    public func list(_ query: ListQuery, caller: Caller) async throws -> Page<Group> {
        let scope = try context.gate.scope(of: .groupRead, caller: caller)
        let listing = try Listing(
            query, shape: Self.shape, realm: caller.realm, caller: caller.principal, key: context.cursors)
        return try await context.database.scan { connection in
            try listing.page(
                on: connection, columns: GroupTable.columns, columnCount: GroupTable.columnCount,
                from: { $0.append("principal_group g") },
                where: { statement in
                    statement.append("g.realm_id = ", .text(caller.realm.text))
                    statement.append(" AND ")
                    try statement.append(
                        scope, ScopeColumns(id: "g.id", memberKind: PrincipalKind.group.rawValue),
                        realm: .text(caller.realm.text))
                    for word in listing.words { NameSearch.append(GroupTable.nameKey(word), in: "g.name_key", to: &statement) }
                }, read: GroupTable.group)
        }
    }

    private static let shape = ListShape(
        name: "groups",
        fields: [
            "id": ListField("g.id", .folded { $0.lowercased() }, sortable: false),
            "name": ListField("g.name_key", .folded(GroupTable.nameKey)), "createdAt": ListField("g.created_at", .time),
            "updatedAt": ListField("g.updated_at", .time),
        ], id: "g.id", defaultSort: "name")

    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `invalid`, `conflict` when the name is taken.
    public func update(_ id: EntityID, _ patch: GroupPatch, ifMatch: Int64?, caller: Caller) async throws -> Written<Group> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let old = try Self.find(id, standing, .groupUpdate, ifMatch: ifMatch, caller: caller, on: connection)
            var new = old
            let problems = Self.apply(patch, to: &new)
            guard problems.isEmpty else { throw ServiceError.invalid(problems) }
            guard new != old else { return old }
            if new.name != old.name {
                try standing.requireConferring(renamingOf: id)
                try Self.requireFree(new.name, for: id, caller: caller, on: connection)
            }
            new.version += 1
            new.updatedAt = context.clock.now()
            let changed = new
            try Self.refusing(changed.name) { try GroupTable.update(changed, realm: caller.realm, on: connection) }
            try context.trail.append(
                .init(
                    actor: standing.party, action: "group.update", target: old.party,
                    changes: Self.changes(from: old, to: changed)),
                caller: caller, on: connection)
            return changed
        }
    }

    /// Removes the group, its memberships, what it was granted and what was granted over its members.
    ///
    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `conflict` when the last owner owns by it.
    public func delete(_ id: EntityID, ifMatch: Int64?, caller: Caller) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let group = try Self.find(id, standing, .groupDelete, ifMatch: ifMatch, caller: caller, on: connection)
            if try Memberships.count(in: id, realm: caller.realm, on: connection) > 0 {
                try standing.requireConferring(deletionOf: id)
            }
            try GroupTable.delete(id, realm: caller.realm, on: connection)
            try LastOwner.require(realm: caller.realm, at: context.clock.now(), on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "group.delete", target: group.party,
                    changes: Self.changes(from: group, to: nil)),
                caller: caller, on: connection)
        }
    }

    /// What deleting the group takes with it.
    public func consequencesOfDeleting(_ id: EntityID, caller: Caller) async throws -> GroupConsequences {
        _ = try await get(id, caller: caller)
        try context.gate.require(.groupDelete, on: id.text, caller: caller)
        return try await context.database.scan { connection in
            let group = PrincipalReference(kind: .group, id: id)
            return GroupConsequences(
                members: try Memberships.count(in: id, realm: caller.realm, on: connection),
                roleAssignments: try AssignmentTable.count(of: group, realm: caller.realm, on: connection)
                    + AssignmentTable.count(overMembersOf: id, realm: caller.realm, on: connection),
                authorizations: try AuthorizationTable.count(of: group, realm: caller.realm, on: connection)
                    + AuthorizationTable.count(overMembersOf: id, realm: caller.realm, on: connection))
        }
    }

    /// The group, seen with the write's own eyes: invisible is `notFound`, then the permission, then the version.
    static func find(
        _ id: EntityID, _ standing: Standing, _ permission: ManagementPermission, ifMatch: Int64?, caller: Caller,
        on connection: any Connection
    ) throws -> Group {
        guard let group = try GroupTable.find(id, realm: caller.realm, on: connection),
            try standing.allows(.groupRead, on: id.text)
        else { throw ServiceError.notFound }
        try standing.require(permission, on: id.text)
        if let ifMatch, ifMatch != group.version { throw ServiceError.preconditionFailed }
        return group
    }

    private static func apply(_ patch: GroupPatch, to group: inout Group) -> [FieldError] {
        var problems: [FieldError] = []
        switch patch.name {
        case .keep: break
        case .clear: problems += GroupRules.name("")
        case .set(let name):
            problems += GroupRules.name(name)
            group.name = name
        }
        switch patch.description {
        case .keep: break
        case .clear: group.description = ""
        case .set(let text):
            problems += GroupRules.description(text)
            group.description = text
        }
        return problems
    }

    private static func changes(from old: Group?, to new: Group?) -> [AuditEvent.FieldChange] {
        func change(_ field: String, _ value: (Group) -> String) -> AuditEvent.FieldChange? {
            let was = old.map(value).map(JSONValue.string) ?? .null
            let now = new.map(value).map(JSONValue.string) ?? .null
            return was == now ? nil : AuditEvent.FieldChange(field: field, old: was, new: now)
        }
        return [change("name", \.name), change("description", \.description)].compactMap { $0 }
    }

    private static func requireFree(_ name: String, for id: EntityID?, caller: Caller, on connection: any Connection) throws {
        guard let holder = try GroupTable.find(named: name, realm: caller.realm, on: connection), holder.id != id else { return }
        throw taken(name)
    }

    /// With several writers another may have taken the name since it was seen to be free.
    private static func refusing(_ name: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch StorageError.uniqueViolation {
            throw taken(name)
        }
    }

    private static func taken(_ name: String) -> ServiceError {
        .conflict(
            "There is a group \"\(name)\" already.",
            fields: [FieldError(field: "name", code: "taken", message: "That name is taken. Choose another.")])
    }
}

extension Group {
    /// The group as the audit record names it.
    var party: AuditEvent.Party {
        AuditEvent.Party(kind: PrincipalKind.group.rawValue, id: id.text, name: name)
    }
}
