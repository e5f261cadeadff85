import Crypto
public import Model
public import Storage

/// Walks the chain and says where it first breaks.
public struct AuditVerifier: Sendable {
    private let seals: AuditSealer

    public init(seals: AuditSealer) {
        self.seals = seals
    }

    /// - Parameter head: an earlier `AuditVerification.head`; it must still be part of the chain.
    /// - Throws: `ServiceError.malformed` when `head` is not one.
    public func verify(realm: RealmID, since head: String?, on connection: any Connection) throws -> AuditVerification {
        var expected: AuditChain.Head?
        if let head {
            guard let parsed = AuditChain.Head(text: head) else {
                throw ServiceError.malformed("\"head\" is not a head that an earlier verification gave.")
            }
            expected = parsed
        }
        var walk = Walk(realm: realm, seals: seals, expected: expected)
        try connection.each(Self.query(realm)) { row in
            walk.step(row)
            return walk.firstBreak == nil
        }
        if walk.firstBreak == nil { walk.finish(lastSeal: try seals.last(realm: realm, on: connection)) }
        let unsealed = try connection.first(
            Statement("SELECT COUNT(*) FROM audit_event WHERE realm_id = $1 AND position IS NULL", [.text(realm.text)])
        ) { $0.integer(0) }
        if walk.firstBreak == nil, connection.dialect.numbersInline, let unsealed, unsealed > 0 {
            // With one writer every event has its place from the start.
            walk.firstBreak = .init(
                position: walk.head.position + 1, event: nil, reason: "\(unsealed) events have no place in the record")
        }
        return AuditVerification(
            intact: walk.firstBreak == nil, events: walk.head.position, head: walk.head.text, unsealed: unsealed ?? 0,
            firstBreak: walk.firstBreak)
    }

    private static func query(_ realm: RealmID) -> Statement {
        Statement(
            """
            SELECT e.position, e.id, e.time, e.actor_kind, e.actor_id, e.action, e.target_kind, e.target_id, e.outcome,
                e.detail, e.request_id, e.actor_commitment, e.target_commitment, e.hash,
                a.subject_id, a.salt, a.body, t.subject_id, t.salt, t.body, s.hash, s.signature
            FROM audit_event e
            LEFT JOIN audit_personal a ON a.realm_id = e.realm_id AND a.event_id = e.id AND a.part = 'actor'
            LEFT JOIN audit_personal t ON t.realm_id = e.realm_id AND t.event_id = e.id AND t.part = 'target'
            LEFT JOIN audit_seal s ON s.realm_id = e.realm_id AND s.position = e.position
            WHERE e.realm_id = $1 AND e.position IS NOT NULL
            ORDER BY e.position
            """,
            [.text(realm.text)])
    }
}

/// The state of one walk.
private struct Walk {
    var head: AuditChain.Head
    var firstBreak: AuditVerification.Break?
    private let realm: RealmID
    private let seals: AuditSealer
    private let expected: AuditChain.Head?
    /// What this process sealed last, whatever the tables say.
    private let remembered: AuditChain.Head?

    init(realm: RealmID, seals: AuditSealer, expected: AuditChain.Head?) {
        head = AuditChain.genesis(realm)
        self.realm = realm
        self.seals = seals
        self.expected = expected
        remembered = seals.remembered(realm)
        if let expected, expected.position == 0, expected != head {
            firstBreak = .init(position: 0, event: nil, reason: "the given head belongs to another record")
        }
    }

    mutating func step(_ row: any Row) {
        let chained = ChainedRow(
            position: row.integer(0), id: row.text(1), time: row.integer(2), actorKind: row.text(3), actorID: row.text(4),
            action: row.text(5), targetKind: row.text(6), targetID: row.text(7), outcome: row.text(8), detail: row.text(9),
            requestID: row.text(10), actorCommitment: row.text(11), targetCommitment: row.text(12))
        func broken(_ reason: String, at position: Int64? = nil) {
            firstBreak = .init(position: position ?? chained.position, event: EntityID(chained.id), reason: reason)
        }
        guard chained.position == head.position + 1 else {
            firstBreak = .init(
                position: head.position + 1, event: nil,
                reason: "the event at this position is missing; the next one there is \(chained.position)")
            return
        }
        let hash = AuditChain.hash(of: chained, after: head.hash)
        guard hash == row.text(13) else { return broken("the event is not what was written, or not where it was written") }
        if let reason = personal(row, "actor", at: 14, chained.actorCommitment)
            ?? personal(row, "target", at: 17, chained.targetCommitment)
        {
            return broken(reason)
        }
        head = AuditChain.Head(position: chained.position, hash: hash)
        if !row.isNull(20) {
            let sealed = AuditChain.Head(position: head.position, hash: row.text(20))
            guard seals.isOurs(row.text(21), realm: realm, sealed) else {
                return broken("the signature of the sealed head is not ours")
            }
            if sealed.hash != hash { return broken("a signed head says something else here") }
        }
        if let remembered, remembered.position == head.position, remembered.hash != hash {
            return broken("this server sealed something else here")
        }
        if let expected, expected.position == head.position, expected.hash != hash {
            return broken("the given head says something else here")
        }
    }

    /// Erased values (an empty salt) are no break; changed or missing ones are.
    private func personal(_ row: any Row, _ part: String, at column: Int, _ commitment: String) -> String? {
        if commitment.isEmpty { return row.isNull(column) ? nil : "values were added to the event's \(part)" }
        if row.isNull(column) { return "the values of the event's \(part) are missing" }
        if row.text(column + 1).isEmpty, row.text(column + 2).isEmpty { return nil }
        let found = PersonalPart.commitment(
            part: part, subject: row.text(column), salt: row.text(column + 1), body: row.text(column + 2))
        return found == commitment ? nil : "the values of the event's \(part) are not what was written"
    }

    mutating func finish(lastSeal: (head: AuditChain.Head, signature: String)?) {
        if let lastSeal, lastSeal.head.position > head.position {
            let isOurs = seals.isOurs(lastSeal.signature, realm: realm, lastSeal.head)
            firstBreak = .init(
                position: head.position + 1, event: nil,
                reason: isOurs
                    ? "the record ends here, but position \(lastSeal.head.position) was sealed once"
                    : "the record ends here, but there is a seal of position \(lastSeal.head.position), whose signature is not ours"
            )
        } else if let remembered, remembered.position > head.position {
            firstBreak = .init(
                position: head.position + 1, event: nil,
                reason: "the record ends here, but this server sealed position \(remembered.position)")
        } else if let expected, expected.position > head.position {
            firstBreak = .init(
                position: head.position + 1, event: nil,
                reason: "the record ends here, but the given head is at position \(expected.position)")
        }
    }
}
