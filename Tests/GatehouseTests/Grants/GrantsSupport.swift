import Access
import Audit
import Directory
import Grants
import Model
import Testing

/// A world with its owner and the services of access.
struct GrantsWorld: Sendable {
    let world: World
    let owner: Person
    let services: AccessServices

    init() async throws {
        world = try await World()
        owner = try await world.makeOwner()
        services = AccessServices(world.access)
    }

    var caller: Caller { owner.caller }

    /// Somebody with a role.
    func person(_ username: String, with role: String? = nil, scope: Scope = .realm) async throws -> Person {
        let person = try await world.makePerson(username, by: owner)
        if let role { try await world.give(role, to: .user(person.id), scope: scope) }
        return person
    }

    @discardableResult
    func role(
        _ id: String, _ permissions: String = "[]", includes: [String] = [], by person: Person? = nil,
        idempotency: IdempotencyKey? = nil
    ) async throws -> StoredRole {
        try await services.roles.create(
            NewRole(id: id, name: nil, description: nil, permissions: try json(permissions), includes: includes),
            idempotency: idempotency, caller: (person ?? owner).caller
        ).value
    }

    @discardableResult
    func assign(
        _ role: String, to person: PrincipalReference, scope: Scope = .realm, from: Timestamp? = nil, until: Timestamp? = nil,
        reason: String = "", by caller: Person? = nil
    ) async throws -> RoleAssignment {
        try await services.roleAssignments.create(
            role: role, GrantTerms(principal: person, scope: scope, validFrom: from, expiresAt: until, reason: reason),
            idempotency: nil, caller: (caller ?? owner).caller
        ).value
    }

    @discardableResult
    func authorize(
        _ permissions: String, to person: PrincipalReference, scope: Scope = .realm, until: Timestamp? = nil,
        by caller: Person? = nil
    ) async throws -> Grants.Authorization {
        try await services.authorizations.create(
            permissions: try json(permissions), GrantTerms(principal: person, scope: scope, expiresAt: until), idempotency: nil,
            caller: (caller ?? owner).caller
        ).value
    }

    @discardableResult
    func type(
        _ id: String, _ actions: String = #"["view","edit"]"#, syntax: String? = nil, by person: Person? = nil
    ) async throws -> StoredType {
        try await services.resourceTypes.create(
            NewResourceType(id: id, syntax: syntax, actions: try json(actions)), idempotency: nil,
            caller: (person ?? owner).caller
        ).value
    }

    func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text.utf8) }

    /// Whether the engine lets somebody do it now.
    func may(_ person: PrincipalReference, _ action: String, _ type: String, _ id: String? = nil) throws -> Bool {
        let question = Question(
            subject: person.subject, action: action, resourceType: type, resourceID: id, time: world.clock.now().milliseconds)
        return Access.Engine(try world.gate.snapshot(of: .main).snapshot).allows(question)
    }

    /// `action target` of the last events, newest last.
    func lastEvents(_ count: Int) async throws -> [String] {
        try await world.events().suffix(count).map { "\($0.action) \($0.target?.name ?? "")" }
    }
}

/// The permission a refusal names; `nil` when it was none.
func missingPermission<Value>(_ body: () async throws -> Value) async -> String? {
    guard case .forbidden(let permission)? = await refusal(body) else { return nil }
    return permission
}

/// A merge patch of a role.
func rolePatch(_ change: (inout RolePatch) -> Void) -> RolePatch {
    var patch = RolePatch()
    change(&patch)
    return patch
}

/// A merge patch of the terms of a grant.
func termsPatch(_ change: (inout GrantTermsPatch) -> Void) -> GrantTermsPatch {
    var patch = GrantTermsPatch()
    change(&patch)
    return patch
}
