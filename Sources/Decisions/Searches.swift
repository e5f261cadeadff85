internal import Grants
internal import Hummingbird
internal import Model
internal import Web

/// Section 8 of the standard: who may, on what, and what.
enum Searches {
    @Sendable static func subjects(_ questions: AccessQuestions, _ call: Call) async throws -> Response {
        try questions.requireAsking(call.caller)
        let body = try await body(call)
        let question = try whole(body.top, leavingOut: .subject)
        let found = try await questions.subjects(question, page: page(body), caller: call.caller)
        return answer(found) { writer, id in
            writer.member("type", question.subjectType)
            writer.member("id", id)
        }
    }

    @Sendable static func resources(_ questions: AccessQuestions, _ call: Call) async throws -> Response {
        try questions.requireAsking(call.caller)
        let body = try await body(call)
        let question = try whole(body.top, leavingOut: .resource)
        let found = try await questions.resources(question, page: page(body), caller: call.caller)
        return answer(found) { writer, id in
            writer.member("type", question.resourceType)
            writer.member("id", id)
        }
    }

    @Sendable static func actions(_ questions: AccessQuestions, _ call: Call) async throws -> Response {
        try questions.requireAsking(call.caller)
        let body = try await body(call)
        let question = try whole(body.top, leavingOut: .action)
        let found = try questions.actions(question, page: page(body), caller: call.caller)
        return answer(found) { writer, name in writer.member("name", name) }
    }

    private static func body(_ call: Call) async throws -> QuestionBody {
        try QuestionBody(parsing: try await call.decisionBody(), .page)
    }

    /// The question but for what is searched, which may be there, of any type, and is not looked at.
    private static func whole(_ draft: Draft, leavingOut searched: Part.Role) throws -> AccessQuestion {
        var draft = draft
        // Something that stands for what is searched, so that the question is whole.
        switch searched {
        case .subject: draft.subject?.leaveOutID()
        case .resource: draft.resource?.leaveOutID()
        case .action: draft.action = Part(id: "-")
        }
        do {
            return try draft.question(defaults: Draft())
        } catch {
            throw ServiceError.malformed(error.message)
        }
    }

    private static func page(_ body: QuestionBody) throws -> SearchPage {
        guard let object = body.page else { return SearchPage() }
        var page = SearchPage()
        switch object["limit"] {
        case nil, .null?: break
        case .integer(let limit)? where limit >= 0: page.limit = Int(min(limit, Int64(SearchPage.maximumLimit)))
        // Beyond what an integer holds.
        case .number(let limit)? where limit >= 0 && limit == limit.rounded(): page.limit = SearchPage.maximumLimit
        default: throw ServiceError.malformed("\"page.limit\" must be a whole number, 0 or more.")
        }
        switch object["token"] {
        case nil, .null?, .string("")?: break
        case .string(let token)?: page.token = token
        default: throw ServiceError.malformed("\"page.token\" must be a string.")
        }
        return page
    }

    private static func answer(_ results: SearchResults, _ write: (inout JSONWriter, String) -> Void) -> Response {
        .json(capacity: 256 + results.found.count * 64) { writer in
            writer.object { writer in
                // In the order that section 8.3 recommends.
                writer.name("page")
                writer.object { writer in
                    writer.member("next_token", results.nextToken ?? "")
                    writer.member("count", results.found.count)
                }
                writer.name("context")
                writer.object { $0.member("revision", results.revision.text) }
                writer.name("results")
                writer.array { writer in
                    for name in results.found { writer.object { write(&$0, name) } }
                }
            }
        }
    }
}

extension Part {
    /// For a search: the id is what is searched.
    fileprivate mutating func leaveOutID() {
        id = "-"
        faults.remove(.id)
    }
}
