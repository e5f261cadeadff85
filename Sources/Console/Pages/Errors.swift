import HTTPTypes
import Hummingbird
import Model
import Web

/// Errors as pages: what happened, what to do, and the request id that finds it in the log.
enum ErrorPages {
    static func render(_ error: any Error, _ context: ErrorContext) -> Response {
        let problem = Problem(error)
        if problem.status == .unauthorized { return .seeOther(signIn(context).text) }
        let isForged = (error as? WebError) == .forgedForm
        let words = Texts.Errors.page(code: isForged ? "forged_form" : problem.code, detail: problem.detail)
        let home = Path.home(of: context.realm)
        // Anonymous or not, the frame's own data may be what failed: an error page depends on nothing.
        let html = Frame.bare(
            title: words.title, theme: context.request.theme(isSecure: context.call?.isSecure ?? false),
            switcher: context.call.flatMap { $0.authenticated == nil ? nil : Frame.themeSwitch($0) },
            content: HTML {
                section(.class("card plain")) {
                    p(String(problem.status.code), .class("error-code"))
                    h1(words.title)
                    p(words.sentence)
                    if !problem.errors.isEmpty {
                        ul { for error in problem.errors { li(error.message) } }
                    }
                    buttonRow { linkButton(Texts.Errors.home, to: home, .primary) }
                    p(.class("hint")) {
                        Texts.Errors.request + " "
                        code(context.requestID)
                    }
                }
            })
        var response = Response.html(problem.status, html.bytes)
        for field in problem.headers { response.headers[field.name] = field.value }
        return response
    }

    /// The sign-in page, which leads back to where somebody wanted to go. Only a page that was read can be returned to.
    private static func signIn(_ context: ErrorContext) -> Path {
        let page = Path.signIn(of: context.realm)
        guard context.request.method == .get, let wanted = Path(returning: context.request.uri.string),
            wanted != Path.home(of: context.realm)
        else { return page }
        return page.query("next", wanted.text)
    }
}
