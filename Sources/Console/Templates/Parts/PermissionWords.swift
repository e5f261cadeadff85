import Access

/// Permissions and scopes in plain words.
struct PermissionWords: Sendable {
    /// What is known of the types, for their names; the id stands for a type that is gone.
    let types: [String: ResourceType]

    init(_ types: [ResourceType]) {
        self.types = Dictionary(types.map { ($0.id, $0) }) { first, _ in first }
    }

    func typeName(_ id: String) -> String { types[id]?.name ?? id }

    /// "May publish, subscribe on every MQTT topic that matches `plant/+/temp`."
    func sentence(_ permission: Permission) -> HTML {
        sentence(PermissionDraft(permission))
    }

    /// Also of what is still being typed.
    func sentence(_ draft: PermissionDraft) -> HTML {
        if draft.resourceType.isEmpty { return span(Texts.Permissions.unfinished, .class("muted")) }
        return HTML {
            draft.effect == "deny" ? Texts.Permissions.mayNever : Texts.Permissions.may
            " "
            strong(actions(draft))
            " "
            whatItReaches(draft)
            if !draft.condition.isEmpty {
                draft.effect == "deny" ? Texts.Permissions.denyCondition : Texts.Permissions.condition
                code(draft.condition)
            }
            if !draft.scopes.isEmpty { Texts.Permissions.onlyScopes(draft.scopes.map(Self.scopeKind)) }
            "."
        }
    }

    private func whatItReaches(_ draft: PermissionDraft) -> HTML {
        let type = typeName(draft.resourceType)
        return HTML {
            switch draft.match {
            case "id":
                Texts.Permissions.onThe(type) + " "
                code(draft.resource)
            case "pattern":
                Texts.Permissions.onMatching(type) + " "
                code(draft.resource)
            case "property" where draft.property == "id" && draft.subject == "id": Texts.Permissions.onOneself
            case "property":
                Texts.Permissions.onProperty(type) + " "
                code(draft.property)
                " " + Texts.Permissions.isTheHolders + " "
                code(draft.subject)
            default:
                draft.resourceType == Permission.wildcard ? Texts.Permissions.everywhere : Texts.Permissions.onEvery(type)
            }
        }
    }

    private func actions(_ draft: PermissionDraft) -> String {
        if draft.actions.contains(Permission.wildcard) {
            return draft.effect == "deny" ? Texts.Permissions.anything : Texts.Permissions.everything
        }
        return draft.actions.isEmpty ? Texts.Permissions.nothing : draft.actions.joined(separator: ", ")
    }

    /// For cards and narrow columns: `subscribe plant/7/#`.
    static func brief(_ permission: Permission) -> String {
        let actions =
            permission.actions.contains(Permission.wildcard)
            ? Permission.wildcard : permission.actions.joined(separator: ", ")
        let reach: String
        switch permission.match {
        case .any:
            reach =
                permission.resourceType == Permission.wildcard
                ? Texts.Permissions.everywhere : Texts.Permissions.any(permission.resourceType)
        case .id(let id): reach = "\(permission.resourceType) \(id)"
        case .pattern(let pattern): reach = "\(permission.resourceType) \(pattern.text)"
        case .property(let property, let subject): reach = "\(permission.resourceType) \(property) = \(subject)"
        }
        return (permission.effect == .deny ? Texts.Permissions.never + " " : "") + actions + " " + reach
    }

    static func scopeKind(_ kind: String) -> String {
        switch Scope.Kind(rawValue: kind) {
        case .realm: Texts.Permissions.scopeRealm
        case .organization: Texts.Permissions.scopeOrganization
        case .group: Texts.Permissions.scopeGroup
        case .resources: Texts.Permissions.scopeResources
        case nil: kind
        }
    }
}
