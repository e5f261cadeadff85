import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

extension Call {
    func servicePath(_ id: EntityID) -> Path { to("/services", id.text) }

    func servicePath(_ id: EntityID, _ page: String) -> Path { to("/services", id.text, page) }

    /// Breadcrumb of the pages below the list.
    var servicesCrumbs: [Crumb] { [Crumb(Texts.Frame.directory), Crumb(Texts.Services.title, to("/services"))] }

    func crumbs(below service: ServicePrincipal) -> [Crumb] { servicesCrumbs + [Crumb(service.name, servicePath(service.id))] }
}

extension ServicePrincipal.Status {
    var word: String {
        switch self {
        case .active: Texts.Services.active
        case .disabled: Texts.Services.disabled
        }
    }

    var mark: HTML { statusDot(word, self == .active ? .good : .idle) }
}

/// `/services`: the list, with search, filter, order and pages, all in its address.
struct ServicesPage: ConsolePages {
    private static let pageSize = 25
    private static let defaultSort = "name"

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/services") { try await list($0) }]
    }

    private func list(_ call: Call) async throws -> Response {
        let view = ListView(call, at: call.to("/services"), fields: ["q", "status", "sort"])
        let status = try view["status"].map { text in
            guard let status = ServicePrincipal.Status(rawValue: text) else {
                throw ServiceError.malformed(Texts.Services.unknownStatus(text))
            }
            return status
        }
        let sort = view["sort"] ?? Self.defaultSort
        let filter = status.map { "status eq \(Filter.quote($0.rawValue))" }
        let page = try await services.access.services.list(
            ListQuery(
                filter: filter, search: view["q"], sort: sort, limit: Self.pageSize, after: call.query["after"].flatMap(optional)),
            caller: call.caller)
        let create =
            services.gate.allows(.serviceCreate, caller: call.caller)
            ? linkButton(Texts.Services.create, to: call.to("/services/new"), .primary) : nil
        let head = PageHead(
            Texts.Services.title, sentence: Texts.Services.sentence, entry: .services, crumbs: [Crumb(Texts.Frame.directory)],
            action: create, same: sameAs(call, view, filter: filter, sort: sort))
        return try await services.page(call, head) {
            filterBar(
                view: view, search: Texts.Services.search, placeholder: Texts.Services.searchPlaceholder,
                choices: [
                    FilterChoice(
                        "status", label: Texts.Services.status,
                        choices: [ServicePrincipal.Status.active, .disabled].map { SelectChoice($0.rawValue, $0.word) })
                ], chips: chips(view, status))
            if page.items.isEmpty {
                empty(call, isFiltered: !view.fields.isEmpty || page.previousCursor != nil, create: create)
            } else {
                table(call, page, view: view, sort: sort)
            }
            if !page.items.isEmpty || page.previousCursor != nil { pagination(page, view: view) }
        }
    }

    private func chips(_ view: ListView, _ status: ServicePrincipal.Status?) -> [FilterChip] {
        var chips: [FilterChip] = []
        if let words = view["q"] { chips.append(FilterChip(Texts.Users.searchChip(words), without: view.with("q", nil))) }
        if let status { chips.append(FilterChip(Texts.Users.statusChip(status.word), without: view.with("status", nil))) }
        return chips
    }

    private func empty(_ call: Call, isFiltered: Bool, create: HTML?) -> HTML {
        if isFiltered {
            return emptyState(
                Texts.Services.noneFound, sentence: Texts.Services.noneFoundSentence,
                action: linkButton(Texts.Services.showAll, to: call.to("/services")))
        }
        return emptyState(Texts.Services.none, sentence: Texts.Services.noneSentence, action: create)
    }

    private func table(_ call: Call, _ page: Page<ServicePrincipal>, view: ListView, sort: String) -> HTML {
        let now = services.clock.now()
        return dataTable(
            page.items, caption: Texts.Services.title,
            columns: [
                Column(Texts.Services.name, .main, sort: "name") { service in
                    div(.class("who")) {
                        span(.class("avatar"), .hiddenFromReaders) { Icon.service }
                        link(service.name, to: call.servicePath(service.id))
                    }
                },
                Column(Texts.Services.status, sort: "status") { $0.status.mark },
                Column(Texts.Services.description, .secondary) { bdi($0.description) },
                Column(Texts.Services.created, .secondary, sort: "createdAt") { relativeTime($0.createdAt, now: now) },
            ],
            view: view, sort: sort, menuName: \.name, menu: { menu(call, $0) })
    }

    private func menu(_ call: Call, _ service: ServicePrincipal) -> [MenuItem] {
        let may = ServicePermissions(call, gate: services.gate, on: service.id)
        var items = [MenuItem(Texts.Services.open, to: call.servicePath(service.id))]
        if may.mayUpdate { items.append(MenuItem(Texts.Services.edit, to: call.servicePath(service.id, "edit"))) }
        if may.mayDisable, service.status == .active {
            items.append(MenuItem(Texts.Services.disable, to: call.servicePath(service.id, "disable"), opensDialog: true))
        }
        if may.mayDelete {
            items.append(MenuItem(Texts.Services.delete, to: call.servicePath(service.id, "delete"), .danger, opensDialog: true))
        }
        return items
    }

    private func sameAs(_ call: Call, _ view: ListView, filter: String?, sort: String) -> SameAs {
        var command = "gatehouse service list"
        if let filter { command += " --filter \(shellQuoted(filter))" }
        if let words = view["q"] { command += " --search \(shellQuoted(words))" }
        if sort != Self.defaultSort { command += " --sort \(shellQuoted(sort))" }
        let path = call.to("/api/v1/services").query("filter", filter).query("q", view["q"]).query("sort", sort)
            .query("limit", String(Self.pageSize))
        return SameAs(command: command, call: curl("GET", path))
    }
}

/// What the viewer may do with one service, to hide the rest. The services decide again.
struct ServicePermissions: Sendable {
    let mayUpdate: Bool
    let mayDelete: Bool
    let mayDisable: Bool
    let mayReadTokens: Bool
    let mayCreateToken: Bool
    let mayDeleteToken: Bool

    init(_ call: Call, gate: Gate, on id: EntityID) {
        func allows(_ permission: ManagementPermission) -> Bool {
            gate.allows(permission, on: id.text, caller: call.caller)
        }
        mayUpdate = allows(.serviceUpdate)
        mayDelete = allows(.serviceDelete)
        mayDisable = allows(.serviceDisable)
        mayReadTokens = allows(.serviceReadTokens)
        mayCreateToken = allows(.serviceCreateToken)
        mayDeleteToken = allows(.serviceDeleteToken)
    }
}
