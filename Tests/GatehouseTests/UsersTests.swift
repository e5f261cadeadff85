import Audit
@testable import Authentication
@testable import Directory
import Grants
import Model
import Storage
import Testing

/// Users, as administrators see them.
@Suite struct UsersTests {
    static func patch(_ change: (inout UserPatch) -> Void) -> UserPatch {
        var patch = UserPatch()
        change(&patch)
        return patch
    }

    static func world() async throws -> (World, Person) {
        let world = try await World()
        return (world, try await world.makeOwner())
    }

    // MARK: Creating

    @Test func `a created user is there as it was asked for`() async throws {
        let (world, owner) = try await Self.world()
        let attributes = JSONObject([("team", .string("red")), ("level", .integer(3))])
        let made = try await world.users.create(
            NewUser(
                username: "Ann.B", name: "Ann Berg", email: "Ann@Example.org", password: World.password, attributes: attributes),
            idempotency: nil, caller: owner.caller)
        let user = made.value
        #expect(user.username == "Ann.B" && user.name == "Ann Berg" && user.email == "Ann@Example.org" && !user.emailVerified)
        #expect(user.status == .active && user.store == "builtin" && user.attributes == attributes && user.version == 1)
        #expect(user.createdAt == world.clock.now() && user.updatedAt == world.clock.now() && user.lastSignInAt == nil)
        #expect(await world.database.catchUp(to: made.revision))
        #expect(try await world.users.get(user.id, caller: owner.caller) == user)
        #expect(try await world.enter("ann.b").id == user.id)
    }

    @Test func `without a password a user is invited and cannot sign in`() async throws {
        let (world, owner) = try await Self.world()
        let user = try await world.makeUser("ann", password: nil, by: owner)
        #expect(user.status == .invited)
        await #expect(throws: ServiceError.invalidCredentials) { try await world.enter("ann", password: "") }
    }

    @Test func `empty name and e-mail are none`() async throws {
        let (world, owner) = try await Self.world()
        let user = try await world.users.create(NewUser(username: "ann", name: ""), idempotency: nil, caller: owner.caller).value
        #expect(user.name == nil && user.email == nil)
    }

