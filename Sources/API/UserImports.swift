internal import Directory
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import NIOCore
internal import Web

/// `/user-imports` and `/user-exports`: many users at once, as text.
enum UserImportEndpoints {
    static let all = [
        Endpoint(.post, "/user-imports", handler: take),
        Endpoint(.get, "/user-exports", handler: give),
    ]

    private static let formats: [String: UserImportOptions.Format] = [
        "text/csv": .csv, "application/jsonl": .jsonLines,
    ]

    /// The answer is written when the body has arrived: clients that send everything before they read could not go on otherwise.
    /// Until then it is kept, in a file when it is long.
    @Sendable private static func take(_ services: APIServices, _ call: Call) async throws -> Response {
        let body = try call.longBody(formats.keys.sorted())
        do {
            let options = try options(call)
            let report = Spool(folder: services.spoolFolder)
            let summary = try await services.imports.run(body, options: options, caller: call.caller) { refused in
                try await report.append(refused.flatMap { $0.line })
            }
            if summary.stopped != nil { await body.discardRest() }
            try await report.append(summary.line)
            var headers: HTTPFields = [.contentType: "application/jsonl", .cacheControl: "no-store"]
            if let revision = summary.revision { headers[.gatehouseRevision] = revision.text }
            return Response(status: .ok, headers: headers, body: report.responseBody)
        } catch {
            await body.discardRest()
            throw error
        }
    }

    private static func options(_ call: Call) throws -> UserImportOptions {
        try call.allowQuery(only: ["dryRun", "onConflict"])
        var options = UserImportOptions(format: call.mediaType.flatMap { formats[$0] } ?? .csv)
        options.dryRun = try flag("dryRun", call)
        if let text = call.query["onConflict"] {
            options.onConflict = try choice(text, "onConflict", UserImportOptions.OnConflict.self)
        }
        return options
    }

    @Sendable private static func give(_ services: APIServices, _ call: Call) async throws -> Response {
        try call.allowQuery(only: ["format", "secrets"])
        var options = UserExportOptions(format: .csv)
        if let text = call.query["format"] { options.format = try choice(text, "format", UserImportOptions.Format.self) }
        options.secrets = try flag("secrets", call)
        let export = try await services.exports.begin(options, caller: call.caller)
        return .users(export, options)
    }

    private static func flag(_ name: String, _ call: Call) throws -> Bool {
        switch call.query[name] {
        case nil, "false": return false
        case "true": return true
        default: throw wrong(name, "Use true or false.")
        }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ text: String, _ name: String, _: Choice.Type
    ) throws -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: text) else {
            throw wrong(name, "Use " + Choice.allCases.map(\.rawValue).joined(separator: ", ") + ".")
        }
        return choice
    }

    private static func wrong(_ name: String, _ message: String) -> ServiceError {
        .malformed("The query has mistakes.", fields: [FieldError(field: name, code: "unknown", message: message)])
    }
}

extension UserImportSummary {
    /// The last line of the report.
    var line: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("created", created)
            writer.member("updated", updated)
            writer.member("skipped", skipped)
            writer.member("failed", failed)
            guard let stopped else { return }
            let problem = Problem(stopped.error)
            writer.name("stopped")
            writer.object {
                $0.member("row", stopped.row)
                $0.member("code", problem.code)
                $0.member("message", problem.detail)
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

extension Response {
    static func users(_ export: UserExport, _ options: UserExportOptions) -> Response {
        let isCSV = options.format == .csv
        return Response(
            status: .ok,
            headers: [
                .contentType: isCSV ? "text/csv; charset=utf-8; header=present" : "application/jsonl", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"users.\(options.format.rawValue)\"",
            ],
            body: ResponseBody { writer in
                for try await piece in export { try await writer.write(ByteBuffer(bytes: piece)) }
                try await writer.finish(nil)
            })
    }
}
