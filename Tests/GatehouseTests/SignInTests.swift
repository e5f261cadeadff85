@testable import Authentication
import Audit
import Directory
import Model
import Storage
import Testing

/// Signing in with a name and a password.
@Suite struct SignInTests {
    @Test func `the right password opens a session`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        #expect(owner.token.hasPrefix("ghs_") && owner.token.utf8.count == 47)
        let found = try #require(try await world.sessions.resolve(token: owner.token, realm: .main))
        #expect(found.principal == .user(owner.id))
        let session = try #require(found.session)
        #expect(session.assurance == Assurance(methods: ["pwd"], authenticatedAt: world.clock.now()))
        #expect(session.address == World.home && session.agent == "tests")
        #expect(try await world.users.get(owner.id, caller: owner.caller).lastSignInAt == world.clock.now())
    }

    @Test func `the name is found whatever its case`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner("Olga.Owner")
        #expect(try await world.enter("OLGA.oWNER").id == owner.id)
    }

    @Test func `the password is compared as typed, after NFC`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        try await world.makeUser("ann", password: "caf\u{e9} with purple lanterns", by: owner)
        _ = try await world.enter("ann", password: "cafe\u{301} with purple lanterns")
        for wrong in ["cafe with purple lanterns", "Caf\u{e9} with purple lanterns", " caf\u{e9} with purple lanterns"] {
            await #expect(throws: ServiceError.invalidCredentials) { try await world.enter("ann", password: wrong) }
        }
    }

    @Test func `unknown, wrong, disabled, deleted and invited people are refused alike`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        try await world.makeUser("wrong", by: owner)
        let disabled = try await world.makeUser("disabled", by: owner)
        _ = try await world.users.disable(disabled.id, ifMatch: nil, caller: owner.caller)
        try await world.makeUser("invited", password: nil, by: owner)
        let deleted = try await world.makeUser("deleted", by: owner)
        _ = try await world.users.delete(deleted.id, ifMatch: nil, caller: owner.caller)
        for (name, password) in [
            ("nobody", World.password), ("wrong", "not the password"), ("disabled", World.password), ("invited", World.password),
            ("invited", ""), ("deleted", World.password), ("", ""), ("wrong", ""), (deleted.id.text, World.password),
        ] {
            await #expect(throws: ServiceError.invalidCredentials, "\(name)") { try await world.enter(name, password: password) }
        }
        #expect(world.record.totals[.refused] == 9)
        #expect(world.record.totals[.success] == 1)
    }

    @Test(arguments: [
        (String(repeating: "x", count: 1_000_000), World.password), ("olga", String(repeating: "x", count: 1_000_000)),
        ("olga\u{0}", World.password), ("olga", World.password + "\u{0}"), ("\u{1F600}", "\u{301}"), ("' OR 1=1 --", "x"),
        ("ol%", World.password),
    ])
    func `odd input is refused like any other`(name: String, password: String) async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        await #expect(throws: ServiceError.invalidCredentials) { try await world.enter(name, password: password) }
    }

    @Test func `a name of another realm does not sign in here`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        await #expect(throws: ServiceError.invalidCredentials) {
            try await world.signIn.signIn(
                username: "olga", password: World.password, caller: world.stranger(realm: RealmID("other")))
        }
    }

    @Test func `a hash made with other work is renewed by the sign-in`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let stronger = PasswordHasher(cost: .init(passes: 2, memory: 16_384), threads: 1, waiting: 4)
        defer { stronger.end() }
        let old = try await stronger.hash(World.password)
        #expect(world.hasher.needsRehash(old))
        try await world.run(
            Statement("UPDATE credential SET secret = $1 WHERE principal_id = $2", [.text(old), .text(owner.id.text)]))
        _ = try await world.enter("olga")
        let renewed = try #require(try await world.texts(Statement("SELECT secret FROM credential")).first)
        #expect(renewed != old && !world.hasher.needsRehash(renewed))
        _ = try await world.enter("olga")
        #expect(try await world.texts(Statement("SELECT secret FROM credential")) == [renewed], "once is enough")
    }

    @Test func `a wrong password renews nothing`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        let stronger = PasswordHasher(cost: .init(passes: 2, memory: 16_384), threads: 1, waiting: 4)
        defer { stronger.end() }
        let old = try await stronger.hash(World.password)
        try await world.run(Statement("UPDATE credential SET secret = $1", [.text(old)]))
        await #expect(throws: ServiceError.invalidCredentials) { try await world.enter("olga", password: "wrong") }
        #expect(try await world.texts(Statement("SELECT secret FROM credential")) == [old])
    }

    // MARK: The record

    @Test func `a sign-in is an event of the person`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let event = try #require(try await world.events().last)
        #expect(event.action == "session.create" && event.outcome == .success)
        #expect(event.actor?.id == owner.id.text && event.target?.name == "olga" && event.address == World.home)
    }

    @Test func `refusals of one minute are one event and a count`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        for _ in 0..<5 {
            await #expect(throws: ServiceError.invalidCredentials) { try await world.enter("olga", password: "wrong") }
        }
        for _ in 0..<3 {
            await #expect(throws: ServiceError.invalidCredentials) { try await world.enter("nobody", password: "wrong") }
        }
        await #expect(throws: ServiceError.invalidCredentials) {
            try await world.enter("olga", password: "wrong", from: "198.51.100.7")
        }
        func refusals() async throws -> [String] {
            try await world.events().filter { $0.action == "session.refused" }.map {
                "\($0.target?.name ?? "-") from \($0.address): \($0.detail ?? "") \($0.outcome.rawValue)"
            }
        }
        let first = [
            "olga from 192.0.2.10: wrong password failure", "- from 192.0.2.10: unknown name failure",
            "olga from 198.51.100.7: wrong password failure",
        ]
        #expect(Set(try await refusals()) == Set(first))
        try await world.record.tidy()
        #expect(try await refusals().count == 3, "the minute is not over")
        world.clock.advance(seconds: 60)
        try await world.record.tidy()
        let all = try await refusals()
        #expect(all.count == 5)
        #expect(all.contains { $0.hasPrefix("olga from 192.0.2.10: 4 more in the minute of 2026-") })
        #expect(all.contains { $0.hasPrefix("- from 192.0.2.10: 2 more in the minute of 2026-") })
        try await world.record.tidy()
        #expect(try await refusals().count == 5, "told once")
        #expect(try await world.events().filter { $0.action == "session.refused" }.allSatisfy { $0.actor == nil })
        #expect(owner.id.text == (try await world.events().first { $0.target?.name == "olga" })?.target?.id)
    }

    @Test func `what was typed as a name is stored nowhere`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        let typed = "hunter2-typed-into-the-wrong-field"
        for _ in 0..<12 { _ = await refusal { try await world.enter(typed, password: "x") } }
        world.clock.advance(seconds: 120)
        try await world.record.tidy()
        for table in [
            Statement("SELECT detail || action || target_id || actor_id FROM audit_event"),
            Statement("SELECT subject_id || body FROM audit_personal"),
            Statement("SELECT subject || address FROM sign_in_throttle"),
            Statement("SELECT subject || address FROM sign_in_refusal"), Statement("SELECT address FROM known_address"),
        ] {
            for text in try await world.texts(table) { #expect(!text.contains("hunter2")) }
        }
    }

    @Test func `tallies count by hour and outcome, before and after they are stored`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        _ = try await world.enter("olga")
        _ = await refusal { try await world.enter("olga", password: "wrong") }
        func tallies() async throws -> [String] {
            try await world.database.read { [record = world.record] in try record.tallies(realm: .main, hours: 24, on: $0) }
                .map { "\($0.outcome.rawValue) \($0.count)" }.sorted()
        }
        #expect(try await tallies() == ["refused 1", "success 2"])
        try await world.record.tidy()
        #expect(try await tallies() == ["refused 1", "success 2"])
        world.clock.advance(seconds: 24 * 3600)
        #expect(try await tallies() == [])
    }
}

