/// One field that breaks a rule: the JSON name (dotted when nested), a code for programs, a sentence for people.
public struct FieldError: Sendable, Hashable {
    public let field: String
    public let code: String
    public let message: String

    public init(field: String, code: String, message: String) {
        self.field = field
        self.code = code
        self.message = message
    }
}

/// Everything a service may refuse with. Surfaces translate a case to their protocol; `code` is the name all of them share.
public enum ServiceError: Error, Sendable, Hashable {
    /// The request cannot be understood: bad filter, sort, cursor, wrong type, unknown field.
    case malformed(String, fields: [FieldError] = [])
    /// Nobody is signed in, or the session is over.
    case unauthenticated
    /// Wrong name, wrong password, disabled and locked all look alike.
    case invalidCredentials
    /// The caller may see the object but lacks `permission` (such as `user:create`).
    case forbidden(permission: String)
    /// Refused for a reason that is no missing permission (setup already done, wrong setup token).
    case refused(String)
    /// Absent, or invisible to the caller.
    case notFound
    /// In the way: the name is taken, the last owner.
    case conflict(String, fields: [FieldError] = [])
    /// `If-Match` is stale.
    case preconditionFailed
    /// Well formed, but these fields break rules.
    case invalid([FieldError])
    case locked(String)
    case rateLimited(retryAfterSeconds: Int)
    case overloaded(retryAfterSeconds: Int)
    case unavailable(retryAfterSeconds: Int)
    case storageFull

    public var code: String {
        switch self {
        case .malformed: "malformed"
        case .unauthenticated: "unauthenticated"
        case .invalidCredentials: "invalid_credentials"
        case .forbidden, .refused: "forbidden"
        case .notFound: "not_found"
        case .conflict: "conflict"
        case .preconditionFailed: "precondition_failed"
        case .invalid: "invalid"
        case .locked: "locked"
        case .rateLimited: "rate_limited"
        case .overloaded: "overloaded"
        case .unavailable: "unavailable"
        case .storageFull: "storage_full"
        }
    }
}
