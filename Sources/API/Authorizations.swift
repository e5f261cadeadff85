internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/authorizations`: permissions granted directly.
enum AuthorizationEndpoints {
    static let all = [
        Endpoint(.get, "/authorizations", handler: list),
        Endpoint(.post, "/authorizations", handler: create),
        Endpoint(.get, "/authorizations/{id}", handler: get),
        Endpoint(.patch, "/authorizations/{id}", handler: update),
        Endpoint(.delete, "/authorizations/{id}", handler: delete),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        .page(try await services.access.authorizations.list(try call.listQuery(), caller: call.caller)) { writer, item in
            item.write(to: &writer)
        }
    }

    @Sendable private static func create(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let (terms, reader) = try fields.grantTerms(services.access.types(of: call.caller))
        let permissions = fields.optionalValue("permissions") ?? .array([])
        try fields.finish()
        try reader.requireForm()
        if terms == nil || !reader.invalid.isEmpty { try services.access.require(.authorizationCreate, caller: call.caller) }
        try reader.finish()
        guard let terms else { throw ServiceError.invalid(reader.invalid) }
        let written = try await services.access.authorizations.create(
            permissions: permissions, terms, idempotency: try call.idempotency(fields), caller: call.caller)
        return response(.created, written, location: call.path(APISurface.prefix + "/authorizations/" + written.value.id.text))
    }

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let found = try await services.access.authorizations.get(try call.id(), caller: call.caller)
        return .json(etag: found.origin.version) { found.write(to: &$0) }
    }

    @Sendable private static func update(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let permissions = fields.has("permissions") ? fields.optionalValue("permissions") ?? .array([]) : nil
        let (patch, reader) = try fields.grantTermsPatch(services.access.types(of: call.caller))
        try reader.requireForm()
        if !reader.invalid.isEmpty {
            // Absent and forbidden come before what is wrong with the fields.
            let id = try await services.access.authorizations.get(try call.id(), caller: call.caller).id
            try services.access.require(.authorizationUpdate, on: id, caller: call.caller)
        }
        try reader.finish()
        return response(
            .ok,
            try await services.access.authorizations.update(
                try call.id(), permissions: permissions, patch, ifMatch: try call.ifMatch(), caller: call.caller))
    }

    @Sendable private static func delete(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.access.authorizations.delete(
            try call.id(), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    private static func response(
        _ status: HTTPResponse.Status, _ written: Written<Authorization>, location: String? = nil
    ) -> Response {
        .json(status, etag: written.value.origin.version, revision: written.revision, location: location) {
            written.value.write(to: &$0)
        }
    }
}

extension Authorization {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.text)
            writer.member("permissions", PermissionText.json(permissions))
            terms.writeMembers(to: &writer)
            origin.writeMembers(to: &writer)
        }
    }
}