/// Holding back guesses.
@Suite struct ThrottleTests {
    /// Tries with a wrong password and answers what came of it.
    static func fail(_ name: String, in world: World, from address: String = World.home) async -> ServiceError? {
        await refusal { try await world.enter(name, password: "a wrong password", from: address) }
    }

    static func failures(_ count: Int, of name: String, in world: World, from address: String = World.home) async {
        for number in 0..<count {
            #expect(await fail(name, in: world, from: address) == .invalidCredentials, "attempt \(number + 1)")
        }
    }

    static func wait(_ error: ServiceError?) -> Int? {
        if case .rateLimited(let seconds)? = error { seconds } else { nil }
    }

    @Test(arguments: ["olga", "nobody", "invited", "disabled"])
    func `after ten failures in a row an account is held back, growing up to a quarter of an hour`(name: String) async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        try await world.makeUser("invited", password: nil, by: owner)
        let disabled = try await world.makeUser("disabled", by: owner)
        _ = try await world.users.disable(disabled.id, ifMatch: nil, caller: owner.caller)
        await Self.failures(10, of: name, in: world)
        for seconds in [30, 60, 120, 240, 480, 900, 900, 900] {
            #expect(Self.wait(await Self.fail(name, in: world)) == seconds)
            world.clock.advance(seconds: Int64(seconds) - 1)
            #expect(Self.wait(await Self.fail(name, in: world)) == 1, "to the last second")
            world.clock.advance(milliseconds: 999)
            #expect(Self.wait(await Self.fail(name, in: world)) == 1)
            world.clock.advance(milliseconds: 1)
            #expect(await Self.fail(name, in: world) == .invalidCredentials, "after \(seconds) seconds")
        }
    }

    @Test func `the right password is held back too, at once and without hashing`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        await Self.failures(10, of: "olga", in: world)
        await #expect(throws: ServiceError.rateLimited(retryAfterSeconds: 30)) { try await world.enter("olga") }
        #expect(world.record.totals[.throttled] == 1)
        world.clock.advance(seconds: 30)
        _ = try await world.enter("olga")
    }

    @Test func `a held-back attempt is no failure`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        await Self.failures(10, of: "olga", in: world)
        for _ in 0..<100 { #expect(Self.wait(await Self.fail("olga", in: world)) == 30) }
    }

    @Test func `success clears the counter`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        for _ in 0..<4 {
            await Self.failures(9, of: "olga", in: world)
            _ = try await world.enter("olga")
        }
    }

    @Test func `names that fold to one are one account`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        await Self.failures(5, of: "Olga", in: world)
        await Self.failures(5, of: "OLGA", in: world)
        #expect(Self.wait(await Self.fail("olga", in: world)) == 30)
        #expect(await Self.fail("olga2", in: world) == .invalidCredentials)
    }

    @Test func `whoever fails from elsewhere does not keep the owner out`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        for number in 0..<10 {
            #expect(await Self.fail("olga", in: world, from: "198.51.100.\(number)") == .invalidCredentials)
        }
        #expect(
            Self.wait(await Self.fail("olga", in: world, from: "203.0.113.9")) == 30,
            "strangers share one counter, whatever their address")
        let owner = try await world.enter("olga")
        #expect(try await world.users.get(owner.id, caller: owner.caller).status == .locked, "and the console shows it")
        #expect(
            Self.wait(await Self.fail("olga", in: world, from: "203.0.113.9")) == 30, "the owner's success is not the stranger's")
    }

    @Test func `a known place has a counter of its own that holds back as well`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        await Self.failures(10, of: "olga", in: world)
        #expect(Self.wait(await Self.fail("olga", in: world)) == 30)
        #expect(await Self.fail("olga", in: world, from: "198.51.100.1") == .invalidCredentials)
    }

    @Test func `an administrator's unlock clears every counter of the account`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        await Self.failures(10, of: "ann", in: world)
        await Self.failures(10, of: "ann", in: world, from: "198.51.100.1")
        #expect(try await world.users.get(ann.id, caller: owner.caller).status == .locked)
        let unlocked = try await world.users.unlock(ann.id, caller: owner.caller).value
        #expect(unlocked.status == .active)
        _ = try await world.enter("ann")
        #expect(await Self.fail("ann", in: world, from: "198.51.100.1") == .invalidCredentials)
        #expect(try await world.events().contains { $0.action == "user.unlock" && $0.target?.name == "ann" })
    }

    @Test func `an address is not held back before fifty failures within a minute and is after sixty`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        for number in 0..<60 {
            #expect(await Self.fail("name\(number)", in: world) == .invalidCredentials, "attempt \(number + 1)")
        }
        #expect(Self.wait(await Self.fail("yet-another", in: world)) == 60)
        await #expect(throws: ServiceError.rateLimited(retryAfterSeconds: 60)) { try await world.enter("olga") }
        _ = try await world.enter("olga", from: "192.0.2.11")
        world.clock.advance(seconds: 60)
        #expect(await Self.fail("yet-another", in: world) == .invalidCredentials)
        _ = try await world.enter("olga")
    }

    @Test func `failures spread over more than a minute do not hold an address back`() async throws {
        let world = try await World()
        for round in 0..<4 {
            for number in 0..<50 { #expect(await Self.fail("name\(round)-\(number)", in: world) == .invalidCredentials) }
            world.clock.advance(seconds: 60)
        }
    }

    @Test func `an address that goes on is held back longer`() async throws {
        let world = try await World()
        for number in 0..<60 { _ = await Self.fail("name\(number)", in: world) }
        #expect(Self.wait(await Self.fail("x", in: world)) == 60)
        world.clock.advance(seconds: 60)
        for number in 0..<60 { #expect(await Self.fail("again\(number)", in: world) == .invalidCredentials) }
        #expect(Self.wait(await Self.fail("x", in: world)) == 240)
    }

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8::1", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"), ("2001:0db8:0001:0002:0:0:0:1", "2001:db8:1:2::/64"),
        ("", ""),
        ("fe80::1%eth0", "fe80:0:0:0::/64"), ("not:an:address", "not:an:address"),
    ])
    func `a network is an IPv4 address or the first half of an IPv6 one`(address: String, network: String) {
        #expect(Throttle.network(of: address) == network)
    }

    @Test func `one IPv6 network counts as one place`() async throws {
        let world = try await World()
        for number in 0..<60 {
            #expect(
                await Self.fail("name\(number)", in: world, from: "2001:db8:1:2::\(String(number + 1, radix: 16))")
                    == .invalidCredentials)
        }
        #expect(Self.wait(await Self.fail("x", in: world, from: "2001:db8:1:2:ffff::1")) == 60)
        #expect(await Self.fail("x", in: world, from: "2001:db8:1:3::1") == .invalidCredentials)
    }

    @Test(arguments: [(86_400 as Int64, true), (86_401, false)])
    func `failures are forgotten after a quiet day and not before`(seconds: Int64, isRemembered: Bool) async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        await Self.failures(9, of: "olga", in: world)
        world.clock.advance(seconds: seconds)
        #expect(await Self.fail("olga", in: world) == .invalidCredentials)
        #expect((Self.wait(await Self.fail("olga", in: world)) != nil) == isRemembered)
    }

    @Test func `counters nobody touched for a day are removed`() async throws {
        let world = try await World()
        await Self.failures(3, of: "nobody", in: world)
        try await world.sessions.tidy()
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM sign_in_throttle")) == [2])
        world.clock.advance(seconds: 86_401)
        // Something for the housekeeping to do: it looks at counters when a session has ended, too.
        _ = try await world.makeOwner()
        world.clock.advance(seconds: 86_401)
        try await world.sessions.tidy()
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM sign_in_throttle")) == [0])
    }

    @Test func `counters survive a restart`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        await Self.failures(10, of: "olga", in: world)
        let again = SignIn(
            database: world.database, sessions: world.sessions, hasher: world.hasher,
            record: SignInRecord(database: world.database, trail: world.trail, clock: world.clock), trail: world.trail,
            clock: world.clock)
        await #expect(throws: ServiceError.rateLimited(retryAfterSeconds: 30)) {
            try await again.signIn(username: "olga", password: World.password, caller: world.stranger())
        }
    }

    @Test(arguments: ["olga", "nobody"])
    func `a burst of parallel guesses gets no further than guesses one by one`(name: String) async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        var total = 0
        for round in 0..<3 {
            let outcomes = await withTaskGroup(of: ServiceError?.self) { group in
                for number in 0..<60 {
                    // Some from one stranger's address, some from many.
                    group.addTask {
                        await Self.fail(name, in: world, from: number % 2 == 0 ? "198.51.100.1" : "203.0.113.\(number)")
                    }
                }
                var all: [ServiceError?] = []
                for await outcome in group { all.append(outcome) }
                return all
            }
            let looked = outcomes.filter { $0 == .invalidCredentials }.count
            // An attempt that ends while another begins may count for it twice, so a round may stop short of ten; the next one
            // then gets what is left, and one look each time when nothing is.
            #expect(looked <= max(1, 10 - total), "round \(round): \(looked) passwords were looked at after \(total)")
            total += looked
            #expect(outcomes.filter { Self.wait($0) != nil }.count == 60 - looked, "round \(round): \(outcomes)")
            world.clock.advance(seconds: 901)
        }
    }

    @Test func `right passwords in parallel are all let in`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try await world.enter("olga").token } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(tokens.count == 8)
    }

    @Test func `guessing the current password of an open session is held back as well`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        for _ in 0..<10 {
            #expect(
                await fieldCodes {
                    try await world.account.changePassword(
                        current: "a guess", new: "eighteen green lanterns", caller: owner.caller)
                } == ["currentPassword wrong"])
        }
        let error = await refusal {
            try await world.account.changePassword(current: World.password, new: "eighteen green lanterns", caller: owner.caller)
        }
        #expect(Self.wait(error) == 30)
    }
}

