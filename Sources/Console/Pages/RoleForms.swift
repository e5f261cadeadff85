import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// What the form about a role asks for, as it was typed.
struct RoleInput: Sendable {
    var id = ""
    var name = ""
    var description = ""
    var includes: [String] = []
    var editor = PermissionEditor()
    /// Of the role the form was opened with; `nil` while creating.
    var version: Int64?

    init() {}

    init(_ item: StoredRole) {
        id = item.role.id
        name = item.role.name
        description = item.role.description
        includes = item.role.includes
        editor = PermissionEditor(item.role.permissions)
        version = item.version
    }

    init(_ form: FormFields) {
        id = trimmed(form["id"] ?? "")
        name = trimmed(form["name"] ?? "")
        description = trimmed(form["description"] ?? "")
        includes = form.all("includes[]")
        editor = PermissionEditor(form)
        version = form["version"].flatMap { Int64($0) }
    }

    /// As the API takes it.
    var members: JSONObject {
        JSONObject([
            ("name", .string(name)), ("description", .string(description)), ("permissions", editor.json),
            ("includes", .array(includes.map(JSONValue.string))),
        ])
    }

    /// Everything that was typed, for a page between the form and saving.
    var carried: [(name: String, value: String)] {
        [("name", name), ("description", description), ("version", version.map { String($0) } ?? "")]
            + includes.map { ("includes[]", $0) } + editor.carried
    }

    /// Only what differs, so that the record names only what was changed.
    func patch(from role: Role) -> RolePatch {
        var patch = RolePatch()
        if !role.name.utf8.elementsEqual(name.utf8) { patch.name = name.isEmpty ? .clear : .set(name) }
        if !role.description.utf8.elementsEqual(description.utf8) { patch.description = .set(description) }
        if role.includes != includes { patch.includes = .set(includes) }
        if PermissionEditor(role.permissions).json != editor.json { patch.permissions = .set(editor.json) }
        return patch
    }
}

