import Access
import Directory
import Grants
import Model
import Storage
import Testing

/// Why, who and what if, through the services.
@Suite struct AccessReportsTests {
    let world: World
    let owner: Person
    let ann: Person
    let services: AccessServices
    var reports: AccessReports { services.reports }

    init() async throws {
        world = try await World()
        owner = try await world.makeOwner()
        ann = try await world.makePerson("ann", by: owner)
        services = AccessServices(world.access)
        let record = NewResourceType(
            id: "record", name: "Record", syntax: "name",
            actions: try JSONValue(parsing: #"[{"id":"view"},{"id":"edit","includes":["view"]}]"#.utf8), properties: [])
        _ = try await services.resourceTypes.create(record, idempotency: nil, caller: owner.caller)
        try await makeRole("reader", #"[{"resourceType":"record","actions":["view"]}]"#)
    }

    func makeRole(_ id: String, _ permissions: String, includes: [String] = []) async throws {
        _ = try await services.roles.create(
            NewRole(
                id: id, name: id.prefix(1).uppercased() + id.dropFirst(), description: nil,
                permissions: try JSONValue(parsing: permissions.utf8),
                includes: includes), idempotency: nil, caller: owner.caller)
    }

    func question(_ subject: String = "ann", _ action: String = "view", _ type: String = "record", _ id: String = "r1")
        -> AccessQuestion
    {
        AccessQuestion(subjectType: "user", subject: subject, action: action, resourceType: type, resource: id)
    }

    func object(_ text: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: text.utf8).object)
    }

    func reference(_ id: EntityID) -> String { #"{"kind":"user","id":"\#(id)"}"# }

    func assigning(_ role: String, to id: EntityID, kind: String = "user") throws -> PlannedChange {
        PlannedChange(
            .create, "/role-assignments", try object(#"{"principal":{"kind":"\#(kind)","id":"\#(id)"},"role":"\#(role)"}"#))
    }

    func make(_ group: String, members: [EntityID] = []) async throws -> EntityID {
        try await world.database.write { [clock = world.clock] connection in
            let id = EntityID.make(at: clock.now())
            try GroupTable.insert(
                Group(id: id, name: group, description: "", createdAt: clock.now(), updatedAt: clock.now()), realm: .main,
                on: connection)
            for member in members {
                _ = try Memberships.insert(.user(member), in: id, realm: .main, at: clock.now(), on: connection)
            }
            return id
        }.value
    }

    // MARK: Explain

    @Test func `an explanation has the names on the way, the revision and the grant`() async throws {
        let press = try await make("Press", members: [ann.id])
        try await world.give("reader", to: PrincipalReference(kind: .group, id: press))
        let found = try await reports.explain(question("ANN"), caller: owner.caller)
        #expect(found.isAllowed)
        #expect(found.subject == Reason.Step(kind: "user", id: ann.id.text, name: "ann"))
        #expect(found.reasons.map { $0.path.map(\.name) } == [["ann", "Press", "Reader"]])
        #expect(found.reasons.first?.grant.isAssignment == true)
        #expect(found.toAllow == nil && found.nearest.isEmpty)
        #expect(!found.revision.text.isEmpty)
    }

    @Test func `everybody may ask about oneself, about others it takes sight and the permission`() async throws {
        let bob = try await world.makePerson("bob", by: owner)
        #expect(try await reports.explain(question(ann.id.text), caller: ann.caller).isAllowed == false)
        #expect(await refusal { try await reports.explain(question("ann"), caller: bob.caller) } == .notFound)
        #expect(await refusal { try await reports.explain(question("nobody"), caller: owner.caller) } == .notFound)
        #expect(await refusal { try await reports.explain(question(), caller: world.stranger()) } == .unauthenticated)
        try await world.give("help-desk", to: .user(bob.id))
        #expect(
            await refusal { try await reports.explain(question("ann"), caller: bob.caller) }
                == .forbidden(permission: "decision:explain"))
        try await world.give("auditor", to: .user(bob.id))
        #expect(try await reports.explain(question("ann"), caller: bob.caller).isAllowed == false)
        #expect(
            await fieldCodes { try await reports.explain(question("ann", "", ""), caller: bob.caller) }
                == ["action.name required", "resource.type required"])
    }

    @Test func `roles the caller may not read are not told of`() async throws {
        let own = try await reports.explain(question(), caller: ann.caller)
        #expect(own.nearest.isEmpty)
        #expect(own.toAllow?.change.path == "/authorizations")
        let told = try await reports.explain(question(), caller: owner.caller)
        #expect(told.nearest.first?.role == "reader")
        #expect(told.toAllow?.description == "Give ann the role Reader on record r1 alone.")
    }

    /// Tries out and then makes what is suggested: both must say that it allows.
    private func follow(_ question: AccessQuestion, op: PlannedChange.Operation, path: String) async throws {
        let found = try await reports.explain(question, caller: owner.caller)
        #expect(!found.isAllowed)
        let change = try #require(found.toAllow?.change)
        #expect(change.operation == op)
        #expect(change.path.hasPrefix(path))
        let simulated = try await reports.simulate([change], questions: [question], caller: owner.caller)
        #expect(simulated.allowed == [0])
        #expect(simulated.denied.isEmpty)
        #expect(try await reports.explain(question, caller: owner.caller).isAllowed == false, "nothing was written")
    }

    @Test func `what is suggested can be tried out as it is and allows`() async throws {
        try await follow(question(), op: .create, path: "/role-assignments")
        try await follow(question("ann", "edit"), op: .create, path: "/authorizations")
        let end = world.clock.now().adding(seconds: 60)
        try await world.give("reader", to: .user(ann.id), expiresAt: end)
        world.clock.advance(seconds: 120)
        try await follow(question(), op: .update, path: "/role-assignments/")
        let deny = #"[{"effect":"deny","resourceType":"record","actions":["*"]}]"#
        try await world.give("reader", to: .user(ann.id))
        _ = try await services.authorizations.create(
            permissions: try JSONValue(parsing: deny.utf8), GrantTerms(principal: .user(ann.id)), idempotency: nil,
            caller: owner.caller)
        try await follow(question(), op: .delete, path: "/authorizations/")
    }

    @Test func `a disabled person is enabled, an invited one is not`() async throws {
        try await world.give("reader", to: .user(ann.id))
        _ = try await world.users.disable(ann.id, ifMatch: nil, caller: owner.caller)
        try await follow(question(), op: .update, path: "/users/\(ann.id)")
        let iris = try await world.makeUser("iris", password: nil, by: owner)
        try await world.give("reader", to: .user(iris.id))
        #expect(try await reports.explain(question("iris"), caller: owner.caller).toAllow == nil)
    }

    @Test func `through a group that denies, leaving it is suggested`() async throws {
        try await world.give("reader", to: .user(ann.id))
        let group = try await make("Suspended", members: [ann.id])
        try await makeRole("none", #"[{"effect":"deny","resourceType":"record","actions":["*"]}]"#)
        try await world.give("none", to: PrincipalReference(kind: .group, id: group))
        let found = try await reports.explain(question(), caller: owner.caller)
        #expect(found.toAllow?.description == "Take ann out of the group Suspended, through which it is denied.")
        try await follow(question(), op: .delete, path: "/groups/\(group)/members/users/\(ann.id)")
    }

    // MARK: What somebody may do

    @Test func `effective access lists what counts now, page by page, with the way`() async throws {
        let press = try await make("Press", members: [ann.id])
        try await makeRole(
            "editor", #"[{"resourceType":"record","actions":["edit"]},{"resourceType":"record","actions":["view"]}]"#)
        try await world.give("editor", to: PrincipalReference(kind: .group, id: press))
        try await world.give("reader", to: .user(ann.id))
        try await world.give("reader", to: .user(ann.id), expiresAt: world.clock.now())
        var seen: [[String]] = []
        var after: String?
        repeat {
            let page = try await reports.access(
                of: .user(ann.id), ListQuery(limit: 2, after: after), caller: owner.caller)
            #expect(page.total == 3)
            #expect(page.position == seen.count)
            seen += page.items.map { $0.access.path.map(\.name) }
            after = page.nextCursor
        } while after != nil
        #expect(seen == [["ann", "Reader"], ["ann", "Press", "Editor"], ["ann", "Press", "Editor"]])
        let first = try await reports.access(of: .user(ann.id), ListQuery(limit: 2), caller: owner.caller)
        let second = try await reports.access(
            of: .user(ann.id), ListQuery(limit: 2, after: first.nextCursor), caller: owner.caller)
        let back = try await reports.access(
            of: .user(ann.id), ListQuery(limit: 2, after: second.previousCursor), caller: owner.caller)
        #expect(back.items.map(\.access.grant.id) == first.items.map(\.access.grant.id))
        #expect(first.previousCursor == nil && second.nextCursor == nil)
    }

    @Test func `one's own access needs no permission, that of others does`() async throws {
        let bob = try await world.makePerson("bob", by: owner)
        #expect(try await reports.access(of: .user(ann.id), ListQuery(), caller: ann.caller).items.isEmpty)
        #expect(await refusal { try await reports.access(of: .user(ann.id), ListQuery(), caller: bob.caller) } == .notFound)
        try await world.give("help-desk", to: .user(bob.id))
        #expect(
            await refusal { try await reports.access(of: .user(ann.id), ListQuery(), caller: bob.caller) }
                == .forbidden(permission: "decision:explain"))
        let group = PrincipalReference(kind: .group, id: try await make("Press"))
        #expect(try await reports.access(of: group, ListQuery(), caller: owner.caller).total == 0)
        #expect(await refusal { try await reports.access(of: group, ListQuery(), caller: ann.caller) } == .notFound)
    }

    // MARK: Who holds what

    /// Walks the pages; each names who holds and what the permission's first action is.
    private func all(_ selection: PermissionSelection, limit: Int, as person: Person) async throws -> [String] {
        var found: [String] = []
        var after: String?
        for _ in 0..<1000 {
            let page = try await reports.permissions(
                selection, ListQuery(limit: limit, after: after), caller: person.caller)
            #expect(page.items.count <= limit)
            found += page.items.map { "\($0.principal.name) \($0.access.permission.actions[0])" }
            // Ids made in one instant by tests side by side have no order among each other.
            guard let next = page.nextCursor else { return found.sorted() }
            after = next
        }
        throw TestFailure("the pages do not end")
    }

    @Test(arguments: [1, 2, 3, 50])
    func `by role and by action every grant is listed once, whatever the size of the pages`(limit: Int) async throws {
        try await makeRole(
            "editor", #"[{"resourceType":"record","actions":["edit"]},{"resourceType":"user","actions":["read"]}]"#,
            includes: ["reader"])
        let bob = try await world.makeUser("bob", by: owner)
        let press = try await make("Press")
        try await world.give("reader", to: .user(ann.id))
        try await world.give("editor", to: .user(bob.id))
        try await world.give("editor", to: PrincipalReference(kind: .group, id: press))
        try await world.give("reader", to: .user(bob.id), expiresAt: world.clock.now())
        _ = try await services.authorizations.create(
            permissions: try JSONValue(
                parsing: """
                    [{"resourceType":"record","match":"id","resource":"r1","actions":["view"]},
                     {"effect":"deny","resourceType":"record","match":"id","resource":"r2","actions":["*"]},
                     {"resourceType":"user","actions":["read"]}]
                    """.utf8), GrantTerms(principal: .user(bob.id)), idempotency: nil, caller: owner.caller)

        #expect(try await all(.role("reader"), limit: limit, as: owner) == ["Press view", "ann view", "bob view"])
        #expect(
            try await all(.role("editor"), limit: limit, as: owner)
                == ["Press edit", "Press read", "Press view", "bob edit", "bob read", "bob view"])
        #expect(
            try await all(.action("view", type: "record"), limit: limit, as: owner)
                == ["Press edit", "Press view", "ann view", "bob *", "bob edit", "bob view", "bob view", "olga *"])
        #expect(
            try await all(.action("edit", type: "record"), limit: limit, as: owner)
                == ["Press edit", "bob *", "bob edit", "olga *"])
        #expect(try await all(.principal(.user(ann.id)), limit: limit, as: owner) == ["ann view"])
        for nothing in [PermissionSelection.role("absent"), .action("fly", type: "record"), .action("view", type: "absent")] {
            #expect(try await all(nothing, limit: limit, as: owner).isEmpty)
        }
        // Whoever may read no grants sees none.
        for selection in [PermissionSelection.role("reader"), .action("view", type: "record"), .principal(.user(ann.id))] {
            #expect(try await all(selection, limit: limit, as: ann).isEmpty)
        }
    }

