import ArgumentParser
import Model

/// `gatehouse role`: named sets of permissions.
struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Create, find, change and delete roles.",
        discussion: "A ROLE is its id, such as operator. Built-in roles can be looked at and assigned, not changed.",
        subcommands: [
            ListCommand<RoleNoun>.self, RoleCreate.self, ShowCommand<RoleNoun>.self, RoleUpdate.self,
            DeleteCommand<RoleNoun>.self,
        ])
}

enum RoleNoun: Noun {
    static let singular = "role"
    static let plural = "roles"
    static let collection = "roles"
    static let argument: ArgumentHelp = "The role's id."
    static let filterHelp = "Filter and sort fields: id name builtIn source createdAt updatedAt, such as: builtIn eq false."
    static let columns = [
        Column("ROLE", minimum: 12), Column("NAME"), Column("BUILT IN"), Column("PERMISSIONS", minimum: 11), Column("INCLUDES"),
        Column("DESCRIPTION"),
    ]

    static func row(_ role: JSONObject, _ terminal: Terminal) -> [Cell] {
        [
            Cell(role.text("id")), Cell(role.text("name")), Cell(role["builtIn"]?.bool == true ? "yes" : nil),
            Cell(role["permissions"]?.array.map { String($0.count) }), Cell(role.text("includes")),
            Cell(role.text("description")),
        ]
    }
}

/// `gatehouse role create`.
struct RoleCreate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a role.", discussion: PermissionArgument.explanation)

    @Argument(help: "The id, such as operator: lower case, digits and dashes.")
    var role: String

    @Option(help: "What people call it.")
    var name: String?

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: ArgumentHelp("A role that this one holds too. May be repeated.", valueName: "role"))
    var include: [String] = []

    @OptionGroup var permissions: PermissionOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let connection = try connection.signedIn()
        var body = JSONObject([("id", .string(role))])
        if let name { body["name"] = .string(name) }
        if let description { body["description"] = .string(description) }
        body["permissions"] = .array(try permissions.named().map(JSONValue.object))
        if !include.isEmpty { body["includes"] = .array(include.map(JSONValue.string)) }
        let created = try await Client.using(connection) { [body] client in
            try await client.send(.post, ["roles"], body: body, expecting: [201]).object()
        }
        try output.report("Created role \(created.text("id") ?? role).", created)
    }
}

/// `gatehouse role update`.
struct RoleUpdate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a role.",
        discussion: """
            What is not named stays: --allow, --deny and --include add to what the role has, --permissions replaces its \
            permissions. An empty --name or --description removes it.
            \(PermissionArgument.explanation)
            """, aliases: ["edit"])

    @Argument(help: RoleNoun.argument)
    var role: String

    @Option(help: "What people call it.")
    var name: String?

    @Option(help: "What it is for.")
    var description: String?

    @Option(help: ArgumentHelp("A role that this one holds too. May be repeated.", valueName: "role"))
    var include: [String] = []

    @Option(
        name: .customLong("remove-include"),
        help: ArgumentHelp("A role that this one holds no more. May be repeated.", valueName: "role"))
    var removedIncludes: [String] = []

    @OptionGroup var permissions: PermissionOptions

    @Option(
        name: .customLong("remove-allow"),
        help: ArgumentHelp("Remove what --allow once added. May be repeated.", valueName: "permission"))
    var removedAllows: [PermissionArgument] = []

    @Option(
        name: .customLong("remove-deny"),
        help: ArgumentHelp("Remove what --deny once added. May be repeated.", valueName: "permission"))
    var removedDenies: [PermissionArgument] = []

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private var changesPermissions: Bool { !permissions.isEmpty || !removedAllows.isEmpty || !removedDenies.isEmpty }
    private var changesIncludes: Bool { !include.isEmpty || !removedIncludes.isEmpty }

    func validate() throws {
        guard name != nil || description != nil || changesPermissions || changesIncludes else {
            throw ValidationError("Name at least one thing to change.")
        }
    }

    func perform() async throws {
        let connection = try connection.signedIn()
        let changes = PermissionChanges(
            added: try permissions.named(),
            removed: removedAllows.map { $0.object(effect: "allow") } + removedDenies.map { $0.object(effect: "deny") })
        let changed = try await Client.using(connection) { client in
            let found = try await RoleNoun.find(role, client)
            // Lists are put together from what was read, so nobody else's change in between may be lost.
            return try await client.send(
                .patch, ["roles", found.id], body: try patch(of: found.object, changes), ifMatch: found.entityTag,
                expecting: [200]
            ).object()
        }
        try output.report("Changed role \(changed.text("id") ?? role).", changed)
    }

    private func patch(of old: JSONObject, _ changes: PermissionChanges) throws -> JSONObject {
        var patch = JSONObject()
        if let name { patch["name"] = name.isEmpty ? .null : .string(name) }
        if let description { patch["description"] = description.isEmpty ? .null : .string(description) }
        if changesPermissions {
            let before = permissions.permissions == nil ? old["permissions"]?.array?.compactMap(\.object) ?? [] : []
            patch["permissions"] = .array(try changes.applied(to: before).map(JSONValue.object))
        }
        if changesIncludes {
            var includes = old["includes"]?.array?.compactMap(\.string) ?? []
            includes.removeAll(where: removedIncludes.contains)
            includes += include.filter { !includes.contains($0) }
            patch["includes"] = .array(includes.map(JSONValue.string))
        }
        return patch
    }
}
