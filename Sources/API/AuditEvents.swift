internal import Audit
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/audit-events`: the record, for those who may read it.
enum AuditEventEndpoints {
    static let all = [
        Endpoint(.get, "/audit-events", handler: list),
        Endpoint(.get, "/audit-events/verify", handler: verify),
        Endpoint(.get, "/audit-events/{id}", handler: get),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        // Events have no words to search for.
        try call.allowQuery(only: ["filter", "sort", "limit", "after"])
        return .page(try await services.audit.list(try call.listQuery(), caller: call.caller)) { writer, event in
            event.write(to: &writer)
        }
    }

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let event = try await services.audit.get(try call.id(), caller: call.caller)
        var response = Response.json { event.write(to: &$0) }
        // Events do not change, but personal values in them can be erased: the tag follows what is shown.
        var writer = JSONWriter()
        event.write(to: &writer)
        response.headers[.eTag] = ContentTag.of(writer.bytes)
        return response
    }

    @Sendable private static func verify(_ services: APIServices, _ call: Call) async throws -> Response {
        try call.allowQuery(only: ["head"])
        let found = try await services.audit.verify(since: call.query["head"], caller: call.caller)
        return .json { found.write(to: &$0) }
    }
}

extension AuditEvent {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.text)
            writer.member("time", time)
            writer.member("realm", realm.text)
            writer.name("actor")
            Self.write(actor, to: &writer)
            writer.member("action", action)
            writer.name("target")
            Self.write(target, to: &writer)
            writer.member("outcome", outcome.rawValue)
            writer.member("detail", detail)
            writer.member("address", address)
            writer.member("requestId", requestID)
            writer.name("changes")
            writer.array { writer in
                for change in changes {
                    writer.object {
                        $0.member("field", change.field)
                        $0.member("old", change.old)
                        $0.member("new", change.new)
                    }
                }
            }
        }
    }

    private static func write(_ party: Party?, to writer: inout JSONWriter) {
        guard let party else { return writer.null() }
        writer.object {
            $0.member("kind", party.kind)
            $0.member("id", party.id)
            $0.member("name", party.name)
        }
    }
}

extension AuditVerification {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("intact", intact)
            writer.name("events")
            writer.integer(events)
            writer.member("head", head)
            writer.name("unsealed")
            writer.integer(unsealed)
            if let firstBreak {
                writer.name("firstBreak")
                writer.object {
                    $0.name("position")
                    $0.integer(firstBreak.position)
                    $0.member("event", firstBreak.event?.text)
                    $0.member("reason", firstBreak.reason)
                }
            }
        }
    }
}
