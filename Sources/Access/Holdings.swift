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
    /// The ids of selected resources, byte by byte, where Swift's sets take texts for equal that only look alike.
    let reach: Set<IDKey>

    public init(id: String, kind: Kind, scope: Scope = .realm, validFrom: Int64? = nil, expiresAt: Int64? = nil) {
        self.id = id
        self.kind = kind
        self.scope = scope
        self.validFrom = validFrom
        self.expiresAt = expiresAt
        if case .resources(_, let ids) = scope { reach = Set(ids.map(IDKey.init)) } else { reach = [] }
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

    /// A role assignment, ready to be looked up.
    struct Assignment: Sendable {
        let role: IDKey
        let grant: Grant
    }

    public let grants: [Grant]
    let assignments: [Assignment]
    /// The permissions of the authorizations.
    let authorized: RuleTable

    public init(_ grants: [Grant]) {
        self.grants = grants
        assignments = grants.compactMap { grant in
            guard case .role(let id) = grant.kind else { return nil }
            return Assignment(role: IDKey(id), grant: grant)
        }
        authorized = RuleTable(
            grants.flatMap { grant -> [(Permission, Grant)] in
                guard case .permissions(let permissions) = grant.kind else { return [] }
                return permissions.map { ($0, grant) }
            }.enumerated().map { place, one in Rule(one.0, place: place, grant: one.1) })
    }
}
