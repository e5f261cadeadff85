import Directory
import Model
import Web

/// What the forms about users ask for, as it was typed. Passwords are kept apart: they never go back to the page.
struct UserInput: Sendable {
    var username: String
    var name: String
    var email: String

    init(_ user: User) {
        username = user.username
        name = user.name ?? ""
        email = user.email ?? ""
    }

    init() {
        username = ""
        name = ""
        email = ""
    }

    /// `prefix`: for the copy of what the form began with.
    init(_ form: FormFields, prefix: String = "") {
        username = trimmed(form[prefix + "username"] ?? "")
        name = trimmed(form[prefix + "name"] ?? "")
        email = trimmed(form[prefix + "email"] ?? "")
    }

    /// Fields by name, in the order of the form.
    var fields: [(name: String, title: String, value: String)] {
        [
            ("username", Texts.Users.username, username), ("name", Texts.Users.name, name),
            ("email", Texts.Users.email, email),
        ]
    }
}

/// A new password, typed twice.
struct PasswordInput: Sendable {
    let password: String
    let again: String
    let mustChange: Bool

    static let none = PasswordInput(password: "", again: "", mustChange: false)

    private init(password: String, again: String, mustChange: Bool) {
        self.password = password
        self.again = again
        self.mustChange = mustChange
    }

    init(_ form: FormFields) {
        self.init(
            password: form["password"] ?? "", again: form["confirmPassword"] ?? "", mustChange: form["mustChange"] == "true")
    }

    var isGiven: Bool { !password.isEmpty || !again.isEmpty }

    /// Typed twice alike, so that the rest is the service's to judge.
    var isRepeated: Bool { password.utf8.elementsEqual(again.utf8) }

    /// What only the form can know, and the rules beside it, so that everything wrong shows at once.
    func problems(for user: UserInput) -> [FieldError] {
        var errors = Users.problems(
            with: NewUser(
                username: user.username, name: optional(user.name), email: optional(user.email), password: password))
        if !isRepeated {
            errors.append(FieldError(field: "confirmPassword", code: "mismatch", message: Texts.Parts.passwordsDiffer))
        }
        return errors
    }
}

/// Empty means absent.
func optional(_ text: String) -> String? { text.isEmpty ? nil : text }

/// Without the spaces around it that come with copying.
func trimmed(_ text: String) -> String {
    let isSpace: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    var scalars = text.unicodeScalars[...]
    while let first = scalars.first, isSpace(first) { scalars.removeFirst() }
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
}

/// User name, name and e-mail: the same on every form about a user.
func userFields(_ input: UserInput, errors: FormErrors, autofocus: Bool = false) -> HTML {
    HTML {
        textField(
            "username", label: Texts.Users.username, value: input.username, hint: Texts.UserForm.usernameHint, errors: errors,
            autocomplete: "off", monospaced: true, maximumLength: 256, autofocus: autofocus, check: .username)
        textField(
            "name", label: Texts.Users.name, value: input.name, hint: Texts.UserForm.nameHint, errors: errors,
            autocomplete: "off", required: false, maximumLength: 256)
        textField(
            "email", label: Texts.Users.email, value: input.email, errors: errors, type: .email, autocomplete: "off",
            required: false, maximumLength: 320, check: .email)
    }
}

/// A new password twice, and whether its owner must replace it.
func newPasswordFields(
    _ call: Call, label: String, hint: String, errors: FormErrors, required: Bool, mustChange: Bool?, autofocus: Bool = false
) -> HTML {
    HTML {
        passwordField(
            "password", label: label, hint: hint, errors: errors, isNew: true, required: required, autofocus: autofocus,
            advice: call.to("/password-advice"))
        passwordField(
            "confirmPassword", label: Texts.UserForm.passwordAgain, errors: errors, isNew: true, required: required,
            check: .sameAs("password"))
        if let mustChange {
            checkbox(
                "mustChange", label: Texts.UserForm.mustChange, isChecked: mustChange, hint: Texts.UserForm.mustChangeHint)
        }
    }
}
