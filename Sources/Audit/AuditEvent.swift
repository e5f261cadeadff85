public import Model

/// One line of the append-only record.
public struct AuditEvent: Sendable {
    /// Somebody or something an event names: `user` and its id, with the name it had then (`nil` once erased).
    public struct Party: Sendable, Hashable {
        public let kind: String
        public let id: String
        public let name: String?

        public init(kind: String, id: String, name: String?) {
            self.kind = kind
            self.id = id
            self.name = name
        }
    }

    /// A changed field with its values before and after; secrets are never here.
    public struct FieldChange: Sendable, Hashable {
        public let field: String
        public let old: JSONValue
        public let new: JSONValue

        public init(field: String, old: JSONValue, new: JSONValue) {
            self.field = field
            self.old = old
            self.new = new
        }
    }

    public enum Outcome: String, Sendable {
        case success, failure
    }

    public let id: EntityID
    public let time: Timestamp
    public let realm: RealmID
    /// `nil` for somebody unknown.
    public let actor: Party?
    /// Such as `user.create`, `session.create`, `user.password.set`.
    public let action: String
    public let target: Party?
    public let outcome: Outcome
    /// Why it failed, or how often it happened; `nil` when there is nothing to add.
    public let detail: String?
    public let address: String
    public let requestID: String
    public let changes: [FieldChange]

    public init(
        id: EntityID, time: Timestamp, realm: RealmID, actor: Party?, action: String, target: Party?, outcome: Outcome,
        detail: String?, address: String, requestID: String, changes: [FieldChange]
    ) {
        self.id = id
        self.time = time
        self.realm = realm
        self.actor = actor
        self.action = action
        self.target = target
        self.outcome = outcome
        self.detail = detail
        self.address = address
        self.requestID = requestID
        self.changes = changes
    }
}

/// What a walk over the chain found.
public struct AuditVerification: Sendable {
    /// The first place where the record is not what was written.
    public struct Break: Sendable, Hashable {
        public let position: Int64
        /// The event there, when there still is one.
        public let event: EntityID?
        public let reason: String
    }

    public let intact: Bool
    public let events: Int64
    /// The end of the chain, `POSITION:HASH`; keep it, and give it back later to show that nothing was cut off since.
    public let head: String
    /// Events written but not yet in the chain.
    public let unsealed: Int64
    public let firstBreak: Break?
}
