import Access
import Audit
import Directory
import Grants
import Model
import Storage
import Testing

/// Role assignments, as the service keeps them.
@Suite struct RoleAssignmentsTests {
    @Test func `a created assignment is there, counts at once and is in the record`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let end = here.world.clock.now().adding(seconds: 3600)
        let made = try await here.assign("auditor", to: .user(ann.id), until: end, reason: "Audit week")
        let stored = try await here.services.roleAssignments.get(made.id, caller: here.caller)
        #expect(stored == made)
        #expect(stored.role == "auditor" && stored.terms.expiresAt == end && stored.terms.reason == "Audit week")
        #expect(stored.origin.grantedBy == here.owner.id.text && stored.origin.source == "local" && stored.origin.version == 1)
        #expect(try here.may(.user(ann.id), "read", "audit"))
        let event = try #require(try await here.world.events().last)
        #expect(event.action == "role-assignment.create" && event.target?.name == "ann")
        let changes = Dictionary(event.changes.map { ($0.field, $0.new) }) { first, _ in first }
        #expect(changes["role"] == .string("auditor") && changes["reason"] == .string("Audit week"))
    }

    @Test func `it counts from its beginning to its end`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let now = here.world.clock.now()
        try await here.assign("auditor", to: .user(ann.id), from: now.adding(seconds: 60), until: now.adding(seconds: 120))
        #expect(try !here.may(.user(ann.id), "read", "audit"))
        here.world.clock.advance(seconds: 60)
        #expect(try here.may(.user(ann.id), "read", "audit"))
        #expect(try await here.world.audit.list(ListQuery(), caller: ann.caller).items.count > 0)
        here.world.clock.advance(seconds: 59)
        #expect(try here.may(.user(ann.id), "read", "audit"))
        here.world.clock.advance(seconds: 1)
        #expect(try !here.may(.user(ann.id), "read", "audit"))
        #expect(try await here.world.audit.list(ListQuery(), caller: ann.caller).items.isEmpty)
    }

    @Test func `everything that refers to nothing is named at once`() async throws {
        let here = try await GrantsWorld()
        let nobody = EntityID.make(at: here.world.clock.now())
        let past = here.world.clock.now().adding(seconds: -1)
        let codes = await fieldCodes {
            try await here.assign(
                "nothing", to: .user(nobody), scope: .group(nobody.text), until: past, reason: String(repeating: "x", count: 1001)
            )
        }
        #expect(codes == ["reason too_long", "expiresAt past", "principal.id absent", "scope.id absent", "role absent"])
        let ann = try await here.person("ann")
        let now = here.world.clock.now()
        #expect(
            await fieldCodes {
                try await here.assign("auditor", to: .user(ann.id), from: now.adding(seconds: 9), until: now.adding(seconds: 9))
            } == ["expiresAt order"])
        // A user is no service, whatever the id.
        let service = PrincipalReference(kind: .service, id: ann.id)
        #expect(await fieldCodes { try await here.assign("auditor", to: service) } == ["principal.id absent"])
    }

    @Test func `whom one may not see is not there`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        try await here.role(
            "giver", #"[{"resourceType":"role-assignment","actions":["*"]},{"resourceType":"role","actions":["read"]}]"#)
        let guy = try await here.person("guy", with: "giver")
        #expect(
            await fieldCodes { try await here.assign("minimum-access", to: .user(ann.id), by: guy) } == ["principal.id absent"])
        #expect(try await here.assign("minimum-access", to: .user(guy.id), by: guy).role == "minimum-access")
    }

    @Test func `nobody gives a role that is more than his own`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let anna = try await here.person("anna", with: "access-admin")
        for role in ["owner", "user-admin", "help-desk", "auditor", "device-approver"] {
            #expect(await missingPermission { try await here.assign(role, to: .user(ann.id), by: anna) } != nil, "\(role)")
            #expect(await missingPermission { try await here.assign(role, to: .user(anna.id), by: anna) } != nil, "\(role)")
        }
        #expect(try await here.assign("access-admin", to: .user(ann.id), by: anna).role == "access-admin")
        #expect(try await here.assign("minimum-access", to: .user(ann.id), by: anna).role == "minimum-access")
        // Who assigns at all needs the permission for it.
        let weak = try await here.person("wendy", with: "user-admin")
        #expect(
            await missingPermission { try await here.assign("minimum-access", to: .user(ann.id), by: weak) }
                == "role-assignment:create")
    }

    @Test func `what one holds for a time one gives for no longer`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let end = here.world.clock.now().adding(seconds: 3600)
        let anna = try await here.person("anna")
        try await here.world.give("access-admin", to: .user(anna.id), expiresAt: end)
        #expect(await missingPermission { try await here.assign("access-admin", to: .user(ann.id), by: anna) } != nil)
        #expect(
            await missingPermission {
                try await here.assign("access-admin", to: .user(ann.id), until: end.adding(seconds: 1), by: anna)
            } != nil)
        let given = try await here.assign("access-admin", to: .user(ann.id), until: end, by: anna)
        let longer = termsPatch { $0.expiresAt = .clear }
        #expect(
            await missingPermission {
                try await here.services.roleAssignments.update(given.id, role: nil, longer, ifMatch: nil, caller: anna.caller)
            } != nil)
    }

    @Test func `a narrower scope is given, a wider one is not`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let group = try await here.world.makeGroup("harbour")
        let other = try await here.world.makeGroup("office")
        let part = try await here.world.makeGroup("harbour-night")
        try await here.world.add(PrincipalReference(kind: .group, id: part), to: group)
        try await here.role(
            "deputy",
            #"[{"resourceType":"role-assignment","actions":["*"]},{"resourceType":"role","actions":["read"]},"#
                + #"{"resourceType":"user","actions":["read"]},{"resourceType":"group","actions":["read"]}]"#)
        let guy = try await here.person("guy", with: "deputy")
        try await here.world.give("help-desk", to: .user(guy.id), scope: .group(group.text))
        #expect(await missingPermission { try await here.assign("help-desk", to: .user(ann.id), by: guy) } != nil)
        #expect(
            await missingPermission { try await here.assign("help-desk", to: .user(ann.id), scope: .group(other.text), by: guy) }
                != nil)
        for scope in [group, part] {
            #expect(try await here.assign("help-desk", to: .user(ann.id), scope: .group(scope.text), by: guy).role == "help-desk")
        }
    }

    @Test func `a scoped role reaches the members of its group, also through groups, and nobody else`() async throws {
        let here = try await GrantsWorld()
        let group = try await here.world.makeGroup("harbour")
        let part = try await here.world.makeGroup("harbour-night")
        try await here.world.add(PrincipalReference(kind: .group, id: part), to: group)
        let inside = try await here.person("ina")
        let deep = try await here.person("dora")
        let outside = try await here.person("otto")
        try await here.world.add(.user(inside.id), to: group)
        try await here.world.add(.user(deep.id), to: part)
        let henry = try await here.person("henry", with: "help-desk", scope: .group(group.text))
        for one in [inside, deep] {
            #expect(try await here.world.users.get(one.id, caller: henry.caller).id == one.id)
            _ = try await here.world.users.setPassword(
                one.id, password: RouteWalkTests.newPassword, mustChange: true, caller: henry.caller)
        }
        #expect(await refusal { try await here.world.users.get(outside.id, caller: henry.caller) } == .notFound)
        #expect(
            await refusal {
                try await here.world.users.setPassword(
                    outside.id, password: RouteWalkTests.newPassword, mustChange: true, caller: henry.caller)
            } == .notFound)
        // A member who is more powerful is safe from him.
        try await here.world.give("user-admin", to: .user(deep.id))
        #expect(
            await missingPermission {
                try await here.world.users.setPassword(
                    deep.id, password: RouteWalkTests.newPassword, mustChange: true, caller: henry.caller)
            } == "user:reset-password")
    }

    @Test func `the last owner stays, however he holds it`() async throws {
        let here = try await GrantsWorld()
        let assignments = here.services.roleAssignments
        let own = try #require(
            try await assignments.list(ListQuery(filter: #"role eq "owner""#), caller: here.caller).items.first)
        func refused(_ body: () async throws -> Void) async -> Bool { await refusal(body)?.code == "conflict" }
        let end = here.world.clock.now().adding(seconds: 3600)
        #expect(await refused { _ = try await assignments.delete(own.id, ifMatch: nil, caller: here.caller) })
        #expect(
            await refused {
                _ = try await assignments.update(own.id, role: "auditor", GrantTermsPatch(), ifMatch: nil, caller: here.caller)
            })
        for patch in [
            termsPatch { $0.expiresAt = .set(end) }, termsPatch { $0.validFrom = .set(end) },
            termsPatch { $0.scope = .set(.organization("acme")) },
        ] {
            #expect(
                await refused {
                    _ = try await assignments.update(own.id, role: nil, patch, ifMatch: nil, caller: here.caller)
                })
        }
        // One who is owner for a time, or in a part, or cannot sign in, is none to rely on.
        let ann = try await here.person("ann")
        try await here.assign("owner", to: .user(ann.id), until: end)
        try await here.assign("owner", to: .user(ann.id), scope: .organization("acme"))
        let invited = try await here.world.makeUser("ivy", password: nil, by: here.owner)
        try await here.assign("owner", to: .user(invited.id))
        #expect(await refused { _ = try await assignments.delete(own.id, ifMatch: nil, caller: here.caller) })
        // Through groups in groups is enough.
        let outer = try await here.world.makeGroup("bosses")
        let inner = try await here.world.makeGroup("chiefs")
        try await here.world.add(PrincipalReference(kind: .group, id: inner), to: outer)
        try await here.world.add(.user(ann.id), to: inner)
        let ofGroup = try await here.assign("owner", to: PrincipalReference(kind: .group, id: outer))
        _ = try await assignments.delete(own.id, ifMatch: nil, caller: here.caller)
        #expect(
            await refusal { try await assignments.delete(ofGroup.id, ifMatch: nil, caller: ann.caller) }?.code == "conflict")
        #expect(
            await refusal { try await here.world.users.disable(ann.id, ifMatch: nil, caller: ann.caller) }?.code == "conflict")
    }

    @Test func `who is no owner any more is none from that write on`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let given = try await here.assign("owner", to: .user(ann.id))
        #expect(try await here.role("made", by: ann).role.id == "made")
        _ = try await here.services.roleAssignments.delete(given.id, ifMatch: nil, caller: here.caller)
        #expect(await missingPermission { try await here.role("late", by: ann) } == "role:create")
    }

    @Test func `a patch changes what it names, counts the version and is in the record`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let assignments = here.services.roleAssignments
        let given = try await here.assign("auditor", to: .user(ann.id), reason: "first")
        let patch = termsPatch { $0.reason = .set("second") }
        let changed = try await assignments.update(given.id, role: "help-desk", patch, ifMatch: 1, caller: here.caller).value
        #expect(changed.role == "help-desk" && changed.terms.reason == "second" && changed.origin.version == 2)
        #expect(try !here.may(.user(ann.id), "read", "audit"))
        let event = try #require(try await here.world.events().last)
        #expect(event.action == "role-assignment.update")
        #expect(
            event.changes.map { "\($0.field) \($0.old.text) \($0.new.text)" }
                == [#"role "auditor" "help-desk""#, #"reason "first" "second""#])
        #expect(
            await refusal { try await assignments.update(given.id, role: nil, patch, ifMatch: 1, caller: here.caller) }
                == .preconditionFailed)
        #expect(await refusal { try await assignments.delete(given.id, ifMatch: 1, caller: here.caller) } == .preconditionFailed)
        #expect(
            await fieldCodes { try await assignments.update(given.id, role: "no", patch, ifMatch: nil, caller: here.caller) }
                == ["role absent"])
        _ = try await assignments.delete(given.id, ifMatch: 2, caller: here.caller)
        #expect(await refusal { try await assignments.get(given.id, caller: here.caller) } == .notFound)
        #expect(try await here.lastEvents(1) == ["role-assignment.delete ann"])
    }

    @Test func `a repeated create answers the same assignment`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        func create(_ key: IdempotencyKey) async throws -> RoleAssignment {
            try await here.services.roleAssignments.create(
                role: "auditor", GrantTerms(principal: .user(ann.id)), idempotency: key, caller: here.caller
            ).value
        }
        let first = try await create(UsersTests.key("k"))
        #expect(try await create(UsersTests.key("k")) == first)
        #expect(await fieldCodes { try await create(UsersTests.key("k", 2)) } == ["Idempotency-Key reused"])
        #expect(try await create(UsersTests.key("other")).id != first.id)
    }

    @Test func `a list filters, sorts and pages, and shows what one may read`() async throws {
        let here = try await GrantsWorld()
        let assignments = here.services.roleAssignments
        let ann = try await here.person("ann")
        let group = try await here.world.makeGroup("harbour")
        let end = here.world.clock.now().adding(seconds: 60)
        let one = try await here.assign("auditor", to: .user(ann.id), until: end)
        here.world.clock.advance(seconds: 1)
        let two = try await here.assign("help-desk", to: .user(ann.id), scope: .group(group.text))
        here.world.clock.advance(seconds: 1)
        let three = try await here.assign("auditor", to: PrincipalReference(kind: .group, id: group))
        func ids(_ query: ListQuery) async throws -> [EntityID] {
            try await assignments.list(query, caller: here.caller).items.map(\.id)
        }
        #expect(try await ids(ListQuery(filter: #"role ne "owner""#)) == [three.id, two.id, one.id])
        #expect(try await ids(ListQuery(filter: #"role ne "owner""#, sort: "role,createdAt")) == [one.id, three.id, two.id])
        #expect(try await ids(ListQuery(filter: #"principal.id eq "\#(ann.id)""#, sort: "createdAt")) == [one.id, two.id])
        #expect(try await ids(ListQuery(filter: #"principal.kind eq "group""#)) == [three.id])
        #expect(try await ids(ListQuery(filter: #"scope.kind eq "group" and scope.id eq "\#(group)""#)) == [two.id])
        #expect(try await ids(ListQuery(filter: "expiresAt pr")) == [one.id])
        var found: [EntityID] = []
        var cursor: String?
        repeat {
            let page = try await assignments.list(
                ListQuery(filter: #"role ne "owner""#, limit: 2, after: cursor), caller: here.caller)
            found += page.items.map(\.id)
            cursor = page.nextCursor
        } while cursor != nil
        #expect(found == [three.id, two.id, one.id])
        #expect(await refusal { try await assignments.list(ListQuery(search: "x"), caller: here.caller) }?.code == "malformed")
        #expect(try await assignments.list(ListQuery(), caller: ann.caller).items.count == 4)
        here.world.clock.advance(seconds: 120)
        #expect(try await assignments.list(ListQuery(), caller: ann.caller).items == [])
        try await here.authorize(
            #"[{"resourceType":"role-assignment","match":"id","resource":"\#(two.id)","actions":["read"]}]"#, to: .user(ann.id))
        #expect(try await assignments.list(ListQuery(), caller: ann.caller).items.map(\.id) == [two.id])
        #expect(await refusal { try await assignments.get(one.id, caller: ann.caller) } == .notFound)
    }

    @Test func `what a deleted user held is gone`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let given = try await here.assign("auditor", to: .user(ann.id))
        _ = try await here.world.users.delete(ann.id, ifMatch: nil, caller: here.caller)
        #expect(await refusal { try await here.services.roleAssignments.get(given.id, caller: here.caller) } == .notFound)
        #expect(try !here.may(.user(ann.id), "read", "audit"))
    }
}
