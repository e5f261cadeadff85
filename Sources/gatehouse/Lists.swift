import Model

/// What to ask a list for; the names of the query follow the contract.
struct ListRequest: Sendable {
    let path: [String]
    var filter: String?
    var search: String?
    var sort: String?
    /// Objects a page.
    var limit: Int
    /// Whether to follow the cursors to the end.
    var all = false

    fileprivate func query(after cursor: String?) -> [(name: String, value: String)] {
        var query: [(name: String, value: String)] = []
        if let filter { query.append(("filter", filter)) }
        if let search { query.append(("q", search)) }
        if let sort { query.append(("sort", sort)) }
        query.append(("limit", String(limit)))
        if let cursor { query.append(("after", cursor)) }
        return query
    }
}

/// One page as the server sent it.
struct ListPage: Sendable {
    let items: [JSONObject]
    let total: Int64?
    let nextCursor: String?

    init(_ answer: Answer) throws {
        let object = try answer.object()
        guard let items = object["items"]?.array else {
            throw CommandFailure.notUnderstood("a list has no items", requestID: answer.requestID)
        }
        self.items = try items.map { item in
            guard let item = item.object else {
                throw CommandFailure.notUnderstood("a list holds other things than objects", requestID: answer.requestID)
            }
            return item
        }
        let page = object["page"]?.object
        total = page?["total"]?.integer
        nextCursor = page?["nextCursor"]?.string
    }
}

extension Client {
    func page(_ request: ListRequest, after cursor: String? = nil) async throws -> ListPage {
        try ListPage(try await send(.get, request.path, query: request.query(after: cursor), expecting: [200]))
    }

    /// Hands over page after page while they arrive; one page unless `request.all`. Answers the last one.
    @discardableResult
    func eachPage(_ request: ListRequest, _ body: (ListPage) async throws -> Void) async throws -> ListPage {
        var page = try await page(request)
        try await body(page)
        while request.all, let cursor = page.nextCursor {
            let next = try await self.page(request, after: cursor)
            // A server that leads in circles must not keep us walking.
            guard next.nextCursor != cursor else { throw CommandFailure.notUnderstood("a list does not advance") }
            page = next
            try await body(page)
        }
        return page
    }

    /// A whole list command: pages to standard output, and at a terminal a word on what was left out.
    ///
    /// - Parameters:
    ///   - isWanted: which objects are written at all, for what the server has no filter for.
    ///   - readable: makes a page fit for people, who want names where programs want ids; not asked for other formats.
    func list(
        _ request: ListRequest, into writer: ListWriter, empty: String, only isWanted: (JSONObject) -> Bool = { _ in true },
        readable: ([JSONObject]) async throws -> [JSONObject] = { $0 }
    ) async throws {
        var writer = writer
        var shown = 0
        let last = try await eachPage(request) { page in
            let items = page.items.filter(isWanted)
            shown += items.count
            try writer.write(writer.format == .table ? try await readable(items) : items)
        }
        try writer.finish(empty: empty)
        if last.nextCursor != nil, writer.format == .table, writer.terminal.isTerminal {
            let total = last.total.map { " of \($0)" } ?? ""
            StandardError.write("\(shown)\(total) shown; --all shows the rest.\n")
        }
    }
}

/// The pieces of RFC 7644 section 3.4.2.2 filters that commands put together.
enum FilterText {
    /// A string value: JSON's quoting, so that nothing in it can end the string.
    static func quoted(_ text: String) -> String {
        JSONValue.string(text).text
    }

    static func equals(_ attribute: String, _ value: String) -> String {
        "\(attribute) eq \(quoted(value))"
    }

    /// One of the values, of which there must be some.
    static func isOne(_ attribute: String, of values: [String]) -> String {
        values.map { equals(attribute, $0) }.joined(separator: " or ")
    }

    /// Both must hold. A person's own filter goes in parentheses, since `or` binds weaker than `and`.
    static func both(_ first: String?, _ second: String?) -> String? {
        switch (first, second) {
        case (let first?, let second?): "(\(first)) and \(second)"
        case (let first?, nil): first
        case (nil, let second): second
        }
    }
}
