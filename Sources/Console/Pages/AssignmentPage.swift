import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/role-assignments/{id}`: one assignment, and the question before it is taken away.
struct AssignmentPage: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/role-assignments/{id}") { try await show($0) },
            Route(.get, "/role-assignments/{id}/delete") { try await ask($0) },
            Route(.post, "/role-assignments/{id}/delete") { try await delete($0) },
        ]
    }

    private func show(_ call: Call) async throws -> Response {
        let assignment = try await services.access.roleAssignments.get(try call.id(), caller: call.caller)
        let parties = try Parties(services, call: call)
        let id = assignment.id
        let holder = assignment.terms.principal
        let head = PageHead(
            Texts.Assignments.title(parties.roleName(assignment.role), parties.title(holder)), entry: .assignments,
            crumbs: call.assignmentCrumbs,
            action: HTML {
                if services.gate.allows(.assignmentDelete, on: id.text, caller: call.caller) {
                    dialogButton(Texts.Assignments.remove, to: call.assignmentPath(id, "delete"))
                }
                if services.gate.allows(.assignmentUpdate, on: id.text, caller: call.caller) {
                    linkButton(Texts.Assignments.edit, to: call.assignmentPath(id, "edit"), .primary)
                }
            },
            same: SameAs(
                command: "gatehouse assignment show \(id.text)", call: curl("GET", call.to("/api/v1/role-assignments", id.text))))
        return try await services.page(call, head) {
            card(Texts.Assignments.facts) {
                keyValues {
                    fact(Texts.Grants.who) {
                        parties.nameLink(holder)
                        " "
                        tag(holder.kind.word)
                    }
                    fact(Texts.Assignments.role) { parties.roleLink(assignment.role) }
                    grantFacts(assignment.terms, assignment.origin, id: id, parties: parties, now: services.clock.now())
                }
            }
        }
    }

    // MARK: Taking away

    private func ask(_ call: Call) async throws -> Response {
        let assignment = try await services.access.roleAssignments.get(try call.id(), caller: call.caller)
        try services.gate.require(.assignmentDelete, on: assignment.id.text, caller: call.caller)
        return try await question(call, assignment)
    }

    private func question(
        _ call: Call, _ assignment: RoleAssignment, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let parties = try Parties(services, call: call)
        let (who, role) = (parties.title(assignment.terms.principal), parties.roleName(assignment.role))
        let path = call.assignmentPath(assignment.id)
        let asks = Confirmation(
            title: Texts.Assignments.removeQuestion(role, who), button: Texts.Assignments.removeButton,
            action: call.assignmentPath(assignment.id, "delete"), cancel: path)
        let isMine = services.holds(call, assignment.terms.principal)
        let members = try await services.members(call, of: assignment.terms.principal)
        let head = PageHead(
            Texts.Assignments.removeQuestion(role, who), entry: .assignments,
            crumbs: call.assignmentCrumbs + [Crumb(Texts.Assignments.title(role, who), path)],
            same: SameAs(
                command: "gatehouse assignment delete \(assignment.id.text)",
                call: curl("DELETE", call.to("/api/v1/role-assignments", assignment.id.text))))
        return try await services.page(call, head, status: status) {
            confirmation(asks, call: call, errors: errors) {
                p(Texts.Assignments.removeSentence)
                ul {
                    if let count = parties.role(assignment.role)?.permissions.count {
                        li { "\(Texts.Assignments.permissions(count)), " + parties.scopeWords(assignment.terms.scope) }
                    }
                    if let members { li(Texts.Assignments.members(members)) }
                }
                if isMine { p { strong(Texts.Assignments.toYou) } }
            }
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let assignment = try await services.access.roleAssignments.get(try call.id(), caller: call.caller)
        let parties = try Parties(services, call: call)
        let words = Texts.Assignments.removed(parties.roleName(assignment.role), parties.title(assignment.terms.principal))
        do {
            _ = try await services.access.roleAssignments.delete(assignment.id, ifMatch: nil, caller: call.caller)
        } catch ServiceError.conflict(let message, _) {
            return try await question(call, assignment, status: .conflict, errors: FormErrors(message: message))
        }
        return call.redirect(to: call.to("/role-assignments"), flash: .good(words))
    }
}
