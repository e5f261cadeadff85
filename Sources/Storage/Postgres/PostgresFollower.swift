import Foundation
import Glibc
import Model
import Synchronization

/// Keeps this node's caches true: a thread with a connection of its own that reads the change feed whenever somebody says
/// there is news (`LISTEN`) and several times a second in any case, and tells the observers, one event at a time.
final class PostgresFollower: @unchecked Sendable {
    /// Milliseconds between looks when nobody says anything.
    private static let interval: Int32 = 200
    /// A connection that does not answer for this long is given up (nanoseconds).
    private static let patience: UInt64 = 1_500_000_000
    private static let channel: SQL = "gatehouse_changes"

    private struct Own {
        let entries: [PostgresFeed.Entry]
        let done: () -> Void
    }

    private struct Waiter {
        let since: UInt64
        let resume: (Bool) -> Void
    }

    private let url: String
    private let session: [SQL]
    /// How long what is cached may be believed after the head of the feed was confirmed (nanoseconds).
    private let trust: UInt64
    private let pulse: PostgresPulse
    /// A pipe that ends the thread's sleep: its reading and its writing end.
    private let bell: (ear: Int32, button: Int32)
    private let lock = NSLock()
    // Guarded by `lock`.
    private var own: [Own] = []
    private var waiters: [Int: Waiter] = [:]
    private var lastWaiter = 0
    private var observers: [@Sendable (FeedEvent) throws -> Void] = []
    private var ended = false
    private var onEnd: [() -> Void] = []
    private var isOver = false

    private let position: Atomic<Int64>
    private let confirmedAt: Atomic<UInt64>
    private let readings = NSLock()
    /// For what observers read; guarded by `readings`.
    private var readLink: PostgresLink?

    // The thread's own.
    private var link: PostgresLink?
    /// Ids of changes that were applied, newest last: they come again with a number, and our own come back to us.
    private var applied = RecentIDs(limit: 200_000)
    private var untold: [Change] = []
    private var mustReload = false
    private var hasFollowed = false
    private var retryAt: UInt64 = 0

    init(url: String, session: [SQL], trust: UInt64, position start: Int64, pulse: PostgresPulse) throws {
        self.url = url
        self.pulse = pulse
        self.trust = trust
        self.session = session
        position = Atomic(start)
        confirmedAt = Atomic(0)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw StorageError.failed("no descriptor for the change feed") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        bell = (ends[0], ends[1])
        let thread = Thread { self.loop() }
        thread.name = "follower"
        thread.stackSize = 4 << 20
        thread.start()
    }

    deinit {
        Glibc.close(bell.ear)
        Glibc.close(bell.button)
    }

    /// The newest numbered change that was applied.
    var appliedPosition: Int64 { position.load(ordering: .acquiring) }

    var isCurrent: Bool {
        let confirmed = confirmedAt.load(ordering: .acquiring)
        return confirmed > 0 && monotonicNanoseconds() &- confirmed < trust
    }

    func observe(_ observer: @escaping @Sendable (FeedEvent) throws -> Void) {
        lock.withLock { observers.append(observer) }
    }

    /// Tells this node's observers what it has committed itself, then calls `done`.
    func applyOwn(_ entries: [PostgresFeed.Entry], done: @escaping () -> Void) {
        let isRunning = lock.withLock {
            if !isOver { own.append(Own(entries: entries, done: done)) }
            return !isOver
        }
        if isRunning { ring() } else { done() }
    }

    /// Reads the feed anew; false when that cannot be done in time.
    func refresh(within time: Duration) async -> Bool {
        let number = lock.withLock {
            lastWaiter += 1
            return lastWaiter
        }
        let limit = Task {
            try await Task.sleep(for: time)
            let late = self.lock.withLock { self.waiters.removeValue(forKey: number) }
            late?.resume(false)
        }
        defer { limit.cancel() }
        return await withCheckedContinuation { continuation in
            let isRunning = lock.withLock {
                if !isOver {
                    waiters[number] = Waiter(since: monotonicNanoseconds()) { continuation.resume(returning: $0) }
                }
                return !isOver
            }
            if isRunning { ring() } else { continuation.resume(returning: false) }
        }
    }

    /// One read for an observer, on its thread.
    func readNow<Value>(_ body: (any Connection) throws -> Value) throws -> Value {
        try readings.withLock {
            do {
                let link =
                    try readLink
                    ?? PostgresLink(
                        url: url, session: session, patience: 5_000_000_000, pulse: pulse)
                readLink = link
                return try body(PostgresConnection(link))
            } catch {
                readLink = nil
                throw error
            }
        }
    }

