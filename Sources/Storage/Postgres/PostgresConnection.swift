import Model

/// One transaction on PostgreSQL.
final class PostgresConnection: Connection {
    /// Rows fetched at a time where all of them might not fit into memory.
    private static let window = 1000

    let dialect = Dialect(engine: .postgres)
    private let link: PostgresLink
    /// Whether `each` goes through a cursor; needs a transaction.
    private let isStreaming: Bool
    private var cursors = 0
    /// What the transaction recorded, written at its end in as few statements as can be.
    private(set) var changes: [PostgresFeed.Entry] = []

    init(_ link: PostgresLink, isStreaming: Bool = false) {
        self.link = link
        self.isStreaming = isStreaming
    }

    func run(_ statement: Statement) throws -> Int {
        try link.execute(statement).changedCount
    }

    func rows<Value>(_ statement: Statement, _ read: (any Row) throws -> Value) throws -> [Value] {
        let result = try link.execute(statement)
        return try (0..<max(0, result.rowCount)).map { try read(PostgresRow(result: result, index: $0)) }
    }

    func first<Value>(_ statement: Statement, _ read: (any Row) throws -> Value) throws -> Value? {
        let result = try link.execute(statement)
        return result.rowCount > 0 ? try read(PostgresRow(result: result, index: 0)) : nil
    }

    func each(_ statement: Statement, _ body: (any Row) throws -> Bool) throws {
        guard isStreaming else {
            let result = try link.execute(statement)
            for index in 0..<max(0, result.rowCount) {
                guard try body(PostgresRow(result: result, index: index)) else { return }
            }
            return
        }
        cursors += 1
        let name = SQL(unchecked: "c\(cursors)")
        var declaration = Statement("DECLARE " + name + " NO SCROLL CURSOR FOR ")
        declaration.append(SQL(unchecked: statement.text))
        for value in statement.values { declaration.adopt(value) }
        // Names of cursors are new each time; to keep them prepared would fill the connection's memory.
        declaration.isComposed = true
        _ = try link.execute(declaration)
        while true {
            let result = try link.execute("FETCH " + SQL(unchecked: "\(Self.window)") + " FROM " + name)
            for index in 0..<max(0, result.rowCount) {
                guard try body(PostgresRow(result: result, index: index)) else {
                    _ = try link.execute("CLOSE " + name)
                    return
                }
            }
            if result.rowCount < Self.window { break }
        }
        _ = try link.execute("CLOSE " + name)
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
