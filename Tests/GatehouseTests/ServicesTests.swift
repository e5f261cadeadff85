import Access
import Audit
import Authentication
import Directory
import Grants
import Model
import Storage
import Testing

/// Services and their API tokens: what they may, what narrows them, and that they end at once.
@Suite struct ServicesTests {
    let world: World
    let services: Services
    let owner: Person

    init() async throws {
        world = try await World()
        services = Services(world.access)
        owner = try await world.makeOwner()
    }

    private func permissions(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    private func isKnown(_ token: String) async throws -> Bool {
        try await world.sessions.resolve(token: token, realm: .main) != nil
    }

    private func patch(_ change: (inout ServicePatch) -> Void) -> ServicePatch {
        var patch = ServicePatch()
        change(&patch)
        return patch
    }

    // MARK: Services

    @Test func `a service is there as it was asked for`() async throws {
        let made = try await services.create(
            NewService(name: "billing", description: "Invoices"), idempotency: nil, caller: owner.caller
        ).value
        #expect(made.name == "billing" && made.description == "Invoices" && made.status == .active && made.version == 1)
        #expect(try await services.get(made.id, caller: owner.caller) == made)
        #expect(try await services.list(ListQuery(search: "bil"), caller: owner.caller).items == [made])
        let changed = try await services.update(
            made.id,
            patch {
                $0.name = .set("Invoicing")
                $0.description = .clear
            }, ifMatch: 1, caller: owner.caller
        ).value
        #expect(changed.name == "Invoicing" && changed.description.isEmpty && changed.version == 2)
        #expect(try await services.get(made.id, caller: owner.caller) == changed)
        _ = try await services.delete(made.id, ifMatch: 2, caller: owner.caller)
        #expect(await refusal { try await services.get(made.id, caller: owner.caller) } == .notFound)
        #expect(
            try await world.events().map(\.action).filter { $0.hasPrefix("service") }
                == ["service.create", "service.update", "service.delete"])
    }

