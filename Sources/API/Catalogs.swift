internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/catalogs`: the resource types and roles of products, from files.
enum CatalogEndpoints {
    static let all = [
        Endpoint(.get, "/catalogs", handler: list),
        Endpoint(.post, "/catalogs", handler: apply),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        try call.allowQuery(only: [])
        let found = try await services.access.catalogs.list(caller: call.caller)
        let page = Page(
            items: found, limit: 1000, total: found.count, position: 0, nextCursor: nil, previousCursor: nil)
        return .page(page) { writer, catalog in
            writer.object { writer in
                writer.member("id", catalog.id)
                writer.member("name", catalog.name)
                writer.member("version", catalog.version)
                writer.member("appliedAt", catalog.appliedAt)
            }
        }
    }

    private static let mediaTypes = ["application/json", "application/yaml", "application/x-yaml", "text/yaml"]

    @Sendable private static func apply(_ services: APIServices, _ call: Call) async throws -> Response {
        let body = try await call.text(mediaTypes)
        try call.allowQuery(only: ["dryRun"])
        let isDryRun: Bool
        switch call.query["dryRun"] {
        case nil, "false"?, ""?: isDryRun = false
        case "true"?: isDryRun = true
        case _?:
            throw ServiceError.malformed(
                "\"dryRun\" must be true or false.",
                fields: [FieldError(field: "dryRun", code: "wrong_type", message: "This must be true or false.")])
        }
        let file: CatalogFile
        do {
            file = try CatalogFile(parsing: body, isYAML: call.mediaType != "application/json")
        } catch ServiceError.invalid(let errors) {
            // Whoever may not apply it learns only that.
            try services.access.require(.catalogApply, caller: call.caller)
            throw ServiceError.invalid(errors)
        }
        let written = try await services.access.catalogs.apply(file, dryRun: isDryRun, caller: call.caller)
        return .json(revision: written.revision) { written.value.write(to: &$0) }
    }
}

extension CatalogDifference {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("catalog", catalog)
            writer.member("name", name)
            writer.member("version", version)
            writer.member("dryRun", .bool(isDryRun))
            for outcome in [Outcome.created, .updated, .unchanged] {
                writer.member(
                    outcome.rawValue,
                    .array(
                        items(outcome).map { item in
                            var members: [(String, JSONValue)] = [("kind", .string(item.kind)), ("id", .string(item.id))]
                            if outcome == .updated {
                                members.append(
                                    (
                                        "changes",
                                        .array(
                                            item.changes.map { change in
                                                .object(
                                                    JSONObject([
                                                        ("field", .string(change.field)), ("old", change.old),
                                                        ("new", change.new),
                                                    ]))
                                            })
                                    ))
                            }
                            return .object(JSONObject(members))
                        }))
            }
        }
    }
}
