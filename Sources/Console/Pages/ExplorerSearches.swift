import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/explorer/who`: who may do something, and `/explorer/what`: what somebody may do.
struct ExplorerSearches: ConsolePages {
    private static let pageSize = 25
    /// As many permissions as one page groups by their type.
    private static let accessSize = 100

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/explorer/who") { try await who($0) },
            Route(.get, "/explorer/what") { try await what($0) },
        ]
    }

    // MARK: Who can?

    private func who(_ call: Call) async throws -> Response {
        let query = ExplorerQuery(call.query)
        guard !query.action.isEmpty || !query.resource.isEmpty || !query.type.isEmpty else {
            return try await showWho(call, query) { HTML.empty }
        }
        guard services.gate.allows(.decisionEvaluate, caller: call.caller) else {
            let list = call.to("/permissions").query("type", optional(query.type)).query("action", optional(query.action))
            return try await showWho(call, query) {
                callout(Texts.Explorer.tabWho, .warn) {
                    p(Texts.Explorer.mayNotSearch)
                    p { link(Texts.Explorer.listPermissions, to: list) }
                }
            }
        }
        let problems = query.problems(try services.resourceTypes(call))
        guard problems.isEmpty else {
            return try await showWho(call, query, status: .unprocessableContent, errors: FormErrors(problems)) { HTML.empty }
        }
        let question = AccessQuestion(
            subjectType: query.kind.rawValue, subject: "", action: query.action, resourceType: query.type,
            resource: query.resource, claims: query.claims)
        let found = try await services.access.questions.subjects(
            question, page: Grants.SearchPage(limit: Self.pageSize, token: call.query["after"].flatMap(optional)),
            caller: call.caller)
        let parties = try Parties(services, call: call)
        return try await showWho(call, query) { results(call, query, found, parties: parties) }
    }

    private func showWho(
        _ call: Call, _ query: ExplorerQuery, status: HTTPResponse.Status = .ok, errors: FormErrors = .none,
        @HTMLBuilder answer: () -> HTML
    ) async throws -> Response {
        let target = query.type.isEmpty ? "mqtt-topic/plant/7/set" : "\(query.type)/\(query.resource)"
        let head = PageHead(
            Texts.Explorer.title, sentence: Texts.Explorer.whoSentence, entry: .explorer, crumbs: [Crumb(Texts.Frame.access)],
            same: SameAs(
                command:
                    "gatehouse who-can \(shellQuoted(query.action.isEmpty ? "publish" : query.action)) \(shellQuoted(target))",
                call: curl(
                    "POST", .root("/access/v1/search/subject"),
                    body: JSONObject([
                        ("subject", .object(JSONObject([("type", .string(query.kind.rawValue))]))),
                        ("action", .object(JSONObject([("name", .string(query.action))]))),
                        (
                            "resource",
                            .object(JSONObject([("type", .string(query.type)), ("id", .string(query.resource))]))
                        ),
                    ]))))
        let types = try services.resourceTypes(call)
        let answer = answer()
        return try await services.page(call, head, status: status) {
            explorerTabs(call, .who)
            getForm(to: call.to("/explorer/who"), .class("ask")) {
                errorSummary(errors)
                div(.class("permission-line")) {
                    kindField(query)
                    actionField(query, types: types, errors: errors)
                    typeField(query, types: types, errors: errors)
                    textField(
                        "resource", label: Texts.Explorer.resource, value: query.resource, errors: errors, autocomplete: "off",
                        monospaced: true)
                }
                buttonRow { submitButton(Texts.Explorer.whoButton) }
            }
            answer
        }
    }

    private func results(_ call: Call, _ query: ExplorerQuery, _ results: SearchResults, parties: Parties) -> HTML {
        let people = results.found.compactMap { name in parties.party(query.kind, name) }
        let view = ListView(at: call.to("/explorer/who"), fields: query.fields)
        return HTML {
            h2(Texts.Explorer.foundTitle(query.action, query.type, query.resource), .class("form-title"))
            if people.isEmpty, results.nextToken == nil {
                emptyState(Texts.Explorer.nobodyCan, sentence: Texts.Explorer.nobodyCanSentence)
            } else {
                dataTable(
                    people, caption: Texts.Explorer.tabWho,
                    columns: [
                        Column(Texts.Explorer.who, .main) { parties.mark($0) },
                        Column(Texts.Explorer.why, .action) { party in
                            linkButton(
                                Texts.Explorer.why, to: call.to("/explorer").query(asking(about: party, query, parties)), .quiet,
                                .label(Texts.Explorer.whyPerson(parties.title(party))))
                        },
                    ])
                pagination(
                    Page(
                        items: people, limit: Self.pageSize, total: nil, position: nil, nextCursor: results.nextToken,
                        previousCursor: nil), view: view)
            }
        }
    }

    private func asking(
        about party: PrincipalReference, _ query: ExplorerQuery, _ parties: Parties
    ) -> [(name: String, value: String)] {
        query.fields.filter { $0.name != "who" } + [("who", parties.name(party) ?? party.id.text)]
    }

    // MARK: What can they?

    private func what(_ call: Call) async throws -> Response {
        let query = ExplorerQuery(call.query)
        guard !query.who.isEmpty else { return try await showWhat(call, query) { HTML.empty } }
        switch try await Finder(services, call: call).party(query.kind, query.who, field: "who") {
        case .failure(let refusal):
            return try await showWhat(
                call, query, suggestions: refusal.suggestions, status: .unprocessableContent, errors: FormErrors([refusal.error])
            ) { HTML.empty }
        case .success(let party):
            let page = try await services.access.reports.access(
                of: party, ListQuery(limit: Self.accessSize, after: call.query["after"].flatMap(optional)), caller: call.caller)
            let parties = try Parties(services, call: call)
            let words = try services.permissionWords(call)
            let view = ListView(at: call.to("/explorer/what"), fields: query.fields)
            return try await showWhat(call, query) {
                h2(Texts.Explorer.whatTitle(parties.title(party)), .class("form-title"))
                if page.items.isEmpty {
                    emptyState(Texts.Explorer.whatNone, sentence: Texts.Explorer.whatNoneSentence)
                } else {
                    effectiveAccess(page.items, words: words, parties: parties)
                    pagination(page, view: view)
                }
            }
        }
    }

    private func showWhat(
        _ call: Call, _ query: ExplorerQuery, suggestions: [String] = [], status: HTTPResponse.Status = .ok,
        errors: FormErrors = .none, @HTMLBuilder answer: () -> HTML
    ) async throws -> Response {
        let head = PageHead(
            Texts.Explorer.title, sentence: Texts.Explorer.effectiveSentence, entry: .explorer,
            crumbs: [Crumb(Texts.Frame.access)],
            same: SameAs(
                command: "gatehouse what-can \(shellQuoted(query.who.isEmpty ? "ann" : query.who))",
                call: curl("GET", call.to("/api/v1/permissions").query("principal", "user:ID"))))
        let answer = answer()
        return try await services.page(call, head, status: status) {
            explorerTabs(call, .what)
            getForm(to: call.to("/explorer/what"), .class("ask")) {
                errorSummary(errors)
                div(.class("permission-line")) {
                    kindField(query, withGroups: true)
                    findField(
                        "who", label: Texts.Explorer.who, value: query.who, errors: errors, path: call.to("/find"),
                        kindField: "kind", suggestions: suggestions, autofocus: query.who.isEmpty)
                }
                buttonRow { submitButton(Texts.Explorer.whatButton) }
            }
            answer
        }
    }
}
