import Access
import Directory
import Grants
import Model
import Web

/// Carries out what the engine suggests, through the service that the change belongs to; the service decides again.
struct SuggestedChanges {
    private let services: ConsoleServices
    private let call: Call

    init(_ services: ConsoleServices, call: Call) {
        self.services = services
        self.call = call
    }

    private func segments(_ change: PlannedChange) -> [String] { change.path.split(separator: "/").map(String.init) }

    /// Whether it is worth offering. What may be conferred is only decided when it is done.
    func mayPerform(_ change: PlannedChange) -> Bool {
        let parts = segments(change)
        let id = parts.count > 1 ? parts[1] : nil
        guard let permission = permission(parts, change.operation) else { return false }
        return services.gate.allows(permission, on: id, caller: call.caller)
    }

    private func permission(_ parts: [String], _ operation: PlannedChange.Operation) -> ManagementPermission? {
        switch (parts.first, operation) {
        case ("users", .update): .userDisable
        case ("role-assignments", .create): .assignmentCreate
        case ("role-assignments", .update): .assignmentUpdate
        case ("role-assignments", .delete): .assignmentDelete
        case ("authorizations", .create): .authorizationCreate
        case ("authorizations", .update): .authorizationUpdate
        case ("authorizations", .delete): .authorizationDelete
        case ("groups", .delete): .groupRemoveMember
        default: nil
        }
    }

    /// - Throws: what the services throw; `conflict` for a change that no page can make.
    func perform(_ change: PlannedChange) async throws {
        let parts = segments(change)
        let value = change.value ?? JSONObject()
        switch (parts.first, change.operation, parts.count) {
        case ("users", .update, 2):
            _ = try await services.users.enable(EntityID(trusted: parts[1]), ifMatch: nil, caller: call.caller)
        case ("role-assignments", .create, 1):
            _ = try await services.access.roleAssignments.create(
                role: value["role"]?.string ?? "", try terms(value), idempotency: nil, caller: call.caller)
        case ("role-assignments", .update, 2):
            _ = try await services.access.roleAssignments.update(
                EntityID(trusted: parts[1]), role: nil, try patch(value), ifMatch: nil, caller: call.caller)
        case ("role-assignments", .delete, 2):
            _ = try await services.access.roleAssignments.delete(EntityID(trusted: parts[1]), ifMatch: nil, caller: call.caller)
        case ("authorizations", .create, 1):
            _ = try await services.access.authorizations.create(
                permissions: value["permissions"] ?? .array([]), try terms(value), idempotency: nil, caller: call.caller)
        case ("authorizations", .update, 2):
            _ = try await services.access.authorizations.update(
                EntityID(trusted: parts[1]), permissions: nil, try patch(value), ifMatch: nil, caller: call.caller)
        case ("authorizations", .delete, 2):
            _ = try await services.access.authorizations.delete(EntityID(trusted: parts[1]), ifMatch: nil, caller: call.caller)
        case ("groups", .delete, 5):
            // `/groups/GROUP/members/users/USER`
            guard let kind = PrincipalKind(rawValue: String(parts[3].dropLast())) else {
                throw ServiceError.conflict(Texts.Explorer.cannotPerform)
            }
            _ = try await services.access.groups.remove(
                PrincipalReference(kind: kind, id: EntityID(trusted: parts[4])), from: EntityID(trusted: parts[1]), ifMatch: nil,
                caller: call.caller)
        default: throw ServiceError.conflict(Texts.Explorer.cannotPerform)
        }
    }

    private func terms(_ value: JSONObject) throws -> GrantTerms {
        var reader = PermissionReader(types: try services.access.types(of: call.caller))
        let principal = reader.principal(value["principal"], field: "principal")
        let scope = try reader.scope(value["scope"], field: "scope")
        try reader.finish()
        guard let principal else { throw ServiceError.conflict(Texts.Explorer.cannotPerform) }
        return GrantTerms(principal: principal, scope: scope, reason: Texts.Explorer.reason)
    }

    private func patch(_ value: JSONObject) throws -> GrantTermsPatch {
        var patch = GrantTermsPatch()
        if value.names.contains("validFrom") { patch.validFrom = .clear }
        if value.names.contains("expiresAt") { patch.expiresAt = .clear }
        if value.names.contains("scope") {
            var reader = PermissionReader(types: try services.access.types(of: call.caller))
            patch.scope = .set(try reader.scope(value["scope"], field: "scope"))
            try reader.finish()
        }
        return patch
    }
}
