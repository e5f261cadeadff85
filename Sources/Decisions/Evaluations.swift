internal import Access
internal import Grants
internal import Hummingbird
internal import Model
internal import Web

/// Sections 6 and 7 of the standard: one question, and many at once.
enum Evaluations {
    @Sendable static func one(_ questions: AccessQuestions, _ call: Call) async throws -> Response {
        // Before the body is read: whoever may not ask makes no work.
        let decider = try questions.decider(for: call.caller)
        let body = try QuestionBody(parsing: try await call.decisionBody())
        return try answer(body.top, decider)
    }

    @Sendable static func many(_ questions: AccessQuestions, _ call: Call) async throws -> Response {
        let decider = try questions.decider(for: call.caller)
        let body = try QuestionBody(parsing: try await call.decisionBody(), .batch)
        guard let questions = body.questions, !questions.isEmpty else { return try answer(body.top, decider) }
        do {
            try body.top.check()
        } catch {
            throw ServiceError.malformed(error.message)
        }
        return .json(capacity: 64 + questions.count * 96) { writer in
            writer.object { writer in
                writer.name("evaluations")
                writer.array { decide(questions, body, decider, &$0) }
            }
        }
    }

    private static func answer(_ draft: Draft, _ decider: AccessDecider) throws -> Response {
        let question: AccessQuestion
        do {
            question = try draft.question(defaults: Draft())
        } catch {
            throw ServiceError.malformed(error.message)
        }
        let verdict = decider.verdict(question)
        return .json(capacity: 160) { DecisionText.write(verdict, revision: decider.revision.text, to: &$0) }
    }

    private static func decide(
        _ questions: [Draft], _ body: QuestionBody, _ decider: AccessDecider, _ writer: inout JSONWriter
    ) {
        let text = DecisionText(decider.revision)
        // The subject that most questions of a batch are about is found once.
        var common: Subject?
        if let part = body.top.subject, let type = part.type, let id = part.id { common = decider.subject(type: type, id) }
        for draft in questions {
            var isAllowed = false
            do {
                let question = try draft.question(defaults: body.top)
                let verdict: Verdict
                if draft.subject == nil, let common {
                    verdict = decider.verdict(question, subject: common)
                } else {
                    verdict = decider.verdict(question)
                }
                isAllowed = verdict.isAllowed
                writer.raw(text.bytes(of: verdict))
            } catch {
                // What is wrong with one question is no fault of the others.
                text.write(error, to: &writer)
            }
            switch body.semantic {
            case .executeAll: continue
            case .denyOnFirstDeny: if !isAllowed { return }
            case .permitOnFirstPermit: if isAllowed { return }
            }
        }
    }
}

/// The answers to questions, written once for each verdict: a batch repeats the same few.
struct DecisionText {
    private let revision: String
    private let answers: [[UInt8]]

    init(_ revision: Revision) {
        let text = revision.text
        self.revision = text
        answers = Verdict.allCases.map { verdict in
            var writer = JSONWriter(reservingCapacity: 160)
            Self.write(verdict, revision: text, to: &writer)
            return writer.bytes
        }
    }

    static func write(_ verdict: Verdict, revision: String, to writer: inout JSONWriter) {
        write(verdict.isAllowed, reason: verdict.isAllowed ? nil : verdict.reason, revision: revision, to: &writer)
    }

    func bytes(of verdict: Verdict) -> [UInt8] { answers[Int(verdict.rawValue)] }

    /// A question that cannot be understood is denied.
    func write(_ fault: QuestionFault, to writer: inout JSONWriter) {
        Self.write(false, reason: "The question is not understood.", revision: revision, error: fault.message, to: &writer)
    }

    private static func write(
        _ isAllowed: Bool, reason: String?, revision: String, error: String? = nil, to writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("decision", isAllowed)
            writer.name("context")
            writer.object { writer in
                if let reason { writer.member("reason", reason) }
                writer.member("revision", revision)
                if let error {
                    writer.name("error")
                    writer.object { writer in
                        writer.member("status", 400)
                        writer.member("message", error)
                    }
                }
            }
        }
    }
}
