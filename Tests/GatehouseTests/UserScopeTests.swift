import Access
import Authentication
import Directory
import Grants
import Model
import Storage
import Testing

/// Administrators of a part of the users: what they see is exact, and power stays with those who have it.
@Suite struct UserScopeTests {
    let world: World
    let owner: Person

    init() async throws {
        world = try await World()
        owner = try await world.makeOwner()
    }

    /// A help desk of one group with `count` members, one of them by a nested group.
    private func desk(_ count: Int) async throws -> (Person, [User]) {
        var members: [User] = []
        for number in 0..<count { members.append(try await world.makeUser("member\(number)", by: owner)) }
        let inner = try await world.makeGroup("Inner", of: members.suffix(1).map { .user($0.id) })
        let team = try await world.makeGroup(
            "Team", of: members.dropLast().map { .user($0.id) } + [PrincipalReference(kind: .group, id: inner)])
        let desk = try await world.makePerson("dora", by: owner)
        try await world.give("help-desk", to: .user(desk.id), scope: .group(team.text))
        return (desk, members)
    }

    @Test func `lists, pages, totals and exports hold the members and oneself`() async throws {
        let (desk, members) = try await desk(5)
        for number in 0..<4 { try await world.makeUser("other\(number)", by: owner) }
        let wanted = ["dora"] + members.map(\.username).sorted()
        var found: [String] = []
        var query = ListQuery(limit: 2)
        repeat {
            let page = try await world.users.list(query, caller: desk.caller)
            #expect(page.total == wanted.count)
            found += page.items.map(\.username)
            query.after = page.nextCursor
        } while query.after != nil
        #expect(found == wanted)
        #expect(try await world.users.list(ListQuery(search: "other"), caller: desk.caller).total == 0)
        #expect(try await world.users.list(ListQuery(search: "member"), caller: desk.caller).total == 5)
        #expect(try await world.users.list(ListQuery(filter: "username sw \"o\""), caller: desk.caller).items.isEmpty)
        let overview = try await world.users.overview(caller: desk.caller)
        #expect(overview.users == 6 && overview.active == 6 && overview.sessions == 1 && overview.signIns.isEmpty)
        var text = ""
        for try await piece in try await world.exports.begin(UserExportOptions(format: .csv), caller: desk.caller) {
            text += String(decoding: piece, as: UTF8.self)
        }
        #expect(text.split(separator: "\r\n").dropFirst().map { String($0.prefix { $0 != "," }) }.sorted() == wanted.sorted())
    }

