import Hummingbird
import Web

/// `/theme`: keeps the choice of colours and leads back.
struct ThemePages: ConsolePages {
    init(services: ConsoleServices) {}

    var routes: [Route] {
        [Route(.post, "/theme", access: .everybody) { try await Self.choose($0) }]
    }

    private static func choose(_ call: Call) async throws -> Response {
        let form = try await call.form()
        try call.checkForgery(form)
        let theme = form["theme"].flatMap(Theme.init(rawValue:)) ?? .system
        return call.remembering(theme, call.redirect(to: Path(returning: form["back"]) ?? call.to("/")))
    }
}
