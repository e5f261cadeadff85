import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

extension Call {
    func authorizationPath(_ id: EntityID) -> Path { to("/authorizations", id.text) }

    func authorizationPath(_ id: EntityID, _ page: String) -> Path { to("/authorizations", id.text, page) }

    /// Breadcrumb of the pages below the list.
    var authorizationCrumbs: [Crumb] { [Crumb(Texts.Frame.access), Crumb(Texts.Authorizations.title, to("/authorizations"))] }
}

/// `/authorizations`: what was granted directly, filtered, ordered and paged, all in the address.
struct AuthorizationsPage: ConsolePages {
    private static let pageSize = 25
    private static let defaultSort = "-createdAt"

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/authorizations") { try await list($0) }]
    }

    private func list(_ call: Call) async throws -> Response {
        let path = call.to("/authorizations")
        let parties = try Parties(services, call: call)
        let words = try services.permissionWords(call)
        let filters = try await GrantFilters(call, at: path, services: services, parties: parties, withRole: false)
        let sort = filters.view["sort"] ?? Self.defaultSort
        let page =
            filters.nobody != nil
            ? Page(items: [], limit: Self.pageSize, total: 0, position: 0, nextCursor: nil, previousCursor: nil)
            : try await services.access.authorizations.list(
                ListQuery(
                    filter: filters.filter, sort: sort, limit: Self.pageSize, after: call.query["after"].flatMap(optional)),
                caller: call.caller)
        let create =
            services.gate.allows(.authorizationCreate, caller: call.caller)
            ? linkButton(
                Texts.Authorizations.create, to: call.to("/authorizations/new").query("principal", filters.party?.text), .primary)
            : nil
        let head = PageHead(
            Texts.Authorizations.title, sentence: Texts.Authorizations.sentence, entry: .assignments,
            crumbs: [Crumb(Texts.Frame.access)],
            action: create, same: sameAs(call, filters, parties, sort: sort))
        return try await services.page(call, head) {
            call.grantTabs(services.gate, current: path)
            filters.form()
            if page.items.isEmpty {
                empty(path, filters, isFirst: page.previousCursor == nil, create: create)
            } else {
                authorizationTable(
                    page.items, call: call, gate: services.gate, parties: parties, words: words, now: services.clock.now(),
                    view: filters.view,
                    sort: sort)
            }
            if !page.items.isEmpty || page.previousCursor != nil { pagination(page, view: filters.pages) }
        }
    }

    private func empty(_ path: Path, _ filters: GrantFilters, isFirst: Bool, create: HTML?) -> HTML {
        let all = linkButton(Texts.Authorizations.showAll, to: path)
        if let name = filters.nobody {
            return emptyState(Texts.Grants.nobody(name), sentence: Texts.Grants.nobodySentence, action: all)
        }
        if !filters.isEmpty || !isFirst {
            return emptyState(Texts.Authorizations.noneFound, sentence: Texts.Authorizations.noneFoundSentence, action: all)
        }
        return emptyState(Texts.Authorizations.none, sentence: Texts.Authorizations.noneSentence, action: create)
    }

    private func sameAs(_ call: Call, _ filters: GrantFilters, _ parties: Parties, sort: String) -> SameAs {
        var command = "gatehouse authorization list"
        if let party = filters.party {
            command += " --principal \(shellQuoted("\(party.kind.rawValue):\(parties.title(party))"))"
        }
        if sort != Self.defaultSort { command += " --sort \(shellQuoted(sort))" }
        let path = call.to("/api/v1/authorizations").query("filter", filters.filter).query("sort", sort)
            .query("limit", String(Self.pageSize))
        return SameAs(command: command, call: curl("GET", path))
    }
}

/// Authorizations as a table: on their own page with who holds them, on the holder's page without.
func authorizationTable(
    _ authorizations: [Authorization], call: Call, gate: Gate, parties: Parties, words: PermissionWords, now: Timestamp,
    view: ListView? = nil, sort: String? = nil, withHolder: Bool = true
) -> HTML {
    var columns: [Column<Authorization>] = []
    if withHolder { columns.append(Column(Texts.Grants.who, .main) { parties.mark($0.terms.principal) }) }
    columns += [
        Column(Texts.Authorizations.permissions, withHolder ? .plain : .main) {
            permissionSentences($0.permissions, words, atMost: 2)
        },
        Column(Texts.Grants.scope) { parties.scope($0.terms.scope) },
        Column(Texts.Grants.ends, sort: "expiresAt") { grantEnd($0.terms, now: now) },
        Column(Texts.Grants.reason, .secondary) { bdi($0.terms.reason) },
        Column(Texts.Grants.granted, .secondary, sort: "createdAt") { relativeTime($0.origin.createdAt, now: now) },
    ]
    return dataTable(
        authorizations, caption: Texts.Authorizations.title, columns: columns, view: view, sort: sort,
        menuName: { Texts.Authorizations.title(parties.title($0.terms.principal)) },
        menu: { authorization in
            var items = [MenuItem(Texts.Authorizations.open, to: call.authorizationPath(authorization.id))]
            if gate.allows(.authorizationUpdate, on: authorization.id.text, caller: call.caller) {
                items.append(MenuItem(Texts.Authorizations.edit, to: call.authorizationPath(authorization.id, "edit")))
            }
            if gate.allows(.authorizationDelete, on: authorization.id.text, caller: call.caller) {
                items.append(
                    MenuItem(
                        Texts.Authorizations.remove, to: call.authorizationPath(authorization.id, "delete"), .danger,
                        opensDialog: true))
            }
            return items
        })
}

/// Permissions as sentences, one a line; how many more there are than `atMost`.
func permissionSentences(_ permissions: [Permission], _ words: PermissionWords, atMost: Int = .max) -> HTML {
    permissionSentences(permissions.map { PermissionDraft($0) }, words, atMost: atMost)
}

/// The same of permissions as they are stored.
func permissionSentences(_ permissions: [PermissionDraft], _ words: PermissionWords, atMost: Int = .max) -> HTML {
    ul(.class("sentences")) {
        for permission in permissions.prefix(atMost) { li { words.sentence(permission) } }
        if permissions.count > atMost { li(Texts.Authorizations.more(permissions.count - atMost), .class("muted")) }
    }
}