/// A new password asked for at sign-in.
@Suite struct ChallengeTests {
    static let given = "given by the administrator"
    static let chosen = "chosen by nobody but me"

    /// Ann, whose password must be changed, and her open challenge.
    static func challenged() async throws -> (World, Person, String) {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makeUser("ann", by: owner)
        _ = try await world.users.setPassword(ann.id, password: given, mustChange: true, caller: owner.caller)
        return (world, owner, try await challenge(in: world))
    }

    static func challenge(in world: World) async throws -> String {
        let outcome = try await world.signIn.signIn(username: "ann", password: given, caller: world.stranger())
        guard case .challenge(let token, let methods) = outcome else { throw TestFailure("a session instead of a challenge") }
        #expect(methods == ["new_password"])
        return token
    }

    static func answer(_ challenge: String, _ password: String = chosen, in world: World) async throws -> SignInOutcome {
        try await world.signIn.answer(challenge: challenge, newPassword: password, caller: world.stranger())
    }

    @Test func `the answer sets the password and signs in`() async throws {
        let (world, owner, challenge) = try await Self.challenged()
        #expect(challenge.hasPrefix("ghn_"))
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM session")) == [1], "no session before the answer")
        guard case .session(let issued) = try await Self.answer(challenge, in: world) else { throw TestFailure("no session") }
        #expect(try await world.sessions.resolve(token: issued.token, realm: .main)?.session?.id == issued.session.id)
        _ = try await world.enter("ann", password: Self.chosen)
        await #expect(throws: ServiceError.invalidCredentials) { try await world.enter("ann", password: Self.given) }
        let events = try await world.events().filter { $0.actor?.name == "ann" }.map(\.action)
        #expect(events == ["user.password.change", "session.create", "session.create"], "and none for the challenge")
        _ = owner
    }

