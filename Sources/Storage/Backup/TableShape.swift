/// The columns of a table as the migrations make it.
struct TableShape: Sendable, Hashable {
    struct Column: Sendable, Hashable {
        enum Kind: Sendable { case integer, text, bytes }

        let name: String
        let kind: Kind
        let isNullable: Bool
    }

    let name: String
    var columns: [Column]

    /// The table's and its columns' names come from literals of ours, the migrations.
    var selection: SQL {
        SQL(unchecked: "SELECT \(list) FROM \"\(name)\"")
    }

    var count: SQL { SQL(unchecked: "SELECT COUNT(*) FROM \"\(name)\"") }

    /// Up to the values.
    var insertion: SQL { SQL(unchecked: "INSERT INTO \"\(name)\" (\(list)) VALUES") }

    var deletion: SQL { SQL(unchecked: "DELETE FROM \"\(name)\"") }

    /// Lets the planner know the table's size; of no other's tables.
    var analysis: SQL { SQL(unchecked: "ANALYZE \"\(name)\"") }

    private var list: String { columns.map { "\"\($0.name)\"" }.joined(separator: ", ") }
}
