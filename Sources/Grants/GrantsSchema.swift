public import Storage

/// The tables of principals and of what they hold.
public enum GrantsSchema {
    public static let migrations: [Migration] = [
        Migration(
            3, "realms, principals, role assignments",
            [
                """
                CREATE TABLE realm (
                    id TEXT NOT NULL PRIMARY KEY,
                    created_at BIGINT NOT NULL,
                    setup_completed_at BIGINT
                )
                """,
                "INSERT INTO realm (id, created_at) VALUES ('main', 0)",
                // Whoever can be granted something. `name_key` is folded by us and unique across kinds.
                """
                CREATE TABLE principal (
                    realm_id TEXT NOT NULL REFERENCES realm (id),
                    id TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    store_id TEXT NOT NULL,
                    organization_id TEXT,
                    name TEXT NOT NULL,
                    name_key TEXT NOT NULL,
                    status TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id)
                ) /* key organized */
                """,
                "CREATE UNIQUE INDEX principal_name ON principal (realm_id, name_key)",
                "CREATE INDEX principal_kind_name ON principal (realm_id, kind, name_key, id)",
                "CREATE INDEX principal_kind_status ON principal (realm_id, kind, status, id)",
                "CREATE INDEX principal_kind_created ON principal (realm_id, kind, created_at, id)",
                "CREATE INDEX principal_kind_updated ON principal (realm_id, kind, updated_at, id)",
                """
                CREATE TABLE role_assignment (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    principal_kind TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    role_id TEXT NOT NULL,
                    scope_kind TEXT NOT NULL,
                    scope_id TEXT NOT NULL,
                    valid_from BIGINT,
                    expires_at BIGINT,
                    reason TEXT NOT NULL,
                    source TEXT NOT NULL,
                    granted_by TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id)
                )
                """,
                "CREATE INDEX role_assignment_principal ON role_assignment (realm_id, principal_id)",
                "CREATE INDEX role_assignment_role ON role_assignment (realm_id, role_id)",
            ]),
        Migration(
            9, "groups, resource types, resources, roles, authorizations",
            [
                // A set of principals. `name_key` is folded by us.
                """
                CREATE TABLE principal_group (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    name TEXT NOT NULL,
                    name_key TEXT NOT NULL,
                    description TEXT NOT NULL,
                    source TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id)
                ) /* key organized */
                """,
                "CREATE UNIQUE INDEX principal_group_name ON principal_group (realm_id, name_key)",
                "CREATE INDEX principal_group_created ON principal_group (realm_id, created_at, id)",
                """
                CREATE TABLE membership (
                    realm_id TEXT NOT NULL,
                    group_id TEXT NOT NULL,
                    member_kind TEXT NOT NULL,
                    member_id TEXT NOT NULL,
                    source TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, group_id, member_kind, member_id),
                    FOREIGN KEY (realm_id, group_id) REFERENCES principal_group (realm_id, id)
                ) /* key organized */
                """,
                "CREATE INDEX membership_member ON membership (realm_id, member_id, group_id)",
                """
                CREATE TABLE resource_type (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    name TEXT NOT NULL,
                    name_key TEXT NOT NULL,
                    syntax TEXT NOT NULL,
                    actions TEXT NOT NULL,
                    properties TEXT NOT NULL,
                    source TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id)
                ) /* key organized */
                """,
                // `organization` is empty when nobody owns it.
                """
                CREATE TABLE resource (
                    realm_id TEXT NOT NULL,
                    type_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    name TEXT NOT NULL,
                    name_key TEXT NOT NULL,
                    organization TEXT NOT NULL,
                    properties TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, type_id, id)
                ) /* key organized */
                """,
                // Roles people make; the built-in ones are in the program.
                """
                CREATE TABLE role (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    name TEXT NOT NULL,
                    name_key TEXT NOT NULL,
                    description TEXT NOT NULL,
                    permissions TEXT NOT NULL,
                    includes TEXT NOT NULL,
                    source TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    updated_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id)
                ) /* key organized */
                """,
                // `authorization` itself is a reserved word of SQL.
                """
                CREATE TABLE direct_authorization (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    principal_kind TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    permissions TEXT NOT NULL,
                    scope_kind TEXT NOT NULL,
                    scope_id TEXT NOT NULL,
                    valid_from BIGINT,
                    expires_at BIGINT,
                    reason TEXT NOT NULL,
                    source TEXT NOT NULL,
                    granted_by TEXT NOT NULL,
                    version BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id)
                )
                """,
                "CREATE INDEX direct_authorization_principal ON direct_authorization (realm_id, principal_id)",
                "CREATE INDEX direct_authorization_scope ON direct_authorization (realm_id, scope_kind, scope_id)",
                "CREATE INDEX role_assignment_scope ON role_assignment (realm_id, scope_kind, scope_id)",
                "CREATE INDEX role_assignment_created ON role_assignment (realm_id, created_at, id)",
                // A catalog as it was applied last: what it declared is what applying it again may change.
                """
                CREATE TABLE catalog (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    name TEXT NOT NULL,
                    release TEXT NOT NULL,
                    applied_at BIGINT NOT NULL,
                    version BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id)
                )
                """,
            ]),
    ]

    /// What a backup does with them.
    public static let tables: [TableDescription] = [
        TableDescription("realm", .kept),
        TableDescription("principal", .kept),
        TableDescription("role_assignment", .kept),
        TableDescription("principal_group", .kept),
        TableDescription("membership", .kept),
        TableDescription("resource_type", .kept),
        TableDescription("resource", .kept),
        TableDescription("role", .kept),
        TableDescription("direct_authorization", .kept),
        TableDescription("catalog", .kept),
    ]
}
