/// How much a button weighs: one primary action a page, danger for what hurts.
enum ButtonKind: String, Sendable {
    case plain, primary, danger
    /// Filled red: the last click in a dialog that deletes.
    case destructive
    /// Without a border, for rows and toolbars.
    case quiet

    var classes: String { self == .plain ? "button" : "button \(rawValue)" }
}

/// Sends the form it stands in.
func submitButton(_ text: String, _ kind: ButtonKind = .primary, _ attributes: Attribute...) -> HTML {
    .element("button", [.type("submit"), .class(kind.classes)] + attributes, HTML(text))
}

/// A link that looks like a button: leads somewhere and changes nothing.
func linkButton(_ text: String, to path: Path, _ kind: ButtonKind = .plain, _ attributes: Attribute...) -> HTML {
    .element("a", [.href(path), .class(kind.classes)] + attributes, HTML(text))
}

/// A link to a confirmation page; with script its content opens in a dialog on the spot.
func dialogButton(_ text: String, to path: Path, _ kind: ButtonKind = .danger, _ attributes: Attribute...) -> HTML {
    .element("a", [.href(path), .class(kind.classes), .data("data-dialog")] + attributes, HTML(text))
}

/// A form with a single button: a change that needs no question.
func actionButton(
    _ text: String, to path: Path, csrf: String, _ kind: ButtonKind = .plain, fields: [(name: String, value: String)] = [],
    label: String? = nil
) -> HTML {
    .element(
        "form", [Attribute("method", "post"), .action(path), .class("inline")],
        HTML {
            hiddenField("csrf", csrf)
            for field in fields { hiddenField(field.name, field.value) }
            submitButton(text, kind, .optional("aria-label", label))
        })
}

/// Buttons beside each other, the main one first.
func buttonRow(@HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    try div(.class("buttons"), content: content)
}
