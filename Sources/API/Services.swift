internal import Authentication
internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/services`: programs, and the API tokens they come with.
enum ServiceEndpoints {
    static let all = [
        Endpoint(.get, "/services", handler: list),
        Endpoint(.post, "/services", handler: create),
        Endpoint(.get, "/services/{id}", handler: get),
        Endpoint(.patch, "/services/{id}", handler: update),
        Endpoint(.delete, "/services/{id}", handler: delete),
        Endpoint(.get, "/services/{id}/tokens", handler: tokens),
        Endpoint(.post, "/services/{id}/tokens", handler: createToken),
        Endpoint(.delete, "/services/{id}/tokens/{tokenId}", handler: deleteToken),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        .page(try await services.access.services.list(try call.listQuery(), caller: call.caller)) { writer, service in
            service.write(to: &writer)
        }
    }

    @Sendable private static func create(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let new = NewService(
            name: fields.optionalString("name") ?? "", description: fields.optionalString("description") ?? "")
        try fields.finish()
        let created = try await services.access.services.create(
            new, idempotency: try call.idempotency(fields), caller: call.caller)
        return response(.created, created, location: call.path(APISurface.prefix + "/services/" + created.value.id.text))
    }

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let service = try await services.access.services.get(try call.id(), caller: call.caller)
        return .json(etag: service.version) { service.write(to: &$0) }
    }

    @Sendable private static func update(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        var patch = ServicePatch()
        patch.name = fields.patchString("name")
        patch.description = fields.patchString("description")
        patch.status = fields.patchString("status")
        try fields.finish()
        return response(
            .ok,
            try await services.access.services.update(
                try call.id(), patch, ifMatch: try call.ifMatch(), caller: call.caller))
    }

    @Sendable private static func delete(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.access.services.delete(
            try call.id(), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    // MARK: Tokens

    @Sendable private static func tokens(_ services: APIServices, _ call: Call) async throws -> Response {
        let page = try await services.access.services.tokens(of: try call.id(), try call.listQuery(), caller: call.caller)
        return .page(page) { writer, token in token.write(to: &writer) }
    }

    @Sendable private static func createToken(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let new = NewToken(
            name: fields.optionalString("name") ?? "", expiresAt: try fields.optionalTime("expiresAt"),
            permissions: fields.optionalValue("permissions"))
        try fields.finish()
        let id = try call.id()
        let created = try await services.access.services.createToken(
            new, of: id, idempotency: try call.idempotency(fields), caller: call.caller)
        let issued = created.value
        return .json(
            .created, etag: 1, revision: created.revision,
            location: call.path(APISurface.prefix + "/services/" + id.text + "/tokens/" + issued.id.text)
        ) {
            $0.object { writer in
                writer.member("id", issued.id.text)
                writer.member("name", issued.name)
                writer.member("token", issued.token)
                writer.member("expiresAt", issued.expiresAt)
            }
        }
    }

    @Sendable private static func deleteToken(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.access.services.deleteToken(
            try call.id("tokenId"), of: try call.id(), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    private static func response(
        _ status: HTTPResponse.Status, _ written: Written<ServicePrincipal>, location: String? = nil
    ) -> Response {
        .json(status, etag: written.value.version, revision: written.revision, location: location) {
            written.value.write(to: &$0)
        }
    }
}

extension ServicePrincipal {
    /// The members of a service as the contract has them.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.text)
            writer.member("name", name)
            writer.member("description", description.isEmpty ? nil : description)
            writer.member("status", status.rawValue)
            writer.member("createdAt", createdAt)
            writer.member("updatedAt", updatedAt)
        }
    }
}

extension APIToken {
    /// The members of a listed token: all but the token itself.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.text)
            writer.member("name", name)
            writer.member("hint", hint)
            writer.member("permissions", permissions ?? .null)
            writer.member("createdBy", createdBy)
            writer.member("createdAt", createdAt)
            writer.member("expiresAt", expiresAt)
            writer.member("lastUsedAt", lastUsedAt)
        }
    }
}
