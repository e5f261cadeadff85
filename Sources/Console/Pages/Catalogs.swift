import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Synchronization
import Web

/// `/catalogs`: what was applied, and a catalog file on its way in: read, shown as a difference, applied.
struct CatalogsPage: ConsolePages {
    private static let largest = 1 << 20

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/catalogs") { try await show($0) },
            Route(.post, "/catalogs") { try await take($0) },
        ]
    }

    private func mayApply(_ call: Call) -> Bool { services.gate.allowsAny(.catalogApply, caller: call.caller) }

    // MARK: What there is, and the form

    private func show(
        _ call: Call, text: String = "", status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        try services.requireAny(.catalogRead, call: call)
        let applied = try await services.access.catalogs.list(caller: call.caller)
        let mayApply = mayApply(call)
        let head = PageHead(
            Texts.Catalogs.title, sentence: Texts.Catalogs.sentence, entry: .catalogs, crumbs: [Crumb(Texts.Frame.access)],
            same: SameAs(
                command: "gatehouse catalog diff catalog.yaml\ngatehouse catalog apply catalog.yaml",
                call: curl(
                    "POST", call.to("/api/v1/catalogs").query("dryRun", "true"), body: JSONObject([("catalog", .string("acme"))]))
            ))
        return try await services.page(call, head, status: status) {
            if applied.isEmpty {
                if !mayApply { emptyState(Texts.Catalogs.none, sentence: Texts.Catalogs.noneSentence) }
            } else {
                table(call, applied)
            }
            if mayApply {
                card(Texts.Catalogs.apply, sentence: Texts.Catalogs.applySentence) {
                    fileForm(call, to: call.to("/catalogs")) {
                        errorSummary(errors)
                        textAreaField(
                            "text", label: Texts.Catalogs.text, value: text, hint: Texts.Catalogs.textHint, errors: errors,
                            rows: 8,
                            required: false, monospaced: true)
                        fileField(
                            "file", label: Texts.Catalogs.file, hint: Texts.Catalogs.fileHint, errors: errors, required: false)
                        buttonRow { submitButton(Texts.Catalogs.check) }
                    }
                }
            }
        }
    }

    private func table(_ call: Call, _ applied: [AppliedCatalog]) -> HTML {
        let now = services.clock.now()
        return dataTable(
            applied, caption: Texts.Catalogs.title,
            columns: [
                Column(Texts.Roles.name, .main) { item in
                    link(call.to("/roles").query("q", item.id)) { bdi(item.name) }
                },
                Column(Texts.Roles.identifier) { item in code(item.id) },
                Column(Texts.Catalogs.version) { item in bdi(item.version) },
                Column(Texts.Catalogs.applied) { relativeTime($0.appliedAt, now: now) },
            ])
    }

    // MARK: A file

    private func take(_ call: Call) async throws -> Response {
        let file = Mutex<[UInt8]>([])
        let fields = try await call.multipartForm { _, _ in
            // Asked before anything is kept.
            try requireApplying(call)
            return { bytes in
                try file.withLock { kept in
                    kept += bytes
                    guard kept.count <= Self.largest else { throw WebError.tooLarge(limit: Self.largest) }
                }
            }
        }
        try requireApplying(call)
        let uploaded = file.withLock { $0 }
        let bytes = uploaded.isEmpty ? Array((fields["text"] ?? "").utf8) : uploaded
        guard let text = String(validating: bytes, as: UTF8.self), !trimmed(text).isEmpty else {
            let error = FieldError(field: "text", code: "required", message: Texts.Catalogs.nothingSent)
            return try await show(call, status: .unprocessableContent, errors: FormErrors([error]))
        }
        let isApplying = fields[PermissionEditor.button] == "apply"
        do {
            let catalog = try CatalogFile(parsing: bytes, isYAML: !trimmed(text).hasPrefix("{"))
            let difference = try await services.access.catalogs.apply(
                catalog, dryRun: !isApplying, caller: call.caller
            ).value
            guard isApplying else { return try await show(call, difference, text: text) }
            return call.redirect(to: call.to("/catalogs"), flash: .good(Texts.Catalogs.done(difference)))
        } catch {
            guard let errors = refusal(error) else { throw error }
            return try await show(call, text: text, status: errors.status, errors: errors)
        }
    }

    private func requireApplying(_ call: Call) throws {
        guard mayApply(call) else {
            throw ServiceError.forbidden(permission: ManagementPermission.catalogApply.description)
        }
    }

    /// Every error says where in the file it is; the form has one field for all of it.
    private func refusal(_ error: any Error) -> FormErrors? {
        guard let errors = conferringErrors(error) else { return nil }
        return FormErrors(
            errors.all.map { error in
                FieldError(
                    field: "text", code: error.code,
                    message: error.field.isEmpty ? error.message : Texts.Catalogs.inField(error.field, error.message))
            }, status: errors.status)
    }

    // MARK: The difference

    private func show(_ call: Call, _ difference: CatalogDifference, text: String) async throws -> Response {
        let head = PageHead(
            Texts.Catalogs.checkTitle(difference.name), sentence: Texts.Catalogs.checkSentence, entry: .catalogs,
            crumbs: [Crumb(Texts.Frame.access), Crumb(Texts.Catalogs.title, call.to("/catalogs"))])
        let created = difference.items(.created)
        let updated = difference.items(.updated)
        return try await services.page(call, head) {
            figures {
                figure(grouped(created.count), label: Texts.Catalogs.created)
                figure(grouped(updated.count), label: Texts.Catalogs.updated)
                figure(grouped(difference.items(.unchanged).count), label: Texts.Catalogs.unchanged)
            }
            if created.isEmpty, updated.isEmpty {
                callout(Texts.Catalogs.nothingNew, .good, text: Texts.Catalogs.nothingNewSentence)
            }
            if !created.isEmpty {
                card(Texts.Catalogs.created) { ul(.class("plain-list")) { for item in created { li { name(item) } } } }
            }
            if !updated.isEmpty { card(Texts.Catalogs.updated) { changes(updated) } }
            fileForm(call, to: call.to("/catalogs")) {
                hiddenField("text", text)
                buttonRow {
                    submitButton(Texts.Catalogs.applyButton, .primary, .name(PermissionEditor.button), .value("apply"))
                    linkButton(Texts.Parts.cancel, to: call.to("/catalogs"))
                }
            }
        }
    }

    private func name(_ item: CatalogDifference.Item) -> HTML {
        HTML {
            item.kind == "role" ? Texts.Catalogs.role : Texts.Catalogs.type
            " "
            code(item.id)
        }
    }

    private func changes(_ items: [CatalogDifference.Item]) -> HTML {
        dataTable(
            items.flatMap { item in item.changes.map { (item: item, change: $0) } }, caption: Texts.Catalogs.updated,
            columns: [
                Column(Texts.Catalogs.what, .main) { name($0.item) },
                Column(Texts.Audit.field) { row in code(row.change.field) },
                Column(Texts.Audit.old) { value($0.change.old) },
                Column(Texts.Audit.new) { value($0.change.new) },
            ])
    }

    private func value(_ value: JSONValue) -> HTML {
        switch value {
        case .null: span(Texts.Parts.nothing, .class("muted"))
        case .string(let text): bdi(text)
        default: code(value.text)
        }
    }
}
