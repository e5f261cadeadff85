import Access
import Grants
import Model
import Web

/// What the address of a list of grants asks for, read once and put as the list's filter.
struct GrantFilters: Sendable {
    let view: ListView
    /// The same view with "now" nailed down, for the links to its other pages: cursors belong to one filter.
    let pages: ListView
    /// `nil`: everything.
    let filter: String?
    let chips: [FilterChip]
    /// Whose grants these are, when the address says it.
    let party: PrincipalReference?
    /// A name in the address that nobody has.
    let nobody: String?

    var isEmpty: Bool { chips.isEmpty }

    /// - Parameter withRole: whether the grants are of roles.
    init(_ call: Call, at path: Path, services: ConsoleServices, parties: Parties, withRole: Bool) async throws {
        let view = ListView(
            call, at: path, fields: (withRole ? ["role"] : []) + ["who", "principal", "kind", "scope", "state", "sort"])
        var terms: [String] = []
        var chips: [FilterChip] = []
        var nobody: String?
        if let role = view["role"] {
            terms.append("role eq \(Filter.quote(role))")
            chips.append(FilterChip(Texts.Assignments.roleChip(parties.roleName(role)), without: view.with("role", nil)))
        }
        var party: PrincipalReference?
        if let text = view["principal"] {
            guard let found = PrincipalReference(text: text) else {
                throw ServiceError.malformed(Texts.Grants.unknownChoice(Texts.Grants.who))
            }
            party = found
            chips.append(FilterChip(Texts.Grants.whoChip(parties.title(found)), without: view.with("principal", nil)))
        } else if let name = view["who"] {
            party = try await Self.anybody(name, finder: Finder(services, call: call))
            if party == nil { nobody = name }
            chips.append(FilterChip(Texts.Grants.whoChip(name), without: view.with("who", nil)))
        }
        if let party {
            terms.append("principal.id eq \(Filter.quote(party.id.text))")
            terms.append("principal.kind eq \(Filter.quote(party.kind.rawValue))")
        }
        if let text = view["kind"] {
            guard let kind = PrincipalKind(rawValue: text) else {
                throw ServiceError.malformed(Texts.Grants.unknownChoice(Texts.Grants.who))
            }
            terms.append("principal.kind eq \(Filter.quote(kind.rawValue))")
            chips.append(FilterChip(Texts.Grants.kindChip(kind.word), without: view.with("kind", nil)))
        }
        if let text = view["scope"] {
            guard let kind = Scope.Kind(rawValue: text) else {
                throw ServiceError.malformed(Texts.Grants.unknownChoice(Texts.Grants.scope))
            }
            terms.append("scope.kind eq \(Filter.quote(kind.rawValue))")
            chips.append(
                FilterChip(Texts.Grants.scopeChip(Texts.Grants.scopeKindBriefly(text)), without: view.with("scope", nil)))
        }
        var fields = view.fields
        if let text = view["state"] {
            guard let state = GrantState(rawValue: text) else {
                throw ServiceError.malformed(Texts.Grants.unknownChoice(Texts.Grants.state))
            }
            let now = call.query["at"].flatMap { Timestamp(rfc3339: $0) } ?? services.clock.now()
            fields.append(("at", now.rfc3339))
            terms.append(state.filter(at: now))
            chips.append(FilterChip(Texts.Grants.stateChip(state.word), without: view.with("state", nil)))
        }
        self.view = view
        pages = ListView(at: path, fields: fields)
        filter = terms.isEmpty ? nil : terms.joined(separator: " and ")
        self.chips = chips
        self.party = party
        self.nobody = nobody
    }

    /// A bare name is looked for among users, then services, then groups, as the command line does.
    private static func anybody(_ name: String, finder: Finder) async throws -> PrincipalReference? {
        for kind in [PrincipalKind.user, .service, .group] {
            if case .one(let party) = try await finder.find(kind, name) { return party }
        }
        return nil
    }

    /// The form above the list. `roles`: to choose from.
    func form(roles: [SelectChoice]? = nil) -> HTML {
        var choices: [FilterChoice] = []
        if let roles { choices.append(FilterChoice("role", label: Texts.Assignments.role, choices: roles)) }
        choices += [
            FilterChoice(
                "scope", label: Texts.Grants.anyScope,
                choices: Scope.Kind.allCases.map { SelectChoice($0.rawValue, Texts.Grants.scopeKindBriefly($0.rawValue)) }),
            FilterChoice(
                "state", label: Texts.Grants.state, choices: GrantState.allCases.map { SelectChoice($0.rawValue, $0.word) }),
        ]
        // Whose they are is typed as a name; a choice that came as a link stays until its chip is taken away.
        return filterBar(
            view: view, search: nil, name: FilterText("who", label: Texts.Grants.who, placeholder: Texts.Grants.whoPlaceholder),
            kept: ["principal", "kind"], choices: choices, chips: chips, label: Texts.Grants.filters)
    }
}
