/// Text for a machine, with a button that copies it.
func codeBlock(_ text: String, label title: String? = nil) -> HTML {
    div(.class("code")) {
        if let title { p(title, .class("code-label")) }
        pre(Attribute("tabindex", "0"), .optional("aria-label", title)) { code(text) }
        button(
            Texts.Parts.copy, .type("button"), .class("button quiet copy"), .hidden, .data("data-copy"),
            .data("data-done", Texts.Parts.copied))
    }
}

/// The command and the API call that do what the page does.
struct SameAs: Sendable {
    let command: String?
    let call: String?

    init(command: String? = nil, call: String? = nil) {
        self.command = command
        self.call = call
    }
}

/// The fold at the foot of a page.
func sameAs(_ same: SameAs) -> HTML {
    details(.class("same")) {
        summary(Texts.Parts.sameAs)
        if let command = same.command { codeBlock(command, label: Texts.Parts.sameCommand) }
        if let call = same.call { codeBlock(call, label: Texts.Parts.sameCall) }
    }
}
