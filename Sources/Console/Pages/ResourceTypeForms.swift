import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// What the form about a resource type asks for, as it was typed. Actions are written one a line:
/// `write Write includes POST, PUT`.
struct ResourceTypeInput: Sendable {
    var id = ""
    var name = ""
    var syntax = Syntax.name.rawValue
    var actions = ""
    var properties = ""
    var version: Int64?

    init() {}

    init(_ item: StoredType) {
        let type = item.type
        id = type.id
        name = type.name
        syntax = type.syntax.rawValue
        actions = type.actions.map(Self.line).joined(separator: "\n")
        properties = type.properties.joined(separator: " ")
        version = item.version
    }

    init(_ form: FormFields) {
        id = trimmed(form["id"] ?? "")
        name = trimmed(form["name"] ?? "")
        syntax = form["syntax"] ?? ""
        actions = form["actions"] ?? ""
        properties = trimmed(form["properties"] ?? "")
        version = form["version"].flatMap { Int64($0) }
    }

    private static func line(_ action: ResourceType.Action) -> String {
        var line = action.id
        if action.name != action.id { line += " " + action.name }
        if !action.includes.isEmpty { line += " includes " + action.includes.joined(separator: ", ") }
        return line
    }

    /// The lines that say something.
    private var lines: [String] {
        actions.split(whereSeparator: \.isNewline).map { trimmed(String($0)) }.filter { !$0.isEmpty }
    }

    var new: NewResourceType {
        NewResourceType(
            id: id, name: optional(name), syntax: syntax, actions: .array(lines.map(Self.action)),
            properties: properties.split { $0 == " " || $0 == "," || $0.isNewline }.map(String.init))
    }

    private static func action(_ line: String) -> JSONValue {
        let words = line.split(separator: " ").map(String.init)
        var members: [(String, JSONValue)] = [("id", .string(words.first ?? ""))]
        let rest = words.dropFirst()
        let split = rest.firstIndex(of: "includes") ?? rest.endIndex
        let name = rest[..<split].joined(separator: " ")
        if !name.isEmpty { members.append(("name", .string(name))) }
        let included = rest[split...].dropFirst().joined(separator: " ").split { $0 == "," || $0 == " " }.map(String.init)
        if !included.isEmpty { members.append(("includes", .array(included.map(JSONValue.string)))) }
        return .object(JSONObject(members))
    }

    /// Errors of single actions belong to the one field they are written in, and say the line.
    func placed(_ errors: FormErrors) -> FormErrors {
        FormErrors(
            errors.all.map { error in
                let parts = error.field.split(separator: ".")
                guard parts.count > 1, parts[0] == "actions", let index = Int(parts[1]) else { return error }
                return FieldError(field: "actions", code: error.code, message: Texts.Types.inLine(index + 1, error.message))
            }, status: errors.status)
    }
}

