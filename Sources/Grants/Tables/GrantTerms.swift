public import Access
public import Model
public import Storage

/// To whom something is granted, how far it reaches and when it counts: what role assignments and authorizations share.
public struct GrantTerms: Sendable, Hashable {
    public var principal: PrincipalReference
    public var scope: Scope
    public var validFrom: Timestamp?
    public var expiresAt: Timestamp?
    public var reason: String

    public init(
        principal: PrincipalReference, scope: Scope = .realm, validFrom: Timestamp? = nil, expiresAt: Timestamp? = nil,
        reason: String = ""
    ) {
        self.principal = principal
        self.scope = scope
        self.validFrom = validFrom
        self.expiresAt = expiresAt
        self.reason = reason
    }
}

/// Where a grant comes from.
public struct GrantOrigin: Sendable, Hashable {
    /// `local`, later `mapped`, `scim`, `catalog`.
    public let source: String
    /// The id of who granted it; empty for the setup.
    public let grantedBy: String
    public let createdAt: Timestamp
    public let version: Int64

    public init(source: String = "local", grantedBy: String, createdAt: Timestamp, version: Int64 = 1) {
        self.source = source
        self.grantedBy = grantedBy
        self.createdAt = createdAt
        self.version = version
    }
}

/// A merge patch of the terms.
public struct GrantTermsPatch: Sendable {
    public var scope: Patch<Scope> = .keep
    public var validFrom: Patch<Timestamp> = .keep
    public var expiresAt: Patch<Timestamp> = .keep
    public var reason: Patch<String> = .keep

    public init() {}

    func apply(to terms: inout GrantTerms) {
        switch scope {
        case .keep: break
        case .clear: terms.scope = .realm
        case .set(let scope): terms.scope = scope
        }
        switch validFrom {
        case .keep: break
        case .clear: terms.validFrom = nil
        case .set(let time): terms.validFrom = time
        }
        switch expiresAt {
        case .keep: break
        case .clear: terms.expiresAt = nil
        case .set(let time): terms.expiresAt = time
        }
        switch reason {
        case .keep: break
        case .clear: terms.reason = ""
        case .set(let text): terms.reason = text
        }
    }
}

extension GrantTerms {
    static let longestReason = 1000

    /// What breaks a rule in the fields themselves.
    func problems(at now: Timestamp, isNew: Bool) -> [FieldError] {
        var problems: [FieldError] = []
        if reason.unicodeScalars.count > Self.longestReason {
            problems.append(FieldError(field: "reason", code: "too_long", message: "Use at most 1000 characters."))
        }
        if isNew, let expiresAt, expiresAt <= now {
            problems.append(FieldError(field: "expiresAt", code: "past", message: "The end must lie in the future."))
        }
        if let validFrom, let expiresAt, expiresAt <= validFrom {
            problems.append(FieldError(field: "expiresAt", code: "order", message: "The end must come after the beginning."))
        }
        return problems
    }

    /// What refers to something absent, or to somebody the caller may not see, which is the same to him.
    ///
    /// - Parameter old: what it refers to already is not asked about again.
    func absences(
        instead old: GrantTerms?, _ standing: Standing, realm: RealmID, on connection: any Connection
    ) throws -> [FieldError] {
        func sees(_ holder: PrincipalReference) throws -> Bool {
            try HolderTable.exists(holder, realm: realm, on: connection)
                && standing.allows(ManagementPermission(holder.kind.rawValue, "read"), on: holder.id.text)
        }
        var problems: [FieldError] = []
        if old?.principal != principal, !(try sees(principal)) {
            problems.append(
                FieldError(field: "principal.id", code: "absent", message: "There is no such \(principal.kind.rawValue)."))
        }
        if case .group(let id) = scope, old?.scope != scope,
            !(try sees(PrincipalReference(kind: .group, id: EntityID(trusted: id))))
        {
            problems.append(FieldError(field: "scope.id", code: "absent", message: "There is no such group."))
        }
        return problems
    }
}

/// Whoever can hold something: principals and groups.
public enum HolderTable {
    public static func exists(_ holder: PrincipalReference, realm: RealmID, on connection: any Connection) throws -> Bool {
        try name(of: holder, realm: realm, on: connection) != nil
    }

    /// The user name, or the name of the service or the group.
    public static func name(of holder: PrincipalReference, realm: RealmID, on connection: any Connection) throws -> String? {
        if holder.kind == .group {
            return try connection.first(
                Statement(
                    "SELECT name FROM principal_group WHERE realm_id = $1 AND id = $2",
                    [.text(realm.text), .text(holder.id.text)])
            ) { $0.text(0) }
        }
        return try connection.first(
            Statement(
                "SELECT name FROM principal WHERE realm_id = $1 AND id = $2 AND kind = $3",
                [.text(realm.text), .text(holder.id.text), .text(holder.kind.rawValue)])
        ) { $0.text(0) }
    }
}