    @Test func `a challenge is good for one answer`() async throws {
        let (world, _, challenge) = try await Self.challenged()
        _ = try await Self.answer(challenge, in: world)
        await #expect(throws: ServiceError.invalidCredentials) {
            try await Self.answer(challenge, "yet another good one", in: world)
        }
        await #expect(throws: ServiceError.invalidCredentials) { try await world.enter("ann", password: "yet another good one") }
    }

    @Test func `of answers at once one wins`() async throws {
        let (world, _, challenge) = try await Self.challenged()
        let outcomes = await withTaskGroup(of: ServiceError?.self) { group in
            for number in 0..<8 {
                group.addTask {
                    await refusal { try await Self.answer(challenge, "chosen in parallel, number \(number)", in: world) }
                }
            }
            var all: [ServiceError?] = []
            for await outcome in group { all.append(outcome) }
            return all
        }
        #expect(outcomes.filter { $0 == nil }.count == 1)
        #expect(outcomes.filter { $0 == .invalidCredentials }.count == 7)
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM session")) == [2])
    }

    @Test func `a bad answer leaves the challenge good`() async throws {
        let (world, _, challenge) = try await Self.challenged()
        #expect(await fieldCodes { try await Self.answer(challenge, "too short now", in: world) } == ["newPassword too_short"])
        #expect(await fieldCodes { try await Self.answer(challenge, Self.given, in: world) } == ["newPassword unchanged"])
        _ = try await Self.answer(challenge, in: world)
    }

    @Test(arguments: [(599 as Int64, true), (600, false)])
    func `a challenge lives ten minutes`(seconds: Int64, isGood: Bool) async throws {
        let (world, _, challenge) = try await Self.challenged()
        world.clock.advance(seconds: seconds)
        let error = await refusal { try await Self.answer(challenge, in: world) }
        #expect(error == (isGood ? nil : .invalidCredentials))
    }

    @Test(arguments: [
        "", "x", "ghn_", "ghs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "ghn_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ])
    func `what is no challenge is refused`(token: String) async throws {
        let (world, _, _) = try await Self.challenged()
        await #expect(throws: ServiceError.invalidCredentials) { try await Self.answer(token, in: world) }
    }

    @Test func `a challenge is nothing in another realm`() async throws {
        let (world, _, challenge) = try await Self.challenged()
        await #expect(throws: ServiceError.invalidCredentials) {
            try await world.signIn.answer(
                challenge: challenge, newPassword: Self.chosen, caller: world.stranger(realm: RealmID("other")))
        }
    }

    @Test func `a challenge ends with the password it was for`() async throws {
        let (world, owner, challenge) = try await Self.challenged()
        let ann = try #require(
            try await world.users.list(ListQuery(filter: "username eq \"ann\""), caller: owner.caller).items.first)
        _ = try await world.users.setPassword(ann.id, password: "set once more by olga", mustChange: false, caller: owner.caller)
        await #expect(throws: ServiceError.invalidCredentials) { try await Self.answer(challenge, in: world) }
    }

    @Test func `a challenge of somebody disabled or deleted is refused`() async throws {
        for isDeleted in [false, true] {
            let (world, owner, challenge) = try await Self.challenged()
            let ann = try #require(
                try await world.users.list(ListQuery(filter: "username eq \"ann\""), caller: owner.caller).items.first)
            if isDeleted {
                _ = try await world.users.delete(ann.id, ifMatch: nil, caller: owner.caller)
            } else {
                _ = try await world.users.disable(ann.id, ifMatch: nil, caller: owner.caller)
            }
            await #expect(throws: ServiceError.invalidCredentials) { try await Self.answer(challenge, in: world) }
        }
    }

    @Test func `a challenge is no session and a session is no challenge`() async throws {
        let (world, owner, challenge) = try await Self.challenged()
        #expect(try await world.sessions.resolve(token: challenge, realm: .main) == nil)
        await #expect(throws: ServiceError.invalidCredentials) { try await Self.answer(owner.token, in: world) }
    }

    @Test func `only a hash of the challenge is stored`() async throws {
        let (world, _, challenge) = try await Self.challenged()
        let stored = try await world.texts(Statement("SELECT token_hash FROM one_time_token"))
        #expect(stored.count == 1 && !stored[0].contains(challenge) && !challenge.contains(stored[0]))
    }
}
