import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/roles/{id}`: what a role allows, in sentences, and who holds it.
struct RolePage: ConsolePages {
    private static let holderCount = 10

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/roles/{id}") { try await show($0) },
            Route(.get, "/roles/{id}/delete") { try await askToDelete($0) },
            Route(.post, "/roles/{id}/delete") { try await delete($0) },
        ]
    }

    private func show(_ call: Call) async throws -> Response {
        let item = try await services.access.roles.get(try call.parameter("id"), caller: call.caller)
        let role = item.role
        let parties = try Parties(services, call: call)
        let words = try services.permissionWords(call)
        let holders = try await holders(of: role, call: call)
        let expanded = try services.gate.snapshot(of: call.realm).snapshot.role(role.id)
        let head = PageHead(
            role.name, sentence: role.description.isEmpty ? Texts.Roles.pageSentence : role.description, entry: .roles,
            crumbs: call.rolesCrumbs, action: actions(call, item), same: sameAs(call, role))
        return try await services.page(call, head) {
            if role.isBuiltIn { callout(Texts.Roles.protectedTitle, .idle, text: Texts.Roles.protectedSentence) }
            card(Texts.Roles.allows, sentence: Texts.Roles.allowsSentence) {
                if role.permissions.isEmpty, role.includes.isEmpty { p(Texts.Roles.allowsNothing, .class("muted")) }
                permissionList(role.permissions, words: words)
                for part in (expanded?.parts ?? []).dropFirst() { included(call, part, words: words, parties: parties) }
            }
            if let holders { holdersCard(call, role, holders, parties: parties) }
            card(Texts.Roles.details) { facts(item) }
        }
    }

    /// `nil` for whoever may read no assignments.
    private func holders(of role: Role, call: Call) async throws -> Page<RoleAssignment>? {
        guard services.gate.allowsAny(.assignmentRead, caller: call.caller) else { return nil }
        return try await services.access.roleAssignments.list(
            ListQuery(filter: "role eq \(Filter.quote(role.id))", limit: Self.holderCount), caller: call.caller)
    }

    private func actions(_ call: Call, _ item: StoredRole) -> HTML? {
        guard !item.role.isBuiltIn else { return nil }
        return HTML {
            if services.gate.allows(.roleDelete, on: item.role.id, caller: call.caller) {
                dialogButton(Texts.Roles.delete, to: call.rolePath(item.role.id, "delete"))
            }
            if services.gate.allows(.roleUpdate, on: item.role.id, caller: call.caller) {
                linkButton(Texts.Roles.edit, to: call.rolePath(item.role.id, "edit"), .primary)
            }
        }
    }

    private func permissionList(_ permissions: [Permission], words: PermissionWords) -> HTML? {
        guard !permissions.isEmpty else { return nil }
        return ul(.class("plain-list")) { for permission in permissions { li { words.sentence(permission) } } }
    }

    private func included(
        _ call: Call, _ part: (path: [String], name: String, permissions: [Permission]), words: PermissionWords, parties: Parties
    ) -> HTML {
        div(.class("brief")) {
            h3 {
                Texts.Roles.through + " "
                for (index, id) in part.path.dropFirst().enumerated() {
                    if index > 0 { " → " }
                    parties.roleLink(id)
                }
            }
            permissionList(part.permissions, words: words) ?? p(Texts.Roles.allowsNothing, .class("muted"))
        }
    }

    private func holdersCard(_ call: Call, _ role: Role, _ page: Page<RoleAssignment>, parties: Parties) -> HTML {
        let now = services.clock.now()
        let all = call.to("/role-assignments").query("role", role.id)
        let assign =
            services.gate.allows(.assignmentCreate, caller: call.caller)
            ? linkButton(Texts.Roles.assign, to: call.to("/role-assignments/new").query("role", role.id)) : nil
        return card(Texts.Roles.holders, sentence: Texts.Roles.holdersSentence, action: assign) {
            if page.items.isEmpty {
                p(Texts.Roles.noHolders, .class("muted"))
            } else {
                dataTable(
                    page.items, caption: Texts.Roles.holders,
                    columns: [
                        Column(Texts.Roles.holder, .main) { parties.mark($0.terms.principal) },
                        Column(Texts.Grants.scope) { parties.scope($0.terms.scope) },
                        Column(Texts.Grants.ends) { grantEnd($0.terms, now: now) },
                        Column(Texts.Roles.assignment, .action) { item in
                            linkButton(
                                Texts.Roles.open, to: call.to("/role-assignments", item.id.text), .quiet,
                                .label(Texts.Roles.openAssignment(parties.title(item.terms.principal))))
                        },
                    ])
            }
            p(.class("spaced-above")) {
                if page.nextCursor != nil {
                    link(Texts.Roles.allHolders, to: all)
                    " · "
                }
                link(Texts.Roles.flat, to: call.to("/permissions").query("role", role.id))
            }
        }
    }

    private func facts(_ item: StoredRole) -> HTML {
        let now = services.clock.now()
        return keyValues {
            fact(Texts.Roles.identifier) { code(item.role.id) }
            fact(Texts.Roles.origin) { sourceTag(item.source) ?? HTML(Texts.Roles.madeHere) }
            if let created = item.createdAt { fact(Texts.Users.created) { relativeTime(created, now: now) } }
            if let updated = item.updatedAt { fact(Texts.Users.updated) { relativeTime(updated, now: now) } }
        }
    }

    private func sameAs(_ call: Call, _ role: Role) -> SameAs {
        SameAs(
            command: "gatehouse role show \(shellQuoted(role.id))",
            call: curl("GET", call.to("/api/v1/roles", role.id)))
    }

    // MARK: Deleting

    private func askToDelete(_ call: Call) async throws -> Response {
        let item = try await services.access.roles.get(try call.parameter("id"), caller: call.caller)
        try services.gate.require(.roleDelete, on: item.role.id, caller: call.caller)
        return try await deletion(call, of: item.role)
    }

    private func deletion(
        _ call: Call, of role: Role, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let count = try await services.access.roles.assignmentCount(of: role.id, caller: call.caller)
        let question = Confirmation(
            title: Texts.Roles.deleteQuestion(role.name), button: Texts.Roles.deleteButton,
            action: call.rolePath(role.id, "delete"), cancel: call.rolePath(role.id))
        let head = PageHead(
            question.title, entry: .roles, crumbs: call.crumbs(below: role),
            same: SameAs(
                command: "gatehouse role delete \(shellQuoted(role.id))", call: curl("DELETE", call.to("/api/v1/roles", role.id)))
        )
        return try await services.page(call, head, status: status) {
            confirmation(question, call: call, errors: errors) {
                p(Texts.Roles.deleteSentence)
                ul {
                    li(Texts.Roles.assignmentCount(count))
                    li(Texts.Roles.permissionWords(role.permissions.count))
                }
            }
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let role = try await services.access.roles.get(try call.parameter("id"), caller: call.caller).role
        do {
            _ = try await services.access.roles.delete(role.id, ifMatch: nil, caller: call.caller)
        } catch ServiceError.conflict(let message, _) {
            return try await deletion(call, of: role, status: .conflict, errors: FormErrors(message: message))
        }
        return call.redirect(to: call.to("/roles"), flash: .good(Texts.Roles.deleted(role.name)))
    }
}
