internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/groups`: named sets of principals.
enum GroupEndpoints {
    static let all = [
        Endpoint(.get, "/groups", handler: list),
        Endpoint(.post, "/groups", handler: create),
        Endpoint(.get, "/groups/{id}", handler: get),
        Endpoint(.patch, "/groups/{id}", handler: update),
        Endpoint(.delete, "/groups/{id}", handler: delete),
        Endpoint(.get, "/groups/{id}/members", handler: members),
        Endpoint(.put, "/groups/{id}/members/{kind}/{memberId}", handler: add),
        Endpoint(.delete, "/groups/{id}/members/{kind}/{memberId}", handler: remove),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        .page(try await services.access.groups.list(try call.listQuery(), caller: call.caller)) { writer, group in
            group.write(to: &writer)
        }
    }

    @Sendable private static func create(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        // What is absent is the service's to refuse, after the permission.
        let new = NewGroup(
            name: fields.optionalString("name") ?? "", description: fields.optionalString("description") ?? "")
        try fields.finish()
        let created = try await services.access.groups.create(
            new, idempotency: try call.idempotency(fields), caller: call.caller)
        return .group(
            .created, created, location: call.path(APISurface.prefix + "/groups/" + created.value.id.text))
    }

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let group = try await services.access.groups.get(try call.id(), caller: call.caller)
        return .json(etag: group.version) { group.write(to: &$0) }
    }

    @Sendable private static func update(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        var patch = GroupPatch()
        patch.name = fields.patchString("name")
        patch.description = fields.patchString("description")
        try fields.finish()
        return .group(
            .ok,
            try await services.access.groups.update(
                try call.id(), patch, ifMatch: try call.ifMatch(), caller: call.caller))
    }

    @Sendable private static func delete(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.access.groups.delete(
            try call.id(), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    // MARK: Members

    @Sendable private static func members(_ services: APIServices, _ call: Call) async throws -> Response {
        let page = try await services.access.groups.members(of: try call.id(), try call.listQuery(), caller: call.caller)
        return .page(page) { writer, member in
            writer.object {
                $0.member("kind", member.kind.rawValue)
                $0.member("id", member.id.text)
                $0.member("name", member.name)
            }
        }
    }

    @Sendable private static func add(_ services: APIServices, _ call: Call) async throws -> Response {
        try await call.requireNoFields()
        let written = try await services.access.groups.add(
            try member(call), to: try call.id(), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    @Sendable private static func remove(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.access.groups.remove(
            try member(call), from: try call.id(), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    /// The path names kinds in the plural, as their own lists are named.
    private static func member(_ call: Call) throws -> PrincipalReference {
        let text = try call.parameter("kind")
        guard let kind = PrincipalKind.allCases.first(where: { $0.rawValue + "s" == text }) else { throw ServiceError.notFound }
        return PrincipalReference(kind: kind, id: try call.id("memberId"))
    }
}

extension Group {
    /// The members of a group as the contract has them.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.text)
            writer.member("name", name)
            writer.member("description", description.isEmpty ? nil : description)
            writer.member("createdAt", createdAt)
            writer.member("updatedAt", updatedAt)
        }
    }
}

extension Response {
    /// A group after a write.
    static func group(_ status: HTTPResponse.Status, _ written: Written<Group>, location: String? = nil) -> Response {
        .json(status, etag: written.value.version, revision: written.revision, location: location) {
            written.value.write(to: &$0)
        }
    }
}
