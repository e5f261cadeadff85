/// Allow or deny, with every permission that led to it.
public struct Decision: Sendable {
    public let isAllowed: Bool
    public let reasons: [Reason]

    public init(isAllowed: Bool, reasons: [Reason]) {
        self.isAllowed = isAllowed
        self.reasons = reasons
    }
}

/// A permission that spoke about the question, and the way it came to the subject.
public struct Reason: Sendable {
    /// One step of the way: a principal, a group or a role.
    public struct Step: Sendable, Hashable {
        public let kind: String
        public let id: String
        public let name: String

        public init(kind: String, id: String, name: String) {
            self.kind = kind
            self.id = id
            self.name = name
        }
    }

    public let permission: Permission
    public let grant: Grant
    /// The role assigned; `nil` for an authorization.
    public let role: String?
    /// From the principal through groups and roles.
    public let path: [Step]
}
