import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/groups/{id}`: one group, who is in it, what it holds, and the question before it is deleted.
struct GroupPage: ConsolePages {
    private static let pageSize = 25

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/groups/{id}") { try await show($0) },
            Route(.post, "/groups/{id}/members") { try await add($0) },
            Route(.get, "/groups/{id}/delete") { try await ask($0) },
            Route(.post, "/groups/{id}/delete") { try await delete($0) },
        ]
    }

    /// The form that adds a member, as it was typed.
    private struct Addition {
        var kind = PrincipalKind.user.rawValue
        var name = ""
        var errors = FormErrors.none
        var suggestions: [String] = []
    }

    private func show(_ call: Call) async throws -> Response {
        try await show(call, try await services.access.groups.get(try call.id(), caller: call.caller), Addition())
    }

    private func show(_ call: Call, _ group: Group, _ addition: Addition, status: HTTPResponse.Status = .ok) async throws
        -> Response
    {
        let view = ListView(call, at: call.groupPath(group.id), fields: ["q", "sort"])
        let sort = view["sort"] ?? "name"
        let members = try await services.access.groups.members(
            of: group.id,
            ListQuery(search: view["q"], sort: sort, limit: Self.pageSize, after: call.query["after"].flatMap(optional)),
            caller: call.caller)
        let parties = try Parties(services, call: call)
        let held = try await services.holderCards(call, PrincipalReference(kind: .group, id: group.id), parties: parties)
        let head = PageHead(
            group.name, sentence: group.description.isEmpty ? nil : group.description, entry: .groups, crumbs: call.groupsCrumbs,
            action: actions(call, group),
            same: SameAs(
                command: "gatehouse group members \(shellQuoted(group.name))",
                call: curl("GET", call.to("/api/v1/groups", group.id.text, "members"))))
        return try await services.page(call, head, status: status) {
            membersCard(call, group, members, view: view, sort: sort, parties: parties, addition)
            held
            facts(group)
        }
    }

    private func actions(_ call: Call, _ group: Group) -> HTML {
        HTML {
            if services.gate.allows(.groupDelete, on: group.id.text, caller: call.caller) {
                dialogButton(Texts.Groups.delete, to: call.groupPath(group.id, "delete"))
            }
            if services.gate.allows(.groupUpdate, on: group.id.text, caller: call.caller) {
                linkButton(Texts.Groups.edit, to: call.groupPath(group.id, "edit"), .primary)
            }
        }
    }

    private func facts(_ group: Group) -> HTML {
        let now = services.clock.now()
        return card(Texts.Groups.facts) {
            keyValues {
                fact(Texts.Groups.created) { relativeTime(group.createdAt, now: now) }
                fact(Texts.Groups.updated) { relativeTime(group.updatedAt, now: now) }
                fact(Texts.Grants.source, group.source == "local" ? Texts.Grants.sourceLocal : group.source)
                fact(Texts.Users.identifier) { code(group.id.text) }
            }
        }
    }

    // MARK: Members

    private func membersCard(
        _ call: Call, _ group: Group, _ members: Page<GroupMember>, view: ListView, sort: String, parties: Parties,
        _ addition: Addition
    ) -> HTML {
        card(Texts.Groups.members, sentence: Texts.Groups.membersSentence, id: "members") {
            if services.gate.allows(.groupAddMember, on: group.id.text, caller: call.caller) { addForm(call, group, addition) }
            if view["q"] != nil || members.nextCursor != nil || members.previousCursor != nil {
                filterBar(view: view, search: Texts.Groups.memberSearch)
            }
            if members.items.isEmpty {
                p(view["q"] == nil ? Texts.Groups.noMembers : Texts.Groups.noMembersFound, .class("muted"))
            } else {
                dataTable(
                    members.items, caption: Texts.Groups.members, columns: columns(call, group, parties), view: view, sort: sort)
                if members.nextCursor != nil || members.previousCursor != nil { pagination(members, view: view) }
            }
        }
    }

    private func columns(_ call: Call, _ group: Group, _ parties: Parties) -> [Column<GroupMember>] {
        var columns: [Column<GroupMember>] = [
            Column(Texts.Groups.name, .main, sort: "name") { parties.mark($0.reference, named: $0.name) },
            Column(Texts.Groups.kind, .secondary, sort: "kind") { HTML($0.kind.word) },
        ]
        if services.gate.allows(.groupRemoveMember, on: group.id.text, caller: call.caller) {
            columns.append(
                Column(Texts.Groups.remove, .action) { member in
                    actionButton(
                        Texts.Groups.remove, to: call.to("/groups", group.id.text, "members", "remove"), csrf: call.csrfToken,
                        .quiet, fields: [("member", member.reference.text), ("back", "group")],
                        label: Texts.Groups.removeMember(member.name))
                })
        }
        return columns
    }

    private func addForm(_ call: Call, _ group: Group, _ addition: Addition) -> HTML {
        postForm(call, to: call.groupPath(group.id, "members"), .class("line-form")) {
            errorSummary(addition.errors)
            selectField(
                "kind", label: Texts.Groups.addTitle,
                choices: [PrincipalKind.user, .group, .service].map { SelectChoice($0.rawValue, $0.word) },
                selected: addition.kind)
            findField(
                "principal", label: Texts.Groups.memberName, value: addition.name, errors: addition.errors,
                path: call.to("/find"),
                kindField: "kind", suggestions: addition.suggestions)
            submitButton(Texts.Groups.add, .plain)
        }
    }

    private func add(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let group = try await services.access.groups.get(try call.id(), caller: call.caller)
        try services.gate.require(.groupAddMember, on: group.id.text, caller: call.caller)
        var addition = Addition(kind: form["kind"] ?? "", name: trimmed(form["principal"] ?? ""))
        guard let kind = PrincipalKind(rawValue: addition.kind) else { throw ServiceError.malformed(Texts.Parties.unknownKind) }
        switch try await Finder(services, call: call).party(kind, addition.name, field: "principal") {
        case .failure(let refused):
            addition.errors = FormErrors([refused.error])
            addition.suggestions = refused.suggestions
        case .success(let member):
            do {
                _ = try await services.access.groups.add(member, to: group.id, caller: call.caller)
                let name = try Parties(services, call: call).title(member)
                return call.redirect(
                    to: call.groupPath(group.id).anchored("members"), flash: .good(Texts.Groups.added(name, group.name)))
            } catch {
                guard let errors = FormErrors(joining: error) else { throw error }
                addition.errors = errors
            }
        }
        return try await show(call, group, addition, status: addition.errors.status)
    }

    // MARK: Deleting

    private func ask(_ call: Call) async throws -> Response {
        try await question(call, try await services.access.groups.get(try call.id(), caller: call.caller))
    }

    private func question(
        _ call: Call, _ group: Group, status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let consequences = try await services.access.groups.consequencesOfDeleting(group.id, caller: call.caller)
        let asks = Confirmation(
            title: Texts.Groups.deleteQuestion(group.name), button: Texts.Groups.deleteButton,
            action: call.groupPath(group.id, "delete"), cancel: call.groupPath(group.id))
        let head = PageHead(
            Texts.Groups.deleteQuestion(group.name), entry: .groups, crumbs: call.crumbs(below: group),
            same: SameAs(
                command: "gatehouse group delete \(shellQuoted(group.name))",
                call: curl("DELETE", call.to("/api/v1/groups", group.id.text))))
        return try await services.page(call, head, status: status) {
            confirmation(asks, call: call, errors: errors) {
                p(Texts.Groups.deleteSentence)
                ul {
                    for line in Texts.Groups.consequences(
                        members: consequences.members, roleAssignments: consequences.roleAssignments,
                        authorizations: consequences.authorizations)
                    {
                        li(line)
                    }
                }
                if services.holds(call, PrincipalReference(kind: .group, id: group.id)) { p { strong(Texts.Groups.yours) } }
            }
        }
    }

    private func delete(_ call: Call) async throws -> Response {
        _ = try await call.checkedForm()
        let group = try await services.access.groups.get(try call.id(), caller: call.caller)
        do {
            _ = try await services.access.groups.delete(group.id, ifMatch: nil, caller: call.caller)
        } catch ServiceError.conflict(let message, _) {
            return try await question(call, group, status: .conflict, errors: FormErrors(message: message))
        }
        return call.redirect(to: call.to("/groups"), flash: .good(Texts.Groups.deleted(group.name)))
    }
}
