import ArgumentParser
import Model

/// `gatehouse group`: named sets of principals; groups nest.
struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "Create, find, change and delete groups, and say who is in them.",
        discussion: "Wherever a GROUP is asked for, a name or an id will do. " + PrincipalArgument.explanation,
        subcommands: [
            ListCommand<GroupNoun>.self, GroupCreate.self, ShowCommand<GroupNoun>.self, GroupUpdate.self,
            DeleteCommand<GroupNoun>.self, GroupMembers.self, GroupAdd.self, GroupRemove.self,
        ])
}

enum GroupNoun: Noun {
    static let singular = "group"
    static let plural = "groups"
    static let collection = PrincipalKind.group.collection
    static let argument: ArgumentHelp = "Group name or id."
    static let filterHelp = "Filter and sort fields: id name createdAt updatedAt, such as: name sw \"plant\"."
    static let columns = [Column("NAME", minimum: 12), Column("DESCRIPTION"), Column("ID", minimum: 36)]

    static func row(_ group: JSONObject, _ terminal: Terminal) -> [Cell] {
        [Cell(group.text("name")), Cell(group.text("description")), Cell(group.text("id"))]
    }

    static func find(_ argument: String, _ client: Client) async throws -> NamedObject {
        try await client.find(.group, argument)
    }
}

/// `gatehouse group create`.
struct GroupCreate: ReportingCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Create a group.")

    @Argument(help: "The name.")
    var name: String

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        var body = JSONObject([("name", .string(name))])
        if let description { body["description"] = .string(description) }
        let created = try await Client.using(try connection.signedIn()) { [body] client in
            try await client.send(.post, ["groups"], body: body, expecting: [201]).object()
        }
        try output.report("Created group \(created.text("name") ?? name) (\(created.text("id") ?? "")).", created)
    }
}

/// `gatehouse group update`.
struct GroupUpdate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a group.",
        discussion: "What is not named stays. An empty --description removes it.", aliases: ["edit"])

    @Argument(help: GroupNoun.argument)
    var group: String

    @Option(help: "The new name.")
    var name: String?

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if name == nil, description == nil { throw ValidationError("Name at least one thing to change.") }
    }

    func perform() async throws {
        var patch = JSONObject()
        if let name { patch["name"] = .string(name) }
        if let description { patch["description"] = description.isEmpty ? .null : .string(description) }
        let changed = try await Client.using(try connection.signedIn()) { [patch] client in
            let found = try await client.find(.group, group)
            return try await client.send(.patch, ["groups", found.id], body: patch, expecting: [200]).object()
        }
        try output.report("Changed group \(changed.text("name") ?? group).", changed)
    }
}

/// `gatehouse group members`.
struct GroupMembers: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "members", abstract: "List who is in a group itself, not by another group.")

    @Argument(help: GroupNoun.argument)
    var group: String

    @OptionGroup var size: ListSizeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private static let columns = [Column("KIND", minimum: 7), Column("NAME", minimum: 12), Column("ID", minimum: 36)]

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            let found = try await client.find(.group, group)
            let request = ListRequest(path: ["groups", found.id, "members"], limit: size.pageSize, all: size.all)
            let writer = ListWriter(format: output.format, columns: Self.columns) { member, _ in
                [Cell(member.text("kind")), Cell(member.text("name")), Cell(member.text("id"))]
            }
            try await client.list(request, into: writer, empty: "Nobody is in \(DisplayText.sanitized(found.name)).")
        }
    }
}

/// A command that puts members into a group or takes them out.
protocol MembershipCommand: ReportingCommand {
    static var method: Client.Method { get }
    /// For the report: `Added ann to ops.`
    static var done: String { get }
    static var preposition: String { get }
    var group: String { get }
    var members: [PrincipalArgument] { get }
    var connection: ConnectionOptions { get }
    var output: OutputOptions { get }
}

extension MembershipCommand {
    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            let found = try await client.find(.group, group)
            let batch = Batch(output: output, done: Self.done, suffix: " \(Self.preposition) \(found.name)")
            try await batch.run(members) { argument in
                let member = try await client.principal(argument)
                _ = try await client.send(
                    Self.method, ["groups", found.id, "members", member.kind.collection, member.id], expecting: [204])
                return (member.description, nil)
            }
        }
    }
}

/// `gatehouse group add`.
struct GroupAdd: MembershipCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Put members into a group; who is in it already stays.",
        discussion: PrincipalArgument.explanation)
    static let method = Client.Method.put
    static let done = "Added"
    static let preposition = "to"

    @Argument(help: GroupNoun.argument)
    var group: String

    @Argument(help: "Who: ann, user:ann, group:ops, service:reporting, device:press-7.")
    var members: [PrincipalArgument]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}

/// `gatehouse group remove`.
struct GroupRemove: MembershipCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take members out of a group.", discussion: PrincipalArgument.explanation)
    static let method = Client.Method.delete
    static let done = "Removed"
    static let preposition = "from"

    @Argument(help: GroupNoun.argument)
    var group: String

    @Argument(help: "Who: ann, user:ann, group:ops, service:reporting, device:press-7.")
    var members: [PrincipalArgument]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}
