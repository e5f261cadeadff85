/// A paragraph that must not be missed, with a sign and a title that say why.
func callout(_ title: String, _ tone: Tone = .accent, @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    try div(.class("callout \(tone.rawValue)"), .role("note")) {
        tone == .good ? Icon.tick : tone == .accent || tone == .idle ? Icon.info : Icon.warning
        try div {
            h2(title)
            try content()
        }
    }
}

func callout(_ title: String, _ tone: Tone = .accent, text: String) -> HTML {
    callout(title, tone) { p(text) }
}

/// A box with a title of its own.
func card(
    _ title: String, sentence: String? = nil, action: HTML? = nil, id: String? = nil, @HTMLBuilder content: () throws -> HTML
) rethrows -> HTML {
    try section(.class("card"), .optional("id", id)) {
        div(.class("card-head")) {
            div {
                h2(title)
                if let sentence { p(sentence, .class("muted")) }
            }
            action
        }
        try content()
    }
}

/// Nothing here yet: what it is for, and the first step.
func emptyState(_ title: String, sentence: String, action: HTML? = nil) -> HTML {
    div(.class("empty")) {
        Icon.mark
        h2(title)
        p(sentence)
        action
    }
}

/// The shape of what is still loading.
func skeleton(lines: Int = 3) -> HTML {
    div(.class("skeleton"), .role("status"), .label(Texts.Parts.loading)) {
        for _ in 0..<max(1, min(lines, 50)) { span(.class("bone")) {} }
    }
}

/// How far along something is, with its number in words.
func progressBar(_ done: Int, of total: Int, label title: String) -> HTML {
    div(.class("progress")) {
        div(.class("progress-words")) {
            span(title)
            span("\(grouped(done)) / \(grouped(total))", .class("num"))
        }
        HTML.element(
            "progress", [Attribute("max", String(max(total, 1))), .value(String(max(0, min(done, total)))), .label(title)], .empty
        )
    }
}
