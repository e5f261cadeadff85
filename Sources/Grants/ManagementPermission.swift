/// A step of the management plane that services ask for: a resource type of ours and an action on it.
public struct ManagementPermission: Hashable, Sendable, CustomStringConvertible {
    public let resourceType: String
    public let action: String
    public var description: String { "\(resourceType):\(action)" }

    init(_ resourceType: String, _ action: String) {
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
    public static let auditRead = ManagementPermission("audit", "read")
}
