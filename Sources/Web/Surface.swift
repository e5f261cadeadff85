public import Hummingbird
public import Model

/// A group of routes that authenticate and fail alike.
public struct Surface: Sendable {
    public enum Credentials: Sendable {
        /// `Authorization: Bearer`.
        case bearer
        /// The console's cookie.
        case cookie
        case none
    }

    public let name: String
    /// Paths of this surface begin with it (`/api/v1`); the one with the longest match gets the 404s and 405s. The console has "".
    public let prefix: String
    public let credentials: Credentials
    public let routes: [Route]
    /// Whether `X-Request-ID` comes back whatever it holds, as a standard may demand. Logs and problems have a name of ours then.
    public let echoesAnyRequestID: Bool
    /// Turns any error into this surface's answer. `call` is `nil` when routing failed.
    public let renderError: @Sendable (any Error, ErrorContext) -> Response

    public init(
        name: String, prefix: String, credentials: Credentials, routes: [Route],
        echoesAnyRequestID: Bool = false, renderError: @escaping @Sendable (any Error, ErrorContext) -> Response
    ) {
        self.name = name
        self.prefix = prefix
        self.credentials = credentials
        self.routes = routes
        self.echoesAnyRequestID = echoesAnyRequestID
        self.renderError = renderError
    }
}

/// What is known where an error is rendered.
public struct ErrorContext: Sendable {
    public let requestID: String
    public let request: Request
    public let realm: RealmID
    /// The call, anonymous when nobody was signed in; `nil` when routing failed.
    public let call: Call?

    public init(requestID: String, request: Request, realm: RealmID, call: Call?) {
        self.requestID = requestID
        self.request = request
        self.realm = realm
        self.call = call
    }
}

/// Errors that only HTTP knows; everything else is `ServiceError`.
public enum WebError: Error, Sendable, Hashable {
    case methodNotAllowed(allow: [String])
    case unsupportedMediaType(String)
    case tooLarge(limit: Int)
    /// The form was not sent from our own page (missing or wrong CSRF token, foreign origin).
    case forgedForm
    /// The body did not arrive within the time a request may take to arrive.
    case bodyTimedOut
}
