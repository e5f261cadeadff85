import ArgumentParser
import Model

/// How users look to people.
enum UserView {
    static let columns = [
        Column("USER NAME", minimum: 12), Column("NAME"), Column("EMAIL"), Column("STATUS", minimum: 8),
        Column("LAST SIGN-IN", minimum: 12), Column("CREATED", minimum: 11),
    ]

    static func row(_ user: JSONObject, _ terminal: Terminal) -> [Cell] {
        [
            Cell(user.text("username")), Cell(user.text("name")), Cell(user.text("email")), status(user),
            user.time("lastSignInAt", terminal), user.time("createdAt", terminal),
        ]
    }

    /// Every member the server sent, those this version knows with a name for people.
    static func pairs(_ user: JSONObject, _ terminal: Terminal) -> [(String, Cell)] {
        var pairs: [(String, Cell)] = []
        for member in user.members {
            switch (member.name, member.value) {
            case ("status", _): pairs.append(("Status", status(user)))
            case ("attributes", .object(let attributes)):
                for attribute in attributes.members {
                    pairs.append(("Attribute " + DisplayText.sanitized(attribute.name), Cell(attributes.text(attribute.name))))
                }
            case ("createdAt", _), ("updatedAt", _), ("lastSignInAt", _):
                pairs.append((label(member.name), moment(user, member.name, terminal)))
            default: pairs.append((label(member.name), Cell(user.text(member.name))))
            }
        }
        return pairs
    }

    static func status(_ user: JSONObject) -> Cell {
        let text = user.text("status")
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

    /// One object has room for both: when it was, and how long ago that is.
    private static func moment(_ user: JSONObject, _ name: String, _ terminal: Terminal) -> Cell {
        let exact = user.text(name)
        guard terminal.isTerminal, let exact, let time = Timestamp(rfc3339: exact),
            let relative = DisplayText.relative(milliseconds: time.milliseconds, now: SystemClock().now().milliseconds)
        else { return Cell(exact) }
        return Cell("\(exact) (\(relative))")
    }

    private static func label(_ name: String) -> String {
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
        case "groups": "Groups"
        case "roles": "Roles"
        case "organizations": "Organizations"
        default: DisplayText.sanitized(name)
        }
    }
}

/// `key=value` for text, `key:=JSON` for numbers, booleans and arrays.
struct AttributeArgument: ExpressibleByArgument, Sendable {
    let name: String
    let value: JSONValue

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else { return nil }
        let key = argument[..<equals]
        let text = argument[argument.index(after: equals)...]
        if key.hasSuffix(":") {
            guard let value = try? JSONValue(parsing: text.utf8) else { return nil }
            self.value = value
            name = String(key.dropLast())
        } else {
            value = .string(String(text))
            name = String(key)
        }
        guard !name.isEmpty, value != .null else { return nil }
    }

    static let help: ArgumentHelp = ArgumentHelp(
        "An attribute: key=text, or key:=JSON for a number, true, false or an array. May be repeated.", valueName: "key=value")

    /// The attributes as one object; naming one twice is a mistake rather than a wish.
    static func object(_ arguments: [AttributeArgument], removing removed: [String] = []) throws -> JSONObject {
        var object = JSONObject()
        for (name, value) in arguments.map({ ($0.name, $0.value) }) + removed.map({ ($0, JSONValue.null) }) {
            guard object[name] == nil else { throw ValidationError("The attribute \"\(name)\" is named twice.") }
            object[name] = value
        }
        return object
    }
}

/// A user that an argument named.
struct NamedUser: Sendable {
    let id: String
    let username: String
    let object: JSONObject

    /// For questions: the user name, with the name beside it when there is one.
    var description: String {
        object.text("name").map { "\(username) (\($0))" } ?? username
    }
}

extension Client {
    /// Finds the user an argument means: an id when it has the shape of one (no user name has), else a user name.
    func user(_ argument: String) async throws -> NamedUser {
        let object: JSONObject
        if let id = EntityID(argument) {
            object = try await send(.get, ["users", id.text], expecting: [200]).object()
        } else {
            let found = try await page(ListRequest(path: ["users"], filter: FilterText.equals("username", argument), limit: 2))
            guard let only = found.items.first else { throw CommandFailure(.notFound, "There is no user \"\(argument)\".") }
            guard found.items.count == 1 else { throw CommandFailure.notUnderstood("several users have one name") }
            object = only
        }
        guard let id = object["id"]?.string.flatMap({ EntityID($0) }), let username = object["username"]?.string else {
            throw CommandFailure.notUnderstood("a user has no id or no user name")
        }
        return NamedUser(id: id.text, username: username, object: object)
    }
}
