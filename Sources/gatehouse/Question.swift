import ArgumentParser
import Model

/// What a question may carry besides who, what and on what; the same on `check`, `explain` and `who-can`.
struct QuestionOptions: ParsableArguments {
    @Option(name: .customLong("property"), help: AttributeArgument.help("A property of the resource"))
    var properties: [AttributeArgument] = []

    @Option(name: .customLong("context"), help: AttributeArgument.help("An entry of the context"))
    var context: [AttributeArgument] = []

    func validate() throws {
        _ = try AttributeArgument.object(properties)
        _ = try AttributeArgument.object(context)
    }

    /// The question as AuthZEN has it, section 6.1 of the Authorization API 1.0.
    func body(subject: JSONObject, action: String, resource: ResourceArgument) throws -> JSONObject {
        var object = JSONObject([("type", .string(resource.type)), ("id", .string(resource.id))])
        if !properties.isEmpty { object["properties"] = .object(try AttributeArgument.object(properties)) }
        var body = JSONObject([
            ("subject", .object(subject)), ("action", .object(JSONObject([("name", .string(action))]))),
            ("resource", .object(object)),
        ])
        if !context.isEmpty { body["context"] = .object(try AttributeArgument.object(context)) }
        return body
    }
}

/// Who is asked about: `check` and `explain` take the same arguments.
struct SubjectOptions: ParsableArguments {
    @Argument(help: "Who: a user name or id, service:NAME or device:NAME.")
    var user: PrincipalArgument

    @Argument(help: "The action, such as read.")
    var action: String

    @Argument(help: ResourceArgument.help)
    var resource: ResourceArgument

    @Option(name: .customLong("subject-property"), help: AttributeArgument.help("A property of the one who asks"))
    var properties: [AttributeArgument] = []

    @OptionGroup var question: QuestionOptions

    func validate() throws {
        if user.kind == .group { throw ValidationError("Groups ask nothing themselves; name a member.") }
        _ = try AttributeArgument.object(properties)
    }

    /// A bare name is a user's; the server knows users and devices by name, and services by id alone.
    func body(_ client: Client) async throws -> JSONObject {
        let kind = user.kind ?? .user
        let id = kind == .service ? try await client.principal(user).id : user.name
        var subject = JSONObject([("type", .string(kind.rawValue)), ("id", .string(id))])
        if !properties.isEmpty { subject["properties"] = .object(try AttributeArgument.object(properties)) }
        return try question.body(subject: subject, action: action, resource: resource)
    }
}

/// `gatehouse check`.
struct CheckCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "May somebody do something? Ends with 0 when allowed and with 3 when denied.",
        discussion: """
            gatehouse check ann read record/42 --property owner=ann && echo yes
            Asks as applications do (AuthZEN), which needs the permission evaluate on decision.
            """)

    @OptionGroup var subject: SubjectOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let answer = try await Client.using(try connection.signedIn()) { client in
            let content = Content(try await subject.body(client))
            return try await client.send(.post, on: .decisions, ["evaluation"], content: content, expecting: [200]).object()
        }
        guard let isAllowed = answer["decision"]?.bool else { throw CommandFailure.notUnderstood("the decision is missing") }
        let reason = answer["context"]?.object?["reason"]
        try output.report(isAllowed ? "allowed" : Self.sentence(reason), answer)
        if !isAllowed { throw ExitCode(ExitStatus.denied.rawValue) }
    }

    /// The reason is text, or an object of what it means in several languages.
    private static func sentence(_ reason: JSONValue?) -> String {
        let text = reason?.string ?? reason?.object?.members.first?.value.string
        return text.map { "denied: " + $0 } ?? "denied"
    }
}

/// `gatehouse explain`.
struct ExplainCommand: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Why may somebody do something, or why not?",
        discussion: """
            Shows every grant that decided, with the path to it; for a refusal also what came nearest and the smallest change \
            that would allow it. Ends with 0 when allowed and with 3 when denied.
            gatehouse explain ann subscribe mqtt-topic/plant/7/temp
            """)

    @OptionGroup var subject: SubjectOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        let isAllowed = try await Client.using(try connection.signedIn()) { client in
            let body = try await subject.body(client)
            let answer = try await client.send(.post, ["access", "explain"], body: body, expecting: [200]).object()
            guard let isAllowed = answer["decision"]?.bool else { throw CommandFailure.notUnderstood("the decision is missing") }
            var change = answer["toAllow"]?.object?["change"]?.object
            if output.format == .table { change = try await readable(change, client) }
            let view = ExplainView(
                subject: subject.user.name, action: subject.action, resource: subject.resource, answer: answer, change: change)
            try output.report(lines: view.lines(isAllowed: isAllowed), answer)
            return isAllowed
        }
        if !isAllowed { throw ExitCode(ExitStatus.denied.rawValue) }
    }

    /// The change with names beside ids, where it has any.
    private func readable(_ change: JSONObject?, _ client: Client) async throws -> JSONObject? {
        guard var change, let value = change["value"]?.object else { return change }
        var names = NameBook(client: client)
        change["value"] = try await names.naming([value], in: ["principal", "scope"]).first.map(JSONValue.object)
        return change
    }
}
