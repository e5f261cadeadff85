/// What the script may check while somebody types; the server checks it again.
enum LiveCheck: Sendable {
    case username
    case email
    /// The same as another field: typing a password twice.
    case sameAs(String)
}

enum TextInput: String, Sendable {
    case text, email, search, url
}

/// Label, hint, input, error, in this order, tied together for screen readers.
func textField(
    _ name: String, label title: String, value: String = "", hint: String? = nil, errors: FormErrors = .none,
    type: TextInput = .text, autocomplete: String? = nil, required: Bool = true, monospaced: Bool = false,
    maximumLength: Int? = nil, placeholder: String? = nil, autofocus: Bool = false, check: LiveCheck? = nil,
    list: String? = nil
) -> HTML {
    let attributes: [Attribute] = [
        Attribute("type", type.rawValue), .value(value), .optional("placeholder", placeholder), .optional("list", list),
        .optional("maxlength", maximumLength.map { String($0) }), .when(monospaced, .class("mono")),
        .when(monospaced || type == .email, Attribute("spellcheck", "false")),
        .when(monospaced || type == .email, Attribute("autocapitalize", "none")),
    ]
    return field(name, title: title, hint: hint, errors: errors, required: required) { description in
        inputElement(
            name, attributes: attributes + checkAttributes(check), description: description, errors: errors,
            autocomplete: autocomplete, required: required, autofocus: autofocus)
    }
}

/// A password: never filled in again by the server. `advice` is the address that judges it while it is typed.
func passwordField(
    _ name: String, label title: String, hint: String? = nil, errors: FormErrors = .none, isNew: Bool = false,
    required: Bool = true, autofocus: Bool = false, advice: Path? = nil, check: LiveCheck? = nil
) -> HTML {
    field(name, title: title, hint: hint, errors: errors, required: required) { description in
        div(.class("with-button")) {
            inputElement(
                name,
                attributes: [.type("password"), Attribute("maxlength", "1024"), Attribute("spellcheck", "false")]
                    + [advice.map { Attribute("data-advice", $0.text) } ?? .omitted]
                    + [.when(advice != nil, Attribute("data-good", Texts.Parts.passwordLooksGood))] + checkAttributes(check),
                description: advice == nil
                    ? description : [description, "advice-\(name)"].compactMap { $0 }.joined(separator: " "),
                errors: errors, autocomplete: isNew ? "new-password" : "current-password", required: required,
                autofocus: autofocus)
            button(
                Texts.Parts.showPassword, .type("button"), .class("button quiet"), .hidden, .data("data-reveal", fieldID(name)),
                .data("data-hide", Texts.Parts.hidePassword), Attribute("aria-pressed", "false"),
                .label("\(Texts.Parts.showPassword): \(title)"))
        }
        if advice != nil { div(.class("advice"), .id("advice-\(name)"), Attribute("aria-live", "polite")) {} }
    }
}

struct SelectChoice: Sendable {
    let value: String
    let title: String

    init(_ value: String, _ title: String) {
        self.value = value
        self.title = title
    }
}

func selectField(
    _ name: String, label title: String, choices: [SelectChoice], selected: String? = nil, hint: String? = nil,
    errors: FormErrors = .none, required: Bool = true
) -> HTML {
    field(name, title: title, hint: hint, errors: errors, required: required) { description in
        select(
            .id(fieldID(name)), .name(name), .describedBy(description),
            .when(errors[name] != nil, Attribute("aria-invalid", "true"))
        ) {
            for choice in choices {
                option(choice.title, .value(choice.value), .when(choice.value == selected, .selected))
            }
        }
    }
}

/// Several lines, such as rows that are pasted.
func textAreaField(
    _ name: String, label title: String, value: String = "", hint: String? = nil, errors: FormErrors = .none, rows: Int = 6,
    required: Bool = true, monospaced: Bool = false, placeholder: String? = nil
) -> HTML {
    field(name, title: title, hint: hint, errors: errors, required: required) { description in
        textarea(
            value,
            [
                .id(fieldID(name)), .name(name), Attribute("rows", String(rows)), .describedBy(description),
                .optional("placeholder", placeholder), .when(monospaced, .class("mono")),
                .when(monospaced, Attribute("spellcheck", "false")),
                .when(errors[name] != nil, Attribute("aria-invalid", "true")),
            ])
    }
}

