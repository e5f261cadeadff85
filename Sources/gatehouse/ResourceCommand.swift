import ArgumentParser
import Model

/// A resource as one argument: `TYPE/ID`. The id is all that follows the first slash, and may hold slashes itself:
/// `mqtt-topic/plant/7/temp`, `http-endpoint//orders`.
struct ResourceArgument: ExpressibleByArgument, CustomStringConvertible, Sendable, Hashable {
    let type: String
    let id: String

    init?(argument: String) {
        guard let slash = argument.firstIndex(of: "/") else { return nil }
        type = String(argument[..<slash])
        id = String(argument[argument.index(after: slash)...])
        guard !type.isEmpty, !id.isEmpty else { return nil }
    }

    var description: String { "\(type)/\(id)" }

    var path: [String] { ["resources", type, id] }

    static let help: ArgumentHelp = ArgumentHelp("TYPE/ID, such as record/42 or mqtt-topic/plant/7/temp.", valueName: "resource")
}

/// `gatehouse resource`: protected things that have properties or belong to an organization.
struct ResourceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resource", abstract: "Register protected things with their properties and organization.",
        discussion: "Resources need not be registered to be decided about: only stored properties and owners need it.",
        subcommands: [ResourceList.self, ResourceShow.self, ResourcePut.self, ResourceDelete.self])
}

/// `gatehouse resource list`.
struct ResourceList: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List registered resources.",
        discussion: "Filter fields: type id name organization createdAt updatedAt, such as: organization eq \"acme\".")

    @Option(help: "Only resources of this type.")
    var type: String?

    @Option(help: "Only those for which this holds: a filter of RFC 7644.")
    var filter: String?

    @OptionGroup var size: ListSizeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private static let columns = [
        Column("TYPE", minimum: 8), Column("ID", minimum: 12), Column("NAME"), Column("ORGANIZATION"), Column("PROPERTIES"),
    ]

    private static func row(_ resource: JSONObject, _ terminal: Terminal) -> [Cell] {
        let properties = resource["properties"]?.object
        let pairs = properties?.members.map { "\($0.name)=\(properties?.text($0.name) ?? "")" }
        return [
            Cell(resource.text("type")), Cell(resource.text("id")), Cell(resource.text("name")),
            Cell(resource.text("organization")),
            Cell(pairs?.joined(separator: " ")),
        ]
    }

    func perform() async throws {
        let request = ListRequest(
            path: ["resources"], filter: FilterText.both(filter, type.map { FilterText.equals("type", $0) }),
            limit: size.pageSize, all: size.all)
        let writer = ListWriter(format: output.format, columns: Self.columns, row: Self.row)
        try await Client.using(try connection.signedIn()) { client in
            try await client.list(request, into: writer, empty: "There are no such resources.")
        }
    }
}

/// `gatehouse resource show`.
struct ResourceShow: ReportingCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one registered resource.")

    @Argument(help: ResourceArgument.help)
    var resource: ResourceArgument

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let found = try await Client.using(try connection.signedIn()) { client in
            try await client.send(.get, resource.path, expecting: [200]).object()
        }
        try output.show(found, asPairs: ObjectView.pairs)
    }
}

/// `gatehouse resource put`.
struct ResourcePut: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "put", abstract: "Register a resource, or replace what is registered.",
        discussion: """
            What is not named is not there afterwards.
            gatehouse resource put record/42 --property owner=ann --property level:=3 --organization acme
            """)

    @Argument(help: ResourceArgument.help)
    var resource: ResourceArgument

    @Option(help: "What people call it.")
    var name: String?

    @Option(help: "The organization it belongs to.")
    var organization: String?

    @Option(name: .customLong("property"), help: AttributeArgument.help("A property"))
    var properties: [AttributeArgument] = []

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        _ = try AttributeArgument.object(properties)
    }

    func perform() async throws {
        var body = JSONObject()
        if let name { body["name"] = .string(name) }
        if let organization { body["organization"] = .string(organization) }
        if !properties.isEmpty { body["properties"] = .object(try AttributeArgument.object(properties)) }
        let stored = try await Client.using(try connection.signedIn()) { [body] client in
            try await client.send(.put, resource.path, body: body, expecting: [200, 201]).object()
        }
        try output.report("Registered \(resource).", stored)
    }
}

/// `gatehouse resource delete`.
struct ResourceDelete: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Forget registered resources.", discussion: DeletionOptions.explanation)

    @Argument(help: ResourceArgument.help)
    var resources: [ResourceArgument]

    @OptionGroup var deletion: DeletionOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        try deletion.requireSomebody()
        if !deletion.yes {
            let question = "Delete \(resources.map(\.description).joined(separator: ", ")) for good?"
            guard try Prompt.confirm(question) else { throw CommandFailure(.failure, "Nothing was deleted.") }
        }
        try await Client.using(try connection.signedIn()) { client in
            try await Batch(output: output, done: "Deleted").run(resources) { resource in
                _ = try await client.send(.delete, resource.path, expecting: [204])
                return (resource.description, nil)
            }
        }
    }
}
