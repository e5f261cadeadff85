/// One card of an explanation: a person, a group, a role, a permission, a resource.
struct PathNode: Sendable {
    enum State: String, Sendable {
        case plain
        case fits = "yes"
        case misses = "no"
    }

    let kind: String
    let title: String
    let path: Path?
    let state: State
    /// The sign's word: "allows", "action differs".
    let word: String?
    let isMonospaced: Bool

    init(
        _ kind: String, _ title: String, to path: Path? = nil, state: State = .plain, word: String? = nil,
        isMonospaced: Bool = false
    ) {
        self.kind = kind
        self.title = title
        self.path = path
        self.state = state
        self.word = word
        self.isMonospaced = isMonospaced
    }
}

/// Cards from left to right, each a link: how somebody comes by something, or where it breaks off.
func pathDiagram(_ nodes: [PathNode], label title: String) -> HTML {
    ol(.class("path"), .label(title)) {
        for node in nodes {
            li(.class("node \(node.state.rawValue)")) {
                small(node.kind)
                if let path = node.path {
                    link(node.title, to: path, .when(node.isMonospaced, .class("mono")))
                } else {
                    strong(node.title, .when(node.isMonospaced, .class("mono")))
                }
                if let word = node.word {
                    span(.class("node-word")) {
                        if node.state == .fits { Icon.tick }
                        if node.state == .misses { Icon.cross }
                        word
                    }
                }
            }
        }
    }
}

/// The verdict above it: a sign, a word, a sentence.
func verdict(isAllowed: Bool, word: String, sentence: String) -> HTML {
    div(.class(isAllowed ? "verdict yes" : "verdict no")) {
        isAllowed ? Icon.tick : Icon.cross
        strong(word)
        span(sentence)
    }
}
