import ArgumentParser
import Model

/// Who can be searched for: groups do nothing themselves, their members do.
enum SearchedKind: String, ExpressibleByArgument, CaseIterable, Sendable {
    case user, service, device
}

/// `gatehouse who-can`.
struct WhoCanCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "who-can", abstract: "Who may do something? Lists users, services and devices.",
        discussion: "gatehouse who-can delete record/42")

    @Argument(help: "The action, such as read.")
    var action: String

    @Argument(help: ResourceArgument.help)
    var resource: ResourceArgument

    @Option(help: ArgumentHelp("Only users, services or devices. May be repeated.", valueName: "kind"))
    var kind: [SearchedKind] = []

    @OptionGroup var question: QuestionOptions
    @OptionGroup var size: ListSizeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private static let columns = [Column("KIND", minimum: 7), Column("NAME", minimum: 12)]

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            var writer = ListWriter(format: output.format, columns: Self.columns, row: Self.row)
            var left = size.all ? Int.max : size.pageSize
            var isCut = false
            for kind in kind.isEmpty ? SearchedKind.allCases : kind where left > 0 {
                var names = NameBook(client: client)
                isCut = try await SubjectSearch(client: client, size: size.pageSize).run(body(kind)) { found in
                    let some = Array(found.prefix(left))
                    left -= some.count
                    try writer.write(output.format == .table ? try await Self.named(some, &names) : some)
                    return left > 0
                }
            }
            try writer.finish(empty: "Nobody may \(DisplayText.sanitized(action)) on \(DisplayText.sanitized("\(resource)")).")
            if isCut || left == 0, writer.format == .table, writer.terminal.isTerminal {
                StandardError.write("There may be more; --all shows them.\n")
            }
        }
    }

    private func body(_ kind: SearchedKind) throws -> JSONObject {
        try question.body(subject: JSONObject([("type", .string(kind.rawValue))]), action: action, resource: resource)
    }

    private static func row(_ found: JSONObject, _ terminal: Terminal) -> [Cell] {
        [Cell(found.text("type")), Cell(found["shown"]?.object?.text("name") ?? found.text("id"))]
    }

    /// Services are found by id; people want their names.
    private static func named(_ found: [JSONObject], _ names: inout NameBook) async throws -> [JSONObject] {
        let references = found.map { item in
            var item = item
            let reference = [("kind", item["type"] ?? .null), ("id", item["id"] ?? .null)]
            item["shown"] = .object(JSONObject(reference))
            return item
        }
        return try await names.naming(references, in: ["shown"])
    }
}

/// A subject search of AuthZEN (Authorization API 1.0, sections 8.2 and 8.4), page after page.
private struct SubjectSearch {
    let client: Client
    let size: Int

    /// - Parameter take: gets each page; answers whether it wants another.
    /// - Returns: Whether there was more than it wanted.
    func run(_ question: JSONObject, _ take: ([JSONObject]) async throws -> Bool) async throws -> Bool {
        var token: String?
        repeat {
            var body = question
            var page = JSONObject([("limit", .integer(Int64(size)))])
            if let token { page["token"] = .string(token) }
            body["page"] = .object(page)
            let answer = try await client.send(
                .post, on: .decisions, ["search", "subject"], content: Content(body), expecting: [200]
            ).object()
            guard let results = answer["results"]?.array else { throw CommandFailure.notUnderstood("the results are missing") }
            let wantsMore = try await take(results.compactMap(\.object))
            let next = answer["page"]?.object?["next_token"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            guard next == nil || next != token else { throw CommandFailure.notUnderstood("a search does not advance") }
            if next != nil, !wantsMore { return true }
            token = next
        } while token != nil
        return false
    }
}

/// `gatehouse what-can`.
struct WhatCanCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "what-can",
        abstract: "What may a user, a service or a group do? Lists every permission that holds now, with the path to it.",
        discussion: "gatehouse what-can ann mqtt-topic")

    @Argument(help: "Who: a user name or id, service:NAME or group:NAME.")
    var user: PrincipalArgument

    @Argument(help: "Only permissions for this resource type.")
    var type: String?

    @OptionGroup var size: ListSizeOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    private static let columns = [
        Column("PERMISSION", minimum: 20), Column("THROUGH", minimum: 12), Column("SCOPE"), Column("UNTIL"),
    ]

    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            let found = try await client.find(user.kind ?? .user, user.name)
            let path = [(user.kind ?? .user).collection, found.id, "access"]
            let request = ListRequest(path: path, limit: size.pageSize, all: size.all || type != nil)
            let writer = ListWriter(format: output.format, columns: Self.columns, row: Self.row)
            try await client.list(
                request, into: writer, empty: "Nothing of that was given to \(DisplayText.sanitized(found.name)).", only: isWanted
            )
        }
    }

    private func isWanted(_ item: JSONObject) -> Bool {
        guard let type, let named = item["permission"]?.object?.text("resourceType") else { return true }
        return named == type || named == "*"
    }

    static func row(_ item: JSONObject, _ terminal: Terminal) -> [Cell] {
        let permission = item["permission"] ?? .null
        let isDeny = permission.object?.text("effect") == "deny"
        return [
            Cell(PermissionText.sentence(permission), isDeny ? .bad : .plain), Cell(through(item)),
            Cell(item["scope"]?.object.map(ScopeArgument.text) ?? "realm"), item.time("expiresAt", terminal),
        ]
    }

    /// `group ops -> role operator`, without the one it is about.
    static func through(_ item: JSONObject) -> String {
        let steps = item["via"]?.array?.compactMap(\.object) ?? []
        let words = steps.dropFirst().map(ExplainView.step)
        return words.isEmpty ? "direct" : words.joined(separator: " -> ")
    }
}
