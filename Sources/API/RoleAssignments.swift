internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/role-assignments`: roles given to principals and groups.
enum RoleAssignmentEndpoints {
    static let all = [
        Endpoint(.get, "/role-assignments", handler: list),
        Endpoint(.post, "/role-assignments", handler: create),
        Endpoint(.get, "/role-assignments/{id}", handler: get),
        Endpoint(.patch, "/role-assignments/{id}", handler: update),
        Endpoint(.delete, "/role-assignments/{id}", handler: delete),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        .page(try await services.access.roleAssignments.list(try call.listQuery(), caller: call.caller)) { writer, item in
            item.write(to: &writer)
        }
    }

    @Sendable private static func create(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let (terms, reader) = try fields.grantTerms(services.access.types(of: call.caller))
        let role = fields.requiredString("role")
        do {
            try fields.finish()
            try reader.requireForm()
        } catch ServiceError.invalid(let missing) {
            try reader.requireForm()
            try services.access.require(.assignmentCreate, caller: call.caller)
            try reader.finish(missing)
        }
        if terms == nil || !reader.invalid.isEmpty { try services.access.require(.assignmentCreate, caller: call.caller) }
        try reader.finish()
        guard let terms else { throw ServiceError.invalid(reader.invalid) }
        let written = try await services.access.roleAssignments.create(
            role: role, terms, idempotency: try call.idempotency(fields), caller: call.caller)
        return response(.created, written, location: call.path(APISurface.prefix + "/role-assignments/" + written.value.id.text))
    }

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let found = try await services.access.roleAssignments.get(try call.id(), caller: call.caller)
        return .json(etag: found.origin.version) { found.write(to: &$0) }
    }

    @Sendable private static func update(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        // There is no assignment without a role, so null is a name that no role has.
        let role = fields.has("role") ? fields.optionalString("role") ?? "" : nil
        let (patch, reader) = try fields.grantTermsPatch(services.access.types(of: call.caller))
        try reader.requireForm()
        if !reader.invalid.isEmpty {
            // Absent and forbidden come before what is wrong with the fields.
            let id = try await services.access.roleAssignments.get(try call.id(), caller: call.caller).id
            try services.access.require(.assignmentUpdate, on: id, caller: call.caller)
        }
        try reader.finish()
        return response(
            .ok,
            try await services.access.roleAssignments.update(
                try call.id(), role: role, patch, ifMatch: try call.ifMatch(), caller: call.caller))
    }

    @Sendable private static func delete(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.access.roleAssignments.delete(
            try call.id(), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    private static func response(
        _ status: HTTPResponse.Status, _ written: Written<RoleAssignment>, location: String? = nil
    ) -> Response {
        .json(status, etag: written.value.origin.version, revision: written.revision, location: location) {
            written.value.write(to: &$0)
        }
    }
}

extension RoleAssignment {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.text)
            writer.member("role", role)
            terms.writeMembers(to: &writer)
            origin.writeMembers(to: &writer)
        }
    }
}