    @Test func `all wrong fields are named at once and nothing is made`() async throws {
        let (world, owner) = try await Self.world()
        let codes = await fieldCodes {
            try await world.users.create(
                NewUser(
                    username: "an n", name: "a\u{0}", email: "nowhere", password: "too short now",
                    attributes: JSONObject([("x", .null)])), idempotency: nil, caller: owner.caller)
        }
        #expect(
            codes == ["username characters", "name characters", "email invalid_email", "attributes.x type", "password too_short"])
        #expect(try await world.users.list(ListQuery(), caller: owner.caller).total == 1)
    }

    @Test(arguments: ["ann", "ANN", "Ann"])
    func `a name is given once, whatever its case`(name: String) async throws {
        let (world, owner) = try await Self.world()
        try await world.makeUser("aNn", by: owner)
        let error = await refusal { try await world.makeUser(name, by: owner) }
        #expect(error?.code == "conflict")
        #expect(await fieldCodes { try await world.makeUser(name, by: owner) } == ["username taken"])
    }

    @Test func `of creates of one name at once one wins`() async throws {
        let (world, owner) = try await Self.world()
        let outcomes = await withTaskGroup(of: ServiceError?.self) { group in
            for number in 0..<12 {
                group.addTask { await refusal { try await world.makeUser(number % 2 == 0 ? "ann" : "ANN", by: owner) } }
            }
            var all: [ServiceError?] = []
            for await outcome in group { all.append(outcome) }
            return all
        }
        #expect(outcomes.filter { $0 == nil }.count == 1)
        #expect(outcomes.filter { $0?.code == "conflict" }.count == 11)
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM principal WHERE name_key = 'ann'")) == [1])
        #expect(try await world.events().filter { $0.action == "user.create" }.count == 1)
    }

    @Test func `passwords are nowhere but in their hash`() async throws {
        let (world, owner) = try await Self.world()
        try await world.makeUser("ann", by: owner)
        for statement in [
            Statement("SELECT secret FROM credential"), Statement("SELECT body FROM audit_personal"),
            Statement("SELECT detail FROM audit_event"),
        ] {
            for text in try await world.texts(statement) {
                #expect(!text.contains("lanterns") && !text.contains("argon2id") || text.hasPrefix("$argon2id$"))
            }
        }
        for event in try await world.events() { #expect(!event.changes.contains { $0.field.lowercased().contains("password") }) }
    }

    // MARK: Idempotency

    static func key(_ key: String, _ request: UInt8 = 1) -> IdempotencyKey {
        IdempotencyKey(key: key, requestHash: Array(repeating: request, count: 32))
    }

    @Test func `a repeated create answers the same user and makes no other`() async throws {
        let (world, owner) = try await Self.world()
        let new = NewUser(username: "ann", password: World.password)
        let first = try await world.users.create(new, idempotency: Self.key("k"), caller: owner.caller).value
        let second = try await world.users.create(new, idempotency: Self.key("k"), caller: owner.caller).value
        #expect(first.id == second.id)
        #expect(try await world.events().filter { $0.action == "user.create" }.count == 1)
        #expect(
            (await refusal { try await world.users.create(new, idempotency: Self.key("other"), caller: owner.caller) })?.code
                == "conflict")
    }

    @Test func `creates at once with one key make one user and all answer it`() async throws {
        let (world, owner) = try await Self.world()
        let ids = try await withThrowingTaskGroup(of: EntityID.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    try await world.users.create(NewUser(username: "ann"), idempotency: Self.key("k"), caller: owner.caller).value
                        .id
                }
            }
            return try await group.reduce(into: Set<EntityID>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test func `a key belongs to its request and its caller, for a day`() async throws {
        let (world, owner) = try await Self.world()
        let second = try await world.makePerson("second", by: owner)
        try await world.makeOwner(of: second.id)
        _ = try await world.users.create(NewUser(username: "ann"), idempotency: Self.key("k"), caller: owner.caller)
        #expect(
            await fieldCodes {
                try await world.users.create(NewUser(username: "bob"), idempotency: Self.key("k", 2), caller: owner.caller)
            }
                == ["Idempotency-Key reused"])
        _ = try await world.users.create(NewUser(username: "cem"), idempotency: Self.key("k", 3), caller: second.caller)
        world.clock.advance(seconds: 86_400)
        let again = try await world.enter("olga")
        _ = try await world.users.create(NewUser(username: "dora"), idempotency: Self.key("k", 4), caller: again.caller)
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM idempotency_key")) == [1], "and is forgotten then")
    }

    @Test func `a key whose user was deleted makes no second one`() async throws {
        let (world, owner) = try await Self.world()
        let new = NewUser(username: "ann")
        let user = try await world.users.create(new, idempotency: Self.key("k"), caller: owner.caller).value
        _ = try await world.users.delete(user.id, ifMatch: nil, caller: owner.caller)
        #expect(
            (await refusal { try await world.users.create(new, idempotency: Self.key("k"), caller: owner.caller) })?.code
                == "conflict")
    }

    @Test func `only a hash of the key is stored`() async throws {
        let (world, owner) = try await Self.world()
        _ = try await world.users.create(NewUser(username: "ann"), idempotency: Self.key("secret-key"), caller: owner.caller)
        let rows = try await world.texts(Statement("SELECT key_hash || request_hash || object_id FROM idempotency_key"))
        #expect(rows.count == 1 && !rows[0].contains("secret-key"))
    }

    // MARK: Changing

    @Test func `a patch changes what it names and keeps the rest`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.users.create(
            NewUser(
                username: "ann", name: "Ann", email: "ann@example.org",
                attributes: JSONObject([("a", .integer(1)), ("b", .integer(2))])), idempotency: nil, caller: owner.caller
        ).value
        world.clock.advance(seconds: 5)
        let patch = Self.patch {
            $0.name = .clear
            $0.emailVerified = .set(true)
            $0.attributes = .set(JSONObject([("a", .null), ("c", .string("x"))]))
        }
        let user = try await world.users.update(ann.id, patch, ifMatch: nil, caller: owner.caller).value
        #expect(user.username == "ann" && user.name == nil && user.email == "ann@example.org" && user.emailVerified)
        #expect(user.attributes == JSONObject([("b", .integer(2)), ("c", .string("x"))]))
        #expect(user.version == 2 && user.createdAt == ann.createdAt && user.updatedAt == world.clock.now())
        #expect(try await world.users.get(ann.id, caller: owner.caller) == user)
        let event = try #require(try await world.events().last)
        #expect(event.action == "user.update" && event.target?.name == "ann" && event.actor?.name == "olga")
        let changes = event.changes.map { "\($0.field): \($0.old.text) -> \($0.new.text)" }
        #expect(
            Set(changes) == [
                #"name: "Ann" -> null"#, "emailVerified: false -> true", "attributes.a: 1 -> null", #"attributes.c: null -> "x""#,
            ])
        let cleared = try await world.users.update(
            ann.id, Self.patch { $0.attributes = .clear }, ifMatch: nil, caller: owner.caller
        ).value
        #expect(cleared.attributes.isEmpty)
    }

    @Test func `a patch that changes nothing is no change`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makeUser("ann", by: owner)
        let events = try await world.events().count
        let patches = [
            UserPatch(), Self.patch { $0.username = .set("ann") }, Self.patch { $0.name = .clear },
            Self.patch { $0.name = .set("") },
            Self.patch { $0.attributes = .set(JSONObject([("absent", .null)])) },
        ]
        for patch in patches {
            #expect(try await world.users.update(ann.id, patch, ifMatch: nil, caller: owner.caller).value == ann)
        }
        #expect(try await world.events().count == events)
    }

    @Test func `a new e-mail address is not verified, none cannot be`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makeUser("ann", by: owner)
        func update(_ change: (inout UserPatch) -> Void) async throws -> User {
            try await world.users.update(ann.id, Self.patch(change), ifMatch: nil, caller: owner.caller).value
        }
        #expect(try await !update { $0.emailVerified = .set(true) }.emailVerified, "there is none to verify")
        #expect(
            try await update {
                $0.email = .set("a@example.org")
                $0.emailVerified = .set(true)
            }.emailVerified)
        #expect(try await update { $0.name = .set("Ann") }.emailVerified)
        #expect(try await !update { $0.email = .set("b@example.org") }.emailVerified)
        #expect(try await update { $0.emailVerified = .set(true) }.emailVerified)
        let cleared = try await update { $0.email = .clear }
        #expect(cleared.email == nil && !cleared.emailVerified)
    }

    @Test func `a user can be renamed, and only the new name signs in`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makeUser("ann", by: owner)
        try await world.makeUser("bob", by: owner)
        let renamed = try await world.users.update(
            ann.id, Self.patch { $0.username = .set("Anna") }, ifMatch: nil, caller: owner.caller
        ).value
        #expect(renamed.username == "Anna" && renamed.id == ann.id)
        #expect(try await world.enter("anna").id == ann.id)
        await #expect(throws: ServiceError.invalidCredentials) { try await world.enter("ann") }
        #expect(
            await fieldCodes {
                try await world.users.update(ann.id, Self.patch { $0.username = .set("BOB") }, ifMatch: nil, caller: owner.caller)
            }
                == ["username taken"])
        _ = try await world.users.update(ann.id, Self.patch { $0.username = .set("ANNA") }, ifMatch: nil, caller: owner.caller)
        try await world.makeUser("ann", by: owner)
        #expect(try await world.users.list(ListQuery(search: "anna"), caller: owner.caller).items.map(\.id) == [ann.id])
    }

    @Test func `a bad patch is refused field by field and changes nothing`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makeUser("ann", by: owner)
        let patch = Self.patch {
            $0.username = .clear
            $0.name = .set("a\u{202E}b")
            $0.email = .set("x")
            $0.attributes = .set(JSONObject([("1", .integer(1))]))
        }
        #expect(
            await fieldCodes { try await world.users.update(ann.id, patch, ifMatch: nil, caller: owner.caller) } == [
                "username required", "name characters", "email invalid_email", "attributes.1 name",
            ])
        #expect(try await world.users.get(ann.id, caller: owner.caller) == ann)
    }

    @Test func `versions count changes and guard them`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makePerson("ann", by: owner)
        func version() async throws -> Int64 { try await world.users.get(ann.id, caller: owner.caller).version }
        #expect(try await version() == 1, "signing in is no change")
        _ = try await world.users.update(ann.id, Self.patch { $0.name = .set("A") }, ifMatch: 1, caller: owner.caller)
        #expect(try await version() == 2)
        for stale in [1, 3, -1, 0, .max] as [Int64] {
            let attempts: [() async throws -> Void] = [
                {
                    _ = try await world.users.update(
                        ann.id, Self.patch { $0.name = .set("B") }, ifMatch: stale, caller: owner.caller)
                },
                { _ = try await world.users.disable(ann.id, ifMatch: stale, caller: owner.caller) },
                { _ = try await world.users.enable(ann.id, ifMatch: stale, caller: owner.caller) },
                { _ = try await world.users.delete(ann.id, ifMatch: stale, caller: owner.caller) },
                { _ = try await world.account.update(Self.patch { $0.name = .set("B") }, ifMatch: stale, caller: ann.caller) },
            ]
            for attempt in attempts { #expect(await refusal(attempt) == .preconditionFailed) }
        }
        #expect(try await version() == 2)
        #expect(try await world.users.disable(ann.id, ifMatch: 2, caller: owner.caller).value.version == 3)
        #expect(try await world.users.enable(ann.id, ifMatch: 3, caller: owner.caller).value.version == 4)
        _ = try await world.users.setPassword(ann.id, password: "set anew by the owner", mustChange: false, caller: owner.caller)
        #expect(try await version() == 5)
        _ = try await world.users.delete(ann.id, ifMatch: 5, caller: owner.caller)
    }

    @Test func `of changes at once from one version one wins`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makeUser("ann", by: owner)
        let outcomes = await withTaskGroup(of: ServiceError?.self) { group in
            for number in 0..<10 {
                group.addTask {
                    await refusal {
                        try await world.users.update(
                            ann.id, Self.patch { $0.name = .set("Ann \(number)") }, ifMatch: 1, caller: owner.caller)
                    }
                }
            }
            var all: [ServiceError?] = []
            for await outcome in group { all.append(outcome) }
            return all
        }
        #expect(outcomes.filter { $0 == nil }.count == 1)
        #expect(outcomes.filter { $0 == .preconditionFailed }.count == 9)
    }

    // MARK: Status

    @Test func `disabling and enabling can be repeated and are told once`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makeUser("ann", by: owner)
        for _ in 0..<2 {
            #expect(try await world.users.disable(ann.id, ifMatch: nil, caller: owner.caller).value.status == .disabled)
        }
        for _ in 0..<2 {
            #expect(try await world.users.enable(ann.id, ifMatch: nil, caller: owner.caller).value.status == .active)
        }
        #expect(try await world.events().suffix(2).map(\.action) == ["user.disable", "user.enable"])
        #expect(
            try await world.events().last?.changes == [.init(field: "status", old: .string("disabled"), new: .string("active"))])
    }

    @Test func `enabling somebody without a password gives an invited one`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makeUser("ann", password: nil, by: owner)
        #expect(try await world.users.enable(ann.id, ifMatch: nil, caller: owner.caller).value.status == .invited)
        _ = try await world.users.disable(ann.id, ifMatch: nil, caller: owner.caller)
        #expect(try await world.users.enable(ann.id, ifMatch: nil, caller: owner.caller).value.status == .invited)
    }

    @Test func `a password makes an invited user active, and leaves a disabled one disabled`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makeUser("ann", password: nil, by: owner)
        _ = try await world.users.setPassword(ann.id, password: World.password, mustChange: false, caller: owner.caller)
        #expect(try await world.users.get(ann.id, caller: owner.caller).status == .active)
        _ = try await world.enter("ann")
        _ = try await world.users.disable(ann.id, ifMatch: nil, caller: owner.caller)
        _ = try await world.users.setPassword(ann.id, password: World.password, mustChange: false, caller: owner.caller)
        #expect(try await world.users.get(ann.id, caller: owner.caller).status == .disabled)
    }

    @Test func `a set password is judged, works at once, and the old one no longer`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.users.create(
            NewUser(username: "annabel", email: "bergmann@example.org", password: World.password), idempotency: nil,
            caller: owner.caller
        ).value
        func set(_ password: String) async throws -> Written<Void> {
            try await world.users.setPassword(ann.id, password: password, mustChange: false, caller: owner.caller)
        }
        #expect(await fieldCodes { try await set("lanterns of annabel") } == ["password contains_username"])
        #expect(await fieldCodes { try await set("lanterns of bergmann") } == ["password contains_email"])
        #expect(await fieldCodes { try await set("") } == ["password too_short"])
        _ = try await set("set anew by the owner")
        _ = try await world.enter("annabel", password: "set anew by the owner")
        await #expect(throws: ServiceError.invalidCredentials) { try await world.enter("annabel") }
    }

    // MARK: Deleting

    @Test func `nothing of a deleted user stays but the record`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makePerson("ann", by: owner)
        try await world.makeOwner(of: ann.id)
        _ = await refusal { try await world.enter("ann", password: "wrong") }
        _ = try await world.users.delete(ann.id, ifMatch: nil, caller: owner.caller)
        for count in [
            Statement("SELECT COUNT(*) FROM principal WHERE id = $1", [.text(ann.id.text)]),
            Statement("SELECT COUNT(*) FROM user_profile WHERE id = $1", [.text(ann.id.text)]),
            Statement("SELECT COUNT(*) FROM user_word WHERE user_id = $1", [.text(ann.id.text)]),
            Statement("SELECT COUNT(*) FROM credential WHERE principal_id = $1", [.text(ann.id.text)]),
            Statement("SELECT COUNT(*) FROM session WHERE principal_id = $1", [.text(ann.id.text)]),
            Statement("SELECT COUNT(*) FROM role_assignment WHERE principal_id = $1", [.text(ann.id.text)]),
            Statement("SELECT COUNT(*) FROM sign_in_activity WHERE principal_id = $1", [.text(ann.id.text)]),
            Statement("SELECT COUNT(*) FROM known_address WHERE principal_id = $1", [.text(ann.id.text)]),
            Statement("SELECT COUNT(*) FROM sign_in_throttle WHERE principal_id = $1", [.text(ann.id.text)]),
        ] { #expect(try await world.integers(count) == [0], "\(count.text)") }
        await #expect(throws: ServiceError.notFound) { try await world.users.get(ann.id, caller: owner.caller) }
        await #expect(throws: ServiceError.notFound) { try await world.users.delete(ann.id, ifMatch: nil, caller: owner.caller) }
        let event = try #require(try await world.events().last)
        #expect(event.action == "user.delete" && event.target?.name == "ann")
    }

    @Test func `a name set free can be given again, and its new holder inherits nothing`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makePerson("ann", by: owner)
        try await world.makeOwner(of: ann.id)
        _ = try await world.users.delete(ann.id, ifMatch: nil, caller: owner.caller)
        let second = try await world.makePerson("ann", by: owner)
        #expect(second.id != ann.id)
        #expect(try await world.account.profile(caller: second.caller).roles == [])
        #expect(try await world.sessions.resolve(token: ann.token, realm: .main) == nil)
    }

    @Test func `what deleting takes with it is counted`() async throws {
        let (world, owner) = try await Self.world()
        let ann = try await world.makePerson("ann", by: owner)
        _ = try await world.enter("ann")
        try await world.makeOwner(of: ann.id)
        #expect(
            try await world.users.consequencesOfDeleting(ann.id, caller: owner.caller)
                == DeletionConsequences(sessions: 2, groups: 0, roleAssignments: 1, authorizations: 0))
    }

    // MARK: The last owner

    @Test func `the last owner can be neither deleted nor disabled`() async throws {
        let (world, owner) = try await Self.world()
        try await world.makeUser("ann", by: owner)
        for attempt in [
            { _ = try await world.users.delete(owner.id, ifMatch: nil, caller: owner.caller) },
            { _ = try await world.users.disable(owner.id, ifMatch: nil, caller: owner.caller) },
        ] as [() async throws -> Void] { #expect((await refusal(attempt))?.code == "conflict") }
        #expect(try await world.sessions.resolve(token: owner.token, realm: .main) != nil, "nothing of it stays")
        #expect(try await world.users.get(owner.id, caller: owner.caller).status == .active)
    }

    @Test func `owners who cannot sign in or are owners for a time only do not count`() async throws {
        let (world, owner) = try await Self.world()
        let disabled = try await world.makeUser("disabled", by: owner)
        let invited = try await world.makeUser("invited", password: nil, by: owner)
        let passing = try await world.makeUser("passing", by: owner)
        for user in [disabled, invited, passing] { try await world.makeOwner(of: user.id) }
        _ = try await world.users.disable(disabled.id, ifMatch: nil, caller: owner.caller)
        try await world.run(
            Statement(
                "UPDATE role_assignment SET expires_at = $1 WHERE principal_id = $2", [.integer(.max), .text(passing.id.text)]))
        #expect(
            (await refusal { try await world.users.disable(owner.id, ifMatch: nil, caller: owner.caller) })?.code == "conflict")
        try await world.run(Statement("UPDATE role_assignment SET expires_at = NULL"))
        _ = try await world.users.disable(owner.id, ifMatch: nil, caller: owner.caller)
    }

    @Test func `two owners who disable each other at once leave one`() async throws {
        for _ in 0..<5 {
            let (world, owner) = try await Self.world()
            let second = try await world.makePerson("second", by: owner)
            try await world.makeOwner(of: second.id)
            async let one = refusal { try await world.users.disable(second.id, ifMatch: nil, caller: owner.caller) }
            async let other = refusal { try await world.users.disable(owner.id, ifMatch: nil, caller: second.caller) }
            let outcomes = [await one, await other]
            #expect(outcomes.filter { $0 == nil }.count == 1)
            #expect(outcomes.contains(.unauthenticated), "the second finds itself disabled")
            #expect(try await world.integers(Statement("SELECT COUNT(*) FROM principal WHERE status = 'active'")) == [1])
        }
    }
}

