/// What a state means, beyond its colour.
enum Tone: String, Sendable {
    case good, warn, bad, idle, accent
}

/// A small label for a name: a role, a method.
func tag(_ text: String, _ tone: Tone? = nil) -> HTML {
    span(text, .class(tone.map { "tag \($0.rawValue)" } ?? "tag"))
}

/// A dot and the word that says the same.
func statusDot(_ word: String, _ tone: Tone) -> HTML {
    span(word, .class("status \(tone.rawValue)"))
}

/// Initials in a circle; decoration, the name stands beside it.
func avatar(_ name: String, isLarge: Bool = false) -> HTML {
    span(initials(name), .class(isLarge ? "avatar large" : "avatar"), .hiddenFromReaders)
}

/// Avatar, name as the link, and where it is given a second line.
func person(_ name: String, detail: String? = nil, to path: Path?) -> HTML {
    div(.class("who")) {
        avatar(name)
        let title = path.map { link(name, to: $0) } ?? strong(name)
        if let detail {
            div {
                title
                small(detail)
            }
        } else {
            title
        }
    }
}

/// `AB` for Ann Berg and for ann.berg; one letter for one word; `?` for nothing.
func initials(_ name: String) -> String {
    let words = name.split { !$0.isLetter && !$0.isNumber }
    guard let first = words.first?.first else { return "?" }
    guard words.count > 1, let last = words.last?.first else { return String(first).uppercased() }
    return (String(first) + String(last)).uppercased()
}
