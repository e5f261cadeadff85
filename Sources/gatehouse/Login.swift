import ArgumentParser
import Model

/// `gatehouse login`: name and password in, a stored session out.
struct Login: ReportingCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sign in to a server and remember the session.",
        discussion: """
            Asks for what is missing; the password is never shown and never an argument. The session is kept in \
            gatehouse/session.json of your configuration folder, readable by you alone, until gatehouse logout.
            """)

    @Argument(help: "Your user name; asked for when left out.")
    var username: String?

    @Flag(name: .customLong("password-stdin"), help: "Take the password from the first line of standard input.")
    var passwordFromInput = false

    @Flag(
        name: .customLong("new-password-stdin"),
        help: "Where the server wants a new password, take it from the second line of standard input.")
    var newPasswordFromInput = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if newPasswordFromInput, !passwordFromInput {
            throw ValidationError("--new-password-stdin takes the second line; it needs --password-stdin for the first.")
        }
        if passwordFromInput, username == nil {
            throw ValidationError("With --password-stdin the user name must be given.")
        }
    }

    func perform() async throws {
        let connection = try connection.anonymous()
        let file = try CredentialFile.standard()
        // A session that could not be kept would live on at the server with nobody to end it.
        try file.prepare()
        if !passwordFromInput, StandardInput.isTerminal {
            StandardError.write("Signing in to \(connection.server.text)\n")
        }
        let name = try username ?? Prompt.line("User name")
        let password = try passwordFromInput ? StandardInput.secretLine("password") : Prompt.secret("Password")
        let object = try await Client.using(connection) { client in
            var answer = try await client.send(
                .post, ["sessions"], body: JSONObject([("username", .string(name)), ("password", .string(password))]),
                expecting: [201, 202])
            if answer.status == 202 { answer = try await meet(challenge: try answer.object(), client) }
            guard answer.status == 201 else { throw CommandFailure.notUnderstood("one challenge follows another") }
            return try answer.object()
        }
        guard let token = object["token"]?.string, StoredSession.isToken(token), let expiry = object["expiresAt"]?.string else {
            throw CommandFailure.notUnderstood("the session has no token")
        }
        let session = StoredSession(
            server: connection.server.text, token: token, expiresAt: expiry,
            username: object["user"]?.object?["username"]?.string ?? name,
            certificateAuthority: connection.server.isSecure ? connection.certificateAuthority : nil)
        try file.save(session)
        try output.report(
            "Signed in at \(session.server) as \(session.username).",
            JSONObject([
                ("server", .string(session.server)), ("username", .string(session.username)),
                ("expiresAt", .string(session.expiresAt)),
            ]))
        if SystemText.environment("GATEHOUSE_TOKEN") != nil {
            StandardError.write("Note: GATEHOUSE_TOKEN is set and comes before this session.\n")
        }
    }

    /// The password was right, but the server wants a new one first. At a terminal a bad choice can be bettered.
    private func meet(challenge: JSONObject, _ client: Client) async throws -> Answer {
        guard let token = challenge["challenge"]?.string, let methods = challenge["methods"]?.array?.compactMap(\.string) else {
            throw CommandFailure.notUnderstood("the challenge is incomplete")
        }
        guard methods.contains("new_password") else {
            throw CommandFailure(
                .notPermitted, "The server asks for \(methods.joined(separator: " or ")), which this command cannot answer.",
                details: ["Sign in with the web console."])
        }
        if passwordFromInput, !newPasswordFromInput {
            throw CommandFailure(
                .notPermitted, "A new password must be set before signing in.",
                details: ["Put it on the second line of standard input with --new-password-stdin."])
        }
        if !passwordFromInput { StandardError.write("Your password must be changed now.\n") }
        var triesLeft = 3
        while true {
            let new = try newPasswordFromInput ? StandardInput.secretLine("new password") : Prompt.newPassword()
            triesLeft -= 1
            do {
                return try await client.send(
                    .post, ["sessions", "challenge"],
                    body: JSONObject([("challenge", .string(token)), ("newPassword", .string(new))]), expecting: [201, 202])
            } catch let failure as CommandFailure
                where failure.status == .invalidData && !newPasswordFromInput && triesLeft > 0
            {
                StandardError.write(failure.text)
            }
        }
    }
}

/// `gatehouse logout`: ends the session, at the server and here.
struct Logout: ReportingCommand {
    static let configuration = CommandConfiguration(abstract: "End the session and forget it.")

    @Flag(help: "Only forget the session here; at the server it lasts until it expires.")
    var local = false

    @OptionGroup var connection: ConnectionOptions

    func perform() async throws {
        let file = try CredentialFile.standard()
        if local {
            try file.remove()
            try StandardOutput.write("The session is forgotten here.\n")
            return
        }
        let connection = try connection.signedIn()
        do {
            _ = try await Client.using(connection) { client in
                try await client.send(.delete, ["sessions", "current"], expecting: [204])
            }
        } catch let failure as CommandFailure where failure.httpStatus == 401 {
            // Over already, which is what was wanted.
        }
        if SystemText.environment("GATEHOUSE_TOKEN") == nil { try file.remove() }
        try StandardOutput.write("Signed out at \(connection.server.text).\n")
    }
}

/// `gatehouse whoami`: the signed-in person, as the server knows them.
struct WhoAmI: ReportingCommand {
    static let configuration = CommandConfiguration(commandName: "whoami", abstract: "Show who is signed in, and where.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let connection = try connection.signedIn()
        let profile = try await Client.using(connection) { client in
            try await client.send(.get, ["me"], expecting: [200]).object()
        }
        try output.show(profile) { profile, terminal in
            ObjectView.pairs(profile, terminal) + [("Server", Cell(connection.server.text))]
        }
    }
}
