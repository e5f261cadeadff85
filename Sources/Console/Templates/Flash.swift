import Crypto
import HTTPTypes
import Hummingbird
import Model
import Web

/// One sentence about what was just done, carried over the redirect in a cookie and shown once as a toast.
///
/// Signed with the session's form token: nobody else who can set a cookie for this host puts words into our mouth.
struct Flash: Sendable {
    enum Tone: String, Sendable {
        case good, warn, bad
    }

    let tone: Tone
    let text: String

    static func good(_ text: String) -> Flash { Flash(tone: .good, text: text) }
    static func warn(_ text: String) -> Flash { Flash(tone: .warn, text: text) }
    static func bad(_ text: String) -> Flash { Flash(tone: .bad, text: text) }

    fileprivate func sealed(with key: String) -> String {
        let body = Base64URL.encode(Array((tone.rawValue + ":" + text).utf8.prefix(1024)))
        return body + "." + Self.mark(of: body, key: key)
    }

    fileprivate init?(sealed value: String, key: String) {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let mark = Base64URL.decode(parts[1]), let bytes = Base64URL.decode(parts[0]),
            HMAC<SHA256>.isValidAuthenticationCode(
                mark, authenticating: Array(parts[0].utf8), using: SymmetricKey(data: Array(key.utf8)))
        else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":"), let tone = Tone(rawValue: String(text[..<colon])) else { return nil }
        self.init(tone: tone, text: String(text[text.index(after: colon)...]))
    }

    private init(tone: Tone, text: String) {
        self.tone = tone
        self.text = text
    }

    private static func mark(of body: String, key: String) -> String {
        Base64URL.encode(
            Array(HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: SymmetricKey(data: Array(key.utf8)))))
    }
}

/// The viewer's choice of colours, kept in a cookie so that the first paint is right.
enum Theme: String, Sendable, CaseIterable {
    case light, dark, system
}

extension Call {
    /// Post, redirect, get: leads to a page of ours, which says `flash` once.
    func redirect(to path: Path, flash: Flash? = nil) -> Response {
        var response = Response.seeOther(path.text)
        if let flash {
            response.setCookie(PlainCookie("flash", isSecure: isSecure), flash.sealed(with: csrfToken), maximumAge: 60)
        }
        return response
    }

    /// What the page before wanted said; `clearingFlash` makes it go away.
    var flash: Flash? {
        guard let value = request.cookies[PlainCookie("flash", isSecure: isSecure).name]?.value else { return nil }
        return Flash(sealed: value, key: csrfToken)
    }

    func clearingFlash(_ response: Response) -> Response {
        let cookie = PlainCookie("flash", isSecure: isSecure)
        guard request.cookies[cookie.name] != nil else { return response }
        var response = response
        response.setCookie(cookie, "", maximumAge: 0)
        return response
    }

    var theme: Theme { request.theme(isSecure: isSecure) }

    /// Remembers the choice for a year.
    func remembering(_ theme: Theme, _ response: Response) -> Response {
        var response = response
        response.setCookie(
            PlainCookie("theme", isSecure: isSecure), theme.rawValue, maximumAge: theme == .system ? 0 : 31_536_000)
        return response
    }
}

extension Request {
    func theme(isSecure: Bool) -> Theme {
        cookies[PlainCookie("theme", isSecure: isSecure).name].flatMap { Theme(rawValue: $0.value) } ?? .system
    }
}

/// A cookie that holds nothing secret, named apart over TLS and on plain loopback like the session's.
private struct PlainCookie {
    let name: String
    let isSecure: Bool

    init(_ name: String, isSecure: Bool) {
        self.name = isSecure ? "__Host-gatehouse-\(name)" : "gatehouse-\(name)-plain"
        self.isSecure = isSecure
    }
}

extension Response {
    fileprivate mutating func setCookie(_ cookie: PlainCookie, _ value: String, maximumAge: Int) {
        let secure = cookie.isSecure ? "; Secure" : ""
        let text = "\(cookie.name)=\(value); Path=/; Max-Age=\(maximumAge); HttpOnly; SameSite=Lax\(secure)"
        headers.append(HTTPField(name: .setCookie, value: text))
    }
}
