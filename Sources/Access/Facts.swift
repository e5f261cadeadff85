/// Whoever can be granted something, by kind (`user service device group`) and id.
public struct Subject: Sendable, Hashable {
    public let kind: String
    public let id: String

    public init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }

    public static let groupKind = "group"
}

/// What is stored about a user, a service or a device.
public final class PrincipalFacts: Sendable {
    public let subject: Subject
    /// The user name, or the service's name.
    public let name: String
    /// Whoever is not active may do nothing.
    public let isActive: Bool
    /// Ids of the groups it is itself a member of.
    public let groups: [String]
    public let attributes: [String: AttributeValue]
    public let organization: String?
    public let holdings: Holdings
    /// `groups` once more, ready to be looked up.
    let groupKeys: [IDKey]

    public init(
        subject: Subject, name: String, isActive: Bool = true, groups: [String] = [],
        attributes: [String: AttributeValue] = [:], organization: String? = nil, holdings: Holdings = .none
    ) {
        self.subject = subject
        self.name = name
        self.isActive = isActive
        self.groups = groups
        self.attributes = attributes
        self.organization = organization
        self.holdings = holdings
        groupKeys = groups.map(IDKey.init)
    }
}

/// What is stored about a group.
public final class GroupFacts: Sendable {
    public let id: String
    public let name: String
    /// Ids of the groups it is itself a member of.
    public let groups: [String]
    public let holdings: Holdings
    let key: IDKey
    /// `groups` once more, ready to be looked up.
    let groupKeys: [IDKey]

    public init(id: String, name: String, groups: [String] = [], holdings: Holdings = .none) {
        self.id = id
        self.name = name
        self.groups = groups
        self.holdings = holdings
        key = IDKey(id)
        groupKeys = groups.map(IDKey.init)
    }
}

/// What is stored about one registered resource of the runtime plane.
public final class ResourceFacts: Sendable {
    public let organization: String?
    public let properties: [String: AttributeValue]

    public init(organization: String? = nil, properties: [String: AttributeValue] = [:]) {
        self.organization = organization
        self.properties = properties
    }
}

/// Where the engine reads what is stored: a snapshot in memory, or a transaction (which can fail).
public protocol AccessFacts {
    associatedtype Failure: Error

    func principal(_ subject: Subject) throws(Failure) -> PrincipalFacts?
    func group(_ id: String) throws(Failure) -> GroupFacts?
    func role(_ id: String) throws(Failure) -> ExpandedRole?
    func resourceType(_ id: String) throws(Failure) -> ResourceType?
    func resource(type: String, id: String) throws(Failure) -> ResourceFacts?

    /// As `group(_:)`, for where keys are at hand; without an implementation of its own it asks that.
    func group(_ key: IDKey) throws(Failure) -> GroupFacts?
    /// As `role(_:)`.
    func role(_ key: IDKey) throws(Failure) -> ExpandedRole?
}

extension AccessFacts {
    public func group(_ key: IDKey) throws(Failure) -> GroupFacts? { try group(key.text) }
    public func role(_ key: IDKey) throws(Failure) -> ExpandedRole? { try role(key.text) }
}