/// Who may do what, decided in the write itself.
@Suite struct UserPermissionTests {
    static let steps = [
        "update", "delete", "disable", "enable", "unlock", "setPassword", "sessions", "endSessions", "endSession", "consequences",
    ]

    static func attempt(_ step: String, on id: EntityID, by caller: Caller, in world: World) async -> ServiceError? {
        let session = EntityID.make(at: world.clock.now())
        return await refusal {
            switch step {
            case "update":
                _ = try await world.users.update(id, UsersTests.patch { $0.name = .set("X") }, ifMatch: nil, caller: caller)
            case "delete": _ = try await world.users.delete(id, ifMatch: nil, caller: caller)
            case "disable": _ = try await world.users.disable(id, ifMatch: nil, caller: caller)
            case "enable": _ = try await world.users.enable(id, ifMatch: nil, caller: caller)
            case "unlock": _ = try await world.users.unlock(id, caller: caller)
            case "setPassword":
                _ = try await world.users.setPassword(id, password: "set anew by somebody", mustChange: false, caller: caller)
            case "sessions": _ = try await world.users.sessions(of: id, caller: caller)
            case "endSessions": _ = try await world.users.endSessions(of: id, caller: caller)
            case "endSession": _ = try await world.users.endSession(session, of: id, caller: caller)
            default: _ = try await world.users.consequencesOfDeleting(id, caller: caller)
            }
        }
    }

