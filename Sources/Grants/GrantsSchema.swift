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
            ])
    ]

    /// What a backup does with them.
    public static let tables: [TableDescription] = [
        TableDescription("realm", .kept),
        TableDescription("principal", .kept),
        TableDescription("role_assignment", .kept),
    ]
}
