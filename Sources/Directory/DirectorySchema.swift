public import Storage

/// The tables of what is special to users and services.
public enum DirectorySchema {
    public static let migrations: [Migration] = [
        Migration(
            5, "user profiles, search words, idempotency keys",
            [
                // `display_key`, `email_key` and `search` are folded by us; empty stands for absent. `search` holds every place
                // where a search word may begin, each after a line feed.
                """
                CREATE TABLE user_profile (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    display_name TEXT NOT NULL,
                    display_key TEXT NOT NULL,
                    email TEXT NOT NULL,
                    email_key TEXT NOT NULL,
                    email_verified BIGINT NOT NULL,
                    attributes TEXT NOT NULL,
                    search TEXT NOT NULL,
                    PRIMARY KEY (realm_id, id),
                    FOREIGN KEY (realm_id, id) REFERENCES principal (realm_id, id)
                ) /* key organized */
                """,
                "CREATE INDEX user_profile_display ON user_profile (realm_id, display_key, id)",
                "CREATE INDEX user_profile_email ON user_profile (realm_id, email_key, id)",
                // The same places, to be found by.
                """
                CREATE TABLE user_word (
                    realm_id TEXT NOT NULL,
                    word TEXT NOT NULL,
                    user_id TEXT NOT NULL,
                    PRIMARY KEY (realm_id, word, user_id)
                ) /* key organized */
                """,
                """
                CREATE TABLE idempotency_key (
                    realm_id TEXT NOT NULL,
                    principal_id TEXT NOT NULL,
                    key_hash TEXT NOT NULL,
                    request_hash TEXT NOT NULL,
                    object_id TEXT NOT NULL,
                    created_at BIGINT NOT NULL,
                    PRIMARY KEY (realm_id, principal_id, key_hash)
                ) /* key organized */
                """,
                "CREATE INDEX idempotency_key_created ON idempotency_key (created_at)",
            ]),
        Migration(
            10, "services",
            [
                """
                CREATE TABLE service_profile (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    description TEXT NOT NULL,
                    PRIMARY KEY (realm_id, id),
                    FOREIGN KEY (realm_id, id) REFERENCES principal (realm_id, id)
                ) /* key organized */
                """
            ]),
    ]

    /// What a backup does with them.
    public static let tables: [TableDescription] = [
        TableDescription("user_profile", .kept),
        TableDescription("user_word", .kept),
        TableDescription("service_profile", .kept),
        // Answers to requests that may be sent again: of the moment.
        TableDescription("idempotency_key", .left),
    ]
}
