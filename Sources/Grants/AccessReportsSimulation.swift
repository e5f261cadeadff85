import Access
public import Model
import Storage

extension AccessReports {
    public static let mostChanges = 100
    public static let mostQuestions = 1000

    /// What planned changes would do: who would gain and who would lose what. Nothing is written.
    ///
    /// The changes are read and checked as the real ones are, one after the other, each on what those before it made of the realm;
    /// only whether the caller may make them is not asked.
    ///
    /// - Parameters:
    ///   - questions: when there are any, they are decided before and after instead.
    ///   - wrong: what could not be read of the changes; said once the permission has been asked for.
    /// - Throws: `forbidden`, `malformed`, `notFound`, `invalid`, `conflict`.
    public func simulate(
        _ changes: [PlannedChange], questions: [AccessQuestion] = [], wrong: [FieldError] = [], caller: Caller
    ) async throws -> AccessSimulation {
        let before = try decider(for: caller)
        try context.gate.require(.decisionExplain, caller: caller)
        try Self.check(changes, questions, wrong)
        let sight = Sight(gate: context.gate, snapshot: before.snapshot, caller: caller)
        let (world, difference) = try await context.database.scan { [context] connection -> (Snapshot, AccessSimulation?) in
            var world = PlannedWorld(
                before.snapshot, gate: context.gate, caller: caller, at: before.time, connection: connection)
            for (index, change) in changes.enumerated() { try world.apply(change, field: "changes.\(index)") }
            guard questions.isEmpty else { return (world.snapshot, nil) }
            let difference = AccessDifference(before: before.snapshot, world, sight)
            return (world.snapshot, try difference.result(from: before.revision))
        }
        if let difference { return difference }
        var result = AccessSimulation(revision: before.revision)
        for (index, question) in questions.enumerated() {
            let asked = before.question(question.known)
            // Whom the caller may not see, nothing is said about.
            guard sight.name(of: asked.subject) != nil else { continue }
            let was = Engine(before.snapshot).allows(asked)
            let becomes = Engine(world).allows(asked)
            if becomes, !was { result.allowed.append(index) }
            if was, !becomes { result.denied.append(index) }
        }
        return result
    }

    private static func check(
        _ changes: [PlannedChange], _ questions: [AccessQuestion], _ wrong: [FieldError]
    ) throws {
        var errors = wrong
        if (changes.isEmpty && wrong.isEmpty) || changes.count > mostChanges {
            errors.append(
                FieldError(field: "changes", code: "length", message: "Plan 1 to \(mostChanges) changes."))
        }
        if questions.count > mostQuestions {
            errors.append(
                FieldError(field: "questions", code: "length", message: "Ask at most \(mostQuestions) questions."))
        }
        for (index, question) in questions.prefix(mostQuestions).enumerated() where errors.count < 50 {
            errors += question.gaps(field: "questions.\(index).")
        }
        guard errors.isEmpty else { throw ServiceError.invalid(errors) }
    }
}

/// Compares what reaches everybody affected before and after.
struct AccessDifference {
    private let before: Snapshot
    private let world: PlannedWorld
    private let sight: Sight
    private let now: Int64

    init(before: Snapshot, _ world: PlannedWorld, _ sight: Sight) {
        self.before = before
        self.world = world
        self.sight = sight
        now = world.time.milliseconds
    }

    /// A permission and how far it reaches.
    private struct Key: Hashable {
        let permission: Permission
        let scope: Scope
    }

    func result(from revision: Revision) throws -> AccessSimulation {
        var result = AccessSimulation(revision: revision)
        result.isCut = world.isCut
        for holder in world.affected {
            let was = access(of: holder, in: before)
            let becomes = access(of: holder, in: world.snapshot)
            let come = missing(from: was, in: becomes)
            let gone = missing(from: becomes, in: was)
            guard !come.isEmpty || !gone.isEmpty else { continue }
            let principal = step(holder)
            let members = try world.memberCount(of: holder)
            for (entries, isComing) in [(come, true), (gone, false)] {
                for access in entries {
                    let one = AccessSimulation.Difference(principal: principal, access: access, members: members)
                    // A deny that comes takes something away.
                    if (access.permission.effect == .allow) == isComing {
                        Self.add(one, to: &result.gains, &result.isCut)
                    } else {
                        Self.add(one, to: &result.losses, &result.isCut)
                    }
                }
            }
        }
        return result
    }

    private static func add(
        _ one: AccessSimulation.Difference, to list: inout [AccessSimulation.Difference], _ isCut: inout Bool
    ) {
        if list.count < AccessSimulation.differenceLimit { list.append(one) } else { isCut = true }
    }

    private func step(_ holder: Subject) -> Reason.Step {
        let known = sight.step(holder)
        guard known.name.isEmpty, before.name(of: holder) == nil else { return known }
        return Reason.Step(kind: holder.kind, id: holder.id, name: world.snapshot.name(of: holder) ?? "")
    }

    /// What reaches somebody now or later; nothing whoever is not active.
    private func access(of holder: Subject, in snapshot: Snapshot) -> [HeldAccess] {
        if holder.kind != Subject.groupKind, snapshot.principal(holder)?.isActive != true { return [] }
        var found: [HeldAccess] = []
        snapshot.eachAccess(of: holder, counting: { $0.expiresAt.map { $0 > now } ?? true }) {
            found.append($0)
            return true
        }
        return found
    }

    /// What of `these` is not, for as long, among `those`; each once.
    private func missing(from those: [HeldAccess], in these: [HeldAccess]) -> [HeldAccess] {
        var times: [Key: [Range<Int64>]] = [:]
        for access in those { times[key(access), default: []].append(time(access)) }
        return these.filter { access in
            let key = key(access)
            let wanted = time(access)
            let isThere =
                times[key]?.contains { $0.lowerBound <= wanted.lowerBound && $0.upperBound >= wanted.upperBound } ?? false
            if !isThere { times[key, default: []].append(wanted) }
            return !isThere
        }
    }

    private func key(_ access: HeldAccess) -> Key {
        Key(permission: access.permission, scope: access.grant.scope)
    }

    /// From now on; what has begun already began now.
    private func time(_ access: HeldAccess) -> Range<Int64> {
        let start = max(now, access.grant.validFrom ?? now)
        return start..<max(start, access.grant.expiresAt ?? Int64.max)
    }
}
