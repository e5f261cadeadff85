import GRDB
import Model

/// A database in memory on which the migrations are run to see what tables they make. Both engines get the same ones.
enum SQLiteScratch {
    static func shapes(of plan: SchemaPlan, schema: Int) throws -> [TableShape] {
        try SQLiteConnection.mapping {
            try DatabaseQueue().write { database in
                let connection = SQLiteConnection(database)
                try plan.migrate(connection, clock: SystemClock(), upTo: schema)
                return try connection.rows(Statement(connection.dialect.tables)) { $0.text(0) }.map { table in
                    TableShape(name: table, columns: try columns(of: table, connection))
                }
            }
        }
    }

    private static func columns(of table: String, _ connection: SQLiteConnection) throws -> [TableShape.Column] {
        try connection.rows(
            Statement("SELECT name, type, \"notnull\" FROM pragma_table_info($1) ORDER BY cid", [.text(table)])
        ) { row in
            let kind: TableShape.Column.Kind
            switch row.text(1) {
            case "BIGINT": kind = .integer
            case "TEXT": kind = .text
            case "BLOB", "BYTEA": kind = .bytes
            case let other: throw StorageError.failed("\(table).\(row.text(0)) has the type \(other), which no backup knows")
            }
            return TableShape.Column(name: row.text(0), kind: kind, isNullable: row.integer(2) == 0)
        }
    }
}
