import ArgumentParser
import Model
import Server

/// `gatehouse backup`.
struct Backup: ReportingCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a backup of the database to a file, while the server runs or while it does not.",
        discussion: """
            Run it where the server runs, as the same user, with the same --data, --database, --key-file and --config, or the \
            same variables. The file is of the same form for every kind of database. When the key file lies in the data \
            folder its key goes with it: keep such a file as secret as the folder.
            """)

    @Argument(help: "The file to write; its folder must be there.", completion: .file())
    var file: String

    @Flag(help: "Replace the file when it exists.")
    var force = false

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let bar = ProgressLine()
        let report = try await DatabaseFailure.told {
            let configuration = try database.configuration()
            return try await BackupOperations.backup(configuration, to: file, replaces: force) { bar.show($0) }
        } finally: {
            bar.end()
        }
        if report.includesKey, output.format == .table {
            StandardError.write("The key of the key file is in it: keep this file as secret as the data folder.\n")
        }
        try output.show(report.object) { _, _ in [("Backup", Cell(report.file))] + report.pairs }
    }
}

/// `gatehouse restore`.
struct Restore: ReportingCommand {
    static let configuration = CommandConfiguration(
        abstract: "Restore a backup into an empty data folder or an empty database.",
        discussion: """
            The whole file is checked first; a damaged one, or a place that is not empty, is refused and nothing is touched. \
            Sessions and one-time tokens do not come back. When this is interrupted, run it again.
            """)

    @Argument(help: "The file that `gatehouse backup` wrote.", completion: .file())
    var file: String

    @OptionGroup var database: DatabaseOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let bar = ProgressLine()
        let report = try await DatabaseFailure.told {
            let configuration = try database.configuration()
            return try await BackupOperations.restore(configuration, from: file) { bar.show($0) }
        } finally: {
            bar.end()
        }
        try output.show(report.object) { _, _ in [("Restored", Cell(report.file))] + report.pairs }
    }
}

/// Failures of work on the database itself, with the exit codes that `gatehouse serve` has for them.
enum DatabaseFailure {
    static func told<Value>(_ body: () async throws -> Value, finally: () -> Void) async throws -> Value {
        do {
            let value = try await body()
            finally()
            return value
        } catch let failure as StartFailure {
            finally()
            StandardError.write("Error: " + DisplayText.sanitized(failure.description) + "\n")
            throw ExitCode(failure.reason.rawValue)
        }
    }
}

extension BackupOperations.Report {
    var object: JSONObject {
        JSONObject([
            ("file", .string(file)), ("bytes", .integer(bytes)), ("schema", .integer(Int64(schema))), ("epoch", .integer(epoch)),
            ("createdAt", .string(createdAt.rfc3339)), ("rows", .integer(rows)),
            ("tables", .object(JSONObject(tables.map { ($0.name, .integer($0.rows)) }))),
            ("includesKey", .bool(includesKey)), ("sha256", .string(checksum)),
        ])
    }

    var pairs: [(String, Cell)] {
        [
            ("Made at", Cell(createdAt.rfc3339)), ("Schema version", Cell(String(schema))), ("Epoch", Cell(String(epoch))),
            ("Rows", Cell(String(rows))), ("Bytes", Cell(String(bytes))), ("Key included", Cell(includesKey ? "yes" : "no")),
            ("SHA-256", Cell(checksum)),
        ]
    }
}
