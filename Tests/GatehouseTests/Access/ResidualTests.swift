import Access
import Testing

/// What of a condition remains for a list to filter its rows by.
@Suite struct ResidualTests {
    static let facts = TableFacts([
        "subject.id": .string("u1"), "subject.level": .integer(5), "subject.active": .bool(true),
        "subject.groups": .list([.string("g1"), .string("g2"), .string("g1")]), "subject.none": .list([]),
        "subject.mixed": .list([.string("g1"), .integer(7)]), "resource.type": .string("record"),
    ])

    /// The filter as text, so that the tables can be read.
    static func show(_ filter: Filter) -> String {
        switch filter {
        case .and(let left, let right): return "(\(show(left)) and \(show(right)))"
        case .or(let left, let right): return "(\(show(left)) or \(show(right)))"
        case .not(let inner): return "not \(show(inner))"
        case .present(let path): return "\(path) pr"
        case .compare(let path, let comparison, let value):
            let text =
                switch value {
                case .string(let text): "'\(text)'"
                case .integer(let integer): "\(integer)"
                case .number(let number): "\(number)"
                case .bool(let flag): "\(flag)"
                case .null: "null"
                }
            return "\(path) \(comparison.rawValue) \(text)"
        }
    }

    static func show(_ residual: Residual) -> String {
        switch residual {
        case .constant(let truth): "\(truth)"
        case .filter(let filter): show(filter)
        case .unsupported: "unsupported"
        }
    }

