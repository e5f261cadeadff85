/// May this subject do this action on this resource, at this time? A class, so that deciding copies one reference.
public final class Question: Sendable {
    /// What whoever asks says of the four parts; what is stored wins over it, key by key.
    public struct Claims: Sendable {
        public var subject: [String: AttributeValue]
        public var action: [String: AttributeValue]
        public var resource: [String: AttributeValue]
        public var context: [String: AttributeValue]

        public init(
            subject: [String: AttributeValue] = [:], action: [String: AttributeValue] = [:],
            resource: [String: AttributeValue] = [:], context: [String: AttributeValue] = [:]
        ) {
            self.subject = subject
            self.action = action
            self.resource = resource
            self.context = context
        }

        public static let none = Claims()
    }

    public let subject: Subject
    public let action: String
    public let resourceType: String
    /// `nil` asks about the type as a whole (creating): only what reaches the whole realm answers that.
    public let resourceID: String?
    /// Milliseconds since 1970; the server's clock, never the client's.
    public let time: Int64
    public let claims: Claims

    public init(
        subject: Subject, action: String, resourceType: String, resourceID: String?, time: Int64, claims: Claims = .none
    ) {
        self.subject = subject
        self.action = action
        self.resourceType = resourceType
        self.resourceID = resourceID
        self.time = time
        self.claims = claims
    }
}
