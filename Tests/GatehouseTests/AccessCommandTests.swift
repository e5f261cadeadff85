import ArgumentParser
import Model
import Testing

@testable import gatehouse

/// What the commands about access make of their arguments, and how they show answers. What they do is tested with the
/// process, in `Scenarios/test_access_cli.py`.
@Suite("Access commands") struct AccessCommandTests {
    private static func json(_ text: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: text.utf8).object)
    }

    private static func object(_ argument: String) throws -> JSONObject {
        try #require(PermissionArgument(argument: argument), "\(argument)").object(effect: "allow")
    }

    // Arguments

    @Test(
        "A principal is a kind and a name, or a bare name",
        arguments: [
            ("ann", nil, "ann"), ("user:ann", PrincipalKind.user, "ann"), ("group:ops", .group, "ops"),
            ("service:a:b", .service, "a:b"), ("device:press-7", .device, "press-7"), ("other:x", nil, "other:x"),
            ("users:x", nil, "users:x"), (":x", nil, ":x"),
        ])
    func principals(text: String, kind: PrincipalKind?, name: String) throws {
        let argument = try #require(PrincipalArgument(argument: text))
        #expect(argument.kind == kind)
        #expect(argument.name == name)
        #expect(argument.description == text)
    }

    @Test("A principal without a name is none", arguments: ["", "user:", "group:"])
    func noPrincipals(text: String) {
        #expect(PrincipalArgument(argument: text) == nil)
    }

    @Test(
        "A scope is the realm, an organization, a group or resources",
        arguments: [
            ("realm", ScopeArgument.realm), ("organization:acme", .organization("acme")),
            ("group:night shift", .group("night shift")),
            ("cluster/c1", .resources(type: "cluster", ids: ["c1"])),
            ("cluster/c1,c2", .resources(type: "cluster", ids: ["c1", "c2"])),
            ("cluster:c1,c2", .resources(type: "cluster", ids: ["c1", "c2"])),
            ("product:cluster:c1", .resources(type: "product:cluster", ids: ["c1"])),
            ("product:cluster/eu:c1", .resources(type: "product:cluster", ids: ["eu:c1"])),
            ("mqtt-topic/plant/7", .resources(type: "mqtt-topic", ids: ["plant/7"])),
        ])
    func scopes(text: String, scope: ScopeArgument) {
        #expect(ScopeArgument(argument: text) == scope)
    }

    @Test(
        "What is no scope is refused", arguments: ["", "cluster", "organization:", "group:", "/c1", "cluster/", "cluster/a,,b"])
    func noScopes(text: String) {
        #expect(ScopeArgument(argument: text) == nil)
    }

    @Test("A scope of the contract is shown as it is written")
    func scopeTexts() throws {
        func text(_ json: String) throws -> String { ScopeArgument.text(try Self.json(json)) }
        #expect(try text(#"{"kind":"realm"}"#) == "realm")
        #expect(try text(#"{"kind":"organization","id":"acme"}"#) == "organization:acme")
        #expect(try text(#"{"kind":"group","id":"1","name":"ops"}"#) == "group:ops")
        #expect(try text(#"{"kind":"resources","type":"cluster","ids":["a","b"]}"#) == "cluster/a,b")
    }

    @Test(
        "A time is an instant, a day, or so long from now",
        arguments: [
            ("2027-01-31T18:00:00Z", "2027-01-31T18:00:00.000Z"), ("2027-01-31T18:00:00+02:00", "2027-01-31T16:00:00.000Z"),
            ("2027-01-31", "2027-01-31T00:00:00.000Z"), ("90s", "1970-01-01T00:01:30.000Z"), ("30m", "1970-01-01T00:30:00.000Z"),
            ("8h", "1970-01-01T08:00:00.000Z"), ("2d", "1970-01-03T00:00:00.000Z"), ("1w", "1970-01-08T00:00:00.000Z"),
        ])
    func times(text: String, value: String) throws {
        let time = try #require(TimeArgument(argument: text))
        #expect(time.value(from: Timestamp(milliseconds: 0)) == .string(value))
    }

    @Test(
        "What is no time is refused",
        arguments: ["tomorrow", "8", "h", "0h", "-8h", "8 h", "8hh", "9223372036854775807w", "99999d", "2027-02-30", "٨h"])
    func noTimes(text: String) {
        #expect(TimeArgument(argument: text) == nil)
    }

    @Test("So long counts from the beginning where one is named, and an empty time removes")
    func validity() throws {
        let now = Timestamp(milliseconds: 0)
        var body = JSONObject()
        try ValidityOptions.parse(["--from", "2027-01-01", "--until", "8h", "--reason", "night shift"])
            .put(into: &body, now: now, keepingNulls: false)
        #expect(
            try body
                == Self.json(
                    #"{"validFrom":"2027-01-01T00:00:00.000Z","expiresAt":"2027-01-01T08:00:00.000Z","reason":"night shift"}"#))
        let cleared = try ValidityOptions.parse(["--until", "", "--reason", ""])
        var patch = JSONObject()
        cleared.put(into: &patch, now: now, keepingNulls: true)
        #expect(try patch == Self.json(#"{"expiresAt":null,"reason":null}"#))
        var new = JSONObject()
        cleared.put(into: &new, now: now, keepingNulls: false)
        #expect(new.isEmpty)
    }

    @Test(
        "A permission is read as it is meant",
        arguments: [
            ("record read", #"{"match":"any","actions":["read"]}"#),
            ("record *", #"{"match":"any","actions":["*"]}"#),
            ("record/42 read,write", #"{"match":"id","resource":"42","actions":["read","write"]}"#),
            ("record/42 read, write", #"{"match":"id","resource":"42","actions":["read","write"]}"#),
            ("record/4* read", #"{"match":"pattern","resource":"4*","actions":["read"]}"#),
            ("record/=4* read", #"{"match":"id","resource":"4*","actions":["read"]}"#),
            ("record/~42 read", #"{"match":"pattern","resource":"42","actions":["read"]}"#),
            ("record/plant/+/temp subscribe", #"{"match":"pattern","resource":"plant/+/temp","actions":["subscribe"]}"#),
            ("record/plant/# subscribe", #"{"match":"pattern","resource":"plant/#","actions":["subscribe"]}"#),
            ("record/home/${username} read", #"{"match":"pattern","resource":"home/${username}","actions":["read"]}"#),
            ("record//orders GET", #"{"match":"id","resource":"/orders","actions":["GET"]}"#),
            ("record/two words read", #"{"match":"id","resource":"two words","actions":["read"]}"#),
            (
                "record/@candidateGroups=groups read",
                #"{"match":"property","property":"candidateGroups","subject":"groups","actions":["read"]}"#
            ),
            (
                #"record read if resource.status eq "open" and subject.id pr"#,
                #"{"match":"any","actions":["read"],"condition":"resource.status eq \"open\" and subject.id pr"}"#
            ),
        ])
    func permissions(text: String, expected: String) throws {
        var wanted = try Self.json(expected)
        wanted["effect"] = .string("allow")
        wanted["resourceType"] = .string("record")
        let permission = try Self.object(text)
        #expect(permission == wanted)
        // And written again it means the same.
        let again = try #require(PermissionText.argument(permission))
        #expect(try Self.object(again) == permission, "\(again)")
    }

    @Test(
        "What is no permission is refused",
        arguments: [
            "", " ", "record", "record/42", "/42 read", "record/ read", "record/= read", "record/@a read", "record/@=b read",
            "record read,", "record ,read", "record read if ", "two words read",
        ])
    func noPermissions(text: String) {
        #expect(PermissionArgument(argument: text) == nil)
    }

    @Test("A permission is told as a sentence")
    func sentences() throws {
        func sentence(_ argument: String) throws -> String { PermissionText.sentence(.object(try Self.object(argument))) }
        #expect(try sentence("mqtt-topic/plant/+/temp subscribe") == "allow subscribe on mqtt-topic plant/+/temp")
        #expect(try sentence("record read,write") == "allow read, write on record")
        #expect(try sentence("record/42 read") == "allow read on record 42")
        #expect(try sentence("record/=4* read") == "allow read on record 4* (exactly)")
        #expect(
            try sentence("task/@assignee=username complete") == "allow complete on task whose assignee is the subject's username")
        #expect(try sentence("record read if resource.year ge 2026") == "allow read on record if resource.year ge 2026")
        let scoped = try Self.json(
            #"{"effect":"deny","resourceType":"cluster","match":"any","actions":["*"],"scopes":["organization"]}"#)
        #expect(PermissionText.sentence(.object(scoped)) == "deny * on cluster (scopes: organization)")
        #expect(PermissionText.argument(scoped) == nil, "no argument says scopes")
    }

    @Test("A permission that the argument would misread is not written as one", arguments: ["a if b", " x", "a, b "])
    func unwritable(id: String) throws {
        let permission = JSONObject([
            ("effect", .string("allow")), ("resourceType", .string("record")), ("match", .string("id")),
            ("resource", .string(id)),
            ("actions", .array([.string("read")])),
        ])
        guard let argument = PermissionText.argument(permission) else { return }
        #expect(try Self.object(argument) == permission)
    }

    @Test("Permissions are added once and removed by what they say")
    func changes() throws {
        let read = try Self.json(
            #"{"effect":"allow","resourceType":"record","match":"any","actions":["read","write"],"condition":null}"#)
        let other = try Self.object("record/42 delete")
        let same = try Self.object("record write,read")
        #expect(try PermissionChanges(added: [same], removed: []).applied(to: [read]) == [read])
        #expect(try PermissionChanges(added: [other], removed: [same]).applied(to: [read]) == [other])
        #expect(throws: CommandFailure.self) { try PermissionChanges(added: [], removed: [other]).applied(to: [read]) }
    }

    @Test("Permissions come from an array, or from what holds one")
    func permissionFiles() throws {
        #expect(try PermissionOptions.list(Array(#"[{"effect":"deny"}]"#.utf8)).count == 1)
        #expect(try PermissionOptions.list(Array(#"{"id":"x","permissions":[{},{}]}"#.utf8)).count == 2)
        for wrong in ["{}", "[1]", "\"x\"", "[", #"{"permissions":{}}"#] {
            #expect(throws: (any Error).self) { try PermissionOptions.list(Array(wrong.utf8)) }
        }
    }

    @Test(
        "An action has an id, perhaps others in it, perhaps a name",
        arguments: [
            ("read", #"{"id":"read"}"#), ("manage:read,write", #"{"id":"manage","includes":["read","write"]}"#),
            ("read=Look at it", #"{"id":"read","name":"Look at it"}"#),
            ("manage:read=Do: all, of it=", #"{"id":"manage","name":"Do: all, of it=","includes":["read"]}"#),
        ])
    func actions(text: String, expected: String) throws {
        #expect(try #require(ActionArgument(argument: text)).object == Self.json(expected))
    }

    @Test("What is no action is refused", arguments: ["", ":read", "=x", "a:", "a:b,,c", "a="])
    func noActions(text: String) {
        #expect(ActionArgument(argument: text) == nil)
    }

    @Test("A changed resource type keeps what is not named")
    func resourceTypes() throws {
        let old = try Self.json(
            #"""
            {"id":"record","name":"Record","plane":"runtime","syntax":"name","createdAt":"x","properties":["owner","year"],
             "actions":[{"id":"read"},{"id":"write","includes":["read"]},{"id":"burn"}]}
            """#)
        let command = try ResourceTypeUpdate.parse([
            "record", "--action", "read=Look", "--action", "copy", "--remove-action", "burn", "--property", "owner", "--property",
            "level", "--remove-property", "year",
        ])
        #expect(
            try command.replacement(of: old)
                == Self.json(
                    #"""
                    {"name":"Record","syntax":"name","properties":["owner","level"],
                     "actions":[{"id":"read","name":"Look"},{"id":"write","includes":["read"]},{"id":"copy"}]}
                    """#))
    }

    @Test("A resource is cut at its first slash")
    func resources() throws {
        let topic = try #require(ResourceArgument(argument: "mqtt-topic/plant/7/temp"))
        #expect(topic.type == "mqtt-topic" && topic.id == "plant/7/temp" && topic.description == "mqtt-topic/plant/7/temp")
        #expect(ResourceArgument(argument: "http-endpoint//orders")?.id == "/orders")
        for wrong in ["", "record", "record/", "/42"] { #expect(ResourceArgument(argument: wrong) == nil) }
    }

    @Test("A question is AuthZEN's")
    func question() throws {
        let options = try QuestionOptions.parse(["--property", "owner=ann", "--context", "level:=3"])
        let body = try options.body(
            subject: Self.json(#"{"type":"user","id":"ann"}"#), action: "read",
            resource: try #require(ResourceArgument(argument: "record/42")))
        #expect(
            try body
                == Self.json(
                    #"""
                    {"subject":{"type":"user","id":"ann"},"action":{"name":"read"},
                     "resource":{"type":"record","id":"42","properties":{"owner":"ann"}},"context":{"level":3}}
                    """#))
    }

    @Test("A token is found by its id or its only name")
    func tokens() throws {
        let known = [("1", "ci"), ("2", "old"), ("3", "old")].map { NamedObject(id: $0.0, name: $0.1, object: JSONObject()) }
        #expect(try TokenDelete.find("ci", known, of: "reporting").id == "1")
        #expect(try TokenDelete.find("3", known, of: "reporting").id == "3")
        for (name, status) in [("none", gatehouse.ExitStatus.notFound), ("old", .conflict)] {
            let failure = #expect(throws: CommandFailure.self) { try TokenDelete.find(name, known, of: "reporting") }
            #expect(failure?.status == status)
        }
    }

    // Answers

    private func explained(_ answer: String, as subject: String = "ann") throws -> [String] {
        let object = try Self.json(answer)
        return ExplainView(
            subject: subject, action: "subscribe", resource: try #require(ResourceArgument(argument: "mqtt-topic/plant/7/temp")),
            answer: object, change: object["toAllow"]?.object?["change"]?.object
        ).lines(isAllowed: object["decision"]?.bool == true).map(\.text)
    }

    @Test("An explanation draws the path from the person to the permission")
    func allowed() throws {
        let lines = try explained(
            #"""
            {"decision":true,"revision":"42","reasons":[{"effect":"allow","role":"operator","assignment":"a1",
             "permission":{"effect":"allow","resourceType":"mqtt-topic","match":"pattern","resource":"plant/+/temp","actions":["subscribe"]},
             "path":[{"kind":"user","id":"1","name":"ann"},{"kind":"group","id":"2","name":"ops"}]}],"nearest":[],"toAllow":null}
            """#)
        #expect(
            lines == [
                "allowed: ann may subscribe on mqtt-topic plant/7/temp",
                "  ann -> group ops -> role operator -> allow subscribe on mqtt-topic plant/+/temp",
            ])
    }

    @Test("A path that goes to the role already does not name it twice")
    func wholePath() throws {
        let reason = try Self.json(
            #"""
            {"effect":"deny","role":"operator","permission":{"effect":"deny","resourceType":"record","match":"any","actions":["*"]},
             "path":[{"kind":"service","id":"1","name":"ci"},{"kind":"role","id":"operator","name":"Operator"},{"kind":"permission","id":""}]}
            """#)
        #expect(ExplainView.path(reason, from: "x") == "service ci -> role operator -> deny * on record")
    }

    @Test("What somebody may do is shown with the way to it")
    func effective() throws {
        func row(_ text: String) throws -> [String] { WhatCanCommand.row(try Self.json(text), .none).map(\.text) }
        let permission = #""permission":{"effect":"allow","resourceType":"record","match":"any","actions":["read"]}"#
        let first = #"{"kind":"user","id":"1","name":"ann"}"#
        #expect(
            try row(
                #"{\#(permission),"via":[\#(first),{"kind":"group","id":"2","name":"ops"},{"kind":"role","id":"op","name":"Op"}],"#
                    + #""scope":{"kind":"organization","id":"acme"},"expiresAt":"2027-01-01T00:00:00Z"}"#)
                == ["allow read on record", "group ops -> role op", "organization:acme", "2027-01-01T00:00:00Z"])
        #expect(try row(#"{\#(permission),"via":[\#(first)]}"#) == ["allow read on record", "direct", "realm", "-"])
    }

    @Test("A refusal shows what came nearest, and the smallest change as a command")
    func denied() throws {
        let lines = try explained(
            #"""
            {"decision":false,"revision":"42","reasons":[],"nearest":[{"role":"operator","missing":"assignment",
             "permission":{"effect":"allow","resourceType":"mqtt-topic","match":"any","actions":["subscribe"]}}],
             "toAllow":{"description":"Assign the role operator to ann.","change":{"op":"create","path":"/role-assignments",
             "value":{"principal":{"kind":"user","id":"1","name":"ann"},"role":"operator","scope":{"kind":"realm"}}}}}
            """#)
        #expect(
            lines == [
                "denied: ann may not subscribe on mqtt-topic plant/7/temp", "  Nothing allows it.", "Nearest:",
                "  role operator -> allow subscribe on mqtt-topic (it is not assigned)", "To allow it:",
                "  Assign the role operator to ann.", "  gatehouse assignment create user:ann operator",
            ])
    }

    @Test("An explanation with less than it should have, or hostile text in it, is still shown harmlessly")
    func poor() throws {
        for answer in [
            "{}", #"{"decision":true}"#, #"{"decision":false,"reasons":[{}],"nearest":[{}],"toAllow":{}}"#,
            #"{"decision":false,"toAllow":{"change":{}},"reasons":[{"path":[{}],"permission":7}],"nearest":[{"permission":[]}]}"#,
            #"{"decision":true,"reasons":[{"role":"a[31mb","path":[{"kind":"group","name":"x\ny"}]}]}"#,
        ] {
            for line in try explained(answer, as: "a\u{1B}[2Jb") {
                #expect(!line.unicodeScalars.contains(where: DisplayText.isUnsafe))
            }
        }
    }

    @Test(
        "A change is a command where one says it, else the request",
        arguments: [
            (
                #"{"op":"create","path":"/role-assignments","value":{"principal":{"kind":"group","id":"1"},"role":"op","#
                    + #""scope":{"kind":"resources","type":"cluster","ids":["a b"]},"expiresAt":"2027-01-01T00:00:00Z"}}"#,
                "gatehouse assignment create group:1 op --scope 'cluster/a b' --until 2027-01-01T00:00:00Z"
            ),
            (
                #"{"op":"create","path":"/authorizations","value":{"principal":{"kind":"user","id":"1","name":"ann"},"permissions":"#
                    + #"[{"effect":"allow","resourceType":"record","match":"id","resource":"it's","actions":["read"]}]}}"#,
                #"gatehouse authorization create user:ann --allow 'record/=it'\''s read'"#
            ),
            (
                #"{"op":"update","path":"/role-assignments/7","value":{"expiresAt":null}}"#,
                "gatehouse assignment update 7 --until ''"
            ),
            (#"{"op":"delete","path":"/authorizations/7"}"#, "gatehouse authorization delete 7"),
            (#"{"op":"create","path":"/groups/g/members/users/u"}"#, "gatehouse group add g user:u"),
            (
                #"{"op":"update","path":"/roles/op","value":{"includes":["x"]}}"#,
                #"PATCH /api/v1/roles/op {"includes":["x"]}"#
            ),
            (
                #"{"op":"update","path":"/role-assignments/7","value":{"role":"x"}}"#,
                #"PATCH /api/v1/role-assignments/7 {"role":"x"}"#
            ),
        ])
    func commands(change: String, command: String) throws {
        #expect(ChangeText.command(try Self.json(change)) == command)
    }

    @Test("A command to copy is parsed again as it was meant")
    func copied() throws {
        let authorization = try AuthorizationCreate.parse(["user:ann", "--allow", "record/=42 read", "--scope", "group:ops"])
        #expect(
            authorization.permissions.allow == [PermissionArgument(resourceType: "record", match: .id("42"), actions: ["read"])])
        #expect(authorization.scope == .group("ops"))
        let assignment = try AssignmentUpdate.parse(["7", "--until", ""])
        #expect(assignment.validity.until == TimeArgument.none)
    }

    @Test(
        "Changes and creations that name nothing are refused",
        arguments: [
            ["role", "update", "x"], ["group", "update", "x"], ["service", "update", "x"], ["assignment", "update", "x"],
            ["authorization", "update", "x"], ["authorization", "create", "ann"], ["resource-type", "update", "x"],
            ["resource-type", "create", "x"], ["group", "add", "x"], ["service", "token", "create", "x"], ["catalog", "apply"],
            ["check", "group:ops", "read", "record/1"], ["check", "ann", "read", "record"], ["who-can", "read"],
            ["who-can", "read", "record/1", "--kind", "group"], ["assignment", "create", "ann", "op", "--scope", "nonsense"],
            ["assignment", "create", "ann", "op", "--until", "tomorrow"],
        ])
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try Gatehouse.parseAsRoot(arguments) }
    }

    @Test("A difference of catalogs says what is new and what is different")
    func catalogs() throws {
        let view = try CatalogView(
            Self.json(
                #"""
                {"catalog":"shop","name":"Shop","version":"2","dryRun":true,"unchanged":[{"kind":"role","id":"shop:same"}],
                 "created":[{"kind":"resource-type","id":"shop:order"}],
                 "updated":[{"kind":"role","id":"shop:clerk","changes":[{"field":"name","old":"Clerk","new":"Seller"},
                  {"field":"permissions","old":[{"resourceType":"a","match":"any","actions":["x"]},
                   {"resourceType":"b","match":"any","actions":["x"]}],"new":[{"resourceType":"a","match":"any","actions":["x"]},
                   {"resourceType":"c","match":"any","actions":["y"]}]}]}]}
                """#))
        #expect(!view.isEmpty)
        #expect(
            view.lines(of: "file", dryRun: true).map(\.text) == [
                "shop: would change", "  + resource type shop:order", "  ~ role shop:clerk", "      name: Clerk -> Seller",
                "      - permissions: allow x on b", "      + permissions: allow y on c",
            ])
        let same = try CatalogView(Self.json(#"{"catalog":"shop","created":[],"updated":[],"unchanged":[]}"#))
        #expect(same.isEmpty)
        #expect(same.lines(of: "file", dryRun: false).map(\.text) == ["shop: no difference"])
    }

    @Test(
        "A catalog's type goes by its file's name",
        arguments: [("a.JSON", "json"), ("a.yaml", "yaml"), ("a.yml", "yaml"), ("-", "yaml")])
    func catalogFiles(file: String, type: String) {
        #expect(CatalogFile.mediaType(file) == "application/" + type)
    }
}
