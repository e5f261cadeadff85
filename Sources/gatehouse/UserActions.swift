import ArgumentParser
import Model

/// A command that does one thing to each of several users.
protocol UserAction: ReportingCommand {
    /// The last segment of the path, such as `disable`.
    static var action: String { get }
    /// For the report: `Disabled ann.`
    static var done: String { get }
    var users: [String] { get }
    var connection: ConnectionOptions { get }
    var output: OutputOptions { get }
}

extension UserAction {
    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            try await UserBatch(output: output, done: Self.done).run(users) { argument in
                let found = try await client.user(argument)
                let answer = try await client.send(.post, ["users", found.id, Self.action], expecting: [200])
                return (found, try answer.object())
            }
        }
    }
}

/// Does something to one user after the other. One that fails is reported and does not keep the others from being done; the
/// exit code is that of the first failure.
struct UserBatch {
    let output: OutputOptions
    let done: String

    func run(_ arguments: [String], _ action: (String) async throws -> (NamedUser, JSONObject?)) async throws {
        var writer = ListWriter(format: output.format, columns: UserView.columns, row: UserView.row)
        var firstFailure: CommandFailure?
        var wroteObjects = false
        for argument in arguments {
            do {
                let (user, object) = try await action(argument)
                if output.format == .table {
                    try output.report("\(done) \(user.username).", nil)
                } else if let object {
                    try writer.write([object])
                    wroteObjects = true
                }
            } catch let failure as CommandFailure {
                StandardError.write(arguments.count == 1 ? failure.text : "\(DisplayText.sanitized(argument)): \(failure.text)")
                firstFailure = firstFailure ?? failure
                // What would fail the same way for everybody need not be tried on everybody.
                if failure.httpStatus == 401 || failure.status == .unavailable || failure.status == .inputOutput { break }
            }
        }
        if wroteObjects { try writer.finish(empty: "") }
        if let firstFailure { throw ExitCode(firstFailure.status.rawValue) }
    }
}

/// `gatehouse user disable`.
struct UserDisable: UserAction {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Keep users from signing in; their sessions end at once.")
    static let action = "disable"
    static let done = "Disabled"

    @Argument(help: "User names or ids.")
    var users: [String]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}

/// `gatehouse user enable`.
struct UserEnable: UserAction {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Let disabled users sign in again.")
    static let action = "enable"
    static let done = "Enabled"

    @Argument(help: "User names or ids.")
    var users: [String]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}

/// `gatehouse user unlock`.
struct UserUnlock: UserAction {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Let users sign in who are held back after failed attempts.")
    static let action = "unlock"
    static let done = "Unlocked"

    @Argument(help: "User names or ids.")
    var users: [String]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}

/// `gatehouse user delete`.
struct UserDelete: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete users for good.",
        discussion: "Asks first at a terminal. Without one, --yes is needed.")

    @Argument(help: "User names or ids.")
    var users: [String]

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        guard yes || StandardInput.isTerminal else {
            throw CommandFailure(
                .usage, "Nothing was deleted: there is no terminal to ask at.",
                details: ["Say --yes to delete without a question."])
        }
        try await Client.using(try connection.signedIn()) { client in
            var targets = users
            if !yes {
                var found: [NamedUser] = []
                for user in users { found.append(try await client.user(user)) }
                let question = "Delete \(found.map(\.description).joined(separator: ", ")) for good?"
                guard try Prompt.confirm(question) else { throw CommandFailure(.failure, "Nothing was deleted.") }
                // By id from here on: a name could have passed to somebody else while the question stood.
                targets = found.map(\.id)
            }
            try await UserBatch(output: output, done: "Deleted").run(targets) { argument in
                let found = try await client.user(argument)
                _ = try await client.send(.delete, ["users", found.id], expecting: [204])
                return (found, nil)
            }
        }
    }
}
