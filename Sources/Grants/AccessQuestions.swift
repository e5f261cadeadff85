public import Access
public import Model

/// Decisions about others, for applications that ask for them. Whoever asks needs `decision:evaluate`.
public final class AccessQuestions: Sendable {
    let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// - Throws: `unauthenticated`, `forbidden`, `unavailable`.
    public func requireAsking(_ caller: Caller) throws {
        try context.gate.require(.decisionEvaluate, caller: caller)
    }

    /// Everything that one or many questions of the caller are decided from, taken once.
    ///
    /// - Throws: `unauthenticated`, `forbidden`, `unavailable`.
    public func decider(for caller: Caller) throws -> AccessDecider {
        try requireAsking(caller)
        // In this order: what is decided from is at least as new as what the answer says.
        let revision = context.gate.revision
        return AccessDecider(try context.gate.snapshot(of: caller.realm), revision: revision, time: context.gate.now)
    }

    /// - Throws: as `decider(for:)`. Whatever is unknown is denied and no error.
    public func evaluate(_ question: AccessQuestion, caller: Caller) throws -> AccessAnswer {
        let decider = try decider(for: caller)
        return AccessAnswer(verdict: decider.verdict(question), revision: decider.revision)
    }
}

/// Decides questions from one state of the data, at one instant.
public struct AccessDecider: Sendable {
    /// Longer texts than this are neither types nor actions nor names of anybody.
    private static let maximumNameLength = 256

    public let snapshot: Snapshot
    public let revision: Revision
    public let time: Timestamp

    init(_ box: SnapshotBox, revision: Revision, time: Timestamp) {
        snapshot = box.snapshot
        self.revision = revision
        self.time = time
    }

    public func verdict(_ question: AccessQuestion) -> Verdict {
        verdict(question, subject: subject(type: question.subjectType, question.subject))
    }

    /// As `verdict(_:)`, with the subject found before: many questions are often about the same one.
    public func verdict(_ question: AccessQuestion, subject: Subject) -> Verdict {
        // What is too long is not looked up: hashing a text may take time that grows with its square.
        guard Self.isShort(question.resourceType) else { return .unknownType }
        guard Self.isShort(question.action) else { return .unknownAction }
        return snapshot.verdict(self.question(question, subject: subject))
    }

    /// The question as the engine takes it.
    public func question(_ question: AccessQuestion) -> Question {
        self.question(question, subject: subject(type: question.subjectType, question.subject))
    }

    private func question(_ question: AccessQuestion, subject: Subject) -> Question {
        Question(
            subject: subject, action: question.action, resourceType: question.resourceType, resourceID: question.resource,
            time: time.milliseconds, claims: question.claims)
    }

    /// Who is meant by an id or, when it does not look like one, a user name; somebody unknown when there is nobody.
    public func subject(type: String, _ idOrName: String) -> Subject {
        let nobody = Subject(kind: "", id: "")
        // Names and ids are plain: another letter that folds to one of theirs is not theirs.
        guard Self.isShort(type), Self.isShort(idOrName), idOrName.utf8.allSatisfy({ $0 < 0x80 }) else { return nobody }
        if EntityID.looksLikeUUID(idOrName) { return Subject(kind: type, id: idOrName.lowercased()) }
        guard let found = snapshot.subject(named: idOrName), found.kind == type else { return nobody }
        return found
    }

    private static func isShort(_ text: String) -> Bool { text.utf8.count <= maximumNameLength }
}
