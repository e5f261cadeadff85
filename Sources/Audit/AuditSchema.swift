public import Storage

/// The tables of the record.
public enum AuditSchema {
    public static let migrations: [Migration] = [
        Migration(
            2, "audit record",
            [
                // The chained rows. What can be erased about persons lies in audit_personal; here are salted commitments to it.
                """
                CREATE TABLE audit_event (
                    realm_id TEXT NOT NULL,
                    id TEXT NOT NULL,
                    position BIGINT,
                    time BIGINT NOT NULL,
                    actor_kind TEXT NOT NULL,
                    actor_id TEXT NOT NULL,
                    action TEXT NOT NULL,
                    target_kind TEXT NOT NULL,
                    target_id TEXT NOT NULL,
                    outcome TEXT NOT NULL,
                    detail TEXT NOT NULL,
                    request_id TEXT NOT NULL,
                    actor_commitment TEXT NOT NULL,
                    target_commitment TEXT NOT NULL,
                    hash TEXT NOT NULL,
                    PRIMARY KEY (realm_id, id)
                )
                """,
                "CREATE UNIQUE INDEX audit_event_position ON audit_event (realm_id, position)",
                "CREATE INDEX audit_event_time ON audit_event (realm_id, time, id)",
                "CREATE INDEX audit_event_target ON audit_event (realm_id, target_id, time, id)",
                "CREATE INDEX audit_event_actor ON audit_event (realm_id, actor_id, time, id)",
                "CREATE INDEX audit_event_action ON audit_event (realm_id, action, time, id)",
                """
                CREATE TABLE audit_personal (
                    realm_id TEXT NOT NULL,
                    event_id TEXT NOT NULL,
                    part TEXT NOT NULL,
                    subject_id TEXT NOT NULL,
                    salt TEXT NOT NULL,
                    body TEXT NOT NULL,
                    PRIMARY KEY (realm_id, event_id, part)
                ) /* key organized */
                """,
                "CREATE INDEX audit_personal_subject ON audit_personal (realm_id, subject_id)",
                """
                CREATE TABLE audit_seal (
                    realm_id TEXT NOT NULL,
                    position BIGINT NOT NULL,
                    hash TEXT NOT NULL,
                    time BIGINT NOT NULL,
                    signature TEXT NOT NULL,
                    PRIMARY KEY (realm_id, position)
                )
                """,
            ]),
        Migration(
            8, "audit events that wait for their place",
            ["CREATE INDEX audit_event_waiting ON audit_event (realm_id, time, id) WHERE position IS NULL"]),
    ]

    /// What a backup does with them.
    public static let tables: [TableDescription] = [
        TableDescription("audit_event", .kept),
        TableDescription("audit_personal", .kept),
        TableDescription("audit_seal", .kept),
    ]
}
