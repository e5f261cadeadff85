import Model

/// A PostgreSQL database read for a backup, through a connection of its own; a standby will do.
public final class PostgresBackupSource: BackupSource {
    private let url: PostgresURL

    public init(url: PostgresURL) {
        self.url = url
    }

    public func snapshot<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        let url = url
        return try await OwnThread.run("backup") {
            try PostgresLink.forHours(url) { link in
                try link.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                let value = try body(PostgresConnection(link, isStreaming: true))
                try link.execute("COMMIT")
                return value
            }
        }
    }
}

/// An empty PostgreSQL database: more exactly, the schema in which its tables will be.
public final class PostgresRestoreTarget: RestoreTarget {
    private let url: PostgresURL

    public init(url: PostgresURL) {
        self.url = url
    }

    public func requireEmpty() async throws {
        let url = url
        try await OwnThread.run("restore") {
            try PostgresLink.forHours(url) { link in try Self.requireEmpty(PostgresConnection(link), url) }
        }
    }

    public func fill(_ body: @escaping @Sendable (any Connection) throws -> Void) async throws {
        let url = url
        try await OwnThread.run("restore") {
            try PostgresLink.forHours(url) { link in
                try link.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
                let connection = PostgresConnection(link)
                try Self.requireEmpty(connection, url)
                try body(connection)
                if let failure = connection.failure { throw failure }
                do {
                    try link.execute("COMMIT")
                } catch is PostgresLost {
                    throw StorageError.unreachable(
                        "the connection was lost while everything was being committed; it is either all there or not at all")
                }
            }
        }
    }

    private static func requireEmpty(_ connection: PostgresConnection, _ url: PostgresURL) throws {
        let found = try connection.first(Statement(connection.dialect.tables)) { $0.text(0) }
        guard let found else { return }
        throw BackupError(
            .inTheWay,
            "\(url.place) has a table \(found): a backup is restored into an empty database only. Nothing was "
                + "changed; make a new database for it.")
    }
}

extension PostgresLink {
    private static let session: [SQL] = [
        // All of it is one long transaction, with pauses as long as the other side's disk makes them.
        "SET statement_timeout = 0", "SET idle_in_transaction_session_timeout = 0", "SET lock_timeout = 60000",
        "SET cursor_tuple_fraction = 1.0", "SET synchronous_commit = on",
    ]

    /// Connects, runs `body` with errors as `StorageError`, and disconnects.
    fileprivate static func forHours<Value>(_ url: PostgresURL, _ body: (PostgresLink) throws -> Value) throws -> Value {
        do {
            let link = try PostgresLink(
                url: url.text, session: session, connectPatience: 10_000_000_000, patience: 6 * 3_600_000_000_000,
                anyServer: true)
            return try body(link)
        } catch let error as PostgresLost {
            throw StorageError.unreachable("\(error)")
        } catch is PostgresConflict {
            throw StorageError.failed("somebody else is changing the same tables at this moment")
        } catch is PostgresReadOnly {
            throw StorageError.failed("the database can only be read")
        }
    }
}
