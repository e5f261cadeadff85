import Access
import Audit
import Directory
import Grants
import Model
import Storage
import Testing

/// Roles, as the service keeps them.
@Suite struct RolesTests {
    @Test func `a created role is there as it was asked for, and in the record`() async throws {
        let here = try await GrantsWorld()
        let text = ##"[{"resourceType":"mqtt-topic","match":"pattern","resource":"plant/#","actions":["subscribe"]}]"##
        let made = try await here.services.roles.create(
            NewRole(
                id: "reader", name: "Reader", description: "Reads.", permissions: try here.json(text),
                includes: ["minimum-access"]),
            idempotency: nil, caller: here.caller)
        let stored = try await here.services.roles.get("reader", caller: here.caller)
        #expect(stored == made.value)
        #expect(stored.role.name == "Reader" && stored.role.description == "Reads." && stored.source == "local")
        #expect(stored.role.includes == ["minimum-access"] && !stored.role.isBuiltIn && stored.version == 1)
        #expect(stored.role.permissions.map(\.actions) == [["subscribe"]])
        #expect(await here.world.database.catchUp(to: made.revision))
        let event = try #require(try await here.world.events().last)
        #expect(event.action == "role.create" && event.target?.id == "reader" && event.actor?.name == "olga")
        #expect(event.changes.map(\.field).sorted() == ["description", "includes", "name", "permissions"])
    }

