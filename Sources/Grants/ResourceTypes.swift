import Access
import Audit
public import Model
import Storage

/// What a resource type is made of, as people send it.
public struct NewResourceType: Sendable {
    public var id: String
    public var name: String?
    /// `runtime` or absent; Gatehouse's own types are built in.
    public var plane: String?
    public var syntax: String?
    /// A list of `{"id","name","includes"}`, or of ids.
    public var actions: JSONValue
    public var properties: [String]
    /// What else is wrong with the request, to be told with the rest.
    public var contradictions: [FieldError] = []

    public init(
        id: String, name: String? = nil, plane: String? = nil, syntax: String? = nil, actions: JSONValue,
        properties: [String] = []
    ) {
        self.id = id
        self.name = name
        self.plane = plane
        self.syntax = syntax
        self.actions = actions
        self.properties = properties
    }
}

/// The kinds of thing that are protected.
public final class ResourceTypes: Sendable {
    private let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// - Throws: `forbidden`, `malformed`, `invalid`, `conflict` when the id is taken.
    public func create(
        _ new: NewResourceType, idempotency: IdempotencyKey?, caller: Caller
    ) async throws -> Written<StoredType> {
        try TypeReader.requireForm(new)
        return try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            try standing.require(.typeCreate)
            let now = context.clock.now()
            return try Idempotency.once(
                idempotency, caller: caller, at: now, on: connection,
                again: { try ResourceTypeTable.find($0.text, realm: caller.realm, on: connection) },
                id: { EntityID(trusted: $0.type.id) }
            ) {
                let type = try TypeReader.read(new, others: RoleRules.id(new.id, field: "id"))
                guard try ResourceTypeTable.find(type.id, realm: caller.realm, on: connection) == nil else {
                    throw Self.taken(type.id)
                }
                do {
                    try ResourceTypeTable.insert(type, source: "local", at: now, realm: caller.realm, on: connection)
                } catch StorageError.uniqueViolation {
                    throw Self.taken(type.id)
                }
                try context.trail.append(
                    .init(
                        actor: standing.party, action: "resource-type.create", target: type.party,
                        changes: GrantAudit.differences(nil, type.members)),
                    caller: caller, on: connection)
                return StoredType(type: type, createdAt: now, updatedAt: now)
            }
        }
    }

    private static func taken(_ id: String) -> ServiceError {
        .conflict(
            "The resource type \"\(id)\" exists already.",
            fields: [FieldError(field: "id", code: "taken", message: "That id is taken, or reserved. Choose another.")])
    }

    public func get(_ id: String, caller: Caller) async throws -> StoredType {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        let found = try await context.database.read { try ResourceTypeTable.find(id, realm: caller.realm, on: $0) }
        guard let found, try context.gate.permits(.typeRead, on: id, caller: caller) else { throw ServiceError.notFound }
        return found
    }

    /// Filter attributes: `id name plane syntax source createdAt updatedAt`. Built-in types are in the list.
    public func list(_ query: ListQuery, caller: Caller) async throws -> Page<StoredType> {
        let scope = try context.gate.scope(of: .typeRead, caller: caller)
        let stored = try await context.database.scan { try ResourceTypeTable.all(realm: caller.realm, on: $0) }
        let builtIn = ResourceType.builtIn.values.map {
            StoredType(type: $0, source: "built-in", createdAt: nil, updatedAt: nil)
        }
        return try MemoryList(Self.shape, key: context.cursors, caller: caller).page(
            (builtIn + stored).filter { scope.contains(id: $0.type.id) }, query)
    }

    private static let shape = MemoryListShape<StoredType>(
        name: "resource-types", id: { $0.type.id }, defaultSort: "id",
        fields: [
            "id": { .string($0.type.id) }, "name": { .string($0.type.name) }, "plane": { .string($0.type.plane.rawValue) },
            "syntax": { .string($0.type.syntax.rawValue) }, "source": { .string($0.source) },
            "createdAt": { $0.createdAt.map { .string($0.rfc3339) } }, "updatedAt": { $0.updatedAt.map { .string($0.rfc3339) } },
        ], words: { [$0.type.id, $0.type.name] })

    /// Replaces the type; its syntax stays while permissions or resources are written in it, and so do actions they name.
    ///
    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `malformed`, `invalid`, `conflict`.
    public func replace(_ new: NewResourceType, ifMatch: Int64?, caller: Caller) async throws -> Written<StoredType> {
        try TypeReader.requireForm(new)
        return try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let old = try Self.find(new.id, standing, .typeUpdate, ifMatch: ifMatch, caller: caller, on: connection)
            let type = try TypeReader.read(new, others: new.contradictions)
            guard type != old.type else { return old }
            try TypeReader.requireCompatible(old.type, type, realm: caller.realm, on: connection)
            if TypeReader.givesOther(type, than: old.type) { try standing.require(.typeGrant, on: type.id) }
            let now = context.clock.now()
            try ResourceTypeTable.update(type, version: old.version + 1, at: now, realm: caller.realm, on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "resource-type.update", target: type.party,
                    changes: GrantAudit.differences(old.type.members, type.members)),
                caller: caller, on: connection)
            return StoredType(
                type: type, source: old.source, createdAt: old.createdAt, updatedAt: now, version: old.version + 1)
        }
    }

    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `conflict` while permissions or resources are of this type.
    public func delete(_ id: String, ifMatch: Int64?, caller: Caller) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let old = try Self.find(id, standing, .typeDelete, ifMatch: ifMatch, caller: caller, on: connection)
            try TypeReader.requireUnused(id, realm: caller.realm, on: connection)
            try ResourceTypeTable.delete(id, realm: caller.realm, on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "resource-type.delete", target: old.type.party,
                    changes: GrantAudit.differences(old.type.members, nil)),
                caller: caller, on: connection)
        }
    }

    private static func find(
        _ id: String, _ standing: Standing, _ permission: ManagementPermission, ifMatch: Int64?, caller: Caller,
        on connection: any Connection
    ) throws -> StoredType {
        guard let found = try ResourceTypeTable.find(id, realm: caller.realm, on: connection),
            try standing.allows(.typeRead, on: id)
        else { throw ServiceError.notFound }
        try standing.require(permission, on: id)
        if let ifMatch, ifMatch != found.version { throw ServiceError.preconditionFailed }
        if ResourceType.builtIn[id] != nil {
            throw ServiceError.conflict("The resource type \"\(id)\" is built in and stays as it is.")
        }
        return found
    }
}

extension ResourceType {
    var party: AuditEvent.Party { AuditEvent.Party(kind: "resource-type", id: id, name: name) }

    var members: [(String, JSONValue)] {
        [
            ("name", .string(name)), ("syntax", .string(syntax.rawValue)), ("actions", TypeText.actions(actions)),
            ("properties", .array(properties.map(JSONValue.string))),
        ]
    }
}
