import Access
import Foundation
import Testing

@testable import Storage

/// The whole way: what a list finds by the residual of a condition is what the condition says of each row.
@Suite struct ResidualListTests {
    static let shape = ListShape(
        name: "items",
        fields: [
            "id": ListField("i.id", .exact), "code": ListField("i.code", .exact),
            "note": ListField("i.note_key", .exact, optional: true), "flag": ListField("i.flag", .boolean),
        ], id: "i.id", defaultSort: "id")

    static func kind(_ property: String) -> AttributeValue.Kind? { property == "flag" ? .boolean : .text }

    static let texts = ["a", "ab", "b", "ba", "%", "_", "a_b", "\\", "\u{e9}", "e\u{301}", "\u{1F600}", "0123456789abcdef"]

    /// Random conditions over what the table has.
    struct Conditions {
        var generator: SeededGenerator

        mutating func pick(_ texts: [String]) -> String { texts[Int.random(in: 0..<texts.count, using: &generator)] }

        mutating func text(depth: Int = 3) -> String {
            switch depth == 0 ? 0 : Int.random(in: 0..<6, using: &generator) {
            case 3: "(\(text(depth: depth - 1)) and \(text(depth: depth - 1)))"
            case 4: "(\(text(depth: depth - 1)) or \(text(depth: depth - 1)))"
            case 5: "not (\(text(depth: depth - 1)))"
            default: comparison()
            }
        }

        private mutating func comparison() -> String {
            let property = "resource." + pick(["note", "note", "code", "id"])
            let subject = "subject." + pick(["name", "names", "level", "nobody"])
            let any = pick(["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"])
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: return "\(property) \(pick(["pr", "eq null", "ne null"]))"
            case 1: return "resource.flag \(pick(["eq", "ne"])) \(pick(["true", "false", "subject.active", "subject.name"]))"
            case 2: return "\(property) \(any) \(subject)"
            case 3: return "\(subject) \(pick(["eq", "ne", "gt", "ge", "lt", "le"])) \(property)"
            case 4: return "\(subject) \(any) \(Filter.quote(pick(ResidualListTests.texts)))"
            default: return "\(property) \(any) \(Filter.quote(pick(ResidualListTests.texts)))"
            }
        }

        mutating func facts() -> [String: AttributeValue] {
            [
                "subject.name": .string(pick(ResidualListTests.texts)), "subject.level": .integer(3),
                "subject.names": .list((0..<3).map { _ in .string(pick(ResidualListTests.texts)) }),
                "subject.active": .bool(Bool.random(using: &generator)),
            ]
        }
    }

    static func items(seed: UInt64) -> [ListedItem] {
        var conditions = Conditions(generator: SeededGenerator(seed: seed))
        return (0..<60).map { number in
            ListedItem(
                id: "i\(number)", name: "x", note: number % 3 == 0 ? nil : conditions.pick(texts), code: conditions.pick(texts),
                at: 0, seenAt: nil, flag: number % 2 == 0)
        }
    }

    static func facts(_ item: ListedItem, _ known: [String: AttributeValue]) -> TableFacts {
        var facts = known
        facts["resource.id"] = .string(item.id)
        facts["resource.code"] = .string(item.code)
        facts["resource.note"] = item.note.map(AttributeValue.string)
        facts["resource.flag"] = .bool(item.flag)
        return TableFacts(facts)
    }

    @Test(arguments: Engine.allCases, 0..<2)
    func `a list finds what the condition allows, and leaves what it denies`(engine: Engine, seed: UInt64) async throws {
        let items = Self.items(seed: seed)
        let table = try await ListedItems(items, engine: engine)
        var conditions = Conditions(generator: SeededGenerator(seed: seed &+ 50))
        var filters = 0
        for _ in 0..<400 {
            let text = conditions.text()
            let known = conditions.facts()
            let condition = try Condition(parsing: text)
            let allow = condition.residual(TableFacts(known), kind: Self.kind)
            let deny = condition.residual(TableFacts(known), counting: true, kind: Self.kind)
            var allowed: Set<String> = []
            var spared: Set<String> = []
            for item in items {
                switch condition.evaluate(Self.facts(item, known)) {
                case .yes: allowed.insert(item.id)
                case .no: spared.insert(item.id)
                case .unknown: continue
                }
            }
            if case .filter(let filter) = allow {
                filters += 1
                #expect(try await Self.ids(table, filter) == allowed, "\(text) with \(TableFacts(known))")
            }
            if case .filter(let filter) = deny {
                #expect(try await Self.ids(table, .not(filter)) == spared, "\(text) with \(TableFacts(known))")
            }
        }
        #expect(filters > 150, "\(filters)")
    }

    static func ids(_ table: ListedItems, _ filter: Filter) async throws -> Set<String> {
        var statement = Statement("SELECT i.id FROM item i WHERE ")
        try FilterCompiler(shape: shape).compile(filter, into: &statement)
        let whole = statement
        return Set(try await table.database.read { connection in try connection.rows(whole) { $0.text(0) } })
    }
}
