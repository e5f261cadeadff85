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

    func insertion(rows: Int) -> SQL {
        var text = "INSERT INTO \"\(name)\" (\(list)) VALUES "
        var number = 0
        for row in 0..<rows {
            text += row == 0 ? "(" : ", ("
            for index in columns.indices {
                number += 1
                text += (index == 0 ? "$" : ", $") + String(number)
            }
            text += ")"
        }
        return SQL(unchecked: text)
    }

    var deletion: SQL { SQL(unchecked: "DELETE FROM \"\(name)\"") }

    private var list: String { columns.map { "\"\($0.name)\"" }.joined(separator: ", ") }
}
