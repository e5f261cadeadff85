/// A role or permissions given to a principal or a group, with the reach and the time in which they count.
public final class Grant: Sendable {
    public enum Kind: Sendable {
        /// A role assignment.
        case role(String)
        /// An authorization.
        case permissions([Permission])
    }

    /// The role assignment's or authorization's id; empty for what everybody holds.
    public let id: String
    public let kind: Kind
    public let scope: Scope
    /// Milliseconds; counts from this instant on.
    public let validFrom: Int64?
    /// Milliseconds; at this instant it has expired.
    public let expiresAt: Int64?
    let rules: RuleSet?

    public init(id: String, kind: Kind, scope: Scope = .realm, validFrom: Int64? = nil, expiresAt: Int64? = nil) {
        self.id = id
        self.kind = kind
        self.scope = scope
        self.validFrom = validFrom
        self.expiresAt = expiresAt
        if case .permissions(let permissions) = kind { rules = RuleSet(permissions.map { Rule($0) }) } else { rules = nil }
    }

    /// Whether it counts at `time`.
    @inlinable
    public func isValid(at time: Int64) -> Bool {
        if let validFrom, time < validFrom { return false }
        if let expiresAt, time >= expiresAt { return false }
        return true
    }
}

/// What was granted to one principal or group itself.
public final class Holdings: Sendable {
    public static let none = Holdings([])

    /// Grants of exact ids of one resource, found without looking at the others.
    private final class Index: Sendable {
        let exact: [RuleSet.Key: [Int]]
        let others: [Int]

        init(_ grants: [Grant]) {
            var exact: [RuleSet.Key: [Int]] = [:]
            var others: [Int] = []
            for (position, grant) in grants.enumerated() {
                if let keys = Index.keys(of: grant) {
                    for key in keys { exact[key, default: []].append(position) }
                } else {
                    others.append(position)
                }
            }
            self.exact = exact
            self.others = others
        }

        /// The resources it speaks about, when it names each of them.
        private static func keys(of grant: Grant) -> Set<RuleSet.Key>? {
            guard case .permissions(let permissions) = grant.kind else { return nil }
            var keys = Set<RuleSet.Key>()
            for permission in permissions {
                guard case .id(let id) = permission.match, permission.effect == .allow,
                    permission.resourceType != Permission.wildcard
                else { return nil }
                keys.insert(RuleSet.Key(type: permission.resourceType, id: id))
            }
            return keys
        }
    }

    private static let scanLimit = 12

    public let grants: [Grant]
    private let index: Index?

    public init(_ grants: [Grant]) {
        self.grants = grants
        index = grants.count > Holdings.scanLimit ? Index(grants) : nil
    }

    /// Hands over the grants that may speak about a resource of this type with this canonical id.
    @inline(__always)
    func each<Failure: Error>(
        type: String, id: String?, _ body: (Grant) throws(Failure) -> Void
    ) throws(Failure) {
        guard let index else {
            for grant in grants { try body(grant) }
            return
        }
        if let id, let found = index.exact[RuleSet.Key(type: type, id: id)] {
            for position in found { try body(grants[position]) }
        }
        for position in index.others { try body(grants[position]) }
    }
}
