import Authentication
import Directory
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/setup`, while nobody owns the installation, and the advice on passwords that all forms ask for.
struct SetupPages: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/setup", access: .everybody) { try await show($0) },
            Route(.post, "/setup", access: .everybody) { try await complete($0) },
            Route(.post, "/password-advice", access: .everybody) { try await advise($0) },
        ]
    }

    /// What was typed, without the passwords.
    private struct Typed {
        var token = ""
        var username = ""
        var name = ""
        var email = ""
    }

    private func show(_ call: Call) async throws -> Response {
        guard try await services.setup.required(realm: call.realm) else { return call.redirect(to: call.to("/")) }
        return page(call, Typed(token: call.query["token"] ?? ""))
    }

    private func complete(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let typed = Typed(
            token: form["token"] ?? "", username: form["username"] ?? "", name: form["name"] ?? "", email: form["email"] ?? "")
        let password = form["password"] ?? ""
        guard password.utf8.elementsEqual((form["confirmPassword"] ?? "").utf8) else {
            let error = FieldError(field: "confirmPassword", code: "mismatch", message: Texts.Parts.passwordsDiffer)
            return page(call, typed, errors: FormErrors([error]), status: .unprocessableContent)
        }
        let owner = NewUser(
            username: typed.username, name: typed.name.isEmpty ? nil : typed.name,
            email: typed.email.isEmpty ? nil : typed.email, password: password)
        do {
            _ = try await services.setup.complete(token: typed.token, owner, caller: call.caller)
        } catch {
            guard let errors = FormErrors(error) else { throw error }
            return page(call, typed, errors: errors, status: errors.status)
        }
        // The account is made, whatever becomes of this: a busy server leads to the sign-in page.
        if case .session(let issued)? = try? await services.signIn.signIn(
            username: typed.username, password: password, caller: call.caller)
        {
            return call.enter(issued, to: call.to("/"))
        }
        return call.redirect(to: call.to("/sign-in"))
    }

    private func page(
        _ call: Call, _ typed: Typed, errors: FormErrors = .none, status: HTTPResponse.Status = .ok
    ) -> Response {
        let isKnown = services.setup.accepts(token: typed.token)
        return services.barePage(call, title: Texts.Setup.title, status: status) {
            section(.class("card")) {
                h1(Texts.Setup.title)
                p(Texts.Setup.sentence)
                errorSummary(errors)
                if !typed.token.isEmpty, !isKnown, errors.isEmpty {
                    callout(Texts.Setup.wrongToken, .warn, text: Texts.Setup.wrongTokenSentence)
                }
                postForm(call, to: call.to("/setup")) {
                    if isKnown {
                        hiddenField("token", typed.token)
                    } else {
                        textField(
                            "token", label: Texts.Setup.token, value: typed.token, hint: Texts.Setup.tokenHint, errors: errors,
                            autocomplete: "off", monospaced: true, autofocus: true)
                    }
                    textField(
                        "username", label: Texts.Setup.username, value: typed.username, hint: Texts.Setup.usernameHint,
                        errors: errors, autocomplete: "username", maximumLength: 256, autofocus: isKnown, check: .username)
                    textField(
                        "name", label: Texts.Setup.name, value: typed.name, errors: errors, autocomplete: "name", required: false)
                    textField(
                        "email", label: Texts.Setup.email, value: typed.email, errors: errors, type: .email,
                        autocomplete: "email", required: false, check: .email)
                    passwordField(
                        "password", label: Texts.Setup.password, hint: Texts.SignIn.passwordHint, errors: errors, isNew: true,
                        advice: call.to("/password-advice"))
                    passwordField(
                        "confirmPassword", label: Texts.Setup.confirm, errors: errors, isNew: true, check: .sameAs("password"))
                    buttonRow { submitButton(Texts.Setup.button) }
                }
            }
        }
    }

    // MARK: Advice

    /// Judges a password that is being typed: the same rules that will refuse it, and nothing is kept.
    private func advise(_ call: Call) async throws -> Response {
        let form = try FormFields(parsing: try await call.body(limit: 16 << 10))
        try call.checkForgery(form)
        let problems = PasswordPolicy.problems(
            with: form["password"] ?? "", username: form["username"] ?? "", name: form["name"], email: form["email"])
        return .json { writer in
            writer.object { writer in
                writer.name("problems")
                writer.array { writer in
                    for problem in problems { writer.string(problem.message) }
                }
            }
        }
    }
}
