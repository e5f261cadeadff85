public import Model

/// Proof of a sign-in, revocable at once.
public struct Session: Sendable, Hashable {
    public let id: EntityID
    public let principal: PrincipalReference
    public let createdAt: Timestamp
    /// At most a minute behind.
    public let lastSeenAt: Timestamp
    /// When it ends if nothing is done with it; never later than the absolute limit.
    public let expiresAt: Timestamp
    public let address: String
    public let agent: String
    public let assurance: Assurance

    public init(
        id: EntityID, principal: PrincipalReference, createdAt: Timestamp, lastSeenAt: Timestamp, expiresAt: Timestamp,
        address: String, agent: String, assurance: Assurance
    ) {
        self.id = id
        self.principal = principal
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
        self.address = address
        self.agent = agent
        self.assurance = assurance
    }
}

/// A new session with its token, which is shown only here.
public struct IssuedSession: Sendable {
    /// `ghs_` and 256 random bits.
    public let token: String
    public let session: Session

    public init(token: String, session: Session) {
        self.token = token
        self.session = session
    }
}

/// What a sign-in came to.
public enum SignInOutcome: Sendable {
    case session(IssuedSession)
    /// More is needed; `token` goes to `answer`. Methods: `new_password`.
    case challenge(token: String, methods: [String])
}
