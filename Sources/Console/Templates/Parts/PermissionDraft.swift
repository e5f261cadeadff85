import Access
import Grants
import Model
import Web

/// One permission as it was typed, right or wrong.
struct PermissionDraft: Sendable, Equatable {
    var effect = "allow"
    var resourceType = ""
    var match = "any"
    var resource = ""
    var property = ""
    var subject = ""
    var actions: [String] = []
    var condition = ""
    /// Kinds of scope; none: all of them.
    var scopes: [String] = []

    init() {}

    init(_ permission: Permission) {
        self.init(PermissionText.json(permission))
    }

    /// Out of the wire form; what is missing or of another type is empty.
    init(_ json: JSONValue) {
        guard let object = json.object else { return }
        func text(_ name: String) -> String { object[name]?.string ?? "" }
        effect = text("effect")
        resourceType = text("resourceType")
        match = text("match")
        resource = text("resource")
        property = text("property")
        subject = text("subject")
        actions = object["actions"]?.array?.compactMap(\.string) ?? []
        condition = text("condition")
        scopes = object["scopes"]?.array?.compactMap(\.string) ?? []
    }

    /// Out of the open row of a form.
    init(_ form: FormFields) {
        func text(_ name: String) -> String { trimmed(form[PermissionEditor.field(name)] ?? "") }
        effect = text("effect")
        resourceType = text("resourceType")
        match = text("match")
        resource = text("resource")
        property = text("property")
        subject = text("subject")
        actions = form.all(PermissionEditor.field("actions[]"))
        condition = text("condition")
        scopes = form.all(PermissionEditor.field("scopes[]"))
        // "All" says it alone.
        if actions.contains(Permission.wildcard) { actions = [Permission.wildcard] }
    }

    /// The wire form: only what the kind of match asks for, so that a text left behind in a hidden field is no mistake.
    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("effect", .string(effect)), ("resourceType", .string(resourceType)), ("match", .string(match)),
        ]
        switch match {
        case "id", "pattern": members.append(("resource", .string(resource)))
        case "property": members += [("property", .string(property)), ("subject", .string(subject))]
        default: break
        }
        members.append(("actions", .array(actions.map(JSONValue.string))))
        if !condition.isEmpty { members.append(("condition", .string(condition))) }
        if !scopes.isEmpty { members.append(("scopes", .array(scopes.map(JSONValue.string)))) }
        return .object(JSONObject(members))
    }
}
