/// Effect x resource type x match x actions, optionally a condition: what a role or an authorization gives (or takes away).
public struct Permission: Sendable, Hashable {
    public enum Effect: String, Sendable {
        case allow, deny
    }

    /// Which resources of the type are meant.
    public enum Match: Sendable, Hashable {
        case any
        /// Exactly this id, in the canonical form of the type's syntax; no character in it is magic.
        case id(String)
        case pattern(Pattern)
        /// A property of the resource equals, or contains, an attribute of the subject: `id` and `id` mean oneself.
        case property(String, subject: String)
    }

    /// The type of built-in roles that speak about every type, and the action that stands for all of a type.
    public static let wildcard = "*"

    public let effect: Effect
    /// A resource type's id, or `*` for every type (built-in roles only).
    public let resourceType: String
    public let match: Match
    /// Ids of the type's actions, or `*`.
    public let actions: [String]
    public let condition: Condition?
    /// The kinds of scope in which the permission counts; `nil`: all. Only permissions of roles have them.
    public let scopes: Set<Scope.Kind>?

    public init(
        effect: Effect = .allow, resourceType: String, match: Match = .any, actions: [String], condition: Condition? = nil,
        scopes: Set<Scope.Kind>? = nil
    ) {
        self.effect = effect
        self.resourceType = resourceType
        self.match = match
        self.actions = actions
        self.condition = condition
        self.scopes = scopes
    }

    /// Whether it names one of these actions, or all.
    @inlinable
    func names(anyOf wanted: [String]) -> Bool {
        for action in actions {
            if action == Permission.wildcard || wanted.contains(action) { return true }
        }
        return false
    }

    func counts(in scope: Scope) -> Bool {
        scopes.map { $0.contains(scope.kind) } ?? true
    }

    /// The same permission as it counts once it is given: without the list of scopes.
    func withoutScopes() -> Permission {
        scopes == nil
            ? self
            : Permission(effect: effect, resourceType: resourceType, match: match, actions: actions, condition: condition)
    }

    /// The attributes of the subject that decide whether it counts.
    public var subjectAttributes: Set<String> {
        var names = Set(condition?.paths.filter { $0.root == .subject }.map(\.name) ?? [])
        switch match {
        case .property(_, let subject): names.insert(subject)
        case .pattern(let pattern):
            for variable in pattern.variables {
                // The other variables stand for the principal's name.
                let isAttribute = variable.hasPrefix("attribute.")
                names.insert(isAttribute ? String(variable.dropFirst("attribute.".count)) : "username")
            }
        case .any, .id: break
        }
        return names
    }

    /// The properties of the resource that decide whether it counts.
    public var resourceProperties: Set<String> {
        var names = Set(condition?.paths.filter { $0.root == .resource }.map(\.name) ?? [])
        if case .property(let name, _) = match { names.insert(name) }
        return names
    }
}
