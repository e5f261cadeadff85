import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

extension Call {
    func groupPath(_ id: EntityID) -> Path { to("/groups", id.text) }

    func groupPath(_ id: EntityID, _ page: String) -> Path { to("/groups", id.text, page) }

    /// Breadcrumb of the pages below the list.
    var groupsCrumbs: [Crumb] { [Crumb(Texts.Frame.directory), Crumb(Texts.Groups.title, to("/groups"))] }

    func crumbs(below group: Group) -> [Crumb] { groupsCrumbs + [Crumb(group.name, groupPath(group.id))] }
}

/// `/groups`: the list, with search, order and pages, all in its address.
struct GroupsPage: ConsolePages {
    private static let pageSize = 25
    private static let defaultSort = "name"

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/groups") { try await list($0) }]
    }

    private func list(_ call: Call) async throws -> Response {
        let view = ListView(call, at: call.to("/groups"), fields: ["q", "sort"])
        let sort = view["sort"] ?? Self.defaultSort
        let page = try await services.access.groups.list(
            ListQuery(search: view["q"], sort: sort, limit: Self.pageSize, after: call.query["after"].flatMap(optional)),
            caller: call.caller)
        let create =
            services.gate.allows(.groupCreate, caller: call.caller)
            ? linkButton(Texts.Groups.create, to: call.to("/groups/new"), .primary) : nil
        let head = PageHead(
            Texts.Groups.title, sentence: Texts.Groups.sentence, entry: .groups, crumbs: [Crumb(Texts.Frame.directory)],
            action: create, same: sameAs(call, view, sort: sort))
        return try await services.page(call, head) {
            filterBar(
                view: view, search: Texts.Groups.search, placeholder: Texts.Groups.searchPlaceholder,
                chips: view["q"].map { [FilterChip(Texts.Users.searchChip($0), without: view.with("q", nil))] } ?? [])
            if page.items.isEmpty {
                empty(call, isFiltered: view["q"] != nil || page.previousCursor != nil, create: create)
            } else {
                table(call, page, view: view, sort: sort)
            }
            if !page.items.isEmpty || page.previousCursor != nil { pagination(page, view: view) }
        }
    }

    private func empty(_ call: Call, isFiltered: Bool, create: HTML?) -> HTML {
        if isFiltered {
            return emptyState(
                Texts.Groups.noneFound, sentence: Texts.Groups.noneFoundSentence,
                action: linkButton(Texts.Groups.showAll, to: call.to("/groups")))
        }
        return emptyState(Texts.Groups.none, sentence: Texts.Groups.noneSentence, action: create)
    }

    private func table(_ call: Call, _ page: Page<Group>, view: ListView, sort: String) -> HTML {
        let now = services.clock.now()
        let selection =
            services.gate.allows(.groupDelete, caller: call.caller)
            ? Selection<Group>(
                to: call.to("/groups/bulk"), buttons: [("delete", Texts.Groups.delete, .danger)], id: { $0.id.text }, name: \.name
            )
            : nil
        return dataTable(
            page.items, caption: Texts.Groups.title,
            columns: [
                Column(Texts.Groups.name, .main, sort: "name") { group in
                    div(.class("who")) {
                        span(.class("avatar"), .hiddenFromReaders) { Icon.group }
                        link(group.name, to: call.groupPath(group.id))
                    }
                },
                Column(Texts.Groups.description, .secondary) { bdi($0.description) },
                Column(Texts.Groups.created, .secondary, sort: "createdAt") { relativeTime($0.createdAt, now: now) },
                Column(Texts.Groups.updated, sort: "updatedAt") { relativeTime($0.updatedAt, now: now) },
            ],
            view: view, sort: sort, selection: selection, menuName: \.name, menu: { menu(call, $0) })
    }

    private func menu(_ call: Call, _ group: Group) -> [MenuItem] {
        var items = [MenuItem(Texts.Groups.open, to: call.groupPath(group.id))]
        if services.gate.allows(.groupUpdate, on: group.id.text, caller: call.caller) {
            items.append(MenuItem(Texts.Groups.edit, to: call.groupPath(group.id, "edit")))
        }
        if services.gate.allows(.groupDelete, on: group.id.text, caller: call.caller) {
            items.append(MenuItem(Texts.Groups.delete, to: call.groupPath(group.id, "delete"), .danger, opensDialog: true))
        }
        return items
    }

    private func sameAs(_ call: Call, _ view: ListView, sort: String) -> SameAs {
        var command = "gatehouse group list"
        if let words = view["q"] { command += " --search \(shellQuoted(words))" }
        if sort != Self.defaultSort { command += " --sort \(shellQuoted(sort))" }
        let path = call.to("/api/v1/groups").query("q", view["q"]).query("sort", sort).query("limit", String(Self.pageSize))
        return SameAs(command: command, call: curl("GET", path))
    }
}