    @Test func `a reader of one assignment sees what comes from that one, without names he may not see`() async throws {
        try await world.give("reader", to: .user(owner.id))
        try await world.give("reader", to: .user(ann.id))
        let ids = try await world.texts(
            Statement("SELECT id FROM role_assignment WHERE role_id = 'reader' ORDER BY id"))
        let one = #"[{"resourceType":"role-assignment","match":"id","resource":"\#(ids[0])","actions":["read"]}]"#
        _ = try await services.authorizations.create(
            permissions: try JSONValue(parsing: one.utf8), GrantTerms(principal: .user(ann.id)), idempotency: nil,
            caller: owner.caller)
        let page = try await reports.permissions(.role("reader"), ListQuery(), caller: ann.caller)
        #expect(page.items.map(\.access.grant.id) == [ids[0]])
        #expect(page.items.map(\.principal) == [Reason.Step(kind: "user", id: owner.id.text, name: "")])
    }

    @Test func `a cursor belongs to its list`() async throws {
        for name in ["b1", "b2"] {
            try await world.give("reader", to: .user(try await world.makeUser(name, by: owner).id))
        }
        let page = try await reports.permissions(.role("reader"), ListQuery(limit: 1), caller: owner.caller)
        let cursor = try #require(page.nextCursor)
        let other = await refusal {
            try await reports.permissions(.role("editor"), ListQuery(limit: 1, after: cursor), caller: owner.caller)
        }
        guard case .malformed? = other else { throw TestFailure("\(String(describing: other))") }
    }

