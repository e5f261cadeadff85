import ArgumentParser
import Model

/// `gatehouse resource-type`: kinds of things that are protected.
struct ResourceTypeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resource-type", abstract: "Declare kinds of protected things, with their actions.",
        discussion: "Types of the management plane are Gatehouse's own: they can be looked at, not changed.",
        subcommands: [
            ListCommand<ResourceTypeNoun>.self, ResourceTypeCreate.self, ShowCommand<ResourceTypeNoun>.self,
            ResourceTypeUpdate.self, DeleteCommand<ResourceTypeNoun>.self,
        ])
}

enum ResourceTypeNoun: Noun {
    static let singular = "resource type"
    static let plural = "resource types"
    static let collection = "resource-types"
    static let argument: ArgumentHelp = "The type's id."
    static let filterHelp = "Filter and sort fields: id name plane syntax source, such as: plane eq \"runtime\"."
    static let columns = [
        Column("TYPE", minimum: 12), Column("PLANE", minimum: 10), Column("SYNTAX"), Column("ACTIONS"), Column("NAME"),
    ]

    static func row(_ type: JSONObject, _ terminal: Terminal) -> [Cell] {
        let actions = type["actions"]?.array?.compactMap { $0.object?.text("id") ?? $0.string } ?? []
        return [
            Cell(type.text("id")), Cell(type.text("plane")), Cell(type.text("syntax")), Cell(actions.joined(separator: ", ")),
            Cell(type.text("name")),
        ]
    }
}

/// How the ids of a type's resources are written.
enum ResourceSyntax: String, ExpressibleByArgument, CaseIterable, Sendable {
    case name, topic, path
}

/// An action of a type: `ID[:INCLUDED,INCLUDED][=NAME]`.
struct ActionArgument: ExpressibleByArgument, Sendable, Hashable {
    let id: String
    let includes: [String]
    let name: String?

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let head = parts.first else { return nil }
        let words = head.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let id = words.first, !id.isEmpty else { return nil }
        self.id = String(id)
        includes = words.count < 2 ? [] : words[1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        name = parts.count < 2 ? nil : String(parts[1])
        guard includes.allSatisfy({ !$0.isEmpty }), name != "" else { return nil }
    }

    var object: JSONObject {
        var object = JSONObject([("id", .string(id))])
        if let name { object["name"] = .string(name) }
        if !includes.isEmpty { object["includes"] = .array(includes.map(JSONValue.string)) }
        return object
    }

    /// An action of the contract, for people.
    static func text(_ value: JSONValue) -> String {
        guard let action = value.object, let id = action.text("id") else { return value.string ?? value.text }
        let name = action.text("name").flatMap { $0 == id ? nil : " (\($0))" } ?? ""
        let includes = action["includes"]?.array?.compactMap(\.string) ?? []
        return id + name + (includes.isEmpty ? "" : " includes " + includes.joined(separator: ", "))
    }

    static let help = ArgumentHelp(
        "An action: read, manage:read,write (which includes those) or read='Look at it'. May be repeated.", valueName: "action")
}

/// `gatehouse resource-type create`.
struct ResourceTypeCreate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Declare a type of the runtime plane.",
        discussion: """
            The syntax says what patterns mean: name (* is any run of characters), topic (MQTT filters) or path (URL paths).
            gatehouse resource-type create record --action read --action manage:read,delete --property owner
            """)

    @Argument(help: "The id, such as record.")
    var type: String

    @Option(help: "What people call it.")
    var name: String?

    @Option(help: "How ids of its resources are written.")
    var syntax: ResourceSyntax = .name

    @Option(name: .customLong("action"), help: ActionArgument.help)
    var actions: [ActionArgument]

    @Option(
        name: .customLong("property"),
        help: ArgumentHelp("A property that its resources may have. May be repeated.", valueName: "name"))
    var properties: [String] = []

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func perform() async throws {
        var body = JSONObject([("id", .string(type))])
        if let name { body["name"] = .string(name) }
        body["syntax"] = .string(syntax.rawValue)
        body["actions"] = .array(actions.map { .object($0.object) })
        if !properties.isEmpty { body["properties"] = .array(properties.map(JSONValue.string)) }
        let created = try await Client.using(try connection.signedIn()) { [body] client in
            try await client.send(.post, ["resource-types"], body: body, expecting: [201]).object()
        }
        try output.report("Created resource type \(created.text("id") ?? type).", created)
    }
}

/// `gatehouse resource-type update`.
struct ResourceTypeUpdate: ReportingCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Change a resource type.",
        discussion: """
            What is not named stays: --action adds an action, or replaces the one with this id; --property adds a property.
            """, aliases: ["edit"])

    @Argument(help: ResourceTypeNoun.argument)
    var type: String

    @Option(help: "What people call it.")
    var name: String?

    @Option(name: .customLong("action"), help: ActionArgument.help)
    var actions: [ActionArgument] = []

    @Option(name: .customLong("remove-action"), help: ArgumentHelp("Remove an action. May be repeated.", valueName: "id"))
    var removedActions: [String] = []

    @Option(
        name: .customLong("property"),
        help: ArgumentHelp("A property that its resources may have. May be repeated.", valueName: "name"))
    var properties: [String] = []

    @Option(
        name: .customLong("remove-property"), help: ArgumentHelp("Remove a property. May be repeated.", valueName: "name"))
    var removedProperties: [String] = []

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if name == nil, actions.isEmpty, removedActions.isEmpty, properties.isEmpty, removedProperties.isEmpty {
            throw ValidationError("Name at least one thing to change.")
        }
    }

    func perform() async throws {
        let changed = try await Client.using(try connection.signedIn()) { client in
            let found = try await ResourceTypeNoun.find(type, client)
            // The whole is put together from what was read, so nobody else's change in between may be lost.
            return try await client.send(
                .put, ["resource-types", found.id], body: replacement(of: found.object), ifMatch: found.entityTag,
                expecting: [200]
            ).object()
        }
        try output.report("Changed resource type \(changed.text("id") ?? type).", changed)
    }

    /// The members that can be written, with the changes in them.
    func replacement(of old: JSONObject) -> JSONObject {
        var new = JSONObject()
        for member in ["name", "syntax", "actions", "properties"] { new[member] = old[member] }
        if let name { new["name"] = .string(name) }
        var list = (old["actions"]?.array ?? []).filter { action in
            action.object?.text("id").map { !removedActions.contains($0) } ?? true
        }
        for action in actions {
            if let index = list.firstIndex(where: { $0.object?.text("id") == action.id }) {
                list[index] = .object(action.object)
            } else {
                list.append(.object(action.object))
            }
        }
        new["actions"] = .array(list)
        var names = (old["properties"]?.array ?? []).filter { $0.string.map { !removedProperties.contains($0) } ?? true }
        for property in properties where !names.contains(.string(property)) { names.append(.string(property)) }
        new["properties"] = .array(names)
        return new
    }
}
