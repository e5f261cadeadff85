import Audit
import Authentication
import Directory
import Grants
import Model
public import Storage

/// The one place that knows which engine a configuration asks for, and the schema of the whole program.
public enum DatabaseOpening {
    /// What every database of this program is brought up to, and what its tables are to a backup.
    public static let plan = SchemaPlan(migrations: migrations, tables: tables)

    public static let migrations =
        AuditSchema.migrations + GrantsSchema.migrations + AuthenticationSchema.migrations + DirectorySchema.migrations

    /// Lowest room first: what others refer to comes before them.
    private static let tables =
        AuditSchema.tables + GrantsSchema.tables + AuthenticationSchema.tables + DirectorySchema.tables

    /// Opens the database for serving and brings its schema up to date.
    static func open(_ configuration: Configuration, clock: any WallClock) throws -> any Database {
        guard let url = configuration.database else {
            return try SQLiteDatabase(path: file(configuration), migrations: migrations, clock: clock)
        }
        return try PostgresDatabase(
            url: url, connections: configuration.databaseConnections, migrations: migrations, clock: clock)
    }

    /// The key that the database's secrets are sealed with. Nodes on one PostgreSQL share it through the database, unless its
    /// file was given a place of its own.
    static func keyring(
        _ configuration: Configuration, for database: any Database, clock: any WallClock
    ) async throws -> Keyring {
        guard let url = configuration.database, configuration.keyFileIsInDataFolder else {
            return try await Keyring(file: configuration.keyFile, for: database)
        }
        return try await Keyring(
            file: configuration.keyFile, sharedIn: database, openedBy: (database as? PostgresDatabase)?.password ?? url.password,
            clock: clock)
    }

    /// Where the data are, for messages.
    static func place(_ configuration: Configuration) -> String {
        configuration.database?.place ?? configuration.dataFolder
    }

    /// Opens the database for a backup, beside a server that may be using it.
    static func source(_ configuration: Configuration) throws -> any BackupSource {
        guard let url = configuration.database else { return try SQLiteBackupSource(path: file(configuration)) }
        return PostgresBackupSource(url: url)
    }

    /// The key for a backup, found as `keyring` finds it.
    static func key(_ configuration: Configuration, in source: any BackupSource) async throws -> BackupKey {
        // Elsewhere it is kept apart on purpose.
        guard configuration.keyFileIsInDataFolder else { return .keptApart }
        if let url = configuration.database, let key = try await Keyring.shared(in: source, openedBy: url.password) {
            return .included(key)
        }
        return try Keyring.key(in: configuration.keyFile).map { .included($0) } ?? .missing(configuration.keyFile)
    }

    /// Names the empty database that a restore fills; its folder is locked by the caller.
    static func target(_ configuration: Configuration) -> any RestoreTarget {
        guard let url = configuration.database else { return SQLiteRestoreTarget(path: file(configuration)) }
        return PostgresRestoreTarget(url: url)
    }

    private static func file(_ configuration: Configuration) -> String { configuration.dataFolder + "/gatehouse.db" }
}
