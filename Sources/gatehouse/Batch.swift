import ArgumentParser
import Model

/// Does something to one object after the other. One that fails is reported and does not keep the others from being done; the
/// exit code is that of the first failure.
struct Batch {
    let output: OutputOptions
    /// For the report: `Disabled ann.`
    let done: String
    /// What follows the name: ` to group ops`.
    var suffix = ""

    /// - Parameter action: answers the name for the report, and the object for programs when there is one.
    func run<Argument: CustomStringConvertible>(
        _ arguments: [Argument], _ action: (Argument) async throws -> (name: String, object: JSONObject?)
    ) async throws {
        // For programs; people get sentences.
        var writer = ListWriter(format: output.format, columns: []) { _, _ in [] }
        var firstFailure: CommandFailure?
        var wroteObjects = false
        for argument in arguments {
            do {
                let (name, object) = try await action(argument)
                if output.format == .table {
                    try output.report("\(done) \(name)\(suffix).", nil)
                } else if let object {
                    try writer.write([object])
                    wroteObjects = true
                }
            } catch let failure as CommandFailure {
                StandardError.write(
                    arguments.count == 1 ? failure.text : "\(DisplayText.sanitized(argument.description)): \(failure.text)")
                firstFailure = firstFailure ?? failure
                // What would fail the same way for everything need not be tried on everything.
                if failure.httpStatus == 401 || failure.status == .unavailable || failure.status == .inputOutput { break }
            }
        }
        if wroteObjects { try writer.finish(empty: "") }
        if let firstFailure { throw ExitCode(firstFailure.status.rawValue) }
    }
}

/// `--yes`, the same on every command that deletes.
struct DeletionOptions: ParsableArguments {
    static let explanation = "Asks first at a terminal. Without one, --yes is needed."

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    /// Refuses where nobody can be asked, before the server is.
    func requireSomebody() throws {
        guard yes || StandardInput.isTerminal else {
            throw CommandFailure(
                .usage, "Nothing was deleted: there is no terminal to ask at.",
                details: ["Say --yes to delete without a question."])
        }
    }

    /// Deletes what the arguments name, after a question that says what it is.
    ///
    /// - Parameters:
    ///   - find: what an argument or an id means.
    ///   - delete: deletes what was found.
    func delete(
        _ arguments: [String], output: OutputOptions, find: (String) async throws -> NamedObject,
        delete: (NamedObject) async throws -> Void
    ) async throws {
        var targets = arguments
        if !yes {
            var found: [NamedObject] = []
            for argument in arguments { found.append(try await find(argument)) }
            let question = "Delete \(found.map(\.description).joined(separator: ", ")) for good?"
            guard try Prompt.confirm(question) else { throw CommandFailure(.failure, "Nothing was deleted.") }
            // By id from here on: a name could have passed to something else while the question stood.
            targets = found.map(\.id)
        }
        try await Batch(output: output, done: "Deleted").run(targets) { argument in
            let found = try await find(argument)
            try await delete(found)
            return (found.name, nil)
        }
    }
}
