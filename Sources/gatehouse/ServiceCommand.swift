import ArgumentParser
import Model

/// `gatehouse service`: programs, and the tokens they sign in with.
struct ServiceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "Create, find, change and delete services (programs), and their API tokens.",
        discussion: "Wherever a SERVICE is asked for, a name or an id will do.",
        subcommands: [
            ListCommand<ServiceNoun>.self, ServiceCreate.self, ShowCommand<ServiceNoun>.self, ServiceUpdate.self,
            ServiceDisable.self, ServiceEnable.self, DeleteCommand<ServiceNoun>.self, TokenCommand.self, ServiceTokens.self,
        ])
}

enum ServiceNoun: Noun {
    static let singular = "service"
    static let plural = "services"
    static let collection = PrincipalKind.service.collection
    static let argument: ArgumentHelp = "Service name or id."
    static let filterHelp = "Filter and sort fields: name, such as: name sw \"report\"."
    static let columns = [
        Column("NAME", minimum: 12), Column("STATUS", minimum: 8), Column("DESCRIPTION"), Column("ID", minimum: 36),
    ]

    static func row(_ service: JSONObject, _ terminal: Terminal) -> [Cell] {
        [
            Cell(service.text("name")), ObjectView.status(service), Cell(service.text("description")), Cell(service.text("id")),
        ]
    }

    static func find(_ argument: String, _ client: Client) async throws -> NamedObject {
        try await client.find(.service, argument)
    }
}

/// `gatehouse service create`.
struct ServiceCreate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a service.",
        discussion: "It can do nothing until it has a token (service token create) and roles (assignment create).")

    @Argument(help: "The name, unique among users, services and devices.")
    var name: String

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        var body = JSONObject([("name", .string(name))])
        if let description { body["description"] = .string(description) }
        let created = try await Client.using(try connection.signedIn()) { [body] client in
            try await client.send(.post, ["services"], body: body, expecting: [201]).object()
        }
        try output.report("Created service \(created.text("name") ?? name) (\(created.text("id") ?? "")).", created)
    }
}

/// `gatehouse service update`.
struct ServiceUpdate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a service.",
        discussion: "What is not named stays. An empty --description removes it.", aliases: ["edit"])

    @Argument(help: ServiceNoun.argument)
    var service: String

    @Option(help: "The new name.")
    var name: String?

    @Option(help: "What it is for.")
    var description: String?

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if name == nil, description == nil { throw ValidationError("Name at least one thing to change.") }
    }

    func perform() async throws {
        var patch = JSONObject()
        if let name { patch["name"] = .string(name) }
        if let description { patch["description"] = description.isEmpty ? .null : .string(description) }
        let changed = try await Client.using(try connection.signedIn()) { [patch] client in
            let found = try await client.find(.service, service)
            return try await client.send(.patch, ["services", found.id], body: patch, expecting: [200]).object()
        }
        try output.report("Changed service \(changed.text("name") ?? service).", changed)
    }
}

/// A command that sets the status of services.
protocol ServiceStatusCommand: ReportingCommand {
    static var status: String { get }
    /// For the report: `Disabled reporting.`
    static var done: String { get }
    var services: [String] { get }
    var connection: ConnectionOptions { get }
    var output: OutputOptions { get }
}

extension ServiceStatusCommand {
    func perform() async throws {
        try await Client.using(try connection.signedIn()) { client in
            try await Batch(output: output, done: Self.done).run(services) { argument in
                let found = try await client.find(.service, argument)
                let patch = JSONObject([("status", .string(Self.status))])
                let answer = try await client.send(.patch, ["services", found.id], body: patch, expecting: [200])
                return (found.name, try answer.object())
            }
        }
    }
}

/// `gatehouse service disable`.
struct ServiceDisable: ServiceStatusCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Keep services out: their tokens are refused at once.")
    static let status = "disabled"
    static let done = "Disabled"

    @Argument(help: "Service names or ids.")
    var services: [String]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}

/// `gatehouse service enable`.
struct ServiceEnable: ServiceStatusCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Let disabled services in again.")
    static let status = "active"
    static let done = "Enabled"

    @Argument(help: "Service names or ids.")
    var services: [String]

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions
}
