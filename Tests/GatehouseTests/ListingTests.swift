import Access
import Crypto
import Foundation
import Model
@testable import Storage
import Testing

/// One item of a made-up list; `nil` is stored as the empty value.
struct ListedItem: Sendable, Hashable {
    var id: String
    var name: String
    var note: String?
    var code: String
    var at: Int64
    var seenAt: Int64?
    var flag: Bool
}

/// A list over a table of its own, and the obviously right way to answer it.
final class ListedItems: Sendable {
    static let shape = ListShape(
        name: "items",
        fields: [
            "id": ListField("i.id", .exact, sortable: false), "name": ListField("i.name_key", .folded { $0.lowercased() }),
            "note": ListField("i.note_key", .folded { $0.lowercased() }, optional: true), "code": ListField("i.code", .exact),
            "at": ListField("i.at", .time), "seenAt": ListField("i.seen_at", .time, optional: true),
            "flag": ListField("i.flag", .boolean, sortable: false),
            "kind": ListField(
                "i.code",
                .custom { value, statement in
                    guard value == "long" || value == "short" else { throw ServiceError.malformed("no such kind") }
                    statement.append(value == "long" ? "LENGTH(i.code) > 2" : "LENGTH(i.code) <= 2")
                }),
        ], id: "i.id", defaultSort: "name")
    static let key = CursorKey(SymmetricKey(size: .bits256))

    let folder: TemporaryFolder
    let database: any Database
    let items: [ListedItem]

    init(_ items: [ListedItem], engine: Engine = .sqlite) async throws {
        folder = try TemporaryFolder()
        self.items = items
        database = try engine.open(
            in: folder,
            migrations: [
                Migration(
                    901, "items",
                    [
                        """
                        CREATE TABLE item (id TEXT NOT NULL PRIMARY KEY, name_key TEXT NOT NULL, note_key TEXT NOT NULL,
                            code TEXT NOT NULL, at BIGINT NOT NULL, seen_at BIGINT NOT NULL, flag BIGINT NOT NULL)
                        """
                    ])
            ])
        _ = try await database.write { connection in
            for item in items {
                try connection.run(
                    Statement(
                        "INSERT INTO item (id, name_key, note_key, code, at, seen_at, flag) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                        [
                            .text(item.id), .text(item.name.lowercased()), .text(item.note?.lowercased() ?? ""), .text(item.code),
                            .integer(item.at), .integer(item.seenAt ?? 0), .integer(item.flag ? 1 : 0),
                        ]))
            }
        }
    }

    deinit {
        folder.remove()
        Task.detached { [database] in await database.close() }
    }

    func page(_ query: ListQuery, caller: PrincipalReference? = nil, key: CursorKey = key) async throws -> Page<String> {
        let listing = try Listing(query, shape: Self.shape, realm: .main, caller: caller, key: key)
        return try await database.scan { connection in
            try listing.page(
                on: connection, columns: "i.id", columnCount: 1, from: { $0.append("item i") }, where: { $0.append("1 = 1") },
                read: { $0.text(0) })
        }
    }

    func ids(_ filter: String) async throws -> Set<String> {
        Set(try await page(ListQuery(filter: filter, limit: 1000)).items)
    }

    /// Random items with few different values, so that there are many ties.
    static func random(_ count: Int, seed: UInt64) -> [ListedItem] {
        var generator = SeededGenerator(seed: seed)
        let words = [
            "ann", "Ann", "ANNA", "bob", "b%b", "b_b", "b\\b", "\u{e9}mile", "\u{c9}mile", "zo\u{eb}", "\u{1F600}", "a b", "x",
        ]
        func word() -> String { words.randomElement(using: &generator) ?? "" }
        return (0..<count).map { number in
            ListedItem(
                id: String(format: "id-%04d", number * 7919 % 10_007), name: word(),
                note: Bool.random(using: &generator) ? word() : nil,
                code: String(word().prefix(3)), at: .random(in: -2...2, using: &generator) * 1000,
                seenAt: Bool.random(using: &generator) ? .random(in: 1...3, using: &generator) * 1000 : nil,
                flag: .random(using: &generator))
        }
    }
}

