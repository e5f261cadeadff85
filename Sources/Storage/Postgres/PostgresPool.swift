import Foundation
import Model
import Synchronization

/// Threads that each own a connection, with a bounded queue in front of them: whoever has waited too long is turned away, so
/// that a slow or absent database never piles up requests.
final class PostgresPool: @unchecked Sendable {
    struct Limits: Sendable {
        let connections: Int
        /// How many jobs may wait beside those that run.
        let waiting: Int
        /// How long a job may wait for a connection (nanoseconds).
        let patience: UInt64
        /// How long a statement may take (nanoseconds).
        let statement: UInt64
    }

    private struct Job {
        let due: UInt64
        /// Throws `PostgresLost` only while the job may be run again.
        let run: (PostgresLink) throws -> Void
        let fail: (any Error) -> Void
    }

    private static let shortestPause: UInt64 = 50_000_000
    private static let longestPause: UInt64 = 1_000_000_000

    private let url: String
    private let session: [SQL]
    private let limits: Limits
    private let pulse: PostgresPulse
    private let condition = NSCondition()
    // All below guarded by `condition`.
    private var queue: [Job] = []
    private var running = 0
    /// Connections that stand.
    private var links = 0
    private var threads = 0
    private var ended = false
    private var onEnd: [() -> Void] = []
    /// While the server is away it is not asked again at once: until then everybody is told what was found.
    private var pause: UInt64 = 0
    private var pausedUntil: UInt64 = 0
    private var reason = ""

    init(name: String, url: String, session: [SQL], limits: Limits, pulse: PostgresPulse) {
        self.url = url
        self.session = session
        self.limits = limits
        self.pulse = pulse
        threads = max(1, limits.connections) + 1
        for number in 0..<max(1, limits.connections) {
            start("\(name)-\(number)") { $0.work() }
        }
        start("\(name)-watch") { $0.watch() }
    }

    /// How many jobs wait, and how many run.
    var load: (waiting: Int, running: Int) { condition.withLock { (queue.count, running) } }

    /// Runs `body` with a connection. It is run once more when a connection turns out to be lost that had served before, unless
    /// it has said by another error that this must not be.
    ///
    /// - Throws: `StorageError.unreachable`, `.overloaded`, `.closed`, and what `body` throws.
    func run<Value: Sendable>(_ body: @escaping @Sendable (PostgresLink) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let job = Job(
                due: monotonicNanoseconds() &+ limits.patience,
                run: { link in
                    let outcome: Result<Value, any Error>
                    do {
                        outcome = .success(try body(link))
                    } catch let lost as PostgresLost {
                        throw lost
                    } catch {
                        outcome = .failure(error)
                    }
                    continuation.resume(with: outcome)
                },
                fail: { continuation.resume(throwing: $0) })
            if let refusal = enqueue(job) { continuation.resume(throwing: refusal) }
        }
    }

    /// Finishes what is queued and closes the connections.
    func end() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let already = condition.withLock {
                ended = true
                condition.broadcast()
                if threads > 0 { onEnd.append { continuation.resume() } }
                return threads == 0
            }
            if already { continuation.resume() }
        }
    }

    private func start(_ name: String, _ body: @escaping @Sendable (PostgresPool) -> Void) {
        let thread = Thread {
            body(self)
            self.threadEnded()
        }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    private func threadEnded() {
        let waiting = condition.withLock {
            threads -= 1
            guard threads == 0 else { return [() -> Void]() }
            defer { onEnd.removeAll() }
            return onEnd
        }
        for resume in waiting { resume() }
    }

    private func enqueue(_ job: Job) -> StorageError? {
        condition.withLock {
            if ended { return .closed }
            if queue.count >= limits.waiting { return .overloaded }
            queue.append(job)
            condition.broadcast()
            return nil
        }
    }

    /// - Parameter isLinked: whether the thread has a connection. One without leaves the jobs to those that have, for as long as
    ///   no new connection may be asked for.
    private func next(isLinked: Bool) -> Job? {
        condition.withLock {
            while true {
                if queue.isEmpty {
                    if ended { return nil }
                    condition.wait()
                } else if !isLinked, links > 0, pausedUntil > monotonicNanoseconds() {
                    _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
                } else {
                    running += 1
                    return queue.removeFirst()
                }
            }
        }
    }

    private func work() {
        var link: PostgresLink?
        while let job = next(isLinked: link != nil) {
            let wasLinked = link != nil
            if job.due < monotonicNanoseconds() {
                job.fail(StorageError.overloaded)
            } else {
                serve(job, &link)
            }
            let isLinked = link != nil
            condition.withLock {
                running -= 1
                if isLinked != wasLinked { links += isLinked ? 1 : -1 }
            }
        }
    }

    private func serve(_ job: Job, _ link: inout PostgresLink?) {
        while true {
            let isReused = link != nil
            do {
                let current = try link ?? connect()
                link = current
                try job.run(current)
                if current.isBroken { link = nil }
                return
            } catch let lost as PostgresLost where isReused {
                // It may have died long ago, while nobody used it.
                _ = lost
                link = nil
            } catch {
                link = nil
                job.fail(error is PostgresLost ? StorageError.unreachable("\(error)") : error)
                return
            }
        }
    }

    private func connect() throws -> PostgresLink {
        let refusal = condition.withLock { pausedUntil > monotonicNanoseconds() ? reason : nil }
        if let refusal { throw PostgresLost(refusal) }
        // The follower asks again and again; whoever has waited for a statement until now need not wait for this, too.
        if pulse.isSilent { throw PostgresLost("PostgreSQL does not answer") }
        do {
            let link = try PostgresLink(
                url: url, session: session, patience: limits.statement, pulse: pulse, endsWithPulse: true)
            condition.withLock { pause = 0 }
            return link
        } catch {
            condition.withLock {
                pause = min(Self.longestPause, max(Self.shortestPause, pause * 2))
                // Not all nodes and threads at the same moment.
                pausedUntil = monotonicNanoseconds() &+ UInt64.random(in: pause / 2...pause)
                reason = "\(error)"
            }
            throw error
        }
    }

    /// Turns away who has waited too long while every thread is busy.
    private func watch() {
        while true {
            let (overdue, isOver): ([Job], Bool) = condition.withLock {
                while queue.isEmpty, !ended { condition.wait() }
                if queue.isEmpty { return ([], true) }
                let now = monotonicNanoseconds()
                let late = queue.filter { $0.due < now }
                queue.removeAll { $0.due < now }
                return (late, false)
            }
            if isOver { return }
            for job in overdue { job.fail(StorageError.overloaded) }
            usleep(100_000)
        }
    }
}
