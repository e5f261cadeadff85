import Access
import Audit
import Directory
import Grants
import Model
import Storage
import Testing

/// Resource types and resources, as the services keep them.
@Suite struct ResourceTypesTests {
    static func new(_ here: GrantsWorld, _ id: String, _ actions: String, syntax: String? = nil) throws -> NewResourceType {
        NewResourceType(id: id, syntax: syntax, actions: try here.json(actions))
    }

    @Test func `a declared type is there, and its actions include others`() async throws {
        let here = try await GrantsWorld()
        let made = try await here.type("record", #"["view",{"id":"edit","name":"Edit","includes":["view"]}]"#)
        #expect(try await here.services.resourceTypes.get("record", caller: here.caller) == made)
        #expect(made.type.plane == .runtime && made.type.syntax == .name && made.type.name == "record" && made.version == 1)
        let ann = try await here.person("ann")
        try await here.authorize(#"[{"resourceType":"record","actions":["edit"]}]"#, to: .user(ann.id))
        #expect(try here.may(.user(ann.id), "view", "record", "r"))
        let events = try await here.world.events()
        #expect(events.contains { $0.action == "resource-type.create" && $0.target?.id == "record" })
    }

    @Test func `fields that break rules are named at once`() async throws {
        let here = try await GrantsWorld()
        var bad = try Self.new(here, "Not A Slug", #"["a b",{"id":"c","includes":["d"]},"c"]"#, syntax: "regex")
        bad.name = ""
        bad.plane = "management"
        bad.properties = ["no good"]
        let codes = await fieldCodes {
            try await here.services.resourceTypes.create(bad, idempotency: nil, caller: here.caller)
        }
        #expect(
            codes == [
                "id characters", "name length", "plane reserved", "syntax invalid", "actions repeated", "actions characters",
                "actions absent", "properties characters",
            ])
        #expect(await fieldCodes { try await here.type("empty", "[]") } == ["actions required"])
        #expect(await fieldCodes { try await here.type("x", #"[{"id":"a","name":5}]"#) } == ["actions.0.name wrong_type"])
    }

    @Test(arguments: ["user", "audit", "mqtt-topic", "http-endpoint", "realm"])
    func `built-in types stay, and their ids are taken`(id: String) async throws {
        let here = try await GrantsWorld()
        let types = here.services.resourceTypes
        #expect(await fieldCodes { try await here.type(id) } == ["id taken"])
        let replacement = try Self.new(here, id, #"["view"]"#)
        #expect(await refusal { try await types.replace(replacement, ifMatch: nil, caller: here.caller) }?.code == "conflict")
        #expect(await refusal { try await types.delete(id, ifMatch: nil, caller: here.caller) }?.code == "conflict")
    }

    @Test func `a type in use keeps its syntax and its actions, and stays`() async throws {
        let here = try await GrantsWorld()
        let types = here.services.resourceTypes
        try await here.type("record")
        let ann = try await here.person("ann")
        func replace(_ actions: String, syntax: String? = nil) async throws -> StoredType {
            try await types.replace(Self.new(here, "record", actions, syntax: syntax), ifMatch: nil, caller: here.caller).value
        }
        // Unused, everything may change.
        #expect(try await replace(#"["view","edit","archive"]"#, syntax: "path").version == 2)
        let given = try await here.authorize(#"[{"resourceType":"record","actions":["view"]}]"#, to: .user(ann.id))
        #expect(await refusal { try await replace(#"["view","edit","archive"]"#) }?.code == "conflict")
        #expect(await refusal { try await replace(#"["edit"]"#, syntax: "path") }?.code == "conflict")
        #expect(await refusal { try await types.delete("record", ifMatch: nil, caller: here.caller) }?.code == "conflict")
        #expect(try await replace(#"["view","edit","archive","more"]"#, syntax: "path").version == 3)
        _ = try await here.services.authorizations.delete(given.id, ifMatch: nil, caller: here.caller)
        try await here.role("reader", #"[{"resourceType":"record","actions":["view"]}]"#)
        #expect(await refusal { try await types.delete("record", ifMatch: nil, caller: here.caller) }?.code == "conflict")
        _ = try await here.services.roles.delete("reader", ifMatch: nil, caller: here.caller)
        #expect(await refusal { try await types.delete("record", ifMatch: 1, caller: here.caller) } == .preconditionFailed)
        _ = try await types.delete("record", ifMatch: 3, caller: here.caller)
        #expect(await refusal { try await types.get("record", caller: here.caller) } == .notFound)
    }

    @Test func `including more in an action needs what granting it needs`() async throws {
        let here = try await GrantsWorld()
        try await here.type("vault", #"["open","look",{"id":"all","includes":["look"]}]"#)
        try await here.role("editor", #"[{"resourceType":"resource-type","actions":["read","update"]}]"#)
        let eddy = try await here.person("eddy", with: "editor")
        func replace(_ actions: String) async throws -> StoredType {
            try await here.services.resourceTypes.replace(
                Self.new(here, "vault", actions), ifMatch: nil, caller: eddy.caller
            ).value
        }
        for actions in [
            #"["open","look",{"id":"all","includes":["look","open"]}]"#, #"["open","look","all"]"#,
            // The same lists in the same places, but of other actions.
            #"["look","all",{"id":"open","includes":["look"]}]"#,
        ] {
            #expect(await missingPermission { try await replace(actions) } == "resource-type:grant", "\(actions)")
        }
        // Another order, and another action, give nobody anything.
        #expect(try await replace(#"["look",{"id":"all","includes":["look"]},"open","new"]"#).version == 2)
    }

    @Test func `a list filters, sorts and shows what one may read`() async throws {
        let here = try await GrantsWorld()
        let types = here.services.resourceTypes
        try await here.type("record")
        try await here.type("album")
        func ids(_ query: ListQuery, _ person: Person) async throws -> [String] {
            try await types.list(query, caller: person.caller).items.map(\.type.id)
        }
        #expect(try await ids(ListQuery(filter: #"source eq "local""#, sort: "-id"), here.owner) == ["record", "album"])
        #expect(
            try await ids(ListQuery(filter: #"plane eq "runtime""#), here.owner)
                == ["album", "http-endpoint", "mqtt-topic", "record"])
        #expect(try await ids(ListQuery(search: "alb"), here.owner) == ["album"])
        let ann = try await here.person("ann")
        #expect(try await ids(ListQuery(), ann) == [])
        try await here.authorize(
            #"[{"resourceType":"resource-type","match":"pattern","resource":"re*","actions":["read"]}]"#, to: .user(ann.id))
        #expect(try await ids(ListQuery(), ann) == ["realm", "record", "resource", "resource-type"])
        #expect(await refusal { try await types.get("album", caller: ann.caller) } == .notFound)
    }

    @Test func `a repeated create answers the same type`() async throws {
        let here = try await GrantsWorld()
        func create(_ key: IdempotencyKey) async throws -> StoredType {
            try await here.services.resourceTypes.create(
                Self.new(here, "record", #"["view"]"#), idempotency: key, caller: here.caller
            ).value
        }
        let first = try await create(UsersTests.key("k"))
        #expect(try await create(UsersTests.key("k")) == first)
        #expect(await fieldCodes { try await create(UsersTests.key("l")) } == ["id taken"])
    }

    // MARK: Resources

    @Test func `a resource is put, replaced and forgotten`() async throws {
        let here = try await GrantsWorld()
        let resources = here.services.resources
        try await here.type("record")
        let properties = JSONObject([("owner", .string(here.owner.id.text)), ("level", .integer(2))])
        let made = try await resources.put(
            type: "record", id: "r/1 é", NewResource(name: "One", properties: properties), ifMatch: nil, caller: here.caller
        ).value
        #expect(made.isNew && made.resource.version == 1)
        #expect(try await resources.get(type: "record", id: "r/1 é", caller: here.caller) == made.resource)
        let again = try await resources.put(
            type: "record", id: "r/1 é", NewResource(name: "One", properties: properties), ifMatch: nil, caller: here.caller
        ).value
        #expect(!again.isNew && again.resource.version == 1)
        let other = try await resources.put(
            type: "record", id: "r/1 é", NewResource(organization: "acme"), ifMatch: 1, caller: here.caller
        ).value.resource
        #expect(other.version == 2 && other.name == nil && other.organization == "acme" && other.properties.isEmpty)
        #expect(
            await refusal {
                try await resources.put(type: "record", id: "r/1 é", NewResource(), ifMatch: 1, caller: here.caller)
            } == .preconditionFailed)
        #expect(try await here.lastEvents(2) == ["resource.create One", "resource.update r/1 é"])
        _ = try await resources.delete(type: "record", id: "r/1 é", ifMatch: 2, caller: here.caller)
        #expect(await refusal { try await resources.get(type: "record", id: "r/1 é", caller: here.caller) } == .notFound)
    }

    @Test func `a resource of an unknown type, or of Gatehouse's own, does not exist`() async throws {
        let here = try await GrantsWorld()
        for type in ["nothing", "user", "resource"] {
            #expect(
                await refusal {
                    try await here.services.resources.put(type: type, id: "x", NewResource(), ifMatch: nil, caller: here.caller)
                } == .notFound)
        }
    }

    @Test func `what breaks a rule is named`() async throws {
        let here = try await GrantsWorld()
        func codes(_ id: String, _ new: NewResource, type: String = "mqtt-topic") async -> [String] {
            await fieldCodes {
                try await here.services.resources.put(type: type, id: id, new, ifMatch: nil, caller: here.caller)
            }
        }
        #expect(
            await codes(
                "a/b",
                NewResource(
                    name: "a\u{7}", organization: "No Slug",
                    properties: JSONObject([("id", .integer(1)), ("long", .string(String(repeating: "x", count: 16_384)))])))
                == ["name characters", "organization characters", "properties too_long", "properties.id reserved"])
        #expect(await codes(String(repeating: "x", count: 1025), NewResource()) == ["id too_long"])
        #expect(await codes("http://a/%zz", NewResource(), type: "http-endpoint") == ["id syntax"])
    }

    @Test func `what is registered wins over what a question claims, and needs grant to be written`() async throws {
        let here = try await GrantsWorld()
        try await here.type("record")
        let ann = try await here.person("ann")
        try await here.authorize(
            #"[{"resourceType":"record","match":"property","property":"owner","subject":"id","actions":["view"]}]"#,
            to: .user(ann.id))
        try await here.role("clerk", #"[{"resourceType":"resource","actions":["*"]}]"#)
        let carl = try await here.person("carl", with: "clerk")
        let resources = here.services.resources
        let hers = NewResource(properties: JSONObject([("owner", .string(ann.id.text))]))
        #expect(
            await missingPermission { try await resources.put(type: "record", id: "r", hers, ifMatch: nil, caller: carl.caller) }
                == "resource-type:grant")
        _ = try await resources.put(type: "record", id: "r", NewResource(name: "R"), ifMatch: nil, caller: carl.caller)
        #expect(try !here.may(.user(ann.id), "view", "record", "r"))
        _ = try await resources.put(type: "record", id: "r", hers, ifMatch: nil, caller: here.caller)
        #expect(try here.may(.user(ann.id), "view", "record", "r"))
        #expect(
            await missingPermission { try await resources.delete(type: "record", id: "r", ifMatch: nil, caller: carl.caller) }
                == "resource-type:grant")
        let claim = Question(
            subject: here.owner.caller.principal?.subject ?? PrincipalReference.user(ann.id).subject, action: "view",
            resourceType: "record", resourceID: "r", time: here.world.clock.now().milliseconds,
            claims: Question.Claims(resource: ["owner": .string("somebody")]))
        #expect(Access.Engine(try here.world.gate.snapshot(of: .main).snapshot).allows(claim))
    }

    @Test func `a list of resources filters, pages and shows what one may read`() async throws {
        let here = try await GrantsWorld()
        let resources = here.services.resources
        try await here.type("record")
        try await here.type("album")
        for (type, id) in [("record", "a"), ("record", "b"), ("album", "a"), ("record", "c")] {
            _ = try await resources.put(type: type, id: id, NewResource(name: id.uppercased()), ifMatch: nil, caller: here.caller)
        }
        func keys(_ query: ListQuery, _ person: Person) async throws -> [String] {
            try await resources.list(query, caller: person.caller).items.map { "\($0.type)/\($0.id)" }
        }
        #expect(try await keys(ListQuery(), here.owner) == ["album/a", "record/a", "record/b", "record/c"])
        #expect(try await keys(ListQuery(filter: #"type eq "record" and name ne "b""#), here.owner) == ["record/a", "record/c"])
        #expect(try await keys(ListQuery(sort: "-id,type", limit: 2), here.owner) == ["record/c", "record/b"])
        var found: [String] = []
        var cursor: String?
        repeat {
            let page = try await resources.list(ListQuery(limit: 3, after: cursor), caller: here.caller)
            found += page.items.map { "\($0.type)/\($0.id)" }
            cursor = page.nextCursor
        } while cursor != nil
        #expect(found == ["album/a", "record/a", "record/b", "record/c"])
        let ann = try await here.person("ann")
        #expect(try await keys(ListQuery(), ann) == [])
        try await here.authorize(
            #"[{"resourceType":"resource","match":"pattern","resource":"record/*","actions":["read"]}]"#, to: .user(ann.id))
        #expect(try await keys(ListQuery(), ann) == ["record/a", "record/b", "record/c"])
        #expect(await refusal { try await resources.get(type: "album", id: "a", caller: ann.caller) } == .notFound)
    }
}
