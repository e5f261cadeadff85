public import Access
import Model

/// One field of a list that people may filter and sort by: the allow-list that keeps everything else out of SQL.
public struct ListField: Sendable {
    public enum Kind: Sendable {
        /// Text stored as it is; compared as typed.
        case exact
        /// A key column; what it is compared with is folded the same way first.
        case folded(@Sendable (String) -> String)
        /// Milliseconds; written as RFC 3339.
        case time
        case boolean
        /// Compiles its own comparisons (`eq` and `ne` with a string).
        case custom(@Sendable (_ value: String, _ statement: inout Statement) throws -> Void)
    }

    let column: SQL
    let kind: Kind
    /// Whether the empty value (`''` or `0`) stands for "absent".
    let isOptional: Bool
    let isSortable: Bool
    /// The id column of the table `column` lies in, so that one index serves the whole order; `nil`: the shape's.
    let id: SQL?

    public init(_ column: SQL, _ kind: Kind, optional: Bool = false, sortable: Bool = true, id: SQL? = nil) {
        self.id = id
        self.column = column
        self.kind = kind
        isOptional = optional
        isSortable = sortable
    }

    var isText: Bool {
        switch kind {
        case .exact, .folded, .custom: true
        case .time, .boolean: false
        }
    }
}

/// What a list is made of.
public struct ListShape: Sendable {
    /// Bound into cursors, so that one list's cursor is refused by another.
    public let name: String
    public let fields: [String: ListField]
    /// The unique column that ends every order.
    public let id: SQL
    /// Such as `username` or `-time`.
    public let defaultSort: String

    public init(name: String, fields: [String: ListField], id: SQL, defaultSort: String) {
        self.name = name
        self.fields = fields
        self.id = id
        self.defaultSort = defaultSort
    }

    /// Appends the filter as a condition over this shape's fields, values bound.
    public func compile(_ filter: Filter, into statement: inout Statement) throws {
        try FilterCompiler(shape: self).compile(filter, into: &statement)
    }

    func field(_ name: String, offset: Int? = nil) throws -> ListField {
        // Attribute names are not case sensitive (RFC 7644 section 3.4.2.2).
        if let field = fields[name] ?? fields.first(where: { $0.key.lowercased() == name.lowercased() })?.value { return field }
        throw ServiceError.malformed(
            "There is no field \"\(name)\" here. Known are: \(fields.keys.sorted().joined(separator: ", ")).")
    }
}

/// Puts a filter into SQL, values always bound.
struct FilterCompiler {
    let shape: ListShape

    /// - Parameter positive: false below an odd number of `not`. There, "unknown" must stay unknown (SQL's NULL) instead of becoming true.
    func compile(_ filter: Filter, positive: Bool = true, into statement: inout Statement) throws {
        switch filter {
        case .and(let left, let right):
            statement.append("(")
            try compile(left, positive: positive, into: &statement)
            statement.append(" AND ")
            try compile(right, positive: positive, into: &statement)
            statement.append(")")
        case .or(let left, let right):
            statement.append("(")
            try compile(left, positive: positive, into: &statement)
            statement.append(" OR ")
            try compile(right, positive: positive, into: &statement)
            statement.append(")")
        case .not(let inner):
            statement.append("(NOT ")
            try compile(inner, positive: !positive, into: &statement)
            statement.append(")")
        case .present(let path):
            let field = try shape.field(path)
            presence(field, present: true, into: &statement)
        case .compare(let path, let comparison, let value):
            try compare(path, try shape.field(path), comparison, value, positive: positive, into: &statement)
        }
    }

    private func presence(_ field: ListField, present: Bool, into statement: inout Statement) {
        guard field.isOptional else {
            statement.append(present ? "(1 = 1)" : "(1 = 0)")
            return
        }
        statement.append("(")
        statement.append(field.column)
        statement.append(present ? " <> " : " = ")
        statement.append(field.isText ? "'')" : "0)")
    }

