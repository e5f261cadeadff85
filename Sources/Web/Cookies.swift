public import Authentication
import HTTPTypes
import Hummingbird
import Model

/// The names of the console's cookies.
///
/// Over TLS the `__Host-` prefix keeps them from other hosts and from plain HTTP. On plain loopback, where browsers refuse that
/// prefix, the name is another one, so that the two can never be taken for each other.
enum ConsoleCookie {
    static func session(realm: RealmID, secure: Bool) -> String {
        secure ? "__Host-gatehouse-\(realm.text)" : "gatehouse-\(realm.text)-plain"
    }

    static func form(realm: RealmID, secure: Bool) -> String {
        secure ? "__Host-gatehouse-\(realm.text)-form" : "gatehouse-\(realm.text)-form-plain"
    }

    /// The `Set-Cookie` value; `maxAge` in seconds, `nil` until the browser closes.
    static func header(_ name: String, _ value: String, secure: Bool, maxAge: Int? = nil) -> String {
        var text = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax"
        if secure { text += "; Secure" }
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        return text
    }

    /// The value of the first cookie of that name; `nil` when absent or longer than any of ours.
    static func value(_ name: String, in request: Request) -> String? {
        for field in request.headers where field.name == .cookie {
            for pair in field.value.split(separator: ";") {
                let pair = pair.trimmingSpaces()
                guard let equals = pair.firstIndex(of: "="), pair[..<equals].utf8.elementsEqual(name.utf8) else { continue }
                let value = pair[pair.index(after: equals)...]
                return value.isEmpty || value.utf8.count > 512 ? nil : String(value)
            }
        }
        return nil
    }
}

/// The console's cookies.
extension Call {
    /// Over TLS `__Host-gatehouse-REALM`, on plain loopback `gatehouse-REALM-plain`; HttpOnly, SameSite=Lax, path /.
    public func sessionCookie(_ issued: IssuedSession) -> String {
        ConsoleCookie.header(ConsoleCookie.session(realm: realm, secure: isSecure), issued.token, secure: isSecure)
    }

    /// Makes the browser forget the session.
    public func clearedSessionCookie() -> String {
        ConsoleCookie.header(ConsoleCookie.session(realm: realm, secure: isSecure), "", secure: isSecure, maxAge: 0)
    }
}