    @Test(arguments: steps)
    func `the powerless see nobody else: as if there were nobody`(step: String) async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        let bob = try await world.makeUser("bob", by: owner)
        let absent = EntityID.make(at: world.clock.now())
        #expect(await Self.attempt(step, on: bob.id, by: ann.caller, in: world) == .notFound)
        #expect(await Self.attempt(step, on: absent, by: ann.caller, in: world) == .notFound)
        #expect(await Self.attempt(step, on: absent, by: owner.caller, in: world) == .notFound)
        #expect(try await world.users.get(bob.id, caller: owner.caller) == bob, "and nothing happened")
    }

    @Test(arguments: steps)
    func `nobody signed in does nothing`(step: String) async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        #expect(await Self.attempt(step, on: owner.id, by: world.stranger(), in: world) == .unauthenticated)
    }

    /// `nil`: allowed, because everybody may see their own sessions.
    @Test(
        arguments: [
            ("update", "user:update"), ("delete", "user:delete"), ("disable", "user:disable"), ("enable", "user:disable"),
            ("unlock", "user:unlock"),
            ("setPassword", "user:reset-password"), ("sessions", nil), ("endSessions", "user:end-sessions"),
            ("endSession", "user:end-sessions"),
            ("consequences", "user:delete"),
        ] as [(String, String?)])
    func `towards themselves the powerless are told which permission is missing`(step: String, permission: String?) async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        let expected = permission.map { ServiceError.forbidden(permission: $0) }
        #expect(await Self.attempt(step, on: ann.id, by: ann.caller, in: world) == expected)
    }

    @Test(arguments: steps)
    func `an owner may`(step: String) async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        let outcome = await Self.attempt(step, on: ann.id, by: owner.caller, in: world)
        // There is no such session, which only somebody who may end sessions is told.
        #expect(outcome == (step == "endSession" ? .notFound : nil))
    }

    @Test func `creating without the permission is refused before anything else is looked at`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        let hashes = world.record.totals
        for new in [NewUser(username: "bob"), NewUser(username: "olga"), NewUser(username: "b o b", password: "x")] {
            await #expect(throws: ServiceError.forbidden(permission: "user:create")) {
                try await world.users.create(new, idempotency: nil, caller: ann.caller)
            }
        }
        await #expect(throws: ServiceError.unauthenticated) {
            try await world.users.create(NewUser(username: "bob"), idempotency: nil, caller: world.stranger())
        }
        #expect(world.record.totals == hashes)
    }

    @Test func `the powerless list shows themselves and nothing else can be found`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        for query in [ListQuery(), ListQuery(sort: "-createdAt"), ListQuery(filter: "username pr"), ListQuery(search: "ann")] {
            let page = try await world.users.list(query, caller: ann.caller)
            #expect(page.items.map(\.id) == [ann.id] && page.total == 1 && page.nextCursor == nil)
        }
        for query in [
            ListQuery(search: "olga"), ListQuery(filter: "username eq \"olga\""),
            ListQuery(filter: "not (id eq \"\(ann.id.text)\")"),
        ] {
            let page = try await world.users.list(query, caller: ann.caller)
            #expect(page.items.isEmpty && page.total == 0)
        }
        await #expect(throws: ServiceError.unauthenticated) { try await world.users.list(ListQuery(), caller: world.stranger()) }
        await #expect(throws: ServiceError.notFound) { try await world.users.get(owner.id, caller: ann.caller) }
        #expect(try await world.users.get(ann.id, caller: ann.caller).username == "ann")
        await #expect(throws: ServiceError.forbidden(permission: "user:read")) {
            try await world.users.overview(caller: ann.caller)
        }
    }

    @Test func `the record is shown to those who may read it`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        let event = try #require(try await world.events().first)
        let hidden = try await world.audit.list(ListQuery(), caller: ann.caller)
        #expect(hidden.items.isEmpty && hidden.total == 0)
        await #expect(throws: ServiceError.notFound) { try await world.audit.get(event.id, caller: ann.caller) }
        await #expect(throws: ServiceError.forbidden(permission: "audit:read")) {
            try await world.audit.verify(since: nil, caller: ann.caller)
        }
        for attempt in [
            { _ = try await world.audit.list(ListQuery(), caller: world.stranger()) },
            { _ = try await world.audit.get(event.id, caller: world.stranger()) },
            { _ = try await world.audit.verify(since: nil, caller: world.stranger()) },
        ] as [() async throws -> Void] { #expect(await refusal(attempt) == .unauthenticated) }
        #expect(try await world.audit.list(ListQuery(), caller: owner.caller).total == 4)
        #expect(try await world.audit.get(event.id, caller: owner.caller).action == "setup.complete")
        #expect(try await world.audit.verify(since: nil, caller: owner.caller).intact)
        await #expect(throws: ServiceError.notFound) {
            try await world.audit.get(.make(at: world.clock.now()), caller: owner.caller)
        }
    }

    @Test func `somebody more powerful can be neither taken over nor taken out`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        // Ann is an owner until tomorrow, olga for good: ann does not hold all that olga does.
        try await world.makeOwner(of: ann.id)
        _ = try await world.database.write { [clock = world.clock] connection in
            try connection.run(
                Statement(
                    "UPDATE role_assignment SET expires_at = $1 WHERE principal_id = $2",
                    [.integer(clock.now().adding(seconds: 86_400).milliseconds), .text(ann.id.text)]))
        }
        for (step, permission) in [
            ("delete", "user:delete"), ("disable", "user:disable"), ("setPassword", "user:reset-password"),
        ] {
            #expect(
                await Self.attempt(step, on: owner.id, by: ann.caller, in: world) == .forbidden(permission: permission), "\(step)"
            )
        }
        #expect(await Self.attempt("update", on: owner.id, by: ann.caller, in: world) == nil)
    }

    // MARK: Decided in the write

    /// Memory says yes, the database says no: the write believes the database.
    @Test(arguments: ["session", "assignment", "status"])
    func `a revoked administrator's write is refused inside its own transaction`(what: String) async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        try await world.makeOwner(of: ann.id)
        let bob = try await world.makeUser("bob", by: owner)
        // Without a line in the feed: memory still believes in ann, only the transaction can know better.
        let statement =
            switch what {
            case "session": Statement("DELETE FROM session WHERE principal_id = $1", [.text(ann.id.text)])
            case "assignment": Statement("DELETE FROM role_assignment WHERE principal_id = $1", [.text(ann.id.text)])
            default: Statement("UPDATE principal SET status = 'disabled' WHERE id = $1", [.text(ann.id.text)])
            }
        try await world.run(statement)
        for step in Self.steps where !["sessions", "consequences"].contains(step) {
            let outcome = await Self.attempt(step, on: bob.id, by: ann.caller, in: world)
            #expect(outcome == (what == "assignment" ? .notFound : .unauthenticated), "\(step)")
        }
        let create = await refusal {
            try await world.users.create(NewUser(username: "cem"), idempotency: nil, caller: ann.caller)
        }
        #expect(create == (what == "assignment" ? .forbidden(permission: "user:create") : .unauthenticated))
        #expect(try await world.users.get(bob.id, caller: owner.caller) == bob)
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM principal")) == [3])
    }

    @Test func `a caller made up from somebody else's session is nobody`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        let forged = Caller(
            realm: .main, principal: .user(owner.id), session: ann.caller.session, assurance: nil, address: "", requestID: "")
        await #expect(throws: ServiceError.unauthenticated) {
            try await world.users.create(NewUser(username: "bob"), idempotency: nil, caller: forged)
        }
        let elsewhere = Caller(
            realm: RealmID("other"), principal: .user(owner.id), session: owner.caller.session, assurance: nil, address: "",
            requestID: "")
        #expect(
            await refusal { try await world.users.create(NewUser(username: "bob"), idempotency: nil, caller: elsewhere) } != nil)
        await #expect(throws: ServiceError.notFound) { try await world.users.get(owner.id, caller: elsewhere) }
    }

    // MARK: Oneself

    @Test func `everybody reads and edits their own profile, and nothing else of it`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        let profile = try await world.account.profile(caller: ann.caller)
        #expect(profile.user.username == "ann" && profile.roles == [] && profile.groups == [] && profile.organizations == [])
        #expect(try await world.account.profile(caller: owner.caller).roles == ["owner"])
        let patch = UsersTests.patch {
            $0.name = .set("Ann")
            $0.email = .set("ann@example.org")
            $0.username = .set("olga2")
            $0.emailVerified = .set(true)
            $0.attributes = .set(JSONObject([("admin", .bool(true))]))
        }
        let changed = try await world.account.update(patch, ifMatch: 1, caller: ann.caller).value.user
        #expect(changed.name == "Ann" && changed.email == "ann@example.org" && changed.username == "ann")
        #expect(!changed.emailVerified && changed.attributes.isEmpty)
        #expect(try await world.events().last?.action == "user.profile.update")
        await #expect(throws: ServiceError.unauthenticated) { try await world.account.profile(caller: world.stranger()) }
    }

    @Test func `a new password of one's own needs the old one and must be another`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        func change(_ current: String, _ new: String) async -> [String] {
            await fieldCodes { try await world.account.changePassword(current: current, new: new, caller: ann.caller) }
        }
        #expect(await change("wrong", "eighteen green lanterns") == ["currentPassword wrong"])
        #expect(await change("wrong", "x") == ["currentPassword wrong", "newPassword too_short"])
        #expect(await change(World.password, World.password) == ["newPassword unchanged"])
        #expect(await change(World.password, "too short now") == ["newPassword too_short"])
        _ = try await world.account.changePassword(current: World.password, new: "eighteen green lanterns", caller: ann.caller)
        _ = try await world.enter("ann", password: "eighteen green lanterns")
        #expect(try await world.events().contains { $0.action == "user.password.change" && $0.actor?.name == "ann" })
    }
}

