import Model
public import Storage

/// Gives events their places in the chain where many write: they are stored without one, and one node at a time chains what
/// is visible, in batches.
public enum AuditNumbering {
    /// One transaction chains at most so many.
    private static let batch: Int64 = 1000
    /// One statement stores at most so many places.
    private static let stored = 50
    private static let leaseSeconds: Int64 = 2

    /// Chains what waits, in every realm; answers how many events. Cheap when there is nothing to do, or nothing left to do here.
    ///
    /// - Parameter node: names this process.
    @discardableResult
    public static func run(as node: String, in database: any Database) async throws -> Int {
        guard !database.dialect.numbersInline else { return 0 }
        let realms = try await database.lookUp { connection in
            try connection.rows(Statement("SELECT DISTINCT realm_id FROM audit_event WHERE position IS NULL")) {
                RealmID($0.text(0))
            }
        }
        var total = 0
        for realm in realms {
            var count = 0
            repeat {
                count = try await database.write(.committed) { try number(realm, as: node, on: $0) }.value
                total += count
            } while count == Int(batch)
        }
        return total
    }

    /// The lease's row is held until the commit: the head read after it is the chain's end.
    private static func number(_ realm: RealmID, as node: String, on connection: any Connection) throws -> Int {
        guard try Lease.take("audit record of \(realm.text)", as: node, seconds: leaseSeconds, on: connection) else { return 0 }
        var head = try AuditChain.head(realm: realm, on: connection)
        let waiting = try connection.rows(
            Statement(
                """
                SELECT id, time, actor_kind, actor_id, action, target_kind, target_id, outcome, detail, request_id,
                    actor_commitment, target_commitment
                FROM audit_event WHERE realm_id = $1 AND position IS NULL ORDER BY time, id LIMIT $2
                """, [.text(realm.text), .integer(batch)])
        ) { row in
            ChainedRow(
                position: 0, id: row.text(0), time: row.integer(1), actorKind: row.text(2), actorID: row.text(3),
                action: row.text(4), targetKind: row.text(5), targetID: row.text(6), outcome: row.text(7), detail: row.text(8),
                requestID: row.text(9), actorCommitment: row.text(10), targetCommitment: row.text(11))
        }
        var places: [(id: String, head: AuditChain.Head)] = []
        for var row in waiting {
            row.position = head.position + 1
            head = AuditChain.Head(position: row.position, hash: AuditChain.hash(of: row, after: head.hash))
            places.append((row.id, head))
        }
        var rest = places[...]
        while !rest.isEmpty {
            // Two lengths only, so that the texts can stay prepared.
            let count = rest.count >= stored ? stored : 1
            try connection.run(store(rest.prefix(count), realm: realm))
            rest = rest.dropFirst(count)
        }
        return waiting.count
    }

    private static func store(_ places: ArraySlice<(id: String, head: AuditChain.Head)>, realm: RealmID) -> Statement {
        var statement = Statement("UPDATE audit_event SET position = v.position, hash = v.hash FROM (VALUES ")
        for (index, place) in places.enumerated() {
            statement.append(index == 0 ? "(" : ", (", .text(place.id))
            statement.append(", ", .integer(place.head.position))
            statement.append(", ", .text(place.head.hash))
            statement.append(")")
        }
        statement.append(") AS v (id, position, hash) WHERE audit_event.realm_id = ", .text(realm.text))
        statement.append(" AND audit_event.id = v.id AND audit_event.position IS NULL")
        return statement
    }
}
