import Access
import Audit
import Directory
import Model
import Web

/// What the address of the audit log asks for, read once and put as the list's filter.
struct AuditFilters: Sendable {
    static let names = ["action", "outcome", "actor", "target", "about", "request", "since", "from", "to"]

    /// Spans to choose from, by the word in the address.
    static let spans: [(value: String, title: String, seconds: Int64)] = [
        ("hour", Texts.Audit.lastHour, 3600), ("day", Texts.Audit.lastDay, 86_400),
        ("week", Texts.Audit.lastWeek, 7 * 86_400), ("month", Texts.Audit.lastMonth, 30 * 86_400),
    ]

    let view: ListView
    /// The same view with "now" nailed down, for the links to its other pages: cursors belong to one filter.
    let pages: ListView
    /// `nil`: everything.
    let filter: String?
    let chips: [FilterChip]
    /// A name in the address that nobody has.
    let nobody: String?

    var isEmpty: Bool { view.fields.isEmpty }

    init(_ call: Call, services: ConsoleServices) async throws {
        let view = ListView(call, at: call.to("/audit"), fields: Self.names)
        var terms: [String] = []
        var chips: [FilterChip] = []
        var nobody: String?
        if let action = view["action"] {
            terms.append("action eq \(Filter.quote(action))")
            chips.append(FilterChip(Texts.Audit.actionChip(Texts.Audit.words(action)), without: view.with("action", nil)))
        }
        if let text = view["outcome"] {
            guard let outcome = AuditEvent.Outcome(rawValue: text) else {
                throw ServiceError.malformed(Texts.Audit.unknownChoice(Texts.Audit.outcome))
            }
            terms.append("outcome eq \(Filter.quote(outcome.rawValue))")
            chips.append(FilterChip(Texts.Audit.outcomeChip(outcome.word), without: view.with("outcome", nil)))
        }
        let parties: [(field: String, paths: [String], chip: (String) -> String)] = [
            ("actor", ["actor.id"], Texts.Audit.actorChip), ("target", ["target.id"], Texts.Audit.targetChip),
            ("about", ["target.id", "actor.id"], Texts.Audit.aboutChip),
        ]
        for party in parties {
            guard let text = view[party.field] else { continue }
            let found = try await Self.party(text, services: services, caller: call.caller)
            if found == nil { nobody = text }
            // An id that no event has: the list is then empty, as it should be.
            let id = Filter.quote(found?.id ?? text)
            terms.append("(" + party.paths.map { "\($0) eq \(id)" }.joined(separator: " or ") + ")")
            chips.append(FilterChip(party.chip(found?.name ?? text), without: view.with(party.field, nil)))
        }
        if let request = view["request"] {
            terms.append("requestId eq \(Filter.quote(request))")
            chips.append(FilterChip(Texts.Audit.requestChip(request), without: view.with("request", nil)))
        }
        var fields = view.fields
        if let word = view["since"] {
            guard let span = Self.spans.first(where: { $0.value == word }) else {
                throw ServiceError.malformed(Texts.Audit.unknownChoice(Texts.Audit.since))
            }
            let end = try call.query["at"].flatMap(optional).map { try Self.instant($0, name: "at") } ?? services.clock.now()
            fields.append(("at", end.rfc3339))
            terms.append("time ge \(Filter.quote(end.adding(seconds: -span.seconds).rfc3339))")
            chips.append(FilterChip(span.title, without: view.with("since", nil)))
        }
        if let text = view["from"] {
            terms.append("time ge \(Filter.quote(try Self.instant(text, name: Texts.Audit.from).rfc3339))")
            chips.append(FilterChip(Texts.Audit.fromChip(text), without: view.with("from", nil)))
        }
        if let text = view["to"] {
            let instant = try Self.instant(text, name: Texts.Audit.to)
            // A bare day is meant whole.
            let end = text.utf8.count == 10 ? instant.adding(seconds: 86_400) : instant
            terms.append("time lt \(Filter.quote(end.rfc3339))")
            chips.append(FilterChip(Texts.Audit.toChip(text), without: view.with("to", nil)))
        }
        self.view = view
        pages = ListView(at: view.path, fields: fields)
        filter = terms.isEmpty ? nil : terms.joined(separator: " and ")
        self.chips = chips
        self.nobody = nobody
    }

    /// The form above the list; it keeps what it has no field for.
    func form() -> HTML {
        div(.class("filter-bar")) {
            getForm(to: view.path, .class("filters"), .role("search"), .label(Texts.Audit.filters)) {
                choice("action", Texts.Audit.action, Texts.Audit.actions.map { SelectChoice($0.name, $0.words) })
                choice(
                    "outcome", Texts.Audit.outcome,
                    [AuditEvent.Outcome.success, .failure].map { SelectChoice($0.rawValue, $0.word) })
                text("actor", Texts.Audit.actor)
                text("target", Texts.Audit.target)
                choice("since", Texts.Audit.since, Self.spans.map { SelectChoice($0.value, $0.title) })
                date("from", Texts.Audit.from)
                date("to", Texts.Audit.to)
                for name in ["about", "request"] {
                    if let value = view[name] { hiddenField(name, value) }
                }
                submitButton(Texts.Parts.filter, .plain)
            }
            if !chips.isEmpty {
                div(.class("chips")) {
                    for chip in chips {
                        link(chip.without, .class("chip"), .label(Texts.Parts.removeFilter(chip.text))) {
                            span(chip.text)
                            Icon.cross
                        }
                    }
                    if chips.count > 1 { link(Texts.Parts.clearFilters, to: view.path, .class("quiet-link")) }
                }
            }
        }
    }

    private func choice(_ name: String, _ title: String, _ choices: [SelectChoice]) -> HTML {
        label(.class("choice")) {
            span(title)
            select(.name(name), .data("data-submit")) {
                option(Texts.Parts.any, .value(""), .when(view[name] == nil, .selected))
                for item in choices { option(item.title, .value(item.value), .when(view[name] == item.value, .selected)) }
            }
        }
    }

    private func text(_ name: String, _ title: String) -> HTML {
        label(.class("choice")) {
            span(title)
            input(
                .type("text"), .name(name), .value(view[name] ?? ""), Attribute("placeholder", Texts.Audit.partyPlaceholder),
                Attribute("autocomplete", "off"), Attribute("spellcheck", "false"), Attribute("autocapitalize", "none"))
        }
    }

    private func date(_ name: String, _ title: String) -> HTML {
        label(.class("choice")) {
            span(title)
            input(.type("date"), .name(name), .value(String((view[name] ?? "").prefix(10))))
        }
    }

    /// Somebody by user name or id, as far as the viewer may see them; an id stands for itself.
    private static func party(
        _ text: String, services: ConsoleServices, caller: Caller
    ) async throws -> (id: String, name: String)? {
        if let id = EntityID(text) {
            do {
                return (id.text, try await services.users.get(id, caller: caller).displayName)
            } catch ServiceError.notFound {
                return (id.text, id.text)
            }
        }
        let found = try await services.users.list(
            ListQuery(filter: "username eq \(Filter.quote(text))", limit: 1), caller: caller
        ).items.first
        return found.map { ($0.id.text, $0.displayName) }
    }

    /// A day (`2026-11-21`, in UTC) or an instant of RFC 3339.
    private static func instant(_ text: String, name: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "T00:00:00Z") else {
            throw ServiceError.malformed(Texts.Audit.badDate(name))
        }
        return time
    }
}
