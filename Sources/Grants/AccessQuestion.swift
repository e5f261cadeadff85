public import Access
public import Model

/// A question as applications put it: the subject by its kind and its id or user name.
public struct AccessQuestion: Sendable {
    /// `user`, `service` or `device`; nobody is of another type.
    public var subjectType: String
    /// The id, or the user name in any case.
    public var subject: String
    public var action: String
    public var resourceType: String
    public var resource: String
    /// The properties of the four parts; what is stored wins over them, key by key.
    public var claims: Question.Claims

    public init(
        subjectType: String, subject: String, action: String, resourceType: String, resource: String,
        claims: Question.Claims = .none
    ) {
        self.subjectType = subjectType
        self.subject = subject
        self.action = action
        self.resourceType = resourceType
        self.resource = resource
        self.claims = claims
    }

    /// With the properties as JSON. Members of nested objects get dotted names: `address.city`.
    public init(
        subjectType: String, subject: String, subjectProperties: JSONObject = JSONObject(), action: String,
        actionProperties: JSONObject = JSONObject(), resourceType: String, resource: String,
        resourceProperties: JSONObject = JSONObject(), context: JSONObject = JSONObject()
    ) {
        self.init(
            subjectType: subjectType, subject: subject, action: action, resourceType: resourceType, resource: resource,
            claims: Question.Claims(
                subject: AttributeValue.attributes(subjectProperties), action: AttributeValue.attributes(actionProperties),
                resource: AttributeValue.attributes(resourceProperties), context: AttributeValue.attributes(context)))
    }
}

/// What was decided, and from which revision of the data.
public struct AccessAnswer: Sendable {
    public let verdict: Verdict
    public let revision: Revision

    public var isAllowed: Bool { verdict.isAllowed }
    /// Why not, for a log; `nil` when it is allowed.
    public var reason: String? { isAllowed ? nil : verdict.reason }
}

extension Verdict {
    /// One sentence for whoever asked.
    public var reason: String {
        switch self {
        case .allowed: "A permission of the subject allows this."
        case .denied: "A permission of the subject denies this."
        case .notAllowed: "No permission of the subject allows this."
        case .unknownSubject: "There is no such subject."
        case .inactiveSubject: "The subject is not active."
        case .unknownType: "There is no such resource type."
        case .unknownAction: "The resource type has no such action."
        case .refusedName: "This can never be the id of a resource of its type."
        }
    }
}
