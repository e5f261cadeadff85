import Crypto
import HTTPTypes
public import Hummingbird
import Model
import Synchronization

/// Tokens against forged forms.
extension Call {
    /// For the hidden field `csrf` of every form. With a session derived from it; without one bound to a cookie that `withFormCookie` sets.
    public var csrfToken: String {
        if authenticated != nil, let token { return Self.derive(from: token, purpose: "gatehouse console form") }
        return Self.derive(from: formSecret, purpose: "gatehouse anonymous form")
    }

    /// Adds the cookie that anonymous forms (sign-in, setup) need.
    public func withFormCookie(_ response: Response) -> Response {
        var response = response
        response.headers.append(
            HTTPField(
                name: .setCookie,
                value: ConsoleCookie.header(
                    ConsoleCookie.form(realm: realm, secure: isSecure), formSecret, secure: isSecure)))
        return response
    }

    /// Throws `forgedForm` unless `form` carries the right token and `Origin`/`Sec-Fetch-Site`, when sent, are ours.
    public func checkForgery(_ form: FormFields) throws {
        guard let sent = form["csrf"], constantTimeEqual(Array(sent.utf8), Array(csrfToken.utf8)) else {
            throw WebError.forgedForm
        }
        // A browser's own word on who sent the form. `none` is the person themselves (a reload, a restored tab).
        if let site = request.headers[.secFetchSite], site != "same-origin", site != "none" { throw WebError.forgedForm }
        // Pages with `Referrer-Policy: no-referrer` send `null` even to themselves (Fetch, "append a request Origin header").
        if let origin = request.headers[.origin], origin != "null", !isOurOrigin(origin) { throw WebError.forgedForm }
    }

    /// The public URL's origin, or the very authority this request was sent to (so that `localhost` works beside `127.0.0.1`).
    private func isOurOrigin(_ origin: String) -> Bool {
        if origin.utf8.elementsEqual(publicURL.utf8) { return true }
        guard let authority = request.head.authority else { return false }
        return origin.utf8.elementsEqual(((isSecure ? "https://" : "http://") + authority).utf8)
    }

    /// The secret in the visitor's form cookie, or a new one for this call.
    private var formSecret: String {
        state.formSecret.withLock { secret in
            if let secret { return secret }
            let sent = ConsoleCookie.value(ConsoleCookie.form(realm: realm, secure: isSecure), in: request)
            if let sent, sent.utf8.count == 43, Base64URL.decode(sent) != nil {
                secret = sent
                return sent
            }
            let made = Base64URL.encode(randomBytes(32))
            secret = made
            return made
        }
    }

    private static func derive(from secret: String, purpose: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(purpose.utf8), using: SymmetricKey(data: Array(secret.utf8)))
        return Base64URL.encode(Array(code))
    }
}

/// Compares without telling by its time where the first difference lies.
func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (one, other) in zip(left, right) { difference |= one ^ other }
    return difference == 0
}
