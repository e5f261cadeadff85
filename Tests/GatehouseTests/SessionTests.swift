@testable import Authentication
import Audit
import Directory
import Model
import Storage
import Testing

/// Sessions: found fast, dead at once.
@Suite struct SessionTests {
    static func world() async throws -> (World, Person, Person) {
        let world = try await World()
        let owner = try await world.makeOwner()
        return (world, owner, try await world.makePerson("ann", by: owner))
    }

    static func isOpen(_ person: Person, in world: World) async throws -> Bool {
        try await world.sessions.resolve(token: person.token, realm: .main) != nil
    }

    /// Another node, or this one after a restart: nothing in memory.
    static func fresh(_ world: World) -> Sessions {
        Sessions(database: world.database, clock: world.clock, lifetime: World.lifetime, trail: world.trail)
    }

    @Test func `a session is found in the database and then in memory`() async throws {
        let (world, _, ann) = try await Self.world()
        let other = Self.fresh(world)
        #expect(try await other.resolve(token: ann.token, realm: .main)?.principal == .user(ann.id))
        // Without a line in the feed nobody is told: what is in memory stays, what is not is gone.
        #expect(try await Self.isOpen(ann, in: world))
        try await world.run(Statement("DELETE FROM session WHERE principal_id = $1", [.text(ann.id.text)]))
        #expect(try await Self.isOpen(ann, in: world), "from memory")
        #expect(try await Self.fresh(world).resolve(token: ann.token, realm: .main) == nil, "from the database")
    }