    func end() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let already = lock.withLock {
                ended = true
                if !isOver { onEnd.append { continuation.resume() } }
                return isOver
            }
            if already { continuation.resume() } else { ring() }
        }
    }

    private func ring() {
        // A full pipe has rung already.
        var one: UInt8 = 1
        _ = write(bell.button, &one, 1)
    }

    private func loop() {
        var isEnding = false
        round([])
        while !isEnding {
            sleep()
            let (mine, over) = lock.withLock {
                defer { own.removeAll() }
                return (own, ended)
            }
            round(mine)
            isEnding = over
        }
        link = nil
        let (dones, resumes, late) = lock.withLock {
            isOver = true
            defer { own.removeAll(); onEnd.removeAll(); waiters.removeAll() }
            return (own.map(\.done), onEnd, waiters.values.map(\.resume))
        }
        for done in dones { done() }
        for resume in late { resume(false) }
        for resume in resumes { resume() }
    }

    /// Until somebody rings, the server says something, or it is time to look anyway.
    private func sleep() {
        var descriptors = [
            pollfd(fd: bell.ear, events: Int16(POLLIN), revents: 0),
            pollfd(fd: link?.socket ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, 2, link == nil ? 50 : Self.interval)
        var rings = [UInt8](repeating: 0, count: 256)
        while read(bell.ear, &rings, rings.count) == rings.count {}
    }

    private func round(_ mine: [Own]) {
        let started = monotonicNanoseconds()
        // The feed may have brought them before their writer could.
        let entries = mine.flatMap(\.entries).filter { !applied.contains($0.id) }
        if !entries.isEmpty {
            tell(entries.map { Change(position: 0, key: $0.key) })
            for entry in entries { applied.insert(entry.id) }
        }
        // Durable already: whether or not our caches could follow, which `isCurrent` tells, the writers get their answers.
        for item in mine { item.done() }
        let isConfirmed = follow(announcing: !entries.isEmpty)
        if isConfirmed, untold.isEmpty, !mustReload { confirmedAt.store(started, ordering: .releasing) }
        let served = lock.withLock {
            let known = waiters.filter { $0.value.since <= started }
            if isConfirmed { for number in known.keys { waiters[number] = nil } }
            return isConfirmed ? Array(known.values) : []
        }
        for waiter in served { waiter.resume(untold.isEmpty && !mustReload) }
        if lock.withLock({ !waiters.isEmpty }), isConfirmed { ring() }
    }

    /// Reads the news and tells them; false when the feed could not be read.
    private func follow(announcing: Bool) -> Bool {
        do {
            let link = try connected()
            // Where it cannot be done, the others look several times a second.
            if announcing { do { try link.execute("NOTIFY " + Self.channel) } catch is StorageError {} }
            _ = try link.takeNotifications()
            let connection = PostgresConnection(link)
            let news = try connection.rows(PostgresFeed.news(after: appliedPosition), PostgresFeed.entry)
            let numbered = news.filter { $0.position > 0 }
            if let first = numbered.first, first.position > appliedPosition + 1 { mustReload = true }
            let unknown = news.filter { !applied.contains($0.entry.id) }
            tell(unknown.map { Change(position: $0.position, key: $0.entry.key) })
            for item in unknown { applied.insert(item.entry.id) }
            if let last = numbered.last { position.store(last.position, ordering: .releasing) }
            return true
        } catch {
            link = nil
            return false
        }
    }

    private func connected() throws -> PostgresLink {
        if let link, !link.isBroken { return link }
        guard monotonicNanoseconds() >= retryAt else { throw PostgresLost("the server was away a moment ago") }
        retryAt = monotonicNanoseconds() &+ 100_000_000
        let made = try PostgresLink(
            url: url, session: session, connectPatience: Self.patience, patience: Self.patience, pulse: pulse)
        // Not every server that speaks PostgreSQL's language can do this; then looking several times a second has to do.
        do { try made.execute("LISTEN " + Self.channel) } catch is StorageError {}
        if hasFollowed { try lookAgain(on: made) }
        hasFollowed = true
        link = made
        return made
    }

    /// After a failover the feed may have lost its end, and numbers be given anew that were applied here with other changes.
    private func lookAgain(on link: PostgresLink) throws {
        mustReload = true
        let end = try PostgresConnection(link).first(Statement("SELECT COALESCE(MAX(position), 0) FROM change_feed")) {
            $0.integer(0)
        }
        if let end, end < appliedPosition { position.store(end, ordering: .releasing) }
    }

    private func tell(_ changes: [Change]) {
        let observers = lock.withLock { self.observers }
        do {
            if mustReload {
                for observer in observers { try observer(.everything) }
                mustReload = false
                untold = []
                return
            }
            let due = untold + changes
            guard !due.isEmpty else { return }
            untold = due
            for observer in observers { try observer(.changes(due)) }
            untold = []
        } catch {
            // Told again in the next round; until then nothing that is cached is believed.
            confirmedAt.store(0, ordering: .releasing)
        }
    }
}

/// The ids seen last.
private struct RecentIDs {
    private let limit: Int
    private var known: Set<Int64> = []
    private var order: [Int64] = []
    private var oldest = 0

    init(limit: Int) {
        self.limit = limit
    }

    func contains(_ id: Int64) -> Bool { id != 0 && known.contains(id) }

    mutating func insert(_ id: Int64) {
        guard id != 0, known.insert(id).inserted else { return }
        if order.count < limit {
            order.append(id)
        } else {
            known.remove(order[oldest])
            order[oldest] = id
            oldest = (oldest + 1) % limit
        }
    }
}
