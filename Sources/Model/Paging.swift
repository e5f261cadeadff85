/// What a list was asked for, as it arrived: the service that owns the list parses and checks it.
public struct ListQuery: Sendable, Hashable {
    /// RFC 7644 section 3.4.2.2 filter.
    public var filter: String?
    /// Words; each must begin a word of what the list searches.
    public var search: String?
    /// Comma-separated fields, `-` in front for descending.
    public var sort: String?
    /// 1 to 1000.
    public var limit: Int
    /// A cursor from an earlier page of the same list.
    public var after: String?

    public init(filter: String? = nil, search: String? = nil, sort: String? = nil, limit: Int = 50, after: String? = nil) {
        self.filter = filter
        self.search = search
        self.sort = sort
        self.limit = limit
        self.after = after
    }
}

/// One page of a list.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    public let limit: Int
    /// How many there are in all; `nil` where counting is dear.
    public let total: Int?
    /// How many lie before the first item here.
    public let position: Int?
    public let nextCursor: String?
    public let previousCursor: String?

    public init(items: [Item], limit: Int, total: Int?, position: Int?, nextCursor: String?, previousCursor: String?) {
        self.items = items
        self.limit = limit
        self.total = total
        self.position = position
        self.nextCursor = nextCursor
        self.previousCursor = previousCursor
    }

    public func map<Other: Sendable>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(
            items: try items.map(transform), limit: limit, total: total, position: position, nextCursor: nextCursor,
            previousCursor: previousCursor)
    }
}

/// An opaque position of the change feed; clients send it back as `Gatehouse-At-Least`.
public struct Revision: Hashable, Sendable {
    /// Changes when a backup is restored, so that a position of the old life is never mistaken for one of the new.
    public let epoch: Int64
    public let position: Int64
    /// Whether it means a change that had no position yet: one after this one, which the database knows and a node may not.
    public let isPending: Bool

    public init(epoch: Int64, position: Int64, isPending: Bool = false) {
        self.epoch = epoch
        self.position = position
        self.isPending = isPending
    }

    public var text: String { "\(epoch).\(position)" + (isPending ? "+" : "") }

    public init?(text: some StringProtocol) {
        let isPending = text.last == "+"
        let parts = (isPending ? text.dropLast() : text[...]).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let epoch = Int64(parts[0]), let position = Int64(parts[1]), epoch >= 0, position >= 0 else {
            return nil
        }
        self.init(epoch: epoch, position: position, isPending: isPending)
    }
}

/// What a write answers: the value as it is now, and the revision that contains it.
public struct Written<Value: Sendable>: Sendable {
    public let value: Value
    public let revision: Revision

    public init(_ value: Value, revision: Revision) {
        self.value = value
        self.revision = revision
    }
}
