import ArgumentParser
import Model

/// `gatehouse catalog`: what products bring along, from files.
struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog", abstract: "Declare the resource types and roles of products, from catalog files.",
        subcommands: [CatalogApply.self, CatalogDiff.self])
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
                let difference = CatalogDifference(answer)
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

/// What a catalog changes, as the server tells it.
struct CatalogDifference {
    private struct Entry {
        let sign: Character
        let text: String
    }

    private var entries: [Entry] = []
    private let catalog: String?

    private static let signs: [String: Character] = [
        "added": "+", "created": "+", "changed": "~", "updated": "~", "removed": "-", "deleted": "-",
    ]

    init(_ answer: JSONObject) {
        catalog = answer.text("catalog") ?? answer.text("id")
        collect(answer, of: nil)
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The lists of what is added, changed and removed, wherever they stand.
    private mutating func collect(_ object: JSONObject, of section: String?) {
        for member in object.members {
            if let sign = Self.signs[member.name], let items = member.value.array {
                entries += items.map { Entry(sign: sign, text: Self.text($0, section)) }
            } else if let nested = member.value.object {
                collect(nested, of: member.name)
            }
        }
    }

    private static func text(_ item: JSONValue, _ section: String?) -> String {
        let kind = section.map { $0 == "resourceTypes" ? "resource type" : $0 == "roles" ? "role" : $0 }
        guard let object = item.object else { return [kind, item.string].compactMap { $0 }.joined(separator: " ") }
        let head = [object.text("kind") ?? kind, object.text("id")].compactMap { $0 }.joined(separator: " ")
        let fields = object["changes"]?.array?.compactMap { $0.object?.text("field") ?? $0.string } ?? []
        return fields.isEmpty ? head : "\(head): \(fields.joined(separator: ", "))"
    }

    func lines(of file: String, dryRun: Bool) -> [Cell] {
        let name = catalog ?? file
        guard !isEmpty else { return [Cell("\(name): no difference")] }
        let styles: [Character: TextStyle] = ["+": .good, "~": .warning, "-": .bad]
        return [Cell("\(name): \(dryRun ? "would change" : "changed")", .strong)]
            + entries.map { Cell("  \($0.sign) \($0.text)", styles[$0.sign] ?? .plain) }
    }
}
