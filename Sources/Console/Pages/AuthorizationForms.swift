import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// Granting permissions directly, and changing what was granted.
struct AuthorizationForms: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/authorizations/new") { try await openCreation($0) },
            Route(.post, "/authorizations") { try await create($0) },
            Route(.get, "/authorizations/{id}/edit") { try await openEdit($0) },
            Route(.post, "/authorizations/{id}/edit") { try await save($0) },
        ]
    }

    private struct Input {
        var editor = PermissionEditor()
        var grant = GrantInput()

        init() {}

        init(_ form: FormFields) {
            editor = PermissionEditor(form)
            grant = GrantInput(form)
        }
    }

    // MARK: Giving

    /// `principal` in the address fills the form in.
    private func openCreation(_ call: Call) async throws -> Response {
        var input = Input()
        if let party = call.query["principal"].flatMap({ PrincipalReference(text: $0) }) {
            input.grant.kind = party.kind.rawValue
            input.grant.principal = try Parties(services, call: call).name(party) ?? party.id.text
        }
        return try await creation(call, input)
    }

    private func creation(
        _ call: Call, _ input: Input, status: HTTPResponse.Status = .ok, errors: FormErrors = .none,
        suggestions: [String: [String]] = [:]
    ) async throws -> Response {
        try services.gate.require(.authorizationCreate, caller: call.caller)
        let parties = try Parties(services, call: call)
        let editor = try await services.view(input.editor, call: call, allowsScopes: false)
        let head = PageHead(
            Texts.Authorizations.createTitle, sentence: Texts.Authorizations.createSentence, entry: .assignments,
            crumbs: call.authorizationCrumbs,
            same: SameAs(
                command: "gatehouse authorization create ann --allow 'mqtt-topic/~plant/7/# subscribe' --until 8h",
                call: curl(
                    "POST", call.to("/api/v1/authorizations"),
                    body: JSONObject([
                        ("principal", .object(JSONObject([("kind", .string("user")), ("id", .string("019a…"))]))),
                        ("permissions", PermissionText.json(Self.example)),
                    ]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.to("/authorizations"), .class("form wide")) {
                errorSummary(errors)
                principalFields(
                    call, input.grant, errors: errors, suggestions: suggestions, autofocus: input.grant.principal.isEmpty)
                h2(Texts.Authorizations.permissions, .class("form-title"))
                editor.markup(errors: errors)
                termsFields(call, input.grant, types: parties.types, errors: errors, suggestions: suggestions)
                buttonRow {
                    submitButton(Texts.Authorizations.createButton, .primary, .name(PermissionEditor.button), .value("save"))
                    linkButton(Texts.Parts.cancel, to: call.to("/authorizations"))
                }
            }
        }
    }

    private func create(_ call: Call) async throws -> Response {
        var input = Input(try await call.checkedForm())
        try services.gate.require(.authorizationCreate, caller: call.caller)
        guard input.editor.pressed != nil else { return try await creation(call, input) }
        let reading = try await GrantReading(input.grant, finder: Finder(services, call: call))
        guard let terms = reading.terms(reason: input.grant.reason) else {
            let errors = input.editor.show(FormErrors(reading.problems))
            return try await creation(
                call, input, status: errors.status, errors: errors, suggestions: reading.suggestions)
        }
        do {
            _ = try await services.access.authorizations.create(
                permissions: input.editor.json, terms, idempotency: nil, caller: call.caller)
        } catch {
            guard let refused = FormErrors(granting: error, scope: input.grant.scope) else { throw error }
            let errors = input.editor.show(refused)
            return try await creation(call, input, status: errors.status, errors: errors)
        }
        return call.redirect(
            to: call.to("/authorizations").query("principal", terms.principal.text),
            flash: .good(Texts.Authorizations.created(try Parties(services, call: call).title(terms.principal))))
    }

    private static let example = [Permission(resourceType: "mqtt-topic", match: .id("plant/7"), actions: ["subscribe"])]

    // MARK: Changing

    private func openEdit(_ call: Call) async throws -> Response {
        let authorization = try await services.access.authorizations.get(try call.id(), caller: call.caller)
        try services.gate.require(.authorizationUpdate, on: authorization.id.text, caller: call.caller)
        var input = Input()
        input.editor = PermissionEditor(authorization.permissions)
        input.grant = GrantInput(authorization.terms, parties: try Parties(services, call: call))
        return try await edit(call, authorization, input)
    }

    private func edit(
        _ call: Call, _ authorization: Authorization, _ input: Input, status: HTTPResponse.Status = .ok,
        errors: FormErrors = .none, suggestions: [String: [String]] = [:]
    ) async throws -> Response {
        let parties = try Parties(services, call: call)
        let editor = try await services.view(input.editor, call: call, allowsScopes: false)
        let who = parties.title(authorization.terms.principal)
        let path = call.authorizationPath(authorization.id)
        let head = PageHead(
            Texts.Authorizations.editTitle(who), sentence: Texts.Authorizations.editSentence, entry: .assignments,
            crumbs: call.authorizationCrumbs + [Crumb(Texts.Authorizations.title(who), path)],
            same: SameAs(
                command: "gatehouse authorization update \(authorization.id.text) --until 30d",
                call: curl(
                    "PATCH", call.to("/api/v1/authorizations", authorization.id.text),
                    body: JSONObject([("reason", .string("still needed"))]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.authorizationPath(authorization.id, "edit"), .class("form wide")) {
                errorSummary(errors)
                hiddenField("version", String(authorization.origin.version))
                h2(Texts.Authorizations.permissions, .class("form-title"))
                editor.markup(errors: errors)
                termsFields(call, input.grant, types: parties.types, errors: errors, suggestions: suggestions)
                buttonRow {
                    submitButton(Texts.Authorizations.save, .primary, .name(PermissionEditor.button), .value("save"))
                    linkButton(Texts.Parts.cancel, to: path)
                }
            }
        }
    }

    private func save(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let old = try await services.access.authorizations.get(try call.id(), caller: call.caller)
        guard let version = form["version"].flatMap({ Int64($0) }) else {
            throw ServiceError.malformed(Texts.Authorizations.stale)
        }
        var input = Input(form)
        guard input.editor.pressed != nil else { return try await edit(call, old, input) }
        let reading = try await GrantReading(input.grant, fixed: old.terms.principal, finder: Finder(services, call: call))
        guard reading.problems.isEmpty else {
            let errors = input.editor.show(FormErrors(reading.problems))
            return try await edit(call, old, input, status: errors.status, errors: errors, suggestions: reading.suggestions)
        }
        let before = GrantInput(old.terms, parties: try Parties(services, call: call))
        do {
            _ = try await services.access.authorizations.update(
                old.id, permissions: input.editor.json, reading.patch(from: before, input: input.grant, terms: old.terms),
                ifMatch: version, caller: call.caller)
        } catch {
            guard let refused = FormErrors(granting: error, scope: input.grant.scope) else { throw error }
            let errors = input.editor.show(refused)
            let now = try await services.access.authorizations.get(old.id, caller: call.caller)
            return try await edit(call, now, input, status: errors.status, errors: errors)
        }
        return call.redirect(to: call.authorizationPath(old.id), flash: .good(Texts.Authorizations.saved))
    }
}
