import Access
@testable import Console
import Foundation
import Model
import Testing
import Web

/// The permission editor without a browser: what its buttons do to what was typed, and what it says a row would match.
@Suite struct PermissionEditorTests {
    private static let topic = "mqtt-topic"
    private static let types = Dictionary(
        uniqueKeysWithValues: (ResourceType.builtInRuntime + ResourceType.management).map { ($0.id, $0) })

    private static let read = Permission(resourceType: "http-endpoint", match: .id("/orders"), actions: ["read"])
    private static let publish = Permission(resourceType: topic, match: .id("plant/7"), actions: ["publish"])

    /// What a browser sends of an editor as it is shown, with some fields typed over and a button pressed.
    private static func sent(_ editor: PermissionEditor, _ button: String, _ typed: [(String, String)] = []) throws
        -> PermissionEditor
    {
        var pairs = [("permission.rows", JSONValue.array(editor.rows.map(\.json)).text), ("do", button)]
        if let open = editor.open {
            let row = editor.rows[open]
            pairs.append(("permission.open", String(open)))
            let fields = [
                ("effect", row.effect), ("resourceType", row.resourceType), ("match", row.match), ("resource", row.resource),
                ("property", row.property), ("subject", row.subject), ("condition", row.condition),
            ].map { ("permission." + $0.0, $0.1) }
            pairs += fields.filter { field in !typed.contains { $0.0 == field.0 } }
            if !typed.contains(where: { $0.0 == "permission.actions[]" }) {
                pairs += row.actions.map { ("permission.actions[]", $0) }
            }
        }
        let body = (pairs + typed).map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        return PermissionEditor(try FormFields(parsing: Array(body.utf8)))
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    // MARK: Buttons

    @Test func `a new editor has one empty row, which counts for nothing`() {
        let editor = PermissionEditor()
        #expect(editor.open == 0 && editor.rows.count == 1)
        #expect(editor.json == .array([]))
    }

    @Test func `what is typed into the open row stays, whatever is pressed`() throws {
        let typed = [
            ("permission.resourceType", Self.topic), ("permission.match", "pattern"), ("permission.resource", "plant/+/temp"),
            ("permission.actions[]", "subscribe"),
        ]
        for button in ["check", "add", "close", "edit.0", "save", "remove.7", "edit.x", ""] {
            let editor = try Self.sent(PermissionEditor(), button, typed)
            #expect(editor.rows[0].resource == "plant/+/temp", "\(button)")
            #expect(editor.rows[0].actions == ["subscribe"], "\(button)")
        }
    }

    @Test func `its own buttons add, open, close and remove rows; every other one is the page's`() throws {
        let editor = PermissionEditor([Self.read, Self.publish])
        #expect(editor.open == nil)
        let added = try Self.sent(editor, "add")
        #expect(added.rows.count == 3 && added.open == 2 && added.pressed == nil)
        let opened = try Self.sent(added, "edit.1")
        #expect(opened.open == 1 && opened.rows[1].resource == "plant/7")
        let removed = try Self.sent(opened, "remove.0")
        #expect(removed.rows.count == 2 && removed.open == 0 && removed.rows[0].resource == "plant/7")
        let gone = try Self.sent(removed, "remove.0")
        #expect(gone.rows.count == 1 && gone.open == nil)
        #expect(try Self.sent(gone, "close").open == nil)
        #expect(try Self.sent(gone, "save").pressed == "save")
        #expect(try Self.sent(gone, "preview").pressed == "preview")
    }

    @Test func `permissions come back as they were`() throws {
        let all = [
            Self.read, Permission(effect: .deny, resourceType: "user", actions: ["*"], scopes: [.organization]),
            Permission(resourceType: "user", match: .property("id", subject: "id"), actions: ["read", "update"]),
            Permission(
                resourceType: Self.topic, match: .pattern(try Pattern("a/#", syntax: .topic)), actions: ["subscribe"],
                condition: try Condition(parsing: "context.assurance ge 2")),
        ]
        let editor = try Self.sent(PermissionEditor(all), "save")
        #expect(editor.json == PermissionEditor(all).json)
        // The one that is open travels by its fields, the others in one.
        let opened = try Self.sent(try Self.sent(PermissionEditor(all), "edit.3"), "save")
        #expect(opened.json == editor.json)
    }

    @Test func `a text left behind in a field of another match is not sent on`() throws {
        let editor = try Self.sent(
            PermissionEditor([Self.publish], open: 0), "save",
            [("permission.match", "any"), ("permission.property", "owner")])
        let row = try #require(editor.json.array?.first?.object)
        #expect(row["resource"] == nil && row["property"] == nil)
    }

    @Test func `all actions stand alone`() throws {
        let editor = try Self.sent(
            PermissionEditor([Self.publish], open: 0), "check",
            [("permission.actions[]", "*"), ("permission.actions[]", "publish")])
        #expect(editor.rows[0].actions == ["*"])
    }

    @Test func `damaged fields are no rows, and no trap`() throws {
        for (rows, open) in [
            ("{", "0"), ("[1,null,\"x\"]", "2"), ("[]", "-1"), ("null", "9999999999999999999999"), ("[[[[", "x"),
        ] {
            let body = "permission.rows=\(Self.encoded(rows))&permission.open=\(open)&do=edit.-1"
            let editor = PermissionEditor(try FormFields(parsing: Array(body.utf8)))
            #expect(editor.rows.count <= 3)
            #expect(editor.json.array?.isEmpty ?? false)
        }
    }

    @Test func `errors open the row they are about and stand at its fields`() throws {
        var editor = try Self.sent(PermissionEditor(), "add")  // an untouched row first
        editor = try Self.sent(editor, "save", [("permission.resourceType", Self.topic)])
        #expect(editor.rows.count == 2)
        let errors = editor.show(
            FormErrors([
                FieldError(field: "permissions.0.actions", code: "required", message: "Name one."),
                FieldError(field: "permissions.5.actions", code: "required", message: "Elsewhere."),
                FieldError(field: "id", code: "taken", message: "Taken."),
            ]))
        #expect(editor.open == 0 && editor.rows.count == 1, "the row that counts for nothing is gone, so that places agree")
        #expect(errors["permission.actions"] == "Name one.")
        #expect(errors["permissions.5.actions"] == "Elsewhere." && errors["id"] == "Taken.")
    }

    // MARK: What it would match

    private static func check(_ permission: Permission) -> PermissionCheck {
        PermissionCheck(PermissionDraft(permission), types: types, allowsScopes: true)
    }

    private static func verdict(
        _ permission: Permission, _ resource: String, _ action: String = "", username: String = "", properties: String = ""
    ) -> PermissionCheck.Verdict? {
        var probe = PermissionProbe()
        probe.resource = resource
        probe.action = action
        probe.username = username
        probe.properties = properties
        return check(permission).ask(probe)
    }

    @Test func `an example is decided as the engine decides it`() throws {
        let filter = Permission(
            resourceType: Self.topic, match: .pattern(try Pattern("plant/+/temp", syntax: .topic)), actions: ["subscribe"])
        #expect(Self.verdict(filter, "") == nil)
        #expect(Self.verdict(filter, "plant/7/temp") == .fits)
        #expect(Self.verdict(filter, "plant/7/8/temp") == .fails(.resource))
        #expect(Self.verdict(filter, "plant/7/temp", "publish") == .fails(.action))
        #expect(Self.verdict(filter, "plant/7/temp", "eat") == .unknownAction)
        #expect(Self.verdict(filter, "plant/#/temp") == .refusedID)
        #expect(Self.verdict(Self.read, "/orders", "GET") == .fits, "an action that is included")
        #expect(Self.verdict(Self.read, "/orders/", "HEAD") == .fits)
        #expect(Self.verdict(Self.read, "/orders", "POST") == .fails(.action))
    }

    @Test func `a row that forbids is matched by what it names, and not by what it merely overlaps`() throws {
        let deny = Permission(
            effect: .deny, resourceType: Self.topic, match: .pattern(try Pattern("plant/7/#", syntax: .topic)), actions: ["*"])
        #expect(Self.verdict(deny, "plant/7/press", "publish") == .fits)
        #expect(Self.verdict(deny, "plant/8/press", "publish") == .fails(.resource))
    }

    @Test func `variables stand for the user name of the example`() throws {
        let own = Permission(
            resourceType: Self.topic, match: .pattern(try Pattern("home/${username}/#", syntax: .topic)), actions: ["publish"])
        #expect(Self.check(own).usesUsername)
        #expect(Self.verdict(own, "home/ann/x", username: "ann") == .fits)
        #expect(Self.verdict(own, "home/bo/x", username: "ann") == .fails(.resource))
        #expect(Self.verdict(own, "home/+/x") == .refusedID)
    }

    @Test func `conditions read the properties of the example`() throws {
        let open = Permission(
            resourceType: Self.topic, actions: ["publish"],
            condition: try Condition(parsing: "resource.level le 3 and resource.open eq true"))
        #expect(Self.check(open).properties == ["level", "open"])
        #expect(!Self.check(open).dependsOnHolder)
        #expect(Self.verdict(open, "a", properties: "level=2\nopen = true") == .fits)
        #expect(Self.verdict(open, "a", properties: "level=4\nopen=true") == .fails(.condition))
        #expect(Self.verdict(open, "a") == .fails(.condition))
        let own = Permission(resourceType: Self.topic, match: .property("owner", subject: "department"), actions: ["publish"])
        #expect(Self.check(own).dependsOnHolder)
    }

    @Test func `a row that cannot be read says why`() {
        var draft = PermissionDraft(Self.publish)
        draft.match = "pattern"
        draft.resource = "a/#/b"
        let check = PermissionCheck(draft, types: Self.types, allowsScopes: true)
        #expect(check.permission == nil && check.problems.first?.field == "permissions.0.resource")
        draft.resourceType = "nothing"
        #expect(PermissionCheck(draft, types: Self.types, allowsScopes: true).type == nil)
    }

    @Test func `lines of names and values are read as what they look like`() {
        let read = NamedValues(" a = 1 \n\nb=true\r\nc=1.5\nd=x=y\ne=\"7\"\nf=")
        #expect(
            read.values == [
                "a": .integer(1), "b": .bool(true), "c": .number(1.5), "d": .string("x=y"), "e": .string("7"), "f": .string(""),
            ])
        #expect(read.wrongLine == nil)
        #expect(NamedValues("a=1\nnonsense\n=3").wrongLine == "nonsense")
    }

