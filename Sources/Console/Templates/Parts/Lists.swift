import Model

/// Names and values of one thing.
func keyValues(@HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    try dl(.class("facts"), content: content)
}

/// One line of `keyValues`.
func fact(_ name: String, @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    try div {
        dt(name)
        try dd(content: content)
    }
}

func fact(_ name: String, _ value: String?) -> HTML {
    div {
        dt(name)
        dd {
            if let value, !value.isEmpty { bdi(value) } else { span(Texts.Parts.nothing, .class("muted")) }
        }
    }
}

/// What happened, newest first.
struct TimelineEntry: Sendable {
    let time: Timestamp
    let tone: Tone
    let title: HTML
    let detail: HTML?

    init(time: Timestamp, tone: Tone = .accent, title: HTML, detail: HTML? = nil) {
        self.time = time
        self.tone = tone
        self.title = title
        self.detail = detail
    }
}

func timeline(_ entries: [TimelineEntry], now: Timestamp) -> HTML {
    ol(.class("timeline")) {
        for entry in entries {
            li(.class(entry.tone.rawValue)) {
                div(.class("timeline-line")) {
                    div(.class("timeline-title")) { entry.title }
                    relativeTime(entry.time, now: now)
                }
                if let detail = entry.detail { div(.class("muted")) { detail } }
            }
        }
    }
}

/// A number with its name, for the first page.
func figure(_ value: String, label title: String, to path: Path? = nil, tone: Tone? = nil, chart: HTML? = nil) -> HTML {
    let content = HTML {
        span(title, .class("figure-label"))
        span(value, .class(tone.map { "figure-value \($0.rawValue)" } ?? "figure-value"))
        chart
    }
    if let path { return link(path, .class("figure")) { content } }
    return div(.class("figure")) { content }
}

/// Figures beside each other.
func figures(@HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    try div(.class("figures"), content: content)
}

struct Tab: Sendable {
    let title: String
    let path: Path
    let isCurrent: Bool

    init(_ title: String, to path: Path, isCurrent: Bool = false) {
        self.title = title
        self.path = path
        self.isCurrent = isCurrent
    }
}

/// Pages of one thing beside each other; each is a page with an address of its own.
func tabs(_ items: [Tab], label title: String) -> HTML {
    nav(.class("tabs"), .label(title)) {
        for item in items {
            link(item.title, to: item.path, .when(item.isCurrent, .current))
        }
    }
}
