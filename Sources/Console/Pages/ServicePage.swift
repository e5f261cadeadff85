import Access
import Authentication
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/services/{id}`: one service, its tokens and what it holds, and the questions before what hurts.
struct ServicePage: ConsolePages {
    /// More tokens than this a service hardly has.
    private static let newest = ListQuery(limit: 50)

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/services/{id}") { try await show($0) },
            Route(.get, "/services/{id}/disable") { try await askToDisable($0) },
            Route(.post, "/services/{id}/disable") { try await disable($0) },
            Route(.post, "/services/{id}/enable") { try await enable($0) },
            Route(.get, "/services/{id}/delete") { try await askToDelete($0) },
            Route(.post, "/services/{id}/delete") { try await delete($0) },
        ]
    }

    private func show(_ call: Call) async throws -> Response {
        let service = try await services.access.services.get(try call.id(), caller: call.caller)
        let may = ServicePermissions(call, gate: services.gate, on: service.id)
        let tokens =
            may.mayReadTokens ? try await services.access.services.tokens(of: service.id, Self.newest, caller: call.caller) : nil
        let parties = try Parties(services, call: call)
        let held = try await services.holderCards(call, service.reference, parties: parties)
        let words = try services.permissionWords(call)
        let head = PageHead(
            service.name, sentence: service.description.isEmpty ? nil : service.description, entry: .services,
            crumbs: call.servicesCrumbs, action: actions(call, service, may),
            same: SameAs(
                command: "gatehouse service show \(shellQuoted(service.name))",
                call: curl("GET", call.to("/api/v1/services", service.id.text))))
        return try await services.page(call, head) {
            if service.status == .disabled {
                callout(Texts.Services.disabledTitle, .idle, text: Texts.Services.disabledSentence)
            }
            if let tokens { tokensCard(call, service, tokens, may, words) }
            held
            facts(service)
        }
    }

    private func actions(_ call: Call, _ service: ServicePrincipal, _ may: ServicePermissions) -> HTML {
        HTML {
            if may.mayDelete { dialogButton(Texts.Services.delete, to: call.servicePath(service.id, "delete")) }
            if may.mayDisable, service.status == .disabled {
                actionButton(Texts.Services.enable, to: call.servicePath(service.id, "enable"), csrf: call.csrfToken)
            } else if may.mayDisable {
                dialogButton(Texts.Services.disable, to: call.servicePath(service.id, "disable"), .plain)
            }
            if may.mayUpdate { linkButton(Texts.Services.edit, to: call.servicePath(service.id, "edit"), .primary) }
        }
    }

    private func facts(_ service: ServicePrincipal) -> HTML {
        let now = services.clock.now()
        return card(Texts.Services.facts) {
            keyValues {
                fact(Texts.Services.status) { service.status.mark }
                fact(Texts.Services.created) { relativeTime(service.createdAt, now: now) }
                fact(Texts.Groups.updated) { relativeTime(service.updatedAt, now: now) }
                fact(Texts.Users.identifier) { code(service.id.text) }
            }
        }
    }

    private func tokensCard(
        _ call: Call, _ service: ServicePrincipal, _ tokens: Page<APIToken>, _ may: ServicePermissions, _ words: PermissionWords
    ) -> HTML {
        let create =
            may.mayCreateToken
            ? linkButton(Texts.Services.createToken, to: call.to("/services", service.id.text, "tokens", "new")) : nil
        return card(Texts.Services.tokens, sentence: Texts.Services.tokensSentence, action: create, id: "tokens") {
            if tokens.items.isEmpty {
                p(Texts.Services.noTokens, .class("muted"))
            } else {
                dataTable(tokens.items, caption: Texts.Services.tokens, columns: columns(call, service, may, words))
            }
        }
    }

    private func columns(
        _ call: Call, _ service: ServicePrincipal, _ may: ServicePermissions, _ words: PermissionWords
    ) -> [Column<APIToken>] {
        let now = services.clock.now()
        var columns: [Column<APIToken>] = [
            Column(Texts.Services.name, .main) { token in
                strong { bdi(token.name) }
                " "
                code(token.hint + "…", .class("muted"))
            },
            Column(Texts.Services.lastUsed) { relativeTime($0.lastUsedAt, now: now) },
            Column(Texts.Services.expires) { tokenEnd($0.expiresAt, now: now) },
            Column(Texts.Services.created, .secondary) { relativeTime($0.createdAt, now: now) },
            Column(Texts.Services.limits, .secondary) { token in
                if let permissions = token.permissions?.array {
                    permissionSentences(permissions.map { PermissionDraft($0) }, words, atMost: 2)
                } else {
                    span(Texts.Services.unlimited, .class("muted"))
                }
            },
        ]
        if may.mayDeleteToken {
            columns.append(
                Column(Texts.Services.deleteToken, .action) { token in
                    dialogButton(
                        Texts.Services.deleteToken,
                        to: call.to("/services", service.id.text, "tokens", token.id.text, "delete"), .quiet,
                        .label(Texts.Services.deleteTokenNamed(token.name)))
                })
        }
        return columns
    }

    // MARK: Disabling and enabling

    private func askToDisable(_ call: Call) async throws -> Response {
        let service = try await services.access.services.get(try call.id(), caller: call.caller)
        try services.gate.require(.serviceDisable, on: service.id.text, caller: call.caller)
        return try await disabling(call, service)
    }

    private func disabling(
        _ call: Call, _ service: ServicePrincipal, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let tokens = try await tokenCount(call, service)
        let asks = Confirmation(
            title: Texts.Services.disableQuestion(service.name), button: Texts.Services.disableButton,
            action: call.servicePath(service.id, "disable"), cancel: call.servicePath(service.id))
        let head = PageHead(
            Texts.Services.disableQuestion(service.name), entry: .services, crumbs: call.crumbs(below: service),
            same: SameAs(
                command: "gatehouse service disable \(shellQuoted(service.name))",
                call: curl(
                    "PATCH", call.to("/api/v1/services", service.id.text),
                    body: JSONObject([("status", .string("disabled"))]))))
        return try await services.page(call, head, status: status) {
            confirmation(asks, call: call, errors: errors) {
                p(Texts.Services.disableConsequence)
                if let tokens { ul { li(Texts.Services.tokenCount(tokens)) } }
            }
        }
    }

    /// `nil` for whoever may not see them.
    private func tokenCount(_ call: Call, _ service: ServicePrincipal) async throws -> Int? {
        guard services.gate.allows(.serviceReadTokens, on: service.id.text, caller: call.caller) else { return nil }
        return try await services.access.services.tokens(of: service.id, ListQuery(limit: 1), caller: call.caller).total
    }

    private func setStatus(_ status: ServicePrincipal.Status, of service: ServicePrincipal, call: Call) async throws {
        var patch = ServicePatch()
        patch.status = .set(status.rawValue)
        _ = try await services.access.services.update(service.id, patch, ifMatch: nil, caller: call.caller)
    }

    private func disable(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let service = try await services.access.services.get(try call.id(), caller: call.caller)
        do {
            try await setStatus(.disabled, of: service, call: call)
        } catch ServiceError.conflict(let message, _) {
            return try await disabling(call, service, status: .conflict, errors: FormErrors(message: message))
        }
        return call.redirect(to: call.servicePath(service.id), flash: .good(Texts.Services.disabledFlash(service.name)))
    }

    private func enable(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let service = try await services.access.services.get(try call.id(), caller: call.caller)
        try await setStatus(.active, of: service, call: call)
        return call.redirect(to: call.servicePath(service.id), flash: .good(Texts.Services.enabledFlash(service.name)))
    }

    // MARK: Deleting

    private func askToDelete(_ call: Call) async throws -> Response {
        let service = try await services.access.services.get(try call.id(), caller: call.caller)
        try services.gate.require(.serviceDelete, on: service.id.text, caller: call.caller)
        return try await deletion(call, service)
    }

    private func deletion(
        _ call: Call, _ service: ServicePrincipal, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        var lines = [Texts.Services.tokenCount(try await tokenCount(call, service) ?? 0)]
        if services.gate.offers(.assignmentRead, call: call) {
            let filter = "principal.id eq \(Filter.quote(service.id.text)) and principal.kind eq \"service\""
            let held = try await services.access.roleAssignments.list(ListQuery(filter: filter, limit: 1), caller: call.caller)
            if let total = held.total, total > 0 { lines.append(Texts.Services.assignmentCount(total)) }
        }
        let groups = try Parties(services, call: call).groups(of: service.reference).filter(\.isDirect).count
        if groups > 0 { lines.append(Texts.Services.groupCount(groups)) }
        let asks = Confirmation(
            title: Texts.Services.deleteQuestion(service.name), button: Texts.Services.deleteButton,
            action: call.servicePath(service.id, "delete"), cancel: call.servicePath(service.id))
        let head = PageHead(
            Texts.Services.deleteQuestion(service.name), entry: .services, crumbs: call.crumbs(below: service),
            same: SameAs(
                command: "gatehouse service delete \(shellQuoted(service.name))",
                call: curl("DELETE", call.to("/api/v1/services", service.id.text))))
        return try await services.page(call, head, status: status) {
            confirmation(asks, call: call, errors: errors) {
                p(Texts.Services.deleteSentence)
                ul { for line in lines { li(line) } }
            }
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let service = try await services.access.services.get(try call.id(), caller: call.caller)
        do {
            _ = try await services.access.services.delete(service.id, ifMatch: nil, caller: call.caller)
        } catch ServiceError.conflict(let message, _) {
            return try await deletion(call, service, status: .conflict, errors: FormErrors(message: message))
        }
        return call.redirect(to: call.to("/services"), flash: .good(Texts.Services.deleted(service.name)))
    }
}

/// When a token ends, with a tag where that is over or near.
func tokenEnd(_ end: Timestamp?, now: Timestamp) -> HTML {
    HTML {
        if let end {
            relativeTime(end, now: now)
            if end <= now {
                " "
                tag(Texts.Grants.expired, .idle)
            } else if end < now.adding(seconds: 7 * 86_400) {
                " "
                tag(Texts.Grants.endsSoon, .warn)
            }
        } else {
            span(Texts.Grants.unending, .class("num"))
        }
    }
}
