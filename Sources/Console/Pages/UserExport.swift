import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Web

/// `/user-exports`: what shall be in the file, and the file.
struct UserExportPage: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/user-exports") { try await ask($0) },
            Route(.post, "/user-exports") { try await give($0) },
        ]
    }

    /// Whoever sees only themselves has nothing to export.
    private func requireReading(_ call: Call) throws {
        guard services.gate.offers(.userRead, call: call) else {
            throw ServiceError.forbidden(permission: ManagementPermission.userRead.description)
        }
    }

    private func ask(_ call: Call, status: HTTPResponse.Status = .ok, errors: FormErrors = .none) async throws -> Response {
        try requireReading(call)
        let mayHaveSecrets = services.gate.allows(.userExportSecrets, caller: call.caller)
        let head = PageHead(
            Texts.UserExport.title, sentence: Texts.UserExport.sentence, entry: .users, crumbs: call.usersCrumbs,
            same: SameAs(
                command: "gatehouse user export --file users.csv",
                call: curl("GET", call.to("/api/v1/user-exports").query("format", "csv"))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.to("/user-exports"), .class("form")) {
                errorSummary(errors)
                selectField(
                    "format", label: Texts.UserExport.format,
                    choices: [
                        SelectChoice("csv", Texts.UserExport.csv), SelectChoice("jsonl", Texts.UserExport.jsonl),
                    ], errors: errors)
                if mayHaveSecrets {
                    checkbox("secrets", label: Texts.UserExport.secrets, hint: Texts.UserExport.secretsHint, errors: errors)
                }
                p(Texts.UserExport.recorded, .class("muted"))
                buttonRow {
                    submitButton(Texts.UserExport.download)
                    linkButton(Texts.Parts.cancel, to: call.to("/users"))
                }
            }
        }
    }

    private func give(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        try requireReading(call)
        let format = UserImportOptions.Format(rawValue: form["format"] ?? "") ?? .csv
        let export: UserExport
        do {
            export = try await services.exports.begin(
                UserExportOptions(format: format, secrets: form["secrets"] == "true"), caller: call.caller)
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return try await ask(call, status: errors.status, errors: errors)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: format == .csv ? "text/csv; charset=utf-8" : "application/jsonl", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"users.\(format.rawValue)\"",
            ],
            body: ResponseBody { writer in
                for try await piece in export { try await writer.write(ByteBuffer(bytes: piece)) }
                try await writer.finish(nil)
            })
    }
}
