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

/// On whose behalf a service method runs, and what the audit event will say of them.
public struct Caller: Sendable {
    public let realm: RealmID
    /// `nil` for somebody who has not signed in.
    public let principal: PrincipalReference?
    /// The session the call came with, reloaded inside every write.
    public let session: EntityID?
    public let assurance: Assurance?
    /// The client's address as text, already resolved past configured proxies; empty when there is none.
    public let address: String
    /// What the client calls itself (`User-Agent`), cut to 256 bytes.
    public let agent: String
    public let requestID: String

    public init(
        realm: RealmID, principal: PrincipalReference? = nil, session: EntityID? = nil, assurance: Assurance? = nil,
        address: String, agent: String = "", requestID: String
    ) {
        self.realm = realm
        self.principal = principal
        self.session = session
        self.assurance = assurance
        self.address = address
        self.agent = agent
        self.requestID = requestID
    }
}
