public import Access
public import Model

/// One list request, parsed and checked against the list's shape, ready to run. Pages by key, never by offset: the
/// thousandth page costs what the first one does.
public struct Listing: Sendable {
    /// Counting stops here; a longer list has no `total`.
    public static let countLimit = 10_000
    public static let maximumLimit = 1000

    struct SortKey: Sendable {
        let column: SQL
        let isDescending: Bool
        let isText: Bool
        var id: SQL?
    }

    public let limit: Int
    /// The words of `q`, folded by nobody yet.
    public let words: [String]
    public let filter: Filter?
    let shape: ListShape
    let sort: [SortKey]
    let cursor: Cursor?
    let key: CursorKey
    let binding: CursorKey.Binding

    /// - Throws: `ServiceError.malformed` for a bad filter, sort, limit or cursor.
    public init(_ query: ListQuery, shape: ListShape, realm: RealmID, caller: PrincipalReference?, key: CursorKey) throws {
        guard (1...Listing.maximumLimit).contains(query.limit) else {
            throw ServiceError.malformed("\"limit\" must be 1 to \(Listing.maximumLimit).")
        }
        self.shape = shape
        self.key = key
        limit = query.limit
        words = (query.search ?? "").split(whereSeparator: \.isWhitespace).prefix(8).map(String.init)
        if let text = query.filter, !text.isEmpty {
            do {
                filter = try Filter(parsing: text)
            } catch {
                throw ServiceError.malformed("The filter cannot be read at character \(error.offset + 1): \(error.reason).")
            }
            if let filter {
                var probe = Statement()
                try FilterCompiler(shape: shape).compile(filter, into: &probe)
            }
        } else {
            filter = nil
        }
        sort = try Listing.parseSort(query.sort, shape)
        binding = CursorKey.Binding(list: shape.name, realm: realm, caller: caller, query: query)
        cursor = try query.after.map { [key, binding] in try key.decode($0, binding: binding) }
        if let cursor, cursor.values.count != sort.count + 1 {
            throw ServiceError.malformed("The cursor in \"after\" does not belong to this list.")
        }
    }

    /// Whether the texts of such requests have no end.
    private var isUncommon: Bool { filter != nil || words.count > 2 }

    /// Runs the list.
    /// - Parameters:
    ///   - columns: what `read` reads, `columnCount` of them.
    ///   - source: appends the tables, as after `FROM`.
    ///   - countSource: appends the fewest tables that a list without a filter can be counted from; `nil`: `source`.
    ///   - counting: false where even a bounded count would be dear; then there is no total.
    ///   - scope: appends the conditions that always hold (realm, what the caller may see).
    public func page<Item: Sendable>(
        on connection: any Connection, columns: SQL, columnCount: Int, counting: Bool = true,
        from source: (inout Statement) -> Void,
        countedFrom countSource: ((inout Statement) -> Void)? = nil,
        where scope: (inout Statement) throws -> Void, read: (any Row) throws -> Item
    ) throws -> Page<Item> {
        let isBackward = cursor?.isBackward ?? false
        var statement = Statement("SELECT ")
        statement.isComposed = isUncommon || sort.count > 1
        statement.append(columns)
        for key in sort {
            statement.append(", ")
            statement.append(key.column)
        }
        statement.append(", ")
        statement.append(shape.id)
        try appendMatching(source, scope, to: &statement)
        if let cursor { appendKeyset(cursor, to: &statement) }
        appendOrder(reversed: isBackward, to: &statement)
        statement.append(" LIMIT ", .integer(Int64(limit) + 1))

        var rows: [(item: Item, key: [SQLValue])] = try connection.rows(statement) { row in
            var values: [SQLValue] = []
            for (index, key) in sort.enumerated() {
                values.append(key.isText ? .text(row.text(columnCount + index)) : .integer(row.integer(columnCount + index)))
            }
            values.append(.text(row.text(columnCount + sort.count)))
            return (try read(row), values)
        }
        let hasMore = rows.count > limit
        if hasMore { rows.removeLast() }
        if isBackward { rows.reverse() }
        var total: Int?
        if counting {
            if filter == nil, let countSource {
                total = try count(on: connection, countSource, scope)
            } else {
                total = try count(on: connection, source, scope)
            }
        }
        return assemble(rows, hasMore: hasMore, total: total)
    }