@Suite struct FilterMeaningTests {
    /// SQL's `NULL`, Swift's `nil`: unknown.
    static func naive(_ filter: Filter, _ item: ListedItem) -> Bool? {
        switch filter {
        case .and(let left, let right):
            let (one, other) = (naive(left, item), naive(right, item))
            if one == false || other == false { return false }
            return one == nil || other == nil ? nil : true
        case .or(let left, let right):
            let (one, other) = (naive(left, item), naive(right, item))
            if one == true || other == true { return true }
            return one == nil || other == nil ? nil : false
        case .not(let inner): return naive(inner, item).map { !$0 }
        case .present(let path): return value(path, item) != nil
        case .compare(let path, let comparison, .null):
            return (value(path, item) == nil) == (comparison == .equal)
        case .compare(let path, let comparison, let wanted):
            guard let have = value(path, item) else { return nil }
            switch (have, wanted) {
            case (.text(let have), .string(let wanted)):
                return compare(have, path == "code" ? wanted : wanted.lowercased(), comparison)
            case (.time(let have), .string(let text)):
                guard let wanted = Timestamp(rfc3339: text)?.milliseconds else { return nil }
                return compare(have, wanted, comparison)
            case (.flag(let have), .bool(let wanted)): return (have == wanted) == (comparison == .equal)
            default: return nil
            }
        }
    }

    enum Value: Equatable {
        case text(String), time(Int64), flag(Bool)
    }

    static func value(_ path: String, _ item: ListedItem) -> Value? {
        switch path {
        case "name": .text(item.name.lowercased())
        case "note": item.note.map { .text($0.lowercased()) }
        case "code": .text(item.code)
        case "at": .time(item.at)
        case "seenAt": item.seenAt.map { .time($0) }
        default: .flag(item.flag)
        }
    }

    static func compare(_ have: String, _ wanted: String, _ comparison: Filter.Comparison) -> Bool {
        let (have, wanted) = (Array(have.utf8), Array(wanted.utf8))
        switch comparison {
        case .equal: return have == wanted
        case .notEqual: return have != wanted
        case .startsWith: return have.starts(with: wanted)
        case .endsWith: return have.suffix(wanted.count) == wanted[...]
        case .contains:
            return wanted.isEmpty || have.indices.contains { have[$0...].starts(with: wanted) }
        case .less: return have.lexicographicallyPrecedes(wanted)
        case .lessOrEqual: return !wanted.lexicographicallyPrecedes(have)
        case .greater: return wanted.lexicographicallyPrecedes(have)
        case .greaterOrEqual: return !have.lexicographicallyPrecedes(wanted)
        }
    }

    static func compare(_ have: Int64, _ wanted: Int64, _ comparison: Filter.Comparison) -> Bool? {
        switch comparison {
        case .equal: have == wanted
        case .notEqual: have != wanted
        case .less: have < wanted
        case .lessOrEqual: have <= wanted
        case .greater: have > wanted
        case .greaterOrEqual: have >= wanted
        case .contains, .startsWith, .endsWith: nil
        }
    }

