public import HTTPTypes
public import Hummingbird

/// A route: what the table, the live-route test, the metrics and the contract all read.
public struct Route: Sendable {
    public enum Access: Sendable {
        /// Answers without a session.
        case everybody
        /// 401 (or the sign-in page) without one.
        case authenticated
    }
    public typealias Handler = @Sendable (Call) async throws -> Response

    public let method: HTTPRequest.Method
    /// As in the contract: `/api/v1/users/{id}`. Also answers below `/realms/{realm}`.
    public let path: String
    public let access: Access
    public let handler: Handler

    public init(
        _ method: HTTPRequest.Method, _ path: String, access: Access = .authenticated, handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.handler = handler
    }
}
