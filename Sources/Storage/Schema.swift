import Model

/// Brings a database's schema up to date and reads where its change feed stands.
public enum Schema {
    /// The tables Storage itself owns.
    public static let migrations: [Migration] = [
        Migration(
            1, "change feed and sealed secrets",
            [
                """
                CREATE TABLE change_feed (
                    position BIGINT NOT NULL PRIMARY KEY,
                    realm_id TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    key TEXT NOT NULL,
                    version BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE sealed_secret (
                    name TEXT NOT NULL PRIMARY KEY,
                    sealed TEXT NOT NULL,
                    created_at BIGINT NOT NULL
                )
                """,
            ]),
        Migration(
            6, "many writers: changes without a number, leases",
            [
                // Ids let a follower know a change again when it comes back with its number.
                "ALTER TABLE change_feed ADD COLUMN id BIGINT NOT NULL DEFAULT 0",
                """
                CREATE TABLE change_pending (
                    id BIGINT NOT NULL PRIMARY KEY,
                    realm_id TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    key TEXT NOT NULL,
                    version BIGINT NOT NULL
                )
                """,
                """
                CREATE TABLE lease (
                    name TEXT NOT NULL PRIMARY KEY,
                    holder TEXT NOT NULL,
                    expires_at BIGINT NOT NULL
                )
                """,
                // The key of the key file, sealed with what opens this database, for nodes that come later.
                """
                CREATE TABLE shared_key (
                    name TEXT NOT NULL PRIMARY KEY,
                    sealed TEXT NOT NULL,
                    created_at BIGINT NOT NULL
                )
                """,
            ]),
    ]

    /// What a backup does with them.
    public static let tables: [TableDescription] = [
        // Made anew with every database.
        TableDescription("schema_migration", .left),
        TableDescription("database_epoch", .left),
        TableDescription("change_feed", .left),
        // What nodes are doing at the moment, and what they share the database's key by.
        TableDescription("change_pending", .left),
        TableDescription("lease", .left),
        TableDescription("migration_lease", .left),
        TableDescription("shared_key", .left),
        TableDescription("sealed_secret", .kept),
    ]

    /// Applies what is missing, in one transaction; the caller holds the only writer (or the migration lease).
    ///
    /// - Parameter last: the number of the last migration to apply; `nil` for all.
    static func migrate(
        _ connection: any Connection, migrations: [Migration], clock: any WallClock, upTo last: Int? = nil
    ) throws {
        try connection.run(
            Statement(
                """
                CREATE TABLE IF NOT EXISTS schema_migration (
                    number BIGINT NOT NULL PRIMARY KEY,
                    name TEXT NOT NULL,
                    applied_at BIGINT NOT NULL
                )
                """))
        // Its row is what several nodes that start at once wait for.
        try connection.run(Statement("CREATE TABLE IF NOT EXISTS migration_lease (name TEXT NOT NULL PRIMARY KEY)"))
        try connection.run(
            Statement("CREATE TABLE IF NOT EXISTS database_epoch (epoch BIGINT NOT NULL PRIMARY KEY)"))
        try connection.run(
            Statement("INSERT INTO database_epoch (epoch) SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM database_epoch)"))
        let all = (Schema.migrations + migrations).sorted { $0.number < $1.number }
        let supported = all.last?.number ?? 0
        let applied = Set(try connection.rows(Statement("SELECT number FROM schema_migration")) { Int($0.integer(0)) })
        let found = applied.max() ?? 0
        guard found <= supported else { throw StorageError.newerSchema(found: found, supported: supported) }
        for migration in all where !applied.contains(migration.number) && migration.number <= last ?? .max {
            for statement in migration.statements { try connection.run(Statement(connection.dialect.schema(statement))) }
            try connection.run(
                Statement(
                    "INSERT INTO schema_migration (number, name, applied_at) VALUES ($1, $2, $3)",
                    [.integer(Int64(migration.number)), .text(migration.name), .integer(clock.now().milliseconds)]))
        }
    }

    /// Where the change feed stands.
    static func revision(_ connection: any Connection) throws -> Revision {
        let epoch = try connection.first(Statement("SELECT MAX(epoch) FROM database_epoch")) { $0.integer(0) }
        let position = try connection.first(Statement("SELECT COALESCE(MAX(position), 0) FROM change_feed")) {
            $0.integer(0)
        }
        return Revision(epoch: epoch ?? 1, position: position ?? 0)
    }

    /// Forgets feed rows that every follower has long passed, always keeping the newest.
    public static func trimFeed(_ connection: any Connection, keeping count: Int64) throws {
        try connection.run(
            Statement(
                "DELETE FROM change_feed WHERE position <= (SELECT MAX(position) FROM change_feed) - $1",
                [.integer(max(1, count))]))
    }
}
