import ArgumentParser
import Model

/// `gatehouse audit`: what was done, by whom, and whether the record is whole.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Read and verify the audit log.", subcommands: [AuditList.self, AuditVerify.self])
}

/// `gatehouse audit list`.
struct AuditList: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List audit events, the latest first.",
        discussion: """
            Filters are those of RFC 7644, such as: action eq "user.create" and outcome eq "failure". \
            With --follow, new events are written as they happen, until Ctrl-C.
            """)

    @Option(help: "Only events for which this holds.")
    var filter: String?

    @Flag(help: "Write the latest events, the latest last, and then new ones as they happen.")
    var follow = false

    @OptionGroup var size: ListSizeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if follow, size.all { throw ValidationError("Use --follow or --all, not both.") }
        if follow, output.format == .json {
            throw ValidationError("An array has an end, which --follow has not; use --output jsonl.")
        }
    }

    func perform() async throws {
        let request = ListRequest(path: ["audit-events"], filter: filter, limit: size.pageSize, all: size.all)
        // Beside lines that were written hours ago "just now" would be wrong, so a followed list shows the time itself.
        let times = follow ? Terminal.none : .standardOutput()
        let writer = ListWriter(format: output.format, columns: Self.columns) { event, _ in Self.row(event, times) }
        try await Client.using(try connection.signedIn()) { client in
            if follow {
                try await AuditFollower(client: client, request: request).run(into: writer)
            } else {
                try await client.list(request, into: writer, empty: "There are no such events.")
            }
        }
    }

    private static let columns = [
        Column("TIME", minimum: 10), Column("ACTOR", minimum: 12), Column("ACTION", minimum: 12), Column("TARGET", minimum: 12),
        Column("OUTCOME", minimum: 7), Column("ADDRESS", minimum: 9), Column("DETAIL"),
    ]

    private static func row(_ event: JSONObject, _ terminal: Terminal) -> [Cell] {
        let outcome = event.text("outcome")
        return [
            event.time("time", terminal), Cell(party(event["actor"])), Cell(event.text("action")), Cell(party(event["target"])),
            Cell(outcome, outcome == "failure" ? .bad : .plain), Cell(event.text("address")), Cell(detail(event)),
        ]
    }

    /// A party by its name; by kind and id once the name is erased.
    private static func party(_ value: JSONValue?) -> String? {
        guard let object = value?.object else { return value?.string }
        if let name = object.text("name") { return name }
        return [object.text("kind"), object.text("id")].compactMap { $0 }.joined(separator: ":")
    }

    private static func detail(_ event: JSONObject) -> String {
        let fields = event["changes"]?.array?.compactMap { $0.object?["field"]?.string } ?? []
        let changed = fields.isEmpty ? nil : "changed " + fields.joined(separator: ", ")
        return [event.text("detail"), changed].compactMap { $0 }.joined(separator: "; ")
    }
}

/// Polls for new events. The list is read from its new end until a known event comes, so none is missed in a burst.
private struct AuditFollower {
    let client: Client
    let request: ListRequest

    /// Events written at about the same time may become visible out of order; so many are remembered to tell new from known.
    private static let memory = 5000

    /// Events a look. The first look already takes so many, or older events would pass for new ones later.
    private static let pageSize = 200

    func run(into writer: ListWriter) async throws {
        var writer = writer
        var first = request
        first.limit = max(request.limit, Self.pageSize)
        let latest = try await client.page(first).items
        var known = latest.compactMap { $0["id"]?.string }
        try writer.write(latest.prefix(request.limit).reversed())
        while true {
            try await Task.sleep(for: .seconds(2))
            do {
                let fresh = try await unseen(Set(known))
                try writer.write(fresh.reversed())
                known = Array((fresh.compactMap { $0["id"]?.string } + known).prefix(Self.memory))
            } catch let failure as CommandFailure where failure.status == .tryLater {
                try await Task.sleep(for: .seconds(5))
            }
        }
    }

    /// New events, the latest first: pages are read until one holds a known event.
    private func unseen(_ known: Set<String>) async throws -> [JSONObject] {
        var fresh: [JSONObject] = []
        var cursor: String?
        var request = request
        request.limit = Self.pageSize
        repeat {
            let page = try await client.page(request, after: cursor)
            let unknown = page.items.filter { item in item["id"]?.string.map { !known.contains($0) } ?? false }
            fresh += unknown
            cursor = unknown.count < page.items.count ? nil : page.nextCursor
        } while cursor != nil && fresh.count < Self.memory
        return fresh
    }
}

/// `gatehouse audit verify`.
struct AuditVerify: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Walk the chain of audit events and show whether it is whole.",
        discussion: """
            Ends with 1 when the chain is broken. Keep the head it shows: given back later with --head, it proves that nothing \
            up to there was changed or cut off since.
            """)

    @Option(help: "A head from an earlier run, which must still be part of the chain.")
    var head: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        // A walk over millions of events is answered when it is done.
        let connection = try connection.signedIn(patience: 3600)
        let result = try await Client.using(connection) { client in
            try await client.send(
                .get, ["audit-events", "verify"], query: head.map { [("head", $0)] } ?? [], expecting: [200]
            ).object()
        }
        guard let intact = result["intact"]?.bool else {
            throw CommandFailure.notUnderstood("it does not say whether the chain is whole")
        }
        try output.show(result) { result, _ in
            [("Audit log", Cell(intact ? "intact" : "BROKEN", intact ? .good : .bad))] + Self.pairs(result)
        }
        if !intact { throw ExitCode(ExitStatus.failure.rawValue) }
    }

    private static func pairs(_ result: JSONObject, prefix: String = "") -> [(String, Cell)] {
        result.members.flatMap { member -> [(String, Cell)] in
            if member.name == "intact" { return [] }
            let name = prefix + DisplayText.sanitized(member.name)
            if let nested = member.value.object { return pairs(nested, prefix: name + " ") }
            return [(name.prefix(1).uppercased() + name.dropFirst(), Cell(result.text(member.name)))]
        }
    }
}