/// Creating, changing and deleting resource types of the runtime plane.
struct ResourceTypeForms: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/resource-types/new") { try await create($0, ResourceTypeInput()) },
            Route(.post, "/resource-types/new") { try await create($0) },
            Route(.get, "/resource-types/{id}/edit") { try await edit($0) },
            Route(.post, "/resource-types/{id}/edit") { try await save($0) },
            Route(.get, "/resource-types/{id}/delete") { try await askToDelete($0) },
            Route(.post, "/resource-types/{id}/delete") { try await delete($0) },
        ]
    }

    // MARK: Creating

    private func create(
        _ call: Call, _ input: ResourceTypeInput, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        try services.gate.require(.typeCreate, caller: call.caller)
        let head = PageHead(
            Texts.Types.createTitle, sentence: Texts.Types.createSentence, entry: .resourceTypes, crumbs: call.typesCrumbs,
            same: SameAs(
                call: curl(
                    "POST", call.to("/api/v1/resource-types"),
                    body: JSONObject([
                        ("id", .string("record")), ("actions", .array([.string("read"), .string("write")])),
                        ("properties", .array([.string("owner")])),
                    ]))))
        return try await services.page(call, head, status: status) {
            form(call, input, errors: errors, isNew: true, to: call.to("/resource-types/new"), back: call.to("/resource-types"))
        }
    }

    private func create(_ call: Call) async throws -> Response {
        let input = ResourceTypeInput(try await call.checkedForm())
        do {
            let type = try await services.access.resourceTypes.create(input.new, idempotency: nil, caller: call.caller).value.type
            return call.redirect(to: call.to("/resource-types", type.id), flash: .good(Texts.Types.created(type.name)))
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return try await create(call, input, status: errors.status, errors: input.placed(errors))
        }
    }

    // MARK: Changing

    private func changeable(_ call: Call, _ permission: ManagementPermission) async throws -> StoredType {
        let item = try await services.access.resourceTypes.get(try call.parameter("id"), caller: call.caller)
        try services.gate.require(permission, on: item.type.id, caller: call.caller)
        guard ResourceType.builtIn[item.type.id] == nil else { throw ServiceError.conflict(Texts.Types.protectedSentence) }
        return item
    }

    private func edit(_ call: Call) async throws -> Response {
        let item = try await changeable(call, .typeUpdate)
        return try await edit(call, item, ResourceTypeInput(item))
    }

    private func edit(
        _ call: Call, _ item: StoredType, _ input: ResourceTypeInput, status: HTTPResponse.Status = .ok,
        errors: FormErrors = .none
    ) async throws -> Response {
        let type = item.type
        let head = PageHead(
            Texts.UserForm.editTitle(type.name), sentence: Texts.Types.editSentence, entry: .resourceTypes,
            crumbs: call.typesCrumbs + [Crumb(type.name, call.to("/resource-types", type.id))],
            same: SameAs(
                call: curl(
                    "PUT", call.to("/api/v1/resource-types", type.id),
                    body: JSONObject([("name", .string(type.name)), ("actions", .array(type.actions.map { .string($0.id) }))]))))
        return try await services.page(call, head, status: status) {
            form(
                call, input, errors: errors, isNew: false, to: call.to("/resource-types", type.id, "edit"),
                back: call.to("/resource-types", type.id))
        }
    }

    private func save(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let item = try await changeable(call, .typeUpdate)
        var input = ResourceTypeInput(form)
        input.id = item.type.id
        guard let version = input.version else { throw ServiceError.malformed(Texts.UserForm.versionUnreadable) }
        do {
            let saved = try await services.access.resourceTypes.replace(input.new, ifMatch: version, caller: call.caller).value
            let flash = saved == item ? Texts.UserForm.unchanged : Texts.UserForm.saved(saved.type.name)
            return call.redirect(to: call.to("/resource-types", item.type.id), flash: .good(flash))
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            // Whoever saves again has read that somebody else did, and means it.
            if errors.status == .preconditionFailed { input.version = item.version }
            return try await edit(call, item, input, status: errors.status, errors: input.placed(errors))
        }
    }

    private func form(
        _ call: Call, _ input: ResourceTypeInput, errors: FormErrors, isNew: Bool, to path: Path, back: Path
    ) -> HTML {
        postForm(call, to: path, .class("form")) {
            errorSummary(errors)
            if let version = input.version { hiddenField("version", String(version)) }
            if isNew {
                textField(
                    "id", label: Texts.Roles.identifier, value: input.id, hint: Texts.Types.identifierHint, errors: errors,
                    autocomplete: "off", monospaced: true, maximumLength: 100, autofocus: true)
            }
            textField(
                "name", label: Texts.Roles.name, value: input.name, errors: errors, autocomplete: "off", required: false,
                maximumLength: 256)
            selectField(
                "syntax", label: Texts.Types.syntax, choices: Syntax.allCases.map { SelectChoice($0.rawValue, $0.word) },
                selected: input.syntax, hint: Texts.Types.syntaxHint, errors: errors)
            textAreaField(
                "actions", label: Texts.Types.actions, value: input.actions, hint: Texts.Types.actionsHint, errors: errors,
                rows: 6, monospaced: true)
            textField(
                "properties", label: Texts.Types.properties, value: input.properties, hint: Texts.Types.propertiesHint,
                errors: errors, autocomplete: "off", required: false, monospaced: true)
            buttonRow {
                submitButton(isNew ? Texts.Types.createButton : Texts.UserForm.save)
                linkButton(Texts.Parts.cancel, to: back)
            }
        }
    }

    // MARK: Deleting

    private func askToDelete(_ call: Call) async throws -> Response {
        try await deletion(call, of: try await changeable(call, .typeDelete).type)
    }

    private func deletion(
        _ call: Call, of type: ResourceType, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let path = call.to("/resource-types", type.id)
        let question = Confirmation(
            title: Texts.Types.deleteQuestion(type.name), button: Texts.Types.deleteButton, action: path.appending("delete"),
            cancel: path)
        let head = PageHead(
            question.title, entry: .resourceTypes, crumbs: call.typesCrumbs + [Crumb(type.name, path)],
            same: SameAs(call: curl("DELETE", call.to("/api/v1/resource-types", type.id))))
        return try await services.page(call, head, status: status) {
            confirmation(question, call: call, errors: errors) { p(Texts.Types.deleteSentence) }
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let type = try await changeable(call, .typeDelete).type
        do {
            _ = try await services.access.resourceTypes.delete(type.id, ifMatch: nil, caller: call.caller)
        } catch ServiceError.conflict(let message, _) {
            return try await deletion(call, of: type, status: .conflict, errors: FormErrors(message: message))
        }
        return call.redirect(to: call.to("/resource-types"), flash: .good(Texts.Types.deleted(type.name)))
    }
}