    /// Random filters over random items, put into SQL and evaluated by hand: both must agree.
    @Test(arguments: Engine.allCases, 0..<3)
    func `SQL answers what the filter means`(engine: Engine, seed: UInt64) async throws {
        let list = try await ListedItems(ListedItems.random(60, seed: seed), engine: engine)
        var generator = SeededGenerator(seed: seed + 100)
        let words = ["ann", "AN", "n", "", "b", "%", "_", "\\", "b_b", "\u{e9}", "\u{c9}MILE", "\u{1F600}", "a b", "zz", "a'b"]
        func filter(_ depth: Int) -> String {
            switch Int.random(in: 0..<(depth > 3 ? 6 : 10), using: &generator) {
            case 0: return (["name", "note", "code", "at", "seenAt", "flag"].randomElement(using: &generator) ?? "name") + " pr"
            case 1:
                let path = ["name", "note", "seenAt"].randomElement(using: &generator) ?? "name"
                return "\(path) \(Bool.random(using: &generator) ? "eq" : "ne") null"
            case 2: return "flag \(Bool.random(using: &generator) ? "eq" : "ne") \(Bool.random(using: &generator))"
            case 3:
                let path = Bool.random(using: &generator) ? "at" : "seenAt"
                let comparison = ["eq", "ne", "gt", "ge", "lt", "le"].randomElement(using: &generator) ?? "eq"
                let time = Timestamp(milliseconds: .random(in: -3...3, using: &generator) * 1000)
                return "\(path) \(comparison) \"\(time.rfc3339)\""
            case 4, 5:
                let path = ["name", "note", "code"].randomElement(using: &generator) ?? "name"
                let comparison = Filter.Comparison.allCases.randomElement(using: &generator) ?? .equal
                return "\(path) \(comparison.rawValue) " + Filter.quote(words.randomElement(using: &generator) ?? "")
            case 6: return "not (\(filter(depth + 1)))"
            case 7: return "(\(filter(depth + 1)) or \(filter(depth + 1)))"
            default: return "(\(filter(depth + 1)) and \(filter(depth + 1)))"
            }
        }
        var sizes = Set<Int>()
        for _ in 0..<150 {
            let text = filter(0)
            let parsed = try Filter(parsing: text)
            let expected = Set(list.items.filter { Self.naive(parsed, $0) == true }.map(\.id))
            #expect(try await list.ids(text) == expected, "\(text)")
            sizes.insert(expected.count)
        }
        #expect(sizes.count > 10, "the filters must tell items apart")
    }

    static let few = [
        ListedItem(id: "1", name: "Ann", note: "Red", code: "aB", at: 1000, seenAt: 5000, flag: true),
        ListedItem(id: "2", name: "Bob", note: nil, code: "ab", at: 2000, seenAt: nil, flag: false),
        ListedItem(id: "3", name: "\u{c9}mile", note: "50%_\\", code: "AB", at: 3000, seenAt: 6000, flag: true),
    ]

