public import Model

/// One request for a list that no single query answers: its pages are worked out by the service, and only their cursors are made
/// and checked here.
public struct PlacedListing: Sendable {
    /// Where a page begins.
    public struct Place: Sendable, Hashable {
        /// Whether the page lies before the item instead of after it.
        public let isBackward: Bool
        /// How many items lie before the page (forward), or before the item (backward).
        public let position: Int
        /// What tells the item from all others; at least one text.
        public let key: [String]

        public init(isBackward: Bool = false, position: Int, key: [String]) {
            self.isBackward = isBackward
            self.position = position
            self.key = key
        }
    }

    public let limit: Int
    public let place: Place?
    private let key: CursorKey
    private let binding: CursorKey.Binding

    /// - Parameter list: the list's name with everything that decides what is in it.
    /// - Throws: `malformed` for a bad limit or cursor, and for a filter, words or an order, which such lists do not take.
    public init(_ query: ListQuery, list: String, realm: RealmID, caller: PrincipalReference?, key: CursorKey) throws {
        guard (1...Listing.maximumLimit).contains(query.limit) else {
            throw ServiceError.malformed("\"limit\" must be 1 to \(Listing.maximumLimit).")
        }
        guard query.filter == nil, query.search == nil, query.sort == nil else {
            throw ServiceError.malformed("This list takes neither \"filter\" nor \"q\" nor \"sort\".")
        }
        limit = query.limit
        self.key = key
        binding = CursorKey.Binding(list: list, realm: realm, caller: caller, query: query)
        place = try query.after.map { [key, binding] text in
            let cursor = try key.decode(text, binding: binding)
            return Place(
                isBackward: cursor.isBackward, position: Int(clamping: cursor.position),
                key: cursor.values.map { value in
                    if case .text(let text) = value { text } else { "" }
                })
        }
    }

    public func cursor(_ place: Place) -> String {
        key.encode(
            Cursor(isBackward: place.isBackward, position: Int64(place.position), values: place.key.map(SQLValue.text)),
            binding: binding)
    }

    /// A page of a list that is in memory.
    ///
    /// - Parameters:
    ///   - id: what tells items apart.
    ///   - each: hands over every item, always in the same order.
    public func page<Item: Sendable>(id: @escaping (Item) -> String, each: ((Item) -> Void) -> Void) -> Page<Item> {
        var first = 0
        if let place {
            first = place.isBackward ? max(0, place.position - limit) : place.position
            if !place.isBackward, let found = index(of: place.key.first ?? "", id: id, each: each) { first = found + 1 }
        }
        let end = place.map { $0.isBackward ? min($0.position, first + limit) : first + limit } ?? limit
        var items: [Item] = []
        var total = 0
        each { item in
            if total >= first, total < end { items.append(item) }
            total += 1
        }
        var next: String?
        var previous: String?
        if let last = items.last, first + items.count < total {
            next = cursor(Place(position: first + items.count, key: [id(last)]))
        }
        if let item = items.first, first > 0 {
            previous = cursor(Place(isBackward: true, position: first, key: [id(item)]))
        }
        return Page(items: items, limit: limit, total: total, position: first, nextCursor: next, previousCursor: previous)
    }

    /// Where the item is now that a page ended with: others may have come or gone before it.
    private func index<Item>(of wanted: String, id: @escaping (Item) -> String, each: ((Item) -> Void) -> Void) -> Int? {
        var found: Int?
        var count = 0
        each { item in
            if found == nil, id(item) == wanted { found = count }
            count += 1
        }
        return found
    }
}
