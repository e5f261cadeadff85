import Access
import Directory
import Grants
import Model
import Web

extension ConsoleServices {
    /// More of these stand on a page of their own.
    private static var grantsShown: Int { 10 }

    /// What somebody or some group holds and is a member of: the same on the pages of users, groups and services. Only what the
    /// viewer may see.
    func holderCards(_ call: Call, _ holder: PrincipalReference, parties: Parties) async throws -> HTML {
        let roles = try await rolesCard(call, holder, parties)
        let direct = try await authorizationsCard(call, holder, parties)
        return HTML {
            membershipsCard(call, holder, parties)
            roles
            direct
        }
    }

    private func filter(_ holder: PrincipalReference) -> ListQuery {
        ListQuery(
            filter: "principal.id eq \(Filter.quote(holder.id.text)) and principal.kind eq \(Filter.quote(holder.kind.rawValue))",
            limit: Self.grantsShown)
    }

    private func rolesCard(_ call: Call, _ holder: PrincipalReference, _ parties: Parties) async throws -> HTML? {
        guard gate.offers(.assignmentRead, call: call) else { return nil }
        let page = try await access.roleAssignments.list(filter(holder), caller: call.caller)
        let give =
            gate.allows(.assignmentCreate, caller: call.caller)
            ? linkButton(Texts.Assignments.create, to: call.to("/role-assignments/new").query("principal", holder.text)) : nil
        return card(Texts.Holders.roles, sentence: Texts.Holders.rolesSentence(holder.kind), action: give, id: "roles") {
            if page.items.isEmpty {
                p(Texts.Holders.noRoles, .class("muted"))
            } else {
                assignmentTable(page.items, call: call, gate: gate, parties: parties, now: clock.now(), withHolder: false)
            }
            if page.nextCursor != nil {
                p { link(Texts.Holders.allRoles, to: call.to("/role-assignments").query("principal", holder.text)) }
            }
        }
    }

    private func authorizationsCard(_ call: Call, _ holder: PrincipalReference, _ parties: Parties) async throws -> HTML? {
        guard gate.offers(.authorizationRead, call: call) else { return nil }
        let page = try await access.authorizations.list(filter(holder), caller: call.caller)
        guard !page.items.isEmpty else { return nil }
        let create =
            gate.allows(.authorizationCreate, caller: call.caller)
            ? linkButton(Texts.Authorizations.create, to: call.to("/authorizations/new").query("principal", holder.text)) : nil
        let words = try permissionWords(call)
        return card(Texts.Authorizations.tab, sentence: Texts.Holders.directSentence, action: create) {
            authorizationTable(
                page.items, call: call, gate: gate, parties: parties, words: words, now: clock.now(), withHolder: false)
            if page.nextCursor != nil {
                p { link(Texts.Holders.allDirect, to: call.to("/authorizations").query("principal", holder.text)) }
            }
        }
    }

    private func membershipsCard(_ call: Call, _ holder: PrincipalReference, _ parties: Parties) -> HTML? {
        guard gate.offers(.groupRead, call: call) else { return nil }
        let groups = parties.groups(of: holder)
        let join =
            gate.allowsAny(.groupAddMember, caller: call.caller)
            ? linkButton(Texts.Holders.join, to: call.to("/groups/join").query("principal", holder.text)) : nil
        return card(Texts.Holders.groups, sentence: Texts.Holders.groupsSentence(holder.kind), action: join, id: "groups") {
            if groups.isEmpty {
                p(Texts.Holders.noGroups, .class("muted"))
            } else {
                dataTable(
                    groups, caption: Texts.Holders.groups,
                    columns: [
                        Column(Texts.Groups.name, .main) { parties.nameLink($0.group) },
                        Column(Texts.Holders.how) { row in
                            row.isDirect ? HTML(Texts.Holders.directly) : span(Texts.Holders.byGroup, .class("muted"))
                        },
                        Column(Texts.Holders.leave, .action) { row in
                            if row.isDirect, gate.allows(.groupRemoveMember, on: row.group.id.text, caller: call.caller) {
                                actionButton(
                                    Texts.Holders.leave, to: call.to("/groups", row.group.id.text, "members", "remove"),
                                    csrf: call.csrfToken, .quiet, fields: [("member", holder.text), ("back", "member")],
                                    label: Texts.Holders.leaveGroup(row.name))
                            }
                        },
                    ])
            }
        }
    }
}
