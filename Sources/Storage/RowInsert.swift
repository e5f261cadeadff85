/// Inserts many rows with few statements.
///
/// The texts are made once, for blocks of fixed sizes, so that an engine has few to prepare and keeps them prepared.
public struct RowInsert: Sendable {
    private static let blocks = [256, 32, 8, 2, 1]

    private let width: Int
    /// One for each block size.
    private let statements: [Statement]

    /// - Parameters:
    ///   - head: `INSERT INTO table (columns) VALUES`.
    ///   - width: how many columns there are.
    public init(_ head: SQL, width: Int) {
        self.width = max(1, width)
        let columns = self.width
        statements = Self.blocks.map { rows in
            var statement = Statement(head)
            for row in 0..<rows {
                statement.append(row == 0 ? " (" : ", (")
                for column in 0..<columns {
                    if column > 0 { statement.append(", ") }
                    statement.bind(.null)
                }
                statement.append(")")
            }
            return statement
        }
    }

    /// - Parameter values: row after row, `width` values each.
    public func run(_ values: [SQLValue], on connection: any Connection) throws {
        var start = 0
        for (rows, statement) in zip(Self.blocks, statements) {
            while values.count - start >= rows * width {
                try connection.run(statement.binding(Array(values[start..<(start + rows * width)])))
                start += rows * width
            }
        }
    }
}

extension Statement {
    /// The same text with other values, for statements that are put together once and run often.
    func binding(_ values: [SQLValue]) -> Statement {
        var statement = self
        statement.values = values
        return statement
    }

    /// How many values a list made by `bindList` may have.
    public static let listLimit = 512

    /// Appends `($3, $4, ...)`. Short lists are filled up with their last value, so that there are few texts to prepare; at
    /// most `listLimit` values (more are left out), at least one.
    public mutating func bindList(_ values: [SQLValue]) {
        let filled = [1, 8, 64].first { $0 >= values.count } ?? Self.listLimit
        append("(")
        for index in 0..<filled {
            if index > 0 { append(", ") }
            bind(index < values.count ? values[index] : values.last ?? .null)
        }
        append(")")
    }
}
