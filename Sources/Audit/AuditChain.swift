import Crypto
import Model
import Storage

/// The columns of an event that the chain covers.
struct ChainedRow {
    var position: Int64
    var id: String
    var time: Int64
    var actorKind: String
    var actorID: String
    var action: String
    var targetKind: String
    var targetID: String
    var outcome: String
    var detail: String
    var requestID: String
    var actorCommitment: String
    var targetCommitment: String
}

/// The hash chain over a realm's events: each hash covers the row and the hash before it.
enum AuditChain {
    struct Head: Sendable, Hashable {
        var position: Int64
        var hash: String

        var text: String { "\(position):\(hash)" }

        init(position: Int64, hash: String) {
            self.position = position
            self.hash = hash
        }

        init?(text: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let position = Int64(parts[0]), position >= 0, parts[1].utf8.count == 64 else { return nil }
            self.init(position: position, hash: String(parts[1]))
        }
    }

    /// What comes before the first event.
    static func genesis(_ realm: RealmID) -> Head {
        Head(position: 0, hash: hexadecimal(SHA256.hash(data: Array("gatehouse audit record of realm \(realm.text)".utf8))))
    }

    static func head(realm: RealmID, on connection: any Connection) throws -> Head {
        try connection.first(
            Statement(
                """
                SELECT position, hash FROM audit_event
                WHERE realm_id = $1 AND position IS NOT NULL ORDER BY position DESC LIMIT 1
                """,
                [.text(realm.text)])
        ) { Head(position: $0.integer(0), hash: $0.text(1)) } ?? genesis(realm)
    }

    /// SHA-256 over a JSON array of the previous hash and every covered column, in the order of `ChainedRow`.
    static func hash(of row: ChainedRow, after previous: String) -> String {
        var writer = JSONWriter()
        writer.array { writer in
            writer.string(previous)
            writer.integer(row.position)
            writer.string(row.id)
            writer.integer(row.time)
            for text in [
                row.actorKind, row.actorID, row.action, row.targetKind, row.targetID, row.outcome, row.detail, row.requestID,
                row.actorCommitment, row.targetCommitment,
            ] { writer.string(text) }
        }
        return hexadecimal(SHA256.hash(data: writer.bytes))
    }
}
