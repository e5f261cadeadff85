public import Model
public import Storage

extension AuditTrail {
    /// Completes the record of a realm that was restored, in the transaction of the restore: where the engine numbers inline,
    /// events that had no place in the chain yet get one, and then one more event tells of the restore.
    public func recordRestore(realm: RealmID, detail: String, on connection: any Connection) throws {
        if connection.dialect.numbersInline { try AuditChain.numberRest(realm: realm, on: connection) }
        try append(
            Entry(
                actor: AuditEvent.Party(kind: "system", id: "system", name: "Gatehouse"), action: "database.restore",
                target: AuditEvent.Party(kind: "realm", id: realm.text, name: realm.text), detail: detail),
            caller: Caller(realm: realm, address: "", requestID: ""), on: connection)
    }
}

extension AuditChain {
    /// Numbers and chains what a sealer had not come to, oldest first.
    fileprivate static func numberRest(realm: RealmID, on connection: any Connection) throws {
        var head = try head(realm: realm, on: connection)
        while true {
            let rest = try connection.rows(
                Statement(
                    """
                    SELECT id, time, actor_kind, actor_id, action, target_kind, target_id, outcome, detail, request_id,
                        actor_commitment, target_commitment
                    FROM audit_event WHERE realm_id = $1 AND position IS NULL ORDER BY time, id LIMIT 500
                    """,
                    [.text(realm.text)])
            ) { row in
                ChainedRow(
                    position: 0, id: row.text(0), time: row.integer(1), actorKind: row.text(2), actorID: row.text(3),
                    action: row.text(4), targetKind: row.text(5), targetID: row.text(6), outcome: row.text(7),
                    detail: row.text(8), requestID: row.text(9), actorCommitment: row.text(10), targetCommitment: row.text(11))
            }
            if rest.isEmpty { return }
            for var row in rest {
                row.position = head.position + 1
                head = Head(position: row.position, hash: hash(of: row, after: head.hash))
                try connection.run(
                    Statement(
                        "UPDATE audit_event SET position = $1, hash = $2 WHERE realm_id = $3 AND id = $4",
                        [.integer(head.position), .text(head.hash), .text(realm.text), .text(row.id)]))
            }
        }
    }
}
