/// A kind of thing that is protected, with its actions and the syntax of its names.
public final class ResourceType: Sendable, Hashable {
    public enum Plane: String, Sendable {
        /// Gatehouse's own.
        case management
        /// The products it protects.
        case runtime
    }

    public struct Action: Sendable, Hashable {
        public let id: String
        public let name: String
        /// Actions that whoever may do this one may do too.
        public let includes: [String]

        public init(_ id: String, name: String? = nil, includes: [String] = []) {
            self.id = id
            self.name = name ?? id
            self.includes = includes
        }
    }

    public let id: String
    public let name: String
    public let plane: Plane
    public let syntax: Syntax
    public let actions: [Action]
    /// Names of the properties its resources are known to have.
    public let properties: [String]
    /// The actions that allow one, with their bits.
    struct Granting: Sendable {
        let actions: [String]
        /// The one asked about.
        let first: String
        let bits: UInt64

        init(actions: [String]) {
            self.actions = actions
            first = actions.first ?? ""
            bits = ActionBits.of(actions)
        }
    }

    /// For each action: itself and every action that includes it, transitively.
    private let grantedBy: [(action: String, by: Granting)]
    /// What its permissions are found by.
    let key: UInt64

    public init(id: String, name: String, plane: Plane, syntax: Syntax = .name, actions: [Action], properties: [String] = []) {
        self.id = id
        self.name = name
        self.plane = plane
        self.syntax = syntax
        self.actions = actions
        self.properties = properties
        var grantedBy: [String: [String]] = [:]
        for action in actions { grantedBy[action.id] = [action.id] }
        for action in actions {
            for included in ResourceType.closure(of: action.id, actions) where included != action.id {
                grantedBy[included]?.append(action.id)
            }
        }
        self.grantedBy = actions.map { ($0.id, Granting(actions: grantedBy[$0.id] ?? [])) }
        key = RuleTable.key(ofType: id)
    }

    /// The actions any of which allows `action`; `nil` when the type has no such action.
    public func actions(granting action: String) -> [String]? {
        granting(action)?.actions
    }

    func granting(_ action: String) -> Granting? {
        // There are few, and what is asked about comes from outside: comparing bytes takes less time than hashing, always.
        for (known, by) in grantedBy where ExactText.equal(known, action) { return by }
        return nil
    }

    /// The action and all it includes, transitively.
    public func actions(includedIn action: String) -> Set<String> {
        action == Permission.wildcard ? Set(actions.map(\.id)) : ResourceType.closure(of: action, actions)
    }

    private static func closure(of action: String, _ actions: [Action]) -> Set<String> {
        var found: Set<String> = [action]
        var waiting = [action]
        while let next = waiting.popLast() {
            for included in actions.first(where: { $0.id == next })?.includes ?? [] where found.insert(included).inserted {
                waiting.append(included)
            }
        }
        return found
    }

    public static func == (left: ResourceType, right: ResourceType) -> Bool {
        left.id == right.id && left.name == right.name && left.plane == right.plane && left.syntax == right.syntax
            && left.actions == right.actions && left.properties == right.properties
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
    }
}
