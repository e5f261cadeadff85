import Access
import Audit
import Directory
import Grants
import Model
import Storage
import Testing

/// Groups and their members: what they are, who may change them, and that nobody gains by it what the caller could not grant.
@Suite struct GroupsTests {
    let world: World
    let groups: Groups
    let owner: Person

    init() async throws {
        world = try await World()
        groups = Groups(world.access)
        owner = try await world.makeOwner()
    }

    private func group(_ name: String, by person: Person? = nil) async throws -> EntityID {
        try await groups.create(NewGroup(name: name), idempotency: nil, caller: (person ?? owner).caller).value.id
    }

    private func member(_ kind: PrincipalKind, _ id: EntityID) -> PrincipalReference { PrincipalReference(kind: kind, id: id) }

    private func names(_ page: Page<GroupMember>) -> [String] { page.items.map(\.name) }

    /// Somebody with the role `user-admin`, signed in.
    private func admin(_ name: String = "adam") async throws -> Person {
        let person = try await world.makePerson(name, by: owner)
        try await world.give("user-admin", to: .user(person.id))
        return person
    }

    private func mayRead(_ type: String) -> Permission { Permission(resourceType: type, actions: ["read"]) }

    private func mayChange(_ group: EntityID) -> Permission {
        Permission(
            resourceType: "group", match: .id(group.text), actions: ["read", "update", "delete", "add-member", "remove-member"])
    }

    // MARK: The groups themselves

    @Test func `a group is there as it was asked for`() async throws {
        let made = try await groups.create(
            NewGroup(name: "Ünited Ops", description: "All of them"), idempotency: nil, caller: owner.caller)
        let group = made.value
        #expect(group.name == "Ünited Ops" && group.description == "All of them" && group.version == 1)
        #expect(try await groups.get(group.id, caller: owner.caller) == group)
        #expect(try await world.events().last?.action == "group.create")
    }

    @Test(arguments: [
        "", " ", "a\u{0}b", "line\nbreak", String(repeating: "x", count: 257), "0190f3c2-7d1e-7abc-8def-0123456789ab",
    ])
    func `a bad name is refused`(name: String) async throws {
        let codes = await fieldCodes { try await group(name) }
        #expect(codes.count == 1 && codes[0].hasPrefix("name "))
    }

