import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// Giving a role, and changing what was given.
struct AssignmentForms: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/role-assignments/new") { try await openCreation($0) },
            Route(.post, "/role-assignments") { try await create($0) },
            Route(.get, "/role-assignments/{id}/edit") { try await openEdit($0) },
            Route(.post, "/role-assignments/{id}/edit") { try await save($0) },
        ]
    }

    private struct Input {
        var role = ""
        var grant = GrantInput()

        init() {}

        init(_ form: FormFields) {
            role = trimmed(form["role"] ?? "")
            grant = GrantInput(form)
        }
    }

    // MARK: Giving

    /// `principal` and `role` in the address fill the form in.
    private func openCreation(_ call: Call) async throws -> Response {
        var input = Input()
        input.role = call.query["role"] ?? ""
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
        try services.gate.require(.assignmentCreate, caller: call.caller)
        let parties = try Parties(services, call: call)
        let head = PageHead(
            Texts.Assignments.createTitle, sentence: Texts.Assignments.createSentence, entry: .assignments,
            crumbs: call.assignmentCrumbs,
            same: SameAs(
                command: "gatehouse assignment create ann operator --until 8h --reason 'night shift'",
                call: curl(
                    "POST", call.to("/api/v1/role-assignments"),
                    body: JSONObject([
                        ("principal", .object(JSONObject([("kind", .string("user")), ("id", .string("019a…"))]))),
                        ("role", .string("operator")), ("reason", .string("night shift")),
                    ]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.to("/role-assignments"), .class("form")) {
                errorSummary(errors)
                principalFields(
                    call, input.grant, errors: errors, suggestions: suggestions, autofocus: input.grant.principal.isEmpty)
                roleField(input.role, parties: parties, errors: errors)
                termsFields(call, input.grant, types: parties.types, errors: errors, suggestions: suggestions)
                buttonRow {
                    submitButton(Texts.Assignments.createButton)
                    linkButton(Texts.Parts.cancel, to: call.to("/role-assignments"))
                }
            }
        }
    }

    /// A choice, or, where that would be a long one, the role's id.
    private func roleField(_ role: String, parties: Parties, errors: FormErrors) -> HTML {
        let roles = parties.roles
        guard roles.count <= Parties.rolesOffered else {
            return textField(
                "role", label: Texts.Assignments.role, value: role, hint: Texts.Assignments.roleHint, errors: errors,
                autocomplete: "off", monospaced: true, maximumLength: 100)
        }
        return selectField(
            "role", label: Texts.Assignments.role,
            choices: [SelectChoice("", Texts.Assignments.chooseRole)]
                + roles.map { SelectChoice($0.id, $0.name == $0.id ? $0.id : "\($0.name) (\($0.id))") },
            selected: role, errors: errors)
    }

    private func create(_ call: Call) async throws -> Response {
        let input = Input(try await call.checkedForm())
        try services.gate.require(.assignmentCreate, caller: call.caller)
        let reading = try await GrantReading(input.grant, finder: Finder(services, call: call))
        let missing =
            input.role.isEmpty ? [FieldError(field: "role", code: "required", message: Texts.Assignments.roleRequired)] : []
        guard let terms = reading.terms(reason: input.grant.reason), missing.isEmpty else {
            return try await creation(
                call, input, status: .unprocessableContent, errors: FormErrors(reading.problems + missing),
                suggestions: reading.suggestions)
        }
        do {
            _ = try await services.access.roleAssignments.create(
                role: input.role, terms, idempotency: nil, caller: call.caller)
        } catch {
            guard let errors = FormErrors(granting: error, scope: input.grant.scope) else { throw error }
            return try await creation(call, input, status: errors.status, errors: errors)
        }
        let parties = try Parties(services, call: call)
        return call.redirect(
            to: call.to("/role-assignments").query("principal", terms.principal.text),
            flash: .good(Texts.Assignments.created(parties.roleName(input.role), parties.title(terms.principal))))
    }

    // MARK: Changing

    private func openEdit(_ call: Call) async throws -> Response {
        let assignment = try await services.access.roleAssignments.get(try call.id(), caller: call.caller)
        try services.gate.require(.assignmentUpdate, on: assignment.id.text, caller: call.caller)
        var input = Input()
        input.role = assignment.role
        input.grant = GrantInput(assignment.terms, parties: try Parties(services, call: call))
        return try await edit(call, assignment, input)
    }

    private func edit(
        _ call: Call, _ assignment: RoleAssignment, _ input: Input, status: HTTPResponse.Status = .ok,
        errors: FormErrors = .none, suggestions: [String: [String]] = [:]
    ) async throws -> Response {
        let parties = try Parties(services, call: call)
        let (who, role) = (parties.title(assignment.terms.principal), parties.roleName(assignment.role))
        let path = call.assignmentPath(assignment.id)
        let head = PageHead(
            Texts.Assignments.editTitle(role, who), sentence: Texts.Assignments.editSentence, entry: .assignments,
            crumbs: call.assignmentCrumbs + [Crumb(Texts.Assignments.title(role, who), path)],
            same: SameAs(
                command: "gatehouse assignment update \(assignment.id.text) --until 30d",
                call: curl(
                    "PATCH", call.to("/api/v1/role-assignments", assignment.id.text),
                    body: JSONObject([("reason", .string("still needed"))]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.assignmentPath(assignment.id, "edit"), .class("form")) {
                errorSummary(errors)
                hiddenField("version", String(assignment.origin.version))
                roleField(input.role, parties: parties, errors: errors)
                termsFields(call, input.grant, types: parties.types, errors: errors, suggestions: suggestions)
                buttonRow {
                    submitButton(Texts.Assignments.save)
                    linkButton(Texts.Parts.cancel, to: path)
                }
            }
        }
    }

    private func save(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let old = try await services.access.roleAssignments.get(try call.id(), caller: call.caller)
        guard let version = form["version"].flatMap({ Int64($0) }) else { throw ServiceError.malformed(Texts.Assignments.stale) }
        let input = Input(form)
        let reading = try await GrantReading(input.grant, fixed: old.terms.principal, finder: Finder(services, call: call))
        guard reading.problems.isEmpty else {
            return try await edit(
                call, old, input, status: .unprocessableContent, errors: FormErrors(reading.problems),
                suggestions: reading.suggestions)
        }
        let before = GrantInput(old.terms, parties: try Parties(services, call: call))
        do {
            _ = try await services.access.roleAssignments.update(
                old.id, role: optional(input.role), reading.patch(from: before, input: input.grant, terms: old.terms),
                ifMatch: version, caller: call.caller)
        } catch {
            guard let errors = FormErrors(granting: error, scope: input.grant.scope) else { throw error }
            let now = try await services.access.roleAssignments.get(old.id, caller: call.caller)
            return try await edit(call, now, input, status: errors.status, errors: errors)
        }
        return call.redirect(to: call.assignmentPath(old.id), flash: .good(Texts.Assignments.saved))
    }
}
