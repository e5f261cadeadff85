import Access
public import Model

/// What a list of few things, put together in memory, is made of.
public struct MemoryListShape<Item: Sendable>: Sendable {
    public typealias Field = @Sendable (Item) -> JSONValue?

    let name: String
    let id: @Sendable (Item) -> String
    let defaultSort: String
    let fields: [String: Field]
    let words: @Sendable (Item) -> [String]

    /// - Parameters:
    ///   - name: bound into cursors, so that one list's cursor is refused by another.
    ///   - id: unique; ends every order.
    ///   - fields: what people may filter and sort by; `nil` is absent.
    ///   - words: what `q` searches.
    public init(
        name: String, id: @escaping @Sendable (Item) -> String, defaultSort: String, fields: [String: Field],
        words: @escaping @Sendable (Item) -> [String]
    ) {
        self.name = name
        self.id = id
        self.defaultSort = defaultSort
        self.fields = fields
        self.words = words
    }
}

/// Filters, sorts and pages in memory as `Listing` does in SQL.
public struct MemoryList<Item: Sendable>: Sendable {
    private let shape: MemoryListShape<Item>
    private let key: CursorKey
    private let caller: Caller

    public init(_ shape: MemoryListShape<Item>, key: CursorKey, caller: Caller) {
        self.shape = shape
        self.key = key
        self.caller = caller
    }

    /// - Throws: `ServiceError.malformed` for a bad filter, sort, limit or cursor.
    public func page(_ items: [Item], _ query: ListQuery) throws -> Page<Item> {
        guard (1...Listing.maximumLimit).contains(query.limit) else {
            throw ServiceError.malformed("\"limit\" must be 1 to \(Listing.maximumLimit).")
        }
        let filter = try filter(query.filter)
        let order = try order(query.sort)
        let wanted = (query.search ?? "").lowercased().split(whereSeparator: \.isWhitespace).prefix(8)
        var found = try items.filter { item in
            if let filter, try matches(filter, item) != .yes { return false }
            guard !wanted.isEmpty else { return true }
            let words = shape.words(item).flatMap { text in
                [text.lowercased()] + text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
            }
            return wanted.allSatisfy { word in words.contains { $0.hasPrefix(word) } }
        }
        found.sort { isBefore($0, $1, order) }
        let binding = CursorKey.Binding(list: shape.name, realm: caller.realm, caller: caller.principal, query: query)
        let start = try query.after.map { try place($0, in: found, binding, limit: query.limit) } ?? 0
        let end = min(found.count, start + query.limit)
        func cursor(_ index: Int, backward: Bool) -> String {
            key.encode(
                Cursor(
                    isBackward: backward, position: Int64(index),
                    values: [.text(shape.id(found[backward ? index : index - 1]))]), binding: binding)
        }
        return Page(
            items: Array(found[start..<end]), limit: query.limit, total: found.count, position: start,
            nextCursor: end < found.count && end > 0 ? cursor(end, backward: false) : nil,
            previousCursor: start > 0 && start < found.count ? cursor(start, backward: true) : nil)
    }

    /// The item the cursor names may have gone since; then its place counts.
    private func place(_ text: String, in found: [Item], _ binding: CursorKey.Binding, limit: Int) throws -> Int {
        let cursor = try key.decode(text, binding: binding)
        var index = Int(clamping: cursor.position)
        if case .text(let id)? = cursor.values.first, let now = found.firstIndex(where: { shape.id($0) == id }) {
            index = cursor.isBackward ? now : now + 1
        }
        index = max(0, min(index, found.count))
        return cursor.isBackward ? max(0, index - limit) : index
    }

    private func filter(_ text: String?) throws -> Filter? {
        guard let text, !text.isEmpty else { return nil }
        do {
            let filter = try Filter(parsing: text)
            for path in filter.paths { _ = try field(path) }
            return filter
        } catch let error as FilterError {
            throw ServiceError.malformed("The filter cannot be read at character \(error.offset + 1): \(error.reason).")
        }
    }

    private func field(_ name: String) throws -> MemoryListShape<Item>.Field {
        // Attribute names are not case sensitive (RFC 7644 section 3.4.2.2).
        if let field = shape.fields[name] ?? shape.fields.first(where: { $0.key.lowercased() == name.lowercased() })?.value {
            return field
        }
        throw ServiceError.malformed(
            "There is no field \"\(name)\" here. Known are: \(shape.fields.keys.sorted().joined(separator: ", ")).")
    }

    private func order(_ text: String?) throws -> [(field: MemoryListShape<Item>.Field, isDescending: Bool)] {
        let wanted = text.flatMap { $0.isEmpty ? nil : $0 } ?? shape.defaultSort
        let parts = wanted.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 4 else { throw ServiceError.malformed("At most four fields can be sorted by.") }
        return try parts.map { part in
            let isDescending = part.hasPrefix("-")
            let name = String(isDescending ? part.dropFirst() : part)
            guard let field = shape.fields[name] else {
                throw ServiceError.malformed(
                    "Lists cannot be sorted by \"\(name)\" here. Known are: \(shape.fields.keys.sorted().joined(separator: ", "))."
                )
            }
            return (field, isDescending)
        }
    }

    private func isBefore(_ left: Item, _ right: Item, _ order: [(field: MemoryListShape<Item>.Field, isDescending: Bool)])
        -> Bool
    {
        for (field, isDescending) in order {
            let one = Self.sortKey(field(left))
            let other = Self.sortKey(field(right))
            if one != other { return (one < other) != isDescending }
        }
        let isDescending = order.last?.isDescending ?? false
        return (shape.id(left) < shape.id(right)) != isDescending
    }

    private static func sortKey(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text)?: text.lowercased()
        case .bool(let flag)?: flag ? "1" : "0"
        default: ""
        }
    }

    private func matches(_ filter: Filter, _ item: Item) throws -> Truth {
        switch filter {
        case .and(let left, let right): return try matches(left, item).and(try matches(right, item))
        case .or(let left, let right):
            return try matches(left, item).negated.and(try matches(right, item).negated).negated
        case .not(let inner): return try matches(inner, item).negated
        case .present(let path): return Truth(try field(path)(item) != nil)
        case .compare(let path, let comparison, let value):
            return try compare(path, try field(path)(item), comparison, value)
        }
    }

    private func compare(
        _ path: String, _ stored: JSONValue?, _ comparison: Filter.Comparison, _ value: Filter.Value
    ) throws -> Truth {
        if case .null = value {
            guard comparison == .equal || comparison == .notEqual else {
                throw ServiceError.malformed("\"\(path)\" can only be compared with null by eq and ne.")
            }
            return Truth((stored == nil) == (comparison == .equal))
        }
        switch (stored, value) {
        case (.string(let text)?, .string(let wanted)):
            return AttributeValue.string(text.lowercased()).compared(comparison, with: .string(wanted.lowercased()))
        case (.bool(let flag)?, .bool(let wanted)):
            return AttributeValue.bool(flag).compared(comparison, with: .bool(wanted))
        case (nil, _): return .unknown
        default: throw ServiceError.malformed("\"\(path)\" is compared with a value of another type.")
        }
    }
}

extension Truth {
    fileprivate func and(_ other: Truth) -> Truth {
        if self == .no || other == .no { return .no }
        return self == .yes && other == .yes ? .yes : .unknown
    }
}

extension Filter {
    /// Every path it compares.
    fileprivate var paths: [String] {
        switch self {
        case .and(let left, let right), .or(let left, let right): left.paths + right.paths
        case .not(let inner): inner.paths
        case .present(let path), .compare(let path, _, _): [path]
        }
    }
}
