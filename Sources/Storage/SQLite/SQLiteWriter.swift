import Foundation
import GRDB
import Model
import Synchronization

/// The one writer: a thread that runs all writes queued while the last commit was on its way to the disk as one
/// transaction, each in its own savepoint, so that one fsync serves many callers (group commit).
final class SQLiteWriter: @unchecked Sendable {
    private struct Job {
        /// Runs in the transaction; throws to undo its savepoint.
        let run: (SQLiteConnection) throws -> Void
        /// Called once, after the commit (or after it failed).
        let finish: (Result<Revision, any Error>) -> Void
    }

    private static let queueLimit = 4096
    private static let batchLimit = 256

    private let pool: DatabasePool
    private let epoch: Int64
    private let position: Atomic<Int64>
    private let committed = Atomic<UInt64>(0)
    private let condition = NSCondition()
    // Guarded by `condition`.
    private var queue: [Job] = []
    private var ending = false
    private var ended = false
    private var onEnd: [() -> Void] = []
    private var observers: [@Sendable (FeedEvent) throws -> Void] = []
    /// What an observer could not take; the writer's thread alone. Told again with the next commit.
    private var untold: [Change] = []
    private let hasUntold = Atomic<Bool>(false)

    init(pool: DatabasePool, start: Revision) {
        self.pool = pool
        epoch = start.epoch
        position = Atomic(start.position)
        let thread = Thread { self.loop() }
        thread.name = "writer"
        thread.stackSize = 4 << 20
        thread.start()
    }

    /// How many transactions have been committed since the start.
    var commits: UInt64 { committed.load(ordering: .acquiring) }

    var revision: Revision {
        Revision(epoch: epoch, position: position.load(ordering: .acquiring))
    }

    /// Whether every observer has taken what was committed.
    var isCurrent: Bool { !hasUntold.load(ordering: .acquiring) }

    func observe(_ observer: @escaping @Sendable (FeedEvent) throws -> Void) {
        condition.withLock { observers.append(observer) }
    }

    func write<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Written<Value> {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Written<Value>, any Error>) in
            var value: Result<Value, any Error> = .failure(StorageError.closed)
            let job = Job(
                run: { connection in
                    do {
                        value = .success(try body(connection))
                    } catch {
                        value = .failure(error)
                        throw error
                    }
                },
                finish: { outcome in
                    switch (outcome, value) {
                    case (.success(let revision), .success(let value)):
                        continuation.resume(returning: Written(value, revision: revision))
                    case (.success, .failure(let error)), (.failure(let error), _):
                        continuation.resume(throwing: error)
                    }
                })
            if let refusal = enqueue(job) { continuation.resume(throwing: refusal) }
        }
    }

    /// Finishes what is queued, then stops.
    func end() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let already = condition.withLock {
                ending = true
                if !ended { onEnd.append { continuation.resume() } }
                condition.signal()
                return ended
            }
            if already { continuation.resume() }
        }
    }

    private func enqueue(_ job: Job) -> StorageError? {
        condition.withLock {
            if ending { return .closed }
            if queue.count >= SQLiteWriter.queueLimit { return .overloaded }
            queue.append(job)
            condition.signal()
            return nil
        }
    }

    private func loop() {
        while let batch = nextBatch() { commit(batch) }
        // Everything into the one file that people copy; what cannot be moved now (a reader is still at work, the disk is
        // full) is found in the journal at the next start.
        try? pool.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        let waiting = condition.withLock {
            ended = true
            defer { onEnd.removeAll() }
            return onEnd
        }
        for resume in waiting { resume() }
    }

    private func nextBatch() -> [Job]? {
        condition.withLock {
            while queue.isEmpty {
                if ending { return nil }
                condition.wait()
            }
            let batch = Array(queue.prefix(SQLiteWriter.batchLimit))
            queue.removeFirst(batch.count)
            return batch
        }
    }

    private func commit(_ batch: [Job]) {
        var changes: [Change] = []
        var finished: [(Job, Result<Void, any Error>)] = []
        do {
            try SQLiteConnection.mapping {
                try pool.writeWithoutTransaction { database in
                    try database.inTransaction(.immediate) {
                        let connection = SQLiteConnection(database)
                        for job in batch {
                            let outcome = try run(job, on: connection, database, changes: &changes)
                            finished.append((job, outcome))
                        }
                        return .commit
                    }
                }
            }
        } catch {
            // Nothing of the batch was committed: nobody is told otherwise.
            for job in batch { job.finish(.failure(error)) }
            return
        }
        committed.wrappingAdd(1, ordering: .releasing)
        tell(changes)
        if let last = changes.last { position.store(last.position, ordering: .releasing) }
        let revision = self.revision
        for (job, outcome) in finished {
            job.finish(outcome.map { revision })
        }
    }

    private func tell(_ changes: [Change]) {
        let due = untold + changes
        guard !due.isEmpty else { return }
        let observers = condition.withLock { self.observers }
        do {
            for observer in observers { try observer(.changes(due)) }
            untold = []
        } catch {
            untold = due
        }
        hasUntold.store(!untold.isEmpty, ordering: .releasing)
    }

    /// One job in its savepoint. Throws only when the whole transaction is lost (a full disk rolls it back).
    private func run(
        _ job: Job, on connection: SQLiteConnection, _ database: GRDB.Database, changes: inout [Change]
    ) throws -> Result<Void, any Error> {
        var outcome: Result<Void, any Error> = .success(())
        try database.execute(sql: "SAVEPOINT job")
        do {
            try job.run(connection)
            if let failure = connection.failure { throw failure }
            changes += connection.takeChanges()
            try database.execute(sql: "RELEASE job")
        } catch {
            _ = connection.takeChanges()
            guard database.isInsideTransaction else { throw error }
            try database.execute(sql: "ROLLBACK TO job")
            try database.execute(sql: "RELEASE job")
            outcome = .failure(error)
        }
        return outcome
    }
}
