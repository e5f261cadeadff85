import Grants
import Model
import Storage
import Synchronization

/// Finds whose API token somebody comes with, from memory when it can.
final class APITokens: Sendable {
    private let database: any Database
    private let clock: any WallClock
    private let cache = APITokenCache()

    init(database: any Database, clock: any WallClock) {
        self.database = database
        self.clock = clock
    }

    /// What ends a token, or its service, ends it in memory.
    func apply(_ event: FeedEvent) {
        guard case .changes(let changes) = event else { return cache.dropAll() }
        for change in changes {
            guard let id = EntityID(change.key.key) else { continue }
            switch change.key.kind {
            case APITokenTable.changeKind: cache.drop(token: id)
            case Principals.changeKind: cache.drop(principal: id)
            default: continue
            }
        }
    }

    /// - Parameter mayRemember: whether this node knows everything that was ended elsewhere.
    func resolve(_ token: String, realm: RealmID, mayRemember: Bool) async throws -> Authenticated? {
        let key = "\(realm.text) \(Token.hash(token))"
        let now = clock.now()
        if mayRemember, let known = cache.use(key, at: now) { return known.authenticated }
        // As for sessions: who comes to this node for the first time may have been given what he holds on another one.
        let known = database.revision
        _ = await database.catchUp(
            to: Revision(epoch: known.epoch, position: known.position, isPending: !database.dialect.numbersInline))
        let generation = cache.generation
        let found = try await database.lookUp { try APITokenTable.find(hash: Token.hash(token), realm: realm, on: $0) }
        guard let found, found.isLive(at: now) else { return nil }
        cache.insert(APITokenCache.Entry(realm: realm, stored: found, usedAt: now), key: key, readAt: generation)
        return found.authenticated
    }

    /// What the token is narrowed to, read inside a write's transaction.
    ///
    /// - Throws: `unauthenticated` when it does not count any more.
    func limits(
        of id: EntityID, principal: PrincipalReference, realm: RealmID, on connection: any Connection
    ) throws -> TokenLimits? {
        guard let found = try APITokenTable.find(shown: id, realm: realm, on: connection), found.principal == principal,
            found.isLive(at: clock.now())
        else { throw ServiceError.unauthenticated }
        return found.limits
    }

    /// When each was used last, for those of which that was not stored within the last minute; counted as stored from now on.
    func takeTouched(at now: Timestamp) -> [(realm: RealmID, token: EntityID, usedAt: Timestamp)] {
        cache.takeTouched(notStoredSince: now.adding(seconds: -60))
    }

    func sweep(at now: Timestamp) {
        cache.sweep(at: now)
    }
}

extension APITokenTable.Stored {
    var authenticated: Authenticated {
        Authenticated(principal: principal, token: AuthenticatedToken(id: id, limits: limits))
    }
}

/// API tokens in memory, by their hash, as `SessionCache` keeps sessions.
final class APITokenCache: Sendable {
    struct Entry: Sendable {
        let realm: RealmID
        let stored: APITokenTable.Stored
        var usedAt: Timestamp
        /// What the time of last use is in the database.
        var storedUsedAt: Timestamp

        init(realm: RealmID, stored: APITokenTable.Stored, usedAt: Timestamp) {
            self.realm = realm
            self.stored = stored
            self.usedAt = usedAt
            storedUsedAt = stored.lastUsedAt
        }
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var keyByToken: [EntityID: String] = [:]
        var keysByPrincipal: [EntityID: Set<String>] = [:]
        /// Counts invalidations: what was read before one must not be inserted after it.
        var generation: UInt64 = 0
    }

    private static let capacity = 100_000
    private let state = Mutex(State())

    var generation: UInt64 { state.withLock { $0.generation } }

    /// The live entry, its time of last use moved to `now`; `nil` when absent or over.
    func use(_ key: String, at now: Timestamp) -> APITokenTable.Stored? {
        state.withLock { state in
            guard let entry = state.entries[key] else { return nil }
            guard entry.stored.isLive(at: now) else {
                Self.remove(key, from: &state)
                return nil
            }
            if now.milliseconds - entry.usedAt.milliseconds >= 1000 { state.entries[key]?.usedAt = now }
            return entry.stored
        }
    }

    func insert(_ entry: Entry, key: String, readAt generation: UInt64) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.entries.count >= Self.capacity, let victim = state.entries.keys.first { Self.remove(victim, from: &state) }
            state.entries[key] = entry
            state.keyByToken[entry.stored.id] = key
            state.keysByPrincipal[entry.stored.principal.id, default: []].insert(key)
        }
    }

    func drop(token: EntityID) {
        state.withLock { state in
            state.generation += 1
            if let key = state.keyByToken[token] { Self.remove(key, from: &state) }
        }
    }

    func drop(principal: EntityID) {
        state.withLock { state in
            state.generation += 1
            for key in state.keysByPrincipal[principal] ?? [] { Self.remove(key, from: &state) }
        }
    }

    func dropAll() {
        state.withLock { state in state = State(generation: state.generation + 1) }
    }

    func takeTouched(notStoredSince limit: Timestamp) -> [(realm: RealmID, token: EntityID, usedAt: Timestamp)] {
        state.withLock { state in
            var touched: [(realm: RealmID, token: EntityID, usedAt: Timestamp)] = []
            for (key, entry) in state.entries where entry.usedAt > entry.storedUsedAt && entry.storedUsedAt < limit {
                touched.append((entry.realm, entry.stored.id, entry.usedAt))
                state.entries[key]?.storedUsedAt = entry.usedAt
            }
            return touched
        }
    }

    /// Forgets entries that are over.
    func sweep(at now: Timestamp) {
        state.withLock { state in
            for key in state.entries.filter({ !$0.value.stored.isLive(at: now) }).keys { Self.remove(key, from: &state) }
        }
    }

    private static func remove(_ key: String, from state: inout State) {
        guard let entry = state.entries.removeValue(forKey: key) else { return }
        state.keyByToken[entry.stored.id] = nil
        let principal = entry.stored.principal.id
        state.keysByPrincipal[principal]?.remove(key)
        if state.keysByPrincipal[principal]?.isEmpty == true { state.keysByPrincipal[principal] = nil }
    }
}