    private func compare(
        _ path: String, _ field: ListField, _ comparison: Filter.Comparison, _ value: Filter.Value, positive: Bool,
        into statement: inout Statement
    ) throws {
        if case .null = value {
            guard comparison == .equal || comparison == .notEqual else {
                throw ServiceError.malformed("\"\(path)\" can only be compared with null by eq and ne.")
            }
            presence(field, present: comparison == .notEqual, into: &statement)
            return
        }
        if case .custom(let compile) = field.kind {
            guard case .string(let text) = value, comparison == .equal || comparison == .notEqual else {
                throw ServiceError.malformed("\"\(path)\" can only be compared with a string, by eq and ne.")
            }
            // What it compiles to may be several conditions; "not" means all of them.
            statement.append(comparison == .equal ? "(" : "(NOT (")
            try compile(text, &statement)
            statement.append(comparison == .equal ? ")" : "))")
            return
        }
        let guardsAbsence = field.isOptional && positive
        statement.append("(")
        if guardsAbsence {
            statement.append(field.column)
            statement.append(field.isText ? " <> '' AND " : " <> 0 AND ")
        }
        try operation(
            path, field, comparison, try operand(path, field, value), keepsUnknown: field.isOptional && !positive,
            into: &statement)
        statement.append(")")
    }

    private func operand(_ path: String, _ field: ListField, _ value: Filter.Value) throws -> SQLValue {
        switch (field.kind, value) {
        case (.exact, .string(let text)): return .text(text)
        case (.folded(let fold), .string(let text)): return .text(fold(text))
        case (.boolean, .bool(let flag)): return .integer(flag ? 1 : 0)
        case (.time, .string(let text)):
            guard let time = Timestamp(rfc3339: text) else {
                throw ServiceError.malformed("\"\(path)\" is compared with a time such as \"2026-11-21T09:14:03Z\".")
            }
            return .integer(time.milliseconds)
        case (.time, _): throw ServiceError.malformed("\"\(path)\" is compared with a time such as \"2026-11-21T09:14:03Z\".")
        case (.boolean, _): throw ServiceError.malformed("\"\(path)\" is compared with true or false.")
        case (.exact, _), (.folded, _), (.custom, _): throw ServiceError.malformed("\"\(path)\" is compared with a string.")
        }
    }

    private func operation(
        _ path: String, _ field: ListField, _ comparison: Filter.Comparison, _ operand: SQLValue, keepsUnknown: Bool,
        into statement: inout Statement
    ) throws {
        func column(_ statement: inout Statement) {
            if keepsUnknown {
                statement.append("NULLIF(")
                statement.append(field.column)
                statement.append(field.isText ? ", '')" : ", 0)")
            } else {
                statement.append(field.column)
            }
        }
        func binary(_ sql: SQL, _ value: SQLValue) {
            column(&statement)
            statement.append(sql, value)
        }
        switch comparison {
        case .equal: binary(" = ", operand)
        case .notEqual: binary(" <> ", operand)
        case .greater, .greaterOrEqual, .less, .lessOrEqual:
            if case .boolean = field.kind { throw ServiceError.malformed("\"\(path)\" has no order; use eq or ne.") }
            switch comparison {
            case .greater: binary(" > ", operand)
            case .greaterOrEqual: binary(" >= ", operand)
            case .less: binary(" < ", operand)
            default: binary(" <= ", operand)
            }
        case .contains, .startsWith, .endsWith:
            guard case .text(let text) = operand else {
                throw ServiceError.malformed("\"\(path)\" is no text; \(comparison.rawValue) does not apply.")
            }
            if comparison == .startsWith {
                binary(" >= ", .text(text))
                statement.append(" AND ")
                binary(" < ", .text(text + "\u{10FFFF}"))
            } else {
                binary(" LIKE ", .text("%" + Listing.escapeLike(text) + (comparison == .contains ? "%" : "")))
                statement.append(" ESCAPE '\\'")
            }
        }
    }
}
