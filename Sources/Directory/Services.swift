import Audit
import Authentication
public import Grants
public import Model
import Storage

/// What creating a service takes.
public struct NewService: Sendable {
    public var name: String
    public var description: String

    public init(name: String, description: String = "") {
        self.name = name
        self.description = description
    }
}

/// A merge patch of a service.
public struct ServicePatch: Sendable {
    public var name: Patch<String> = .keep
    public var description: Patch<String> = .keep
    /// `active` or `disabled`.
    public var status: Patch<String> = .keep

    public init() {}
}

/// Programs that act for themselves. Every method asks for its permission itself.
public final class Services: Sendable {
    let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// Creates a service; it can do nothing until it has a token and holds something.
    ///
    /// - Throws: `forbidden`, `invalid`, `conflict` when the name is taken, by a user or a device too.
    public func create(
        _ new: NewService, idempotency: IdempotencyKey?, caller: Caller
    ) async throws -> Written<ServicePrincipal> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            try standing.require(.serviceCreate)
            let now = context.clock.now()
            return try Idempotency.once(
                idempotency, caller: caller, at: now, on: connection,
                again: { try ServiceTable.find($0, realm: caller.realm, on: connection) }, id: \.id
            ) {
                let problems = GroupRules.name(new.name) + GroupRules.description(new.description)
                guard problems.isEmpty else { throw ServiceError.invalid(problems) }
                let service = ServicePrincipal(
                    id: EntityID.make(at: now), name: new.name, description: new.description, status: .active, createdAt: now,
                    updatedAt: now, version: 1)
                try Self.requireFree(service.name, for: nil, caller: caller, on: connection)
                try Self.refusing(service.name) { try ServiceTable.insert(service, realm: caller.realm, on: connection) }
                try context.trail.append(
                    .init(
                        actor: standing.party, action: "service.create", target: service.party,
                        changes: Self.changes(from: nil, to: service)),
                    caller: caller, on: connection)
                return service
            }
        }
    }

    /// - Throws: `notFound` when absent or invisible.
    public func get(_ id: EntityID, caller: Caller) async throws -> ServicePrincipal {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        let found = try await context.database.read { try ServiceTable.find(id, realm: caller.realm, on: $0) }
        guard let found, try context.gate.permits(.serviceRead, on: id.text, caller: caller) else { throw ServiceError.notFound }
        return found
    }

    /// Filter fields: `id name status createdAt updatedAt`, all but `id` to sort by; default `name`. Each word of the search must
    /// begin a word of the name. Shows what the caller may read.
    public func list(_ query: ListQuery, caller: Caller) async throws -> Page<ServicePrincipal> {
        let scope = try context.gate.scope(of: .serviceRead, caller: caller)
        let listing = try Listing(
            query, shape: Self.shape, realm: caller.realm, caller: caller.principal, key: context.cursors)
        return try await context.database.scan { connection in
            try listing.page(
                on: connection, columns: ServiceTable.columns, columnCount: ServiceTable.columnCount,
                from: { $0.append(ServiceTable.source) },
                where: { statement in
                    statement.append("p.realm_id = ", .text(caller.realm.text))
                    statement.append(" AND p.kind = 'service' AND ")
                    try statement.append(
                        scope, ScopeColumns(id: "p.id", name: "p.name", memberKind: PrincipalKind.service.rawValue),
                        realm: .text(caller.realm.text))
                    for word in listing.words { NameSearch.append(Principals.nameKey(word), in: "p.name_key", to: &statement) }
                }, read: ServiceTable.service)
        }
    }

    private static let shape = ListShape(
        name: "services",
        fields: [
            "id": ListField("p.id", .folded { $0.lowercased() }, sortable: false),
            "name": ListField("p.name_key", .folded(Principals.nameKey)),
            "status": ListField("p.status", .folded { $0.lowercased() }), "createdAt": ListField("p.created_at", .time),
            "updatedAt": ListField("p.updated_at", .time),
        ], id: "p.id", defaultSort: "name")

    /// - Throws: `notFound`; `forbidden` without `service:update` (or `service:disable` for the status), or when the service holds
    ///   more than the caller; `preconditionFailed`, `invalid`, `conflict` when the name is taken.
    public func update(
        _ id: EntityID, _ patch: ServicePatch, ifMatch: Int64?, caller: Caller
    ) async throws -> Written<ServicePrincipal> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let old = try Self.find(id, standing, Self.needed(patch), caller: caller, on: connection)
            var new = old
            let problems = Self.apply(patch, to: &new)
            if new.status != old.status { try standing.requirePower(over: old.reference, for: .serviceDisable) }
            if new.name != old.name {
                try standing.requirePower(over: old.reference, for: .serviceUpdate)
                try standing.requireConferring(changing: [], isRenamed: true, of: old.reference)
            }
            if let ifMatch, ifMatch != old.version { throw ServiceError.preconditionFailed }
            guard problems.isEmpty else { throw ServiceError.invalid(problems) }
            guard new != old else { return old }
            if new.name != old.name { try Self.requireFree(new.name, for: id, caller: caller, on: connection) }
            new.version += 1
            new.updatedAt = context.clock.now()
            let changed = new
            try Self.refusing(changed.name) {
                try ServiceTable.update(changed, from: old, realm: caller.realm, at: changed.updatedAt, on: connection)
            }
            try context.trail.append(
                .init(
                    actor: standing.party, action: "service.update", target: old.party,
                    changes: Self.changes(from: old, to: changed)),
                caller: caller, on: connection)
            return changed
        }
    }

    /// Removes the service, its tokens, and what it was granted.
    ///
    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`.
    public func delete(_ id: EntityID, ifMatch: Int64?, caller: Caller) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let service = try Self.find(id, standing, [.serviceDelete], caller: caller, on: connection)
            try standing.requirePower(over: service.reference, for: .serviceDelete)
            if let ifMatch, ifMatch != service.version { throw ServiceError.preconditionFailed }
            try APITokenTable.deleteAll(of: id, realm: caller.realm, on: connection)
            try ServiceTable.delete(service, realm: caller.realm, on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "service.delete", target: service.party,
                    changes: Self.changes(from: service, to: nil)),
                caller: caller, on: connection)
        }
    }

    /// The service, seen with the write's own eyes: invisible is `notFound`, then the permissions.
    static func find(
        _ id: EntityID, _ standing: Standing, _ permissions: [ManagementPermission], caller: Caller,
        on connection: any Connection
    ) throws -> ServicePrincipal {
        guard let service = try ServiceTable.find(id, realm: caller.realm, on: connection),
            try standing.allows(.serviceRead, on: id.text)
        else { throw ServiceError.notFound }
        for permission in permissions { try standing.require(permission, on: id.text) }
        return service
    }

    private static func needed(_ patch: ServicePatch) -> [ManagementPermission] {
        guard case .keep = patch.status else {
            if case .keep = patch.name, case .keep = patch.description { return [.serviceDisable] }
            return [.serviceUpdate, .serviceDisable]
        }
        return [.serviceUpdate]
    }

    private static func apply(_ patch: ServicePatch, to service: inout ServicePrincipal) -> [FieldError] {
        var problems: [FieldError] = []
        switch patch.name {
        case .keep: break
        case .clear: problems += GroupRules.name("")
        case .set(let name):
            problems += GroupRules.name(name)
            service.name = name
        }
        switch patch.description {
        case .keep: break
        case .clear: service.description = ""
        case .set(let text):
            problems += GroupRules.description(text)
            service.description = text
        }
        switch patch.status {
        case .keep: break
        case .set(let text) where ServicePrincipal.Status(rawValue: text) != nil:
            service.status = ServicePrincipal.Status(rawValue: text) ?? .disabled
        case .clear, .set:
            problems.append(FieldError(field: "status", code: "invalid", message: "Use one of: active, disabled."))
        }
        return problems
    }

    private static func changes(from old: ServicePrincipal?, to new: ServicePrincipal?) -> [AuditEvent.FieldChange] {
        func change(_ field: String, _ value: (ServicePrincipal) -> String) -> AuditEvent.FieldChange? {
            let was = old.map(value).map(JSONValue.string) ?? .null
            let now = new.map(value).map(JSONValue.string) ?? .null
            return was == now ? nil : AuditEvent.FieldChange(field: field, old: was, new: now)
        }
        return [change("name", \.name), change("description", \.description), change("status", \.status.rawValue)]
            .compactMap { $0 }
    }

    private static func requireFree(_ name: String, for id: EntityID?, caller: Caller, on connection: any Connection) throws {
        guard let holder = try Principals.find(named: name, realm: caller.realm, on: connection), holder.reference.id != id else {
            return
        }
        throw taken(name)
    }

    private static func refusing(_ name: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch StorageError.uniqueViolation {
            throw taken(name)
        }
    }

    private static func taken(_ name: String) -> ServiceError {
        .conflict(
            "The name \"\(name)\" is taken.",
            fields: [
                FieldError(
                    field: "name", code: "taken",
                    message: "That name is taken, by a user, a service or a device. Choose another.")
            ])
    }
}

extension ServicePrincipal {
    /// The service as the audit record names it.
    var party: AuditEvent.Party {
        AuditEvent.Party(kind: PrincipalKind.service.rawValue, id: id.text, name: name)
    }
}
