public import Model

/// A database of ours: transactions around synchronous closures. Two engines implement it; nobody above knows which.
public protocol Database: Sendable {
    var dialect: Dialect { get }

    /// A short read (point look-ups) in one snapshot; the SQLite engine runs it on the calling thread.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value

    /// One statement by itself: as `read`, without the price of a transaction. For what every request asks.
    func lookUp<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value

    /// As `read`, on a thread that may block: for observers, which run on a thread of the database's own.
    func readNow<Value>(_ body: (any Connection) throws -> Value) throws -> Value

    /// A read that may take longer than a millisecond (lists, counts, verification); never runs on the caller's thread.
    func scan<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value

    /// One transaction. When `body` throws, nothing of it stays. Returns after the commit is durable and after this node's
    /// observers have applied the recorded changes. Not undone by cancellation of the calling task.
    ///
    /// With many writers `body` may run more than once, each time in a new transaction that sees what got in its way: it must
    /// do nothing that outlives the transaction.
    func write<Value: Sendable>(
        _ isolation: Isolation, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Written<Value>

    /// Calls `observer` with what was committed, here (before the writer gets its answer) or on another node. An observer that
    /// throws is called again; until it succeeds this node's caches count as stale. Call before serving.
    func observe(_ observer: @escaping @Sendable (FeedEvent) throws -> Void)

    /// Whether this node has confirmed the head of the change feed within the last second: what is cached may be believed.
    var isCurrent: Bool { get }

    /// Confirms the head of the feed when that was not done within the last second.
    ///
    /// - Throws: `ServiceError.unavailable` when it cannot be done within a second: stale trust is worse than none.
    func confirm() async throws

    /// Waits up to a second until this node's data are at least as new as `revision`; false when they are not by then.
    func catchUp(to revision: Revision) async -> Bool

    /// Gives the changes that wait for a place in the feed their numbers, where writers do not do so themselves. One node at a
    /// time does it; cheap when there is nothing to do.
    func numberChanges() async throws

    /// Counts this database's commits, each before its writer gets its answer: what was read since the count last moved is
    /// still true. `nil` where other nodes write too.
    var commits: UInt64? { get }

    /// Refreshes what the engine knows of its tables' sizes when they have changed a lot. Cheap; call from time to time.
    func refreshStatistics() async

    /// The newest revision this node has applied.
    var revision: Revision { get }

    /// Finishes what was taken and closes the files.
    func close() async
}

extension Database {
    /// A write as all of them should be: it sees the database as if nobody else wrote meanwhile.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Written<Value> {
        try await write(.serializable, body)
    }
}

/// How much of others' work a write may meet.
public enum Isolation: Sendable {
    /// As if transactions ran one after the other.
    case serializable
    /// From one state of the database; two that change the same row still run one after the other. For writes that only add, and
    /// whose rules unique keys keep.
    case snapshot
    /// Each statement sees what was committed before it: for work in which only one node is at a time.
    case committed
}

/// What an observer is told.
public enum FeedEvent: Sendable {
    case changes([Change])
    /// The feed was lost for so long that nobody can say what changed: everything is to be read anew.
    case everything
}

/// One transaction's view of the database. Confined to the closure it was given to.
public protocol Connection: AnyObject {
    var dialect: Dialect { get }

    /// Runs a statement; returns how many rows it changed. A write in which a statement failed is lost, whatever its body makes
    /// of the error.
    @discardableResult
    func run(_ statement: Statement) throws -> Int

    /// Reads every row of a query.
    func rows<Value>(_ statement: Statement, _ read: (any Row) throws -> Value) throws -> [Value]

    /// The first row of a query, if there is one. The query should not have many.
    func first<Value>(_ statement: Statement, _ read: (any Row) throws -> Value) throws -> Value?

    /// Reads rows one by one, without holding all of them in memory, until `body` answers false.
    func each(_ statement: Statement, _ body: (any Row) throws -> Bool) throws

    /// Adds a line to the change feed, in this transaction.
    func record(_ change: ChangeKey) throws

    /// Adds a line for each, in this order, with as few statements as the engine can.
    func record(_ changes: [ChangeKey]) throws
}

extension Connection {
    public func record(_ changes: [ChangeKey]) throws {
        for change in changes { try record(change) }
    }

    /// The first row of a query, if there is one.
    func firstOfEach<Value>(_ statement: Statement, _ read: (any Row) throws -> Value) throws -> Value? {
        var found: Value?
        try each(statement) { row in
            found = try read(row)
            return false
        }
        return found
    }
}

/// One row of a result, read by column position from 0. Reading a type the column does not hold gives the type's zero.
public protocol Row {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    func bytes(_ column: Int) -> [UInt8]
}

extension Row {
    public func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    public func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
    public func optionalBytes(_ column: Int) -> [UInt8]? { isNull(column) ? nil : bytes(column) }
}

/// What changed: the kind of row (`principal`, `role-assignment`, `session` ...), its key and its new version (0: gone).
public struct ChangeKey: Sendable, Hashable {
    public let realm: RealmID
    public let kind: String
    public let key: String
    public let version: Int64

    public init(realm: RealmID, kind: String, key: String, version: Int64) {
        self.realm = realm
        self.kind = kind
        self.key = key
        self.version = version
    }
}

/// One line of the change feed.
public struct Change: Sendable, Hashable {
    public let position: Int64
    public let key: ChangeKey

    public init(position: Int64, key: ChangeKey) {
        self.position = position
        self.key = key
    }
}
