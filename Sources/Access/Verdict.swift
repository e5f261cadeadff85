/// What came of a question, and of a "no" in one word why: cheap to tell, where a `Decision` gathers every reason.
public enum Verdict: UInt8, Sendable, Hashable, CaseIterable {
    case allowed
    /// A deny fits.
    case denied
    /// Nothing fits that allows it.
    case notAllowed
    case unknownSubject
    /// The subject is known and may do nothing at all.
    case inactiveSubject
    case unknownType
    /// The type has no such action.
    case unknownAction
    /// The resource's id is refused by its type's syntax.
    case refusedName

    public var isAllowed: Bool { self == .allowed }
}

extension Engine {
    /// The decision with one word of why, at the price of `allows`.
    public func verdict(_ question: Question) throws(Failure) -> Verdict {
        guard var evaluation = try Evaluation(question, facts) else { return try obstacle(question) }
        return try evaluation.verdict()
    }

    /// Why a question needs no evaluation.
    private func obstacle(_ question: Question) throws(Failure) -> Verdict {
        guard let principal = try facts.principal(question.subject) else { return .unknownSubject }
        guard principal.isActive else { return .inactiveSubject }
        guard let type = try facts.resourceType(question.resourceType) else { return .unknownType }
        return type.actions(granting: question.action) == nil ? .unknownAction : .refusedName
    }
}

// What is asked at every request. Asked of the snapshot itself, the compiler makes the rules for it alone; from another module it
// could not, and they would cost several times as much.
extension Snapshot {
    /// As `Engine.allows`.
    public func allows(_ question: Question) -> Bool {
        Engine(self).allows(question)
    }

    /// As `Engine.allows`.
    public func allows(_ question: Question, narrowedTo permissions: [Permission]) -> Bool {
        Engine(self).allows(question, narrowedTo: permissions)
    }

    /// As `Engine.verdict`.
    public func verdict(_ question: Question) -> Verdict {
        Engine(self).verdict(question)
    }
}
