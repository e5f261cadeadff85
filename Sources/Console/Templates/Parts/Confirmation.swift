import Web

/// The question before something that hurts: what it is, what it takes with it, and a button that says what it does.
struct Confirmation {
    let title: String
    let button: String
    let action: Path
    let cancel: Path
    let kind: ButtonKind
    let fields: [(name: String, value: String)]
    /// What must be typed, for what cannot be undone on many objects; arrives as `confirm`.
    let mustType: String?
    /// Whether "Cancel" has the focus, as it should wherever the question stands alone.
    let takesFocus: Bool

    init(
        title: String, button: String, action: Path, cancel: Path, kind: ButtonKind = .destructive,
        fields: [(name: String, value: String)] = [], mustType: String? = nil, takesFocus: Bool = true
    ) {
        self.title = title
        self.button = button
        self.action = action
        self.cancel = cancel
        self.kind = kind
        self.fields = fields
        self.mustType = mustType
        self.takesFocus = takesFocus
    }
}

/// The body of a confirmation page. The script lifts exactly this element into a dialog, so both say the same.
func confirmation(
    _ question: Confirmation, call: Call, errors: FormErrors = .none, @HTMLBuilder consequences: () throws -> HTML
) rethrows -> HTML {
    try section(.class("confirmation"), .data("data-dialog-content"), .labelledBy("confirmation-title")) {
        h2(question.title, .id("confirmation-title"))
        errorSummary(errors)
        try div(.class("consequences"), content: consequences)
        postForm(call, to: question.action) {
            for field in question.fields { hiddenField(field.name, field.value) }
            if let mustType = question.mustType {
                textField(
                    "confirm", label: Texts.Parts.typeToConfirm(mustType), errors: errors, autocomplete: "off", monospaced: true)
            }
            buttonRow {
                linkButton(
                    Texts.Parts.cancel, to: question.cancel, .plain, .data("data-cancel"),
                    .when(question.takesFocus, Attribute("autofocus")))
                submitButton(question.button, question.kind)
            }
        }
    }
}
