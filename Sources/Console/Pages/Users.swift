import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/users`: the list, with search, filter, order and pages, all in its address.
struct UsersPage: ConsolePages {
    private static let pageSize = 25
    private static let defaultSort = "username"

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/users") { try await list($0) }]
    }

    private func list(_ call: Call) async throws -> Response {
        let view = ListView(call, at: call.to("/users"), fields: ["q", "status", "sort"])
        let status = try view["status"].map { text in
            guard let status = User.Status(rawValue: text) else {
                throw ServiceError.malformed(Texts.Users.unknownStatus(text))
            }
            return status
        }
        let sort = view["sort"] ?? Self.defaultSort
        let page = try await services.users.list(
            ListQuery(
                filter: status.map { "status eq \(Filter.quote($0.rawValue))" }, search: view["q"], sort: sort,
                limit: Self.pageSize, after: call.query["after"].flatMap { $0.isEmpty ? nil : $0 }),
            caller: call.caller)
        let mayCreate = services.gate.allows(.userCreate, caller: call.caller)
        let head = PageHead(
            Texts.Users.title, sentence: Texts.Users.sentence, entry: .users, crumbs: [Crumb(Texts.Frame.directory)],
            action: actions(call, mayCreate: mayCreate),
            same: sameAs(call, view, sort: sort))
        return try await services.page(call, head) {
            filterBar(
                view: view, search: Texts.Users.search, placeholder: Texts.Users.searchPlaceholder,
                choices: [
                    FilterChoice(
                        "status", label: Texts.Users.status,
                        choices: User.Status.allCases.map { SelectChoice($0.rawValue, $0.word) })
                ],
                chips: chips(view, status: status))
            if page.items.isEmpty {
                empty(call, isFiltered: view["q"] != nil || status != nil || call.query["after"] != nil, mayCreate: mayCreate)
            } else {
                table(call, page, view: view, sort: sort)
            }
            if !page.items.isEmpty || page.previousCursor != nil { pagination(page, view: view) }
        }
    }

    private func actions(_ call: Call, mayCreate: Bool) -> HTML {
        HTML {
            linkButton(Texts.UserExport.button, to: call.to("/user-exports"))
            if mayCreate {
                linkButton(Texts.UserImport.button, to: call.to("/user-imports"))
                linkButton(Texts.Users.create, to: call.to("/users/new"), .primary)
            }
        }
    }

    private func chips(_ view: ListView, status: User.Status?) -> [FilterChip] {
        var chips: [FilterChip] = []
        if let words = view["q"] { chips.append(FilterChip(Texts.Users.searchChip(words), without: view.with("q", nil))) }
        if let status { chips.append(FilterChip(Texts.Users.statusChip(status.word), without: view.with("status", nil))) }
        return chips
    }

    private func empty(_ call: Call, isFiltered: Bool, mayCreate: Bool) -> HTML {
        if isFiltered {
            return emptyState(
                Texts.Users.noneFound, sentence: Texts.Users.noneFoundSentence,
                action: linkButton(Texts.Users.showAll, to: call.to("/users")))
        }
        return emptyState(
            Texts.Users.none, sentence: Texts.Users.noneSentence,
            action: mayCreate ? linkButton(Texts.Users.create, to: call.to("/users/new"), .primary) : nil)
    }

    private func table(_ call: Call, _ page: Page<User>, view: ListView, sort: String) -> HTML {
        let now = services.clock.now()
        return dataTable(
            page.items, caption: Texts.Users.title,
            columns: [
                Column(Texts.Users.name, .main, sort: "name") { user in
                    person(user.displayName, to: call.userPath(user.id))
                },
                Column(Texts.Users.status, sort: "status") { $0.status.mark },
                Column(Texts.Users.username, sort: "username") { user in code(user.username) },
                Column(Texts.Users.email, .secondary, sort: "email") { user in
                    if let email = user.email { address(email) } else { span(Texts.Parts.nothing, .class("muted")) }
                },
                Column(Texts.Users.created, .secondary, sort: "createdAt") { relativeTime($0.createdAt, now: now) },
                Column(Texts.Users.lastSignIn, sort: "lastSignInAt") { relativeTime($0.lastSignInAt, now: now) },
            ],
            view: view, sort: sort, selection: selection(call), menuName: \.displayName, menu: { menu(call, $0) })
    }

    /// An e-mail address that, where it does not fit, is broken behind its `@`.
    private func address(_ email: String) -> HTML {
        guard let at = email.utf8.lastIndex(of: UInt8(ascii: "@")) else { return HTML(email) }
        let host = email.utf8.index(after: at)
        return HTML {
            String(email[..<host])
            HTML.raw("<wbr>")
            String(email[host...])
        }
    }

    /// Only what the viewer may do; without any of it there is nothing to select for.
    private func selection(_ call: Call) -> Selection<User>? {
        var buttons: [(value: String, title: String, kind: ButtonKind)] = []
        if services.gate.allows(.userDisable, caller: call.caller) {
            buttons.append((BulkAction.disable.rawValue, Texts.Users.disable, .plain))
            buttons.append((BulkAction.enable.rawValue, Texts.Users.enable, .plain))
        }
        if services.gate.allows(.userDelete, caller: call.caller) {
            buttons.append((BulkAction.delete.rawValue, Texts.Users.delete, .danger))
        }
        guard !buttons.isEmpty else { return nil }
        return Selection(to: call.to("/users/bulk"), buttons: buttons, id: { $0.id.text }, name: \.displayName)
    }

    private func menu(_ call: Call, _ user: User) -> [MenuItem] {
        let may = UserPermissions(call, gate: services.gate, on: user.id)
        var items = [MenuItem(Texts.Users.open, to: call.userPath(user.id))]
        if may.mayUpdate { items.append(MenuItem(Texts.Users.edit, to: call.userPath(user.id, "edit"))) }
        if may.mayResetPassword { items.append(MenuItem(Texts.Users.setPassword, to: call.userPath(user.id, "password"))) }
        if may.mayDisable, user.status != .disabled {
            items.append(MenuItem(Texts.Users.disable, to: call.userPath(user.id, "disable"), opensDialog: true))
        }
        if may.mayDelete {
            items.append(MenuItem(Texts.Users.delete, to: call.userPath(user.id, "delete"), .danger, opensDialog: true))
        }
        return items
    }

    private func sameAs(_ call: Call, _ view: ListView, sort: String) -> SameAs {
        var command = "gatehouse user list"
        var path = call.to("/api/v1/users")
        if let status = view["status"] {
            let filter = "status eq \(Filter.quote(status))"
            command += " --status \(shellQuoted(status))"
            path = path.query("filter", filter)
        }
        if let words = view["q"] {
            command += " --search \(shellQuoted(words))"
            path = path.query("q", words)
        }
        if sort != Self.defaultSort { command += " --sort \(shellQuoted(sort))" }
        path = path.query("sort", sort).query("limit", String(Self.pageSize))
        return SameAs(command: command, call: curl("GET", path))
    }
}
