import Access
import Testing

/// What a list shows is what single decisions allow, object by object.
@Suite struct ListScopeTests {
    /// One object of a list, as its query sees it.
    private struct Row {
        let id: String
        let groups: [String]
        /// The fields that filters may name.
        let fields: [String: AttributeValue]
    }

    private static func rows(_ type: String, of world: AccessWorld) -> [Row] {
        switch type {
        case "user", "service", "device":
            return world.people.filter { $0.subject.kind == type }.map { person in
                Row(
                    id: person.subject.id, groups: person.groups,
                    fields: ["id": .string(person.subject.id), "username": .string(person.name)])
            }
        case "group": return world.teams.map { Row(id: $0.id, groups: $0.groups, fields: ["id": .string($0.id)]) }
        default: return (RandomWorld.ids[type] ?? []).map { Row(id: $0, groups: [], fields: ["id": .string($0)]) }
        }
    }

    /// As a query would: what is unknown is not listed, and `not` keeps it unknown.
    private static func holds(_ scope: ListScope, _ row: Row) -> Truth {
        switch scope {
        case .all: .yes
        case .none: .no
        case .ids(let ids): Truth(ids.contains { $0.utf8.elementsEqual(row.id.utf8) })
        case .prefix(let prefix): Truth(row.id.utf8.starts(with: prefix.utf8))
        case .members(let groups): Truth(row.groups.contains { groups.contains($0) })
        case .filter(let filter): holds(filter, row)
        case .and(let parts): parts.map { holds($0, row) }.reduce(.yes, both)
        case .or(let parts): parts.map { holds($0, row).negated }.reduce(.yes, both).negated
        case .not(let part): holds(part, row).negated
        }
    }

    private static func both(_ one: Truth, _ other: Truth) -> Truth {
        if one == .no || other == .no { return .no }
        return one == .yes && other == .yes ? .yes : .unknown
    }

    private static func holds(_ filter: Filter, _ row: Row) -> Truth {
        switch filter {
        case .present(let path): return Truth(row.fields[path]?.isPresent ?? false)
        case .and(let left, let right): return both(holds(left, row), holds(right, row))
        case .or(let left, let right): return both(holds(left, row).negated, holds(right, row).negated).negated
        case .not(let inner): return holds(inner, row).negated
        case .compare(let path, let comparison, let literal):
            let found = row.fields[path]
            let other: AttributeValue
            switch literal {
            case .null: return Truth((found?.isPresent ?? false) == (comparison == .notEqual))
            case .string(let text): other = .string(text)
            case .integer(let number): other = .integer(number)
            case .number(let number): other = .number(number)
            case .bool(let flag): other = .bool(flag)
            }
            return found?.compared(comparison, with: other) ?? .unknown
        }
    }

    @Test func `a list shows exactly what each object's own decision allows`() {
        var shown = 0
        var hidden = 0
        for seed in 0..<UInt64(EngineAgreementTests.isLong ? 10_000 : 300) {
            var random = RandomWorld(seed: seed, isListable: true)
            let world = random.make()
            let snapshot = world.snapshot()
            for _ in 0..<12 {
                let type = random.type()
                let asked = random.question(about: type)
                let scope = snapshot.listScope(asked.subject, action: asked.action, type: type, at: asked.time)
                for row in Self.rows(type, of: world) {
                    let question = Question(
                        subject: asked.subject, action: asked.action, resourceType: type, resourceID: row.id, time: asked.time)
                    let expected = NaiveEvaluator(world, question).allows()
                    if expected { shown += 1 } else { hidden += 1 }
                    if (Self.holds(scope, row) == .yes) != expected {
                        Issue.record(
                            "seed \(seed): expected \(expected) in \(scope) for \(EngineAgreementTests.describe(question))")
                        return
                    }
                }
            }
        }
        #expect(shown > 1000 && hidden > 1000, "\(shown) shown, \(hidden) hidden")
    }

    @Test func `a list never shows what a decision denies, whatever cannot be put into it`() {
        for seed in 0..<UInt64(EngineAgreementTests.isLong ? 5_000 : 150) {
            var random = RandomWorld(seed: seed)
            let world = random.make()
            let snapshot = world.snapshot()
            for _ in 0..<12 {
                let type = random.pick(["user", "group", "service", "device", "organization", "role"], or: "user")
                let asked = random.question(about: type)
                let scope = snapshot.listScope(asked.subject, action: asked.action, type: type, at: asked.time)
                for row in Self.rows(type, of: world) where Self.holds(scope, row) == .yes {
                    let question = Question(
                        subject: asked.subject, action: asked.action, resourceType: type, resourceID: row.id, time: asked.time)
                    if !NaiveEvaluator(world, question).allows() {
                        Issue.record("seed \(seed): \(scope) shows \(EngineAgreementTests.describe(question))")
                        return
                    }
                }
            }
        }
    }

    @Test(
        arguments: [
            ([Permission(resourceType: "user", actions: ["read"])], ["u1", "u2", "u3", "u10"]),
            ([Permission(resourceType: "user", match: .id("u2"), actions: ["read"])], ["u2"]),
            ([Permission(resourceType: "user", actions: ["update"])], []),
            ([Permission(resourceType: "group", actions: ["read"])], []),
            (
                [
                    Permission(resourceType: "user", actions: ["read"]),
                    Permission(effect: .deny, resourceType: "user", match: .id("u2"), actions: ["read"]),
                ], ["u1", "u3", "u10"]
            ),
            ([], []),
        ] as [([Permission], [String])])
    func `a narrowed token lists no more than it is narrowed to`(narrowing: [Permission], ids: [String]) {
        var random = RandomWorld(seed: 3)
        var world = random.make()
        world.given = [AccessWorld.Given(id: "1", holder: RandomWorld.subjects[0], kind: .role("owner"))]
        for index in world.people.indices { world.people[index].isActive = true }
        let scope = world.snapshot().listScope(
            RandomWorld.subjects[0], action: "read", type: "user", at: 5, narrowing: narrowing)
        #expect(Set(Self.rows("user", of: world).filter { Self.holds(scope, $0) == .yes }.map(\.id)) == Set(ids))
    }
}
