import ArgumentParser
import Model

/// `gatehouse user`: everything about users.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Create, find, change and delete users.",
        discussion: "Wherever a USER is asked for, a user name or an id will do.",
        subcommands: [
            UserCreate.self, UserList.self, UserShow.self, UserEdit.self, UserPassword.self, UserDisable.self, UserEnable.self,
            UserUnlock.self, UserDelete.self, UserSessions.self, UserImport.self, UserExport.self,
        ])
}

/// The states a user can be in, for `--status`.
enum UserStatus: String, ExpressibleByArgument, CaseIterable, Sendable {
    case active, disabled, locked, invited
}

/// `gatehouse user list`.
struct UserList: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List users.",
        discussion: """
            Filters are those of RFC 7644, such as: email ew "@example.org" and createdAt gt "2026-01-01T00:00:00Z". \
            Sort fields: username name email status createdAt updatedAt lastSignInAt, with - in front for the other way round.
            """)

    @Option(help: "Only users for whom this holds.")
    var filter: String?

    @Option(help: ArgumentHelp("Only users with words that begin so, in user name, name or e-mail.", valueName: "words"))
    var search: String?

    @Option(help: "Only users in this state.")
    var status: UserStatus?

    @Option(help: ArgumentHelp("Comma-separated fields, such as -createdAt,username.", valueName: "fields"))
    var sort: String?

    @OptionGroup var size: ListSizeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let request = ListRequest(
            path: ["users"], filter: FilterText.both(filter, status.map { FilterText.equals("status", $0.rawValue) }),
            search: search, sort: sort, limit: size.pageSize, all: size.all)
        let writer = ListWriter(format: output.format, columns: UserView.columns, row: UserView.row)
        try await Client.using(try connection.signedIn()) { client in
            try await client.list(request, into: writer, empty: "There are no such users.")
        }
    }
}

/// `--limit` and `--all`, the same on every list.
struct ListSizeOptions: ParsableArguments {
    @Option(help: "How many at most, 1 to 1000; with --all, how many at a time. (default: 50)")
    var limit: Int?

    @Flag(help: "All of them, written as they arrive.")
    var all = false

    var pageSize: Int { limit ?? (all ? 500 : 50) }

    func validate() throws {
        if let limit, !(1...1000).contains(limit) { throw ValidationError("--limit takes 1 to 1000.") }
    }
}

/// `gatehouse user show`.
struct UserShow: ReportingCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one user.")

    @Argument(help: "User name or id.")
    var user: String

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let found = try await Client.using(try connection.signedIn()) { client in try await client.user(user) }
        try output.show(found.object, asPairs: ObjectView.pairs)
    }
}

/// `gatehouse user sessions`.
struct UserSessions: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions", abstract: "List the open sessions of a user, or end them.")

    @Argument(help: "User name or id.")
    var user: String

    @Flag(name: .customLong("end-all"), help: "End all sessions of the user.")
    var endAll = false

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private static let columns = [
        Column("STARTED", minimum: 11), Column("LAST SEEN", minimum: 11), Column("EXPIRES", minimum: 11),
        Column("ADDRESS", minimum: 15), Column("DEVICE"), Column("ID", minimum: 36),
    ]

    private static func row(_ session: JSONObject, _ terminal: Terminal) -> [Cell] {
        [
            session.time("createdAt", terminal), session.time("lastSeenAt", terminal), session.time("expiresAt", terminal),
            Cell(session.text("address")), Cell(session.text("agent") ?? session.text("userAgent")), Cell(session.text("id")),
        ]
    }

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            let found = try await client.user(user)
            if endAll {
                _ = try await client.send(.delete, ["users", found.id, "sessions"], expecting: [204])
                try output.report("Ended all sessions of \(found.name).", nil)
                return
            }
            let answer = try await client.send(.get, ["users", found.id, "sessions"], expecting: [200])
            var writer = ListWriter(format: output.format, columns: Self.columns, row: Self.row)
            try writer.write(try ListPage(answer).items)
            try writer.finish(empty: "\(DisplayText.sanitized(found.name)) has no open session.")
        }
    }
}
