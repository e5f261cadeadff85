import Directory
import Grants
import Model
import Storage
import Testing

/// The list of users: words, filters, orders.
@Suite struct UserListTests {
    /// Olga the owner and six others.
    static func world() async throws -> (World, Person) {
        let world = try await World()
        let owner = try await world.makeOwner()
        let people: [(String, String?, String?)] = [
            ("ann", "Ann Berg", "ann.berg@acme.example"), ("jose", "Jos\u{e9} Nu\u{f1}ez", "jose@mail.example"),
            ("bergmann", "Clara", nil), ("zoe", "Zo\u{eb} O'Brien", "z@acme.example"), ("li", "\u{674E} \u{96F7}", nil),
            ("A.B-c_d", nil, nil),
        ]
        for (number, (username, name, email)) in people.enumerated() {
            world.clock.advance(seconds: 1)
            _ = try await world.users.create(
                NewUser(username: username, name: name, email: email, password: number == 2 ? nil : World.password),
                idempotency: nil,
                caller: owner.caller)
        }
        return (world, owner)
    }

    static func names(_ world: World, _ owner: Person, _ query: ListQuery) async throws -> [String] {
        try await world.users.list(query, caller: owner.caller).items.map(\.username)
    }

    @Test(
        arguments: [
            ("ann", ["ann"]), ("ANN", ["ann"]), ("berg", ["ann", "bergmann"]), ("BERG ann", ["ann"]), ("berg acme", ["ann"]),
            ("acme", ["ann", "zoe"]),
            ("ann nobody", []), ("jose", ["jose"]), ("jos\u{e9}", ["jose"]), ("jose\u{301}", ["jose"]), ("nunez", ["jose"]),
            ("N\u{dc}\u{d1}EZ", ["jose"]),
            ("zoe", ["zoe"]), ("brien", ["zoe"]), ("o'b", ["zoe"]), ("\u{674E}", ["li"]), ("\u{96F7}", ["li"]), ("erg", []),
            ("nn", []),
            ("ann.berg@acme.example", ["ann"]), ("example", ["ann", "jose", "zoe"]), ("b-c", ["A.B-c_d"]), ("d", ["A.B-c_d"]),
            ("%", []), ("_", []),
            ("", ["A.B-c_d", "ann", "bergmann", "jose", "li", "olga", "zoe"]),
            ("   ", ["A.B-c_d", "ann", "bergmann", "jose", "li", "olga", "zoe"]),
            ("a", ["A.B-c_d", "ann", "zoe"]), ("a a a", ["A.B-c_d", "ann", "zoe"]), ("ann ann.berg berg acme example", ["ann"]),
            ("' OR 1=1", []),
            (String(repeating: "x", count: 10_000), []),
        ] as [(String, [String])])
    func `each word must begin a word of the names or the e-mail`(search: String, found: [String]) async throws {
        let (world, owner) = try await Self.world()
        let page = try await world.users.list(ListQuery(search: search, sort: "username"), caller: owner.caller)
        #expect(page.items.map(\.username) == found)
        #expect(page.total == found.count)
    }

