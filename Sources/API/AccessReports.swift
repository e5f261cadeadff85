internal import Access
internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/access/explain`, `/access/simulate`, `/permissions` and `.../access`: why, who and what if.
enum AccessReportEndpoints {
    static let all = [
        Endpoint(.post, "/access/explain", handler: explain),
        Endpoint(.post, "/access/simulate", handler: simulate),
        Endpoint(.get, "/permissions", handler: permissions),
        Endpoint(.get, "/users/{id}/access", handler: access(of: .user)),
        Endpoint(.get, "/services/{id}/access", handler: access(of: .service)),
        Endpoint(.get, "/groups/{id}/access", handler: access(of: .group)),
    ]

    @Sendable private static func explain(_ services: APIServices, _ call: Call) async throws -> Response {
        let fields = try await call.json()
        var reader = QuestionReader()
        let question = reader.question(fields.object, field: "")
        try reader.finish()
        let found = try await services.access.reports.explain(question, caller: call.caller)
        return .json { found.write(to: &$0) }
    }

    @Sendable private static func simulate(_ services: APIServices, _ call: Call) async throws -> Response {
        let fields = try await call.json()
        var reader = QuestionReader()
        let (changes, questions) = reader.simulation(fields.object)
        try reader.finish()
        let found = try await services.access.reports.simulate(
            changes.compactMap(\.self), questions: questions, wrong: reader.invalid, caller: call.caller)
        return .json { found.write(questions, to: &$0) }
    }

    @Sendable private static func permissions(_ services: APIServices, _ call: Call) async throws -> Response {
        let query = try call.listQuery(allowing: ["principal", "role", "resourceType", "action"])
        let selection = try selection(call)
        return .page(try await services.access.reports.permissions(selection, query, caller: call.caller)) { $1.write(to: &$0) }
    }

    /// One of `principal`, `role`, and `resourceType` with `action`.
    private static func selection(_ call: Call) throws -> PermissionSelection {
        let names = Set(call.query.pairs.map(\.name)).subtracting(["limit", "after"])
        switch names {
        case ["principal"]:
            let parts = (call.query["principal"] ?? "").split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let kind = PrincipalKind(rawValue: parts[0]), let id = EntityID(parts[1]) else {
                throw ServiceError.malformed(
                    "The query has mistakes.",
                    fields: [
                        FieldError(
                            field: "principal", code: "syntax",
                            message: "Name the principal as user:ID, group:ID, service:ID or device:ID.")
                    ])
            }
            return .principal(PrincipalReference(kind: kind, id: id))
        case ["role"]: return .role(call.query["role"] ?? "")
        case ["resourceType", "action"]:
            return .action(call.query["action"] ?? "", type: call.query["resourceType"] ?? "")
        default:
            throw ServiceError.malformed("Ask by \"principal\", or by \"role\", or by \"resourceType\" and \"action\".")
        }
    }

    private static func access(of kind: PrincipalKind) -> Endpoint.Handler {
        { services, call in
            let principal = PrincipalReference(kind: kind, id: try call.id())
            return .page(
                try await services.access.reports.access(of: principal, try call.listQuery(), caller: call.caller)
            ) { $1.write(to: &$0) }
        }
    }
}

// MARK: Answers

extension AccessExplanation {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("decision", isAllowed)
            writer.member("revision", revision.text)
            writer.name("reasons")
            writer.array { writer in
                for reason in reasons { reason.write(to: &writer) }
            }
            writer.name("nearest")
            writer.array { writer in
                for miss in nearest { miss.write(to: &writer) }
            }
            writer.name("toAllow")
            guard let toAllow else { return writer.null() }
            writer.object { writer in
                writer.member("description", toAllow.description)
                writer.name("change")
                toAllow.change.write(to: &writer)
            }
        }
    }
}

extension Reason {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("effect", permission.effect.rawValue)
            writer.member("permission", PermissionText.json(permission))
            writer.member("role", role)
            grant.writeID(to: &writer)
            writer.name("path")
            path.write(to: &writer)
        }
    }
}

extension Miss {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("permission", PermissionText.json(permission))
            writer.member("role", role)
            writer.member("missing", missing.rawValue)
            writer.member("assignment", grant?.assignmentID)
            writer.member("authorization", grant?.authorizationID)
        }
    }
}

extension PlannedChange {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("op", operation.rawValue)
            writer.member("path", path)
            if let value { writer.member("value", .object(value)) }
        }
    }
}

extension PermissionEntry {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("principal")
            principal.write(to: &writer)
            access.writeMembers(to: &writer)
        }
    }
}

extension AccessSimulation {
    /// - Parameter questions: those that were asked.
    func write(_ questions: [AccessQuestion], to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("revision", revision.text)
            writer.name("gains")
            writer.array { writer in
                for place in allowed { questions[place].write(to: &writer) }
                for gain in gains { gain.write(to: &writer) }
            }
            writer.name("losses")
            writer.array { writer in
                for place in denied { questions[place].write(to: &writer) }
                for loss in losses { loss.write(to: &writer) }
            }
            writer.member("truncated", isCut)
        }
    }
}

extension AccessSimulation.Difference {
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("principal")
            principal.write(to: &writer)
            if principal.kind == PrincipalKind.group.rawValue { writer.member("members", members) }
            access.writeMembers(to: &writer)
        }
    }
}

extension AccessQuestion {
    /// Who, what and on what, as it was asked.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("subject")
            writer.object {
                $0.member("type", subjectType)
                $0.member("id", subject)
            }
            writer.name("action")
            writer.object { $0.member("name", action) }
            writer.name("resource")
            writer.object {
                $0.member("type", resourceType)
                $0.member("id", resource)
            }
        }
    }
}

extension HeldAccess {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("permission", PermissionText.json(permission))
        writer.member("scope", PermissionText.json(grant.scope))
        writer.name("via")
        path.write(to: &writer)
        writer.member("role", role)
        grant.writeID(to: &writer)
        writer.member("validFrom", grant.validFrom.map { Timestamp(milliseconds: $0) })
        writer.member("expiresAt", grant.expiresAt.map { Timestamp(milliseconds: $0) })
    }
}

extension Grant {
    /// `nil` for an authorization, and for what everybody may do.
    var assignmentID: String? { isAssignment && !id.isEmpty ? id : nil }
    var authorizationID: String? { isAssignment || id.isEmpty ? nil : id }

    func writeID(to writer: inout JSONWriter) {
        writer.member("assignment", assignmentID)
        writer.member("authorization", authorizationID)
    }
}

extension [Reason.Step] {
    func write(to writer: inout JSONWriter) {
        writer.array { writer in
            for step in self { step.write(to: &writer) }
        }
    }
}

extension Reason.Step {
    /// The name is `null` where the caller may not see it.
    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("kind", kind)
            $0.member("id", id)
            $0.member("name", name.isEmpty ? nil : name)
        }
    }
}
