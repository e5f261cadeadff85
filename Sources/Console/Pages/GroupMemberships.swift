import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

extension FormErrors {
    /// What a service refused in a membership. Not to hold what the group holds is no reason to lose what was typed.
    init?(joining error: any Error) {
        if case ServiceError.forbidden(let permission)? = error as? ServiceError {
            self.init(message: Texts.Groups.notYours(permission), status: .forbidden)
        } else {
            self.init(error)
        }
    }
}

/// Putting somebody into a group from their own page, and taking them out.
struct GroupMemberships: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/groups/join") { try await openForm($0) },
            Route(.post, "/groups/join") { try await join($0) },
            Route(.post, "/groups/{id}/members/remove") { try await remove($0) },
        ]
    }

    // MARK: In

    private func openForm(_ call: Call) async throws -> Response {
        try await form(call, try member(call.query["principal"], call), group: "")
    }

    /// Whom the address or the form names; `notFound` for anybody the viewer may not see.
    private func member(_ text: String?, _ call: Call) throws -> PrincipalReference {
        guard let member = text.flatMap({ PrincipalReference(text: $0) }), try Parties(services, call: call).name(member) != nil
        else {
            throw ServiceError.notFound
        }
        return member
    }

    private func form(
        _ call: Call, _ member: PrincipalReference, group: String, status: HTTPResponse.Status = .ok, errors: FormErrors = .none,
        suggestions: [String] = []
    ) async throws -> Response {
        guard services.gate.allowsAny(.groupAddMember, caller: call.caller) else {
            throw ServiceError.forbidden(permission: ManagementPermission.groupAddMember.description)
        }
        let parties = try Parties(services, call: call)
        let name = parties.title(member)
        let back = parties.path(member) ?? call.to("/groups")
        let head = PageHead(
            Texts.Holders.joinTitle(name), sentence: Texts.Holders.joinSentence, entry: .groups,
            crumbs: call.groupsCrumbs + [Crumb(name, back)],
            same: SameAs(
                command: "gatehouse group add plant-7 \(shellQuoted("\(member.kind.rawValue):\(name)"))",
                call: curl("PUT", call.to("/api/v1/groups", "019a…", "members", member.kind.rawValue + "s", member.id.text))))
        return try await services.page(call, head, status: status) {
            postForm(call, to: call.to("/groups/join"), .class("form")) {
                errorSummary(errors)
                hiddenField("principal", member.text)
                findField(
                    "group", label: Texts.Parties.groupKind, value: group, hint: Texts.Groups.searchPlaceholder, errors: errors,
                    path: call.to("/find").query("kind", "group"), suggestions: suggestions, autofocus: true)
                buttonRow {
                    submitButton(Texts.Holders.joinButton)
                    linkButton(Texts.Parts.cancel, to: back)
                }
            }
        }
    }

    private func join(_ call: Call) async throws -> Response {
        let fields = try await call.checkedForm()
        let member = try member(fields["principal"], call)
        let typed = trimmed(fields["group"] ?? "")
        switch try await Finder(services, call: call).party(.group, typed, field: "group") {
        case .failure(let refused):
            return try await form(
                call, member, group: typed, status: .unprocessableContent, errors: FormErrors([refused.error]),
                suggestions: refused.suggestions)
        case .success(let group):
            do {
                _ = try await services.access.groups.add(member, to: group.id, caller: call.caller)
            } catch {
                guard let errors = FormErrors(joining: error) else { throw error }
                return try await form(call, member, group: typed, status: errors.status, errors: errors)
            }
            let parties = try Parties(services, call: call)
            return call.redirect(
                to: (parties.path(member) ?? call.groupPath(group.id)).anchored("groups"),
                flash: .good(Texts.Holders.joined(parties.title(member), parties.title(group))))
        }
    }

    // MARK: Out

    private func remove(_ call: Call) async throws -> Response {
        let fields = try await call.checkedForm()
        let group = try await services.access.groups.get(try call.id(), caller: call.caller)
        let member = try member(fields["member"], call)
        let parties = try Parties(services, call: call)
        let onGroup = call.groupPath(group.id).anchored("members")
        let back = fields["back"] == "member" ? parties.path(member)?.anchored("groups") ?? onGroup : onGroup
        do {
            _ = try await services.access.groups.remove(member, from: group.id, caller: call.caller)
        } catch ServiceError.conflict(let message, _) {
            return call.redirect(to: back, flash: .bad(message))
        }
        return call.redirect(to: back, flash: .good(Texts.Groups.removed(parties.title(member), group.name)))
    }
}
