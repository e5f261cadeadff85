import Model

/// One transaction on PostgreSQL.
final class PostgresConnection: Connection {
    /// Rows fetched at a time where all of them might not fit into memory.
    private static let window = 1000
    /// As many queries can be under way at once; deeper ones are read whole.
    private static let cursors: [(declare: SQL, fetch: SQL, close: SQL)] = [
        ("DECLARE c1 NO SCROLL CURSOR FOR ", "FETCH 1000 FROM c1", "CLOSE c1"),
        ("DECLARE c2 NO SCROLL CURSOR FOR ", "FETCH 1000 FROM c2", "CLOSE c2"),
        ("DECLARE c3 NO SCROLL CURSOR FOR ", "FETCH 1000 FROM c3", "CLOSE c3"),
    ]

    let dialect = Dialect(engine: .postgres)
    private let link: PostgresLink
    /// Whether `each` goes through a cursor; needs a transaction.
    private let isStreaming: Bool
    private var openCursors = 0
    /// What the transaction recorded, written at its end in as few statements as can be.
    private(set) var changes: [PostgresFeed.Entry] = []
    /// The first statement that failed: the transaction is lost, and the server would not say so at its end.
    private(set) var failure: (any Error)?

    init(_ link: PostgresLink, isStreaming: Bool = false) {
        self.link = link
        self.isStreaming = isStreaming
    }

    func run(_ statement: Statement) throws -> Int {
        try execute(statement).changedCount
    }

    func rows<Value>(_ statement: Statement, _ read: (any Row) throws -> Value) throws -> [Value] {
        let result = try execute(statement)
        return try (0..<max(0, result.rowCount)).map { try read(PostgresRow(result: result, index: $0)) }
    }

    func first<Value>(_ statement: Statement, _ read: (any Row) throws -> Value) throws -> Value? {
        let result = try execute(statement)
        return result.rowCount > 0 ? try read(PostgresRow(result: result, index: 0)) : nil
    }

    func each(_ statement: Statement, _ body: (any Row) throws -> Bool) throws {
        guard isStreaming, openCursors < Self.cursors.count else {
            let result = try execute(statement)
            for index in 0..<max(0, result.rowCount) {
                guard try body(PostgresRow(result: result, index: index)) else { return }
            }
            return
        }
        let cursor = Self.cursors[openCursors]
        openCursors += 1
        defer { openCursors -= 1 }
        _ = try execute(statement.preceded(by: cursor.declare))
        var isWanted = true
        var count = Self.window
        while isWanted, count == Self.window {
            let result = try link.execute(cursor.fetch)
            count = Int(result.rowCount)
            for index in 0..<max(0, result.rowCount) where isWanted {
                isWanted = try body(PostgresRow(result: result, index: index))
            }
        }
        try link.execute(cursor.close)
    }

    private func execute(_ statement: Statement) throws -> PostgresResult {
        do {
            return try link.execute(statement)
        } catch {
            failure = failure ?? error
            throw error
        }
    }

    func record(_ change: ChangeKey) throws {
        changes.append(PostgresFeed.Entry(key: change))
    }

    /// Writes what was recorded; call once, before the commit.
    func flushChanges() throws {
        var rest = changes[...]
        while rest.count >= PostgresFeed.batch {
            _ = try link.execute(PostgresFeed.insert(rest.prefix(PostgresFeed.batch)))
            rest = rest.dropFirst(PostgresFeed.batch)
        }
        for entry in rest { _ = try link.execute(PostgresFeed.insert([entry])) }
    }
}
