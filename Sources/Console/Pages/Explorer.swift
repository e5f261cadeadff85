import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// What the explorer is asked, as it stands in the address.
struct ExplorerQuery: Sendable {
    static let names = ["kind", "who", "action", "type", "resource", "properties", "context"]

    let kind: PrincipalKind
    let who: String
    let action: String
    let type: String
    let resource: String
    /// `name=value` lines.
    let properties: String
    let context: String

    /// Out of an address, or out of the form that carries one on.
    init(_ fields: FormFields) {
        func text(_ name: String) -> String { trimmed(fields[name] ?? "") }
        kind = PrincipalKind(rawValue: text("kind")) ?? .user
        who = text("who")
        action = text("action")
        type = text("type")
        resource = text("resource")
        properties = text("properties")
        context = text("context")
    }

    var isEmpty: Bool { fields.allSatisfy { $0.name == "kind" } }

    /// What an address needs to ask it again.
    var fields: [(name: String, value: String)] {
        [
            ("kind", kind.rawValue), ("who", who), ("action", action), ("type", type), ("resource", resource),
            ("properties", properties), ("context", context),
        ].filter { !$0.1.isEmpty }
    }

    func question(about party: PrincipalReference) -> AccessQuestion {
        AccessQuestion(
            subjectType: party.kind.rawValue, subject: party.id.text, action: action, resourceType: type, resource: resource,
            claims: claims)
    }

    var claims: Question.Claims {
        Question.Claims(resource: NamedValues(properties).values, context: NamedValues(context).values)
    }

    /// What is wrong with it, but for who is meant.
    func problems(_ types: [ResourceType], needsResource: Bool = true) -> [FieldError] {
        var problems: [FieldError] = []
        func refuse(_ field: String, _ message: String) {
            problems.append(FieldError(field: field, code: "invalid", message: message))
        }
        let known = types.first { $0.id == type }
        // Whoever may see no types may still ask about themselves.
        if known == nil, !types.isEmpty || type.isEmpty { refuse("type", Texts.Explorer.chooseType) }
        if action.isEmpty {
            refuse("action", Texts.Explorer.nameAction)
        } else if let known, known.actions(granting: action) == nil {
            refuse("action", Texts.Explorer.noAction(action, of: known.name, known.actions.map(\.id)))
        }
        if needsResource, resource.isEmpty { refuse("resource", Texts.Explorer.nameResource) }
        if let line = NamedValues(properties).wrongLine { refuse("properties", Texts.Explorer.wrongLine(line)) }
        if let line = NamedValues(context).wrongLine { refuse("context", Texts.Explorer.wrongLine(line)) }
        return problems
    }
}

