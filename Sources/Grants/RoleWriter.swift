import Access
import Model
import Storage

/// What the ids and names of roles and resource types must be.
enum RoleRules {
    static let longestName = 256
    static let longestDescription = 2000
    static let mostIncludes = 50

    /// A slug of the caller's: no `:`, which belongs to catalogs, and no UUID.
    static func id(_ id: String, field: String) -> [FieldError] {
        if id.isEmpty { return [FieldError(field: field, code: "required", message: "Give it an id, such as \"operator\".")] }
        guard PermissionReader.isSlug(id), !EntityID.looksLikeUUID(id) else {
            return [
                FieldError(
                    field: field, code: "characters",
                    message: "Use 1 to 100 of a-z, 0-9 and - _ . for an id; not the form of a UUID.")
            ]
        }
        return []
    }

    static func name(_ name: String) -> [FieldError] {
        if name.isEmpty || name.unicodeScalars.count > longestName {
            return [FieldError(field: "name", code: "length", message: "Use 1 to 256 characters.")]
        }
        let isClean = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        return isClean ? [] : [FieldError(field: "name", code: "characters", message: "Leave out control characters.")]
    }
}

/// The permissions of a role that is put together: those it has, or as somebody sent them.
enum RolePermissions {
    case stored([Permission])
    case sent(JSONValue)
}

/// Puts roles together from what people sent, by what is stored or by what is tried out.
struct RoleReader {
    let types: (String) throws -> ResourceType?
    let role: (String) throws -> ExpandedRole?

    /// Puts a role together from what people sent.
    ///
    /// - Throws: `malformed`, `invalid`, `conflict` for a circle.
    func read(
        id: String, name: String, description: String, permissions: RolePermissions, includes: [String], others: [FieldError]
    ) throws -> Role {
        var problems = others + RoleRules.name(name)
        if description.unicodeScalars.count > RoleRules.longestDescription {
            problems.append(FieldError(field: "description", code: "too_long", message: "Use at most 2000 characters."))
        }
        if includes.count > RoleRules.mostIncludes || Set(includes).count != includes.count {
            problems.append(
                FieldError(field: "includes", code: "too_many", message: "Name each role once, and at most 50 of them."))
        }
        for included in includes.prefix(RoleRules.mostIncludes) where included != id {
            if try role(included) == nil {
                problems.append(
                    FieldError(field: "includes", code: "absent", message: "There is no role \"\(included.prefix(100))\"."))
            }
        }
        var reader = PermissionReader(types: types)
        let parsed: [Permission]
        switch permissions {
        case .stored(let stored): parsed = stored
        case .sent(let value): parsed = try reader.permissions(value, field: "permissions", allowsScopes: true)
        }
        try reader.finish(problems)
        for included in includes {
            guard included != id, try role(included)?.includes(id) != true else {
                throw ServiceError.conflict(
                    "Including \"\(included)\" would make a circle: it includes \"\(id)\" itself.",
                    fields: [FieldError(field: "includes", code: "cycle", message: "\"\(included)\" includes this role.")])
            }
        }
        return Role(id: id, name: name, description: description, permissions: parsed, includes: includes)
    }
}

/// Reads and checks roles inside a transaction.
struct RoleWriter {
    let standing: Standing
    let realm: RealmID
    let connection: any Connection

    func find(_ id: String) throws -> StoredRole? {
        try RoleTable.find(id, types: standing.facts.resourceType, realm: realm, on: connection)
    }

    func including(_ id: String) throws -> [StoredRole] {
        try RoleTable.including(id, types: standing.facts.resourceType, realm: realm, on: connection)
    }

    /// Invisible is `notFound`, then the permission, then whether it is built in, then the version.
    func find(_ id: String, _ permission: ManagementPermission, ifMatch: Int64?) throws -> StoredRole {
        guard let found = try find(id), try standing.allows(.roleRead, on: id) else { throw ServiceError.notFound }
        try standing.require(permission, on: id)
        if let ifMatch, ifMatch != found.version { throw ServiceError.preconditionFailed }
        if found.role.isBuiltIn { throw ServiceError.conflict("The role \"\(id)\" is built in and stays as it is.") }
        return found
    }

    /// As `RoleReader.read`, from what the transaction sees.
    func read(
        id: String, name: String, description: String, permissions: RolePermissions, includes: [String], others: [FieldError]
    ) throws -> Role {
        try RoleReader(types: standing.facts.resourceType, role: standing.facts.role).read(
            id: id, name: name, description: description, permissions: permissions, includes: includes, others: others)
    }

    /// Whoever writes into a role what he does not hold would give it to himself or others one step later.
    func requireConferring(before: Role?, after: Role?) throws {
        try standing.requireConferring(before: expand(before), after: expand(after))
    }

    private func expand(_ role: Role?) throws -> [HeldPermission] {
        guard let role else { return [] }
        let expanded = try ExpandedRole(role) { (id) throws(any Error) in try standing.facts.role(id)?.role }
        return expanded.permissions.map { HeldPermission($0, scope: .realm) }
    }
}
