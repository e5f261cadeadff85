import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// A name and what it is for: all there is to type about a group or a service.
struct NamedInput: Sendable {
    var name = ""
    var description = ""

    init() {}

    init(name: String, description: String) {
        self.name = name
        self.description = description
    }

    init(_ form: FormFields) {
        name = trimmed(form["name"] ?? "")
        description = trimmed(form["description"] ?? "")
    }

    func fields(nameHint: String, errors: FormErrors, isNameCode: Bool = false) -> HTML {
        HTML {
            textField(
                "name", label: Texts.Groups.name, value: name, hint: nameHint, errors: errors, autocomplete: "off",
                monospaced: isNameCode, maximumLength: 256, autofocus: true)
            textField(
                "description", label: Texts.Groups.description, value: description, hint: Texts.Groups.descriptionHint,
                errors: errors, autocomplete: "off", required: false, maximumLength: 1000)
        }
    }
}

/// Creating and editing a group.
struct GroupForms: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/groups/new") { try await creation($0, NamedInput()) },
            Route(.post, "/groups") { try await create($0) },
            Route(.get, "/groups/{id}/edit") { try await openEdit($0) },
            Route(.post, "/groups/{id}/edit") { try await save($0) },
        ]
    }

    private func creation(
        _ call: Call, _ input: NamedInput, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        try services.gate.require(.groupCreate, caller: call.caller)
        let head = PageHead(
            Texts.Groups.createTitle, sentence: Texts.Groups.createSentence, entry: .groups, crumbs: call.groupsCrumbs,
            same: SameAs(
                command: "gatehouse group create plant-7 --description 'Crew of plant 7'",
                call: curl("POST", call.to("/api/v1/groups"), body: JSONObject([("name", .string("plant-7"))]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.to("/groups"), .class("form")) {
                errorSummary(errors)
                input.fields(nameHint: Texts.Groups.nameHint, errors: errors)
                buttonRow {
                    submitButton(Texts.Groups.createButton)
                    linkButton(Texts.Parts.cancel, to: call.to("/groups"))
                }
            }
        }
    }

    private func create(_ call: Call) async throws -> Response {
        let input = NamedInput(try await call.checkedForm())
        let group: Group
        do {
            group = try await services.access.groups.create(
                NewGroup(name: input.name, description: input.description), idempotency: nil, caller: call.caller
            ).value
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return try await creation(call, input, status: errors.status, errors: errors)
        }
        return call.redirect(to: call.groupPath(group.id), flash: .good(Texts.Groups.createdFlash(group.name)))
    }

    // MARK: Editing

    private func openEdit(_ call: Call) async throws -> Response {
        let group = try await services.access.groups.get(try call.id(), caller: call.caller)
        try services.gate.require(.groupUpdate, on: group.id.text, caller: call.caller)
        return try await edit(call, group, NamedInput(name: group.name, description: group.description))
    }

    private func edit(
        _ call: Call, _ group: Group, _ input: NamedInput, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let head = PageHead(
            Texts.Groups.editTitle(group.name), sentence: Texts.Groups.editSentence, entry: .groups,
            crumbs: call.crumbs(below: group),
            same: SameAs(
                command: "gatehouse group update \(shellQuoted(group.name)) --description 'What it is for'",
                call: curl(
                    "PATCH", call.to("/api/v1/groups", group.id.text),
                    body: JSONObject([("description", .string("What it is for"))]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.groupPath(group.id, "edit"), .class("form")) {
                errorSummary(errors)
                hiddenField("version", String(group.version))
                input.fields(nameHint: Texts.Groups.nameHint, errors: errors)
                buttonRow {
                    submitButton(Texts.Groups.save)
                    linkButton(Texts.Parts.cancel, to: call.groupPath(group.id))
                }
            }
        }
    }

    private func save(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let old = try await services.access.groups.get(try call.id(), caller: call.caller)
        guard let version = form["version"].flatMap({ Int64($0) }) else { throw ServiceError.malformed(Texts.Groups.stale) }
        let input = NamedInput(form)
        var patch = GroupPatch()
        if input.name != old.name { patch.name = .set(input.name) }
        if input.description != old.description { patch.description = .set(input.description) }
        do {
            let saved = try await services.access.groups.update(old.id, patch, ifMatch: version, caller: call.caller).value
            return call.redirect(to: call.groupPath(saved.id), flash: .good(Texts.Groups.saved(saved.name)))
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            let now = try await services.access.groups.get(old.id, caller: call.caller)
            return try await edit(call, now, input, status: errors.status, errors: errors)
        }
    }
}