    @Test(arguments: [
        ("resource.owner eq subject.id", "owner eq 'u1'"), ("subject.id eq resource.owner", "owner eq 'u1'"),
        ("resource.owner ne subject.id", "owner ne 'u1'"), ("resource.level gt subject.level", "level gt 5"),
        ("subject.level gt resource.level", "level lt 5"), ("subject.level ge resource.level", "level le 5"),
        ("subject.level lt resource.level", "level gt 5"), ("subject.level le resource.level", "level ge 5"),
        (#"resource.address.city sw "Gr""#, "address.city sw 'Gr'"), ("resource.name co subject.id", "name co 'u1'"),
        ("resource.name pr", "name pr"), ("not (resource.name pr)", "not name pr"), ("resource.name eq null", "name eq null"),
        ("not (resource.name eq null)", "name ne null"), ("not (resource.owner eq subject.id)", "owner ne 'u1'"),
        ("not (resource.level gt 3)", "not level gt 3"), ("not (not (resource.level gt 3))", "level gt 3"),
        // Lists.
        ("resource.group eq subject.groups", "(group eq 'g1' or group eq 'g2')"),
        ("subject.groups eq resource.group", "(group eq 'g1' or group eq 'g2')"),
        ("resource.group ne subject.groups", "(group ne 'g1' and group ne 'g2')"),
        ("not (resource.group gt subject.groups)", "(not group gt 'g1' and not group gt 'g2')"),
        ("resource.group eq subject.none", "no"), ("resource.group eq subject.mixed", "unsupported"),
        ("resource.group co subject.mixed", "group co 'g1'"),
        // What is known falls out.
        ("subject.active eq true and resource.a pr", "a pr"), ("subject.active eq false and resource.a pr", "no"),
        ("resource.a pr or subject.active eq true", "yes"), ("resource.a pr or subject.active eq false", "a pr"),
        ("resource.type eq \"record\"", "yes"), ("resource.type eq \"user\" or resource.a pr", "a pr"),
        ("subject.id pr and not (subject.nobody pr)", "yes"), ("subject.nobody eq null", "yes"),
        // Unknown.
        ("subject.nobody eq 1", "no"), ("not (subject.nobody eq 1)", "no"), ("subject.nobody eq 1 or resource.a pr", "a pr"),
        ("subject.nobody eq 1 and resource.a pr", "no"), ("not (subject.nobody eq 1 and resource.a pr)", "not a pr"),
        ("resource.a eq subject.nobody", "no"), ("resource.a gt subject.active", "no"), ("subject.level co resource.a", "no"),
        ("subject.active lt resource.a", "no"),
        // What no filter can say.
        ("resource.a eq resource.b", "unsupported"), ("subject.id co resource.a", "unsupported"),
        ("resource.a eq resource.b and resource.c pr", "unsupported"),
        ("resource.c pr or resource.a eq resource.b", "unsupported"),
        ("resource.a eq resource.b or subject.id pr", "yes"), ("subject.id eq null and resource.a eq resource.b", "no"),
        ("resource.a eq resource.b and subject.id eq null", "no"),
    ])
    func `an allow keeps what is surely true`(text: String, expected: String) throws {
        #expect(Self.show(try Condition(parsing: text).residual(Self.facts)) == expected)
    }

    @Test(arguments: [
        ("resource.owner eq subject.id", "(owner eq 'u1' or not owner pr)"),
        ("resource.owner ne subject.id", "(owner ne 'u1' or not owner pr)"),
        ("not (resource.level gt 3)", "(not level gt 3 or not level pr)"),
        ("resource.group ne subject.groups", "((group ne 'g1' and group ne 'g2') or not group pr)"),
        ("resource.name pr", "name pr"), ("resource.name eq null", "name eq null"), ("subject.nobody eq 1", "yes"),
        ("not (subject.nobody eq 1)", "yes"), ("subject.nobody eq 1 and resource.a pr", "a pr"),
        ("subject.nobody eq 1 or resource.a pr", "yes"), ("not (subject.nobody eq 1 or resource.a pr)", "not a pr"),
        ("resource.group eq subject.none", "yes"), ("subject.active eq false", "no"),
        ("resource.a eq resource.b or subject.nobody eq 1", "yes"),
    ])
    func `a deny takes what is true or unknown`(text: String, expected: String) throws {
        #expect(Self.show(try Condition(parsing: text).residual(Self.facts, counting: true)) == expected)
    }

    @Test func `a property of a fixed kind meets no value of another`() throws {
        func show(_ text: String, counting unknown: Bool = false) throws -> String {
            let condition = try Condition(parsing: text)
            return Self.show(condition.residual(Self.facts, counting: unknown) { $0 == "level" ? .number : .text })
        }
        #expect(try show("resource.owner eq subject.level") == "no")
        #expect(try show("resource.owner eq subject.level", counting: true) == "yes")
        #expect(try show("resource.level eq \"5\" or resource.a pr") == "a pr")
        #expect(try show("resource.owner eq subject.mixed") == "owner eq 'g1'")
        #expect(try show("resource.level eq subject.mixed") == "level eq 7")
        #expect(try show("resource.owner eq true") == "no")
    }

    @Test func `a condition that never makes a filter can be told before`() throws {
        for text in ["resource.a eq resource.b", "subject.a co resource.b", "subject.a pr or not (context.a ew resource.b)"] {
            #expect(try Condition(parsing: text).filterObstacle != nil)
        }
        for text in ["subject.a co subject.b", "subject.a lt resource.b", "resource.a sw subject.a", "resource.a pr"] {
            #expect(try Condition(parsing: text).filterObstacle == nil)
        }
    }

    @Test func `a residual is bounded, and as shallow as can be`() throws {
        func residual(_ text: String, _ count: Int) throws -> Residual {
            let groups = AttributeValue.list((0..<count).map { .string("g\($0)") })
            return try Condition(parsing: text).residual(TableFacts(["subject.groups": groups, "subject.id": .string("u")]))
        }
        func depth(_ filter: Filter) -> Int {
            switch filter {
            case .and(let left, let right), .or(let left, let right): 1 + max(depth(left), depth(right))
            case .not(let inner): 1 + depth(inner)
            case .compare, .present: 0
            }
        }
        guard case .filter(let filter) = try residual("resource.a eq subject.groups", Residual.maximumTerms) else {
            Issue.record("no filter")
            return
        }
        #expect(depth(filter) == 10)
        #expect(Self.show(try residual("resource.a eq subject.groups", Residual.maximumTerms + 1)) == "unsupported")
        // What falls out does not count.
        let twice = "resource.a eq subject.groups and subject.id eq \"v\" or resource.b eq subject.groups"
        #expect(Self.show(try residual(twice, Residual.maximumTerms)) != "unsupported")
    }

    /// `tidy` worlds have columns: one kind for each property. There the filter of a deny is never unknown itself.
    @Test(arguments: [true, false], 0..<3)
    func `a residual fits exactly the rows that the condition does`(tidy: Bool, seed: UInt64) throws {
        var world = ConditionWorld(seed: seed &+ 1000)
        world.isTidy = tidy
        var seen: [String: Int] = [:]
        for _ in 0..<2500 {
            let text = world.condition().text(using: &world.generator)
            let condition = try Condition(parsing: text)
            let known = world.facts().filter { !$0.key.hasPrefix("resource.") || $0.key == "resource.b" }
            func kinds(_ name: String) -> AttributeValue.Kind? { tidy ? ConditionWorld.kind(ofProperty: name) : nil }
            let allow = condition.residual(TableFacts(known), kind: kinds)
            let deny = condition.residual(TableFacts(known), counting: true, kind: kinds)
            for _ in 0..<3 {
                var facts = world.facts().filter { $0.key.hasPrefix("resource.") && $0.key != "resource.b" }
                facts.merge(known) { _, known in known }
                let truth = condition.evaluate(TableFacts(facts))
                let found = (Self.truth(of: allow, facts), Self.truth(of: deny, facts))
                seen[Self.word(allow), default: 0] += 1
                // A row is found when the filter is true; one is spared a deny when the filter is surely false.
                let agrees =
                    (found.0 == nil || (found.0 == .yes) == (truth == .yes))
                    && (found.1 == nil || (found.1 != .no) == (truth != .no)) && (!tidy || found.1 != .unknown)
                guard agrees else {
                    Issue.record("\(text): \(allow) and \(deny), but \(truth) for \(TableFacts(facts))")
                    return
                }
            }
            if case .unsupported = allow, tidy { #expect(condition.filterObstacle != nil, "\(text)") }
        }
        #expect(["yes", "no", "filter", "unsupported"].allSatisfy { (seen[$0] ?? 0) > 100 }, "\(seen)")
    }

    private static func word(_ residual: Residual) -> String {
        switch residual {
        case .constant(let truth): "\(truth)"
        case .filter: "filter"
        case .unsupported: "unsupported"
        }
    }

    /// `nil` where there is no filter.
    private static func truth(of residual: Residual, _ facts: [String: AttributeValue]) -> Truth? {
        switch residual {
        case .constant(let truth): truth
        case .filter(let filter): Truth(naive: ConditionSketch(filter).naive(facts))
        case .unsupported: nil
        }
    }
}
