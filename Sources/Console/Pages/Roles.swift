import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/roles`: the roles there are.
struct RolesPage: ConsolePages {
    private static let pageSize = 25

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/roles") { try await list($0) }]
    }

    /// Which roles are wanted, and the filter that asks for them.
    private enum Kind: String, CaseIterable {
        case own, builtIn, catalog

        var word: String {
            switch self {
            case .own: Texts.Roles.ownKind
            case .builtIn: Texts.Roles.builtIn
            case .catalog: Texts.Roles.catalogKind
            }
        }

        var filter: String {
            switch self {
            case .own: "source eq \"local\""
            case .builtIn: "builtIn eq true"
            case .catalog: "builtIn eq false and source ne \"local\""
            }
        }
    }

    private func list(_ call: Call) async throws -> Response {
        let view = ListView(call, at: call.to("/roles"), fields: ["q", "kind", "sort"])
        let kind = try view["kind"].map { text in
            guard let kind = Kind(rawValue: text) else { throw ServiceError.malformed(Texts.Roles.unknownKind(text)) }
            return kind
        }
        let query = ListQuery(
            filter: kind?.filter, search: view["q"], sort: view["sort"], limit: Self.pageSize,
            after: call.query["after"].flatMap(optional))
        let page = try await services.access.roles.list(query, caller: call.caller)
        let mayCreate = services.gate.allows(.roleCreate, caller: call.caller)
        let head = PageHead(
            Texts.Roles.title, sentence: Texts.Roles.sentence, entry: .roles, crumbs: [Crumb(Texts.Frame.access)],
            action: mayCreate ? linkButton(Texts.Roles.create, to: call.to("/roles/new"), .primary) : nil,
            same: SameAs(
                command: "gatehouse role list", call: curl("GET", call.to("/api/v1/roles").query("filter", kind?.filter))))
        return try await services.page(call, head) {
            filterBar(
                view: view, search: Texts.Roles.search, placeholder: Texts.Roles.searchPlaceholder,
                choices: [
                    FilterChoice(
                        "kind", label: Texts.Roles.kind, choices: Kind.allCases.map { SelectChoice($0.rawValue, $0.word) })
                ], chips: chips(view, kind: kind))
            if page.items.isEmpty {
                emptyState(
                    Texts.Roles.noneFound, sentence: Texts.Roles.noneFoundSentence,
                    action: linkButton(Texts.Roles.showAll, to: call.to("/roles")))
            } else {
                table(call, page.items, view: view)
                pagination(page, view: view)
            }
        }
    }

    private func chips(_ view: ListView, kind: Kind?) -> [FilterChip] {
        var chips: [FilterChip] = []
        if let words = view["q"] { chips.append(FilterChip(Texts.Users.searchChip(words), without: view.with("q", nil))) }
        if let kind { chips.append(FilterChip(kind.word, without: view.with("kind", nil))) }
        return chips
    }

    private func table(_ call: Call, _ roles: [StoredRole], view: ListView) -> HTML {
        dataTable(
            roles, caption: Texts.Roles.title,
            columns: [
                Column(Texts.Roles.name, .main, sort: "name") { item in
                    link(call.rolePath(item.role.id)) { bdi(item.role.name) }
                    if !item.role.description.isEmpty { small(.class("muted brief-text")) { bdi(item.role.description) } }
                },
                Column(Texts.Roles.identifier, sort: "id") { item in code(item.role.id) },
                Column(Texts.Roles.permissionCount, .number) { HTML(grouped($0.role.permissions.count)) },
                Column(Texts.Roles.includes, .secondary) { item in
                    if item.role.includes.isEmpty {
                        span(Texts.Parts.nothing, .class("muted"))
                    } else {
                        for id in item.role.includes.prefix(3) { tag(id) }
                        if item.role.includes.count > 3 { tag("+\(item.role.includes.count - 3)") }
                    }
                },
                Column(Texts.Roles.origin) { item in
                    sourceTag(item.source) ?? span(Texts.Roles.madeHere, .class("muted"))
                },
            ], view: view, sort: view["sort"])
    }
}
