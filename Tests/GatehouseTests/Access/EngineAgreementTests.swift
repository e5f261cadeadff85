import Access
import Foundation
import Testing

/// The engine beside the naive evaluator, in random worlds. `GATEHOUSE_LONG=1` asks more than a million questions.
@Suite struct EngineAgreementTests {
    static let isLong = ProcessInfo.processInfo.environment["GATEHOUSE_LONG"] == "1"

    static func describe(_ question: Question) -> String {
        "\(question.subject.kind):\(question.subject.id) \(question.action) \(question.resourceType)/\(question.resourceID ?? "-") "
            + "at \(question.time), claims \(question.claims)"
    }

    @Test func `the engine decides as the rules read`() {
        let worlds = Self.isLong ? 12_000 : 300
        var allowed = 0
        var asked = 0
        for seed in 0..<UInt64(worlds) {
            var random = RandomWorld(seed: seed)
            let world = random.make()
            let engine = Access.Engine(world.snapshot())
            for _ in 0..<100 {
                let question = random.question()
                let expected = NaiveEvaluator(world, question).allows()
                asked += 1
                if expected { allowed += 1 }
                let decision = engine.decide(question)
                if engine.allows(question) != expected || decision.isAllowed != expected {
                    Issue.record("seed \(seed): expected \(expected) for \(Self.describe(question)); reasons \(decision.reasons)")
                    return
                }
                // Nothing is allowed without a reason, and all reasons are of one effect.
                #expect(!decision.isAllowed || !decision.reasons.isEmpty)
                #expect(decision.reasons.allSatisfy { ($0.permission.effect == .allow) == decision.isAllowed })
            }
        }
        #expect(asked == worlds * 100)
        // The worlds are neither all open nor all closed.
        #expect(allowed > asked / 10 && allowed < asked * 9 / 10, "\(allowed) of \(asked)")
    }

    @Test func `pieces put in by and by, in any order, make the same world as all at once`() {
        for seed in 0..<UInt64(Self.isLong ? 1_000 : 60) {
            var random = RandomWorld(seed: seed)
            let before = random.make()
            let after = random.make()
            let changed = Self.change(before.snapshot(), from: before, to: after, &random)
            let fresh = after.snapshot()
            for _ in 0..<60 {
                let question = random.question()
                if Access.Engine(changed).allows(question) != Access.Engine(fresh).allows(question) {
                    Issue.record("seed \(seed): \(Self.describe(question))")
                    return
                }
            }
            #expect(changed.principalCount == fresh.principalCount)
            for person in before.people + after.people {
                #expect(changed.subject(named: person.name) == fresh.subject(named: person.name), "seed \(seed)")
            }
        }
    }

    /// From one world to another by single changes in random order, some of them undone and made again.
    private static func change(
        _ snapshot: Snapshot, from before: AccessWorld, to after: AccessWorld, _ random: inout RandomWorld
    ) -> Snapshot {
        var changes: [(inout Snapshot) -> Void] = []
        let gone = random.some(RandomWorld.subjects, upTo: 2)
        for person in after.people {
            if gone.contains(person.subject) { changes.append { $0.set(nil, for: person.subject) } }
            changes.append { $0.set(after.facts(of: person), for: person.subject) }
        }
        for team in after.teams { changes.append { $0.set(after.facts(of: team), forGroup: team.id) } }
        for role in before.roles + after.roles {
            let kept = after.roles.first { $0.id == role.id }
            changes.append { $0.set(kept, forRole: role.id) }
        }
        for type in after.types { changes.append { $0.set(type, forType: type.id) } }
        for thing in before.things + after.things {
            let kept = after.things.first { $0.type == thing.type && $0.id == thing.id }
            changes.append { $0.set(kept.map(after.facts), forResource: thing.id, type: thing.type) }
        }
        changes.shuffle(using: &random.generator)
        var snapshot = snapshot
        for change in changes { change(&snapshot) }
        // What was removed last comes back.
        for person in after.people where gone.contains(person.subject) {
            snapshot.set(after.facts(of: person), for: person.subject)
        }
        return snapshot
    }

    @Test func `a snapshot that was handed out never changes`() {
        var random = RandomWorld(seed: 7)
        let before = random.make()
        let after = random.make()
        let kept = before.snapshot()
        let questions = (0..<200).map { _ in random.question() }
        let answers = questions.map { Access.Engine(kept).allows($0) }
        let changed = Self.change(kept, from: before, to: after, &random)
        #expect(questions.map { Access.Engine(kept).allows($0) } == answers)
        #expect(questions.map { Access.Engine(changed).allows($0) } != answers)
    }

    @Test func `what an explanation suggests allows, when it is done`() {
        var suggested = 0
        for seed in 0..<UInt64(Self.isLong ? 2_000 : 80) {
            var random = RandomWorld(seed: seed)
            let world = random.make()
            let snapshot = world.snapshot()
            for _ in 0..<20 {
                let question = random.question()
                let explanation = snapshot.explain(question)
                #expect(explanation.isAllowed == Access.Engine(snapshot).allows(question))
                guard let suggestion = explanation.toAllow else { continue }
                suggested += 1
                let changed = Self.apply(suggestion, to: world).snapshot()
                if !Access.Engine(changed).allows(question) {
                    Issue.record("seed \(seed): \(suggestion) does not help \(Self.describe(question))")
                    return
                }
            }
        }
        #expect(suggested > 300)
    }

    static func apply(_ suggestion: Suggestion, to world: AccessWorld) -> AccessWorld {
        var world = world
        switch suggestion {
        case .enable(let subject):
            for index in world.people.indices where world.people[index].subject == subject { world.people[index].isActive = true }
        case .extend(let grant, _, let holder, let startsLater):
            for index in world.given.indices where world.given[index].id == grant && world.given[index].holder == holder {
                if startsLater { world.given[index].validFrom = nil } else { world.given[index].expiresAt = nil }
            }
        case .widen(let grant, _, let holder, let scope):
            for index in world.given.indices where world.given[index].id == grant && world.given[index].holder == holder {
                world.given[index].scope = scope
            }
        case .assign(let role, let subject, let scope):
            world.given.append(AccessWorld.Given(id: "new", holder: subject, kind: .role(role), scope: scope))
        case .authorize(let subject, let permission):
            world.given.append(AccessWorld.Given(id: "new", holder: subject, kind: .permissions([permission])))
        case .remove(let grant, _, let holder): world.given.removeAll { $0.id == grant && $0.holder == holder }
        case .leave(let subject, let group):
            for index in world.people.indices where world.people[index].subject == subject {
                world.people[index].groups.removeAll { $0 == group }
            }
        }
        return world
    }
}