    @Test func `the database holds only hashes of tokens`() async throws {
        let (world, owner, ann) = try await Self.world()
        let rows = try await world.texts(
            Statement("SELECT token_hash || ' ' || id || ' ' || address || ' ' || agent || ' ' || methods FROM session"))
        #expect(rows.count == 2)
        for row in rows {
            for token in [owner.token, ann.token] { #expect(!row.contains(token.dropFirst(4))) }
        }
        let hashes = try await world.texts(Statement("SELECT token_hash FROM session"))
        #expect(hashes.contains(Token.hash(ann.token)))
        #expect(try await world.sessions.resolve(token: hashes[0], realm: .main) == nil)
        #expect(try await world.sessions.resolve(token: "ghs_" + hashes[0], realm: .main) == nil)
    }

    @Test(arguments: [
        "", "ghs_", "ghs_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Bearer x", "\u{0}",
        String(repeating: "x", count: 100_000),
    ])
    func `what is no token finds nobody`(token: String) async throws {
        let world = try await World()
        #expect(try await world.sessions.resolve(token: token, realm: .main) == nil)
    }

    @Test func `a token changed in its last character finds nobody`() async throws {
        let (world, _, ann) = try await Self.world()
        let last = ann.token.last == "A" ? "E" : "A"
        #expect(try await world.sessions.resolve(token: ann.token.dropLast() + last, realm: .main) == nil)
        #expect(try await world.sessions.resolve(token: ann.token + "A", realm: .main) == nil)
        #expect(try await world.sessions.resolve(token: ann.token.lowercased(), realm: .main) == nil)
    }

    @Test func `a session is one of its realm`() async throws {
        let (world, _, ann) = try await Self.world()
        #expect(try await Self.isOpen(ann, in: world))
        #expect(try await world.sessions.resolve(token: ann.token, realm: RealmID("other")) == nil)
    }

    // MARK: Expiry

    @Test(arguments: [true, false])
    func `a session that nobody uses ends at its idle limit`(isInMemory: Bool) async throws {
        let (world, _, ann) = try await Self.world()
        if isInMemory { #expect(try await Self.isOpen(ann, in: world)) }
        world.clock.advance(seconds: 3599)
        #expect(try await Self.fresh(world).resolve(token: ann.token, realm: .main) != nil)
        world.clock.advance(milliseconds: 999)
        if !isInMemory { #expect(try await Self.fresh(world).resolve(token: ann.token, realm: .main) != nil) }
        world.clock.advance(milliseconds: 1)
        #expect(try await !Self.isOpen(ann, in: world))
        #expect(try await Self.fresh(world).resolve(token: ann.token, realm: .main) == nil)
    }

    @Test func `use keeps a session open, until its absolute limit`() async throws {
        let (world, _, ann) = try await Self.world()
        var used: Int64 = 0
        while used + 3000 < 86_400 {
            world.clock.advance(seconds: 3000)
            used += 3000
            let found = try #require(try await world.sessions.resolve(token: ann.token, realm: .main), "after \(used) seconds")
            let session = try #require(found.session)
            #expect(session.lastSeenAt == world.clock.now())
            let end = session.createdAt.adding(seconds: 86_400)
            #expect(session.expiresAt == min(end, world.clock.now().adding(seconds: 3600)))
        }
        world.clock.advance(milliseconds: (86_400 - used) * 1000 - 1)
        #expect(try await Self.isOpen(ann, in: world))
        world.clock.advance(milliseconds: 1)
        #expect(try await !Self.isOpen(ann, in: world))
    }

    @Test func `an expired session writes nothing`() async throws {
        let (world, owner, _) = try await Self.world()
        world.clock.advance(seconds: 86_400)
        await #expect(throws: ServiceError.unauthenticated) {
            try await world.users.create(NewUser(username: "late"), idempotency: nil, caller: owner.caller)
        }
        await #expect(throws: ServiceError.unauthenticated) { try await world.sessions.current(caller: owner.caller) }
    }

    @Test func `sessions that are over are removed`() async throws {
        let (world, _, _) = try await Self.world()
        world.clock.advance(seconds: 86_401)
        try await world.sessions.tidy()
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM session")) == [0])
    }

    // MARK: Ending

    @Test(arguments: ["ended by herself", "ended by the owner", "all ended", "disabled", "deleted", "password set", "signed out"])
    func `a session is dead at once when it is`(how: String) async throws {
        let (world, owner, ann) = try await Self.world()
        #expect(try await Self.isOpen(ann, in: world))
        let session = try #require(ann.caller.session)
        switch how {
        case "ended by herself":
            let second = try await world.enter("ann")
            _ = try await world.account.endSession(session, caller: second.caller)
        case "ended by the owner": _ = try await world.users.endSession(session, of: ann.id, caller: owner.caller)
        case "all ended": _ = try await world.users.endSessions(of: ann.id, caller: owner.caller)
        case "disabled": _ = try await world.users.disable(ann.id, ifMatch: nil, caller: owner.caller)
        case "deleted": _ = try await world.users.delete(ann.id, ifMatch: nil, caller: owner.caller)
        case "password set":
            _ = try await world.users.setPassword(
                ann.id, password: "set anew by the owner", mustChange: false, caller: owner.caller)
        default: _ = try await world.sessions.endCurrent(caller: ann.caller)
        }
        #expect(try await !Self.isOpen(ann, in: world), "in memory")
        #expect(try await Self.fresh(world).resolve(token: ann.token, realm: .main) == nil, "in the database")
        await #expect(throws: ServiceError.unauthenticated) { try await world.sessions.current(caller: ann.caller) }
        await #expect(throws: ServiceError.unauthenticated) {
            try await world.account.update(UserPatch(), ifMatch: nil, caller: ann.caller)
        }
        #expect(try await Self.isOpen(owner, in: world), "nobody else's")
    }

    @Test func `changing one's password ends the other sessions and keeps this one`() async throws {
        let (world, _, ann) = try await Self.world()
        let second = try await world.enter("ann")
        for person in [ann, second] { #expect(try await Self.isOpen(person, in: world)) }
        _ = try await world.account.changePassword(current: World.password, new: "eighteen green lanterns", caller: second.caller)
        #expect(try await !Self.isOpen(ann, in: world))
        #expect(try await Self.isOpen(second, in: world))
    }

    @Test func `ending the other sessions keeps this one and is told once`() async throws {
        let (world, _, ann) = try await Self.world()
        let others = [try await world.enter("ann"), try await world.enter("ann")]
        for person in others { #expect(try await Self.isOpen(person, in: world)) }
        _ = try await world.account.endOtherSessions(caller: ann.caller)
        for person in others { #expect(try await !Self.isOpen(person, in: world)) }
        #expect(try await Self.isOpen(ann, in: world))
        _ = try await world.account.endOtherSessions(caller: ann.caller)
        let told = try await world.events().filter { $0.action == "session.end-all" }
        #expect(told.map(\.detail) == ["2 ended"])
    }

    @Test func `an enabled person's old sessions stay dead`() async throws {
        let (world, owner, ann) = try await Self.world()
        _ = try await world.users.disable(ann.id, ifMatch: nil, caller: owner.caller)
        _ = try await world.users.enable(ann.id, ifMatch: nil, caller: owner.caller)
        #expect(try await !Self.isOpen(ann, in: world))
        _ = try await world.enter("ann")
    }

    @Test func `a session can be ended once, and only as its owner's`() async throws {
        let (world, owner, ann) = try await Self.world()
        let session = try #require(ann.caller.session)
        await #expect(throws: ServiceError.notFound) {
            try await world.users.endSession(session, of: owner.id, caller: owner.caller)
        }
        await #expect(throws: ServiceError.notFound) { try await world.account.endSession(session, caller: owner.caller) }
        #expect(try await Self.isOpen(ann, in: world))
        _ = try await world.users.endSession(session, of: ann.id, caller: owner.caller)
        await #expect(throws: ServiceError.notFound) {
            try await world.users.endSession(session, of: ann.id, caller: owner.caller)
        }
        await #expect(throws: ServiceError.unauthenticated) { try await world.sessions.endCurrent(caller: ann.caller) }
    }

    // MARK: Races

    static func entry(_ principal: EntityID, at time: Timestamp) -> SessionCache.Entry {
        SessionCache.Entry(
            realm: .main,
            session: Session(
                id: .make(at: time), principal: .user(principal), createdAt: time, lastSeenAt: time,
                expiresAt: time.adding(seconds: 100),
                address: "", agent: "", assurance: Assurance(methods: [], authenticatedAt: time)),
            absoluteEnd: time.adding(seconds: 100), storedSeenAt: time)
    }

    @Test func `what was read before an end is not kept after it`() {
        let cache = SessionCache()
        let now = Timestamp(milliseconds: 1000)
        let entry = Self.entry(.make(at: now), at: now)
        for drop in [{ cache.drop(session: entry.session.id) }, { cache.drop(principal: entry.session.principal.id) }] {
            // Read by one thread ...
            let generation = cache.generation
            // ... ended by another before the first gets to keep it.
            drop()
            cache.insert(entry, hash: "h", readAt: generation)
            #expect(cache.use("h", at: now, idle: 60) == nil)
            cache.insert(entry, hash: "h", readAt: cache.generation)
            #expect(cache.use("h", at: now, idle: 60) != nil)
            drop()
            #expect(cache.use("h", at: now, idle: 60) == nil)
        }
    }

    @Test func `dropping one session leaves the person's others`() {
        let cache = SessionCache()
        let now = Timestamp(milliseconds: 1000)
        let person = EntityID.make(at: now)
        let entries = (0..<3).map { _ in Self.entry(person, at: now) }
        for (index, entry) in entries.enumerated() { cache.insert(entry, hash: "h\(index)", readAt: cache.generation) }
        cache.drop(session: entries[1].session.id)
        #expect((0..<3).map { cache.use("h\($0)", at: now, idle: 60) != nil } == [true, false, true])
        cache.drop(principal: person)
        #expect((0..<3).allSatisfy { cache.use("h\($0)", at: now, idle: 60) == nil })
    }

    @Test func `no request is let in after its session's end was answered, however they race`() async throws {
        let (world, owner, _) = try await Self.world()
        for _ in 0..<15 {
            let person = try await world.enter("ann")
            let sessions = Self.fresh(world)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask { for _ in 0..<20 { _ = try? await sessions.resolve(token: person.token, realm: .main) } }
                }
                group.addTask {
                    if let id = person.caller.session {
                        _ = try? await world.users.endSession(id, of: person.id, caller: owner.caller)
                    }
                    let found = try? await sessions.resolve(token: person.token, realm: .main)
                    #expect(found == nil)
                }
            }
            #expect(try await sessions.resolve(token: person.token, realm: .main) == nil)
        }
    }

