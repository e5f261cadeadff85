/// Effect x resource type x match x actions: what a role or an authorization gives (or takes away).
public struct Permission: Sendable, Hashable {
    public enum Effect: String, Sendable {
        case allow, deny
    }

    /// Which resources of the type are meant.
    public enum Match: Sendable, Hashable {
        case any
        /// Exactly this id; no character in it is magic.
        case id(String)
        /// A property of the resource equals an attribute of the subject: `id` and `id` mean oneself.
        case property(String, subject: String)
    }

    public let effect: Effect
    /// A resource type's id, or `*` for every type (built-in roles only).
    public let resourceType: String
    public let match: Match
    /// Ids of the type's actions, or `*`.
    public let actions: Set<String>

    public init(effect: Effect = .allow, resourceType: String, match: Match = .any, actions: Set<String>) {
        self.effect = effect
        self.resourceType = resourceType
        self.match = match
        self.actions = actions
    }

    /// Whether this permission speaks about the question at all.
    func fits(_ question: Question) -> Bool {
        guard resourceType == "*" || resourceType == question.resourceType else { return false }
        guard actions.contains("*") || actions.contains(question.action) else { return false }
        switch match {
        case .any: return true
        case .id(let id): return id == question.resourceID
        case .property("id", subject: "id"): return question.resourceID == question.subject.id
        case .property: return false
        }
    }

    /// Whether whoever holds `self` holds all of `other`: at least as wide in type, match and actions.
    func covers(_ other: Permission) -> Bool {
        guard effect == .allow, other.effect == .allow else { return effect == other.effect && self == other }
        guard resourceType == "*" || resourceType == other.resourceType else { return false }
        guard actions.contains("*") || other.actions.isSubset(of: actions) else { return false }
        return match == .any || match == other.match
    }
}

/// A named set of permissions.
public struct Role: Sendable, Hashable {
    public let id: String
    public let name: String
    public let description: String
    public let permissions: [Permission]
    public let isBuiltIn: Bool

    public init(id: String, name: String, description: String, permissions: [Permission], isBuiltIn: Bool) {
        self.id = id
        self.name = name
        self.description = description
        self.permissions = permissions
        self.isBuiltIn = isBuiltIn
    }

    /// Everything, everywhere in the realm.
    public static let owner = Role(
        id: "owner", name: "Owner", description: "May do everything in the realm.",
        permissions: [Permission(resourceType: "*", actions: ["*"])], isBuiltIn: true)

    /// What every principal holds without being given it: reading and editing oneself.
    public static let everybody = Role(
        id: "everybody", name: "Everybody", description: "Sees itself and edits its own profile.",
        permissions: [
            Permission(
                resourceType: "user", match: .property("id", subject: "id"),
                actions: ["read", "update-profile", "read-sessions", "end-own-sessions", "change-password"])
        ], isBuiltIn: true)

    public static let builtIn: [String: Role] = [owner.id: owner]
}
