import Foundation

/// A few threads of our own for work that blocks or burns the processor, with a bounded queue. Swift's cooperative
/// threads (one a core) must never wait for such work.
public final class WorkerPool: @unchecked Sendable {
    /// Thrown at once when the queue is full or the pool has ended.
    public struct Full: Error, Sendable {}

    private let condition = NSCondition()
    private let queueLimit: Int
    // All below guarded by `condition`.
    private var queue: [@Sendable () -> Void] = []
    private var head = 0
    private var ended = false
    private var running = 0

    /// - Parameters:
    ///   - queueLimit: how many jobs may wait beside those that run.
    ///   - niceness: added to the threads' nice value, so that hashing yields to answering.
    public init(name: String, threads: Int, queueLimit: Int, niceness: Int32 = 0) {
        self.queueLimit = queueLimit
        for number in 0..<max(1, threads) {
            let thread = Thread { [weak self] in
                if niceness > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
                while let job = self?.next() {
                    job()
                    self?.finished()
                }
            }
            thread.name = "\(name)-\(number)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    /// How many jobs wait, and how many run.
    public var load: (waiting: Int, running: Int) {
        condition.withLock { (queue.count - head, running) }
    }

    /// Runs `body` on one of the threads. Not interrupted by cancellation of the caller.
    public func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = submit { continuation.resume(with: Result(catching: body)) }
            if !accepted { continuation.resume(throwing: Full()) }
        }
    }

    /// Lets the threads end after what is queued.
    public func end() {
        condition.withLock {
            ended = true
            condition.broadcast()
        }
    }

    deinit {
        end()
    }

    private func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        condition.withLock {
            guard !ended, queue.count - head < queueLimit else { return false }
            queue.append(job)
            condition.signal()
            return true
        }
    }

    private func next() -> (@Sendable () -> Void)? {
        condition.withLock {
            while head == queue.count {
                if ended { return nil }
                condition.wait()
            }
            let job = queue[head]
            head += 1
            if head > 64, head * 2 > queue.count {
                queue.removeFirst(head)
                head = 0
            }
            running += 1
            return job
        }
    }

    private func finished() {
        condition.withLock { running -= 1 }
    }
}
