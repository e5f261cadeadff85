extension ResourceType {
    /// Gatehouse's own types; their ids are reserved.
    public static let management: [ResourceType] = [
        own(
            "user", "User",
            [
                "create", "read", "update", "delete", "disable", "unlock", "reset-password", "read-sessions", "end-sessions",
                "export-secrets", "update-profile", "change-password", "end-own-sessions",
            ], ["username"]),
        own("group", "Group", ["create", "read", "update", "delete", "add-member", "remove-member"]),
        own(
            "service", "Service",
            ["create", "read", "update", "delete", "disable", "read-tokens", "create-token", "delete-token"],
            ["username"]),
        own("device", "Device", ["create", "read", "update", "delete", "disable", "approve"], ["username"]),
        own("role", "Role", ["create", "read", "update", "delete"]),
        own("resource-type", "Resource type", ["create", "read", "update", "delete", "grant"]),
        own("resource", "Resource", ["create", "read", "update", "delete"]),
        own("role-assignment", "Role assignment", ["create", "read", "update", "delete"]),
        own("authorization", "Authorization", ["create", "read", "update", "delete"]),
        own("catalog", "Catalog", ["read", "apply"]),
        own("decision", "Decision", ["evaluate", "explain"]),
        own("realm", "Realm", ["read", "update"]),
        own("organization", "Organization", ["create", "read", "update", "delete"]),
        own("member", "Member", ["create", "read", "update", "delete"]),
        own("audit", "Audit record", ["read"]),
        own("session", "Session", ["read", "end"]),
    ]

    /// What every realm has of the runtime plane.
    public static let builtInRuntime: [ResourceType] = [
        ResourceType(
            id: "http-endpoint", name: "HTTP endpoint", plane: .runtime, syntax: .path,
            actions: ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"].map { Action($0) } + [
                Action("read", name: "Read", includes: ["GET", "HEAD", "OPTIONS"]),
                Action("write", name: "Write", includes: ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT"]),
            ]),
        ResourceType(
            id: "mqtt-topic", name: "MQTT topic", plane: .runtime, syntax: .topic,
            actions: [Action("publish", name: "Publish"), Action("subscribe", name: "Subscribe")]),
    ]

    public static let builtIn: [String: ResourceType] = Dictionary(
        uniqueKeysWithValues: (management + builtInRuntime).map { ($0.id, $0) })

    private static func own(_ id: String, _ name: String, _ actions: [String], _ properties: [String] = []) -> ResourceType {
        ResourceType(id: id, name: name, plane: .management, actions: actions.map { Action($0) }, properties: properties)
    }
}

extension Role {
    /// Everything, everywhere in the realm.
    public static let owner = Role(
        id: "owner", name: "Owner", description: "May do everything.",
        permissions: [Permission(resourceType: Permission.wildcard, actions: [Permission.wildcard])], isBuiltIn: true)

    /// What every principal holds without being given it: reading and editing oneself.
    public static let everybody = Role(
        id: "everybody", name: "Everybody", description: "Sees itself and edits its own profile.",
        permissions: [
            Permission(
                resourceType: "user", match: .property("id", subject: "id"),
                actions: ["read", "update-profile", "read-sessions", "end-own-sessions", "change-password"]),
            Permission(resourceType: "service", match: .property("id", subject: "id"), actions: ["read"]),
            Permission(resourceType: "device", match: .property("id", subject: "id"), actions: ["read"]),
        ], isBuiltIn: true)

    private static let all = [Permission.wildcard]
    private static let principals = [
        Permission(resourceType: "user", actions: ["read"]), Permission(resourceType: "group", actions: ["read"]),
        Permission(resourceType: "service", actions: ["read"]), Permission(resourceType: "device", actions: ["read"]),
    ]

    public static let userAdmin = Role(
        id: "user-admin", name: "User administrator",
        description: "Manages users, services, groups and their members, and the credentials of those who may do less.",
        permissions: [
            Permission(
                resourceType: "user",
                actions: [
                    "create", "read", "update", "delete", "disable", "unlock", "reset-password", "read-sessions", "end-sessions",
                ]),
            Permission(resourceType: "service", actions: all),
            Permission(resourceType: "group", actions: all),
        ], isBuiltIn: true)

    public static let accessAdmin = Role(
        id: "access-admin", name: "Access administrator",
        description: "Manages resource types, roles, assignments, authorizations and catalogs; grants what products protect.",
        permissions: [
            Permission(resourceType: "resource-type", actions: all), Permission(resourceType: "resource", actions: all),
            Permission(resourceType: "role", actions: all), Permission(resourceType: "role-assignment", actions: all),
            Permission(resourceType: "authorization", actions: all), Permission(resourceType: "catalog", actions: all),
            Permission(resourceType: "decision", actions: ["explain"]),
        ] + principals, isBuiltIn: true)

    public static let helpDesk = Role(
        id: "help-desk", name: "Help desk",
        description: "Reads users, resets passwords, unlocks and ends sessions of those who may do less.",
        permissions: [
            Permission(resourceType: "user", actions: ["read", "reset-password", "unlock", "read-sessions", "end-sessions"])
        ], isBuiltIn: true)

    public static let deviceApprover = Role(
        id: "device-approver", name: "Device approver", description: "Approves devices that ask to be registered.",
        permissions: [Permission(resourceType: "device", actions: ["read", "approve"])], isBuiltIn: true)

    public static let auditor = Role(
        id: "auditor", name: "Auditor", description: "Reads everything and changes nothing.",
        permissions: [
            Permission(resourceType: "user", actions: ["read", "read-sessions"]),
            Permission(resourceType: "group", actions: ["read"]),
            Permission(resourceType: "service", actions: ["read", "read-tokens"]),
            Permission(resourceType: "device", actions: ["read"]), Permission(resourceType: "role", actions: ["read"]),
            Permission(resourceType: "resource-type", actions: ["read"]), Permission(resourceType: "resource", actions: ["read"]),
            Permission(resourceType: "role-assignment", actions: ["read"]),
            Permission(resourceType: "authorization", actions: ["read"]), Permission(resourceType: "catalog", actions: ["read"]),
            Permission(resourceType: "realm", actions: ["read"]), Permission(resourceType: "organization", actions: ["read"]),
            Permission(resourceType: "member", actions: ["read"]), Permission(resourceType: "session", actions: ["read"]),
            Permission(resourceType: "audit", actions: ["read"]), Permission(resourceType: "decision", actions: ["explain"]),
        ], isBuiltIn: true)

    public static let minimumAccess = Role(
        id: "minimum-access", name: "Minimum access", description: "Signs in to the console and sees itself.",
        permissions: Role.everybody.permissions, isBuiltIn: true)

    public static let builtInList = [
        owner, userAdmin, accessAdmin, helpDesk, deviceApprover, auditor, minimumAccess,
    ]

    public static let builtIn: [String: Role] = Dictionary(uniqueKeysWithValues: builtInList.map { ($0.id, $0) })
}

extension Holdings {
    static let everybody = Holdings([Grant(id: "", kind: .permissions(Role.everybody.permissions))])
}
