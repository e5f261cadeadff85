import Model
import Synchronization

/// Sessions in memory, by the hash of their token. An entry dies with the change that ends it, on the writer's thread,
/// before that write is answered.
final class SessionCache: Sendable {
    struct Entry: Sendable {
        let realm: RealmID
        var session: Session
        /// When it ends whatever is done with it.
        let absoluteEnd: Timestamp
        /// What `session.lastSeenAt` is in the database.
        var storedSeenAt: Timestamp
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var hashBySession: [EntityID: String] = [:]
        var hashesByPrincipal: [EntityID: Set<String>] = [:]
        /// Counts invalidations: what was read before one must not be inserted after it.
        var generation: UInt64 = 0
    }

    private static let capacity = 100_000
    private let state = Mutex(State())

    var generation: UInt64 { state.withLock { $0.generation } }

    /// The live entry, its time of last use moved to `now`; `nil` when absent or over.
    func use(_ hash: String, at now: Timestamp, idle: Int64) -> Session? {
        state.withLock { state in
            guard var entry = state.entries[hash] else { return nil }
            guard now < entry.absoluteEnd, now < entry.session.lastSeenAt.adding(seconds: idle) else {
                Self.remove(hash, from: &state)
                return nil
            }
            if now.milliseconds - entry.session.lastSeenAt.milliseconds >= 1000 {
                entry.session = entry.session.seen(at: now, absoluteEnd: entry.absoluteEnd, idle: idle)
                state.entries[hash] = entry
            }
            return entry.session
        }
    }

    func insert(_ entry: Entry, hash: String, readAt generation: UInt64) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.entries.count >= Self.capacity, let victim = state.entries.keys.first {
                Self.remove(victim, from: &state)
            }
            state.entries[hash] = entry
            state.hashBySession[entry.session.id] = hash
            state.hashesByPrincipal[entry.session.principal.id, default: []].insert(hash)
        }
    }

    func drop(session: EntityID) {
        state.withLock { state in
            state.generation += 1
            if let hash = state.hashBySession[session] { Self.remove(hash, from: &state) }
        }
    }

    func drop(principal: EntityID) {
        state.withLock { state in
            state.generation += 1
            for hash in state.hashesByPrincipal[principal] ?? [] { Self.remove(hash, from: &state) }
        }
    }

    func dropAll() {
        state.withLock { state in
            state = State(generation: state.generation + 1)
        }
    }

    /// Sessions used since they were last stored, at most one store a minute each; counted as stored from now on.
    func takeTouched(notStoredSince limit: Timestamp) -> [(realm: RealmID, session: EntityID, seenAt: Timestamp)] {
        state.withLock { state in
            var touched: [(realm: RealmID, session: EntityID, seenAt: Timestamp)] = []
            for (hash, entry) in state.entries
            where entry.session.lastSeenAt > entry.storedSeenAt && entry.storedSeenAt < limit {
                touched.append((entry.realm, entry.session.id, entry.session.lastSeenAt))
                state.entries[hash]?.storedSeenAt = entry.session.lastSeenAt
            }
            return touched
        }
    }

    /// Forgets entries that are over; nobody has to come back with their tokens for that.
    func sweep(at now: Timestamp, idle: Int64) {
        state.withLock { state in
            let over = state.entries.filter { _, entry in
                now >= entry.absoluteEnd || now >= entry.session.lastSeenAt.adding(seconds: idle)
            }
            for hash in over.keys { Self.remove(hash, from: &state) }
        }
    }

    private static func remove(_ hash: String, from state: inout State) {
        guard let entry = state.entries.removeValue(forKey: hash) else { return }
        state.hashBySession[entry.session.id] = nil
        state.hashesByPrincipal[entry.session.principal.id]?.remove(hash)
        if state.hashesByPrincipal[entry.session.principal.id]?.isEmpty == true {
            state.hashesByPrincipal[entry.session.principal.id] = nil
        }
    }
}

extension Session {
    func seen(at time: Timestamp, absoluteEnd: Timestamp, idle: Int64) -> Session {
        Session(
            id: id, principal: principal, createdAt: createdAt, lastSeenAt: time,
            expiresAt: min(absoluteEnd, time.adding(seconds: idle)), address: address, agent: agent, assurance: assurance)
    }
}
