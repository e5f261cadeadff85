import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// Creating and editing a service.
struct ServiceForms: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/services/new") { try await creation($0, NamedInput()) },
            Route(.post, "/services") { try await create($0) },
            Route(.get, "/services/{id}/edit") { try await openEdit($0) },
            Route(.post, "/services/{id}/edit") { try await save($0) },
        ]
    }

    private func creation(
        _ call: Call, _ input: NamedInput, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        try services.gate.require(.serviceCreate, caller: call.caller)
        let head = PageHead(
            Texts.Services.createTitle, sentence: Texts.Services.createSentence, entry: .services, crumbs: call.servicesCrumbs,
            same: SameAs(
                command: "gatehouse service create reporting --description 'Nightly reports'",
                call: curl("POST", call.to("/api/v1/services"), body: JSONObject([("name", .string("reporting"))]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.to("/services"), .class("form")) {
                errorSummary(errors)
                input.fields(nameHint: Texts.Services.nameHint, errors: errors, isNameCode: true)
                buttonRow {
                    submitButton(Texts.Services.createButton)
                    linkButton(Texts.Parts.cancel, to: call.to("/services"))
                }
            }
        }
    }

    private func create(_ call: Call) async throws -> Response {
        let input = NamedInput(try await call.checkedForm())
        let service: ServicePrincipal
        do {
            service = try await services.access.services.create(
                NewService(name: input.name, description: input.description), idempotency: nil, caller: call.caller
            ).value
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return try await creation(call, input, status: errors.status, errors: errors)
        }
        return call.redirect(to: call.servicePath(service.id), flash: .good(Texts.Services.createdFlash(service.name)))
    }

    // MARK: Editing

    private func openEdit(_ call: Call) async throws -> Response {
        let service = try await services.access.services.get(try call.id(), caller: call.caller)
        try services.gate.require(.serviceUpdate, on: service.id.text, caller: call.caller)
        return try await edit(call, service, NamedInput(name: service.name, description: service.description))
    }

    private func edit(
        _ call: Call, _ service: ServicePrincipal, _ input: NamedInput, status: HTTPResponse.Status = .ok,
        errors: FormErrors = .none
    ) async throws -> Response {
        let head = PageHead(
            Texts.Services.editTitle(service.name), sentence: Texts.Services.editSentence, entry: .services,
            crumbs: call.crumbs(below: service),
            same: SameAs(
                command: "gatehouse service update \(shellQuoted(service.name)) --description 'What it is for'",
                call: curl(
                    "PATCH", call.to("/api/v1/services", service.id.text),
                    body: JSONObject([("description", .string("What it is for"))]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.servicePath(service.id, "edit"), .class("form")) {
                errorSummary(errors)
                hiddenField("version", String(service.version))
                input.fields(nameHint: Texts.Services.nameHint, errors: errors, isNameCode: true)
                buttonRow {
                    submitButton(Texts.Groups.save)
                    linkButton(Texts.Parts.cancel, to: call.servicePath(service.id))
                }
            }
        }
    }

    private func save(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let old = try await services.access.services.get(try call.id(), caller: call.caller)
        guard let version = form["version"].flatMap({ Int64($0) }) else { throw ServiceError.malformed(Texts.Groups.stale) }
        let input = NamedInput(form)
        var patch = ServicePatch()
        if input.name != old.name { patch.name = .set(input.name) }
        if input.description != old.description { patch.description = .set(input.description) }
        do {
            let saved = try await services.access.services.update(old.id, patch, ifMatch: version, caller: call.caller).value
            return call.redirect(to: call.servicePath(saved.id), flash: .good(Texts.Services.saved(saved.name)))
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            let now = try await services.access.services.get(old.id, caller: call.caller)
            return try await edit(call, now, input, status: errors.status, errors: errors)
        }
    }
}
