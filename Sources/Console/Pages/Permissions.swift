import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/permissions`: who holds what, through what, by somebody, by role, or by type and action; all in its address.
struct PermissionsPage: ConsolePages {
    private static let pageSize = 25

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/permissions") { try await show($0) }]
    }

    private enum Mode: String {
        case principal, role, action
    }

    private func show(_ call: Call) async throws -> Response {
        let query = ExplorerQuery(call.query)
        let role = trimmed(call.query["role"] ?? "")
        let mode: Mode = !role.isEmpty ? .role : !query.type.isEmpty || !query.action.isEmpty ? .action : .principal
        let parties = try Parties(services, call: call)
        switch mode {
        case .role:
            let errors =
                parties.role(role) == nil ? [FieldError(field: "role", code: "absent", message: Texts.Flat.unknownRole)] : []
            return try await list(call, query, role, errors.isEmpty ? .role(role) : nil, errors: FormErrors(errors), parties)
        case .action:
            let problems = query.problems(try services.resourceTypes(call), needsResource: false)
            return try await list(
                call, query, role, problems.isEmpty ? .action(query.action, type: query.type) : nil,
                errors: FormErrors(problems), parties)
        case .principal:
            guard !query.who.isEmpty else { return try await list(call, query, role, nil, errors: .none, parties) }
            switch try await Finder(services, call: call).party(query.kind, query.who, field: "who") {
            case .failure(let refusal):
                return try await list(
                    call, query, role, nil, errors: FormErrors([refusal.error]), suggestions: refusal.suggestions, parties)
            case .success(let party): return try await list(call, query, role, .principal(party), errors: .none, parties)
            }
        }
    }

    private func list(
        _ call: Call, _ query: ExplorerQuery, _ role: String, _ selection: PermissionSelection?, errors: FormErrors,
        suggestions: [String] = [], _ parties: Parties
    ) async throws -> Response {
        var page: Page<PermissionEntry>?
        if let selection {
            page = try await services.access.reports.permissions(
                selection, ListQuery(limit: Self.pageSize, after: call.query["after"].flatMap(optional)), caller: call.caller)
        }
        let words = try services.permissionWords(call)
        let types = try services.resourceTypes(call)
        let head = PageHead(
            Texts.Flat.title, sentence: Texts.Flat.sentence, entry: .permissions, crumbs: [Crumb(Texts.Frame.access)],
            same: SameAs(call: sameCall(call, query, role, selection)))
        let status: HTTPResponse.Status = errors.isEmpty ? .ok : .unprocessableContent
        return try await services.page(call, head, status: status) {
            errorSummary(errors)
            div(.class("selections")) {
                principalForm(call, query, errors: errors, suggestions: suggestions)
                roleForm(call, role, parties: parties, errors: errors)
                actionForm(call, query, types: types, errors: errors)
            }
            if let page {
                table(call, page, words: words, parties: parties)
                pagination(page, view: ListView(at: call.to("/permissions"), fields: fields(query, role)))
            } else if errors.isEmpty {
                emptyState(Texts.Flat.start, sentence: Texts.Flat.startSentence)
            }
        }
    }

    private func fields(_ query: ExplorerQuery, _ role: String) -> [(name: String, value: String)] {
        role.isEmpty ? query.fields : [("role", role)]
    }

    private func sameCall(_ call: Call, _ query: ExplorerQuery, _ role: String, _ selection: PermissionSelection?) -> String {
        let path = call.to("/api/v1/permissions")
        return switch selection {
        case .role(let role): curl("GET", path.query("role", role))
        case .action(let action, let type): curl("GET", path.query("resourceType", type).query("action", action))
        case .principal(let party): curl("GET", path.query("principal", party.text))
        case nil: curl("GET", path.query("principal", "user:ID"))
        }
    }

    // MARK: What to look at

    private func principalForm(_ call: Call, _ query: ExplorerQuery, errors: FormErrors, suggestions: [String]) -> HTML {
        selection(call, Texts.Flat.byPrincipal) {
            kindField(query, withGroups: true)
            findField(
                "who", label: Texts.Explorer.who, value: query.who, errors: errors, path: call.to("/find"), kindField: "kind",
                suggestions: suggestions)
        }
    }

    private func roleForm(_ call: Call, _ role: String, parties: Parties, errors: FormErrors) -> HTML {
        selection(call, Texts.Flat.byRole) {
            selectField(
                "role", label: Texts.Explorer.role,
                choices: [SelectChoice("", Texts.Permissions.chooseType)] + parties.roles.map { SelectChoice($0.id, $0.name) },
                selected: role, errors: errors)
        }
    }

    private func actionForm(_ call: Call, _ query: ExplorerQuery, types: [ResourceType], errors: FormErrors) -> HTML {
        selection(call, Texts.Flat.byAction) {
            typeField(query, types: types, errors: errors)
            actionField(query, types: types, errors: errors)
        }
    }

    private func selection(_ call: Call, _ title: String, @HTMLBuilder content: () -> HTML) -> HTML {
        getForm(to: call.to("/permissions"), .class("card"), .label(title)) {
            h2(title)
            content()
            submitButton(Texts.Flat.show, .plain)
        }
    }

    // MARK: The list

    private func table(_ call: Call, _ page: Page<PermissionEntry>, words: PermissionWords, parties: Parties) -> HTML {
        if page.items.isEmpty, page.nextCursor == nil {
            return emptyState(Texts.Flat.none, sentence: Texts.Flat.noneSentence)
        }
        let now = services.clock.now()
        return dataTable(
            page.items, caption: Texts.Flat.title,
            columns: [
                Column(Texts.Flat.who, .main) { entry in
                    if entry.principal.name.isEmpty {
                        span(Texts.Flat.somebodyUnseen, .class("muted"))
                    } else {
                        stepLink(entry.principal, parties: parties)
                    }
                },
                Column(Texts.Flat.what) { entry in words.sentence(entry.access.permission) },
                Column(Texts.Flat.through) { entry in wayWords(entry.access, parties: parties) },
                Column(Texts.Flat.reaches, .secondary) { entry in parties.scope(entry.access.grant.scope) },
                Column(Texts.Flat.ends, .secondary) { entry in
                    if let end = entry.access.grant.expiresAt {
                        relativeTime(Timestamp(milliseconds: end), now: now)
                    } else {
                        span(Texts.Grants.unending, .class("muted"))
                    }
                },
            ])
    }
}