/// A file to be sent; the form must be a `fileForm`, and this its last field.
func fileField(
    _ name: String, label title: String, hint: String? = nil, errors: FormErrors = .none, accept: String? = nil,
    required: Bool = true
) -> HTML {
    field(name, title: title, hint: hint, errors: errors, required: required) { description in
        inputElement(
            name, attributes: [.type("file"), .optional("accept", accept)], description: description, errors: errors,
            autocomplete: nil, required: false, autofocus: false)
    }
}

/// One yes or no, its whole line clickable.
func checkbox(
    _ name: String, label title: String, value: String = "true", isChecked: Bool = false, hint: String? = nil,
    errors: FormErrors = .none
) -> HTML {
    div(.class("field check")) {
        label(.for(fieldID(name))) {
            input(
                .type("checkbox"), .id(fieldID(name)), .name(name), .value(value), .when(isChecked, .checked),
                .describedBy(hint == nil ? nil : "hint-\(name)"))
            span(title)
        }
        if let hint { p(hint, .class("hint"), .id("hint-\(name)")) }
        if let message = errors[name] { p(message, .class("error"), .id("error-\(name)")) }
    }
}

/// A text field that offers names while one is typed, with script from `path`, and always those of `suggestions`. What is meant is
/// found by the name when the form is sent.
///
/// - Parameter kindField: the name of the form's select that says what is looked for; `path` gets its value as `kind`.
func findField(
    _ name: String, label title: String, value: String = "", hint: String? = nil, errors: FormErrors = .none, path: Path,
    kindField: String? = nil, suggestions: [String] = [], required: Bool = true, autofocus: Bool = false
) -> HTML {
    let list = "list-\(name)"
    let attributes: [Attribute] = [
        .type("text"), .value(value), Attribute("list", list), Attribute("maxlength", "512"), Attribute("spellcheck", "false"),
        Attribute("autocapitalize", "none"), Attribute("data-find", path.text), .optional("data-kind", kindField),
    ]
    return field(name, title: title, hint: hint, errors: errors, required: required) { description in
        inputElement(
            name, attributes: attributes, description: description, errors: errors, autocomplete: "off", required: required,
            autofocus: autofocus)
        HTML.element("datalist", [.id(list)], HTML { for suggestion in suggestions { option("", .value(suggestion)) } })
    }
}

/// A day and a time, in UTC for the server; the script shows and takes it in the viewer's zone.
func timeField(_ name: String, label title: String, value: String = "", errors: FormErrors = .none, required: Bool = false)
    -> HTML
{
    field(name, title: title, hint: Texts.Parts.timeInUTC, errors: errors, required: required) { description in
        inputElement(
            name,
            attributes: [
                Attribute("type", "datetime-local"), .value(value), .data("data-zone", Texts.Parts.timeInYourZone),
            ], description: description, errors: errors, autocomplete: "off", required: required, autofocus: false)
    }
}

/// Label above, hint, control, error below. `control` gets the ids that describe it.
private func field(
    _ name: String, title: String, hint: String?, errors: FormErrors, required: Bool,
    @HTMLBuilder control: (String?) -> HTML
) -> HTML {
    let message = errors[name]
    let described = [hint == nil ? nil : "hint-\(name)", "error-\(name)"].compactMap { $0 }.joined(separator: " ")
    return div(.class(message == nil ? "field" : "field wrong")) {
        label(.for(fieldID(name))) {
            title
            if !required { span(" " + Texts.Parts.optional, .class("muted")) }
        }
        if let hint { p(hint, .class("hint"), .id("hint-\(name)")) }
        control(described)
        p(message ?? "", .class("error"), .id("error-\(name)"), .when(message == nil, .hidden))
    }
}

private func inputElement(
    _ name: String, attributes: [Attribute], description: String?, errors: FormErrors, autocomplete: String?, required: Bool,
    autofocus: Bool
) -> HTML {
    let own: [Attribute] = [
        .id(fieldID(name)), .name(name), .optional("autocomplete", autocomplete), .when(required, .required),
        .describedBy(description), .when(errors[name] != nil, Attribute("aria-invalid", "true")),
        .when(autofocus && errors.isEmpty, Attribute("autofocus")),
    ]
    return .element("input", own + attributes, nil)
}

private func checkAttributes(_ check: LiveCheck?) -> [Attribute] {
    switch check {
    case nil: []
    case .username: [Attribute("data-check", "username"), Attribute("data-message", Texts.Parts.usernameShape)]
    case .email: [Attribute("data-check", "email"), Attribute("data-message", Texts.Parts.emailShape)]
    case .sameAs(let other):
        [
            Attribute("data-check", "same"), Attribute("data-other", fieldID(other)),
            Attribute("data-message", Texts.Parts.passwordsDiffer),
        ]
    }
}
