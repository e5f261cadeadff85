/// The name of a realm: an isolated world with its own principals, roles, keys and settings.
public struct RealmID: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public var description: String { text }

    public init(_ text: String) {
        self.text = text
    }

    /// The realm every installation starts with.
    public static let main = RealmID("main")
}

/// The kinds of principal, as `PrincipalReference` and the tables name them.
public enum PrincipalKind: String, Sendable, CaseIterable {
    case user, service, device
    /// A set of principals: it can be granted something, but never be who calls.
    case group
}

/// Whoever can be granted something, by kind and id.
public struct PrincipalReference: Hashable, Sendable {
    public let kind: PrincipalKind
    public let id: EntityID

    public init(kind: PrincipalKind, id: EntityID) {
        self.kind = kind
        self.id = id
    }

    public static func user(_ id: EntityID) -> PrincipalReference {
        PrincipalReference(kind: .user, id: id)
    }
}

/// What was proved at sign-in, and when.
public struct Assurance: Hashable, Sendable {
    /// Authentication method references, the values of RFC 8176: `pwd` and later `otp`, `hwk` and others.
    public let methods: [String]
    public let authenticatedAt: Timestamp

    public init(methods: [String], authenticatedAt: Timestamp) {
        self.methods = methods
        self.authenticatedAt = authenticatedAt
    }
}

/// What narrows a caller below what its principal may do: the permissions written into an API token. The room of grants knows
/// what is in it; what it does not know allows nothing.
public protocol CallerLimits: Sendable {}

/// On whose behalf a service method runs, and what the audit event will say of them.
public struct Caller: Sendable {
    public let realm: RealmID
    /// `nil` for somebody who has not signed in.
    public let principal: PrincipalReference?
    /// The session the call came with, reloaded inside every write.
    public let session: EntityID?
    /// The API token the call came with instead, reloaded inside every write.
    public let token: EntityID?
    /// What the token is narrowed to; `nil`: everything its principal may do.
    public let limits: (any CallerLimits)?
    public let assurance: Assurance?
    /// The client's address as text, already resolved past configured proxies; empty when there is none.
    public let address: String
    /// What the client calls itself (`User-Agent`), cut to 256 bytes.
    public let agent: String
    public let requestID: String

    public init(
        realm: RealmID, principal: PrincipalReference? = nil, session: EntityID? = nil, token: EntityID? = nil,
        limits: (any CallerLimits)? = nil, assurance: Assurance? = nil, address: String, agent: String = "", requestID: String
    ) {
        self.realm = realm
        self.principal = principal
        self.session = session
        self.token = token
        self.limits = limits
        self.assurance = assurance
        self.address = address
        self.agent = agent
        self.requestID = requestID
    }
}
