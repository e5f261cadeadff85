import Access
import Testing

/// Whatever the one rule of conferring lets somebody do, he may do nothing on the management plane afterwards that he could not do before,
/// and neither may anybody else do what he could not.
@Suite struct ConferringPropertyTests {
    /// Worlds without what the rule does not look at: conditions and properties that read which groups and roles one has are the
    /// matter of whoever writes memberships.
    private static func world(_ random: inout RandomWorld) -> AccessWorld {
        var world = random.make()
        func reads(_ permission: Permission) -> Bool {
            !permission.subjectAttributes.isDisjoint(with: ["groups", "roles"])
        }
        world.roles = world.roles.map { role in
            Role(
                id: role.id, name: role.name, permissions: role.permissions.filter { !reads($0) }, includes: role.includes)
        }
        for index in world.given.indices {
            if case .permissions(let permissions) = world.given[index].kind {
                world.given[index].kind = .permissions(permissions.filter { !reads($0) })
            }
        }
        return world
    }

    private static let now: Int64 = 5
    private static let managed = ["user", "group", "service", "device", "organization", "role", "resource-type"]

    /// Every question about the management plane in these small worlds, now and later.
    private static func questions(_ subject: Subject, at time: Int64) -> [Question] {
        managed.flatMap { type in
            (RandomWorld.actions[type] ?? []).flatMap { action in
                ((RandomWorld.ids[type] ?? []).map(Optional.some) + [nil]).map { id in
                    Question(subject: subject, action: action, resourceType: type, resourceID: id, time: time)
                }
            }
        }
    }

    private static func allowed(_ snapshot: Snapshot, _ subject: Subject) -> Set<String> {
        var allowed = Set<String>()
        for time in [now, 7, 10] {
            for question in questions(subject, at: time) where Access.Engine(snapshot).allows(question) {
                allowed.insert("\(question.action) \(question.resourceType) \(question.resourceID ?? "-") at \(time)")
            }
        }
        return allowed
    }

    /// A grant given to `holder`, or one of his taken away, or one of his replaced.
    private static func change(_ world: AccessWorld, _ holder: Subject, _ random: inout RandomWorld) -> AccessWorld {
        var changed = world
        let held = world.given.indices.filter { world.given[$0].holder == holder }
        if random.roll(3), let place = held.randomElement(using: &random.generator) { changed.given.remove(at: place) }
        if random.roll(4) { return changed }
        let new = random.given("new")
        changed.given.append(
            AccessWorld.Given(
                id: "new", holder: holder, kind: new.kind, scope: new.scope, validFrom: new.validFrom, expiresAt: new.expiresAt))
        if case .permissions(let permissions) = new.kind {
            let kept = permissions.filter { $0.subjectAttributes.isDisjoint(with: ["groups", "roles"]) }
            changed.given[changed.given.count - 1].kind = .permissions(kept)
        }
        return changed
    }

    private static func held(_ world: AccessWorld, _ holder: Subject) -> [HeldPermission] {
        let engine = Access.Engine(world.snapshot())
        return world.holdings(of: holder).grants.flatMap { engine.expand($0) }
    }

    @Test func `nobody gets more for himself than he had`() throws {
        var changes = 0
        for seed in 0..<UInt64(EngineAgreementTests.isLong ? 20_000 : 120) {
            var random = RandomWorld(seed: seed, isListable: !seed.isMultiple(of: 3))
            let world = Self.world(&random)
            let caller = random.pick(RandomWorld.subjects, or: RandomWorld.subjects[0])
            let snapshot = world.snapshot()
            guard let facts = snapshot.principal(caller) else { continue }
            let conferring = Conferring(caller: facts, facts: snapshot, at: Self.now)
            var before: Set<String>?
            for _ in 0..<6 {
                // To himself, or to a group that he is in.
                let groups = facts.groups.map { Subject(kind: "group", id: $0) }
                let holder = random.pick([caller, caller] + groups, or: caller)
                let changed = Self.change(world, holder, &random)
                guard conferring.refusal(before: Self.held(world, holder), after: Self.held(changed, holder)) == nil else {
                    continue
                }
                changes += 1
                let had = before ?? Self.allowed(snapshot, caller)
                before = had
                let gained = Self.allowed(changed.snapshot(), caller).subtracting(had)
                if !gained.isEmpty {
                    Issue.record("seed \(seed): \(caller) gains \(gained.sorted()) by \(changed.given) from \(world.given)")
                    return
                }
            }
        }
        #expect(changes > 150, "\(changes)")
    }

    @Test func `nobody gives others what he may not do himself`() {
        var given = 0
        for seed in 0..<UInt64(EngineAgreementTests.isLong ? 20_000 : 120) {
            var random = RandomWorld(seed: seed, isListable: !seed.isMultiple(of: 3))
            let world = Self.world(&random)
            let caller = RandomWorld.subjects[0]
            let other = RandomWorld.subjects[1]
            let snapshot = world.snapshot()
            guard let facts = snapshot.principal(caller) else { continue }
            let conferring = Conferring(caller: facts, facts: snapshot, at: Self.now)
            for _ in 0..<6 {
                let changed = Self.change(world, other, &random)
                let (before, after) = (Self.held(world, other), Self.held(changed, other))
                guard conferring.refusal(before: before, after: after) == nil else { continue }
                // What is written of the one who holds it means something else for each.
                guard
                    (before + after).allSatisfy({ $0.permission.subjectAttributes.isEmpty && !Self.usesVariables($0.permission) })
                else { continue }
                given += 1
                let gained = Self.allowed(changed.snapshot(), other).subtracting(Self.allowed(snapshot, other))
                let beyond = gained.subtracting(Self.allowed(snapshot, caller))
                if !beyond.isEmpty {
                    Issue.record("seed \(seed): \(other) gains \(beyond.sorted()) by \(changed.given) from \(world.given)")
                    return
                }
            }
        }
        #expect(given > 20, "\(given)")
    }

    private static func usesVariables(_ permission: Permission) -> Bool {
        if case .pattern(let pattern) = permission.match { return !pattern.variables.isEmpty }
        return false
    }
}