    // MARK: Times of last use

    @Test func `times of last use are stored at most once a minute`() async throws {
        let (world, _, ann) = try await Self.world()
        let seen = Statement("SELECT last_seen_at FROM session WHERE principal_id = $1", [.text(ann.id.text)])
        let start = world.clock.now().milliseconds
        func use(after seconds: Int64) async throws -> Int64 {
            world.clock.advance(seconds: seconds)
            #expect(try await Self.isOpen(ann, in: world))
            try await world.sessions.tidy()
            return (try await world.integers(seen).first ?? 0) - start
        }
        #expect(try await use(after: 30) == 0)
        #expect(try await use(after: 31) == 61_000)
        #expect(try await use(after: 30) == 61_000)
        #expect(try await use(after: 30) == 61_000)
        #expect(try await use(after: 1) == 122_000)
        // Nobody uses it: nothing is written.
        world.clock.advance(seconds: 300)
        try await world.sessions.tidy()
        #expect(try await world.integers(seen) == [start + 122_000])
    }

    @Test func `what was stored keeps a session open after a restart`() async throws {
        let (world, _, ann) = try await Self.world()
        world.clock.advance(seconds: 3000)
        #expect(try await Self.isOpen(ann, in: world))
        try await world.sessions.tidy()
        world.clock.advance(seconds: 3000)
        #expect(try await Self.fresh(world).resolve(token: ann.token, realm: .main) != nil)
    }

    @Test func `a person's sessions are listed newest first, with where and with what`() async throws {
        let (world, owner, ann) = try await Self.world()
        world.clock.advance(seconds: 1)
        let second = try await world.enter("ann", from: "198.51.100.9")
        let listed = try await world.users.sessions(of: ann.id, caller: owner.caller)
        #expect(listed.map(\.id) == [second.caller.session, ann.caller.session])
        #expect(listed.map(\.address) == ["198.51.100.9", World.home])
        #expect(try await world.account.sessions(caller: ann.caller).map(\.id) == listed.map(\.id))
        world.clock.advance(seconds: 3600)
        #expect(try await world.account.sessions(caller: owner.caller).isEmpty, "those that are over are not shown")
    }
}
