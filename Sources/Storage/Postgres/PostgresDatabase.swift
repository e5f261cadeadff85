import Foundation
public import Model
import Synchronization

/// PostgreSQL through libpq: threads with a connection each, `SERIALIZABLE` writes that are run again when others are in the
/// way, and a follower of the change feed. Any number of nodes share one database.
public final class PostgresDatabase: Database {
    public let dialect = Dialect(engine: .postgres)

    private let pool: PostgresPool
    private let scans: PostgresPool
    private let follower: PostgresFollower
    private let epoch: Int64
    /// What opened the database, wherever libpq found it; empty when nothing was asked for.
    public let password: String
    /// This process, for leases.
    private let node = Base64URL.encode(randomBytes(12))
    /// One transaction of ours at a time that has lost to others more than once.
    private let patience = NSLock()
    private let movedSinceVacuum = Atomic<Int>(0)

    /// How often a write is tried before its client is told to come back.
    private static let attempts = 24
    private static let session: [SQL] = [
        "SET statement_timeout = 5000", "SET lock_timeout = 4000", "SET idle_in_transaction_session_timeout = 15000",
        // A commit that was answered must survive a power cut, whatever the server's default is.
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')",
        "SET cursor_tuple_fraction = 1.0", "SET tcp_keepalives_idle = 10", "SET tcp_keepalives_interval = 5",
        "SET tcp_keepalives_count = 3",
    ]
    private static let scanSession: [SQL] = [
        "SET statement_timeout = 600000", "SET lock_timeout = 4000", "SET cursor_tuple_fraction = 1.0",
        "SET idle_in_transaction_session_timeout = 600000", "SET tcp_keepalives_idle = 10",
        "SET tcp_keepalives_interval = 5", "SET tcp_keepalives_count = 3",
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')",
    ]

    /// Connects and brings the schema up to date; of several nodes that start at once, one does it.
    ///
    /// - Parameters:
    ///   - connections: for requests; half as many again serve lists and long reads, and two the change feed.
    /// - Throws: `StorageError.unreachable`, `.newerSchema`, `.failed`.
    public init(
        url address: PostgresURL, connections: Int = 16, migrations: [Migration], clock: any WallClock = SystemClock(),
        trust: Duration = .seconds(1)
    ) throws {
        let url = address.text
        let start: Revision
        do {
            let link = try PostgresLink(
                url: url, session: [], connectPatience: 5_000_000_000, patience: 300_000_000_000)
            start = try Self.prepare(link, migrations: migrations, clock: clock)
            password = link.password
        } catch let error as PostgresLost {
            throw StorageError.unreachable("\(error)")
        }
        epoch = start.epoch
        let pulse = PostgresPulse()
        follower = try PostgresFollower(
            url: url, session: Self.session, trust: UInt64(clamping: Int64(trust / .nanoseconds(1))), position: start.position,
            pulse: pulse)
        pool = PostgresPool(
            name: "postgres", url: url, session: Self.session,
            limits: .init(connections: connections, waiting: 4096, patience: 4_000_000_000, statement: 6_000_000_000),
            pulse: pulse)
        scans = PostgresPool(
            name: "scan", url: url, session: Self.scanSession,
            limits: .init(
                connections: max(3, connections / 2), waiting: 512, patience: 8_000_000_000, statement: 601_000_000_000),
            pulse: pulse)
    }

    public var revision: Revision { Revision(epoch: epoch, position: follower.appliedPosition) }

    /// Others commit as well, and nobody counts for all.
    public var commits: UInt64? { nil }

    public var isCurrent: Bool { follower.isCurrent }

    /// How many requests wait for a connection, and how many have one.
    public var load: (waiting: Int, running: Int) { pool.load }

    public func confirm() async throws {
        if follower.isCurrent { return }
        guard await follower.refresh(within: .seconds(1)) else { throw ServiceError.unavailable(retryAfterSeconds: 1) }
    }

    /// A write is answered before it has a number; looking once at everything that was committed by now settles it.
    public func catchUp(to revision: Revision) async -> Bool {
        guard revision.epoch == epoch else { return false }
        if !revision.isPending, follower.appliedPosition >= revision.position { return true }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(1)
        while clock.now < end {
            guard await follower.refresh(within: end - clock.now) else { return false }
            if follower.appliedPosition >= revision.position { return true }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    public func read<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        try await perform(on: pool) { try Self.snapshot($0, isStreaming: false, body) }
    }

    public func lookUp<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        try await perform(on: pool) { link in
            do {
                return try body(PostgresConnection(link))
            } catch is PostgresStale {
                return try body(PostgresConnection(link))
            }
        }
    }