    @Test(arguments: ["", "Upper", "with space", "a:b", "019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f"])
    func `an id that is no slug is refused`(id: String) async throws {
        let here = try await GrantsWorld()
        #expect(
            await fieldCodes { try await here.role(id) } == (id.isEmpty ? ["id required", "name length"] : ["id characters"]))
    }

    @Test func `an id is given once`() async throws {
        let here = try await GrantsWorld()
        try await here.role("reader")
        #expect(await fieldCodes { try await here.role("reader") } == ["id taken"])
        #expect(await fieldCodes { try await here.role("owner") } == ["id taken"])
    }

    @Test func `everything wrong with permissions is named at once`() async throws {
        let here = try await GrantsWorld()
        let codes = await fieldCodes {
            try await here.role(
                "reader",
                #"""
                [{"resourceType":"nothing","actions":["read"]},
                 {"resourceType":"mqtt-topic","actions":["fly"]},
                 {"resourceType":"mqtt-topic","actions":[]},
                 {"resourceType":"mqtt-topic","match":"pattern","actions":["publish"]},
                 {"resourceType":"mqtt-topic","match":"pattern","resource":"a/#/b","actions":["publish"]},
                 {"resourceType":"mqtt-topic","match":"any","resource":"a","actions":["publish"]},
                 {"resourceType":"mqtt-topic","match":"property","property":"p","actions":["publish"]},
                 {"resourceType":"mqtt-topic","match":"id","resource":"a","property":"p","actions":["publish"]},
                 {"resourceType":"mqtt-topic","actions":["publish"],"condition":"subject."},
                 {"resourceType":"mqtt-topic","actions":["publish"],"effect":"maybe"},
                 {"resourceType":"user","actions":["read"],"condition":"resource.colour eq \"red\""},
                 {"resourceType":"mqtt-topic","actions":["publish"],"scopes":["world"]}]
                """#, includes: ["nobody"])
        }
        #expect(
            codes == [
                "includes absent", "permissions.0.resourceType absent", "permissions.1.actions absent",
                "permissions.2.actions required", "permissions.3.resource required", "permissions.4.resource syntax",
                "permissions.5.resource unexpected", "permissions.6.property required", "permissions.7.property unexpected",
                "permissions.8.condition syntax", "permissions.9.effect invalid", "permissions.10.condition unlistable",
                "permissions.11.scopes invalid",
            ])
        #expect(await refusal { try await here.services.roles.get("reader", caller: here.caller) } == .notFound)
    }

    @Test func `wrong types come before missing power, missing power before wrong values`() async throws {
        let here = try await GrantsWorld()
        let weak = try await here.person("wendy")
        #expect(await refusal { try await here.role("r", #"[{"resourceType":5}]"#, by: weak) }?.code == "malformed")
        #expect(await refusal { try await here.role("r", #"[{"colour":"red"}]"#, by: weak) }?.code == "malformed")
        #expect(await missingPermission { try await here.role("r", #"[{"resourceType":"none"}]"#, by: weak) } == "role:create")
    }

    @Test(arguments: ["owner", "user-admin", "access-admin", "help-desk", "device-approver", "auditor", "minimum-access"])
    func `built-in roles stay as they are`(id: String) async throws {
        let here = try await GrantsWorld()
        let patch = rolePatch { $0.name = .set("Other") }
        let roles = here.services.roles
        #expect(await refusal { try await roles.update(id, patch, ifMatch: nil, caller: here.caller) }?.code == "conflict")
        #expect(await refusal { try await roles.delete(id, ifMatch: nil, caller: here.caller) }?.code == "conflict")
        #expect(try await roles.get(id, caller: here.caller).role.isBuiltIn)
    }

    @Test func `roles do not include each other in circles`() async throws {
        let here = try await GrantsWorld()
        try await here.role("a")
        try await here.role("b", includes: ["a"])
        try await here.role("c", includes: ["b"])
        let patch = rolePatch { $0.includes = .set(["c"]) }
        #expect(
            await fieldCodes { try await here.services.roles.update("a", patch, ifMatch: nil, caller: here.caller) }
                == ["includes cycle"])
        let own = rolePatch { $0.includes = .set(["a"]) }
        #expect(
            await fieldCodes { try await here.services.roles.update("a", own, ifMatch: nil, caller: here.caller) }
                == ["includes cycle"])
        #expect(try await here.services.roles.get("a", caller: here.caller).role.includes == [])
    }

    @Test func `what a role includes it gives, and takes away when it ends`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let topics = #"[{"resourceType":"mqtt-topic","match":"id","resource":"a/b","actions":["publish"]}]"#
        try await here.role("low", topics)
        try await here.role("high", includes: ["low"])
        try await here.assign("high", to: .user(ann.id))
        #expect(try here.may(.user(ann.id), "publish", "mqtt-topic", "a/b"))
        #expect(here.world.gate.roles(of: .user(ann.id), realm: .main) == ["high", "low"])
        _ = try await here.services.roles.update(
            "low", rolePatch { $0.permissions = .clear }, ifMatch: nil, caller: here.caller)
        #expect(try !here.may(.user(ann.id), "publish", "mqtt-topic", "a/b"))
    }

    @Test func `a role that others include stays; deleting one ends its assignments`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        try await here.role("low")
        try await here.role("high", #"[{"resourceType":"audit","actions":["read"]}]"#, includes: ["low"])
        try await here.assign("high", to: .user(ann.id))
        let roles = here.services.roles
        #expect(await refusal { try await roles.delete("low", ifMatch: nil, caller: here.caller) }?.code == "conflict")
        #expect(try await roles.assignmentCount(of: "high", caller: here.caller) == 1)
        _ = try await roles.delete("high", ifMatch: nil, caller: here.caller)
        #expect(try !here.may(.user(ann.id), "read", "audit"))
        let left = try await here.services.roleAssignments.list(ListQuery(filter: #"role eq "high""#), caller: here.caller)
        #expect(left.items == [])
        // A role of the same name later is another role.
        try await here.role("high", #"[{"resourceType":"audit","actions":["read"]}]"#)
        #expect(try !here.may(.user(ann.id), "read", "audit"))
        #expect(try await here.lastEvents(2) == ["role.delete high", "role.create high"])
    }

    @Test func `nobody writes into a role what he does not hold`() async throws {
        let here = try await GrantsWorld()
        let anna = try await here.person("anna", with: "access-admin")
        #expect(
            await missingPermission { try await here.role("x", #"[{"resourceType":"user","actions":["delete"]}]"#, by: anna) }
                == "user:delete")
        #expect(await missingPermission { try await here.role("x", includes: ["owner"], by: anna) } != nil)
        // What she holds, and what products protect, she may give.
        try await here.role("y", #"[{"resourceType":"user","match":"id","resource":"x","actions":["read"]}]"#, by: anna)
        try await here.role("z", #"[{"resourceType":"http-endpoint","actions":["write"]}]"#, by: anna)
        let more = rolePatch { $0.permissions = .set(.array([])) }
        try await here.role("keys", #"[{"effect":"deny","resourceType":"user","actions":["delete"]}]"#)
        #expect(
            await missingPermission {
                try await here.services.roles.update("keys", more, ifMatch: nil, caller: anna.caller)
            } == "user:delete")
    }

    @Test func `who only writes roles does not grant what products protect`() async throws {
        let here = try await GrantsWorld()
        try await here.role("writer", #"[{"resourceType":"role","actions":["*"]}]"#)
        let walter = try await here.person("walter", with: "writer")
        #expect(
            await missingPermission {
                try await here.role("x", #"[{"resourceType":"mqtt-topic","actions":["publish"]}]"#, by: walter)
            } == "resource-type:grant on mqtt-topic")
        try await here.authorize(
            #"[{"resourceType":"resource-type","match":"id","resource":"mqtt-topic","actions":["grant"]}]"#, to: .user(walter.id))
        try await here.role("x", #"[{"resourceType":"mqtt-topic","actions":["publish"]}]"#, by: walter)
        #expect(
            await missingPermission {
                try await here.role("y", #"[{"resourceType":"http-endpoint","actions":["GET"]}]"#, by: walter)
            } == "resource-type:grant on http-endpoint")
    }

    @Test func `a stale version changes nothing`() async throws {
        let here = try await GrantsWorld()
        let first = try await here.role("a")
        let roles = here.services.roles
        let patch = rolePatch { $0.description = .set("New.") }
        let second = try await roles.update("a", patch, ifMatch: first.version, caller: here.caller).value
        #expect(second.version == 2 && second.role.description == "New.")
        #expect(await refusal { try await roles.update("a", patch, ifMatch: 1, caller: here.caller) } == .preconditionFailed)
        #expect(await refusal { try await roles.delete("a", ifMatch: 1, caller: here.caller) } == .preconditionFailed)
        // The same once more changes nothing and writes nothing.
        let count = try await here.world.events().count
        #expect(try await roles.update("a", patch, ifMatch: 2, caller: here.caller).value.version == 2)
        #expect(try await here.world.events().count == count)
    }

    @Test func `a repeated create answers the same role`() async throws {
        let here = try await GrantsWorld()
        let key = UsersTests.key("k")
        let first = try await here.role("a", idempotency: key)
        #expect(try await here.role("a", idempotency: key) == first)
        #expect(await fieldCodes { try await here.role("a", idempotency: UsersTests.key("k", 2)) } == ["Idempotency-Key reused"])
        _ = try await here.services.roles.delete("a", ifMatch: nil, caller: here.caller)
        #expect(await refusal { try await here.role("a", idempotency: key) }?.code == "conflict")
    }

    @Test func `a list filters, searches, sorts and pages`() async throws {
        let here = try await GrantsWorld()
        for id in ["alpha", "beta", "gamma", "delta"] { try await here.role(id) }
        let roles = here.services.roles
        func ids(_ query: ListQuery) async throws -> [String] {
            try await roles.list(query, caller: here.caller).items.map(\.role.id)
        }
        #expect(try await ids(ListQuery(filter: "builtIn eq false", sort: "-id")) == ["gamma", "delta", "beta", "alpha"])
        #expect(try await ids(ListQuery(filter: #"id sw "b" and source eq "local""#)) == ["beta"])
        #expect(try await ids(ListQuery(search: "gam")) == ["gamma"])
        #expect(try await ids(ListQuery(filter: "builtIn eq true")).count == 7)
        var found: [String] = []
        var cursor: String?
        repeat {
            let page = try await roles.list(
                ListQuery(filter: "not (builtIn eq true)", limit: 3, after: cursor), caller: here.caller)
            #expect(page.total == 4)
            found += page.items.map(\.role.id)
            cursor = page.nextCursor
        } while cursor != nil
        #expect(found == ["alpha", "beta", "delta", "gamma"])
        for bad in [ListQuery(filter: "colour eq 1"), ListQuery(sort: "colour"), ListQuery(filter: "id eq"), ListQuery(limit: 0)]
        {
            #expect(await refusal { try await roles.list(bad, caller: here.caller) }?.code == "malformed")
        }
    }

    @Test func `a list shows what one may read, and no more`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        try await here.role("seen")
        try await here.role("hidden")
        let roles = here.services.roles
        #expect(try await roles.list(ListQuery(), caller: ann.caller).items == [])
        try await here.authorize(
            #"[{"resourceType":"role","match":"id","resource":"seen","actions":["read"]}]"#, to: .user(ann.id))
        #expect(try await roles.list(ListQuery(), caller: ann.caller).items.map(\.role.id) == ["seen"])
        #expect(await refusal { try await roles.get("hidden", caller: ann.caller) } == .notFound)
        #expect(await refusal { try await roles.delete("hidden", ifMatch: nil, caller: ann.caller) } == .notFound)
        #expect(await missingPermission { try await roles.delete("seen", ifMatch: nil, caller: ann.caller) } == "role:delete")
    }
}