    // MARK: Words

    private static func sentence(_ permission: Permission) -> String {
        let markup = String(decoding: PermissionWords(Array(types.values)).sentence(permission).bytes, as: UTF8.self)
        return markup.replacing(/<[^>]*>/, with: "")
    }

    @Test func `permissions are said in sentences`() throws {
        #expect(Self.sentence(Self.publish) == "May publish on the MQTT topic plant/7.")
        #expect(Self.sentence(Role.owner.permissions[0]) == "May do everything everywhere.")
        #expect(
            Self.sentence(Permission(resourceType: "user", match: .property("id", subject: "id"), actions: ["read"]))
                == "May read on oneself.")
        #expect(
            Self.sentence(Permission(effect: .deny, resourceType: "http-endpoint", actions: ["*"], scopes: [.organization]))
                == "May never do anything at all on every HTTP endpoint; counts only where it is given for: an organization.")
        let condition = try Condition(parsing: "context.assurance ge 2")
        #expect(
            Self.sentence(
                Permission(
                    resourceType: Self.topic, match: .pattern(try Pattern("a/+", syntax: .topic)), actions: ["subscribe"],
                    condition: condition))
                == "May subscribe on every MQTT topic that matches a/+, if context.assurance ge 2.")
        #expect(
            Self.sentence(Permission(resourceType: "gone:type", match: .id("x"), actions: ["eat"]))
                == "May eat on the gone:type x.")
    }
}
