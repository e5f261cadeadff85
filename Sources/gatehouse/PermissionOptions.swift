import ArgumentParser
import Model

/// `--allow`, `--deny`, `--permissions`: the same wherever permissions are given.
struct PermissionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Allow this. May be repeated.", valueName: "permission"))
    var allow: [PermissionArgument] = []

    @Option(help: ArgumentHelp("Deny this, whatever else allows it. May be repeated.", valueName: "permission"))
    var deny: [PermissionArgument] = []

    @Option(
        help: ArgumentHelp(
            "Take permissions from a file of JSON, an array as the API has it, or - for standard input.", valueName: "file"),
        completion: .file())
    var permissions: String?

    var isEmpty: Bool { allow.isEmpty && deny.isEmpty && permissions == nil }

    /// Those of the options, in the order of the file, then what is allowed, then what is denied.
    func named() throws -> [JSONObject] {
        try fromFile() + allow.map { $0.object(effect: "allow") } + deny.map { $0.object(effect: "deny") }
    }

    private func fromFile() throws -> [JSONObject] {
        guard let permissions else { return [] }
        let bytes = try InputFile(permissions).contents(atMost: 1 << 20)
        do {
            return try Self.list(bytes)
        } catch let error as JSONError {
            throw CommandFailure(.invalidData, "\(permissions) is no JSON: \(error.reason), at byte \(error.offset).")
        }
    }

    /// An array of permissions, or an object that has one, such as a role.
    static func list(_ bytes: [UInt8]) throws -> [JSONObject] {
        let value = try JSONValue(parsing: bytes)
        guard let items = value.array ?? value.object?["permissions"]?.array else {
            throw CommandFailure(.invalidData, "The file holds no array of permissions.")
        }
        return try items.map { item in
            guard let object = item.object else {
                throw CommandFailure(.invalidData, "The file holds \(item.typeName) where a permission should be.")
            }
            return object
        }
    }
}

/// What is to be done to a list of permissions that exists.
struct PermissionChanges {
    var added: [JSONObject]
    var removed: [JSONObject]

    /// The new list. Adding what is there changes nothing; removing what is not there is a mistake.
    func applied(to old: [JSONObject]) throws(CommandFailure) -> [JSONObject] {
        var list = old
        for permission in removed {
            let rest = list.filter { !PermissionText.isSame($0, permission) }
            guard rest.count < list.count else {
                throw CommandFailure(
                    .notFound, "There is no such permission: \(PermissionText.sentence(.object(permission))).",
                    details: old.map { "There is: " + PermissionText.sentence(.object($0)) })
            }
            list = rest
        }
        for permission in added where !list.contains(where: { PermissionText.isSame($0, permission) }) {
            list.append(permission)
        }
        return list
    }
}
