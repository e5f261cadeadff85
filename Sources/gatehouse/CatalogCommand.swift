import ArgumentParser
import Model

/// `gatehouse catalog`: what products bring along, from files.
struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Declare the resource types and roles of products, from catalog files.",
        subcommands: [CatalogApply.self, CatalogDiff.self, CatalogList.self])
}

/// A command that hands catalog files to the server.
protocol CatalogFileCommand: ReportingCommand {
    var files: [String] { get }
    var connection: ConnectionOptions { get }
    var output: OutputOptions { get }
}

extension CatalogFileCommand {
    /// Sends file after file and writes what each changes, or would. The first failure ends it.
    ///
    /// - Returns: Whether anything is different.
    func send(dryRun: Bool) async throws -> Bool {
        let connection = try connection.signedIn()
        // All are read before the first is applied: a mistyped name must not leave half of the work.
        let contents = try files.map { try CatalogFile.content($0) }
        return try await Client.using(connection) { client in
            var isDifferent = false
            for (file, content) in zip(files, contents) {
                let answer = try await client.send(
                    .post, ["catalogs"], query: dryRun ? [("dryRun", "true")] : [], content: content, expecting: [200]
                ).object()
                let difference = CatalogView(answer)
                isDifferent = isDifferent || !difference.isEmpty
                try output.report(lines: difference.lines(of: file, dryRun: dryRun), answer)
            }
            return isDifferent
        }
    }
}

/// A catalog as the server takes it.
enum CatalogFile {
    static func content(_ file: String) throws -> Content {
        Content(type: mediaType(file), bytes: try InputFile(file).contents(atMost: 1 << 20))
    }

    /// By the end of the file's name. JSON is YAML, so that fits whatever comes from standard input.
    static func mediaType(_ file: String) -> String {
        file.lowercased().hasSuffix(".json") ? "application/json" : "application/yaml"
    }
}

/// `gatehouse catalog apply`.
struct CatalogApply: CatalogFileCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Declare or update what catalog files say, and show what changed.",
        discussion: "Applying a file again changes what is different in it, and nothing else.")

    @Argument(help: "YAML or JSON, or - for standard input.", completion: .file())
    var files: [String]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        _ = try await send(dryRun: false)
    }
}

/// `gatehouse catalog diff`.
struct CatalogDiff: CatalogFileCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show what applying catalog files would change; changes nothing.",
        discussion: "Ends with 0 when nothing would change and with 1 when something would, as diff(1) does.")

    @Argument(help: "YAML or JSON, or - for standard input.", completion: .file())
    var files: [String]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        if try await send(dryRun: true) { throw ExitCode(ExitStatus.failure.rawValue) }
    }
}

/// `gatehouse catalog list`.
struct CatalogList: ReportingCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the catalogs that were applied.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private static let columns = [
        Column("CATALOG", minimum: 12), Column("VERSION"), Column("APPLIED", minimum: 11), Column("NAME"),
    ]

    func perform() async throws {
        var writer = ListWriter(format: output.format, columns: Self.columns) { catalog, terminal in
            [
                Cell(catalog.text("id")), Cell(catalog.text("version")), catalog.time("appliedAt", terminal),
                Cell(catalog.text("name")),
            ]
        }
        let answer = try await Client.using(try connection.signedIn()) { client in
            try await client.send(.get, ["catalogs"], expecting: [200])
        }
        try writer.write(try ListPage(answer).items)
        try writer.finish(empty: "No catalog was applied yet.")
    }
}
