import ArgumentParser
import Model

/// `gatehouse assignment`: who holds which role, where and how long.
struct AssignmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assignment", abstract: "Give roles to principals and groups, and take them away.",
        discussion: PrincipalArgument.explanation,
        subcommands: [
            ListCommand<AssignmentNoun>.self, AssignmentCreate.self, ShowCommand<AssignmentNoun>.self, AssignmentUpdate.self,
            DeleteCommand<AssignmentNoun>.self,
        ])
}

enum AssignmentNoun: Noun {
    static let singular = "role assignment"
    static let plural = "role assignments"
    static let collection = "role-assignments"
    static let argument: ArgumentHelp = "The assignment's id, as the list shows it."
    static let filterHelp = """
        Filter fields: principal.id principal.kind role scope.kind scope.id source grantedBy createdAt validFrom expiresAt, \
        such as: scope.kind eq "organization". Sort fields: role createdAt expiresAt.
        """
    static let references = ["principal", "scope", "grantedBy"]
    static let columns = [
        Column("PRINCIPAL", minimum: 12), Column("ROLE", minimum: 8), Column("SCOPE"), Column("FROM"), Column("UNTIL"),
        Column("REASON"), Column("ID", minimum: 36),
    ]

    static func row(_ assignment: JSONObject, _ terminal: Terminal) -> [Cell] {
        [
            Cell(assignment.reference("principal")), Cell(assignment.text("role")),
            Cell(assignment["scope"]?.object.map(ScopeArgument.text) ?? "realm"), assignment.time("validFrom", terminal),
            assignment.time("expiresAt", terminal), Cell(assignment.text("reason")), Cell(assignment.text("id")),
        ]
    }

    struct Filters: ListFilters {
        @Option(help: ArgumentHelp("Only what this one holds itself, not by its groups.", valueName: "principal"))
        var principal: PrincipalArgument?

        @Option(help: "Only assignments of this role.")
        var role: String?

        func filter(_ client: Client) async throws -> String? {
            FilterText.both(
                try await client.filter(principal: principal), role.map { FilterText.equals("role", $0) })
        }
    }
}

extension Client {
    /// The filter for what a principal holds itself.
    func filter(principal: PrincipalArgument?) async throws -> String? {
        guard let principal else { return nil }
        let found = try await self.principal(principal)
        return FilterText.both(
            FilterText.equals("principal.id", found.id), FilterText.equals("principal.kind", found.kind.rawValue))
    }
}

/// `gatehouse assignment create`.
struct AssignmentCreate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Give a role to a principal or group.",
        discussion: """
            gatehouse assignment create group:ops operator --scope organization:acme
            gatehouse assignment create ann cluster-admin --scope cluster/c1,c2 --until 8h

            """ + PrincipalArgument.explanation)

    @Argument(help: "Who gets it.")
    var principal: PrincipalArgument

    @Argument(help: RoleNoun.argument)
    var role: String

    @Option(help: ScopeArgument.help)
    var scope: ScopeArgument = .realm

    @OptionGroup var validity: ValidityOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            let found = try await client.principal(principal)
            var body = JSONObject([
                ("principal", .object(found.reference)), ("role", .string(role)),
                ("scope", .object(try await scope.object(client))),
            ])
            validity.put(into: &body, keepingNulls: false)
            let created = try await client.send(.post, ["role-assignments"], body: body, expecting: [201]).object()
            try output.report("Assigned \(role) to \(found.description) (\(created.text("id") ?? "")).", created)
        }
    }
}

extension ScopeArgument: CustomStringConvertible {
    /// For the default in the help.
    var description: String {
        switch self {
        case .realm: "realm"
        case .organization(let id): "organization:" + id
        case .group(let name): "group:" + name
        case .resources(let type, let ids): "\(type)/\(ids.joined(separator: ","))"
        }
    }
}

/// `gatehouse assignment update`.
struct AssignmentUpdate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change when a role assignment holds, where, and why.",
        discussion: "What is not named stays; an empty --from, --until or --reason removes it.", aliases: ["edit"])

    @Argument(help: AssignmentNoun.argument)
    var assignment: String

    @Option(help: ScopeArgument.help)
    var scope: ScopeArgument?

    @OptionGroup var validity: ValidityOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if validity.isEmpty, scope == nil { throw ValidationError("Name at least one thing to change.") }
    }

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            var patch = JSONObject()
            validity.put(into: &patch, keepingNulls: true)
            if let scope { patch["scope"] = .object(try await scope.object(client)) }
            let changed = try await client.send(
                .patch, ["role-assignments", assignment], body: patch, expecting: [200]
            ).object()
            try output.report("Changed the assignment of \(changed.text("role") ?? "the role").", changed)
        }
    }
}
