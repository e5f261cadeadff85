import ArgumentParser
import Glibc
import Model
import NIOCore

/// The forms in which users travel.
enum UserFileFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case csv, jsonl

    var mediaType: String { self == .csv ? "text/csv" : "application/jsonl" }

    /// By the end of a file's name; CSV when that says nothing.
    init(file: String) {
        let name = file.lowercased()
        self = [".jsonl", ".ndjson", ".json"].contains { name.hasSuffix($0) } ? .jsonl : .csv
    }
}

/// What becomes of rows whose user name exists.
enum ImportConflict: String, ExpressibleByArgument, CaseIterable, Sendable {
    case fail, skip, update
}

/// `gatehouse user import`.
struct UserImport: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take users over from a file of CSV or JSON lines.",
        discussion: """
            Columns: username name email status passwordHash attributes.NAME; only username is needed. A wrong row keeps no other \
            row out. The exit code is 65 when rows were refused.
            """)

    @Argument(help: "The file, or - for standard input.", completion: .file())
    var file: String

    @Flag(name: .customLong("dry-run"), help: "Look at everything and change nothing.")
    var dryRun = false

    @Option(
        name: .customLong("on-conflict"),
        help: "What becomes of rows whose user name exists: fail refuses them, skip leaves them out, update changes the user.")
    var onConflict: ImportConflict = .fail

    @Option(help: "csv or jsonl. (default: by the file's name, else csv)")
    var format: UserFileFormat?

    @Option(help: ArgumentHelp("Write the refused rows here, as JSON lines.", valueName: "file"), completion: .file())
    var report: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    /// How many refused rows are shown to people.
    private static let shown = 20

    func perform() async throws {
        let connection = try connection.signedIn(patience: 86_400)
        let source = try InputFile(file)
        let bar = TransferLine(dryRun ? "Checking" : "Importing", total: source.size)
        let target = try report.map { try OutputFile($0) }
        var last = JSONObject()
        var refused = 0
        do {
            try await Client.using(connection) { client in
                let body = source.pieces { bar.show($0) }
                let query = [("dryRun", dryRun ? "true" : "false"), ("onConflict", onConflict.rawValue)]
                try await client.upload(
                    ["user-imports"], query: query, type: (format ?? UserFileFormat(file: file)).mediaType, body: body
                ) { line in
                    bar.end()
                    let object = try Self.object(line)
                    guard object["row"] != nil, object["errors"] != nil else {
                        last = object
                        return
                    }
                    refused += 1
                    if let target { try target.write(line + [0x0A]) }
                    if output.format == .table, target == nil, refused <= Self.shown {
                        StandardError.write(Self.sentence(object))
                    }
                    if output.format != .table { try StandardOutput.write(JSONText.compact(.object(object)) + "\n") }
                }
            }
        } catch {
            bar.end()
            throw error
        }
        try target?.finish()
        try finish(last, refused)
    }

    private func finish(_ last: JSONObject, _ refused: Int) throws {
        guard last["created"] != nil else { throw CommandFailure.notUnderstood("the counts are missing") }
        if output.format == .table, report == nil, refused > Self.shown {
            StandardError.write("... and \(refused - Self.shown) more refused rows; --report FILE keeps them all.\n")
        }
        func count(_ name: String) -> String { last.text(name) ?? "0" }
        let prefix = dryRun ? "Nothing was changed. It would be: " : ""
        try output.report(
            prefix + "\(count("created")) created, \(count("updated")) updated, \(count("skipped")) skipped, "
                + "\(count("failed")) refused.", last)
        if let stopped = last["stopped"]?.object {
            throw CommandFailure(
                .failure, "The import stopped at row \(stopped.text("row") ?? "?"); the rows before it are done.",
                details: [stopped.text("message")].compactMap { $0 })
        }
        if refused > 0 { throw ExitCode(ExitStatus.invalidData.rawValue) }
    }

    private static func object(_ line: [UInt8]) throws -> JSONObject {
        guard let object = (try? JSONValue(parsing: line))?.object else {
            throw CommandFailure.notUnderstood("a line of the report is no JSON object")
        }
        return object
    }

    private static func sentence(_ object: JSONObject) -> String {
        let errors = (object["errors"]?.array ?? []).compactMap(\.object).map { error in
            [error.text("field").flatMap { $0.isEmpty ? nil : $0 }, error.text("message")].compactMap { $0 }.joined(
                separator: ": ")
        }
        return DisplayText.sanitized("Row \(object.text("row") ?? "?"): " + errors.joined(separator: " ")) + "\n"
    }
}

/// `gatehouse user export`.
struct UserExport: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write all users that you may see, as an import takes them.",
        discussion: "A file is made for its owner alone (0600) and appears when it is complete.")

    @Option(help: "csv or jsonl. (default: by the file's name, else csv)")
    var format: UserFileFormat?

    @Flag(help: "With the password hashes. Needs the permission user:export-secrets.")
    var secrets = false

    @Option(help: ArgumentHelp("Write here instead of to standard output.", valueName: "file"), completion: .file())
    var file: String?

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if secrets, file == nil, isatty(STDOUT_FILENO) == 1 {
            throw ValidationError("Password hashes are not for the screen: name a --file.")
        }
    }

    func perform() async throws {
        let connection = try connection.signedIn(patience: 86_400)
        let format = format ?? file.map(UserFileFormat.init(file:)) ?? .csv
        let target = try file.map { try OutputFile($0) }
        let bar = TransferLine("Exporting", total: nil)
        defer { bar.end() }
        var count = 0
        try await Client.using(connection) { client in
            let query = [("format", format.rawValue), ("secrets", secrets ? "true" : "false")]
            try await client.download(["user-exports"], query: query, type: format.mediaType) { piece in
                count += piece.count
                if let target {
                    try target.write(piece)
                    bar.show(count)
                } else {
                    try StandardOutput.write(piece)
                }
            }
        }
        try target?.finish()
    }
}
