import Hummingbird
import Web

/// `/help`: what to know about the console itself.
struct HelpPages: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/help") { try await page($0) }]
    }

    private func page(_ call: Call) async throws -> Response {
        let head = PageHead(Texts.Help.title, sentence: Texts.Help.sentence, entry: .help)
        return try await services.page(call, head) {
            div(.class("prose")) {
                for topic in Texts.Help.topics {
                    h2(topic.title)
                    for paragraph in topic.paragraphs { p(paragraph) }
                }
                h2(Texts.Help.keyboard)
            }
            keyValues {
                fact(Texts.Help.keySearch) {
                    kbd("/")
                    " "
                    kbd("Ctrl K")
                }
                fact(Texts.Help.keyClose) { kbd("Esc") }
            }
            div(.class("prose")) {
                h2(Texts.Help.more)
                ul {
                    li { link(Texts.Help.api, to: call.to("/help/api")) }
                    li { link(Texts.Help.parts, to: call.to("/help/parts")) }
                }
            }
        }
    }
}
