/// A step of the management plane that services ask for: a resource type of ours and an action on it.
public struct ManagementPermission: Hashable, Sendable, CustomStringConvertible {
    public let resourceType: String
    public let action: String
    public var description: String { "\(resourceType):\(action)" }

    public init(_ resourceType: String, _ action: String) {
        self.resourceType = resourceType
        self.action = action
    }

    public static let userCreate = ManagementPermission("user", "create")
    public static let userRead = ManagementPermission("user", "read")
    public static let userUpdate = ManagementPermission("user", "update")
    public static let userDelete = ManagementPermission("user", "delete")
    public static let userDisable = ManagementPermission("user", "disable")
    public static let userUnlock = ManagementPermission("user", "unlock")
    public static let userResetPassword = ManagementPermission("user", "reset-password")
    public static let userReadSessions = ManagementPermission("user", "read-sessions")
    public static let userEndSessions = ManagementPermission("user", "end-sessions")
    /// Reading password hashes, in an export.
    public static let userExportSecrets = ManagementPermission("user", "export-secrets")
    /// What everybody may do to oneself.
    public static let userUpdateProfile = ManagementPermission("user", "update-profile")
    public static let userChangePassword = ManagementPermission("user", "change-password")
    public static let userEndOwnSessions = ManagementPermission("user", "end-own-sessions")

    public static let groupCreate = ManagementPermission("group", "create")
    public static let groupRead = ManagementPermission("group", "read")
    public static let groupUpdate = ManagementPermission("group", "update")
    public static let groupDelete = ManagementPermission("group", "delete")
    public static let groupAddMember = ManagementPermission("group", "add-member")
    public static let groupRemoveMember = ManagementPermission("group", "remove-member")

    public static let serviceCreate = ManagementPermission("service", "create")
    public static let serviceRead = ManagementPermission("service", "read")
    public static let serviceUpdate = ManagementPermission("service", "update")
    public static let serviceDelete = ManagementPermission("service", "delete")
    public static let serviceDisable = ManagementPermission("service", "disable")
    public static let serviceReadTokens = ManagementPermission("service", "read-tokens")
    public static let serviceCreateToken = ManagementPermission("service", "create-token")
    public static let serviceDeleteToken = ManagementPermission("service", "delete-token")

    public static let roleCreate = ManagementPermission("role", "create")
    public static let roleRead = ManagementPermission("role", "read")
    public static let roleUpdate = ManagementPermission("role", "update")
    public static let roleDelete = ManagementPermission("role", "delete")

    public static let typeCreate = ManagementPermission("resource-type", "create")
    public static let typeRead = ManagementPermission("resource-type", "read")
    public static let typeUpdate = ManagementPermission("resource-type", "update")
    public static let typeDelete = ManagementPermission("resource-type", "delete")
    /// Conferring permissions on the runtime type.
    public static let typeGrant = ManagementPermission("resource-type", "grant")

    public static let resourceCreate = ManagementPermission("resource", "create")
    public static let resourceRead = ManagementPermission("resource", "read")
    public static let resourceUpdate = ManagementPermission("resource", "update")
    public static let resourceDelete = ManagementPermission("resource", "delete")

    public static let assignmentCreate = ManagementPermission("role-assignment", "create")
    public static let assignmentRead = ManagementPermission("role-assignment", "read")
    public static let assignmentUpdate = ManagementPermission("role-assignment", "update")
    public static let assignmentDelete = ManagementPermission("role-assignment", "delete")

    public static let authorizationCreate = ManagementPermission("authorization", "create")
    public static let authorizationRead = ManagementPermission("authorization", "read")
    public static let authorizationUpdate = ManagementPermission("authorization", "update")
    public static let authorizationDelete = ManagementPermission("authorization", "delete")

    public static let catalogApply = ManagementPermission("catalog", "apply")
    public static let catalogRead = ManagementPermission("catalog", "read")
    /// Asking for decisions about others, as applications do.
    public static let decisionEvaluate = ManagementPermission("decision", "evaluate")
    /// Seeing why a decision is what it is, who can do what, and what a change would do.
    public static let decisionExplain = ManagementPermission("decision", "explain")
    public static let auditRead = ManagementPermission("audit", "read")
}
