import Access
import Audit
public import Model
import Storage

/// What a resource is replaced by.
public struct NewResource: Sendable {
    public var name: String?
    public var organization: String?
    public var properties: JSONObject
    /// What else is wrong with the request, to be told with the rest.
    public var contradictions: [FieldError] = []

    public init(name: String? = nil, organization: String? = nil, properties: JSONObject = JSONObject()) {
        self.name = name
        self.organization = organization
        self.properties = properties
    }
}

/// Registered resources: what is stored about one wins over what questions claim of it.
public final class Resources: Sendable {
    static let longestProperties = 16_384
    /// Longer ones find no place in an index.
    static let longestID = 1024
    private let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// Creates or replaces a resource; whether it is new is told.
    ///
    /// Its properties and its organization decide what people may do with it: writing them needs `grant` on the type.
    /// - Throws: `notFound` for an unknown type, `forbidden`, `preconditionFailed`, `invalid`.
    public func put(
        type typeID: String, id: String, _ new: NewResource, ifMatch: Int64?, caller: Caller
    ) async throws -> Written<(resource: Resource, isNew: Bool)> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            guard let type = try standing.facts.resourceType(typeID), type.plane == .runtime else { throw ServiceError.notFound }
            let name = ResourceName.canonicalID(id, syntax: type.syntax)
            let key = Self.key(typeID, name ?? id)
            let old = try name.flatMap { try ResourceTable.find(type: typeID, id: $0, realm: caller.realm, on: connection) }
            let isVisible = try standing.allows(.resourceRead, on: key)
            if old != nil, !isVisible { throw ServiceError.notFound }
            try standing.require(old == nil ? .resourceCreate : .resourceUpdate, on: key)
            if let ifMatch, ifMatch != old?.version { throw ServiceError.preconditionFailed }
            var problems = new.contradictions + Self.problems(with: new)
            if id.utf8.count > Self.longestID {
                problems.append(FieldError(field: "id", code: "too_long", message: "Use at most 1024 bytes for an id."))
            }
            if name == nil {
                problems.append(
                    FieldError(
                        field: "id", code: "syntax", message: "This can never be the id of a resource of type \"\(typeID)\"."))
            }
            guard problems.isEmpty, let name else { throw ServiceError.invalid(problems) }
            let decides =
                new.organization != old?.organization || new.properties != (old?.properties ?? JSONObject())
            if decides { try standing.require(.typeGrant, on: typeID) }
            let now = context.clock.now()
            let resource = Resource(
                type: typeID, id: name, name: new.name, organization: new.organization, properties: new.properties,
                createdAt: old?.createdAt ?? now, updatedAt: now, version: (old?.version ?? 0) + 1)
            if let old, old.name == resource.name, !decides { return (old, false) }
            try ResourceTable.put(resource, realm: caller.realm, on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: old == nil ? "resource.create" : "resource.update", target: resource.party,
                    changes: GrantAudit.differences(old?.members, resource.members)),
                caller: caller, on: connection)
            return (resource, old == nil)
        }
    }

    private static func problems(with new: NewResource) -> [FieldError] {
        var problems: [FieldError] = []
        if let name = new.name { problems += RoleRules.name(name) }
        if let organization = new.organization, !PermissionReader.isSlug(organization) {
            problems.append(
                FieldError(field: "organization", code: "characters", message: "Use the organization's id, such as \"acme\"."))
        }
        if JSONValue.object(new.properties).text.utf8.count > longestProperties {
            problems.append(FieldError(field: "properties", code: "too_long", message: "Use at most 16 KiB of properties."))
        }
        for name in ["id", "type"] where new.properties[name] != nil {
            problems.append(
                FieldError(field: "properties.\(name)", code: "reserved", message: "That name is the resource's own."))
        }
        return problems
    }

    public func get(type: String, id: String, caller: Caller) async throws -> Resource {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        guard let name = try canonical(type: type, id: id, caller: caller) else { throw ServiceError.notFound }
        let found = try await context.database.read {
            try ResourceTable.find(type: type, id: name, realm: caller.realm, on: $0)
        }
        guard let found, try context.gate.permits(.resourceRead, on: Self.key(type, name), caller: caller) else {
            throw ServiceError.notFound
        }
        return found
    }

    /// Filter attributes: `type id name organization createdAt updatedAt`.
    public func list(_ query: ListQuery, caller: Caller) async throws -> Page<Resource> {
        let scope = try context.gate.scope(of: .resourceRead, caller: caller)
        let listing = try Listing(query, shape: Self.shape, realm: caller.realm, caller: caller.principal, key: context.cursors)
        try GrantLists.refuseSearch(query)
        return try await context.database.scan { connection in
            try listing.page(
                on: connection, columns: ResourceTable.columns, columnCount: ResourceTable.columnCount,
                from: { $0.append("resource s") },
                where: { statement in
                    statement.append("s.realm_id = ", .text(caller.realm.text))
                    statement.append(" AND ")
                    try statement.append(
                        scope, ScopeColumns(id: "(s.type_id || '/' || s.id)"), realm: .text(caller.realm.text))
                }, read: ResourceTable.resource)
        }
    }

    private static let shape = ListShape(
        name: "resources",
        fields: [
            "type": ListField("s.type_id", .exact), "id": ListField("s.id", .exact),
            "name": ListField("s.name_key", .folded(Principals.nameKey), optional: true),
            "organization": ListField("s.organization", .exact, optional: true), "createdAt": ListField("s.created_at", .time),
            "updatedAt": ListField("s.updated_at", .time),
        ], id: "(s.type_id || '/' || s.id)", defaultSort: "type,id")

    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`.
    public func delete(type: String, id: String, ifMatch: Int64?, caller: Caller) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            guard let known = try standing.facts.resourceType(type),
                let name = ResourceName.canonicalID(id, syntax: known.syntax),
                let old = try ResourceTable.find(type: type, id: name, realm: caller.realm, on: connection),
                try standing.allows(.resourceRead, on: Self.key(type, name))
            else { throw ServiceError.notFound }
            try standing.require(.resourceDelete, on: Self.key(type, name))
            if let ifMatch, ifMatch != old.version { throw ServiceError.preconditionFailed }
            // What was stored of it may have kept a deny in force.
            if old.organization != nil || !old.properties.isEmpty { try standing.require(.typeGrant, on: type) }
            try ResourceTable.delete(old, realm: caller.realm, on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "resource.delete", target: old.party,
                    changes: GrantAudit.differences(old.members, nil)),
                caller: caller, on: connection)
        }
    }

    private func canonical(type: String, id: String, caller: Caller) throws -> String? {
        guard let known = try context.gate.snapshot(of: caller.realm).snapshot.resourceType(type) else { return nil }
        return ResourceName.canonicalID(id, syntax: known.syntax)
    }

    /// The id under which permissions on resource type `resource` name one.
    static func key(_ type: String, _ id: String) -> String { "\(type)/\(id)" }
}

extension Resource {
    var party: AuditEvent.Party { AuditEvent.Party(kind: "resource", id: "\(type)/\(id)", name: name ?? id) }

    var members: [(String, JSONValue)] {
        [
            ("name", name.map(JSONValue.string) ?? .null), ("organization", organization.map(JSONValue.string) ?? .null),
        ] + properties.members.map { ("properties.\($0.name)", $0.value) }
    }
}
