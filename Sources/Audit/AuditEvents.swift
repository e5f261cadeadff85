public import Model
public import Storage

/// Reads events back. Knows no permissions: the service above asks for them.
public enum AuditEvents {
    /// Ids, kinds, actions and outcomes are stored in lower case, so folding makes their comparison one without case.
    public static let shape = ListShape(
        name: "audit-events",
        fields: [
            "id": ListField("e.id", .folded { $0.lowercased() }, sortable: false),
            "time": ListField("e.time", .time),
            "actor.id": ListField("e.actor_id", .folded { $0.lowercased() }, optional: true, sortable: false),
            "actor.kind": ListField("e.actor_kind", .folded { $0.lowercased() }, optional: true, sortable: false),
            "action": ListField("e.action", .folded { $0.lowercased() }, sortable: false),
            "target.id": ListField("e.target_id", .folded { $0.lowercased() }, optional: true, sortable: false),
            "target.kind": ListField("e.target_kind", .folded { $0.lowercased() }, optional: true, sortable: false),
            "outcome": ListField("e.outcome", .folded { $0.lowercased() }, sortable: false),
            "requestId": ListField("e.request_id", .exact, sortable: false),
        ], id: "e.id", defaultSort: "-time")

    public static func page(_ listing: Listing, realm: RealmID, on connection: any Connection) throws -> Page<AuditEvent> {
        try listing.page(
            on: connection, columns: columns, columnCount: 14, from: { $0.append(source) },
            where: { $0.append("e.realm_id = ", .text(realm.text)) },
            read: { event(from: $0, realm: realm) })
    }

    public static func find(_ id: EntityID, realm: RealmID, on connection: any Connection) throws -> AuditEvent? {
        var statement = Statement("SELECT ")
        statement.append(columns)
        statement.append(" FROM ")
        statement.append(source)
        statement.append(" WHERE e.realm_id = ", .text(realm.text))
        statement.append(" AND e.id = ", .text(id.text))
        return try connection.first(statement) { event(from: $0, realm: realm) }
    }

    private static let columns: SQL =
        """
        e.id, e.time, e.actor_kind, e.actor_id, e.action, e.target_kind, e.target_id, e.outcome, e.detail, e.request_id,
        a.body, t.body, e.position, e.hash
        """

    private static let source: SQL =
        """
        audit_event e
        LEFT JOIN audit_personal a ON a.realm_id = e.realm_id AND a.event_id = e.id AND a.part = 'actor'
        LEFT JOIN audit_personal t ON t.realm_id = e.realm_id AND t.event_id = e.id AND t.part = 'target'
        """

    private static func event(from row: any Row, realm: RealmID) -> AuditEvent {
        let actorValues = values(row.text(10))
        let targetValues = values(row.text(11))
        let changes = (targetValues["changes"]?.array ?? []).compactMap { item -> AuditEvent.FieldChange? in
            guard let members = item.object, let field = members["field"]?.string else { return nil }
            return .init(field: field, old: members["old"] ?? .null, new: members["new"] ?? .null)
        }
        return AuditEvent(
            id: EntityID(trusted: row.text(0)), time: Timestamp(milliseconds: row.integer(1)), realm: realm,
            actor: party(kind: row.text(2), id: row.text(3), values: actorValues), action: row.text(4),
            target: party(kind: row.text(5), id: row.text(6), values: targetValues),
            outcome: AuditEvent.Outcome(rawValue: row.text(7)) ?? .failure, detail: row.text(8).isEmpty ? nil : row.text(8),
            address: actorValues["address"]?.string ?? "", requestID: row.text(9), changes: changes)
    }

    private static func party(kind: String, id: String, values: JSONObject) -> AuditEvent.Party? {
        kind.isEmpty ? nil : AuditEvent.Party(kind: kind, id: id, name: values["name"]?.string)
    }

    private static func values(_ body: String) -> JSONObject {
        guard !body.isEmpty, let object = (try? JSONValue(parsing: Array(body.utf8)))?.object else { return JSONObject() }
        return object
    }
}