    // MARK: Simulation

    private func told(_ differences: [AccessSimulation.Difference]) -> [String] {
        differences.map { difference in
            let access = difference.access
            return "\(difference.principal.name)\(difference.members.map { " (\($0))" } ?? "") "
                + "\(access.permission.effect.rawValue) \(access.permission.actions[0])"
        }
    }

    @Test func `a planned assignment gives what the role does, and nothing is written`() async throws {
        let before = try await world.events().count
        let found = try await reports.simulate([try assigning("reader", to: ann.id)], caller: owner.caller)
        #expect(told(found.gains) == ["ann allow view"])
        #expect(found.losses.isEmpty)
        #expect(try await world.events().count == before)
        #expect(try await reports.access(of: .user(ann.id), ListQuery(), caller: owner.caller).items.isEmpty)
        // What he has already is no gain.
        try await world.give("reader", to: .user(ann.id))
        #expect(try await reports.simulate([try assigning("reader", to: ann.id)], caller: owner.caller).gains.isEmpty)
    }

    @Test func `a group is told as such, with its members`() async throws {
        let bob = try await world.makeUser("bob", by: owner)
        let press = try await make("Press", members: [ann.id, bob.id])
        let found = try await reports.simulate(
            [try assigning("reader", to: press, kind: "group")], caller: owner.caller)
        #expect(told(found.gains) == ["Press (2) allow view"])
    }

