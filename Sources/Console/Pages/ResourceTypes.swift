import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/resource-types`: the kinds of thing that are protected, and `/resource-types/{id}`: one of them.
struct ResourceTypesPage: ConsolePages {
    private static let pageSize = 25
    private static let resourceCount = 10
    /// What products protect first.
    private static let order = "-plane,id"

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/resource-types") { try await list($0) },
            Route(.get, "/resource-types/{id}") { try await show($0) },
        ]
    }

    // MARK: The list

    private func list(_ call: Call) async throws -> Response {
        let view = ListView(call, at: call.to("/resource-types"), fields: ["q", "plane", "sort"])
        let plane = try view["plane"].map { text in
            guard let plane = ResourceType.Plane(rawValue: text) else {
                throw ServiceError.malformed(Texts.Types.unknownPlane(text))
            }
            return plane
        }
        let query = ListQuery(
            filter: plane.map { "plane eq \(Filter.quote($0.rawValue))" }, search: view["q"], sort: view["sort"] ?? Self.order,
            limit: Self.pageSize, after: call.query["after"].flatMap(optional))
        let page = try await services.access.resourceTypes.list(query, caller: call.caller)
        let mayCreate = services.gate.allows(.typeCreate, caller: call.caller)
        let head = PageHead(
            Texts.Types.title, sentence: Texts.Types.sentence, entry: .resourceTypes, crumbs: [Crumb(Texts.Frame.access)],
            action: mayCreate ? linkButton(Texts.Types.create, to: call.to("/resource-types/new"), .primary) : nil,
            same: SameAs(call: curl("GET", call.to("/api/v1/resource-types").query("filter", query.filter))))
        var chips: [FilterChip] = []
        if let words = view["q"] { chips.append(FilterChip(Texts.Users.searchChip(words), without: view.with("q", nil))) }
        if let plane { chips.append(FilterChip(plane.word, without: view.with("plane", nil))) }
        return try await services.page(call, head) {
            filterBar(
                view: view, search: Texts.Types.search, placeholder: Texts.Roles.searchPlaceholder,
                choices: [
                    FilterChoice(
                        "plane", label: Texts.Types.plane,
                        choices: [ResourceType.Plane.runtime, .management].map { SelectChoice($0.rawValue, $0.word) })
                ], chips: chips)
            if page.items.isEmpty {
                emptyState(
                    Texts.Types.noneFound, sentence: Texts.Types.noneFoundSentence,
                    action: linkButton(Texts.Types.showAll, to: call.to("/resource-types")))
            } else {
                table(call, page.items, view: view)
                pagination(page, view: view)
            }
        }
    }

    private func table(_ call: Call, _ types: [StoredType], view: ListView) -> HTML {
        dataTable(
            types, caption: Texts.Types.title,
            columns: [
                Column(Texts.Roles.name, .main, sort: "name") { item in
                    link(call.to("/resource-types", item.type.id)) { bdi(item.type.name) }
                },
                Column(Texts.Roles.identifier, sort: "id") { item in code(item.type.id) },
                Column(Texts.Types.plane, sort: "plane") { HTML($0.type.plane.word) },
                Column(Texts.Types.syntax, .secondary, sort: "syntax") { HTML($0.type.syntax.word) },
                Column(Texts.Types.actions, .number) { HTML(grouped($0.type.actions.count)) },
                Column(Texts.Roles.origin) { item in
                    sourceTag(item.source) ?? span(Texts.Roles.madeHere, .class("muted"))
                },
            ], view: view, sort: view["sort"])
    }

    // MARK: One type

    private func show(_ call: Call) async throws -> Response {
        let item = try await services.access.resourceTypes.get(try call.parameter("id"), caller: call.caller)
        let type = item.type
        let resources = try await resources(of: type, call: call)
        let head = PageHead(
            type.name, sentence: type.plane.sentence, entry: .resourceTypes, crumbs: call.typesCrumbs,
            action: actions(call, item), same: SameAs(call: curl("GET", call.to("/api/v1/resource-types", type.id))))
        return try await services.page(call, head) {
            card(Texts.Types.actions, sentence: Texts.Types.actionsSentence) { actionTable(call, type) }
            card(Texts.Roles.details) {
                keyValues {
                    fact(Texts.Roles.identifier) { code(type.id) }
                    fact(Texts.Types.plane, type.plane.word)
                    fact(Texts.Types.syntax) {
                        type.syntax.word
                        lineBreak()
                        small(type.syntax.sentence, .class("muted"))
                    }
                    fact(Texts.Types.properties) {
                        if type.properties.isEmpty { span(Texts.Parts.nothing, .class("muted")) }
                        for property in type.properties { tag(property) }
                    }
                    fact(Texts.Roles.origin) { sourceTag(item.source) ?? HTML(Texts.Roles.madeHere) }
                }
            }
            if let resources { resourcesCard(type, resources) }
        }
    }

    /// Registered resources; `nil` for whoever may read none, and for our own types, whose objects have pages of their own.
    private func resources(of type: ResourceType, call: Call) async throws -> Page<Resource>? {
        guard type.plane == .runtime, services.gate.allowsAny(.resourceRead, caller: call.caller) else { return nil }
        return try await services.access.resources.list(
            ListQuery(filter: "type eq \(Filter.quote(type.id))", limit: Self.resourceCount), caller: call.caller)
    }

    private func actions(_ call: Call, _ item: StoredType) -> HTML? {
        guard ResourceType.builtIn[item.type.id] == nil else { return nil }
        let id = item.type.id
        return HTML {
            if services.gate.allows(.typeDelete, on: id, caller: call.caller) {
                dialogButton(Texts.Types.delete, to: call.to("/resource-types", id, "delete"))
            }
            if services.gate.allows(.typeUpdate, on: id, caller: call.caller) {
                linkButton(Texts.Types.edit, to: call.to("/resource-types", id, "edit"), .primary)
            }
        }
    }

    private func actionTable(_ call: Call, _ type: ResourceType) -> HTML {
        let mayAsk = services.gate.allows(.decisionExplain, caller: call.caller)
        var columns: [Column<ResourceType.Action>] = [
            Column(Texts.Types.action, .main) { action in code(action.id) },
            Column(Texts.Roles.name) { action in bdi(action.name) },
            Column(Texts.Roles.includes) { action in
                if action.includes.isEmpty { span(Texts.Parts.nothing, .class("muted")) }
                for included in action.includes { tag(included) }
            },
        ]
        if mayAsk {
            columns.append(
                Column(Texts.Types.whoMay, .action) { action in
                    linkButton(
                        Texts.Types.whoMay,
                        to: call.to("/permissions").query("type", type.id).query("action", action.id), .quiet,
                        .label(Texts.Types.whoMayAction(action.id)))
                })
        }
        return dataTable(type.actions, caption: Texts.Types.actions, columns: columns)
    }

    private func resourcesCard(_ type: ResourceType, _ page: Page<Resource>) -> HTML {
        card(Texts.Types.resources, sentence: Texts.Types.resourcesSentence) {
            if page.items.isEmpty {
                p(Texts.Types.noResources, .class("muted"))
            } else {
                dataTable(
                    page.items, caption: Texts.Types.resources,
                    columns: [
                        Column(Texts.Roles.identifier, .main) { item in code(item.id) },
                        Column(Texts.Roles.name) { item in bdi(item.name ?? Texts.Parts.nothing) },
                        Column(Texts.Types.properties, .secondary) { item in
                            if item.properties.isEmpty { span(Texts.Parts.nothing, .class("muted")) }
                            for member in item.properties.members {
                                tag("\(member.name) = \(member.value.string ?? member.value.text)")
                            }
                        },
                    ])
                if let total = page.total, total > page.items.count { p(Texts.Types.more(total), .class("muted spaced-above")) }
            }
        }
    }
}

extension Call {
    var typesCrumbs: [Crumb] { [Crumb(Texts.Frame.access), Crumb(Texts.Types.title, to("/resource-types"))] }
}

extension ResourceType.Plane {
    var word: String { self == .runtime ? Texts.Types.runtime : Texts.Types.management }
    var sentence: String { self == .runtime ? Texts.Types.runtimeSentence : Texts.Types.managementSentence }
}

extension Syntax {
    var word: String {
        switch self {
        case .name: Texts.Types.syntaxName
        case .topic: Texts.Types.syntaxTopic
        case .path: Texts.Types.syntaxPath
        }
    }

    var sentence: String { Texts.Permissions.patternHint(self) }
}