/// `/explorer`: may somebody do something, and why.
struct ExplorerPage: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/explorer") { try await ask($0) }]
    }

    private func ask(_ call: Call) async throws -> Response {
        let query = ExplorerQuery(call.query)
        guard !query.isEmpty, !query.action.isEmpty || !query.resource.isEmpty else {
            return try await show(call, query) { HTML.empty }
        }
        var problems = query.problems(try services.resourceTypes(call))
        let found = try await Finder(services, call: call).party(query.kind, query.who, field: "who")
        switch found {
        case .failure(let refusal):
            problems.insert(refusal.error, at: 0)
            return try await show(
                call, query, suggestions: refusal.suggestions, status: .unprocessableContent, errors: FormErrors(problems)
            ) { HTML.empty }
        case .success where !problems.isEmpty:
            return try await show(call, query, status: .unprocessableContent, errors: FormErrors(problems)) { HTML.empty }
        case .success(let party):
            let explanation = try await services.access.reports.explain(query.question(about: party), caller: call.caller)
            let parties = try Parties(services, call: call)
            let view = ExplanationView(
                explanation: explanation, query: query, call: call, parties: parties,
                mayChange: explanation.toAllow.map { SuggestedChanges(services, call: call).mayPerform($0.change) } ?? false)
            return try await show(call, query) { view.html }
        }
    }

    private func show(
        _ call: Call, _ query: ExplorerQuery, suggestions: [String] = [], status: HTTPResponse.Status = .ok,
        errors: FormErrors = .none, @HTMLBuilder answer: () -> HTML
    ) async throws -> Response {
        let head = PageHead(
            Texts.Explorer.title, sentence: Texts.Explorer.sentence, entry: .explorer, crumbs: [Crumb(Texts.Frame.access)],
            same: sameAs(call, query))
        let form = try form(call, query, suggestions: suggestions, errors: errors)
        let answer = answer()
        return try await services.page(call, head, status: status) {
            explorerTabs(call, .ask)
            form
            answer
        }
    }

    private func form(_ call: Call, _ query: ExplorerQuery, suggestions: [String], errors: FormErrors) throws -> HTML {
        let types = try services.resourceTypes(call)
        let isMore = !query.properties.isEmpty || !query.context.isEmpty
        return getForm(to: call.to("/explorer"), .class("ask")) {
            errorSummary(errors)
            div(.class("permission-line")) {
                kindField(query)
                findField(
                    "who", label: Texts.Explorer.who, value: query.who, errors: errors, path: call.to("/find"), kindField: "kind",
                    suggestions: suggestions, autofocus: query.isEmpty)
                actionField(query, types: types, errors: errors)
                typeField(query, types: types, errors: errors)
                textField(
                    "resource", label: Texts.Explorer.resource, value: query.resource, errors: errors, autocomplete: "off",
                    monospaced: true)
            }
            details(.class("more-fields"), .when(isMore, .open)) {
                summary(Texts.Explorer.more)
                div(.class("permission-line")) {
                    textAreaField(
                        "properties", label: Texts.Explorer.properties, value: query.properties,
                        hint: Texts.Explorer.propertiesHint, errors: errors, rows: 3, required: false, monospaced: true)
                    textAreaField(
                        "context", label: Texts.Explorer.context, value: query.context, hint: Texts.Explorer.contextHint,
                        errors: errors, rows: 3, required: false, monospaced: true)
                }
            }
            buttonRow { submitButton(Texts.Explorer.ask) }
        }
    }

    private func sameAs(_ call: Call, _ query: ExplorerQuery) -> SameAs {
        let (who, action) = (query.who.isEmpty ? "ann" : query.who, query.action.isEmpty ? "publish" : query.action)
        let (type, id) = (
            query.type.isEmpty ? "mqtt-topic" : query.type, query.resource.isEmpty ? "plant/7/set" : query.resource
        )
        return SameAs(
            command: "gatehouse explain \(shellQuoted(who)) \(shellQuoted(action)) \(shellQuoted(type + "/" + id))",
            call: curl(
                "POST", call.to("/api/v1/access/explain"),
                body: JSONObject([
                    ("subject", .object(JSONObject([("type", .string(query.kind.rawValue)), ("id", .string(who))]))),
                    ("action", .object(JSONObject([("name", .string(action))]))),
                    ("resource", .object(JSONObject([("type", .string(type)), ("id", .string(id))]))),
                ])))
    }
}

enum ExplorerTab {
    case ask, who, what
}

/// The three questions, each a page of its own.
func explorerTabs(_ call: Call, _ current: ExplorerTab) -> HTML {
    tabs(
        [
            Tab(Texts.Explorer.tabAsk, to: call.to("/explorer"), isCurrent: current == .ask),
            Tab(Texts.Explorer.tabWho, to: call.to("/explorer/who"), isCurrent: current == .who),
            Tab(Texts.Explorer.tabWhat, to: call.to("/explorer/what"), isCurrent: current == .what),
        ], label: Texts.Explorer.title)
}

func kindField(_ query: ExplorerQuery, withGroups: Bool = false) -> HTML {
    selectField(
        "kind", label: Texts.Explorer.kind,
        choices: [PrincipalKind.user, .service, .device, .group].filter { withGroups || $0 != .group }.map {
            SelectChoice($0.rawValue, $0.word)
        }, selected: query.kind.rawValue)
}

/// An action is typed; those of the chosen type, or of all, are offered.
func actionField(_ query: ExplorerQuery, types: [ResourceType], errors: FormErrors) -> HTML {
    let chosen = types.filter { $0.id == query.type }
    var offered: [String] = []
    for action in (chosen.isEmpty ? types : chosen).flatMap(\.actions) where !offered.contains(action.id) {
        offered.append(action.id)
    }
    return HTML {
        textField(
            "action", label: Texts.Permissions.exampleAction, value: query.action, errors: errors, autocomplete: "off",
            monospaced: true, list: "list-action")
        HTML.element("datalist", [.id("list-action")], HTML { for action in offered { option("", .value(action)) } })
    }
}

/// The types to choose from; typed by whoever may see none.
func typeField(_ query: ExplorerQuery, types: [ResourceType], errors: FormErrors) -> HTML {
    if types.isEmpty {
        return textField(
            "type", label: Texts.Permissions.type, value: query.type, errors: errors, autocomplete: "off", monospaced: true)
    }
    let ordered = types.filter { $0.plane == .runtime } + types.filter { $0.plane == .management }
    return selectField(
        "type", label: Texts.Permissions.type,
        choices: [SelectChoice("", Texts.Permissions.chooseType)] + ordered.map { SelectChoice($0.id, $0.name) },
        selected: query.type, errors: errors)
}
