import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// What is done to one user with a click, and the questions before what hurts.
struct UserActions: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/users/{id}/delete") { try await askToDelete($0) },
            Route(.post, "/users/{id}/delete") { try await delete($0) },
            Route(.get, "/users/{id}/disable") { try await askToDisable($0) },
            Route(.post, "/users/{id}/disable") { try await disable($0) },
            Route(.post, "/users/{id}/enable") { try await enable($0) },
            Route(.post, "/users/{id}/unlock") { try await unlock($0) },
            Route(.get, "/users/{id}/sessions/end") { try await askToEndSessions($0) },
            Route(.post, "/users/{id}/sessions/end") { try await endSessions($0) },
            Route(.post, "/users/{id}/sessions/{session}/end") { try await endSession($0) },
        ]
    }

    // MARK: Deleting

    private func askToDelete(_ call: Call) async throws -> Response {
        try await deletion(call, of: try await services.users.get(try call.id(), caller: call.caller))
    }

    private func deletion(
        _ call: Call, of user: User, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let consequences = try await services.users.consequencesOfDeleting(user.id, caller: call.caller)
        let question = Confirmation(
            title: Texts.User.deleteQuestion(user.displayName), button: Texts.User.deleteButton,
            action: call.userPath(user.id, "delete"), cancel: call.userPath(user.id))
        let head = PageHead(
            Texts.User.deleteQuestion(user.displayName), entry: .users, crumbs: call.crumbs(below: user),
            same: SameAs(
                command: "gatehouse user delete \(shellQuoted(user.username))",
                call: curl("DELETE", call.to("/api/v1/users", user.id.text))))
        return try await services.page(call, head, status: status) {
            confirmation(question, call: call, errors: errors) {
                person(user.displayName, detail: [user.username, user.email].compactMap { $0 }.joined(separator: " · "), to: nil)
                p(Texts.User.deleteSentence)
                ul {
                    for line in Texts.User.consequences(
                        sessions: consequences.sessions, groups: consequences.groups,
                        roleAssignments: consequences.roleAssignments, authorizations: consequences.authorizations)
                    {
                        li(line)
                    }
                }
                if call.isSelf(user.id) { p { strong(Texts.User.yourself) } }
            }
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let user = try await services.users.get(try call.id(), caller: call.caller)
        do {
            _ = try await services.users.delete(user.id, ifMatch: nil, caller: call.caller)
        } catch ServiceError.conflict(let message, _) {
            return try await deletion(call, of: user, status: .conflict, errors: FormErrors(message: message))
        }
        return call.redirect(to: call.to("/users"), flash: .good(Texts.User.deleted(user.displayName)))
    }

    // MARK: Disabling, enabling, unlocking

    private func askToDisable(_ call: Call) async throws -> Response {
        let user = try await services.users.get(try call.id(), caller: call.caller)
        try services.gate.require(.userDisable, on: user.id.text, caller: call.caller)
        return try await disabling(call, of: user)
    }

    private func disabling(
        _ call: Call, of user: User, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let sessions =
            services.gate.allows(.userReadSessions, on: user.id.text, caller: call.caller)
            ? try await services.users.sessions(of: user.id, caller: call.caller).count : nil
        let question = Confirmation(
            title: Texts.User.disableQuestion(user.displayName), button: Texts.User.disableButton,
            action: call.userPath(user.id, "disable"), cancel: call.userPath(user.id))
        let head = PageHead(
            Texts.User.disableQuestion(user.displayName), entry: .users, crumbs: call.crumbs(below: user),
            same: SameAs(
                command: "gatehouse user disable \(shellQuoted(user.username))",
                call: curl("POST", call.to("/api/v1/users", user.id.text, "disable"))))
        return try await services.page(call, head, status: status) {
            confirmation(question, call: call, errors: errors) {
                person(user.displayName, detail: user.username, to: nil)
                p(Texts.User.disableSentence)
                if let sessions { ul { li(Texts.User.sessionCount(sessions)) } }
                if call.isSelf(user.id) { p { strong(Texts.User.yourself) } }
            }
        }
    }

    private func disable(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let user = try await services.users.get(try call.id(), caller: call.caller)
        do {
            _ = try await services.users.disable(user.id, ifMatch: nil, caller: call.caller)
        } catch ServiceError.conflict(let message, _) {
            return try await disabling(call, of: user, status: .conflict, errors: FormErrors(message: message))
        }
        return call.redirect(to: call.userPath(user.id), flash: .good(Texts.User.disabled(user.displayName)))
    }

    private func enable(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let user = try await services.users.enable(try call.id(), ifMatch: nil, caller: call.caller).value
        return call.redirect(to: call.userPath(user.id), flash: .good(Texts.User.enabled(user.displayName)))
    }

    private func unlock(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let user = try await services.users.unlock(try call.id(), caller: call.caller).value
        return call.redirect(to: call.userPath(user.id), flash: .good(Texts.User.unlocked(user.displayName)))
    }

    // MARK: Sessions

    private func askToEndSessions(_ call: Call) async throws -> Response {
        let user = try await services.users.get(try call.id(), caller: call.caller)
        try services.gate.require(.userEndSessions, on: user.id.text, caller: call.caller)
        let count = try await services.users.sessions(of: user.id, caller: call.caller).count
        let path = call.to("/users", user.id.text, "sessions", "end")
        let question = Confirmation(
            title: Texts.User.endAllQuestion(user.displayName), button: Texts.User.endAllSessions, action: path,
            cancel: call.userPath(user.id))
        let head = PageHead(
            Texts.User.endAllQuestion(user.displayName), entry: .users, crumbs: call.crumbs(below: user),
            same: SameAs(call: curl("DELETE", call.to("/api/v1/users", user.id.text, "sessions"))))
        return try await services.page(call, head) {
            confirmation(question, call: call) {
                p(Texts.User.endAllSentence)
                ul { li(Texts.User.sessionCount(count)) }
                if call.isSelf(user.id) { p { strong(Texts.User.yourself) } }
            }
        }
    }

    private func endSessions(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let user = try await services.users.get(try call.id(), caller: call.caller)
        _ = try await services.users.endSessions(of: user.id, caller: call.caller)
        return call.redirect(to: call.userPath(user.id), flash: .good(Texts.User.sessionsEnded(user.displayName)))
    }

    private func endSession(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let user = try await services.users.get(try call.id(), caller: call.caller)
        _ = try await services.users.endSession(try call.id("session"), of: user.id, caller: call.caller)
        return call.redirect(
            to: call.userPath(user.id).anchored("sessions"), flash: .good(Texts.User.sessionEnded(user.displayName)))
    }
}
