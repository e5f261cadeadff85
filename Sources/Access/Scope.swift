/// What a role assignment or an authorization reaches.
public enum Scope: Sendable, Hashable {
    case realm
    /// The organization, its members and its resources.
    case organization(String)
    /// The group's members, transitively; not the group itself.
    case group(String)
    /// Selected resources of one type, by id.
    case resources(type: String, ids: Set<String>)

    /// The kinds of scope, as permissions in roles name them.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case realm, organization, group, resources
    }

    public var kind: Kind {
        switch self {
        case .realm: .realm
        case .organization: .organization
        case .group: .group
        case .resources: .resources
        }
    }
}
