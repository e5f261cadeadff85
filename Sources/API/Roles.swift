internal import Access
internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/roles`: named sets of permissions.
enum RoleEndpoints {
    static let all = [
        Endpoint(.get, "/roles", handler: list),
        Endpoint(.post, "/roles", handler: create),
        Endpoint(.get, "/roles/{id}", handler: get),
        Endpoint(.patch, "/roles/{id}", handler: update),
        Endpoint(.delete, "/roles/{id}", handler: delete),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        .page(try await services.access.roles.list(try call.listQuery(), caller: call.caller)) { writer, item in
            item.write(to: &writer)
        }
    }

    @Sendable private static func create(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let new = NewRole(
            id: fields.optionalString("id") ?? "", name: fields.optionalString("name"),
            description: fields.optionalString("description"), permissions: fields.optionalValue("permissions") ?? .array([]),
            includes: try fields.optionalStrings("includes") ?? [])
        try fields.finish()
        let written = try await services.access.roles.create(new, idempotency: try call.idempotency(fields), caller: call.caller)
        return response(.created, written, location: call.path(APISurface.prefix + "/roles/" + written.value.role.id))
    }

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let found = try await services.access.roles.get(try call.parameter("id"), caller: call.caller)
        return .json(etag: found.version) { found.write(to: &$0) }
    }

    @Sendable private static func update(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        var patch = RolePatch()
        patch.name = fields.patchString("name")
        patch.description = fields.patchString("description")
        patch.permissions = fields.patchValue("permissions")
        patch.includes = try fields.patchStrings("includes")
        try fields.finish()
        return response(
            .ok,
            try await services.access.roles.update(
                try call.parameter("id"), patch, ifMatch: try call.ifMatch(), caller: call.caller))
    }

    @Sendable private static func delete(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.access.roles.delete(
            try call.parameter("id"), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    private static func response(
        _ status: HTTPResponse.Status, _ written: Written<StoredRole>, location: String? = nil
    ) -> Response {
        .json(status, etag: written.value.version, revision: written.revision, location: location) {
            written.value.write(to: &$0)
        }
    }
}

extension StoredRole {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", role.id)
            writer.member("name", role.name)
            writer.member("description", role.description.isEmpty ? nil : role.description)
            writer.member("permissions", PermissionText.json(role.permissions))
            writer.member("includes", .array(role.includes.map(JSONValue.string)))
            writer.member("builtIn", .bool(role.isBuiltIn))
            writer.member("source", source)
            writer.member("createdAt", createdAt)
            writer.member("updatedAt", updatedAt)
        }
    }
}
