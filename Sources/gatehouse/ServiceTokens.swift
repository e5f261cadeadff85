import ArgumentParser
import Model

/// `gatehouse service token`: what a service signs in with.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Create and delete API tokens of a service.",
        subcommands: [TokenCreate.self, TokenDelete.self])
}

/// `gatehouse service tokens`.
struct ServiceTokens: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "List the API tokens of a service; the tokens themselves are shown only once.")

    @Argument(help: ServiceNoun.argument)
    var service: String

    @OptionGroup var size: ListSizeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private static let columns = [
        Column("NAME", minimum: 12), Column("LAST USED", minimum: 11), Column("EXPIRES", minimum: 11),
        Column("CREATED", minimum: 11),
        Column("LIMITED TO"), Column("ID", minimum: 36),
    ]

    private static func row(_ token: JSONObject, _ terminal: Terminal) -> [Cell] {
        let permissions = token["permissions"]?.array?.map(PermissionText.sentence).joined(separator: "; ")
        return [
            Cell(token.text("name")), token.time("lastUsedAt", terminal), token.time("expiresAt", terminal),
            token.time("createdAt", terminal), Cell(permissions), Cell(token.text("id")),
        ]
    }

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            let found = try await client.find(.service, service)
            let request = ListRequest(path: ["services", found.id, "tokens"], limit: size.pageSize, all: size.all)
            let writer = ListWriter(format: output.format, columns: Self.columns, row: Self.row)
            try await client.list(request, into: writer, empty: "\(DisplayText.sanitized(found.name)) has no token.")
        }
    }
}

/// `gatehouse service token create`.
struct TokenCreate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create an API token and write it, once and alone, to standard output.",
        discussion: """
            token=$(gatehouse service token create reporting --name ci --expires 90d)
            With --allow the token can do no more than that, whatever its service may.
            \(PermissionArgument.explanation)
            """)

    @Argument(help: ServiceNoun.argument)
    var service: String

    @Option(help: "What it is for; shown in the list of tokens.")
    var name: String

    @Option(help: ArgumentHelp("When it ends: \(TimeArgument.forms). (default: never)", valueName: "time"))
    var expires: TimeArgument?

    @OptionGroup var permissions: PermissionOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let connection = try connection.signedIn()
        var body = JSONObject([("name", .string(name))])
        if let expires, expires != .none { body["expiresAt"] = expires.value(from: SystemClock().now()) }
        if !permissions.isEmpty { body["permissions"] = .array(try permissions.named().map(JSONValue.object)) }
        let created = try await Client.using(connection) { [body] client in
            let found = try await client.find(.service, service)
            return try await client.send(.post, ["services", found.id, "tokens"], body: body, expecting: [201]).object()
        }
        guard let token = created["token"]?.string else { throw CommandFailure.notUnderstood("the token is missing") }
        guard output.format == .table else { return try output.report("", created) }
        // Standard output holds the token and nothing else, for whoever captures it.
        try StandardOutput.write(DisplayText.sanitized(token) + "\n")
        let end = created.text("expiresAt").map { "It expires at \($0)." } ?? "It does not expire."
        StandardError.write("\(DisplayText.sanitized(end)) Keep it safe: it is not shown again.\n")
    }
}

/// `gatehouse service token delete`.
struct TokenDelete: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete API tokens of a service; they are refused at once.",
        discussion: DeletionOptions.explanation)

    @Argument(help: ServiceNoun.argument)
    var service: String

    @Argument(help: "Names or ids of its tokens.")
    var tokens: [String]

    @OptionGroup var deletion: DeletionOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        try deletion.requireSomebody()
        try await Client.using(try connection.signedIn()) { client in
            let found = try await client.find(.service, service)
            let path = ["services", found.id, "tokens"]
            var known: [NamedObject] = []
            try await client.eachPage(ListRequest(path: path, limit: 500, all: true)) { page in
                known += page.items.compactMap(Self.named)
            }
            try await deletion.delete(tokens, output: output) { [known] argument in
                try Self.find(argument, known, of: found.name)
            } delete: { token in
                _ = try await client.send(.delete, path + [token.id], expecting: [204])
            }
        }
    }

    private static func named(_ object: JSONObject) -> NamedObject? {
        guard let id = object["id"]?.string else { return nil }
        return NamedObject(id: id, name: object["name"]?.string ?? id, object: object)
    }

    /// By id, else by name where only one has it.
    static func find(_ argument: String, _ known: [NamedObject], of service: String) throws(CommandFailure) -> NamedObject {
        if let token = known.first(where: { $0.id == argument }) { return token }
        let found = known.filter { $0.name == argument }
        guard let token = found.first else {
            throw CommandFailure(.notFound, "\(service) has no token \"\(argument)\".")
        }
        guard found.count == 1 else {
            throw CommandFailure(
                .conflict, "\(service) has several tokens \"\(argument)\".",
                details: found.map { "Name it by id: " + $0.id })
        }
        return token
    }
}
