public import HTTPTypes
public import Hummingbird
public import Model
import NIOCore

/// An RFC 9457 problem as the contract fixes it; both surfaces derive status and words from it.
public struct Problem: Sendable {
    public let status: HTTPResponse.Status
    public let code: String
    public let title: String
    public let detail: String
    public let errors: [FieldError]
    /// `Retry-After`, `Allow`, `WWW-Authenticate`.
    public let headers: HTTPFields

    /// Unknown errors become 500 `internal_error` without their text.
    public init(_ error: any Error) {
        switch error {
        case let error as ServiceError: self.init(service: error)
        case let error as WebError: self.init(web: error)
        case is CancellationError: self.init(service: .unavailable(retryAfterSeconds: 1))
        default:
            self.init(
                .internalServerError, "internal_error", "Something went wrong",
                "The server met an error it did not expect. Its log names this request by the request id.")
        }
    }

    private init(
        _ status: HTTPResponse.Status, _ code: String, _ title: String, _ detail: String, errors: [FieldError] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }

    private init(service error: ServiceError) {
        let code = error.code
        switch error {
        case .malformed(let detail, let fields):
            self.init(.badRequest, code, "The request cannot be understood", detail, errors: fields)
        case .unauthenticated:
            self.init(
                .unauthorized, code, "Sign in first", "The call needs a session, and the token sent is missing, wrong or over.",
                headers: Self.challenge)
        case .invalidCredentials:
            self.init(
                .unauthorized, code, "That did not work",
                "The user name or the password is wrong, or the account cannot sign in.",
                headers: Self.challenge)
        case .forbidden(let permission):
            self.init(.forbidden, code, "Not allowed", "This needs the permission \(permission).")
        case .refused(let detail):
            self.init(.forbidden, code, "Not allowed", detail)
        case .notFound:
            self.init(.notFound, code, "Not found", "There is nothing here, or nothing that you may see.")
        case .conflict(let detail, let fields):
            self.init(.conflict, code, "Something is in the way", detail, errors: fields)
        case .preconditionFailed:
            self.init(
                .preconditionFailed, code, "It has changed meanwhile",
                "The version named by If-Match is not the current one. Read it again, then repeat the change.")
        case .invalid(let fields):
            self.init(.unprocessableContent, code, "Some fields need attention", "See errors for each field.", errors: fields)
        case .locked(let detail):
            self.init(HTTPResponse.Status(code: 423, reasonPhrase: "Locked"), code, "Closed at the moment", detail)
        case .rateLimited(let seconds):
            self.init(
                .tooManyRequests, code, "Too many attempts", "Try again in \(Self.seconds(seconds)).",
                headers: Self.retry(seconds))
        case .overloaded(let seconds):
            self.init(
                .serviceUnavailable, code, "Too busy at the moment", "Try again in \(Self.seconds(seconds)).",
                headers: Self.retry(seconds))
        case .unavailable(let seconds):
            self.init(
                .serviceUnavailable, code, "Not available at the moment", "Try again in \(Self.seconds(seconds)).",
                headers: Self.retry(seconds))
        case .storageFull:
            self.init(
                HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), code, "The disk is full",
                "Nothing was changed. Free space on the server's disk, then repeat the request.")
        }
    }

    private init(web error: WebError) {
        switch error {
        case .methodNotAllowed(let allow):
            let list = allow.joined(separator: ", ")
            self.init(
                .methodNotAllowed, "method_not_allowed", "Not with this method", "This address answers to \(list).",
                headers: [.allow: list])
        case .unsupportedMediaType(let wanted):
            self.init(
                .unsupportedMediaType, "unsupported_media_type", "Wrong content type", "Send the body as \(wanted).")
        case .tooLarge(let limit):
            self.init(.contentTooLarge, "too_large", "Too large", "The body may have at most \(limit) bytes.")
        case .forgedForm:
            self.init(
                .forbidden, "forbidden", "This form is out of date",
                "The form was not sent from a current page of this server. Open the page again and repeat.")
        case .bodyTimedOut:
            self.init(.requestTimeout, "timeout", "Too slow", "The body did not arrive in time.")
        }
    }

    /// `application/problem+json` with `type title status detail code requestId` and `errors`.
    public func response(requestID: String) -> Response {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("type", "urn:gatehouse:problem:" + code)
            writer.member("title", title)
            writer.member("status", Int(status.code))
            writer.member("detail", detail)
            writer.member("code", code)
            writer.member("requestId", requestID)
            if !errors.isEmpty {
                writer.name("errors")
                writer.array { writer in
                    for error in errors {
                        writer.object { writer in
                            writer.member("field", error.field)
                            writer.member("code", error.code)
                            writer.member("message", error.message)
                        }
                    }
                }
            }
        }
        var fields = HTTPFields.problem
        for field in headers { fields[field.name] = field.value }
        return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    private static let challenge: HTTPFields = [.wwwAuthenticate: "Bearer realm=\"main\""]

    private static func retry(_ seconds: Int) -> HTTPFields { [.retryAfter: String(max(1, seconds))] }

    private static func seconds(_ count: Int) -> String { count <= 1 ? "one second" : "\(count) seconds" }
}
