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
            Cell(user.text("username")), Cell(user.text("name")), Cell(user.text("email")), ObjectView.status(user),
            user.time("lastSignInAt", terminal), user.time("createdAt", terminal),
        ]
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

    static let help = help("An attribute")

    static func help(_ what: String) -> ArgumentHelp {
        ArgumentHelp(
            "\(what): key=text, or key:=JSON for a number, true, false or an array. May be repeated.", valueName: "key=value")
    }

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
