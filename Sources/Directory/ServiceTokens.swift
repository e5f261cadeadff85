import Audit
public import Authentication
public import Grants
public import Model
import Storage

/// What creating an API token takes.
public struct NewToken: Sendable {
    public var name: String
    /// `nil`: it does not expire.
    public var expiresAt: Timestamp?
    /// Permissions it is narrowed to; `nil`: everything its service may do.
    public var permissions: JSONValue?

    public init(name: String, expiresAt: Timestamp? = nil, permissions: JSONValue? = nil) {
        self.name = name
        self.expiresAt = expiresAt
        self.permissions = permissions
    }
}

extension Services {
    /// A service's API tokens. Filter and sort fields: `id name createdAt expiresAt lastUsedAt`; default `-createdAt`.
    ///
    /// - Throws: `notFound`, `forbidden`.
    public func tokens(of id: EntityID, _ query: ListQuery = ListQuery(), caller: Caller) async throws -> Page<APIToken> {
        _ = try await get(id, caller: caller)
        try context.gate.require(.serviceReadTokens, on: id.text, caller: caller)
        guard query.search?.isEmpty ?? true else {
            throw ServiceError.malformed("This list has no word search; use \"filter\".")
        }
        let listing = try Listing(
            query, shape: Self.tokenShape(of: id), realm: caller.realm, caller: caller.principal, key: context.cursors)
        return try await context.database.scan { connection in
            try listing.page(
                on: connection, columns: APITokenTable.columns, columnCount: APITokenTable.columnCount,
                from: { $0.append("api_token t") },
                where: { statement in
                    statement.append("t.realm_id = ", .text(caller.realm.text))
                    statement.append(" AND t.principal_id = ", .text(id.text))
                }, read: APITokenTable.token)
        }
    }

    private static func tokenShape(of id: EntityID) -> ListShape {
        ListShape(
            name: "tokens of \(id.text)",
            fields: [
                "id": ListField("t.id", .folded { $0.lowercased() }, sortable: false), "name": ListField("t.name", .exact),
                "createdAt": ListField("t.created_at", .time),
                "expiresAt": ListField("COALESCE(t.expires_at, 0)", .time, optional: true),
                "lastUsedAt": ListField("t.last_used_at", .time, optional: true),
            ], id: "t.id", defaultSort: "-createdAt")
    }

    /// Makes an API token. Whoever has it can do what the service may, so it takes power over the service.
    ///
    /// - Throws: `malformed`, `notFound`, `forbidden`, `invalid`; `conflict` when the same request made one before, since a token is
    ///   shown once.
    public func createToken(
        _ new: NewToken, of id: EntityID, idempotency: IdempotencyKey? = nil, caller: Caller
    ) async throws -> Written<IssuedToken> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            var reader = PermissionReader(types: standing.facts.resourceType)
            let permissions = try new.permissions.map {
                try reader.permissions($0, field: "permissions", allowsScopes: false)
            }
            // What cannot be understood is said first, what breaks a rule only to those who may do it.
            if !reader.malformed.isEmpty { try reader.finish() }
            let service = try Self.find(id, standing, [.serviceCreateToken], caller: caller, on: connection)
            try standing.requirePower(over: service.reference, for: .serviceCreateToken)
            // A narrow token makes no wide one.
            if standing.isNarrowed, standing.principal == service.reference {
                throw ServiceError.forbidden(permission: ManagementPermission.serviceCreateToken.description)
            }
            let now = context.clock.now()
            return try Idempotency.once(
                idempotency, caller: caller, at: now, on: connection,
                again: { _ in
                    throw ServiceError.conflict(
                        "This Idempotency-Key made a token already, and a token is shown once. Delete it and make another.")
                }, id: \.id
            ) {
                var problems = GroupRules.name(new.name)
                if let end = new.expiresAt, end <= now {
                    problems.append(FieldError(field: "expiresAt", code: "past", message: "The end must lie in the future."))
                }
                try reader.finish(problems)
                let json = permissions.map(PermissionText.json)
                let issued = try APITokenTable.issue(
                    name: new.name, permissions: json, expiresAt: new.expiresAt, to: id, by: standing.principal.id,
                    realm: caller.realm, at: now, on: connection)
                var changes: [AuditEvent.FieldChange] = [
                    .init(field: "name", old: .null, new: .string(new.name)),
                    .init(field: "expiresAt", old: .null, new: new.expiresAt.map { .string($0.rfc3339) } ?? .null),
                ]
                if let json { changes.append(.init(field: "permissions", old: .null, new: json)) }
                try context.trail.append(
                    .init(actor: standing.party, action: "service.token.create", target: service.party, changes: changes),
                    caller: caller, on: connection)
                return issued
            }
        }
    }

    /// Deletes an API token; it is refused at once.
    ///
    /// - Throws: `notFound`, `forbidden`.
    public func deleteToken(
        _ token: EntityID, of id: EntityID, ifMatch: Int64? = nil, caller: Caller
    ) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let standing = try context.standings.load(caller, on: connection)
            let service = try Self.find(id, standing, [], caller: caller, on: connection)
            guard let found = try APITokenTable.find(token, of: id, realm: caller.realm, on: connection) else {
                throw ServiceError.notFound
            }
            try standing.require(.serviceDeleteToken, on: id.text)
            try standing.requirePower(over: service.reference, for: .serviceDeleteToken)
            // A token never changes: it has one version all its life.
            if let ifMatch, ifMatch != 1 { throw ServiceError.preconditionFailed }
            try APITokenTable.delete(token, realm: caller.realm, on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "service.token.delete", target: service.party,
                    changes: [.init(field: "name", old: .string(found.name), new: .null)]),
                caller: caller, on: connection)
        }
    }
}
