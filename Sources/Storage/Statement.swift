/// A constant piece of SQL. It can only be made from a literal, so nothing from outside can become part of a statement.
public struct SQL: Sendable, Hashable, ExpressibleByStringLiteral {
    let text: String

    public init(stringLiteral: StaticString) {
        text = stringLiteral.description
    }

    init(unchecked text: String) {
        self.text = text
    }

    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(unchecked: left.text + right.text)
    }
}

/// A value bound to a statement.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case bytes([UInt8])

    public static func optional(_ text: String?) -> SQLValue {
        text.map(SQLValue.text) ?? .null
    }

    public static func optional(_ value: Int64?) -> SQLValue {
        value.map(SQLValue.integer) ?? .null
    }
}

/// SQL in the subset both engines share, with its values. Parameters are `$1`, `$2` ... in the order of `values`.
public struct Statement: Sendable {
    public private(set) var text: String
    public internal(set) var values: [SQLValue]
    /// Whether a request decided how this is put together: then it is prepared anew each time instead of being kept.
    public var isComposed = false

    public init(_ sql: SQL = "", _ values: [SQLValue] = []) {
        text = sql.text
        self.values = values
    }

    public mutating func append(_ sql: SQL) {
        text += sql.text
    }

    /// Appends the next parameter.
    public mutating func bind(_ value: SQLValue) {
        values.append(value)
        text += "$\(values.count)"
    }

    /// The same with `sql` in front, such as the declaration of a cursor.
    func preceded(by sql: SQL) -> Statement {
        var copy = self
        copy.text = sql.text + text
        return copy
    }

    /// Appends `sql` and then a parameter: `statement.append("a.id = ", .text(id))`.
    public mutating func append(_ sql: SQL, _ value: SQLValue) {
        append(sql)
        bind(value)
    }
}