    public func scan<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        try await perform(on: scans) { try Self.snapshot($0, isStreaming: true, body) }
    }

    public func readNow<Value>(_ body: (any Connection) throws -> Value) throws -> Value {
        try follower.readNow(body)
    }

    public func write<Value: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Written<Value> {
        let (value, entries) = try await perform(on: pool) { try self.commit(isolation, on: $0, body) }
        if !entries.isEmpty {
            await withCheckedContinuation { continuation in
                follower.applyOwn(entries) { continuation.resume() }
            }
        }
        return Written(
            value, revision: Revision(epoch: epoch, position: follower.appliedPosition, isPending: !entries.isEmpty))
    }

    public func observe(_ observer: @escaping @Sendable (FeedEvent) throws -> Void) {
        follower.observe(observer)
    }

    public func numberChanges() async throws {
        let waits = try await lookUp { connection in
            try connection.first(Statement("SELECT 1 FROM change_pending LIMIT 1")) { _ in true } ?? false
        }
        guard waits else { return }
        let moved = try await write(.committed) { [node] in try PostgresFeed.number(as: node, on: $0) }.value
        // Rows that were moved leave room behind, which everybody who looks for news would walk through.
        if movedSinceVacuum.add(moved, ordering: .relaxed).newValue >= 20_000 {
            movedSinceVacuum.store(0, ordering: .relaxed)
            try? await perform(on: scans) { _ = try $0.execute("VACUUM change_pending") }
        }
    }

    /// PostgreSQL's own autovacuum does this.
    public func refreshStatistics() async {}

    public func close() async {
        if follower.isCurrent { _ = try? await write(.committed) { [node] in try Lease.releaseAll(of: node, on: $0) } }
        await pool.end()
        await scans.end()
        await follower.end()
    }

    private func perform<Value: Sendable>(
        on pool: PostgresPool, _ body: @escaping @Sendable (PostgresLink) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.run(body)
        } catch let error as StorageError {
            throw error.forClients
        } catch is PostgresReadOnly {
            throw StorageError.failed("a read tried to write")
        } catch is PostgresConflict, is PostgresStale {
            throw ServiceError.overloaded(retryAfterSeconds: 1)
        }
    }

    private static func snapshot<Value>(
        _ link: PostgresLink, isStreaming: Bool, _ body: (any Connection) throws -> Value
    ) throws -> Value {
        var attempt = 0
        while true {
            do {
                try link.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                let value = try body(PostgresConnection(link, isStreaming: isStreaming))
                try link.execute("COMMIT")
                return value
            } catch {
                if !link.isBroken { try link.execute("ROLLBACK") }
                // A standby may cancel what it must clear away, and a statement is prepared anew after a migration.
                guard error is PostgresConflict || error is PostgresStale, attempt < 3 else { throw error }
                attempt += 1
            }
        }
    }

    private func commit<Value>(
        _ isolation: Isolation, on link: PostgresLink, _ body: (any Connection) throws -> Value
    ) throws -> (Value, [PostgresFeed.Entry]) {
        var mayMeetKeys = true
        for attempt in 0..<Self.attempts {
            do {
                if attempt < 3 { return try once(isolation, on: link, &mayMeetKeys, body) }
                // Losers of one node queue up instead of hindering each other again and again.
                return try patience.withLock { try once(isolation, on: link, &mayMeetKeys, body) }
            } catch is PostgresConflict {
                usleep(UInt32.random(in: 0...(500 << min(UInt32(attempt), 6))))
            } catch is PostgresStale where attempt < Self.attempts - 1 {
                continue
            }
        }
        throw StorageError.overloaded
    }

    private func once<Value>(
        _ isolation: Isolation, on link: PostgresLink, _ mayMeetKeys: inout Bool,
        _ body: (any Connection) throws -> Value
    ) throws -> (Value, [PostgresFeed.Entry]) {
        let connection = PostgresConnection(link)
        let value: Value
        var hasBegun = false
        do {
            try link.execute(Self.begin(isolation))
            hasBegun = true
            value = try body(connection)
            if let failure = connection.failure { throw failure }
            try connection.flushChanges()
        } catch {
            if !link.isBroken { try link.execute("ROLLBACK") }
            // The server became a standby, and another is the primary now: the next connection may reach that one.
            // It says so in one of two ways: a standby refuses to begin.
            if error is PostgresReadOnly || (error is PostgresStale && !hasBegun) { throw PostgresLost("the server only reads") }
            // Whoever took the key may have done so a moment ago: run again, the rules see it and can say what it means.
            if mayMeetKeys, case .uniqueViolation? = connection.failure as? StorageError {
                mayMeetKeys = false
                throw PostgresConflict()
            }
            throw error
        }
        do {
            try link.execute("COMMIT")
        } catch let lost as PostgresLost {
            // Nobody knows whether it was committed: it must not be run again, and its client must not be told that it was.
            throw StorageError.unreachable("the connection was lost while a commit was under way (\(lost))")
        }
        return (value, connection.changes)
    }

    private static func begin(_ isolation: Isolation) -> SQL {
        switch isolation {
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        case .snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .committed: "BEGIN ISOLATION LEVEL READ COMMITTED"
        }
    }

    /// Migrations in one transaction, under a row that the first of several nodes holds until it is done.
    private static func prepare(
        _ link: PostgresLink, migrations: [Migration], clock: any WallClock
    ) throws -> Revision {
        for attempt in 0... {
            do {
                try link.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
                try link.execute("CREATE TABLE IF NOT EXISTS migration_lease (name TEXT NOT NULL PRIMARY KEY)")
                try link.execute("INSERT INTO migration_lease (name) VALUES ('migration') ON CONFLICT DO NOTHING")
                try link.execute("COMMIT")
                break
            } catch let error as PostgresLost {
                throw error
            } catch {
                // Two nodes made the table at the same time; one of them may be told that it, or its type, exists.
                try link.execute("ROLLBACK")
                guard attempt < 20, error is PostgresConflict || error is StorageError else { throw error }
                if attempt >= 5, let error = error as? StorageError { throw error }
                usleep(50_000)
            }
        }
        try link.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        do {
            try link.execute("SELECT name FROM migration_lease WHERE name = 'migration' FOR UPDATE")
            let connection = PostgresConnection(link)
            try Schema.migrate(connection, migrations: migrations, clock: clock)
            let revision = try Schema.revision(connection)
            try link.execute("COMMIT")
            return revision
        } catch {
            if !link.isBroken { try link.execute("ROLLBACK") }
            throw error
        }
    }
}
