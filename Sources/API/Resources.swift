internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/resources`: registered things, by type and id.
enum ResourceEndpoints {
    static let all = [
        Endpoint(.get, "/resources", handler: list),
        Endpoint(.put, "/resources/{type}/{id}", handler: put),
        Endpoint(.get, "/resources/{type}/{id}", handler: get),
        Endpoint(.delete, "/resources/{type}/{id}", handler: delete),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        .page(try await services.access.resources.list(try call.listQuery(), caller: call.caller)) { writer, item in
            item.write(to: &writer)
        }
    }

    @Sendable private static func put(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let type = try call.parameter("type")
        let id = try call.parameter("id")
        var new = NewResource(
            name: fields.optionalString("name"), organization: fields.optionalString("organization"),
            properties: fields.optionalObject("properties") ?? JSONObject())
        // What a client got it may send back; the path decides.
        for (name, value) in [("type", type), ("id", id)] where fields.optionalString(name) ?? value != value {
            new.contradictions.append(
                FieldError(field: name, code: "immutable", message: "Another \(name) than that in the path."))
        }
        try fields.finish()
        let written = try await services.access.resources.put(
            type: type, id: id, new, ifMatch: try call.ifMatch(), caller: call.caller)
        let (resource, isNew) = written.value
        return .json(
            isNew ? .created : .ok, etag: resource.version, revision: written.revision,
            location: isNew ? call.request.uri.path : nil
        ) { resource.write(to: &$0) }
    }

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let found = try await services.access.resources.get(
            type: try call.parameter("type"), id: try call.parameter("id"), caller: call.caller)
        return .json(etag: found.version) { found.write(to: &$0) }
    }

    @Sendable private static func delete(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.access.resources.delete(
            type: try call.parameter("type"), id: try call.parameter("id"), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }
}

extension Resource {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", type)
            writer.member("id", id)
            writer.member("name", name)
            writer.member("organization", organization)
            writer.member("properties", .object(properties))
            writer.member("createdAt", createdAt)
            writer.member("updatedAt", updatedAt)
        }
    }
}
