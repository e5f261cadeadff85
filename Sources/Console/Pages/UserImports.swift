import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Synchronization
import Web

/// `/user-imports`: a file or pasted rows, what would come of them, and what came of them.
struct UserImportPages: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/user-imports") { try await form($0) },
            Route(.post, "/user-imports") { try await upload($0) },
            Route(.get, "/user-imports/{id}") { try await show($0) },
            Route(.post, "/user-imports/{id}") { try await run($0) },
            Route(.get, "/user-imports/{id}/report") { try await report($0) },
        ]
    }

    // MARK: The rows

    private func form(
        _ call: Call, onConflict: String? = nil, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        try services.gate.require(.userCreate, caller: call.caller)
        let head = PageHead(
            Texts.UserImport.title, sentence: Texts.UserImport.sentence, entry: .users, crumbs: call.usersCrumbs,
            same: SameAs(
                command: "gatehouse user import people.csv --dry-run",
                call: curl("POST", call.to("/api/v1/user-imports").query("dryRun", "true"))
                    + " \\\n  -H \"Content-Type: text/csv\" --data-binary @people.csv"))
        return try await services.page(call, head, status: status) {
            fileForm(call, to: call.to("/user-imports")) {
                errorSummary(errors)
                selectField(
                    "onConflict", label: Texts.UserImport.onConflict,
                    choices: [
                        SelectChoice("fail", Texts.UserImport.fail), SelectChoice("skip", Texts.UserImport.skip),
                        SelectChoice("update", Texts.UserImport.update),
                    ], selected: onConflict, errors: errors)
                textAreaField(
                    "text", label: Texts.UserImport.text, hint: Texts.UserImport.textHint, errors: errors, required: false,
                    monospaced: true, placeholder: "username,name,email")
                // Last, so that everything else is known when it begins.
                fileField(
                    "file", label: Texts.UserImport.file, hint: Texts.UserImport.fileHint(services.desk.maximumFile >> 20),
                    errors: errors, accept: ".csv,.jsonl,.ndjson,text/csv,application/jsonl", required: false)
                buttonRow {
                    submitButton(Texts.UserImport.check)
                    linkButton(Texts.Parts.cancel, to: call.to("/users"))
                }
            }
        }
    }

    private func upload(_ call: Call) async throws -> Response {
        let file = services.desk.makeFile()
        let fields: FormFields
        do {
            fields = try await call.multipartForm { _, _ in
                // Asked before anything is kept.
                try services.gate.require(.userCreate, caller: call.caller)
                return { try await file.append($0) }
            }
        } catch let error as WebError {
            guard case .tooLarge = error else { throw error }
            let errors = [
                FieldError(
                    field: "file", code: "too_large", message: Texts.UserImport.fileHint(services.desk.maximumFile >> 20))
            ]
            return try await form(call, status: .contentTooLarge, errors: FormErrors(errors))
        }
        try services.gate.require(.userCreate, caller: call.caller)
        if file.count == 0, let text = fields["text"], !text.isEmpty { try await file.append(Array(text.utf8)) }
        guard file.count > 0 else {
            let error = FieldError(field: "file", code: "required", message: Texts.UserImport.nothingSent)
            return try await form(
                call, onConflict: fields["onConflict"], status: .unprocessableContent, errors: FormErrors([error]))
        }
        var options = UserImportOptions(format: try await kind(of: file))
        options.onConflict = fields["onConflict"].flatMap(UserImportOptions.OnConflict.init(rawValue:)) ?? .fail
        let job = try services.desk.check(file, options: options, caller: call.caller)
        return call.redirect(to: call.to("/user-imports", job.id))
    }

    /// JSON lines begin with a brace; no header of CSV does.
    private func kind(of file: Spool) async throws -> UserImportOptions.Format {
        for try await piece in file.pieces() {
            let start = piece.starts(with: [0xEF, 0xBB, 0xBF]) ? piece.dropFirst(3) : piece[...]
            let first = start.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            return first == UInt8(ascii: "{") ? .jsonLines : .csv
        }
        return .csv
    }

    // MARK: What would come of it, and what did

    private func job(_ call: Call) throws -> ImportDesk.Job {
        try services.gate.require(.userCreate, caller: call.caller)
        guard let job = services.desk.find(try call.parameter("id"), caller: call.caller) else { throw ServiceError.notFound }
        return job
    }

    private func show(_ call: Call) async throws -> Response {
        let job = try job(call)
        // Most files are done within a moment, and need no page that says so.
        for _ in 0..<20 where job.now.isWorking { try await Task.sleep(for: .milliseconds(50)) }
        let stage = job.now
        let refused = try await ImportReport.first(job)
        let isDone = if case .done = stage { true } else { false }
        let head = PageHead(
            isDone ? Texts.UserImport.resultTitle : Texts.UserImport.checkTitle, entry: .users,
            crumbs: call.usersCrumbs + [Crumb(Texts.UserImport.title, call.to("/user-imports"))])
        var response = try await services.page(call, head) {
            switch stage {
            case .checking, .importing: working(job, isImporting: stage.isImporting)
            case .checked(let summary): checked(call, job, summary, refused)
            case .done(let summary): done(call, job, summary, refused)
            case .failed(let error): failed(call, error)
            }
        }
        if stage.isWorking { response.headers[.refresh] = "2" }
        return response
    }

    private func working(_ job: ImportDesk.Job, isImporting: Bool) -> HTML {
        card(isImporting ? Texts.UserImport.importing : Texts.UserImport.checking, sentence: Texts.UserImport.workingSentence) {
            progressBar(job.bytesRead >> 10, of: job.file.count >> 10, label: "KiB")
        }
    }

    private func checked(
        _ call: Call, _ job: ImportDesk.Job, _ summary: UserImportSummary, _ refused: [ImportReport.Line]
    ) -> HTML {
        let count = summary.created + summary.updated
        return HTML {
            figures {
                figure(grouped(summary.created), label: Texts.UserImport.toCreate)
                figure(grouped(summary.updated), label: Texts.UserImport.toUpdate)
                figure(grouped(summary.skipped), label: Texts.UserImport.toSkip)
                figure(grouped(summary.failed), label: Texts.UserImport.toFail, tone: summary.failed > 0 ? .bad : nil)
            }
            stopped(summary)
            if count > 0 {
                callout(Texts.UserImport.unchanged) {
                    p(Texts.UserImport.unchangedSentence)
                    postForm(call, to: call.to("/user-imports", job.id)) {
                        buttonRow {
                            submitButton(Texts.UserImport.run(count))
                            linkButton(Texts.UserImport.another, to: call.to("/user-imports"))
                        }
                    }
                }
            } else {
                callout(Texts.UserImport.nothingToDo, .warn) {
                    p(Texts.UserImport.nothingToDoSentence)
                    buttonRow { linkButton(Texts.UserImport.another, to: call.to("/user-imports"), .primary) }
                }
            }
            if !summary.samples.isEmpty { samples(summary.samples) }
            refusedRows(call, job, summary, refused)
        }
    }

    private func done(
        _ call: Call, _ job: ImportDesk.Job, _ summary: UserImportSummary, _ refused: [ImportReport.Line]
    ) -> HTML {
        HTML {
            figures {
                figure(grouped(summary.created), label: Texts.UserImport.created)
                figure(grouped(summary.updated), label: Texts.UserImport.updated)
                figure(grouped(summary.skipped), label: Texts.UserImport.skipped)
                figure(grouped(summary.failed), label: Texts.UserImport.failed, tone: summary.failed > 0 ? .bad : nil)
            }
            stopped(summary)
            if summary.stopped == nil {
                callout(Texts.UserImport.done, .good) {
                    p(Texts.UserImport.doneSentence)
                    buttonRow {
                        linkButton(Texts.UserImport.toUsers, to: call.to("/users").query("sort", "-createdAt"), .primary)
                        linkButton(Texts.UserImport.another, to: call.to("/user-imports"))
                    }
                }
            }
            refusedRows(call, job, summary, refused)
        }
    }

    private func failed(_ call: Call, _ error: any Error) -> HTML {
        let problem = Problem(error)
        return HTML {
            callout(Texts.UserImport.failedTitle, .bad) {
                p(problem.detail)
                if !problem.errors.isEmpty {
                    ul { for error in problem.errors { li { bdi("\(error.field): \(error.message)") } } }
                }
            }
            buttonRow { linkButton(Texts.UserImport.another, to: call.to("/user-imports"), .primary) }
        }
    }

    private func stopped(_ summary: UserImportSummary) -> HTML? {
        summary.stopped.map { stop in
            callout(Texts.UserImport.stopped(stop.row), .bad) {
                p(Texts.UserImport.stoppedSentence)
                p(Problem(stop.error).detail)
            }
        }
    }

    private func samples(_ samples: [UserImportSummary.Sample]) -> HTML {
        card(Texts.UserImport.samples, sentence: Texts.UserImport.samplesSentence) {
            dataTable(
                samples, caption: Texts.UserImport.samples,
                columns: [
                    Column(Texts.Users.username, .main) { code($0.username) },
                    Column(Texts.Users.name) { bdi($0.name ?? Texts.Parts.nothing) },
                    Column(Texts.Users.email) { bdi($0.email ?? Texts.Parts.nothing) },
                    Column(Texts.Users.status) { span($0.status ?? Texts.Parts.nothing) },
                    Column(Texts.UserImport.password) { span($0.passwordHash ?? Texts.Parts.nothing) },
                    Column(Texts.UserImport.attributes) { sample in
                        if sample.attributes.isEmpty {
                            Texts.Parts.nothing
                        } else {
                            bdi(
                                sample.attributes.members.map { "\($0.name): \($0.value.string ?? $0.value.text)" }
                                    .joined(separator: ", "))
                        }
                    },
                ])
        }
    }

    private func refusedRows(
        _ call: Call, _ job: ImportDesk.Job, _ summary: UserImportSummary, _ refused: [ImportReport.Line]
    ) -> HTML? {
        guard summary.failed > 0 else { return nil }
        return card(
            Texts.UserImport.refused, sentence: Texts.UserImport.refusedSentence,
            action: linkButton(Texts.UserImport.report, to: call.to("/user-imports", job.id, "report"))
        ) {
            dataTable(
                refused, caption: Texts.UserImport.refused,
                columns: [
                    Column(Texts.UserImport.row, .main) { span(grouped($0.row), .class("num")) },
                    Column(Texts.UserImport.problem) { line in
                        div { for text in line.problems { div { bdi(text) } } }
                    },
                ])
            if summary.failed > refused.count { p(Texts.UserImport.moreRefused(summary.failed - refused.count), .class("muted")) }
        }
    }

    // MARK: The deed

    private func run(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let job = try job(call)
        services.desk.run(job, caller: call.caller)
        return call.redirect(to: call.to("/user-imports", job.id))
    }

    private func report(_ call: Call) async throws -> Response {
        let job = try job(call)
        guard !job.now.isWorking else { return call.redirect(to: call.to("/user-imports", job.id)) }
        return Response(
            status: .ok,
            headers: [
                .contentType: "application/jsonl", .cacheControl: "no-store",
                .contentDisposition: "attachment; filename=\"refused-rows.jsonl\"",
            ], body: job.report.withLock { $0 }.responseBody)
    }
}

/// The refused rows as the report keeps them.
enum ImportReport {
    struct Line: Sendable {
        let row: Int
        let problems: [String]
    }

    private static let shown = 20

    /// The first of them, for the page.
    static func first(_ job: ImportDesk.Job) async throws -> [Line] {
        guard !job.now.isWorking else { return [] }
        var text: [UInt8] = []
        for try await piece in job.report.withLock({ $0 }).pieces() {
            text += piece
            if text.count(where: { $0 == UInt8(ascii: "\n") }) >= shown { break }
        }
        return text.split(separator: UInt8(ascii: "\n")).prefix(shown).compactMap(line)
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> Line? {
        guard let object = (try? JSONValue(parsing: bytes))?.object, let row = object["row"]?.integer else { return nil }
        let problems = (object["errors"]?.array ?? []).compactMap(\.object).map { error in
            let field = error["field"]?.string ?? ""
            let message = error["message"]?.string ?? ""
            return field.isEmpty ? message : "\(field): \(message)"
        }
        return Line(row: Int(row), problems: problems)
    }
}
