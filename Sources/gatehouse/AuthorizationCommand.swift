import ArgumentParser
import Model

/// `gatehouse authorization`: permissions given directly, without a role.
struct AuthorizationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "authorization", abstract: "Give permissions directly, without a role, and take them away.",
        discussion: PrincipalArgument.explanation,
        subcommands: [
            ListCommand<AuthorizationNoun>.self, AuthorizationCreate.self, ShowCommand<AuthorizationNoun>.self,
            AuthorizationUpdate.self, DeleteCommand<AuthorizationNoun>.self,
        ])
}

enum AuthorizationNoun: Noun {
    static let singular = "authorization"
    static let plural = "authorizations"
    static let collection = "authorizations"
    static let argument: ArgumentHelp = "The authorization's id, as the list shows it."
    static let filterHelp = """
        Filter fields: principal.id principal.kind scope.kind scope.id source grantedBy createdAt validFrom expiresAt. \
        Sort fields: createdAt expiresAt.
        """
    static let references = ["principal", "scope", "grantedBy"]
    static let columns = [
        Column("PRINCIPAL", minimum: 12), Column("PERMISSIONS", minimum: 16), Column("SCOPE"), Column("FROM"), Column("UNTIL"),
        Column("REASON"), Column("ID", minimum: 36),
    ]

    static func row(_ authorization: JSONObject, _ terminal: Terminal) -> [Cell] {
        let permissions = authorization["permissions"]?.array ?? []
        return [
            Cell(authorization.reference("principal")), Cell(permissions.map(PermissionText.sentence).joined(separator: "; ")),
            Cell(authorization["scope"]?.object.map(ScopeArgument.text) ?? "realm"), authorization.time("validFrom", terminal),
            authorization.time("expiresAt", terminal), Cell(authorization.text("reason")), Cell(authorization.text("id")),
        ]
    }

    struct Filters: ListFilters {
        @Option(help: ArgumentHelp("Only what was given to this one itself, not to its groups.", valueName: "principal"))
        var principal: PrincipalArgument?

        func filter(_ client: Client) async throws -> String? {
            try await client.filter(principal: principal)
        }
    }
}

/// `gatehouse authorization create`.
struct AuthorizationCreate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Give permissions to a principal or group.",
        discussion: PermissionArgument.explanation + "\n" + PrincipalArgument.explanation)

    @Argument(help: "Who gets them.")
    var principal: PrincipalArgument

    @OptionGroup var permissions: PermissionOptions

    @Option(help: ScopeArgument.help)
    var scope: ScopeArgument = .realm

    @OptionGroup var validity: ValidityOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if permissions.isEmpty { throw ValidationError("Give a permission with --allow, --deny or --permissions.") }
    }

    func perform() async throws {
        let connection = try connection.signedIn()
        let list = try permissions.named()
        try await Client.using(connection) { client in
            let found = try await client.principal(principal)
            var body = JSONObject([
                ("principal", .object(found.reference)), ("permissions", .array(list.map(JSONValue.object))),
                ("scope", .object(try await scope.object(client))),
            ])
            validity.put(into: &body, keepingNulls: false)
            let created = try await client.send(.post, ["authorizations"], body: body, expecting: [201]).object()
            try output.report("Authorized \(found.description) (\(created.text("id") ?? "")).", created)
        }
    }
}

/// `gatehouse authorization update`.
struct AuthorizationUpdate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change when an authorization holds, and why.",
        discussion: "What is not named stays; an empty --from, --until or --reason removes it.", aliases: ["edit"])

    @Argument(help: AuthorizationNoun.argument)
    var authorization: String

    @OptionGroup var validity: ValidityOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if validity.isEmpty { throw ValidationError("Name at least one thing to change.") }
    }

    func perform() async throws {
        var patch = JSONObject()
        validity.put(into: &patch, keepingNulls: true)
        let changed = try await Client.using(try connection.signedIn()) { [patch] client in
            try await client.send(.patch, ["authorizations", authorization], body: patch, expecting: [200]).object()
        }
        try output.report("Changed the authorization.", changed)
    }
}
