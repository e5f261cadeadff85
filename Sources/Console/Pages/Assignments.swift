import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

extension Call {
    func assignmentPath(_ id: EntityID) -> Path { to("/role-assignments", id.text) }

    func assignmentPath(_ id: EntityID, _ page: String) -> Path { to("/role-assignments", id.text, page) }

    /// Breadcrumb of the pages below the list.
    var assignmentCrumbs: [Crumb] { [Crumb(Texts.Frame.access), Crumb(Texts.Assignments.title, to("/role-assignments"))] }

    /// The two lists of grants beside each other, as far as the viewer may open them.
    func grantTabs(_ gate: Gate, current: Path) -> HTML? {
        let lists = [
            (Texts.Assignments.tab, to("/role-assignments"), ManagementPermission.assignmentRead),
            (Texts.Authorizations.tab, to("/authorizations"), .authorizationRead),
        ]
        let open = lists.filter { gate.offers($0.2, call: self) }
        guard open.count > 1 else { return nil }
        return tabs(open.map { Tab($0.0, to: $0.1, isCurrent: $0.1 == current) }, label: Texts.Grants.tabs)
    }
}

/// `/role-assignments`: who holds which role, filtered, ordered and paged, all in the address.
struct AssignmentsPage: ConsolePages {
    private static let pageSize = 25
    private static let defaultSort = "-createdAt"

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/role-assignments") { try await list($0) }]
    }

    private func list(_ call: Call) async throws -> Response {
        let path = call.to("/role-assignments")
        let parties = try Parties(services, call: call)
        let filters = try await GrantFilters(call, at: path, services: services, parties: parties, withRole: true)
        let sort = filters.view["sort"] ?? Self.defaultSort
        let page =
            filters.nobody != nil
            ? Page(items: [], limit: Self.pageSize, total: 0, position: 0, nextCursor: nil, previousCursor: nil)
            : try await services.access.roleAssignments.list(
                ListQuery(
                    filter: filters.filter, sort: sort, limit: Self.pageSize, after: call.query["after"].flatMap(optional)),
                caller: call.caller)
        let create =
            services.gate.allows(.assignmentCreate, caller: call.caller)
            ? linkButton(
                Texts.Assignments.create, to: call.to("/role-assignments/new").query("principal", filters.party?.text), .primary)
            : nil
        let head = PageHead(
            Texts.Assignments.title, sentence: Texts.Assignments.sentence, entry: .assignments,
            crumbs: [Crumb(Texts.Frame.access)],
            action: create, same: sameAs(call, filters, parties, sort: sort))
        return try await services.page(call, head) {
            call.grantTabs(services.gate, current: path)
            filters.form(roles: parties.roles.prefix(Parties.rolesOffered).map { SelectChoice($0.id, $0.name) })
            if page.items.isEmpty {
                empty(path, filters, isFirst: page.previousCursor == nil, create: create)
            } else {
                assignmentTable(
                    page.items, call: call, gate: services.gate, parties: parties, now: services.clock.now(), view: filters.view,
                    sort: sort)
            }
            if !page.items.isEmpty || page.previousCursor != nil { pagination(page, view: filters.pages) }
        }
    }

    private func empty(_ path: Path, _ filters: GrantFilters, isFirst: Bool, create: HTML?) -> HTML {
        let all = linkButton(Texts.Assignments.showAll, to: path)
        if let name = filters.nobody {
            return emptyState(Texts.Grants.nobody(name), sentence: Texts.Grants.nobodySentence, action: all)
        }
        if !filters.isEmpty || !isFirst {
            return emptyState(Texts.Assignments.noneFound, sentence: Texts.Assignments.noneFoundSentence, action: all)
        }
        return emptyState(Texts.Assignments.none, sentence: Texts.Assignments.noneSentence, action: create)
    }

    private func sameAs(_ call: Call, _ filters: GrantFilters, _ parties: Parties, sort: String) -> SameAs {
        var command = "gatehouse assignment list"
        if let party = filters.party {
            command += " --principal \(shellQuoted("\(party.kind.rawValue):\(parties.title(party))"))"
        }
        if let role = filters.view["role"] { command += " --role \(shellQuoted(role))" }
        if sort != Self.defaultSort { command += " --sort \(shellQuoted(sort))" }
        let path = call.to("/api/v1/role-assignments").query("filter", filters.filter).query("sort", sort)
            .query("limit", String(Self.pageSize))
        return SameAs(command: command, call: curl("GET", path))
    }
}

/// Role assignments as a table: on their own page with who holds them, on the holder's page without.
func assignmentTable(
    _ assignments: [RoleAssignment], call: Call, gate: Gate, parties: Parties, now: Timestamp, view: ListView? = nil,
    sort: String? = nil, withHolder: Bool = true, withRole: Bool = true
) -> HTML {
    var columns: [Column<RoleAssignment>] = []
    let role = Column<RoleAssignment>(Texts.Assignments.role, withHolder ? .plain : .main, sort: "role") {
        parties.roleLink($0.role)
    }
    if withHolder { columns.append(Column(Texts.Grants.who, .main) { parties.mark($0.terms.principal) }) }
    if withRole { columns.append(role) }
    columns += [
        Column(Texts.Grants.scope) { parties.scope($0.terms.scope) },
        Column(Texts.Grants.ends, sort: "expiresAt") { grantEnd($0.terms, now: now) },
        Column(Texts.Grants.reason, .secondary) { bdi($0.terms.reason) },
        Column(Texts.Grants.granted, .secondary, sort: "createdAt") { relativeTime($0.origin.createdAt, now: now) },
    ]
    return dataTable(
        assignments, caption: Texts.Assignments.title, columns: columns, view: view, sort: sort,
        menuName: { Texts.Assignments.title(parties.roleName($0.role), parties.title($0.terms.principal)) },
        menu: { assignment in
            var items = [MenuItem(Texts.Assignments.open, to: call.assignmentPath(assignment.id))]
            if gate.allows(.assignmentUpdate, on: assignment.id.text, caller: call.caller) {
                items.append(MenuItem(Texts.Assignments.edit, to: call.assignmentPath(assignment.id, "edit")))
            }
            if gate.allows(.assignmentDelete, on: assignment.id.text, caller: call.caller) {
                items.append(
                    MenuItem(
                        Texts.Assignments.remove, to: call.assignmentPath(assignment.id, "delete"), .danger, opensDialog: true))
            }
            return items
        })
}
