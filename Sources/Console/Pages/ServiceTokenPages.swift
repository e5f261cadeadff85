import Access
import Authentication
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// Creating a service's token, showing it once, and deleting one.
struct ServiceTokenPages: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/services/{id}/tokens/new") { try await openCreation($0) },
            Route(.post, "/services/{id}/tokens") { try await create($0) },
            Route(.get, "/services/{id}/tokens/{tokenId}/delete") { try await ask($0) },
            Route(.post, "/services/{id}/tokens/{tokenId}/delete") { try await delete($0) },
        ]
    }

    private struct Input {
        var name = ""
        var expiresAt = ""
        var editor = PermissionEditor()
        /// Whether the permissions are what is being worked on.
        var isNarrowing = false

        init() {}

        init(_ form: FormFields) {
            name = trimmed(form["name"] ?? "")
            let typed = trimmed(form["expiresAt"] ?? "")
            expiresAt = Timestamp(rfc3339: typed).map { String($0.rfc3339.prefix(16)) } ?? typed
            editor = PermissionEditor(form)
            isNarrowing = editor.pressed == nil
        }

        /// `nil`: not narrowed.
        var permissions: JSONValue? { editor.json.array?.isEmpty == false ? editor.json : nil }
    }

    private func service(_ call: Call) async throws -> ServicePrincipal {
        try await services.access.services.get(try call.id(), caller: call.caller)
    }

    private func tokenPath(_ call: Call, _ service: ServicePrincipal, _ rest: String...) -> Path {
        rest.reduce(call.to("/services", service.id.text, "tokens")) { $0.appending($1) }
    }

    // MARK: Creating

    private func openCreation(_ call: Call) async throws -> Response {
        try await creation(call, try await service(call), Input())
    }

    private func creation(
        _ call: Call, _ service: ServicePrincipal, _ input: Input, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        try services.gate.require(.serviceCreateToken, on: service.id.text, caller: call.caller)
        let editor = try await services.view(input.editor, call: call, allowsScopes: false)
        let head = PageHead(
            Texts.Services.tokenTitle(service.name), sentence: Texts.Services.tokenSentence, entry: .services,
            crumbs: call.crumbs(below: service),
            same: SameAs(
                command: "gatehouse service token create \(shellQuoted(service.name)) --name ci --expires 90d",
                call: curl(
                    "POST", call.to("/api/v1/services", service.id.text, "tokens"), body: JSONObject([("name", .string("ci"))]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: tokenPath(call, service), .class("form wide")) {
                errorSummary(errors)
                // What Enter does: the editor's own first button would only look again.
                button(
                    Texts.Services.tokenButton, .type("submit"), .class("unseen"), .name(PermissionEditor.button), .value("save"),
                    Attribute("tabindex", "-1"), .hiddenFromReaders)
                textField(
                    "name", label: Texts.Services.name, value: input.name, hint: Texts.Services.tokenNameHint, errors: errors,
                    autocomplete: "off", maximumLength: 256, autofocus: true)
                timeField("expiresAt", label: Texts.Grants.expiresAt, value: input.expiresAt, errors: errors)
                details(.class("more-fields"), .when(input.isNarrowing || input.permissions != nil, .open)) {
                    summary(Texts.Services.narrow)
                    p(Texts.Services.narrowSentence, .class("hint"))
                    editor.markup(errors: errors)
                }
                buttonRow {
                    submitButton(Texts.Services.tokenButton, .primary, .name(PermissionEditor.button), .value("save"))
                    linkButton(Texts.Parts.cancel, to: call.servicePath(service.id))
                }
            }
        }
    }

    private func create(_ call: Call) async throws -> Response {
        var input = Input(try await call.checkedForm())
        let service = try await service(call)
        guard input.editor.pressed != nil else { return try await creation(call, service, input) }
        let expiresAt = GrantInput.time(input.expiresAt)
        if expiresAt == nil, !input.expiresAt.isEmpty {
            let error = FieldError(field: "expiresAt", code: "invalid", message: Texts.Grants.badTime)
            return try await creation(call, service, input, status: .unprocessableContent, errors: FormErrors([error]))
        }
        do {
            let issued = try await services.access.services.createToken(
                NewToken(name: input.name, expiresAt: expiresAt, permissions: input.permissions), of: service.id,
                caller: call.caller
            ).value
            return try await show(call, service, issued)
        } catch {
            guard let refused = FormErrors(granting: error, scope: "") else { throw error }
            let errors = input.editor.show(refused)
            return try await creation(call, service, input, status: errors.status, errors: errors)
        }
    }

    /// The only time the token is seen: in this answer's page, in no address and no cookie.
    private func show(_ call: Call, _ service: ServicePrincipal, _ issued: IssuedToken) async throws -> Response {
        let head = PageHead(
            Texts.Services.shownTitle(issued.name), sentence: Texts.Services.shownSentence, entry: .services,
            crumbs: call.crumbs(below: service))
        return try await services.page(call, head) {
            card(Texts.Services.shown) {
                codeBlock(issued.token)
                codeBlock("Authorization: Bearer \(issued.token)", label: Texts.Services.shownUse)
            }
            buttonRow { linkButton(Texts.Services.shownDone, to: call.servicePath(service.id).anchored("tokens"), .primary) }
        }
    }

    // MARK: Deleting

    private func token(_ call: Call, _ service: ServicePrincipal) async throws -> APIToken {
        let id = try call.id("tokenId")
        let query = ListQuery(filter: "id eq \(Filter.quote(id.text))", limit: 1)
        guard let token = try await services.access.services.tokens(of: service.id, query, caller: call.caller).items.first else {
            throw ServiceError.notFound
        }
        return token
    }

    private func ask(_ call: Call) async throws -> Response {
        let service = try await service(call)
        let token = try await token(call, service)
        try services.gate.require(.serviceDeleteToken, on: service.id.text, caller: call.caller)
        let now = services.clock.now()
        let asks = Confirmation(
            title: Texts.Services.deleteTokenQuestion(token.name), button: Texts.Services.deleteTokenButton,
            action: tokenPath(call, service, token.id.text, "delete"), cancel: call.servicePath(service.id))
        let head = PageHead(
            Texts.Services.deleteTokenQuestion(token.name), entry: .services, crumbs: call.crumbs(below: service),
            same: SameAs(
                command: "gatehouse service token delete \(shellQuoted(service.name)) \(shellQuoted(token.name))",
                call: curl("DELETE", call.to("/api/v1/services", service.id.text, "tokens", token.id.text))))
        return try await services.page(call, head) {
            confirmation(asks, call: call) {
                p(Texts.Services.deleteTokenSentence)
                p(
                    token.lastUsedAt.map { Texts.Services.lastUsedSentence(TimeWords.relative($0, now: now)) }
                        ?? Texts.Services.neverUsed)
            }
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let service = try await service(call)
        let token = try await token(call, service)
        _ = try await services.access.services.deleteToken(token.id, of: service.id, caller: call.caller)
        return call.redirect(
            to: call.servicePath(service.id).anchored("tokens"), flash: .good(Texts.Services.tokenDeleted(token.name)))
    }
}
