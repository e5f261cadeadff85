import Model

/// How any object looks to people: every member the server sent, those this version knows with a name for people.
enum ObjectView {
    static func pairs(_ object: JSONObject, _ terminal: Terminal) -> [(String, Cell)] {
        object.members.flatMap { member in pairs(object, member.name, terminal) }
    }

    static func pairs(_ object: JSONObject, _ name: String, _ terminal: Terminal) -> [(String, Cell)] {
        switch (name, object[name]) {
        case ("status", _): [("Status", status(object))]
        case ("attributes", .object(let attributes)?): nested(attributes, "Attribute ")
        case ("properties", .object(let properties)?): nested(properties, "Property ")
        case ("principal", .object?), ("grantedBy", .object?): [(label(name), Cell(object.reference(name)))]
        case ("scope", .object(let scope)?): [("Scope", Cell(ScopeArgument.text(scope)))]
        case ("permissions", .array(let permissions)?): numbered("Permission", permissions.map(PermissionText.sentence))
        case ("actions", .array(let actions)?): numbered("Action", actions.map(ActionArgument.text))
        case (let name, _) where moments.contains(name): [(label(name), moment(object, name, terminal))]
        default: [(label(name), Cell(object.text(name)))]
        }
    }

    static func status(_ object: JSONObject) -> Cell {
        let text = object.text("status")
        let style: TextStyle =
            switch text {
            case "active": .good
            case "disabled": .bad
            case "locked": .warning
            case "invited": .note
            default: .plain
            }
        return Cell(text, style)
    }

    private static let moments: Set<String> = [
        "createdAt", "updatedAt", "lastSignInAt", "lastUsedAt", "validFrom", "expiresAt", "lastSeenAt",
    ]

    private static func nested(_ object: JSONObject, _ prefix: String) -> [(String, Cell)] {
        object.members.map { (prefix + DisplayText.sanitized($0.name), Cell(object.text($0.name))) }
    }

    /// A line each, the first with the label.
    private static func numbered(_ label: String, _ lines: [String]) -> [(String, Cell)] {
        lines.isEmpty ? [(label + "s", Cell(nil))] : lines.map { (label, Cell($0)) }
    }

    /// One object has room for both: when it was, and how long ago that is.
    private static func moment(_ object: JSONObject, _ name: String, _ terminal: Terminal) -> Cell {
        let exact = object.text(name)
        guard terminal.isTerminal, let exact, let time = Timestamp(rfc3339: exact),
            let relative = DisplayText.relative(milliseconds: time.milliseconds, now: SystemClock().now().milliseconds)
        else { return Cell(exact) }
        return Cell("\(exact) (\(relative))")
    }

    static func label(_ name: String) -> String {
        switch name {
        case "id": "Id"
        case "username": "User name"
        case "name": "Name"
        case "email": "E-mail"
        case "emailVerified": "E-mail verified"
        case "store": "User store"
        case "createdAt": "Created"
        case "updatedAt": "Changed"
        case "lastSignInAt": "Last sign-in"
        case "lastUsedAt": "Last used"
        case "lastSeenAt": "Last seen"
        case "groups": "Groups"
        case "roles": "Roles"
        case "organizations": "Organizations"
        case "organization": "Organization"
        case "description": "Description"
        case "builtIn": "Built in"
        case "includes": "Includes"
        case "principal": "Principal"
        case "role": "Role"
        case "validFrom": "From"
        case "expiresAt": "Until"
        case "reason": "Reason"
        case "grantedBy": "Granted by"
        case "plane": "Plane"
        case "syntax": "Syntax"
        case "type": "Type"
        case "properties": "Properties"
        default: DisplayText.sanitized(name)
        }
    }
}