/// Creating a role and changing one, with a look at who gains and loses before it is saved.
struct RoleForms: ConsolePages {
    /// More roles than this are not offered as boxes.
    private static let offered = 100

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/roles/new") { try await create($0, RoleInput()) },
            Route(.post, "/roles/new") { try await create($0) },
            Route(.get, "/roles/{id}/edit") { try await edit($0) },
            Route(.post, "/roles/{id}/edit") { try await save($0) },
        ]
    }

    // MARK: Creating

    private func create(
        _ call: Call, _ input: RoleInput, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        try services.gate.require(.roleCreate, caller: call.caller)
        let head = PageHead(
            Texts.Roles.createTitle, sentence: Texts.Roles.createSentence, entry: .roles, crumbs: call.rolesCrumbs,
            same: createSameAs(call))
        let form = try await form(call, input, errors: errors, isNew: true, to: call.to("/roles/new"), back: call.to("/roles"))
        return try await services.page(call, head, status: status) { form }
    }

    private func create(_ call: Call) async throws -> Response {
        let fields = try await call.checkedForm()
        var input = RoleInput(fields)
        guard input.editor.pressed != nil else { return try await create(call, input) }
        do {
            let new = NewRole(
                id: input.id, name: optional(input.name), description: optional(input.description),
                permissions: input.editor.json, includes: input.includes)
            let role = try await services.access.roles.create(new, idempotency: nil, caller: call.caller).value.role
            return call.redirect(to: call.rolePath(role.id), flash: .good(Texts.Roles.created(role.name)))
        } catch {
            guard let errors = conferringErrors(error) else { throw error }
            let shown = input.editor.show(errors)
            return try await create(call, input, status: errors.status, errors: shown)
        }
    }

    private func createSameAs(_ call: Call) -> SameAs {
        SameAs(
            command: "gatehouse role create plant-operator --name 'Plant operator' --permission 'subscribe mqtt-topic plant/7/#'",
            call: curl(
                "POST", call.to("/api/v1/roles"),
                body: JSONObject([
                    ("id", .string("plant-operator")), ("name", .string("Plant operator")),
                    ("permissions", PermissionText.json(Self.example)),
                ])))
    }

    private static let example: [Permission] = [
        Permission(resourceType: "mqtt-topic", match: .id("plant/7"), actions: ["subscribe"])
    ]

    // MARK: Changing

    /// The role, which the viewer may change and which can be changed at all.
    private func changeable(_ call: Call) async throws -> StoredRole {
        let item = try await services.access.roles.get(try call.parameter("id"), caller: call.caller)
        try services.gate.require(.roleUpdate, on: item.role.id, caller: call.caller)
        guard !item.role.isBuiltIn else { throw ServiceError.conflict(Texts.Roles.protectedSentence) }
        return item
    }

    private func edit(_ call: Call) async throws -> Response {
        let item = try await changeable(call)
        return try await edit(call, item, RoleInput(item))
    }

    private func edit(
        _ call: Call, _ item: StoredRole, _ input: RoleInput, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let role = item.role
        let form = try await form(
            call, input, errors: errors, isNew: false, to: call.rolePath(role.id, "edit"), back: call.rolePath(role.id))
        return try await services.page(call, editHead(call, role), status: status) { form }
    }

    private func editHead(_ call: Call, _ role: Role) -> PageHead {
        PageHead(
            Texts.Roles.editTitle(role.name), sentence: Texts.Roles.editSentence, entry: .roles, crumbs: call.crumbs(below: role),
            same: SameAs(
                command: "gatehouse role edit \(shellQuoted(role.id)) --name \(shellQuoted(role.name))",
                call: curl(
                    "PATCH", call.to("/api/v1/roles", role.id),
                    body: JSONObject([("permissions", PermissionText.json(Array(role.permissions.prefix(1))))]))))
    }

    private func save(_ call: Call) async throws -> Response {
        let fields = try await call.checkedForm()
        let item = try await changeable(call)
        var input = RoleInput(fields)
        input.id = item.role.id
        guard let version = input.version else { throw ServiceError.malformed(Texts.UserForm.versionUnreadable) }
        switch input.editor.pressed {
        case nil, "back": return try await edit(call, item, input)
        case "preview" where services.gate.allows(.decisionExplain, caller: call.caller):
            return try await preview(call, item, input)
        default: break
        }
        do {
            let saved = try await services.access.roles.update(
                item.role.id, input.patch(from: item.role), ifMatch: version, caller: call.caller
            ).value
            let flash = saved == item ? Texts.UserForm.unchanged : Texts.UserForm.saved(saved.role.name)
            return call.redirect(to: call.rolePath(saved.role.id), flash: .good(flash))
        } catch {
            return try await refused(call, item, input, error)
        }
    }

    /// Who would gain and who would lose, with everything that was typed carried on.
    private func preview(_ call: Call, _ item: StoredRole, _ input: RoleInput) async throws -> Response {
        let role = item.role
        let simulation: AccessSimulation
        do {
            let change = PlannedChange(.update, "/roles/\(role.id)", input.members)
            simulation = try await services.access.reports.simulate([change], caller: call.caller)
        } catch {
            return try await refused(call, item, input, error)
        }
        let preview = ChangePreview(
            simulation: simulation, words: try services.permissionWords(call), parties: try Parties(services, call: call))
        let head = PageHead(
            Texts.Preview.title, sentence: Texts.Preview.sentence, entry: .roles, crumbs: call.crumbs(below: role),
            same: SameAs(
                call: curl(
                    "POST", call.to("/api/v1/access/simulate"),
                    body: JSONObject([
                        (
                            "changes",
                            .array([
                                .object(
                                    JSONObject([
                                        ("op", .string("update")), ("path", .string("/roles/\(role.id)")),
                                        ("value", .object(input.members)),
                                    ]))
                            ])
                        )
                    ]))))
        return try await services.page(call, head) {
            preview.html
            postForm(call, to: call.rolePath(role.id, "edit")) {
                for field in input.carried { hiddenField(field.name, field.value) }
                buttonRow {
                    submitButton(Texts.Preview.save, .primary, .name(PermissionEditor.button), .value("save"))
                    submitButton(Texts.Preview.back, .plain, .name(PermissionEditor.button), .value("back"))
                    linkButton(Texts.Parts.cancel, to: call.rolePath(role.id))
                }
            }
        }
    }

    private func refused(_ call: Call, _ item: StoredRole, _ input: RoleInput, _ error: any Error) async throws -> Response {
        guard let errors = conferringErrors(error) else { throw error }
        var input = input
        // Whoever saves again has read that somebody else did, and means it.
        if errors.status == .preconditionFailed { input.version = item.version }
        let shown = input.editor.show(errors)
        return try await edit(call, item, input, status: errors.status, errors: shown)
    }

    // MARK: The form

    private func form(
        _ call: Call, _ input: RoleInput, errors: FormErrors, isNew: Bool, to path: Path, back: Path
    ) async throws -> HTML {
        let editor = try await services.view(input.editor, call: call, allowsScopes: true)
        let parties = try Parties(services, call: call)
        return postForm(call, to: path, .class("form wide")) {
            errorSummary(errors)
            if let version = input.version { hiddenField("version", String(version)) }
            if isNew {
                textField(
                    "id", label: Texts.Roles.identifier, value: input.id, hint: Texts.Roles.identifierHint, errors: errors,
                    autocomplete: "off", monospaced: true, maximumLength: 100, autofocus: input.id.isEmpty)
            }
            textField(
                "name", label: Texts.Roles.name, value: input.name, errors: errors, autocomplete: "off", required: false,
                maximumLength: 256)
            textField(
                "description", label: Texts.Roles.description, value: input.description, hint: Texts.Roles.descriptionHint,
                errors: errors, autocomplete: "off", required: false, maximumLength: 1000)
            h2(Texts.Roles.allows, .class("form-title"))
            editor.markup(errors: errors)
            includesFields(input, parties: parties, errors: errors)
            buttonRow {
                if isNew {
                    submitButton(Texts.Roles.createButton, .primary, .name(PermissionEditor.button), .value("save"))
                } else {
                    let mayPreview = services.gate.allows(.decisionExplain, caller: call.caller)
                    if mayPreview {
                        submitButton(Texts.Preview.button, .primary, .name(PermissionEditor.button), .value("preview"))
                    }
                    submitButton(
                        Texts.UserForm.save, mayPreview ? .plain : .primary, .name(PermissionEditor.button), .value("save"))
                }
                linkButton(Texts.Parts.cancel, to: back)
            }
        }
    }

    private func includesFields(_ input: RoleInput, parties: Parties, errors: FormErrors) -> HTML {
        var choices = parties.roles.filter { $0.id != input.id }.prefix(Self.offered).map { (id: $0.id, name: $0.name) }
        for id in input.includes where !choices.contains(where: { $0.id == id }) { choices.append((id, id)) }
        let message = errors.all.first { $0.field == "includes" || $0.field.hasPrefix("includes.") }?.message
        return details(.class("more-fields"), .when(!input.includes.isEmpty || message != nil, .open)) {
            summary(Texts.Roles.includesTitle)
            fieldset(.class(message == nil ? "actions" : "actions wrong"), .id(fieldID("includes"))) {
                legend(Texts.Roles.includesLegend)
                if let message { p(message, .class("error")) }
                div(.class("action-list")) {
                    for choice in choices {
                        label {
                            includeBox(choice.id, isChecked: input.includes.contains(choice.id))
                            span {
                                bdi(choice.name)
                                if choice.name != choice.id { small(" " + choice.id, .class("muted")) }
                            }
                        }
                    }
                }
            }
        }
    }

    private func includeBox(_ id: String, isChecked: Bool) -> HTML {
        .element("input", [.type("checkbox"), .name("includes[]"), .value(id), .when(isChecked, .checked)], nil)
    }
}