    @Test func `a desk resets its members and nobody else, and says nothing of a bad password before`() async throws {
        let (desk, members) = try await desk(2)
        let other = try await world.makeUser("other", by: owner)
        for member in members {
            _ = try await world.users.setPassword(
                member.id, password: "nine slow otters in rain", mustChange: false, caller: desk.caller)
        }
        #expect(
            await refusal {
                try await world.users.setPassword(other.id, password: "x", mustChange: false, caller: desk.caller)
            } == .notFound)
        // Somebody of the team who holds more than the desk.
        try await world.give("auditor", to: .user(members[0].id))
        #expect(
            await refusal {
                try await world.users.setPassword(members[0].id, password: "x", mustChange: false, caller: desk.caller)
            } == .forbidden(permission: "user:reset-password"))
        #expect(await refusal { try await world.users.unlock(members[0].id, caller: desk.caller) }?.code == "forbidden")
        #expect(await refusal { try await world.users.endSessions(of: members[0].id, caller: desk.caller) }?.code == "forbidden")
        #expect(
            await fieldCodes {
                try await world.users.setPassword(members[1].id, password: "x", mustChange: false, caller: desk.caller)
            } == ["password too_short"])
    }

    @Test func `what somebody signs in with and is reached by is changed by the more powerful, a name by anybody who may`()
        async throws
    {
        let adam = try await world.makePerson("adam", by: owner)
        try await world.give("user-admin", to: .user(adam.id))
        let boss = try await world.makeUser("bella", by: owner)
        try await world.give("auditor", to: .user(boss.id))
        func change(_ patch: UserPatch) async -> String? {
            await refusal { try await world.users.update(boss.id, patch, ifMatch: nil, caller: adam.caller) }?.code
        }
        #expect(await change(UsersTests.patch { $0.username = .set("other") }) == "forbidden")
        #expect(await change(UsersTests.patch { $0.username = .set("no good") }) == "forbidden")
        #expect(await change(UsersTests.patch { $0.email = .set("a@b.org") }) == "forbidden")
        #expect(await change(UsersTests.patch { $0.email = .set("nowhere") }) == "forbidden")
        #expect(await change(UsersTests.patch { $0.attributes = .set(JSONObject([("x", .integer(1))])) }) == nil)
        // Said again as it is, it is no change.
        #expect(await change(UsersTests.patch { $0.username = .set("bella") }) == nil)
        #expect(await change(UsersTests.patch { $0.name = .set("Bella") }) == nil)
        #expect(
            await refusal {
                try await world.account.update(
                    UsersTests.patch { $0.email = .set("a@b.org") }, ifMatch: nil, caller: world.enter("bella").caller)
            } == nil)
    }

    @Test func `attributes and names that permissions read are changed by those who could grant them`() async throws {
        let adam = try await world.makePerson("adam", by: owner)
        try await world.give("user-admin", to: .user(adam.id))
        let team = try await world.makeGroup("Team", of: [.user(adam.id)])
        try await world.authorize(
            PrincipalReference(kind: .group, id: team),
            [
                Permission(
                    resourceType: "mqtt-topic", match: .pattern(try Pattern("plant/${attribute.site}/#", syntax: .topic)),
                    actions: ["publish"]),
                Permission(
                    resourceType: "http-endpoint", actions: ["GET"],
                    condition: try Condition(parsing: "subject.clearance ge 3")),
                Permission(resourceType: "http-endpoint", match: .property("team", subject: "team"), actions: ["PUT"]),
                Permission(
                    resourceType: "mqtt-topic", match: .pattern(try Pattern("home/${username}/#", syntax: .topic)),
                    actions: ["subscribe"]),
            ])
        func change(_ patch: UserPatch) async -> String? {
            await refusal { try await world.users.update(adam.id, patch, ifMatch: nil, caller: adam.caller) }?.code
        }
        for name in ["site", "clearance", "team"] {
            #expect(
                await change(UsersTests.patch { $0.attributes = .set(JSONObject([(name, .string("x"))])) }) == "forbidden",
                "\(name)")
        }
        #expect(await change(UsersTests.patch { $0.username = .set("eve") }) == "forbidden")
        #expect(await change(UsersTests.patch { $0.attributes = .set(JSONObject([("colour", .string("red"))])) }) == nil)
        try await world.authorize(
            .user(adam.id), [Permission(resourceType: "resource-type", actions: ["grant"])])
        #expect(await change(UsersTests.patch { $0.attributes = .set(JSONObject([("site", .string("x"))])) }) == nil)
        #expect(await change(UsersTests.patch { $0.username = .set("eve") }) == nil)
    }

    @Test func `nobody makes a condition true for himself`() async throws {
        let adam = try await world.makePerson("adam", by: owner)
        try await world.give("user-admin", to: .user(adam.id))
        try await world.authorize(
            .user(adam.id),
            [
                Permission(
                    resourceType: "audit", actions: ["read"], condition: try Condition(parsing: "subject.clearance ge 3"))
            ])
        let patch = UsersTests.patch { $0.attributes = .set(JSONObject([("clearance", .integer(3))])) }
        #expect(
            await refusal { try await world.users.update(adam.id, patch, ifMatch: nil, caller: adam.caller) }?.code == "forbidden"
        )
        try await world.give("auditor", to: .user(adam.id))
        #expect(await refusal { try await world.users.update(adam.id, patch, ifMatch: nil, caller: adam.caller) } == nil)
    }

    @Test func `nobody is renamed into the reach of others`() async throws {
        let adam = try await world.makePerson("adam", by: owner)
        try await world.authorize(.user(adam.id), [Permission(resourceType: "user", actions: ["read", "update"])])
        let boss = try await world.makePerson("bella", by: owner)
        try await world.authorize(
            .user(adam.id),
            [
                Permission(
                    resourceType: "user", actions: ["reset-password"],
                    condition: try Condition(parsing: "resource.username sw \"team-\""))
            ])
        let rename = UsersTests.patch { $0.username = .set("team-bella") }
        #expect(
            await refusal { try await world.users.update(boss.id, rename, ifMatch: nil, caller: adam.caller) }?.code
                == "forbidden")
        _ = try await world.users.update(boss.id, rename, ifMatch: nil, caller: owner.caller)
        #expect(world.gate.allows(.userResetPassword, on: boss.id.text, caller: adam.caller))
    }

    @Test func `an import changes no more than its caller may, and not the last owner who owns by a group`() async throws {
        let adam = try await world.makePerson("adam", by: owner)
        try await world.give("user-admin", to: .user(adam.id))
        let boss = try await world.makeUser("bella", by: owner)
        let owners = try await world.makeGroup("Owners", of: [.user(boss.id), .user(owner.id)])
        try await world.give("owner", to: PrincipalReference(kind: .group, id: owners))
        try await world.makeUser("plain", by: owner)
        let run = try await world.importing(
            Pieces("username,email\nbella,b@example.org\nplain,p@example.org\n"), onConflict: .update, by: adam)
        #expect(run.counts == [0, 1, 0, 1] && run.lines == ["1  forbidden"])
        let second = try await world.enter("olga")
        // Still signed in, she could not sign in again.
        try await world.run(Statement("DELETE FROM credential WHERE principal_id = $1", [.text(owner.id.text)]))
        let last = try await world.importing(
            Pieces("username,status\nbella,disabled\n"), onConflict: .update, by: second)
        #expect(last.lines == ["1 status last_owner"])
    }
}
