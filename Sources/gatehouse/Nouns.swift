import ArgumentParser
import Model

/// A kind of object with the usual commands: list, show and delete work the same on all of them.
protocol Noun: Sendable {
    associatedtype Filters: ListFilters = NameFilters

    /// One and several of them, in sentences.
    static var singular: String { get }
    static var plural: String { get }
    /// The path below `/api/v1`.
    static var collection: String { get }
    /// What names one, for help.
    static var argument: ArgumentHelp { get }
    /// For the help of the list: fields, an example.
    static var filterHelp: String { get }
    static var columns: [Column] { get }
    static func row(_ object: JSONObject, _ terminal: Terminal) -> [Cell]
    static func pairs(_ object: JSONObject, _ terminal: Terminal) -> [(String, Cell)]
    /// Finds the object that an argument means.
    static func find(_ argument: String, _ client: Client) async throws -> NamedObject
    /// Members that refer to principals, which people want to see by name.
    static var references: [String] { get }
}

extension Noun {
    static var references: [String] { [] }

    static func pairs(_ object: JSONObject, _ terminal: Terminal) -> [(String, Cell)] {
        ObjectView.pairs(object, terminal)
    }

    /// By id alone.
    static func find(_ argument: String, _ client: Client) async throws -> NamedObject {
        try await client.object([collection], id: argument)
    }
}

/// What narrows a list, besides its `--filter`.
protocol ListFilters: ParsableArguments {
    /// Words to look for, where a list has such a search.
    var search: String? { get }

    /// An RFC 7644 filter; `nil` when nothing was asked for.
    func filter(_ client: Client) async throws -> String?
}

extension ListFilters {
    var search: String? { nil }
    func filter(_ client: Client) async throws -> String? { nil }
}

/// Of things with a name.
struct NameFilters: ListFilters {
    @Option(help: ArgumentHelp("Only those with words in their name that begin so.", valueName: "words"))
    var search: String?
}

/// `gatehouse NOUN list`.
struct ListCommand<Of: Noun>: ReportingCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: "List \(Of.plural).", discussion: Of.filterHelp)
    }

    @OptionGroup var filters: Of.Filters

    @Option(help: "Only those for which this holds: a filter of RFC 7644.")
    var filter: String?

    @Option(help: ArgumentHelp("Comma-separated fields, such as -createdAt,name.", valueName: "fields"))
    var sort: String?

    @OptionGroup var size: ListSizeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            let request = ListRequest(
                path: [Of.collection], filter: FilterText.both(filter, try await filters.filter(client)),
                search: filters.search, sort: sort,
                limit: size.pageSize, all: size.all)
            let writer = ListWriter(format: output.format, columns: Of.columns, row: Of.row)
            var names = NameBook(client: client)
            try await client.list(
                request, into: writer, empty: "There are no such \(Of.plural).",
                readable: { items in try await names.naming(items, in: Of.references) })
        }
    }
}

/// `gatehouse NOUN show`.
struct ShowCommand<Of: Noun>: ReportingCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "show", abstract: "Show one \(Of.singular).")
    }

    @Argument(help: Of.argument)
    var object: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            var shown = try await Of.find(object, client).object
            if output.format == .table {
                var names = NameBook(client: client)
                shown = try await names.naming([shown], in: Of.references).first ?? shown
            }
            try output.show(shown, asPairs: Of.pairs)
        }
    }
}

/// `gatehouse NOUN delete`.
struct DeleteCommand<Of: Noun>: ReportingCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "delete", abstract: "Delete \(Of.plural) for good.", discussion: DeletionOptions.explanation)
    }

    @Argument(help: Of.argument)
    var objects: [String]

    @OptionGroup var deletion: DeletionOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        try deletion.requireSomebody()
        try await Client.using(try connection.signedIn()) { client in
            try await deletion.delete(objects, output: output) { argument in
                try await Of.find(argument, client)
            } delete: { found in
                _ = try await client.send(.delete, [Of.collection, found.id], expecting: [204])
            }
        }
    }
}
