import Audit
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/audit`: the record, newest first, and `/audit/{id}`: one event.
struct AuditLogPages: ConsolePages {
    private static let pageSize = 25

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/audit") { try await list($0) },
            Route(.get, "/audit/{id}") { try await show($0) },
        ]
    }

    // MARK: The list

    private func list(_ call: Call) async throws -> Response {
        // The service shows an empty list to whoever may not read it; a page says so instead.
        try services.gate.require(.auditRead, caller: call.caller)
        let filters = try await AuditFilters(call, services: services)
        let page = try await services.audit.list(
            ListQuery(filter: filters.filter, limit: Self.pageSize, after: call.query["after"].flatMap(optional)),
            caller: call.caller)
        let head = PageHead(
            Texts.Audit.title, sentence: Texts.Audit.sentence, entry: .auditLog, crumbs: [Crumb(Texts.Frame.watch)],
            action: linkButton(Texts.Audit.verify, to: call.to("/audit/verify"), .primary), same: sameAs(call, filters))
        return try await services.page(call, head) {
            filters.form()
            if let nobody = filters.nobody {
                callout(Texts.Audit.nobody(nobody), .warn, text: Texts.Audit.nobodySentence)
            }
            if page.items.isEmpty {
                filters.isEmpty
                    ? emptyState(Texts.Audit.none, sentence: Texts.Audit.noneSentence)
                    : emptyState(
                        Texts.Audit.noneFound, sentence: Texts.Audit.noneFoundSentence,
                        action: linkButton(Texts.Audit.showAll, to: call.to("/audit")))
            } else {
                table(call, page.items)
            }
            if !page.items.isEmpty || page.previousCursor != nil { pagination(page, view: filters.pages) }
        }
    }

    private func table(_ call: Call, _ events: [AuditEvent]) -> HTML {
        let now = services.clock.now()
        return dataTable(
            events, caption: Texts.Audit.title,
            columns: [
                Column(Texts.Audit.what, .main) { event in
                    link(event.words, to: call.eventPath(event))
                    if let detail = event.detail { small(.class("muted")) { bdi(" " + detail) } }
                },
                Column(Texts.Audit.outcome) { event in statusDot(event.outcome.word, event.outcome.tone) },
                Column(Texts.Audit.who) { event in call.partyLink(event.actor) },
                Column(Texts.Audit.onWhat) { event in
                    if let target = event.target, target.id == event.actor?.id {
                        span(Texts.Audit.ownAccount, .class("muted"))
                    } else if let target = event.target {
                        call.partyLink(target)
                    } else {
                        span(Texts.Parts.nothing, .class("muted"))
                    }
                },
                Column(Texts.Audit.when) { relativeTime($0.time, now: now) },
                Column(Texts.Audit.address, .secondary) { event in
                    span(event.address.isEmpty ? Texts.Parts.nothing : event.address, .class("num"))
                },
            ])
    }

    private func sameAs(_ call: Call, _ filters: AuditFilters) -> SameAs {
        SameAs(
            command: "gatehouse audit list" + (filters.filter.map { " --filter \(shellQuoted($0))" } ?? ""),
            call: curl("GET", call.to("/api/v1/audit-events").query("filter", filters.filter)))
    }

    // MARK: One event

    private func show(_ call: Call) async throws -> Response {
        let event = try await services.audit.get(try call.id(), caller: call.caller)
        let head = PageHead(
            event.words, sentence: TimeWords.relative(event.time, now: services.clock.now()), entry: .auditLog,
            crumbs: [Crumb(Texts.Frame.watch), Crumb(Texts.Audit.title, call.to("/audit"))],
            same: SameAs(
                command: "gatehouse audit list --filter \(shellQuoted("id eq \"\(event.id.text)\""))",
                call: curl(
                    "GET", call.to("/api/v1/audit-events").query("filter", "id eq \"\(event.id.text)\""))))
        return try await services.page(call, head) {
            card(Texts.Audit.event) { facts(call, event) }
            card(Texts.Audit.changes, sentence: Texts.Audit.changesSentence) {
                if event.changes.isEmpty {
                    p(Texts.Audit.noChanges, .class("muted"))
                } else {
                    dataTable(
                        event.changes, caption: Texts.Audit.changes,
                        columns: [
                            Column(Texts.Audit.field, .main) { change in code(change.field) },
                            Column(Texts.Audit.old) { value($0.old) },
                            Column(Texts.Audit.new) { value($0.new) },
                        ])
                }
            }
        }
    }

    private func facts(_ call: Call, _ event: AuditEvent) -> HTML {
        keyValues {
            fact(Texts.Audit.when) { exactTime(event.time) }
            fact(Texts.Audit.outcome) { statusDot(event.outcome.word, event.outcome.tone) }
            fact(Texts.Audit.who) { call.partyLink(event.actor) }
            fact(Texts.Audit.onWhat) {
                if let target = event.target { call.partyLink(target) } else { span(Texts.Parts.nothing, .class("muted")) }
            }
            if let detail = event.detail { fact(Texts.Audit.detail, detail) }
            fact(Texts.Audit.address, event.address)
            fact(Texts.Audit.actionName) { code(event.action) }
            fact(Texts.Audit.realm, event.realm.text)
            fact(Texts.Audit.request) {
                if event.requestID.isEmpty {
                    span(Texts.Parts.nothing, .class("muted"))
                } else {
                    code(event.requestID)
                    lineBreak()
                    link(Texts.Audit.sameRequest, to: call.to("/audit").query("request", event.requestID))
                }
            }
            fact(Texts.Audit.identifier) { code(event.id.text) }
        }
    }

    private func value(_ value: JSONValue) -> HTML {
        switch value {
        case .null: span(Texts.Parts.nothing, .class("muted"))
        case .string(let text): bdi(text)
        default: code(value.text)
        }
    }
}
