import Foundation
import GRDB
public import Model
import Synchronization

/// The embedded engine: one SQLite file in WAL mode, `synchronous=FULL`, one writer with group commit, a pool of readers.
public final class SQLiteDatabase: Database {
    public let dialect = Dialect(engine: .sqlite)

    private let pool: DatabasePool
    private let scans: WorkerPool
    private let writer: SQLiteWriter
    /// The feed's position when the planner's statistics were last made.
    private let analyzedAt: Atomic<Int64>

    /// Opens or creates the file and brings its schema up to date.
    ///
    /// - Throws: `StorageError.newerSchema`, `.damaged`, `.full`, `.failed`.
    public init(path: String, migrations: [Migration], clock: any WallClock = SystemClock()) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 8
        configuration.persistentReadOnlyConnections = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000; PRAGMA mmap_size = 0")
            // As on the other engine: what is to be compared without case has been folded before.
            try database.execute(sql: "PRAGMA case_sensitive_like = ON")
            if !database.configuration.readonly {
                try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
            }
        }
        let opened = try SQLiteConnection.mapping { try DatabasePool(path: path, configuration: configuration) }
        // GRDB sets NORMAL once the pool is open; an acknowledged write must survive a power cut.
        try SQLiteConnection.mapping {
            try opened.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        }
        let start = try SQLiteConnection.mapping {
            try opened.write { database in
                let connection = SQLiteConnection(database)
                try Schema.migrate(connection, migrations: migrations, clock: clock)
                return try Schema.revision(connection)
            }
        }
        pool = opened
        analyzedAt = Atomic(start.position)
        // Without statistics the planner takes every index for a good one. Sampling makes this some milliseconds at any size;
        // on a full disk yesterday's statistics will do.
        try? opened.writeWithoutTransaction { try $0.execute(sql: "PRAGMA analysis_limit = 400; ANALYZE") }
        scans = WorkerPool(name: "scan", threads: 3, queueLimit: 512)
        writer = SQLiteWriter(pool: opened, start: start)
    }

    public var revision: Revision { writer.revision }

    public var commits: UInt64? { writer.commits }

    public func read<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        try readNow(body)
    }

    public func lookUp<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        try lookUpNow(body)
    }

    public func scan<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        do {
            return try await scans.run { try self.readNow(body) }
        } catch is WorkerPool.Full {
            throw StorageError.overloaded.forClients
        }
    }

    public func write<Value: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Written<Value> {
        do {
            return try await writer.write(body)
        } catch let error as StorageError {
            throw error.forClients
        }
    }

    public func observe(_ observer: @escaping @Sendable (FeedEvent) throws -> Void) {
        writer.observe(observer)
    }

    public var isCurrent: Bool { writer.isCurrent }

    public func confirm() async throws {
        if writer.isCurrent { return }
        // The next commit tells observers again what they could not take.
        _ = try? await write { _ in }
        guard writer.isCurrent else { throw ServiceError.unavailable(retryAfterSeconds: 1) }
    }

    public func catchUp(to revision: Revision) async -> Bool {
        for _ in 0..<50 {
            let known = self.revision
            guard known.epoch == revision.epoch else { return false }
            if known.position >= revision.position { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    /// The one writer numbers them as it writes them.
    public func numberChanges() async throws {}

    public func refreshStatistics() async {
        let position = revision.position
        guard position >= 2 * analyzedAt.load(ordering: .relaxed) + 200 else { return }
        analyzedAt.store(position, ordering: .relaxed)
        guard (try? await write { try $0.run(Statement("ANALYZE")) }) != nil else { return }
        // Readers learn of it only when they open the file anew.
        pool.invalidateReadOnlyConnections()
    }

    public func close() async {
        scans.end()
        await writer.end()
        try? pool.close()
    }

    private func lookUpNow<Value>(_ body: (any Connection) throws -> Value) throws -> Value {
        do {
            return try SQLiteConnection.mapping { try pool.unsafeRead { try body(SQLiteConnection($0)) } }
        } catch let error as StorageError {
            throw error.forClients
        }
    }

    public func readNow<Value>(_ body: (any Connection) throws -> Value) throws -> Value {
        do {
            return try SQLiteConnection.mapping { try pool.read { try body(SQLiteConnection($0)) } }
        } catch let error as StorageError {
            throw error.forClients
        }
    }
}
