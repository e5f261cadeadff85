/// What everybody holds, indexed by subject: immutable, swapped whole, so that deciding takes no lock a writer holds.
public struct Snapshot: Sendable {
    private var grants: [Subject: [Grant]]
    private static let everybody = [Grant(assignment: "", role: .everybody)]

    public init(grants: [Subject: [Grant]] = [:]) {
        self.grants = grants
    }

    /// What was granted to the subject itself.
    public func grants(of subject: Subject) -> [Grant] {
        grants[subject] ?? []
    }

    /// The same snapshot with this subject's grants replaced.
    public func replacing(_ subject: Subject, with replacement: [Grant]) -> Snapshot {
        var copy = self
        copy.grants[subject] = replacement.isEmpty ? nil : replacement
        return copy
    }

    public func decide(_ question: Question) -> Decision {
        Snapshot.decide(question, granted: grants(of: question.subject))
    }

    /// Decides from grants read elsewhere (inside a transaction) plus what everybody holds.
    public static func decide(_ question: Question, granted: [Grant]) -> Decision {
        DecisionEngine.decide(question, grants: granted + everybody)
    }
}
