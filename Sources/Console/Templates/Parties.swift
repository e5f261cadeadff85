import Access
import Grants
import Model
import Web

/// Whoever can hold something, as pages name them: by name and as a link where the viewer may see them, otherwise by their id.
/// Names come from what this node holds in memory, so that a page of them reads nothing.
struct Parties: Sendable {
    private let snapshot: Snapshot
    private let gate: Gate
    private let call: Call

    /// - Throws: `unavailable` when what this node knows may be out of date.
    init(_ services: ConsoleServices, call: Call) throws {
        gate = services.gate
        snapshot = try gate.snapshot(of: call.realm).snapshot
        self.call = call
    }

    /// Whether the viewer may see who that is.
    func mayRead(_ party: PrincipalReference) -> Bool {
        gate.allows(party.kind.readPermission, on: party.id.text, caller: call.caller)
    }

    /// `nil` when there is no such party, or none that the viewer may see.
    func name(_ party: PrincipalReference) -> String? {
        guard mayRead(party) else { return nil }
        return party.kind == .group ? snapshot.group(party.id.text)?.name : snapshot.principal(party.subject)?.name
    }

    /// Who is meant by a name of that kind, or, for services, an id; `nil` when there is none that the viewer may see.
    func party(_ kind: PrincipalKind, _ nameOrID: String) -> PrincipalReference? {
        let id = EntityID(nameOrID)?.text ?? snapshot.subject(named: nameOrID).flatMap { $0.kind == kind.rawValue ? $0.id : nil }
        let party = id.map { PrincipalReference(kind: kind, id: EntityID(trusted: $0)) }
        return party.flatMap { mayRead($0) ? $0 : nil }
    }

    /// What to call them in a sentence, in any case.
    func title(_ party: PrincipalReference) -> String {
        name(party) ?? Texts.Parties.unseen(party.kind.word.lowercased(), party.id.text)
    }

    func path(_ party: PrincipalReference) -> Path? {
        guard name(party) != nil else { return nil }
        return switch party.kind {
        case .user: call.userPath(party.id)
        case .group: call.to("/groups", party.id.text)
        case .service: call.to("/services", party.id.text)
        case .device: nil
        }
    }

    /// Sign, name as the link, kind.
    func mark(_ party: PrincipalReference) -> HTML {
        div(.class("who")) {
            span(.class("avatar"), .hiddenFromReaders) { party.kind.sign(name: name(party)) }
            div {
                nameLink(party)
                small(party.kind.word)
            }
        }
    }

    /// The same for somebody whose name was read already.
    func mark(_ party: PrincipalReference, named name: String, detail: String = "") -> HTML {
        let title = path(party).map { path in link(path) { bdi(name) } } ?? strong { bdi(name) }
        return div(.class("who")) {
            span(.class("avatar"), .hiddenFromReaders) { party.kind.sign(name: name) }
            if detail.isEmpty {
                title
            } else {
                div {
                    title
                    small(detail)
                }
            }
        }
    }

    /// Just the name, as the link.
    func nameLink(_ party: PrincipalReference) -> HTML {
        guard let name = name(party) else { return bdi(party.id.text, .class("mono muted")) }
        return path(party).map { path in link(path) { bdi(name) } } ?? strong { bdi(name) }
    }

    // MARK: Groups

    /// The groups somebody is in, as far as the viewer may see them, nearest first; `isDirect`: as a member itself, not by a group.
    func groups(of party: PrincipalReference) -> [(group: PrincipalReference, name: String, isDirect: Bool)] {
        let direct = Set(
            (party.kind == .group ? snapshot.group(party.id.text)?.groups : snapshot.principal(party.subject)?.groups) ?? [])
        return gate.groups(of: party, realm: call.realm).compactMap { facts in
            let group = PrincipalReference(kind: .group, id: EntityID(trusted: facts.id))
            return mayRead(group) ? (group, facts.name, direct.contains(facts.id)) : nil
        }
    }

    // MARK: Roles

    /// More roles than this are not offered to choose from: a page has its weight.
    static let rolesOffered = 150

    /// The roles the viewer may see, by name.
    var roles: [Role] {
        snapshot.allRoles.map(\.role)
            .filter { gate.allows(.roleRead, on: $0.id, caller: call.caller) }
            .sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
    }

    func role(_ id: String) -> Role? {
        guard gate.allows(.roleRead, on: id, caller: call.caller) else { return nil }
        return snapshot.role(id)?.role
    }

    /// The role's name, or its id when the viewer may not see it.
    func roleName(_ id: String) -> String { role(id)?.name ?? id }

    func roleLink(_ id: String) -> HTML {
        guard let role = role(id) else { return bdi(id, .class("mono")) }
        return link(call.to("/roles", id), .class("role-link")) { bdi(role.name) }
    }

    // MARK: Types and scopes

    /// The resource types there are: the products' first, then our own.
    var types: [ResourceType] {
        snapshot.allTypes.sorted {
            ($0.plane == .runtime ? 0 : 1, $0.name.lowercased(), $0.id) < (
                $1.plane == .runtime ? 0 : 1, $1.name.lowercased(), $1.id
            )
        }
    }

    /// The same as `scope`, for a sentence.
    func scopeWords(_ scope: Scope) -> String {
        switch scope {
        case .realm: Texts.Parties.realm
        case .organization(let id): Texts.Parties.organization(id)
        case .group(let id): Texts.Parties.group(groupName(id) ?? id)
        case .resources(let type, let ids): Texts.Parties.resources(type, ids.sorted())
        }
    }

    /// What a grant reaches.
    func scope(_ scope: Scope) -> HTML {
        switch scope {
        case .group(let id):
            HTML {
                Texts.Parties.membersOf + " "
                nameLink(PrincipalReference(kind: .group, id: EntityID(trusted: id)))
            }
        case .organization, .resources: bdi(scopeWords(scope))
        case .realm: span(Texts.Parties.realm, .class("muted"))
        }
    }

    private func groupName(_ id: String) -> String? {
        name(PrincipalReference(kind: .group, id: EntityID(trusted: id)))
    }
}

extension PrincipalKind {
    var word: String {
        switch self {
        case .user: Texts.Parties.user
        case .group: Texts.Parties.groupKind
        case .service: Texts.Parties.service
        case .device: Texts.Parties.device
        }
    }

    var readPermission: ManagementPermission {
        switch self {
        case .user: .userRead
        case .group: .groupRead
        case .service: .serviceRead
        case .device: ManagementPermission("device", "read")
        }
    }

    /// Initials for people, a picture for the rest.
    func sign(name: String?) -> HTML {
        switch self {
        case .user: HTML(initials(name ?? ""))
        case .group: Icon.group
        case .service: Icon.service
        case .device: Icon.device
        }
    }
}

extension PrincipalReference {
    /// As addresses of ours name them: `user:019a…`.
    var text: String { "\(kind.rawValue):\(id.text)" }

    init?(text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let kind = PrincipalKind(rawValue: String(parts[0])), let id = EntityID(parts[1]) else {
            return nil
        }
        self.init(kind: kind, id: id)
    }
}
