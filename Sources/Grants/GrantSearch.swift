import Access
import Model
import Storage

/// Looks through role assignments and then authorizations for the permissions that are wanted, block by block: a page never takes
/// more rows than a few blocks, however many there are.
struct GrantSearch: Sendable {
    /// How many blocks a page reads at most; then it ends early.
    private static let mostBlocks = 20

    private let sight: Sight
    private let time: Timestamp
    /// The roles of which an assignment may give what is wanted.
    private let roles: [String]
    /// The kinds of scope in which it may.
    private let scopeKinds: Set<Scope.Kind>
    /// The resource type that authorizations must name; `nil`: they are not looked at.
    private let type: String?
    private let isWanted: @Sendable (HeldAccess) -> Bool

    /// What a role gives, by assignments of it and of roles that include it.
    init(role wanted: String, _ sight: Sight, at time: Timestamp) {
        self.init(sight, time, type: nil) { access in
            access.path.contains { $0.kind == "role" && $0.id == wanted }
        }
    }

    /// What speaks about an action on resources of a type, allows and denies.
    init(action: String, type typeID: String, _ sight: Sight, at time: Timestamp) {
        let isShort = typeID.utf8.count <= 256 && action.utf8.count <= 256
        let granting = isShort ? sight.snapshot.resourceType(typeID)?.actions(granting: action) ?? [] : []
        let named = Set(granting + [Permission.wildcard])
        self.init(sight, time, type: granting.isEmpty ? nil : typeID) { access in
            let permission = access.permission
            guard !granting.isEmpty, permission.resourceType == typeID || permission.resourceType == Permission.wildcard else {
                return false
            }
            return permission.actions.contains { named.contains($0) }
        }
    }

    private init(_ sight: Sight, _ time: Timestamp, type: String?, isWanted: @escaping @Sendable (HeldAccess) -> Bool) {
        var roles: [String] = []
        var kinds = Set<Scope.Kind>()
        for role in sight.snapshot.allRoles {
            var isGiving = false
            // As an assignment of every kind would give it.
            for kind in Scope.Kind.allCases {
                let grant = Grant(id: "", kind: .role(role.role.id), scope: Self.example(of: kind))
                let ended = sight.snapshot.eachAccess(of: grant, path: []) { !isWanted($0) }
                if !ended {
                    isGiving = true
                    kinds.insert(kind)
                }
            }
            if isGiving { roles.append(role.role.id) }
        }
        self.sight = sight
        self.time = time
        self.type = type
        self.roles = roles.sorted()
        self.scopeKinds = kinds
        self.isWanted = isWanted
    }

    private static func example(of kind: Scope.Kind) -> Scope {
        switch kind {
        case .realm: .realm
        case .organization: .organization("")
        case .group: .group("")
        case .resources: .resources(type: "", ids: [])
        }
    }

    // MARK: Paging

    /// Which of the two tables; in this order.
    private enum Source: String {
        case assignments, authorizations
    }

    func page(
        _ listing: PlacedListing, assignments: ListScope, authorizations: ListScope, on connection: any Connection
    ) throws -> Page<PermissionEntry> {
        var walk = Walk(limit: listing.limit, place: listing.place)
        if walk.source == .assignments, !roles.isEmpty, assignments != .none {
            try blocks(&walk) { try self.assignments(after: $0, listing.limit, assignments, connection) }
        }
        if !walk.isFull {
            walk.enter(.authorizations)
            if let type, authorizations != .none {
                try blocks(&walk) { try self.authorizations(of: type, after: $0, listing.limit, authorizations, connection) }
            }
        }
        let before = listing.place?.position ?? 0
        let next = walk.isFull ? walk.key.map { PlacedListing.Place(position: before + walk.items.count, key: $0) } : nil
        return Page(
            items: walk.items, limit: listing.limit, total: nil, position: before,
            nextCursor: next.map { listing.cursor($0) }, previousCursor: nil)
    }

    /// How far a page has come.
    private struct Walk {
        let limit: Int
        var items: [PermissionEntry] = []
        private(set) var source = Source.assignments
        /// The grant looked at last, and how many of its permissions were: both of an earlier page, or of this one.
        private(set) var grant = ""
        private(set) var seen = Int.max
        var blocksLeft = GrantSearch.mostBlocks
        /// Whether the page ends here although there may be more.
        var isFull = false

        init(limit: Int, place: PlacedListing.Place?) {
            self.limit = limit
            guard let key = place?.key, key.count == 3, let source = Source(rawValue: key[0]), let seen = Int(key[2]) else {
                return
            }
            self.source = source
            grant = key[1]
            self.seen = seen
        }

