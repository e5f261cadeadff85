internal import Access
internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/resource-types`: the kinds of thing that are protected.
enum ResourceTypeEndpoints {
    static let all = [
        Endpoint(.get, "/resource-types", handler: list),
        Endpoint(.post, "/resource-types", handler: create),
        Endpoint(.get, "/resource-types/{id}", handler: get),
        Endpoint(.put, "/resource-types/{id}", handler: replace),
        Endpoint(.delete, "/resource-types/{id}", handler: delete),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        .page(try await services.access.resourceTypes.list(try call.listQuery(), caller: call.caller)) { writer, item in
            item.write(to: &writer)
        }
    }

    private static func read(_ fields: inout JSONFields, id: String?) throws -> NewResourceType {
        let sent = fields.optionalString("id")
        var new = NewResourceType(
            id: id ?? sent ?? "", name: fields.optionalString("name"), plane: fields.optionalString("plane"),
            syntax: fields.optionalString("syntax"), actions: fields.optionalValue("actions") ?? .array([]),
            properties: try fields.optionalStrings("properties") ?? [])
        // What a client got it may send back; the path decides.
        if let id, let sent, id != sent {
            new.contradictions.append(
                FieldError(field: "id", code: "immutable", message: "The id in the body is another than that in the path."))
        }
        try fields.finish()
        return new
    }

    @Sendable private static func create(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let new = try read(&fields, id: nil)
        let written = try await services.access.resourceTypes.create(
            new, idempotency: try call.idempotency(fields), caller: call.caller)
        return response(
            .created, written, location: call.path(APISurface.prefix + "/resource-types/" + written.value.type.id))
    }

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let found = try await services.access.resourceTypes.get(try call.parameter("id"), caller: call.caller)
        return .json(etag: found.version) { found.write(to: &$0) }
    }

    @Sendable private static func replace(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let new = try read(&fields, id: try call.parameter("id"))
        return response(
            .ok, try await services.access.resourceTypes.replace(new, ifMatch: try call.ifMatch(), caller: call.caller))
    }

    @Sendable private static func delete(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.access.resourceTypes.delete(
            try call.parameter("id"), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    private static func response(
        _ status: HTTPResponse.Status, _ written: Written<StoredType>, location: String? = nil
    ) -> Response {
        .json(status, etag: written.value.version, revision: written.revision, location: location) {
            written.value.write(to: &$0)
        }
    }
}

extension StoredType {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", type.id)
            writer.member("name", type.name)
            writer.member("plane", type.plane.rawValue)
            writer.member("syntax", type.syntax.rawValue)
            writer.member(
                "actions",
                .array(
                    type.actions.map { action in
                        .object(
                            JSONObject([
                                ("id", .string(action.id)), ("name", .string(action.name)),
                                ("includes", .array(action.includes.map(JSONValue.string))),
                            ]))
                    }))
            writer.member("properties", .array(type.properties.map(JSONValue.string)))
            writer.member("builtIn", .bool(source == "built-in"))
            writer.member("source", source)
            writer.member("createdAt", createdAt)
            writer.member("updatedAt", updatedAt)
        }
    }
}
