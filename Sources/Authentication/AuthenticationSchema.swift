public import Storage

/// The tables of credentials, sessions and throttling.
public enum AuthenticationSchema {
    public static let migrations: [Migration] = [
        Migration(
            4, "credentials, sessions, throttling",
            [
                """
                CREATE TABLE credential (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    secret TEXT NOT NULL,
                    must_change BIGINT NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id),
                    FOREIGN KEY (realm_id, principal_id) REFERENCES principal (realm_id, id)
                )
                """,
                "CREATE INDEX credential_principal ON credential (realm_id, principal_id, kind)",
                """
                CREATE TABLE session (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    token_hash TEXT NOT NULL,
                    principal_kind TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    last_seen_at BIGINT NOT NULL,
                    expires_at BIGINT NOT NULL,
                    address TEXT NOT NULL,
                    agent TEXT NOT NULL,
                    methods TEXT NOT NULL,
                    authenticated_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id),
                    FOREIGN KEY (realm_id, principal_id) REFERENCES principal (realm_id, id)
                )
                """,
                "CREATE UNIQUE INDEX session_token ON session (token_hash)",
                "CREATE INDEX session_principal ON session (realm_id, principal_id, created_at)",
                "CREATE INDEX session_expiry ON session (expires_at)",
                // Typed, used once, stored hashed; what they mean is read from here and never from the token.
                """
                CREATE TABLE one_time_token (
                    token_hash TEXT NOT NULL PRIMARY KEY,
                    realm_id TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    expires_at BIGINT NOT NULL
                ) /* key organized */
                """,
                "CREATE INDEX one_time_token_principal ON one_time_token (realm_id, principal_id)",
                "CREATE INDEX one_time_token_expiry ON one_time_token (expires_at)",
                // `subject` is a hash of the folded name (people type passwords there) or, with scope 'address', a network; `address` is
                // set for networks the account knows, `principal_id` when the name is somebody's.
                """
                CREATE TABLE sign_in_throttle (
                    realm_id TEXT NOT NULL,
                    scope TEXT NOT NULL,
                    subject TEXT NOT NULL,
                    address TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    failures BIGINT NOT NULL,
                    since BIGINT NOT NULL,
                    last_at BIGINT NOT NULL,
                    blocked_until BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, scope, subject, address)
                ) /* key organized */
                """,
                "CREATE INDEX sign_in_throttle_principal ON sign_in_throttle (realm_id, principal_id, blocked_until)",
                "CREATE INDEX sign_in_throttle_last ON sign_in_throttle (last_at)",
                """
                CREATE TABLE known_address (
                    realm_id TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    address TEXT NOT NULL,
                    last_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, principal_id, address)
                ) /* key organized */
                """,
                // A row for every user: lists sort by it.
                """
                CREATE TABLE sign_in_activity (
                    realm_id TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    last_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, principal_id)
                ) /* key organized */
                """,
                "CREATE INDEX sign_in_activity_last ON sign_in_activity (realm_id, last_at, principal_id)",
                // Refused sign-ins of one name from one address in one minute: one event, and a count.
                """
                CREATE TABLE sign_in_refusal (
                    realm_id TEXT NOT NULL,
                    subject TEXT NOT NULL,
                    address TEXT NOT NULL,
                    minute BIGINT NOT NULL,
                    principal_id TEXT NOT NULL,
                    count BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, subject, address, minute)
                ) /* key organized */
                """,
                // For the first page: how many in each hour.
                """
                CREATE TABLE sign_in_tally (
                    realm_id TEXT NOT NULL,
                    hour BIGINT NOT NULL,
                    outcome TEXT NOT NULL,
                    count BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, hour, outcome)
                ) /* key organized */
                """,
            ]),
        Migration(
            11, "API tokens",
            [
                // Stored hashed; `hint` is how it begins. `permissions` is NULL when it is not narrowed, `last_used_at` 0 when it was
                // never used.
                """
                CREATE TABLE api_token (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    token_hash TEXT NOT NULL,
                    hint TEXT NOT NULL,
                    name TEXT NOT NULL,
                    permissions TEXT,
                    created_by TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    expires_at BIGINT,
                    last_used_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, id),
                    FOREIGN KEY (realm_id, principal_id) REFERENCES principal (realm_id, id)
                )
                """,
                "CREATE UNIQUE INDEX api_token_hash ON api_token (token_hash)",
                "CREATE INDEX api_token_principal ON api_token (realm_id, principal_id, created_at)",
            ]),
    ]

    /// What a backup does with them.
    public static let tables: [TableDescription] = [
        TableDescription("credential", .kept),
        // Programs keep working after a restore, as passwords do.
        TableDescription("api_token", .kept),
        // What was ended since the backup must not be open again, nor what was used be of use again.
        TableDescription("session", .left),
        TableDescription("one_time_token", .left),
        // Who is held back for some minutes.
        TableDescription("sign_in_throttle", .left),
        TableDescription("known_address", .kept),
        TableDescription("sign_in_activity", .kept),
        // Refusals that the record has yet to tell of.
        TableDescription("sign_in_refusal", .kept),
        TableDescription("sign_in_tally", .kept),
    ]
}
