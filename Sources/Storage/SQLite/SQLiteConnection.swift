import Foundation
import GRDB
import Model

/// One transaction on SQLite. `$1` of the shared subset becomes `?1`, because SQLite reads `$1` as a name.
final class SQLiteConnection: Connection {
    let dialect = Dialect(engine: .sqlite)
    private let database: GRDB.Database
    /// What the current job recorded; taken by the writer when the job's savepoint is released.
    private(set) var changes: [Change] = []
    /// The first statement of the current job that failed.
    private(set) var failure: (any Error)?

    init(_ database: GRDB.Database) {
        self.database = database
    }

    func takeChanges() -> [Change] {
        defer {
            changes.removeAll()
            failure = nil
        }
        return changes
    }

    func run(_ statement: Statement) throws -> Int {
        do {
            return try SQLiteConnection.mapping {
                let prepared = try prepare(statement)
                try prepared.execute()
                return database.changesCount
            }
        } catch {
            failure = failure ?? error
            throw error
        }
    }

    func rows<Value>(_ statement: Statement, _ read: (any Row) throws -> Value) throws -> [Value] {
        var values: [Value] = []
        try each(statement) { row in
            values.append(try read(row))
            return true
        }
        return values
    }

    func first<Value>(_ statement: Statement, _ read: (any Row) throws -> Value) throws -> Value? {
        try firstOfEach(statement, read)
    }

    func each(_ statement: Statement, _ body: (any Row) throws -> Bool) throws {
        try SQLiteConnection.mapping {
            let cursor = try GRDB.Row.fetchCursor(try prepare(statement))
            while let row = try cursor.next() {
                guard try body(SQLiteRow(row: row)) else { return }
            }
        }
    }

    func record(_ change: ChangeKey) throws {
        let position = try first(
            Statement(
                """
                INSERT INTO change_feed (position, realm_id, kind, key, version)
                SELECT COALESCE(MAX(position), 0) + 1, $1, $2, $3, $4 FROM change_feed
                RETURNING position
                """,
                [.text(change.realm.text), .text(change.kind), .text(change.key), .integer(change.version)])
        ) { $0.integer(0) }
        guard let position else { throw StorageError.failed("the change feed gave no position") }
        changes.append(Change(position: position, key: change))
    }

    func record(_ keys: [ChangeKey]) throws {
        guard keys.count > 1 else { return try keys.forEach(record) }
        var position = try first(Statement("SELECT COALESCE(MAX(position), 0) FROM change_feed")) { $0.integer(0) } ?? 0
        var values: [SQLValue] = []
        values.reserveCapacity(keys.count * 5)
        for key in keys {
            position += 1
            values += [.integer(position), .text(key.realm.text), .text(key.kind), .text(key.key), .integer(key.version)]
            changes.append(Change(position: position, key: key))
        }
        try SQLiteConnection.feed.run(values, on: self)
    }

    private static let feed = RowInsert("INSERT INTO change_feed (position, realm_id, kind, key, version) VALUES", width: 5)

    private func prepare(_ statement: Statement) throws -> GRDB.Statement {
        let sql = SQLiteConnection.rewrite(statement.text)
        // The cache never forgets: what requests compose in ever new ways must not get into it.
        let prepared = try statement.isComposed ? database.makeStatement(sql: sql) : database.cachedStatement(sql: sql)
        prepared.setUncheckedArguments(StatementArguments(try statement.values.map(SQLiteConnection.bound)))
        return prepared
    }

    private static func bound(_ value: SQLValue) throws -> DatabaseValue {
        switch value {
        case .null: return .null
        case .integer(let integer): return integer.databaseValue
        case .text(let text):
            // PostgreSQL takes no NUL, and here the text would end at it: "ann\0x" would be looked up as "ann".
            guard !text.utf8.contains(0) else { throw ServiceError.malformed("Text may not contain the character NUL.") }
            return text.databaseValue
        case .bytes(let bytes): return Data(bytes).databaseValue
        }
    }

    static func rewrite(_ text: String) -> String {
        String(unsafeUninitializedCapacity: text.utf8.count) { buffer in
            var index = 0
            for byte in text.utf8 {
                buffer[index] = byte == UInt8(ascii: "$") ? UInt8(ascii: "?") : byte
                index += 1
            }
            return index
        }
    }

    /// Runs `body` and turns the engine's errors into ours.
    static func mapping<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw translate(error)
        }
    }

    static func translate(_ error: DatabaseError) -> StorageError {
        let text = error.message ?? "error \(error.extendedResultCode.rawValue)"
        switch error.extendedResultCode {
        case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY: return .uniqueViolation(text)
        case .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_TRUNCATE, .SQLITE_IOERR_SHMSIZE: return .full
        default: break
        }
        switch error.resultCode {
        case .SQLITE_FULL: return .full
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return .damaged(text)
        default: return .failed(text)
        }
    }
}

/// A row of the cursor; valid until the cursor moves on.
struct SQLiteRow: Row {
    let row: GRDB.Row

    func isNull(_ column: Int) -> Bool {
        row.hasNull(atIndex: column)
    }

    func integer(_ column: Int) -> Int64 {
        if case .int64(let value) = storage(column) { value } else { 0 }
    }

    func text(_ column: Int) -> String {
        if case .string(let value) = storage(column) { value } else { "" }
    }

    func bytes(_ column: Int) -> [UInt8] {
        if case .blob(let value) = storage(column) { [UInt8](value) } else { [] }
    }

    private func storage(_ column: Int) -> DatabaseValue.Storage {
        let value: DatabaseValue = row[column]
        return value.storage
    }
}