/// The first administrator.
@Suite struct SetupTests {
    static func complete(_ world: World, token: String = World.setupToken, _ name: String = "olga") async throws -> User {
        try await world.setup.complete(
            token: token, NewUser(username: name, name: "Olga", password: World.password), caller: world.stranger()
        ).value
    }

    @Test func `setup is open once and makes an owner`() async throws {
        let world = try await World()
        #expect(try await world.setup.required(realm: .main))
        let user = try await Self.complete(world)
        #expect(user.status == .active)
        #expect(try await !world.setup.required(realm: .main))
        let person = try await world.enter("olga")
        #expect(try await world.account.profile(caller: person.caller).roles == ["owner"])
        let error = await refusal { try await Self.complete(world, "second") }
        #expect(error?.code == "forbidden")
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM principal")) == [1])
        #expect(try await world.events().first?.action == "setup.complete")
    }

    @Test(arguments: ["", "x", "the-setup-token-of-a-tes", "the-setup-token-of-a-testt", "THE-SETUP-TOKEN-OF-A-TEST"])
    func `a wrong token is refused and leaves setup open`(token: String) async throws {
        let world = try await World()
        #expect(!world.setup.accepts(token: token))
        #expect((await refusal { try await Self.complete(world, token: token) })?.code == "forbidden")
        #expect(try await world.setup.required(realm: .main))
        #expect(world.setup.accepts(token: World.setupToken))
    }

    @Test func `bad fields leave setup open`() async throws {
        let world = try await World()
        let codes = await fieldCodes {
            try await world.setup.complete(
                token: World.setupToken, NewUser(username: "", email: "x"), caller: world.stranger())
        }
        #expect(codes == ["username required", "email invalid_email", "password required"])
        #expect(try await world.setup.required(realm: .main))
        _ = try await Self.complete(world)
    }

    @Test func `of setups at once one wins`() async throws {
        let world = try await World()
        let outcomes = await withTaskGroup(of: ServiceError?.self) { group in
            for number in 0..<8 { group.addTask { await refusal { try await Self.complete(world, "owner\(number)") } } }
            var all: [ServiceError?] = []
            for await outcome in group { all.append(outcome) }
            return all
        }
        #expect(outcomes.filter { $0 == nil }.count == 1)
        #expect(outcomes.filter { $0?.code == "forbidden" }.count == 7)
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM principal")) == [1])
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM role_assignment")) == [1])
    }
}