    @Test(arguments: [
        (#"name eq "ANN""#, ["1"]), (#"name ne "ann""#, ["2", "3"]), (#"name eq "\#u{e9}MILE""#, ["3"]),
        (#"NAME eq "ann""#, ["1"]),
        (#"note eq "red""#, ["1"]), ("note pr", ["1", "3"]), ("not (note pr)", ["2"]), ("note eq null", ["2"]),
        ("note ne null", ["1", "3"]),
        // What is absent is neither equal nor unequal, also below "not".
        (#"note ne "red""#, ["3"]), (#"not (note eq "red")"#, ["3"]), (#"not (note ne "red")"#, ["1"]),
        (#"not (not (note eq "red"))"#, ["1"]),
        (#"not (note eq "red" and name eq "bob")"#, ["1", "3"]), (#"not (note eq "red" or name eq "zed")"#, ["3"]),
        (#"not (note sw "x")"#, ["1", "3"]), (#"not (seenAt gt "1970-01-01T00:00:05Z")"#, ["1"]), (#"note eq """#, []),
        (#"note sw """#, ["1", "3"]),
        // Signs that mean something to LIKE mean themselves.
        (#"note co "%""#, ["3"]), (#"note co "_""#, ["3"]), (#"note ew "\\""#, ["3"]), (#"note co "0%_""#, ["3"]),
        (#"note sw "%""#, []),
        // Text that is stored as it is is compared as it is.
        (#"code eq "ab""#, ["2"]), (#"code co "b""#, ["2"]), (#"code ew "B""#, ["1", "3"]), (#"code sw "A""#, ["3"]),
        (#"code gt "AB""#, ["1", "2"]),
        (#"at eq "1970-01-01T00:00:02Z""#, ["2"]), (#"at ge "1970-01-01T01:00:02+01:00""#, ["2", "3"]),
        (#"seenAt lt "1970-01-01T00:00:06Z""#, ["1"]),
        ("flag eq true", ["1", "3"]), ("flag ne true", ["2"]), ("flag pr", ["1", "2", "3"]), ("flag eq null", []),
        ("at pr", ["1", "2", "3"]),
        (#"kind eq "short""#, ["1", "2", "3"]), (#"kind ne "short""#, []), (#"not (kind eq "long")"#, ["1", "2", "3"]),
        ("kind pr", ["1", "2", "3"]),
        (#"name eq "a' OR '1'='1""#, []), (#"id eq "1" or id eq "3""#, ["1", "3"]),
    ])
    func `a filter finds`(filter: String, ids: [String]) async throws {
        let list = try await ListedItems(Self.few)
        #expect(try await list.ids(filter) == Set(ids))
    }

    @Test(arguments: [
        #"nothing eq "x""#, "nothing pr", #"name.first eq "x""#, "name eq 1", "name eq true", #"flag eq "true""#, "flag eq 1",
        "flag gt true",
        #"flag co "t""#, #"at eq "yesterday""#, "at eq 5", #"at co "2026""#, #"at sw "2026-01-01T00:00:00Z""#, "name gt null",
        "kind eq 1",
        #"kind co "short""#, #"kind eq "other""#, #"name eq "x" and nothing pr"#, "not (nothing pr)", "name eq", "(((",
    ])
    func `a filter that cannot be asked is malformed`(filter: String) {
        let error = #expect(throws: ServiceError.self) {
            try Listing(ListQuery(filter: filter), shape: ListedItems.shape, realm: .main, caller: nil, key: ListedItems.key)
        }
        #expect(error?.code == "malformed")
    }

    @Test func `an empty filter is none`() async throws {
        let list = try await ListedItems(Self.few)
        #expect(try await list.ids("") == ["1", "2", "3"])
    }
}

@Suite struct PagingTests {
    static let sorts = [
        "name", "-name", "note,-at", "-note,at,name", "-seenAt", "seenAt,-note,-name,at", "code", "-code,name", "at,seenAt",
    ]

    static func order(_ items: [ListedItem], _ sort: String) -> [String] {
        let keys = sort.split(separator: ",").map { (name: $0.drop { $0 == "-" }, isDescending: $0.hasPrefix("-")) }
        func compare(_ left: ListedItem, _ right: ListedItem, _ name: Substring) -> Int {
            func texts(_ one: String, _ other: String) -> Int {
                one.utf8.elementsEqual(other.utf8) ? 0 : one.utf8.lexicographicallyPrecedes(other.utf8) ? -1 : 1
            }
            switch name {
            case "name": return texts(left.name.lowercased(), right.name.lowercased())
            case "note": return texts(left.note?.lowercased() ?? "", right.note?.lowercased() ?? "")
            case "code": return texts(left.code, right.code)
            case "at": return (left.at - right.at).signum() == 0 ? 0 : left.at < right.at ? -1 : 1
            case "seenAt": return left.seenAt ?? 0 == right.seenAt ?? 0 ? 0 : left.seenAt ?? 0 < right.seenAt ?? 0 ? -1 : 1
            default: return texts(left.id, right.id)
            }
        }
        return items.sorted { left, right in
            for key in keys {
                let result = compare(left, right, key.name)
                if result != 0 { return (result < 0) != key.isDescending }
            }
            // The id ends every order and runs as the last field does.
            return (compare(left, right, "id") < 0) != (keys.last?.isDescending ?? false)
        }.map(\.id)
    }

    /// Every page forwards and every page back, over random data with many ties.
    @Test(arguments: sorts, [1, 7, 40])
    func `pages are the naive answer cut in pieces, forwards and backwards`(sort: String, limit: Int) async throws {
        let list = try await ListedItems(ListedItems.random(83, seed: UInt64(limit)))
        for filter in [nil, #"flag eq true and not (note eq "ann")"#] {
            let kept = try list.items.filter { item in
                try filter.map { FilterMeaningTests.naive(try Filter(parsing: $0), item) == true } ?? true
            }
            let expected = Self.order(kept, sort)
            var query = ListQuery(filter: filter, sort: sort, limit: limit)
            var pages: [Page<String>] = []
            repeat {
                let page = try await list.page(query)
                #expect(page.total == expected.count)
                #expect(page.position == pages.flatMap(\.items).count)
                #expect((page.previousCursor == nil) == pages.isEmpty)
                pages.append(page)
                query.after = page.nextCursor
            } while query.after != nil && pages.count <= expected.count
            #expect(pages.flatMap(\.items) == expected)
            #expect(pages.dropLast().allSatisfy { $0.items.count == limit })

            var backward: [[String]] = []
            query.after = pages.last?.previousCursor
            while query.after != nil, backward.count <= pages.count {
                let page = try await list.page(query)
                #expect(page.nextCursor != nil)
                backward.insert(page.items, at: 0)
                let index = pages.count - 1 - backward.count
                if pages.indices.contains(index) { #expect(page.position == pages[index].position) }
                query.after = page.previousCursor
            }
            #expect(backward == pages.dropLast().map(\.items))
        }
    }

    @Test func `leading on from a page reached backwards gives the page it came from`() async throws {
        let list = try await ListedItems(ListedItems.random(30, seed: 1))
        var query = ListQuery(sort: "-note,name", limit: 10)
        query.after = try await list.page(query).nextCursor
        let second = try await list.page(query)
        let back: String = try #require(second.previousCursor)
        query.after = back
        let first = try await list.page(query)
        let forward: String = try #require(first.nextCursor)
        query.after = forward
        #expect(try await list.page(query).items == second.items)
    }

    @Test func `items that come and go between pages make no other item appear twice or be missed`() async throws {
        let list = try await ListedItems(ListedItems.random(40, seed: 5))
        let expected = PagingTests.order(list.items, "name")
        var query = ListQuery(sort: "name", limit: 10)
        let first = try await list.page(query)
        // The last of the page just read goes, and another comes far in front.
        let last = try #require(first.items.last)
        _ = try await list.database.write { connection in
            try connection.run(Statement("DELETE FROM item WHERE id = $1", [.text(last)]))
            try connection.run(
                Statement(
                    "INSERT INTO item (id, name_key, note_key, code, at, seen_at, flag) VALUES ('new', '', '', '', 0, 0, 0)"))
        }
        let next: String = try #require(first.nextCursor)
        query.after = next
        #expect(try await list.page(query).items == Array(expected[10..<20]))
    }

    @Test func `a limit of a page's own may change from page to page`() async throws {
        let list = try await ListedItems(ListedItems.random(30, seed: 2))
        let expected = PagingTests.order(list.items, "name")
        let first = try await list.page(ListQuery(limit: 4))
        let second = try await list.page(ListQuery(limit: 20, after: first.nextCursor))
        #expect(first.items + second.items == Array(expected.prefix(24)))
    }

    @Test func `an empty list is one page`() async throws {
        let list = try await ListedItems([])
        let page = try await list.page(ListQuery())
        #expect(
            page.items.isEmpty && page.total == 0 && page.position == 0 && page.nextCursor == nil && page.previousCursor == nil)
    }

    @Test(arguments: [
        "nothing", "-", "--name", "name,", ",name", "name,,at", "name,-name", "name,name", "flag", "id", "Name", "name at",
        "name;at",
        "name,note,code,at,seenAt", "name, at",
    ])
    func `an order that cannot be had is malformed`(sort: String) {
        let error = #expect(throws: ServiceError.self) {
            try Listing(ListQuery(sort: sort), shape: ListedItems.shape, realm: .main, caller: nil, key: ListedItems.key)
        }
        #expect(error?.code == "malformed")
    }

    @Test(arguments: [(0, false), (1, true), (1000, true), (1001, false), (-1, false), (Int.max, false), (Int.min, false)])
    func `a page holds 1 to 1000`(limit: Int, isAllowed: Bool) {
        let result = Result {
            try Listing(ListQuery(limit: limit), shape: ListedItems.shape, realm: .main, caller: nil, key: ListedItems.key)
        }
        switch result {
        case .success: #expect(isAllowed)
        case .failure(let error):
            #expect(!isAllowed)
            #expect((error as? ServiceError)?.code == "malformed")
        }
    }
}

@Suite struct CursorTests {
    static let ann = PrincipalReference.user(EntityID(trusted: "019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f"))
    static let bob = PrincipalReference.user(EntityID(trusted: "019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e10"))
    static let query = ListQuery(filter: "flag pr", search: "a", sort: "name", limit: 3)

    static func listing(
        _ query: ListQuery, shape: ListShape = ListedItems.shape, realm: RealmID = .main, caller: PrincipalReference? = ann,
        key: CursorKey = ListedItems.key
    ) throws -> Listing {
        try Listing(query, shape: shape, realm: realm, caller: caller, key: key)
    }

    static func cursor() async throws -> String {
        let list = try await ListedItems(ListedItems.random(20, seed: 9))
        return try #require(try await list.page(query, caller: ann).nextCursor)
    }

    static func with(_ cursor: String, _ change: (inout ListQuery) -> Void = { _ in }) -> ListQuery {
        var query = query
        query.after = cursor
        change(&query)
        return query
    }

    @Test func `a cursor is taken by the very list it came from`() async throws {
        let cursor = try await Self.cursor()
        #expect(throws: Never.self) { try Self.listing(Self.with(cursor)) }
        #expect(throws: Never.self) { try Self.listing(Self.with(cursor) { $0.limit = 500 }) }
    }

    @Test func `a cursor is refused by every other list`() async throws {
        let cursor = try await Self.cursor()
        let other = ListShape(name: "others", fields: ListedItems.shape.fields, id: "i.id", defaultSort: "name")
        let attempts: [(String, () throws -> Listing)] = [
            ("another caller", { try Self.listing(Self.with(cursor), caller: Self.bob) }),
            ("nobody", { try Self.listing(Self.with(cursor), caller: nil) }),
            (
                "another kind of caller",
                { try Self.listing(Self.with(cursor), caller: PrincipalReference(kind: .device, id: Self.ann.id)) }
            ),
            ("another realm", { try Self.listing(Self.with(cursor), realm: RealmID("other")) }),
            ("another list", { try Self.listing(Self.with(cursor), shape: other) }),
            ("another key", { try Self.listing(Self.with(cursor), key: CursorKey(SymmetricKey(size: .bits256))) }),
            ("another filter", { try Self.listing(Self.with(cursor) { $0.filter = "at pr" }) }),
            ("no filter", { try Self.listing(Self.with(cursor) { $0.filter = nil }) }),
            ("other words", { try Self.listing(Self.with(cursor) { $0.search = "b" }) }),
            ("another order", { try Self.listing(Self.with(cursor) { $0.sort = "-name" }) }),
            ("another field", { try Self.listing(Self.with(cursor) { $0.sort = "code" }) }),
            ("the default order", { try Self.listing(Self.with(cursor) { $0.sort = nil }) }),
        ]
        for (name, attempt) in attempts {
            let error = #expect(throws: ServiceError.self, "\(name)") { try attempt() }
            #expect(error?.code == "malformed", "\(name)")
        }
    }

    @Test func `a cursor changed in any place is refused`() async throws {
        let cursor = Array(try await Self.cursor().utf8)
        for index in cursor.indices {
            var changed = cursor
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: ServiceError.self) { try Self.listing(Self.with(String(decoding: changed, as: UTF8.self))) }
        }
    }

    @Test(arguments: [
        "", "x", "AAAA", "!!!!", String(repeating: "A", count: 5000), Base64URL.encode(Array(repeating: UInt8(0), count: 60)),
    ])
    func `what is no cursor is refused`(text: String) {
        let error = #expect(throws: ServiceError.self) { try Self.listing(Self.with(text)) }
        #expect(error?.code == "malformed")
    }

    @Test func `a cursor shows its values to nobody who could change them, and keeps odd texts whole`() async throws {
        let items = ["\"", "\\", "\u{301}", "\u{1}", "a\u{1F600}"].enumerated().map {
            ListedItem(id: "\($0.offset)", name: $0.element, note: nil, code: "", at: 0, seenAt: nil, flag: true)
        }
        let list = try await ListedItems(items)
        var query = ListQuery(limit: 1)
        var seen: [String] = []
        repeat {
            let page = try await list.page(query)
            seen += page.items
            query.after = page.nextCursor
        } while query.after != nil && seen.count < 10
        #expect(seen.count == 5 && Set(seen).count == 5)
    }
}
