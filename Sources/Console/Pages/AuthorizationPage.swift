import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/authorizations/{id}`: one authorization, and the question before it is taken away.
struct AuthorizationPage: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/authorizations/{id}") { try await show($0) },
            Route(.get, "/authorizations/{id}/delete") { try await ask($0) },
            Route(.post, "/authorizations/{id}/delete") { try await delete($0) },
        ]
    }

    private func show(_ call: Call) async throws -> Response {
        let authorization = try await services.access.authorizations.get(try call.id(), caller: call.caller)
        let parties = try Parties(services, call: call)
        let id = authorization.id
        let holder = authorization.terms.principal
        let head = PageHead(
            Texts.Authorizations.title(parties.title(holder)), entry: .assignments,
            crumbs: call.authorizationCrumbs,
            action: HTML {
                if services.gate.allows(.authorizationDelete, on: id.text, caller: call.caller) {
                    dialogButton(Texts.Authorizations.remove, to: call.authorizationPath(id, "delete"))
                }
                if services.gate.allows(.authorizationUpdate, on: id.text, caller: call.caller) {
                    linkButton(Texts.Authorizations.edit, to: call.authorizationPath(id, "edit"), .primary)
                }
            },
            same: SameAs(
                command: "gatehouse authorization show \(id.text)", call: curl("GET", call.to("/api/v1/authorizations", id.text)))
        )
        let words = try services.permissionWords(call)
        return try await services.page(call, head) {
            card(Texts.Authorizations.permissions) { permissionSentences(authorization.permissions, words) }
            card(Texts.Authorizations.facts) {
                keyValues {
                    fact(Texts.Grants.who) {
                        parties.nameLink(holder)
                        " "
                        tag(holder.kind.word)
                    }
                    grantFacts(authorization.terms, authorization.origin, id: id, parties: parties, now: services.clock.now())
                }
            }
        }
    }

    // MARK: Taking away

    private func ask(_ call: Call) async throws -> Response {
        let authorization = try await services.access.authorizations.get(try call.id(), caller: call.caller)
        try services.gate.require(.authorizationDelete, on: authorization.id.text, caller: call.caller)
        return try await question(call, authorization)
    }

    private func question(
        _ call: Call, _ authorization: Authorization, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let parties = try Parties(services, call: call)
        let who = parties.title(authorization.terms.principal)
        let words = try services.permissionWords(call)
        let path = call.authorizationPath(authorization.id)
        let asks = Confirmation(
            title: Texts.Authorizations.removeQuestion(who), button: Texts.Authorizations.removeButton,
            action: call.authorizationPath(authorization.id, "delete"), cancel: path)
        let isMine = services.holds(call, authorization.terms.principal)
        let members = try await services.members(call, of: authorization.terms.principal)
        let head = PageHead(
            Texts.Authorizations.removeQuestion(who), entry: .assignments,
            crumbs: call.authorizationCrumbs + [Crumb(Texts.Authorizations.title(who), path)],
            same: SameAs(
                command: "gatehouse authorization delete \(authorization.id.text)",
                call: curl("DELETE", call.to("/api/v1/authorizations", authorization.id.text))))
        return try await services.page(call, head, status: status) {
            confirmation(asks, call: call, errors: errors) {
                p(Texts.Authorizations.removeSentence)
                permissionSentences(authorization.permissions, words, atMost: 5)
                ul {
                    li(parties.scopeWords(authorization.terms.scope))
                    if let members { li(Texts.Assignments.members(members)) }
                }
                if isMine { p { strong(Texts.Authorizations.toYou) } }
            }
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let authorization = try await services.access.authorizations.get(try call.id(), caller: call.caller)
        let parties = try Parties(services, call: call)
        let words = Texts.Authorizations.removed(parties.title(authorization.terms.principal))
        do {
            _ = try await services.access.authorizations.delete(authorization.id, ifMatch: nil, caller: call.caller)
        } catch ServiceError.conflict(let message, _) {
            return try await question(call, authorization, status: .conflict, errors: FormErrors(message: message))
        }
        return call.redirect(to: call.to("/authorizations"), flash: .good(words))
    }
}
