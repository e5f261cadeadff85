import ArgumentParser
import Model

/// `gatehouse user create`.
struct UserCreate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a user.",
        discussion: "Without a password the user is invited, and cannot sign in until one is set.")

    @Argument(help: "The user name.")
    var username: String

    @Option(help: "What the person is called.")
    var name: String?

    @Option(help: "The e-mail address.")
    var email: String?

    @Option(name: .customLong("attribute"), help: AttributeArgument.help)
    var attributes: [AttributeArgument] = []

    @Flag(name: .customLong("password-prompt"), help: "Ask for the password, without showing it.")
    var passwordPrompt = false

    @Flag(name: .customLong("password-stdin"), help: "Take the password from the first line of standard input.")
    var passwordFromInput = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if passwordPrompt, passwordFromInput { throw ValidationError("Use --password-prompt or --password-stdin, not both.") }
        _ = try AttributeArgument.object(attributes)
    }

    func perform() async throws {
        let connection = try connection.signedIn()
        var body = JSONObject([("username", .string(username))])
        if let name { body["name"] = .string(name) }
        if let email { body["email"] = .string(email) }
        if !attributes.isEmpty { body["attributes"] = .object(try AttributeArgument.object(attributes)) }
        if passwordFromInput {
            body["password"] = .string(try StandardInput.secretLine("password"))
        } else if passwordPrompt {
            body["password"] = .string(try Prompt.newPassword("Password of \(DisplayText.sanitized(username))"))
        }
        let user = try await Client.using(connection) { [body] client in
            try await client.send(.post, ["users"], body: body, expecting: [201]).object()
        }
        let state = user.text("status").map { ", \($0)" } ?? ""
        try output.report("Created \(user.text("username") ?? username)\(state) (\(user.text("id") ?? "")).", user)
    }
}

/// `gatehouse user edit`.
struct UserEdit: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change a user.",
        discussion: "What is not named stays. An empty --name or --email removes it.")

    @Argument(help: "User name or id.")
    var user: String

    @Option(help: "The new user name.")
    var username: String?

    @Option(help: "What the person is called.")
    var name: String?

    @Option(help: "The e-mail address.")
    var email: String?

    @Option(name: .customLong("attribute"), help: AttributeArgument.help)
    var attributes: [AttributeArgument] = []

    @Option(
        name: .customLong("remove-attribute"), help: ArgumentHelp("Remove an attribute. May be repeated.", valueName: "key"))
    var removedAttributes: [String] = []

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if try patch().isEmpty { throw ValidationError("Name at least one thing to change.") }
    }

    /// The merge patch (RFC 7396) of what was named.
    private func patch() throws -> JSONObject {
        var patch = JSONObject()
        if let username { patch["username"] = .string(username) }
        if let name { patch["name"] = name.isEmpty ? .null : .string(name) }
        if let email { patch["email"] = email.isEmpty ? .null : .string(email) }
        let attributes = try AttributeArgument.object(attributes, removing: removedAttributes)
        if !attributes.isEmpty { patch["attributes"] = .object(attributes) }
        return patch
    }

    func perform() async throws {
        let patch = try patch()
        let changed = try await Client.using(try connection.signedIn()) { client in
            let found = try await client.user(user)
            return try await client.send(.patch, ["users", found.id], body: patch, expecting: [200]).object()
        }
        try output.report("Changed \(changed.text("username") ?? user).", changed)
    }
}

/// `gatehouse user password`.
struct UserPassword: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set a user's password; this ends the user's sessions.")

    @Argument(help: "User name or id.")
    var user: String

    @Flag(name: .customLong("must-change"), help: "The user must choose another one at the next sign-in.")
    var mustChange = false

    @Flag(name: .customLong("password-stdin"), help: "Take the password from the first line of standard input.")
    var passwordFromInput = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            // Found first, so that nobody types a password twice for a mistyped name.
            let found = try await client.user(user)
            let password =
                try passwordFromInput
                ? StandardInput.secretLine("password")
                : Prompt.newPassword("New password of \(DisplayText.sanitized(found.name))")
            _ = try await client.send(
                .post, ["users", found.id, "password"],
                body: JSONObject([("password", .string(password)), ("mustChange", .bool(mustChange))]), expecting: [204])
            try output.report("Set the password of \(found.name); open sessions have ended.", nil)
        }
    }
}
