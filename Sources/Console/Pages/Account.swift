import Authentication
import Directory
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/account`: what everybody may do with their own.
struct AccountPages: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/account") { try await page($0) },
            Route(.post, "/account") { try await save($0) },
            Route(.post, "/account/password") { try await changePassword($0) },
            Route(.post, "/account/sessions/end-others") { try await endOthers($0) },
            Route(.post, "/account/sessions/{id}/end") { try await end($0) },
        ]
    }

    /// The profile form as it was sent.
    private struct Typed {
        let name: String
        let email: String
        let version: String
    }

    // MARK: The page

    private func page(
        _ call: Call, typed: Typed? = nil, profileErrors: FormErrors = .none, passwordErrors: FormErrors = .none,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let profile = try await services.account.profile(caller: call.caller)
        let sessions = try await services.account.sessions(caller: call.caller)
        let head = PageHead(
            Texts.Account.title, sentence: Texts.Account.sentence, entry: .account,
            same: SameAs(
                command: "gatehouse whoami",
                call: "curl -X PATCH \(call.publicURL)\(call.path("/api/v1/me")) \\\n  -H \"Authorization: Bearer $TOKEN\" \\\n"
                    + "  -H \"Content-Type: application/json\" -d '{\"name\":\"…\",\"email\":\"…\"}'"))
        return try await services.page(call, head, status: status) {
            div(.class("columns")) {
                profileCard(call, profile, typed: typed, errors: profileErrors)
                passwordCard(call, profile.user, errors: passwordErrors)
            }
            sessionsCard(call, sessions)
        }
    }

    private func profileCard(_ call: Call, _ profile: Profile, typed: Typed?, errors: FormErrors) -> HTML {
        let user = profile.user
        return card(Texts.Account.profile, sentence: Texts.Account.profileSentence, id: "profile") {
            errorSummary(errors)
            keyValues {
                fact(Texts.Account.username, user.username)
                fact(Texts.Account.roles) {
                    for role in profile.roles { tag(role) }
                    if profile.roles.isEmpty { Texts.Account.noRoles }
                }
                if !profile.groups.isEmpty { fact(Texts.Account.groups) { for group in profile.groups { tag(group) } } }
            }
            postForm(call, to: call.to("/account"), .class("form spaced")) {
                hiddenField("version", typed?.version ?? String(user.version))
                textField(
                    "name", label: Texts.Account.name, value: typed?.name ?? user.name ?? "", errors: errors,
                    autocomplete: "name", required: false)
                textField(
                    "email", label: Texts.Account.email, value: typed?.email ?? user.email ?? "", errors: errors, type: .email,
                    autocomplete: "email", required: false, check: .email)
                buttonRow { submitButton(Texts.Account.save) }
            }
        }
    }

    private func passwordCard(_ call: Call, _ user: User, errors: FormErrors) -> HTML {
        card(Texts.Account.password, sentence: Texts.Account.passwordSentence, id: "password") {
            errorSummary(errors)
            postForm(call, to: call.to("/account/password"), .class("form")) {
                // Password managers want to know whose password it is, and the advice whether it contains the name.
                input(
                    .type("text"), .name("username"), .value(user.username), Attribute("autocomplete", "username"), .hidden)
                passwordField("currentPassword", label: Texts.Account.current, errors: errors)
                passwordField(
                    "newPassword", label: Texts.Account.new, hint: Texts.SignIn.passwordHint, errors: errors, isNew: true,
                    advice: call.to("/password-advice"))
                passwordField(
                    "confirmPassword", label: Texts.Account.confirm, errors: errors, isNew: true, check: .sameAs("newPassword"))
                buttonRow { submitButton(Texts.Account.change) }
            }
        }
    }

    private func sessionsCard(_ call: Call, _ sessions: [Session]) -> HTML {
        let now = services.clock.now()
        let current = call.caller.session
        let endOthers =
            sessions.count > 1
            ? actionButton(
                Texts.Account.endOthers, to: call.to("/account/sessions/end-others"), csrf: call.csrfToken, .danger) : nil
        let columns: [Column<Session>] = [
            Column(Texts.Account.device, .main) { session in
                strong(deviceName(session.agent))
                if session.id == current {
                    " "
                    tag(Texts.Account.here, .accent)
                }
            },
            Column(Texts.Account.address) { session in code(session.address) },
            Column(Texts.Account.since) { session in relativeTime(session.createdAt, now: now) },
            Column(Texts.Account.seen) { session in relativeTime(session.lastSeenAt, now: now) },
            Column(Texts.Account.endSession, .action) { session in
                if session.id != current {
                    actionButton(
                        Texts.Account.end, to: call.to("/account/sessions", session.id.text, "end"), csrf: call.csrfToken,
                        .quiet, label: Texts.Account.end(deviceName(session.agent)))
                }
            },
        ]
        return card(Texts.Account.sessions, sentence: Texts.Account.sessionsSentence, action: endOthers, id: "sessions") {
            dataTable(sessionsShown(sessions, current: call.caller.session), caption: Texts.Account.sessions, columns: columns)
            sessionsLeftOut(sessions.count)
        }
    }

    // MARK: Changes

    private func save(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let typed = Typed(name: form["name"] ?? "", email: form["email"] ?? "", version: form["version"] ?? "")
        var patch = UserPatch()
        patch.name = typed.name.isEmpty ? .clear : .set(typed.name)
        patch.email = typed.email.isEmpty ? .clear : .set(typed.email)
        do {
            _ = try await services.account.update(patch, ifMatch: Int64(typed.version), caller: call.caller)
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return try await page(call, typed: typed, profileErrors: errors, status: errors.status)
        }
        return call.redirect(to: call.to("/account"), flash: .good(Texts.Account.saved))
    }

    private func changePassword(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let new = form["newPassword"] ?? ""
        guard new.utf8.elementsEqual((form["confirmPassword"] ?? "").utf8) else {
            let error = FieldError(field: "confirmPassword", code: "mismatch", message: Texts.Parts.passwordsDiffer)
            return try await page(call, passwordErrors: FormErrors([error]), status: .unprocessableContent)
        }
        do {
            _ = try await services.account.changePassword(
                current: form["currentPassword"] ?? "", new: new, caller: call.caller)
        } catch ServiceError.invalidCredentials {
            let error = FieldError(field: "currentPassword", code: "wrong", message: Texts.Account.wrongCurrent)
            return try await page(call, passwordErrors: FormErrors([error]), status: .unprocessableContent)
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return try await page(call, passwordErrors: errors, status: errors.status)
        }
        return call.redirect(to: call.to("/account"), flash: .good(Texts.Account.changed))
    }

    private func end(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        _ = try await services.account.endSession(try call.id(), caller: call.caller)
        return call.redirect(to: call.to("/account").anchored("sessions"), flash: .good(Texts.Account.ended))
    }

    private func endOthers(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        _ = try await services.account.endOtherSessions(caller: call.caller)
        return call.redirect(to: call.to("/account").anchored("sessions"), flash: .good(Texts.Account.othersEnded))
    }
}
