import Access
import Audit
import Directory
import Grants
import Model
import Storage
import Testing

/// Permissions granted directly, as the service keeps them.
@Suite struct AuthorizationsTests {
    static let topics = ##"[{"resourceType":"mqtt-topic","match":"pattern","resource":"plant/#","actions":["publish"]}]"##

    @Test func `a created authorization is there, counts at once and is in the record`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let made = try await here.authorize(Self.topics, to: .user(ann.id))
        #expect(try await here.services.authorizations.get(made.id, caller: here.caller) == made)
        #expect(made.origin.grantedBy == here.owner.id.text && made.origin.version == 1)
        #expect(try here.may(.user(ann.id), "publish", "mqtt-topic", "plant/1/temp"))
        #expect(try !here.may(.user(ann.id), "subscribe", "mqtt-topic", "plant/1/temp"))
        #expect(try !here.may(.user(ann.id), "publish", "mqtt-topic", "office/1"))
        let event = try #require(try await here.world.events().last)
        #expect(event.action == "authorization.create" && event.target?.name == "ann")
        #expect(event.changes.first { $0.field == "permissions" }?.new == PermissionText.json(made.permissions))
    }

    @Test func `a group's authorization counts for its members while they are in it`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let group = try await here.world.makeGroup("plant")
        try await here.authorize(Self.topics, to: PrincipalReference(kind: .group, id: group))
        #expect(try !here.may(.user(ann.id), "publish", "mqtt-topic", "plant/1"))
        try await here.world.add(.user(ann.id), to: group)
        #expect(try here.may(.user(ann.id), "publish", "mqtt-topic", "plant/1"))
    }

    @Test func `any deny wins`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        try await here.authorize(Self.topics, to: .user(ann.id))
        let group = try await here.world.makeGroup("plant")
        try await here.world.add(.user(ann.id), to: group)
        let deny = try await here.authorize(
            #"[{"effect":"deny","resourceType":"mqtt-topic","match":"id","resource":"plant/secret","actions":["*"]}]"#,
            to: PrincipalReference(kind: .group, id: group))
        #expect(try !here.may(.user(ann.id), "publish", "mqtt-topic", "plant/secret"))
        #expect(try here.may(.user(ann.id), "publish", "mqtt-topic", "plant/open"))
        _ = try await here.services.authorizations.delete(deny.id, ifMatch: nil, caller: here.caller)
        #expect(try here.may(.user(ann.id), "publish", "mqtt-topic", "plant/secret"))
    }

    @Test func `no deny locks the owners out`() async throws {
        let here = try await GrantsWorld()
        let all = ResourceType.management.map { #"{"effect":"deny","resourceType":"\#($0.id)","actions":["*"]}"# }
        let text = "[\(all.joined(separator: ","))]"
        let group = try await here.world.makeGroup("everybody")
        try await here.world.add(.user(here.owner.id), to: group)
        try await here.authorize(text, to: .user(here.owner.id))
        let ofGroup = try await here.authorize(text, to: PrincipalReference(kind: .group, id: group))
        #expect(try await here.role("still").role.id == "still")
        _ = try await here.services.authorizations.delete(ofGroup.id, ifMatch: nil, caller: here.caller)
        // What products protect can be denied to an owner too.
        let denied = #"[{"effect":"deny","resourceType":"mqtt-topic","actions":["publish"]}]"#
        #expect(try here.may(.user(here.owner.id), "publish", "mqtt-topic", "a"))
        try await here.authorize(denied, to: .user(here.owner.id))
        #expect(try !here.may(.user(here.owner.id), "publish", "mqtt-topic", "a"))
    }

    @Test func `nobody gives, or frees from, what he does not hold`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let anna = try await here.person("anna", with: "access-admin")
        let authorizations = here.services.authorizations
        #expect(
            await missingPermission {
                try await here.authorize(#"[{"resourceType":"user","actions":["update"]}]"#, to: .user(anna.id), by: anna)
            } == "user:update")
        #expect(
            await missingPermission {
                try await here.authorize(#"[{"resourceType":"user","actions":["*"]}]"#, to: .user(ann.id), by: anna)
            } == "user:*")
        let given = try await here.authorize(Self.topics, to: .user(ann.id), by: anna)
        let wider = try here.json(#"[{"resourceType":"service","actions":["delete"]}]"#)
        #expect(
            await missingPermission {
                try await authorizations.update(
                    given.id, permissions: wider, GrantTermsPatch(), ifMatch: nil, caller: anna.caller)
            } == "service:delete")
        let deny = try await here.authorize(
            #"[{"effect":"deny","resourceType":"user","actions":["delete"]}]"#, to: .user(anna.id))
        #expect(
            await missingPermission { try await authorizations.delete(deny.id, ifMatch: nil, caller: anna.caller) }
                == "user:delete")
        let over = termsPatch { $0.expiresAt = .set(here.world.clock.now().adding(seconds: 1)) }
        #expect(
            await missingPermission {
                try await authorizations.update(deny.id, permissions: nil, over, ifMatch: nil, caller: anna.caller)
            } != nil)
        #expect(
            await missingPermission { try await here.authorize(Self.topics, to: .user(ann.id), by: ann) }
                == "authorization:create")
    }

    @Test func `whoever writes an attribute confers what conditions open with it`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let umberto = try await here.person("umberto", with: "user-admin")
        try await here.authorize(
            #"[{"resourceType":"role","actions":["update"],"condition":"subject.clearance eq \"high\""},"#
                + ##"{"resourceType":"mqtt-topic","match":"pattern","resource":"plant/${attribute.line}/#","actions":["publish"]},"##
                + #"{"resourceType":"user","actions":["read"],"condition":"subject.shift eq \"night\""}]"#, to: .user(ann.id))
        func write(_ name: String, _ value: String, by person: Person) async throws {
            var patch = UserPatch()
            patch.attributes = .set(JSONObject([(name, .string(value))]))
            _ = try await here.world.users.update(ann.id, patch, ifMatch: nil, caller: person.caller)
        }
        #expect(await missingPermission { try await write("clearance", "high", by: umberto) } == "role:update")
        #expect(await missingPermission { try await write("line", "7", by: umberto) } == "resource-type:grant on mqtt-topic")
        // What no condition reads, and what he could give, he may write.
        try await write("colour", "red", by: umberto)
        try await write("shift", "night", by: umberto)
        try await write("clearance", "high", by: here.owner)
        #expect(try here.may(.user(ann.id), "update", "role", "x"))
    }

    @Test func `holding the same under a condition is no right to fulfil it`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let umberto = try await here.person("umberto", with: "user-admin")
        for person in [ann, umberto] {
            try await here.authorize(
                #"[{"resourceType":"role","actions":["update"],"condition":"subject.clearance eq \"high\""}]"#,
                to: .user(person.id))
        }
        var patch = UserPatch()
        patch.attributes = .set(JSONObject([("clearance", .string("high"))]))
        for person in [ann, umberto] {
            #expect(
                await missingPermission {
                    try await here.world.users.update(person.id, patch, ifMatch: nil, caller: umberto.caller)
                } == "role:update")
        }
    }

    @Test func `fields that break rules are named, and nothing is made`() async throws {
        let here = try await GrantsWorld()
        let nobody = EntityID.make(at: here.world.clock.now())
        #expect(
            await fieldCodes { try await here.authorize("[]", to: .user(nobody)) }
                == ["principal.id absent", "permissions required"])
        #expect(
            await fieldCodes {
                try await here.authorize(
                    #"[{"resourceType":"mqtt-topic","actions":["publish"],"scopes":["realm"]}]"#, to: .user(here.owner.id))
            } == ["permissions.0.scopes unknown"])
        let many = Array(repeating: #"{"resourceType":"mqtt-topic","actions":["publish"]}"#, count: 201).joined(separator: ",")
        #expect(await fieldCodes { try await here.authorize("[\(many)]", to: .user(here.owner.id)) } == ["permissions too_many"])
        #expect(try await here.services.authorizations.list(ListQuery(), caller: here.caller).items == [])
    }

    @Test func `a patch replaces, counts the version and is in the record; an end is an end`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let authorizations = here.services.authorizations
        let given = try await here.authorize(Self.topics, to: .user(ann.id))
        let other = try here.json(#"[{"resourceType":"mqtt-topic","match":"id","resource":"a","actions":["publish"]}]"#)
        let end = here.world.clock.now().adding(seconds: 60)
        let patch = termsPatch { $0.expiresAt = .set(end) }
        let changed = try await authorizations.update(
            given.id, permissions: other, patch, ifMatch: 1, caller: here.caller
        ).value
        #expect(changed.origin.version == 2 && changed.terms.expiresAt == end)
        #expect(try here.may(.user(ann.id), "publish", "mqtt-topic", "a"))
        #expect(try !here.may(.user(ann.id), "publish", "mqtt-topic", "plant/1"))
        let event = try #require(try await here.world.events().last)
        #expect(event.action == "authorization.update" && event.changes.map(\.field) == ["permissions", "expiresAt"])
        #expect(
            await refusal {
                try await authorizations.update(given.id, permissions: other, patch, ifMatch: 1, caller: here.caller)
            } == .preconditionFailed)
        #expect(
            await fieldCodes {
                try await authorizations.update(
                    given.id, permissions: .array([]), GrantTermsPatch(), ifMatch: nil, caller: here.caller)
            } == ["permissions required"])
        here.world.clock.advance(seconds: 60)
        #expect(try !here.may(.user(ann.id), "publish", "mqtt-topic", "a"))
        _ = try await authorizations.delete(given.id, ifMatch: 2, caller: here.caller)
        #expect(await refusal { try await authorizations.get(given.id, caller: here.caller) } == .notFound)
        #expect(try await here.lastEvents(1) == ["authorization.delete ann"])
    }

    @Test func `a repeated create answers the same, a list filters and shows what one may read`() async throws {
        let here = try await GrantsWorld()
        let ann = try await here.person("ann")
        let authorizations = here.services.authorizations
        func create(_ key: IdempotencyKey) async throws -> EntityID {
            try await authorizations.create(
                permissions: here.json(Self.topics), GrantTerms(principal: .user(ann.id)), idempotency: key, caller: here.caller
            ).value.id
        }
        let first = try await create(UsersTests.key("k"))
        #expect(try await create(UsersTests.key("k")) == first)
        #expect(await fieldCodes { try await create(UsersTests.key("k", 2)) } == ["Idempotency-Key reused"])
        here.world.clock.advance(seconds: 1)
        let second = try await here.authorize(Self.topics, to: .user(here.owner.id)).id
        func ids(_ query: ListQuery, _ person: Person) async throws -> [EntityID] {
            try await authorizations.list(query, caller: person.caller).items.map(\.id)
        }
        #expect(try await ids(ListQuery(), here.owner) == [second, first])
        #expect(try await ids(ListQuery(filter: #"principal.id eq "\#(ann.id)""#), here.owner) == [first])
        #expect(try await ids(ListQuery(sort: "createdAt", limit: 1), here.owner) == [first])
        #expect(try await ids(ListQuery(), ann) == [])
        try await here.authorize(
            #"[{"resourceType":"authorization","match":"id","resource":"\#(second)","actions":["read"]}]"#, to: .user(ann.id))
        #expect(try await ids(ListQuery(), ann) == [second])
        #expect(await refusal { try await authorizations.get(first, caller: ann.caller) } == .notFound)
    }
}
