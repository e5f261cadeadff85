import Authentication
import Directory
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/sign-in` and `/sign-out`.
struct SignInPages: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/sign-in", access: .everybody) { try await show($0) },
            Route(.post, "/sign-in", access: .everybody) { try await signIn($0) },
            Route(.post, "/sign-in/new-password", access: .everybody) { try await answer($0) },
            Route(.post, "/sign-out", access: .everybody) { try await signOut($0) },
        ]
    }

    // MARK: User name and password

    private func show(_ call: Call) async throws -> Response {
        let next = Path(returning: call.query["next"])
        if call.authenticated != nil { return call.redirect(to: next ?? call.to("/")) }
        if try await services.setup.required(realm: call.realm) { return call.redirect(to: call.to("/setup")) }
        let notice = call.query["signed"] == "out" ? Texts.SignIn.signedOut : nil
        return page(call, username: "", next: next, notice: notice)
    }

    private func signIn(_ call: Call) async throws -> Response {
        let form = try await call.form()
        let username = form["username"] ?? ""
        let next = Path(returning: form["next"])
        do {
            try call.checkForgery(form)
        } catch {
            // The cookie of a page left open too long. Nothing happened yet, so the form itself is the best answer.
            return page(call, username: username, next: next, problem: Texts.SignIn.oldForm, status: .forbidden)
        }
        let password = form["password"] ?? ""
        let missing = [("username", username), ("password", password)].filter { $0.1.isEmpty }.map { name, _ in
            FieldError(field: name, code: "required", message: Texts.SignIn.required(name))
        }
        guard missing.isEmpty else {
            return page(call, username: username, next: next, errors: FormErrors(missing), status: .unprocessableContent)
        }
        do {
            let outcome = try await services.signIn.signIn(username: username, password: password, caller: call.caller)
            return finish(call, outcome, next: next)
        } catch let error as ServiceError {
            guard let words = Texts.SignIn.refusal(error) else { throw error }
            let problem = Problem(error)
            return with(problem.headers, page(call, username: username, next: next, problem: words, status: problem.status))
        }
    }

    private func finish(_ call: Call, _ outcome: SignInOutcome, next: Path?) -> Response {
        switch outcome {
        case .session(let issued): return call.enter(issued, to: next ?? call.to("/"))
        case .challenge(let token, _): return challengePage(call, challenge: token, next: next)
        }
    }

    private func page(
        _ call: Call, username: String, next: Path?, notice: String? = nil, problem: String? = nil,
        errors: FormErrors = .none, status: HTTPResponse.Status = .ok
    ) -> Response {
        services.barePage(call, title: Texts.SignIn.title, status: status) {
            section(.class("card")) {
                h1(Texts.SignIn.title)
                p(Texts.SignIn.sentence)
                if let notice { callout(notice, .good, text: Texts.SignIn.signedOutSentence) }
                if let problem {
                    // The focus stays in the form: what comes next is typing again.
                    div(.class("callout bad"), .role("alert"), .id("errors")) {
                        Icon.warning
                        p(problem)
                    }
                }
                errorSummary(errors)
                postForm(call, to: call.to("/sign-in")) {
                    if let next { hiddenField("next", next.text) }
                    textField(
                        "username", label: Texts.SignIn.username, value: username, errors: errors, autocomplete: "username",
                        maximumLength: 256, autofocus: username.isEmpty && problem == nil)
                    passwordField("password", label: Texts.SignIn.password, errors: errors, autofocus: !username.isEmpty)
                    buttonRow { submitButton(Texts.SignIn.button) }
                }
            }
            p(Texts.SignIn.help, .class("below"))
        }
    }

    // MARK: A new password, asked for by an administrator

    private func answer(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let challenge = form["challenge"] ?? ""
        let password = form["newPassword"] ?? ""
        let next = Path(returning: form["next"])
        guard password.utf8.elementsEqual((form["confirmPassword"] ?? "").utf8) else {
            let error = FieldError(field: "confirmPassword", code: "mismatch", message: Texts.Parts.passwordsDiffer)
            return challengePage(
                call, challenge: challenge, next: next, errors: FormErrors([error]), status: .unprocessableContent)
        }
        do {
            let outcome = try await services.signIn.answer(challenge: challenge, newPassword: password, caller: call.caller)
            return finish(call, outcome, next: next)
        } catch ServiceError.invalidCredentials {
            return page(call, username: "", next: next, problem: Texts.SignIn.challengeOver, status: .forbidden)
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return challengePage(call, challenge: challenge, next: next, errors: errors, status: errors.status)
        }
    }

    private func challengePage(
        _ call: Call, challenge: String, next: Path?, errors: FormErrors = .none, status: HTTPResponse.Status = .ok
    ) -> Response {
        services.barePage(call, title: Texts.SignIn.challengeTitle, status: status) {
            section(.class("card")) {
                h1(Texts.SignIn.challengeTitle)
                p(Texts.SignIn.challengeSentence)
                errorSummary(errors)
                postForm(call, to: call.to("/sign-in/new-password")) {
                    hiddenField("challenge", challenge)
                    if let next { hiddenField("next", next.text) }
                    passwordField(
                        "newPassword", label: Texts.SignIn.newPassword, hint: Texts.SignIn.passwordHint, errors: errors,
                        isNew: true, autofocus: true, advice: call.to("/password-advice"))
                    passwordField(
                        "confirmPassword", label: Texts.SignIn.repeatPassword, errors: errors, isNew: true,
                        check: .sameAs("newPassword"))
                    buttonRow { submitButton(Texts.SignIn.challengeButton) }
                }
            }
        }
    }

    // MARK: Out

    private func signOut(_ call: Call) async throws -> Response {
        if call.authenticated != nil {
            _ = try await call.checkedForm()
            _ = try await services.sessions.endCurrent(caller: call.caller)
        }
        var response = call.redirect(to: call.to("/sign-in").query("signed", "out"))
        response.headers.append(HTTPField(name: .setCookie, value: call.clearedSessionCookie()))
        return response
    }

    private func with(_ headers: HTTPFields, _ response: Response) -> Response {
        var response = response
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension Call {
    /// Leads on with the new session's cookie.
    func enter(_ issued: IssuedSession, to path: Path) -> Response {
        var response = redirect(to: path)
        response.headers.append(HTTPField(name: .setCookie, value: sessionCookie(issued)))
        return response
    }
}
