import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// Creating a user, and setting a user's password.
struct UserForms: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/users/new") { try await createForm($0, UserInput()) },
            Route(.post, "/users") { try await create($0) },
            Route(.get, "/users/{id}/password") { try await passwordForm($0) },
            Route(.post, "/users/{id}/password") { try await setPassword($0) },
        ]
    }

    // MARK: Creating

    private func createForm(
        _ call: Call, _ input: UserInput, mustChange: Bool = false, status: HTTPResponse.Status = .ok,
        errors: FormErrors = .none
    ) async throws -> Response {
        try services.gate.require(.userCreate, caller: call.caller)
        let mayAsk = services.gate.allows(.userResetPassword, caller: call.caller)
        let head = PageHead(
            Texts.UserForm.createTitle, sentence: Texts.UserForm.createSentence, entry: .users, crumbs: call.usersCrumbs,
            same: createSameAs(call))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.to("/users"), .class("form")) {
                errorSummary(errors)
                userFields(input, errors: errors, autofocus: true)
                newPasswordFields(
                    call, label: Texts.UserForm.password, hint: Texts.UserForm.noPasswordHint, errors: errors, required: false,
                    mustChange: mayAsk ? mustChange : nil)
                buttonRow {
                    submitButton(Texts.UserForm.createButton)
                    linkButton(Texts.Parts.cancel, to: call.to("/users"))
                }
            }
        }
    }

    private func create(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let input = UserInput(form)
        let password = PasswordInput(form)
        func refused(_ status: HTTPResponse.Status, _ errors: FormErrors) async throws -> Response {
            try await createForm(call, input, mustChange: password.mustChange, status: status, errors: errors)
        }
        if !password.isRepeated {
            return try await refused(.unprocessableContent, FormErrors(password.problems(for: input)))
        }
        let user: User
        do {
            let new = NewUser(
                username: input.username, name: optional(input.name), email: optional(input.email),
                password: password.isGiven ? password.password : nil)
            user = try await services.users.create(new, idempotency: nil, caller: call.caller).value
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return try await refused(Problem(error).status, errors)
        }
        var flash = Flash.good(Texts.UserForm.created(user.displayName))
        if password.isGiven, password.mustChange {
            do {
                _ = try await services.users.setPassword(
                    user.id, password: password.password, mustChange: true, caller: call.caller)
            } catch is ServiceError {
                // The user exists by now; saying so is better than a page that looks as if nothing had happened.
                flash = .warn(Texts.UserForm.createdWithoutChange(user.displayName))
            }
        }
        return call.redirect(to: call.userPath(user.id), flash: flash)
    }

    private func createSameAs(_ call: Call) -> SameAs {
        SameAs(
            command: "gatehouse user create ann --name 'Ann Berg' --email ann@example.org --password-prompt",
            call: curl(
                "POST", call.to("/api/v1/users"),
                body: JSONObject([
                    ("username", .string("ann")), ("name", .string("Ann Berg")), ("email", .string("ann@example.org")),
                ])))
    }

    // MARK: Setting a password

    private func passwordForm(_ call: Call) async throws -> Response {
        let user = try await services.users.get(try call.id(), caller: call.caller)
        try services.gate.require(.userResetPassword, on: user.id.text, caller: call.caller)
        return try await passwordForm(call, user, mustChange: true)
    }

    private func passwordForm(
        _ call: Call, _ user: User, mustChange: Bool, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let head = PageHead(
            Texts.UserForm.passwordTitle(user.displayName), sentence: Texts.UserForm.passwordSentence, entry: .users,
            crumbs: call.crumbs(below: user),
            same: SameAs(
                command: "gatehouse user password \(shellQuoted(user.username))" + (mustChange ? " --must-change" : ""),
                call: curl(
                    "POST", call.to("/api/v1/users", user.id.text, "password"),
                    body: JSONObject([("password", .string("…")), ("mustChange", .bool(mustChange))]))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.userPath(user.id, "password"), .class("form")) {
                errorSummary(errors)
                // Password managers need the name the password belongs to.
                input(
                    .type("text"), .name("username"), .value(user.username), Attribute("autocomplete", "username"), .hidden,
                    Attribute("readonly"))
                newPasswordFields(
                    call, label: Texts.UserForm.newPassword, hint: Texts.UserForm.passwordHint, errors: errors, required: true,
                    mustChange: mustChange, autofocus: true)
                buttonRow {
                    submitButton(Texts.UserForm.passwordButton)
                    linkButton(Texts.Parts.cancel, to: call.userPath(user.id))
                }
            }
        }
    }

    private func setPassword(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let user = try await services.users.get(try call.id(), caller: call.caller)
        let password = PasswordInput(form)
        let problems = password.problems(for: UserInput(user))
        if !problems.isEmpty {
            return try await passwordForm(
                call, user, mustChange: password.mustChange, status: .unprocessableContent, errors: FormErrors(problems))
        }
        do {
            _ = try await services.users.setPassword(
                user.id, password: password.password, mustChange: password.mustChange, caller: call.caller)
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return try await passwordForm(
                call, user, mustChange: password.mustChange, status: Problem(error).status, errors: errors)
        }
        return call.redirect(to: call.userPath(user.id), flash: .good(Texts.UserForm.passwordSet(user.displayName)))
    }
}