        /// Where the next page begins.
        var key: [String]? { [source.rawValue, grant, String(seen)] }

        mutating func enter(_ next: Source) {
            guard next != source else { return }
            source = next
            grant = ""
            seen = Int.max
        }

        mutating func pass(_ id: String, _ count: Int) {
            grant = id
            seen = count
        }
    }

    /// - Parameter read: the grants with this id and after it.
    private func blocks(_ walk: inout Walk, _ read: (String) throws -> [(grant: Grant, holder: Subject)]) throws {
        while !walk.isFull {
            guard walk.blocksLeft > 0 else {
                walk.isFull = true
                return
            }
            walk.blocksLeft -= 1
            let rows = try read(walk.grant)
            for row in rows where !walk.isFull { take(row.grant, of: row.holder, &walk) }
            if rows.count <= walk.limit { return }
        }
    }

    /// Adds what is wanted of a grant, from where an earlier page ended.
    private func take(_ grant: Grant, of holder: Subject, _ walk: inout Walk) {
        let skipped = grant.id == walk.grant ? walk.seen : 0
        guard skipped < Int.max else { return }
        let first = sight.step(holder)
        var count = 0
        var isWhole = true
        sight.snapshot.eachAccess(of: grant, path: [first]) { access in
            guard isWanted(access) else { return true }
            count += 1
            guard count > skipped else { return true }
            if walk.items.count == walk.limit {
                count -= 1
                isWhole = false
                return false
            }
            walk.items.append(PermissionEntry(principal: first, access: access))
            return true
        }
        walk.pass(grant.id, isWhole ? Int.max : count)
        if !isWhole { walk.isFull = true }
    }

    // MARK: Rows

    private func assignments(
        after id: String, _ limit: Int, _ scope: ListScope, _ connection: any Connection
    ) throws -> [(grant: Grant, holder: Subject)] {
        var statement = Statement("SELECT " + AssignmentTable.columns + " FROM role_assignment r WHERE r.realm_id = ")
        statement.bind(.text(sight.caller.realm.text))
        statement.append(" AND ")
        try statement.append(.ids(Set(roles)), ScopeColumns(id: "r.role_id"), realm: .text(sight.caller.realm.text))
        statement.append(" AND r.scope_kind IN ")
        statement.bindList(scopeKinds.map(\.rawValue).sorted().map { .text($0) })
        statement.append(" AND (r.valid_from IS NULL OR r.valid_from <= ", .integer(time.milliseconds))
        statement.append(") AND (r.expires_at IS NULL OR r.expires_at > ", .integer(time.milliseconds))
        statement.append(") AND r.id >= ", .text(id))
        statement.append(" AND ")
        try statement.append(scope, ScopeColumns(id: "r.id"), realm: .text(sight.caller.realm.text))
        statement.append(" ORDER BY r.id LIMIT ", .integer(Int64(limit) + 1))
        return try connection.rows(statement) { row in
            let found = try AssignmentTable.assignment(row)
            return (found.grant, found.terms.principal.subject)
        }
    }

    private func authorizations(
        of type: String, after id: String, _ limit: Int, _ scope: ListScope, _ connection: any Connection
    ) throws -> [(grant: Grant, holder: Subject)] {
        let part = "%" + Listing.escapeLike("\"resourceType\":" + JSONValue.string(type).text) + "%"
        var statement = Statement(
            "SELECT " + AuthorizationTable.columns + " FROM direct_authorization z WHERE z.realm_id = ")
        statement.bind(.text(sight.caller.realm.text))
        statement.append(" AND z.permissions LIKE ", .text(part))
        statement.append(" ESCAPE '\\'")
        statement.append(" AND (z.valid_from IS NULL OR z.valid_from <= ", .integer(time.milliseconds))
        statement.append(") AND (z.expires_at IS NULL OR z.expires_at > ", .integer(time.milliseconds))
        statement.append(") AND z.id >= ", .text(id))
        statement.append(" AND ")
        try statement.append(scope, ScopeColumns(id: "z.id"), realm: .text(sight.caller.realm.text))
        statement.append(" ORDER BY z.id LIMIT ", .integer(Int64(limit) + 1))
        let types = { [snapshot = sight.snapshot] (id: String) in snapshot.resourceType(id) }
        return try connection.rows(statement) { row in
            let found = try AuthorizationTable.authorization(row, types)
            return (found.grant, found.terms.principal.subject)
        }
    }
}