    @Test func `names are given once, whatever their case`() async throws {
        let first = try await group("Ops")
        #expect(await fieldCodes { try await group("oPS") } == ["name taken"])
        let second = try await group("Others")
        var patch = GroupPatch()
        patch.name = .set("OPS")
        let change = patch
        #expect(
            await fieldCodes { try await groups.update(second, change, ifMatch: nil, caller: owner.caller) } == ["name taken"])
        let renamed = try await groups.update(first, change, ifMatch: 1, caller: owner.caller).value
        #expect(renamed.name == "OPS" && renamed.version == 2)
        #expect(
            await refusal { try await groups.update(first, change, ifMatch: 1, caller: owner.caller) } == .preconditionFailed)
    }

    @Test func `a repeated create answers the same group`() async throws {
        let key = IdempotencyKey(key: "k", requestHash: Array(repeating: 1, count: 32))
        let first = try await groups.create(NewGroup(name: "Ops"), idempotency: key, caller: owner.caller).value
        #expect(try await groups.create(NewGroup(name: "Ops"), idempotency: key, caller: owner.caller).value == first)
    }

    @Test func `the list is filtered, searched and sorted, and shows what the caller may read`() async throws {
        for name in ["Plant operators", "Plant-readers", "Night shift", "operations"] { _ = try await group(name) }
        func list(_ query: ListQuery, _ person: Person) async throws -> [String] {
            try await groups.list(query, caller: person.caller).items.map(\.name)
        }
        #expect(try await list(ListQuery(), owner) == ["Night shift", "operations", "Plant operators", "Plant-readers"])
        #expect(try await list(ListQuery(search: "op"), owner) == ["operations", "Plant operators"])
        #expect(try await list(ListQuery(search: "plant READ"), owner) == ["Plant-readers"])
        #expect(try await list(ListQuery(search: "lant"), owner) == [])
        #expect(try await list(ListQuery(filter: "name eq \"OPERATIONS\""), owner) == ["operations"])
        #expect(try await list(ListQuery(filter: "name co \"shift\"", sort: "-createdAt"), owner) == ["Night shift"])
        let reader = try await world.makePerson("rita", by: owner)
        #expect(try await list(ListQuery(), reader) == [])
        let seen = try await groups.list(ListQuery(filter: "name eq \"operations\""), caller: owner.caller).items[0].id
        try await world.authorize(.user(reader.id), [mayChange(seen)])
        let page = try await groups.list(ListQuery(), caller: reader.caller)
        #expect(page.items.map(\.name) == ["operations"] && page.total == 1)
        #expect(
            await refusal { try await groups.create(NewGroup(name: "x"), idempotency: nil, caller: reader.caller) }?.code
                == "forbidden")
    }

    @Test func `a group nobody may see is absent, one that is seen is not everybody's`() async throws {
        let id = try await group("Ops")
        let reader = try await world.makePerson("rita", by: owner)
        #expect(await refusal { try await groups.get(id, caller: reader.caller) } == .notFound)
        #expect(await refusal { try await groups.delete(id, ifMatch: nil, caller: reader.caller) } == .notFound)
        try await world.authorize(.user(reader.id), [mayRead("group")])
        #expect(try await groups.get(id, caller: reader.caller).name == "Ops")
        #expect(
            await refusal { try await groups.delete(id, ifMatch: nil, caller: reader.caller) }
                == .forbidden(permission: "group:delete"))
    }

    // MARK: Members

    @Test func `members come and go, and both may be said again`() async throws {
        let ann = try await world.makeUser("ann", by: owner)
        let outer = try await group("Outer")
        let inner = try await group("Inner")
        for _ in 0..<2 {
            _ = try await groups.add(.user(ann.id), to: inner, caller: owner.caller)
            _ = try await groups.add(member(.group, inner), to: outer, caller: owner.caller)
        }
        #expect(names(try await groups.members(of: outer, ListQuery(), caller: owner.caller)) == ["Inner"])
        #expect(try await world.account.profile(caller: world.enter("ann").caller).groups == ["Inner", "Outer"])
        for _ in 0..<2 { _ = try await groups.remove(.user(ann.id), from: inner, caller: owner.caller) }
        #expect(try await groups.members(of: inner, ListQuery(), caller: owner.caller).total == 0)
        let actions = try await world.events().map(\.action).filter { $0.hasPrefix("group.member") }
        #expect(actions == ["group.member.add", "group.member.add", "group.member.remove"])
    }

    @Test func `groups make no circle, however long`() async throws {
        let ids = [try await group("A"), try await group("B"), try await group("C")]
        _ = try await groups.add(member(.group, ids[1]), to: ids[0], caller: owner.caller)
        _ = try await groups.add(member(.group, ids[2]), to: ids[1], caller: owner.caller)
        for (inner, outer) in [(0, 0), (0, 1), (0, 2), (1, 2)] {
            #expect(
                await refusal { try await groups.add(member(.group, ids[inner]), to: ids[outer], caller: owner.caller) }?.code
                    == "conflict")
        }
    }

    @Test func `who is absent or invisible cannot be added, and is not listed`() async throws {
        let ann = try await world.makeUser("ann", by: owner)
        let ops = try await group("Ops")
        let manager = try await world.makePerson("mia", by: owner)
        try await world.authorize(.user(manager.id), [mayChange(ops)])
        for reference in [PrincipalReference.user(ann.id), member(.service, ann.id), .user(EntityID.make(at: world.clock.now()))]
        {
            #expect(await refusal { try await groups.add(reference, to: ops, caller: manager.caller) } == .notFound)
        }
        _ = try await groups.add(.user(ann.id), to: ops, caller: owner.caller)
        _ = try await groups.add(.user(manager.id), to: ops, caller: owner.caller)
        let seen = try await groups.members(of: ops, ListQuery(), caller: manager.caller)
        #expect(names(seen) == ["mia"] && seen.total == 1)
        #expect(names(try await groups.members(of: ops, ListQuery(), caller: owner.caller)) == ["ann", "mia"])
        #expect(
            names(
                try await groups.members(of: ops, ListQuery(filter: "kind eq \"user\" and name sw \"A\""), caller: owner.caller))
                == ["ann"])
    }

    @Test func `members are paged and counted`() async throws {
        let ops = try await world.makeGroup("Ops")
        for number in 0..<7 {
            let user = try await world.makeUser("user\(number)", password: nil, by: owner)
            _ = try await groups.add(.user(user.id), to: ops, caller: owner.caller)
        }
        var found: [String] = []
        var query = ListQuery(limit: 3)
        repeat {
            let page = try await groups.members(of: ops, query, caller: owner.caller)
            #expect(page.total == 7)
            found += names(page)
            query.after = page.nextCursor
        } while query.after != nil
        #expect(found == (0..<7).map { "user\($0)" })
    }

    @Test func `a deleted user leaves every group, a deleted group takes its grants along`() async throws {
        let ann = try await world.makePerson("ann", by: owner)
        let ops = try await world.makeGroup("Ops", of: [.user(ann.id)])
        let desk = try await world.makePerson("dora", by: owner)
        try await world.give("auditor", to: member(.group, ops))
        try await world.give("help-desk", to: .user(desk.id), scope: .group(ops.text))
        let taken = try await groups.consequencesOfDeleting(ops, caller: owner.caller)
        #expect(taken.members == 1 && taken.roleAssignments == 2 && taken.authorizations == 0)
        #expect(world.gate.allows(.auditRead, caller: ann.caller))
        #expect(world.gate.allows(.userResetPassword, on: ann.id.text, caller: desk.caller))
        _ = try await groups.delete(ops, ifMatch: 1, caller: owner.caller)
        #expect(!world.gate.allows(.auditRead, caller: ann.caller))
        #expect(!world.gate.allows(.userResetPassword, on: ann.id.text, caller: desk.caller))
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM membership")) == [0])
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM role_assignment WHERE role_id <> 'owner'")) == [0])
    }

    // MARK: Nobody confers what he does not hold

    @Test func `what a group and those around it hold is given by whoever holds it`() async throws {
        let adam = try await admin()
        let ann = try await world.makeUser("ann", by: owner)
        let plain = try await group("Plain", by: adam)
        let strong = try await group("Strong")
        let outer = try await group("Outer")
        try await world.give("auditor", to: member(.group, outer))
        _ = try await groups.add(member(.group, strong), to: outer, caller: owner.caller)
        _ = try await groups.add(.user(ann.id), to: plain, caller: adam.caller)
        // Neither directly, nor a group, nor himself.
        for reference in [PrincipalReference.user(ann.id), .user(adam.id), member(.group, plain)] {
            #expect(await refusal { try await groups.add(reference, to: strong, caller: adam.caller) }?.code == "forbidden")
        }
        try await world.give("auditor", to: .user(adam.id))
        _ = try await groups.add(.user(ann.id), to: strong, caller: adam.caller)
    }

    @Test func `runtime permissions are given by whoever may grant them`() async throws {
        let adam = try await admin()
        let ann = try await world.makeUser("ann", by: owner)
        let ops = try await group("Ops", by: adam)
        try await world.authorize(
            member(.group, ops), [Permission(resourceType: "mqtt-topic", actions: ["publish"])])
        #expect(await refusal { try await groups.add(.user(ann.id), to: ops, caller: adam.caller) }?.code == "forbidden")
        try await world.authorize(
            .user(adam.id), [Permission(resourceType: "resource-type", match: .id("mqtt-topic"), actions: ["grant"])])
        _ = try await groups.add(.user(ann.id), to: ops, caller: adam.caller)
    }

    @Test func `nobody is dragged into a group over which others have power that the caller has not`() async throws {
        let desk = try await world.makePerson("dora", by: owner)
        let boss = try await world.makePerson("bella", by: owner)
        let outer = try await group("Outer")
        let team = try await group("Team")
        _ = try await groups.add(member(.group, team), to: outer, caller: owner.caller)
        try await world.give("help-desk", to: .user(desk.id), scope: .group(outer.text))
        // She may put people into the group, and sees them, but has no power over them.
        try await world.authorize(.user(desk.id), [mayChange(team), mayRead("user"), mayRead("group")])
        #expect(await refusal { try await groups.add(.user(boss.id), to: team, caller: desk.caller) }?.code == "forbidden")
        let nested = try await world.makeGroup("Board", of: [.user(boss.id)])
        #expect(
            await refusal { try await groups.add(member(.group, nested), to: team, caller: desk.caller) }?.code == "forbidden")
        #expect(!world.gate.allows(.userResetPassword, on: boss.id.text, caller: desk.caller))
        // Who is within her reach already may be moved within it.
        let ann = try await world.makeUser("ann", by: owner)
        _ = try await groups.add(.user(ann.id), to: outer, caller: owner.caller)
        try await world.give("help-desk", to: .user(boss.id), scope: .group(team.text))
        _ = try await groups.add(.user(ann.id), to: team, caller: desk.caller)
        // And whoever has the power in the whole realm may hand it on.
        _ = try await groups.add(.user(boss.id), to: team, caller: try await admin().caller)
        #expect(world.gate.allows(.userResetPassword, on: boss.id.text, caller: desk.caller))
    }

    @Test func `nobody is freed of a deny that the caller could not lift`() async throws {
        let adam = try await admin()
        let ann = try await world.makeUser("ann", by: owner)
        let barred = try await group("Barred", by: adam)
        _ = try await groups.add(.user(ann.id), to: barred, caller: adam.caller)
        try await world.authorize(
            member(.group, barred), [Permission(effect: .deny, resourceType: "audit", actions: ["read"])])
        #expect(await refusal { try await groups.remove(.user(ann.id), from: barred, caller: adam.caller) }?.code == "forbidden")
        #expect(await refusal { try await groups.delete(barred, ifMatch: nil, caller: adam.caller) }?.code == "forbidden")
        _ = try await groups.remove(.user(ann.id), from: barred, caller: owner.caller)
        // Of nobody any more.
        _ = try await groups.delete(barred, ifMatch: nil, caller: adam.caller)
    }

    @Test func `nobody is taken out of the reach of a deny over members`() async throws {
        let adam = try await admin()
        let ann = try await world.makeUser("ann", by: owner)
        let closed = try await group("Closed", by: adam)
        _ = try await groups.add(.user(ann.id), to: closed, caller: adam.caller)
        try await world.authorize(
            .user(adam.id), [Permission(effect: .deny, resourceType: "user", actions: ["reset-password"])],
            scope: .group(closed.text))
        #expect(!world.gate.allows(.userResetPassword, on: ann.id.text, caller: adam.caller))
        #expect(await refusal { try await groups.remove(.user(ann.id), from: closed, caller: adam.caller) }?.code == "forbidden")
        #expect(await refusal { try await groups.delete(closed, ifMatch: nil, caller: adam.caller) }?.code == "forbidden")
        _ = try await groups.delete(closed, ifMatch: nil, caller: owner.caller)
    }

    @Test(arguments: ["subject.groups eq \"Plant\"", "not (subject.groups eq \"Plant\")"])
    func `where conditions read groups, membership and names are what they give`(condition: String) async throws {
        let adam = try await admin()
        let ann = try await world.makeUser("ann", by: owner)
        let plant = try await group("Plant", by: adam)
        let lunch = try await group("Lunch", by: adam)
        let holders = try await group("Holders")
        _ = try await groups.add(.user(ann.id), to: lunch, caller: adam.caller)
        try await world.authorize(
            member(.group, holders),
            [Permission(resourceType: "mqtt-topic", actions: ["publish"], condition: try Condition(parsing: condition))])
        _ = try await groups.add(.user(ann.id), to: holders, caller: owner.caller)
        var patch = GroupPatch()
        patch.name = .set("Supper")
        let rename = patch
        #expect(await refusal { try await groups.add(.user(ann.id), to: plant, caller: adam.caller) }?.code == "forbidden")
        #expect(
            await refusal { try await groups.add(member(.group, lunch), to: plant, caller: adam.caller) }?.code == "forbidden")
        #expect(await refusal { try await groups.remove(.user(ann.id), from: lunch, caller: adam.caller) }?.code == "forbidden")
        #expect(await refusal { try await groups.update(lunch, rename, ifMatch: nil, caller: adam.caller) }?.code == "forbidden")
        #expect(await refusal { try await groups.delete(lunch, ifMatch: nil, caller: adam.caller) }?.code == "forbidden")
        // A group that has nothing to do with it is as free as ever.
        _ = try await groups.update(plant, rename, ifMatch: nil, caller: adam.caller)
        _ = try await groups.add(member(.group, lunch), to: plant, caller: owner.caller)
    }

    @Test func `the last owner cannot be taken out of the group by which he owns`() async throws {
        let owners = try await group("Owners")
        _ = try await groups.add(.user(owner.id), to: owners, caller: owner.caller)
        try await world.give("owner", to: member(.group, owners))
        try await world.run(
            Statement("DELETE FROM role_assignment WHERE principal_id = $1", [.text(owner.id.text)]))
        let again = try await world.enter("olga")
        #expect(
            await refusal { try await groups.remove(.user(owner.id), from: owners, caller: again.caller) }?.code == "conflict")
        #expect(await refusal { try await groups.delete(owners, ifMatch: nil, caller: again.caller) }?.code == "conflict")
    }
}
