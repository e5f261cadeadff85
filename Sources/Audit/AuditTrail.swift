import Crypto
public import Model
public import Storage

/// Writes events into the transaction of the change they describe.
public struct AuditTrail: Sendable {
    /// What a service knows of an event; the rest comes from the caller and the clock.
    public struct Entry: Sendable {
        public var actor: AuditEvent.Party?
        public var action: String
        public var target: AuditEvent.Party?
        public var outcome: AuditEvent.Outcome
        public var detail: String?
        public var changes: [AuditEvent.FieldChange]

        public init(
            actor: AuditEvent.Party?, action: String, target: AuditEvent.Party?, outcome: AuditEvent.Outcome = .success,
            detail: String? = nil, changes: [AuditEvent.FieldChange] = []
        ) {
            self.actor = actor
            self.action = action
            self.target = target
            self.outcome = outcome
            self.detail = detail
            self.changes = changes
        }
    }

    private let clock: any WallClock
    private static let parts = RowInsert(
        "INSERT INTO audit_personal (realm_id, event_id, part, subject_id, salt, body) VALUES", width: 6)

    public init(clock: any WallClock) {
        self.clock = clock
    }

    /// Appends one event. With one writer it is numbered and chained here; with many a sealer does it later.
    @discardableResult
    public func append(_ entry: Entry, caller: Caller, on connection: any Connection) throws -> EntityID {
        let now = clock.now()
        let id = EntityID.make(at: now)
        let actorPart = PersonalPart(
            part: "actor", subject: entry.actor?.id ?? "",
            body: Self.body(name: entry.actor?.name, address: caller.address, changes: []))
        let targetPart = entry.target.map { target in
            PersonalPart(
                part: "target", subject: target.id, body: Self.body(name: target.name, address: nil, changes: entry.changes))
        }
        var row = ChainedRow(
            position: 0, id: id.text, time: now.milliseconds, actorKind: entry.actor?.kind ?? "", actorID: entry.actor?.id ?? "",
            action: entry.action, targetKind: entry.target?.kind ?? "", targetID: entry.target?.id ?? "",
            outcome: entry.outcome.rawValue, detail: entry.detail ?? "", requestID: caller.requestID,
            actorCommitment: actorPart.commitment, targetCommitment: targetPart?.commitment ?? "")
        var hash = ""
        if connection.dialect.numbersInline {
            let head = try AuditChain.head(realm: caller.realm, on: connection)
            row.position = head.position + 1
            hash = AuditChain.hash(of: row, after: head.hash)
        }
        try insert(row, hash: hash, realm: caller.realm, on: connection)
        let parts = [actorPart, targetPart].compactMap { $0 }
        try Self.parts.run(
            parts.flatMap { part -> [SQLValue] in
                [
                    .text(caller.realm.text), .text(id.text), .text(part.part), .text(part.subject), .text(part.salt),
                    .text(part.body),
                ]
            }, on: connection)
        return id
    }

    private func insert(_ row: ChainedRow, hash: String, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                """
                INSERT INTO audit_event (realm_id, id, position, time, actor_kind, actor_id, action, target_kind, target_id,
                    outcome, detail, request_id, actor_commitment, target_commitment, hash)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                """,
                [
                    .text(realm.text), .text(row.id), row.position == 0 ? .null : .integer(row.position), .integer(row.time),
                    .text(row.actorKind), .text(row.actorID), .text(row.action), .text(row.targetKind), .text(row.targetID),
                    .text(row.outcome), .text(row.detail), .text(row.requestID), .text(row.actorCommitment),
                    .text(row.targetCommitment), .text(hash),
                ]))
    }

    private static func body(name: String?, address: String?, changes: [AuditEvent.FieldChange]) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            if let name { writer.member("name", name) }
            if let address, !address.isEmpty { writer.member("address", address) }
            if !changes.isEmpty {
                writer.name("changes")
                writer.array { writer in
                    for change in changes {
                        writer.object { writer in
                            writer.member("field", change.field)
                            writer.member("old", change.old)
                            writer.member("new", change.new)
                        }
                    }
                }
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// What an event says of one person, erasable, with the salt that makes its commitment unguessable.
struct PersonalPart {
    let part: String
    let subject: String
    let salt: String
    let body: String

    init(part: String, subject: String, body: String) {
        self.part = part
        self.subject = subject
        self.body = body
        salt = Base64URL.encode(randomBytes(16))
    }

    var commitment: String { Self.commitment(part: part, subject: subject, salt: salt, body: body) }

    static func commitment(part: String, subject: String, salt: String, body: String) -> String {
        var writer = JSONWriter()
        writer.array { writer in
            for text in [salt, part, subject, body] { writer.string(text) }
        }
        return hexadecimal(SHA256.hash(data: writer.bytes))
    }
}
