import Access
import Directory
import Grants
import Model
import Web

/// What of the directory and of access, besides users, the words or the id of a search find, as far as the viewer may see it.
struct FoundNames: Sendable {
    private static let shown = 8

    struct Section: Sendable {
        let title: String
        let items: [HTML]
        /// All that fit, when there are more than are shown.
        let all: (title: String, path: Path)?
    }

    private(set) var sections: [Section] = []

    var isEmpty: Bool { sections.isEmpty }

    init(_ text: String, services: ConsoleServices, call: Call) async throws {
        guard !text.isEmpty else { return }
        let parties = try Parties(services, call: call)
        let query = ListQuery(search: text, limit: Self.shown)
        do {
            if services.gate.offers(.groupRead, call: call) {
                let groups = try await services.access.groups.list(query, caller: call.caller)
                add(
                    Texts.Groups.title, groups, all: (Texts.Search.allGroups, call.to("/groups").query("q", text))
                ) { group in
                    parties.mark(PrincipalReference(kind: .group, id: group.id), named: group.name, detail: group.description)
                }
            }
            if services.gate.offers(.serviceRead, call: call) {
                let found = try await services.access.services.list(query, caller: call.caller)
                add(
                    Texts.Services.title, found, all: (Texts.Search.allServices, call.to("/services").query("q", text))
                ) { service in
                    parties.mark(service.reference, named: service.name, detail: service.description)
                }
            }
            if services.gate.offers(.roleRead, call: call) {
                let roles = try await services.access.roles.list(query, caller: call.caller)
                add(Texts.Roles.title, roles, all: (Texts.Search.allRoles, call.to("/roles").query("q", text))) { item in
                    HTML {
                        link(call.to("/roles", item.role.id)) { bdi(item.role.name) }
                        if !item.role.description.isEmpty { div(item.role.description, .class("muted")) }
                    }
                }
            }
        } catch ServiceError.malformed {
            // What the services cannot read as words finds nothing.
        }
    }

    private mutating func add<Item>(
        _ title: String, _ page: Page<Item>, all: (title: String, path: Path), show: (Item) -> HTML
    ) {
        guard !page.items.isEmpty else { return }
        sections.append(
            Section(
                title: title, items: page.items.map(show),
                all: page.nextCursor == nil ? nil : all))
    }

    var html: HTML {
        HTML {
            for section in sections {
                card(section.title) {
                    ul(.class("results")) {
                        for item in section.items {
                            li { item }
                        }
                    }
                    if let all = section.all { p { link(all.title, to: all.path) } }
                }
            }
        }
    }
}

extension ConsoleServices {
    /// An id leads straight to the group, the service or the assignment that has it; `nil` when none of them does.
    func foundByIdentifier(_ id: EntityID, call: Call) async throws -> HTML? {
        let parties = try Parties(self, call: call)
        for kind in [PrincipalKind.group, .service] {
            let party = PrincipalReference(kind: kind, id: id)
            if parties.name(party) != nil { return parties.mark(party) }
        }
        do {
            let assignment = try await access.roleAssignments.get(id, caller: call.caller)
            let title = Texts.Assignments.title(parties.roleName(assignment.role), parties.title(assignment.terms.principal))
            return link(call.assignmentPath(id)) { bdi(title) }
        } catch ServiceError.notFound {}
        do {
            let authorization = try await access.authorizations.get(id, caller: call.caller)
            return link(call.authorizationPath(id)) {
                bdi(Texts.Authorizations.title(parties.title(authorization.terms.principal)))
            }
        } catch ServiceError.notFound {
            return nil
        }
    }
}