    @Test func `names are unique across users and services`() async throws {
        try await world.makeUser("ann", by: owner)
        #expect(
            await fieldCodes { try await services.create(NewService(name: "ANN"), idempotency: nil, caller: owner.caller) }
                == ["name taken"])
        _ = try await services.create(NewService(name: "billing"), idempotency: nil, caller: owner.caller)
        #expect(await fieldCodes { try await world.makeUser("Billing", by: owner) } == ["username taken"])
        #expect(
            await fieldCodes { try await services.create(NewService(name: ""), idempotency: nil, caller: owner.caller) }
                == ["name required"])
    }

    @Test func `who may not see services finds none, and who may not change them does not`() async throws {
        let machine = try await world.makeService("billing", by: owner)
        let reader = try await world.makePerson("rita", by: owner)
        #expect(await refusal { try await services.get(machine.id, caller: reader.caller) } == .notFound)
        #expect(try await services.list(ListQuery(), caller: reader.caller).total == 0)
        try await world.authorize(
            .user(reader.id), [Permission(resourceType: "service", match: .id(machine.id.text), actions: ["read"])])
        #expect(try await services.list(ListQuery(), caller: reader.caller).items.map(\.name) == ["billing"])
        for change in [patch { $0.status = .set("disabled") }, patch { $0.name = .set("x") }, patch { $0.name = .set("") }] {
            #expect(
                await refusal { try await services.update(machine.id, change, ifMatch: nil, caller: reader.caller) }?.code
                    == "forbidden")
        }
        #expect(
            await refusal { try await services.createToken(NewToken(name: ""), of: machine.id, caller: reader.caller) }
                == .forbidden(permission: "service:create-token"))
        #expect(
            await refusal { try await services.tokens(of: machine.id, caller: reader.caller) }
                == .forbidden(permission: "service:read-tokens"))
        #expect(
            await refusal { try await services.deleteToken(machine.tokenID, of: machine.id, caller: reader.caller) }
                == .forbidden(permission: "service:delete-token"))
    }

    // MARK: Tokens

    @Test func `a token is its service, for reads and for writes`() async throws {
        let machine = try await world.makeService("billing", by: owner)
        #expect(machine.token.hasPrefix("ghp_") && machine.token.utf8.count == 47)
        #expect(machine.caller.principal == PrincipalReference(kind: .service, id: machine.id))
        #expect(
            await refusal { try await world.users.create(NewUser(username: "x"), idempotency: nil, caller: machine.caller) }?.code
                == "forbidden")
        try await world.give("user-admin", to: PrincipalReference(kind: .service, id: machine.id))
        let made = try await world.users.create(NewUser(username: "x"), idempotency: nil, caller: machine.caller).value
        #expect(try await world.users.get(made.id, caller: machine.caller) == made)
        #expect(try await world.events().last?.actor?.name == "billing")
        // It is nobody with an account of his own, and has no session.
        #expect(await refusal { try await world.account.profile(caller: machine.caller) }?.code == "forbidden")
        #expect(await refusal { try await world.sessions.current(caller: machine.caller) } == .notFound)
    }

    @Test func `the token itself is stored nowhere and told once`() async throws {
        let machine = try await world.makeService("billing", by: owner)
        let listed = try await services.tokens(of: machine.id, caller: owner.caller)
        #expect(listed.total == 1 && listed.items[0].hint == machine.token.prefix(8) && listed.items[0].lastUsedAt == nil)
        for statement in [
            Statement("SELECT token_hash FROM api_token"), Statement("SELECT body FROM audit_personal"),
            Statement("SELECT detail FROM audit_event"),
        ] {
            for text in try await world.texts(statement) { #expect(!text.contains(machine.token.dropFirst(8))) }
        }
        let key = IdempotencyKey(key: "k", requestHash: [1])
        let new = NewToken(name: "again")
        _ = try await services.createToken(new, of: machine.id, idempotency: key, caller: owner.caller)
        #expect(
            await refusal { try await services.createToken(new, of: machine.id, idempotency: key, caller: owner.caller) }?.code
                == "conflict")
    }

    @Test func `a bad token is refused, all of it at once`() async throws {
        let machine = try await world.makeService("billing", by: owner)
        let new = NewToken(
            name: "", expiresAt: world.clock.now(), permissions: try permissions(#"[{"resourceType":"none","actions":["x"]}]"#))
        #expect(
            await fieldCodes { try await services.createToken(new, of: machine.id, caller: owner.caller) }
                == ["name required", "expiresAt past", "permissions.0.resourceType absent"])
        let malformed = NewToken(name: "x", permissions: .string("all"))
        #expect(
            await refusal { try await services.createToken(malformed, of: machine.id, caller: owner.caller) }?.code == "malformed"
        )
    }

    @Test func `a narrowed token can do what both its service and its permissions allow`() async throws {
        let wide = try await world.makeService("billing", by: owner)
        let reference = PrincipalReference(kind: .service, id: wide.id)
        try await world.give("user-admin", to: reference)
        let ann = try await world.makeUser("ann", by: owner)
        let ben = try await world.makeUser("ben", by: owner)
        let narrow = try await world.makeToken(
            of: wide.id, "narrow",
            permissions: try permissions(
                """
                [{"resourceType":"user","match":"id","resource":"\(ann.id)","actions":["read","update"]},
                 {"resourceType":"audit","actions":["read"]}]
                """), by: owner)
        #expect(try await world.users.list(ListQuery(), caller: narrow.caller).items.map(\.username) == ["ann"])
        #expect(await refusal { try await world.users.get(ben.id, caller: narrow.caller) } == .notFound)
        let rename = UsersTests.patch { $0.name = .set("Ann") }
        #expect(try await world.users.update(ann.id, rename, ifMatch: nil, caller: narrow.caller).value.name == "Ann")
        #expect(
            await refusal { try await world.users.disable(ann.id, ifMatch: nil, caller: narrow.caller) }
                == .forbidden(permission: "user:disable"))
        #expect(await refusal { try await world.users.update(ben.id, rename, ifMatch: nil, caller: narrow.caller) } == .notFound)
        // What the service itself may not do, its token may not either.
        #expect(!world.gate.allows(.auditRead, caller: narrow.caller))
        let nothing = try await world.makeToken(of: wide.id, "nothing", permissions: .array([]), by: owner)
        #expect(try await world.users.list(ListQuery(), caller: nothing.caller).total == 0)
    }

    @Test func `a narrowed token makes no wide one`() async throws {
        let machine = try await world.makeService("billing", by: owner)
        try await world.give("user-admin", to: PrincipalReference(kind: .service, id: machine.id))
        let narrow = try await world.makeToken(
            of: machine.id, "narrow", permissions: try permissions(#"[{"resourceType":"service","actions":["*"]}]"#), by: owner)
        #expect(
            await refusal { try await services.createToken(NewToken(name: "wide"), of: machine.id, caller: narrow.caller) }?.code
                == "forbidden")
        #expect(
            await refusal { try await world.users.create(NewUser(username: "x"), idempotency: nil, caller: narrow.caller) }?.code
                == "forbidden")
    }

    @Test func `power over a service is for those who hold what it holds`() async throws {
        let machine = try await world.makeService("root", by: owner)
        try await world.give("owner", to: PrincipalReference(kind: .service, id: machine.id))
        let adam = try await world.makePerson("adam", by: owner)
        try await world.give("user-admin", to: .user(adam.id))
        let disable = patch { $0.status = .set("disabled") }
        for attempt in [
            await refusal { try await services.createToken(NewToken(name: "x"), of: machine.id, caller: adam.caller) },
            await refusal { try await services.deleteToken(machine.tokenID, of: machine.id, caller: adam.caller) },
            await refusal { try await services.delete(machine.id, ifMatch: nil, caller: adam.caller) },
        ] { #expect(attempt?.code == "forbidden") }
        #expect(
            await refusal { try await services.update(machine.id, disable, ifMatch: nil, caller: adam.caller) }?.code
                == "forbidden")
        let weak = try await world.makeService("weak", by: owner)
        _ = try await services.createToken(NewToken(name: "x"), of: weak.id, caller: adam.caller)
        _ = try await services.update(weak.id, disable, ifMatch: nil, caller: adam.caller)
    }

    // MARK: The end of tokens

    @Test func `a deleted, disabled or expired token is nobody's at once, on every way`() async throws {
        let end = world.clock.now().adding(seconds: 60)
        let deleted = try await world.makeService("deleted", by: owner)
        let disabled = try await world.makeService("disabled", by: owner)
        let expiring = try await world.makeService("expiring", expiresAt: end, by: owner)
        let removed = try await world.makeService("removed", by: owner)
        let all = [deleted, disabled, expiring, removed]
        for machine in all {
            try await world.give("user-admin", to: PrincipalReference(kind: .service, id: machine.id))
            #expect(try await isKnown(machine.token))
        }
        _ = try await services.deleteToken(deleted.tokenID, of: deleted.id, caller: owner.caller)
        _ = try await services.update(
            disabled.id, patch { $0.status = .set("disabled") }, ifMatch: nil, caller: owner.caller)
        _ = try await services.delete(removed.id, ifMatch: nil, caller: owner.caller)
        world.clock.advance(seconds: 59)
        #expect(try await isKnown(expiring.token))
        world.clock.advance(seconds: 1)
        for machine in all {
            #expect(try await !isKnown(machine.token), "\(machine.name)")
            // Somebody who was let in a moment ago does not get to write.
            #expect(
                await refusal {
                    try await Groups(world.access).create(NewGroup(name: "x"), idempotency: nil, caller: machine.caller)
                } == .unauthenticated, "\(machine.name)")
        }
        #expect(try await world.integers(Statement("SELECT COUNT(*) FROM api_token")) == [2])
        _ = try await services.update(
            disabled.id, patch { $0.status = .set("active") }, ifMatch: nil, caller: owner.caller)
        #expect(try await isKnown(disabled.token))
    }

    @Test func `other texts are nobody's token`() async throws {
        let machine = try await world.makeService("billing", by: owner)
        for text in [
            "", "ghp_", "ghs_" + machine.token.dropFirst(4), "ghx_" + machine.token.dropFirst(4), machine.token + "A",
            String(machine.token.dropLast()) + "!",
        ] { #expect(try await !isKnown(text)) }
        #expect(try await world.sessions.resolve(token: machine.token, realm: RealmID("other")) == nil)
    }

    @Test func `when a token was used last is told, and costs a write a minute at most`() async throws {
        let machine = try await world.makeService("billing", by: owner)
        let first = world.clock.now()
        try await world.sessions.tidy()
        func lastUsed() async throws -> Timestamp? {
            try await services.tokens(of: machine.id, caller: owner.caller).items.first?.lastUsedAt
        }
        #expect(try await lastUsed() == first)
        world.clock.advance(seconds: 30)
        #expect(try await isKnown(machine.token))
        try await world.sessions.tidy()
        #expect(try await lastUsed() == first)
        world.clock.advance(seconds: 31)
        #expect(try await isKnown(machine.token))
        try await world.sessions.tidy()
        #expect(try await lastUsed() == world.clock.now())
    }
}