    @Test func `joining and leaving a group, and changes that build on each other`() async throws {
        let press = try await make("Press", members: [ann.id])
        let bob = try await world.makeUser("bob", by: owner)
        let member = "/groups/\(press)/members/users/"
        let found = try await reports.simulate(
            [
                PlannedChange(
                    .create, "/roles",
                    try object(
                        #"{"id":"writer","permissions":[{"resourceType":"record","actions":["edit"]}],"includes":["reader"]}"#)),
                try assigning("writer", to: press, kind: "group"),
                PlannedChange(.create, member + bob.id.text), PlannedChange(.delete, member + ann.id.text),
            ], questions: [question("bob", "edit"), question("ann", "edit"), question("bob", "view"), question("nobody")],
            caller: owner.caller)
        #expect(found.allowed == [0, 2])
        #expect(found.denied.isEmpty)
    }

    @Test func `changing and deleting a role tells everybody who holds it`() async throws {
        try await makeRole("editor", "[]", includes: ["reader"])
        try await world.give("editor", to: .user(ann.id))
        let changed = try await reports.simulate(
            [
                PlannedChange(
                    .update, "/roles/reader",
                    try object(#"{"permissions":[{"effect":"deny","resourceType":"record","actions":["edit"]}]}"#))
            ], caller: owner.caller)
        #expect(changed.gains.isEmpty)
        #expect(told(changed.losses) == ["ann deny edit", "ann allow view"])
        let deleted = try await reports.simulate([PlannedChange(.delete, "/roles/editor")], caller: owner.caller)
        #expect(told(deleted.losses) == ["ann allow view"])
    }

    @Test func `an end brought forward is a loss, one put off a gain`() async throws {
        try await world.give("reader", to: .user(ann.id), expiresAt: world.clock.now().adding(seconds: 3600))
        let id = try #require(
            try await world.texts(Statement("SELECT id FROM role_assignment WHERE role_id = 'reader'")).first)
        let later = PlannedChange(.update, "/role-assignments/\(id)", try object(#"{"expiresAt":null}"#))
        let longer = try await reports.simulate([later], caller: owner.caller)
        #expect(told(longer.gains) == ["ann allow view"])
        #expect(longer.losses.isEmpty)
        let sooner = PlannedChange(
            .update, "/role-assignments/\(id)",
            try object(#"{"expiresAt":"\#(world.clock.now().adding(seconds: 60).rfc3339)"}"#))
        let shorter = try await reports.simulate([sooner], caller: owner.caller)
        #expect(told(shorter.losses) == ["ann allow view"])
        #expect(shorter.gains.isEmpty)
        let gone = try await reports.simulate(
            [PlannedChange(.delete, "/role-assignments/\(id)")], questions: [question()], caller: owner.caller)
        #expect(gone.denied == [0])
    }

    @Test func `disabling, deleting and changing somebody`() async throws {
        try await world.give("reader", to: .user(ann.id))
        let path = "/users/\(ann.id)"
        let disabled = try await reports.simulate(
            [PlannedChange(.update, path, try object(#"{"status":"disabled"}"#))], caller: owner.caller)
        #expect(told(disabled.losses) == ["ann allow view"])
        let deleted = try await reports.simulate([PlannedChange(.delete, path)], caller: owner.caller)
        #expect(told(deleted.losses) == ["ann allow view"])
        let own = #"[{"resourceType":"record","match":"pattern","resource":"${attribute.team}-*","actions":["edit"]}]"#
        _ = try await services.authorizations.create(
            permissions: try JSONValue(parsing: own.utf8), GrantTerms(principal: .user(ann.id)), idempotency: nil,
            caller: owner.caller)
        let moved = try await reports.simulate(
            [PlannedChange(.update, path, try object(#"{"attributes":{"team":"red"}}"#))],
            questions: [question("ann", "edit", "record", "red-1"), question("ann", "edit", "record", "blue-1")],
            caller: owner.caller)
        #expect(moved.allowed == [0])
    }

    @Test func `a planned change is refused for what the real one would be refused for`() async throws {
        func codes(_ change: PlannedChange) async -> [String] {
            await fieldCodes { try await reports.simulate([change], caller: owner.caller) }
        }
        let nobody = EntityID.make(at: world.clock.now())
        #expect(await codes(try assigning("absent", to: ann.id)) == ["changes.0.value.role absent"])
        #expect(await codes(try assigning("reader", to: nobody)) == ["changes.0.value.principal.id absent"])
        #expect(
            await codes(PlannedChange(.create, "/role-assignments", try object(#"{"role":1,"more":2}"#)))
                == ["changes.0.value.role wrong_type", "changes.0.value.more unknown"])
        #expect(await codes(PlannedChange(.update, "/nothing/1")) == ["changes.0.path invalid"])
        #expect(await codes(PlannedChange(.create, "/role-assignments/\(nobody)")) == ["changes.0.path invalid"])
        #expect(
            await codes(
                PlannedChange(
                    .create, "/authorizations",
                    try object(
                        #"{"principal":\#(reference(ann.id)),"permissions":[{"resourceType":"record","actions":["fly"]}]}"#)))
                == ["changes.0.value.permissions.0.actions absent"])
        for path in ["/role-assignments/\(nobody)", "/authorizations/\(nobody)", "/roles/absent", "/users/\(nobody)", "/users/x"]
        {
            #expect(
                await refusal { try await reports.simulate([PlannedChange(.delete, path)], caller: owner.caller) } == .notFound)
        }
        guard
            case .conflict? = await refusal({
                try await reports.simulate([PlannedChange(.delete, "/roles/owner")], caller: owner.caller)
            })
        else { throw TestFailure("a built-in role could be deleted") }
        #expect(await fieldCodes { try await reports.simulate([], caller: owner.caller) } == ["changes length"])
        #expect(
            await refusal { try await reports.simulate([try assigning("reader", to: ann.id)], caller: ann.caller) }
                == .forbidden(permission: "decision:explain"))
    }

    @Test func `a circle of groups is refused`() async throws {
        let outer = try await make("Outer")
        let inner = try await make("Inner")
        let inside = PlannedChange(.create, "/groups/\(outer)/members/groups/\(inner)")
        let circle = PlannedChange(.create, "/groups/\(inner)/members/groups/\(outer)")
        #expect(try await reports.simulate([inside], caller: owner.caller).gains.isEmpty)
        guard
            case .conflict? = await refusal({
                try await reports.simulate([inside, circle], caller: owner.caller)
            })
        else { throw TestFailure("a circle was not refused") }
    }
}