    @Test func `words follow a change of the names`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try #require(try await world.users.list(ListQuery(search: "ann"), caller: owner.caller).items.first)
        _ = try await world.users.update(
            ann.id,
            UsersTests.patch {
                $0.name = .set("Dora Klein")
                $0.email = .clear
            }, ifMatch: nil, caller: owner.caller)
        #expect(try await Self.names(world, owner, ListQuery(search: "klein")) == ["ann"])
        #expect(try await Self.names(world, owner, ListQuery(search: "berg")) == ["bergmann"])
        #expect(try await Self.names(world, owner, ListQuery(search: "acme")) == ["zoe"])
    }

    @Test(
        arguments: [
            (#"username eq "ANN""#, ["ann"]), (#"username sw "a""#, ["A.B-c_d", "ann"]), (#"name co "berg""#, ["ann"]),
            (#"name eq "jos\#u{c9} nu\#u{d1}ez""#, ["jose"]),
            ("name pr", ["ann", "bergmann", "jose", "li", "olga", "zoe"]), ("not (name pr)", ["A.B-c_d"]),
            ("email eq null", ["A.B-c_d", "bergmann", "li", "olga"]),
            (#"email ew "@ACME.example""#, ["ann", "zoe"]), (#"not (email ew "@acme.example")"#, ["jose"]),
            ("emailVerified eq true", []),
            (#"status eq "invited""#, ["bergmann"]), (#"status ne "active""#, ["bergmann"]),
            (#"store eq "BUILTIN" and username eq "li""#, ["li"]),
            (#"createdAt gt "2026-09-21T14:13:25Z""#, ["A.B-c_d"]), ("lastSignInAt pr", ["olga"]), (#"name eq "Jose Nunez""#, []),
            (#"username eq "ann" or (username eq "li" and not (status eq "disabled"))"#, ["ann", "li"]),
        ] as [(String, [String])])
    func `a filter finds users`(filter: String, found: [String]) async throws {
        let (world, owner) = try await Self.world()
        #expect(try await Self.names(world, owner, ListQuery(filter: filter, sort: "username")) == found)
    }

    @Test func `an id is found in any case`() async throws {
        let (world, owner) = try await Self.world()
        #expect(try await Self.names(world, owner, ListQuery(filter: "id eq \"\(owner.id.text.uppercased())\"")) == ["olga"])
    }

    @Test func `the status is what holds now, locked included`() async throws {
        let (world, owner) = try await Self.world()
        let zoe = try #require(try await world.users.list(ListQuery(search: "zoe"), caller: owner.caller).items.first)
        _ = try await world.users.disable(zoe.id, ifMatch: nil, caller: owner.caller)
        for _ in 0..<10 { _ = await refusal { try await world.enter("ann", password: "wrong") } }
        func names(_ status: String) async throws -> [String] {
            try await Self.names(world, owner, ListQuery(filter: "status eq \"\(status)\"", sort: "username"))
        }
        #expect(try await names("locked") == ["ann"])
        #expect(try await names("ACTIVE") == ["A.B-c_d", "jose", "li", "olga"])
        #expect(try await names("disabled") == ["zoe"])
        #expect(try await names("invited") == ["bergmann"])
        #expect(
            try await Self.names(world, owner, ListQuery(filter: #"not (status eq "locked")"#, sort: "username"))
                == ["A.B-c_d", "bergmann", "jose", "li", "olga", "zoe"])
        let overview = try await world.users.overview(caller: owner.caller)
        #expect(
            overview.users == 7 && overview.active == 4 && overview.disabled == 1 && overview.locked == 1 && overview.invited == 1
        )
        #expect(overview.sessions == 1 && overview.signInsToday == 1 && overview.failuresToday == 10)
        world.clock.advance(seconds: 30)
        #expect(try await names("locked") == [])
        #expect(try await names("active") == ["A.B-c_d", "ann", "jose", "li", "olga"])
        #expect((await refusal { try await names("broken") })?.code == "malformed")
    }

    @Test(
        arguments: [
            (nil, ["A.B-c_d", "ann", "bergmann", "jose", "li", "olga", "zoe"]),
            ("-username", ["zoe", "olga", "li", "jose", "bergmann", "ann", "A.B-c_d"]),
            ("name", ["A.B-c_d", "ann", "bergmann", "jose", "olga", "zoe", "li"]),
            ("createdAt", ["olga", "ann", "jose", "bergmann", "zoe", "li", "A.B-c_d"]),
            ("-updatedAt", ["A.B-c_d", "li", "zoe", "bergmann", "jose", "ann", "olga"]),
            ("-lastSignInAt,username", ["olga", "A.B-c_d", "ann", "bergmann", "jose", "li", "zoe"]),
            ("-email,-username", ["zoe", "jose", "ann", "olga", "li", "bergmann", "A.B-c_d"]),
        ] as [(String?, [String])])
    func `the order is the one asked for, in pages of any size`(sort: String?, expected: [String]) async throws {
        let (world, owner) = try await Self.world()
        for limit in [2, 100] {
            var query = ListQuery(sort: sort, limit: limit)
            var found: [String] = []
            repeat {
                let page = try await world.users.list(query, caller: owner.caller)
                found += page.items.map(\.username)
                query.after = page.nextCursor
            } while query.after != nil && found.count < 20
            #expect(found == expected)
        }
    }

    @Test func `words, filter and order work together over pages`() async throws {
        let (world, owner) = try await Self.world()
        var query = ListQuery(filter: #"email pr and not (username eq "jose")"#, search: "a", sort: "-username", limit: 1)
        let first = try await world.users.list(query, caller: owner.caller)
        #expect(first.items.map(\.username) == ["zoe"] && first.total == 2)
        query.after = first.nextCursor
        let second = try await world.users.list(query, caller: owner.caller)
        #expect(second.items.map(\.username) == ["ann"] && second.position == 1 && second.nextCursor == nil)
        query.after = second.previousCursor
        #expect(try await world.users.list(query, caller: owner.caller).items.map(\.username) == ["zoe"])
    }

    @Test func `a cursor of one caller or list is nothing for another`() async throws {
        let (world, owner) = try await Self.world()
        let second = try await world.makePerson("second", by: owner)
        try await world.makeOwner(of: second.id)
        let cursor = try #require(try await world.users.list(ListQuery(limit: 1), caller: owner.caller).nextCursor)
        #expect(
            (await refusal { try await world.users.list(ListQuery(limit: 1, after: cursor), caller: second.caller) })?.code
                == "malformed")
        #expect(
            (await refusal { try await world.audit.list(ListQuery(limit: 1, after: cursor), caller: owner.caller) })?.code
                == "malformed")
        #expect(try await world.users.list(ListQuery(limit: 1, after: cursor), caller: owner.caller).items.count == 1)
    }

    @Test(arguments: ["password eq \"x\"", "attributes.team eq \"x\"", "version eq 1", "realm_id eq \"main\"", "p.id eq \"x\""])
    func `only the fields of the list can be asked for`(filter: String) async throws {
        let (world, owner) = try await Self.world()
        #expect(
            (await refusal { try await world.users.list(ListQuery(filter: filter), caller: owner.caller) })?.code == "malformed")
    }

    @Test(
        arguments: [
            (#"action eq "USER.CREATE""#, 6), (#"outcome eq "success""#, 8), (#"outcome eq "failure""#, 0),
            (#"actor.kind eq "user" and action sw "session.""#, 1),
            (#"target.kind pr"#, 8), (#"time gt "2026-09-21T14:13:25Z""#, 1), (#"requestId eq "request-1""#, 2),
            ("not (actor.id pr)", 0),
        ] as [(String, Int)])
    func `the record can be filtered`(filter: String, count: Int) async throws {
        let (world, owner) = try await Self.world()
        #expect(try await world.audit.list(ListQuery(filter: filter, limit: 100), caller: owner.caller).total == count)
        #expect((await refusal { try await world.audit.list(ListQuery(search: "x"), caller: owner.caller) })?.code == "malformed")
    }
}
