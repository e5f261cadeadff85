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
            try await Batch(output: output, done: Self.done).run(users) { argument in
                let found = try await client.user(argument)
                let answer = try await client.send(.post, ["users", found.id, Self.action], expecting: [200])
                return (found.name, try answer.object())
            }
        }
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
        commandName: "delete", abstract: "Delete users for good.", discussion: DeletionOptions.explanation)

    @Argument(help: "User names or ids.")
    var users: [String]

    @OptionGroup var deletion: DeletionOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        try deletion.requireSomebody()
        try await Client.using(try connection.signedIn()) { client in
            try await deletion.delete(users, output: output) { argument in
                try await client.user(argument)
            } delete: { found in
                _ = try await client.send(.delete, ["users", found.id], expecting: [204])
            }
        }
    }
}