    private func assemble<Item: Sendable>(_ rows: [(item: Item, key: [SQLValue])], hasMore: Bool, total: Int?) -> Page<Item> {
        let isBackward = cursor?.isBackward ?? false
        var position = cursor?.position ?? 0
        if isBackward { position = hasMore ? max(0, position - Int64(rows.count)) : 0 }
        let hasPrevious = isBackward ? hasMore : cursor != nil && position > 0
        let hasNext = isBackward ? !rows.isEmpty : hasMore
        var next: String?
        var previous: String?
        if hasNext, let last = rows.last {
            next = key.encode(
                Cursor(isBackward: false, position: position + Int64(rows.count), values: last.key), binding: binding)
        }
        if hasPrevious, let first = rows.first {
            previous = key.encode(Cursor(isBackward: true, position: position, values: first.key), binding: binding)
        }
        return Page(
            items: rows.map(\.item), limit: limit, total: total, position: Int(position), nextCursor: next,
            previousCursor: previous)
    }

    private func count(
        on connection: any Connection, _ source: (inout Statement) -> Void, _ scope: (inout Statement) throws -> Void
    ) throws -> Int? {
        var statement = Statement("SELECT COUNT(*) FROM (SELECT 1")
        statement.isComposed = isUncommon
        try appendMatching(source, scope, to: &statement)
        statement.append(" LIMIT ", .integer(Int64(Listing.countLimit) + 1))
        statement.append(") AS counted")
        let found = try connection.first(statement) { Int($0.integer(0)) } ?? 0
        return found > Listing.countLimit ? nil : found
    }

    private func appendMatching(
        _ source: (inout Statement) -> Void, _ scope: (inout Statement) throws -> Void, to statement: inout Statement
    ) throws {
        statement.append(" FROM ")
        source(&statement)
        statement.append(" WHERE ")
        try scope(&statement)
        if let filter {
            statement.append(" AND ")
            try FilterCompiler(shape: shape).compile(filter, into: &statement)
        }
    }

    /// The columns of the order with the id at the end, which runs as the last sort key does.
    private var orderKeys: [SortKey] {
        sort + [SortKey(column: sort.last?.id ?? shape.id, isDescending: sort.last?.isDescending ?? false, isText: true)]
    }

    private func appendOrder(reversed: Bool, to statement: inout Statement) {
        statement.append(" ORDER BY ")
        for (index, key) in orderKeys.enumerated() {
            if index > 0 { statement.append(", ") }
            statement.append(key.column)
            statement.append(key.isDescending != reversed ? " DESC" : " ASC")
        }
    }

    /// `(a, b, id) > (x, y, z)`; written out when the directions differ.
    private func appendKeyset(_ cursor: Cursor, to statement: inout Statement) {
        let keys = orderKeys
        let isUniform = keys.allSatisfy { $0.isDescending == keys[0].isDescending }
        func comparison(_ key: SortKey) -> SQL {
            key.isDescending != cursor.isBackward ? " < " : " > "
        }
        if isUniform {
            statement.append(" AND (")
            for (index, key) in keys.enumerated() {
                if index > 0 { statement.append(", ") }
                statement.append(key.column)
            }
            statement.append(")")
            statement.append(comparison(keys[0]))
            for (index, value) in cursor.values.enumerated() { statement.append(index == 0 ? "(" : ", ", value) }
            statement.append(")")
            return
        }
        statement.append(" AND (")
        for last in keys.indices {
            if last > 0 { statement.append(" OR ") }
            statement.append("(")
            for index in 0..<last {
                statement.append(keys[index].column)
                statement.append(" = ", cursor.values[index])
                statement.append(" AND ")
            }
            statement.append(keys[last].column)
            statement.append(comparison(keys[last]), cursor.values[last])
            statement.append(")")
        }
        statement.append(")")
    }

    /// `text` for a `LIKE ... ESCAPE '\'` pattern in which it means only itself.
    public static func escapeLike(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "\\" { out += "\\" }
            out.unicodeScalars.append(scalar)
        }
        return out
    }

    private static func parseSort(_ text: String?, _ shape: ListShape) throws -> [SortKey] {
        let wanted = text.flatMap { $0.isEmpty ? nil : $0 } ?? shape.defaultSort
        let parts = wanted.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 4 else { throw ServiceError.malformed("At most four fields can be sorted by.") }
        var seen = Set<String>()
        return try parts.map { part in
            let isDescending = part.hasPrefix("-")
            let name = String(isDescending ? part.dropFirst() : part)
            guard let field = shape.fields[name], field.isSortable else {
                let known = shape.fields.filter(\.value.isSortable).keys.sorted().joined(separator: ", ")
                throw ServiceError.malformed("Lists cannot be sorted by \"\(name)\" here. Known are: \(known).")
            }
            guard seen.insert(name).inserted else { throw ServiceError.malformed("\"\(name)\" is sorted by twice.") }
            return SortKey(column: field.column, isDescending: isDescending, isText: field.isText, id: field.id)
        }
    }
}
