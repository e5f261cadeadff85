import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/users/{id}/edit`: user name, name, e-mail and, when asked for, a new password.
///
/// The form carries the version it was opened with and what its fields said then. When somebody else saved in between, it
/// comes back with what changed, with fields nobody touched here brought up to date, and with everything typed still there.
struct UserEditForm: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/users/{id}/edit") { try await open($0) },
            Route(.post, "/users/{id}/edit") { try await save($0) },
        ]
    }

    /// What one showing of the form holds.
    private struct State {
        var user: User
        var input: UserInput
        var mustChange = false
        var errors = FormErrors.none
        /// What somebody else changed; empty: something outside the form.
        var changedMeanwhile: [String]?
    }

    private func open(_ call: Call) async throws -> Response {
        let user = try await services.users.get(try call.id(), caller: call.caller)
        try services.gate.require(.userUpdate, on: user.id.text, caller: call.caller)
        return try await show(call, State(user: user, input: UserInput(user)))
    }

    private func show(_ call: Call, _ state: State, status: HTTPResponse.Status = .ok) async throws -> Response {
        let user = state.user
        let mayReset = services.gate.allows(.userResetPassword, on: user.id.text, caller: call.caller)
        let head = PageHead(
            Texts.UserForm.editTitle(user.displayName), sentence: Texts.UserForm.editSentence, entry: .users,
            crumbs: call.crumbs(below: user), same: sameAs(call, user))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.userPath(user.id, "edit"), .class("form")) {
                if let changes = state.changedMeanwhile { stale(changes) }
                errorSummary(state.errors)
                hiddenField("version", String(user.version))
                for field in UserInput(user).fields { hiddenField("seen." + field.name, field.value) }
                userFields(state.input, errors: state.errors, autofocus: true)
                if mayReset {
                    newPasswordFields(
                        call, label: Texts.UserForm.newPassword, hint: Texts.UserForm.keepPasswordHint, errors: state.errors,
                        required: false, mustChange: state.mustChange)
                }
                buttonRow {
                    submitButton(Texts.UserForm.save)
                    linkButton(Texts.Parts.cancel, to: call.userPath(user.id))
                }
            }
        }
    }

    private func stale(_ changes: [String]) -> HTML {
        div(.role("alert"), Attribute("tabindex", "-1"), Attribute("autofocus"), .data("data-focus")) {
            callout(Texts.UserForm.staleTitle, .warn) {
                p(Texts.UserForm.staleSentence)
                ul {
                    for change in changes { li(change) }
                    if changes.isEmpty { li(Texts.UserForm.staleOther) }
                }
            }
        }
    }

    // MARK: Saving

    private func save(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let id = try call.id()
        guard let version = form["version"].flatMap({ Int64($0) }) else {
            throw ServiceError.malformed(Texts.UserForm.versionUnreadable)
        }
        let seen = UserInput(form, prefix: "seen.")
        let password = PasswordInput(form)
        var state = State(
            user: try await services.users.get(id, caller: call.caller), input: UserInput(form), mustChange: password.mustChange)
        guard state.user.version == version else { return try await showStale(call, state, seen: seen) }
        if password.isGiven {
            state.errors = FormErrors(password.problems(for: state.input))
            if !state.errors.isEmpty { return try await show(call, state, status: .unprocessableContent) }
        }
        let patch = patch(from: UserInput(state.user), to: state.input)
        do {
            if let patch {
                state.user = try await services.users.update(id, patch, ifMatch: version, caller: call.caller).value
            }
            if password.isGiven {
                _ = try await services.users.setPassword(
                    id, password: password.password, mustChange: password.mustChange, caller: call.caller)
            }
        } catch ServiceError.preconditionFailed {
            state.user = try await services.users.get(id, caller: call.caller)
            return try await showStale(call, state, seen: seen)
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            state.errors = errors
            return try await show(call, state, status: Problem(error).status)
        }
        let name = state.user.displayName
        let flash: Flash =
            password.isGiven
            ? .good(Texts.UserForm.savedWithPassword(name))
            : .good(patch == nil ? Texts.UserForm.unchanged : Texts.UserForm.saved(name))
        return call.redirect(to: call.userPath(id), flash: flash)
    }

    /// The form again, from the version there is now.
    private func showStale(_ call: Call, _ state: State, seen: UserInput) async throws -> Response {
        var state = state
        let current = UserInput(state.user)
        var changes: [String] = []
        for (before, now) in zip(seen.fields, current.fields) where before.value != now.value {
            changes.append(
                Texts.UserForm.staleField(
                    now.title, from: optional(before.value) ?? Texts.UserForm.empty,
                    to: optional(now.value) ?? Texts.UserForm.empty))
        }
        if state.input.username == seen.username { state.input.username = current.username }
        if state.input.name == seen.name { state.input.name = current.name }
        if state.input.email == seen.email { state.input.email = current.email }
        state.changedMeanwhile = changes
        return try await show(call, state, status: .preconditionFailed)
    }

    /// Only what differs, so that the record names only what was changed; `nil` for nothing.
    private func patch(from old: UserInput, to new: UserInput) -> UserPatch? {
        var patch = UserPatch()
        var isEmpty = true
        if !old.username.utf8.elementsEqual(new.username.utf8) {
            patch.username = .set(new.username)
            isEmpty = false
        }
        if !old.name.utf8.elementsEqual(new.name.utf8) {
            patch.name = new.name.isEmpty ? .clear : .set(new.name)
            isEmpty = false
        }
        if !old.email.utf8.elementsEqual(new.email.utf8) {
            patch.email = new.email.isEmpty ? .clear : .set(new.email)
            isEmpty = false
        }
        return isEmpty ? nil : patch
    }

    private func sameAs(_ call: Call, _ user: User) -> SameAs {
        SameAs(
            command: "gatehouse user edit \(shellQuoted(user.username)) --name 'Ann Berg' --email ann@example.org",
            call: curl(
                "PATCH", call.to("/api/v1/users", user.id.text),
                body: JSONObject([("name", .string("Ann Berg")), ("email", .string("ann@example.org"))])))
    }
}
