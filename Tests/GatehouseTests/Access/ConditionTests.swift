import Access
import Testing

/// Conditions: what they read, what they make of it, and what is refused.
@Suite struct ConditionTests {
    static let facts = TableFacts([
        "subject.id": .string("u1"), "subject.username": .string("Ann"), "subject.level": .integer(5),
        "subject.score": .number(5.5), "subject.active": .bool(true), "subject.groups": .list([.string("g1"), .string("g2")]),
        "subject.mixed": .list([.integer(3), .string("x"), .bool(false), .list([.string("deep")])]),
        "subject.levels": .list([.integer(1), .number(2.5), .integer(9)]), "subject.none": .list([]),
        "subject.empty": .string(""), "subject.composed": .string("\u{e9}"), "subject.combined": .string("e\u{301}"),
        "subject.joined": .string("2026-01-02T03:04:05Z"), "subject.largest": .integer(.max), "subject.huge": .number(0x1p63),
        "action.name": .string("read"), "resource.owner": .string("u1"), "resource.address.city": .string("Graz"),
        "resource.candidates": .list([.string("g2"), .string("g3")]), "resource.strangers": .list([.string("g7")]),
        "resource.level": .integer(5), "resource.numbers": .list([.number(9), .integer(40)]), "context.ip": .string("10.0.0.7"),
    ])

    static func truth(_ text: String) throws -> Truth { try Condition(parsing: text).evaluate(facts) }

    @Test(
        arguments: [
            // Texts, byte by byte.
            (#"subject.username eq "Ann""#, .yes), (#"subject.username eq "ann""#, .no), (#"subject.username ne "ann""#, .yes),
            (#"subject.username ne "Ann""#, .no), (#"subject.username co "n""#, .yes), (#"subject.username co "N""#, .no),
            (#"subject.username co """#, .yes), (#"subject.username co "Anna""#, .no), (#"subject.username sw "An""#, .yes),
            (#"subject.username sw "nn""#, .no), (#"subject.username sw """#, .yes), (#"subject.username ew "nn""#, .yes),
            (#"subject.username ew "An""#, .no), (#"subject.username ew "XAnn""#, .no), (#"subject.username gt "Amn""#, .yes),
            (#"subject.username gt "Ann""#, .no), (#"subject.username ge "Ann""#, .yes), (#"subject.username lt "ann""#, .yes),
            (#"subject.username lt "Ann""#, .no), (#"subject.username le "Ann""#, .yes), (#"subject.username le "An""#, .no),
            (#"subject.composed eq "\#u{e9}""#, .yes), (#"subject.composed eq "e\#u{301}""#, .no),
            (#"subject.combined eq "\#u{e9}""#, .no), (#"subject.combined sw "e""#, .yes), (#"subject.composed gt "z""#, .yes),
            (#"subject.empty eq """#, .yes), (#"subject.empty lt "a""#, .yes),
            (#"subject.joined lt "2026-02-01T00:00:00Z""#, .yes),
            // Numbers, by value.
            ("subject.level eq 5", .yes), ("subject.level eq 5.0", .yes), ("subject.level ne 5.0", .no),
            ("subject.level gt 4.9", .yes),
            ("subject.level lt 5.1", .yes), ("subject.level ge 5", .yes), ("subject.level le 4", .no),
            ("subject.score gt 5", .yes),
            ("subject.score eq 5.5", .yes), ("subject.score le 5.4", .no), ("subject.score ne 5", .yes),
            ("subject.score lt 6", .yes),
            ("subject.largest lt 9223372036854775808", .yes), ("subject.largest eq 9223372036854775808", .no),
            ("subject.largest eq 9223372036854775807", .yes), ("subject.huge gt 9223372036854775807", .yes),
            ("subject.largest lt subject.huge", .yes), ("subject.huge le subject.largest", .no),
            ("subject.largest gt 1e300", .no),
            // Booleans.
            ("subject.active eq true", .yes), ("subject.active eq False", .no), ("subject.active ne false", .yes),
            // Another type.
            (#"subject.level eq "5""#, .unknown), (#"subject.level ne "5""#, .unknown), (#"subject.level co "5""#, .unknown),
            (#"subject.level lt "9""#, .unknown), ("subject.username eq 5", .unknown), ("subject.username ne 5", .unknown),
            ("subject.username gt 5", .unknown), ("subject.username eq true", .unknown), ("subject.active eq 1", .unknown),
            (#"subject.active eq "true""#, .unknown), (#"subject.active sw "t""#, .unknown), ("subject.active gt 0", .unknown),
            // Absent.
            (#"subject.nobody eq "x""#, .unknown), (#"subject.nobody ne "x""#, .unknown), (#"subject.nobody co """#, .unknown),
            ("subject.nobody gt 1", .unknown), ("subject.nobody eq false", .unknown), ("subject.nobody ne true", .unknown),
            ("subject.nobody pr", .no), ("subject.nobody eq null", .yes), ("subject.nobody ne null", .no),
            ("subject.id pr", .yes),
            ("subject.id eq null", .no), ("subject.id ne null", .yes), ("subject.none pr", .no), ("subject.none eq null", .yes),
            ("subject.none ne NULL", .no), ("subject.empty pr", .yes), ("subject.empty eq null", .no), ("subject.mixed pr", .yes),
            ("subject.active pr", .yes), ("Subject.ID pr", nil), ("subject.ID pr", .no),
        ] as [(String, Truth?)])
    func `a value is compared with a literal`(text: String, truth: Truth?) throws {
        guard let truth else {
            #expect(throws: FilterError.self) { try Condition(parsing: text) }
            return
        }
        #expect(try Self.truth(text) == truth)
        let inner = try Self.truth("not (\(text))")
        #expect(inner == truth.negated)
    }

    @Test(
        arguments: [
            // Any element.
            (#"subject.groups eq "g1""#, .yes), (#"subject.groups eq "g2""#, .yes), (#"subject.groups eq "g3""#, .no),
            (#"subject.groups eq "G1""#, .no), (#"subject.groups ne "g1""#, .no), (#"subject.groups ne "g3""#, .yes),
            (#"subject.groups co "2""#, .yes), (#"subject.groups sw "g""#, .yes), (#"subject.groups ew "3""#, .no),
            (#"subject.groups gt "g1""#, .yes), (#"subject.groups gt "g2""#, .no), (#"subject.groups lt "g1""#, .no),
            ("subject.levels eq 9", .yes), ("subject.levels eq 2.5", .yes), ("subject.levels eq 3", .no),
            ("subject.levels gt 8", .yes),
            ("subject.levels ge 9.5", .no), ("subject.levels lt 1", .no), ("subject.levels le 1", .yes),
            // What cannot be compared is passed over; if nothing can be, it is unknown.
            (#"subject.mixed eq "x""#, .yes), (#"subject.mixed eq "y""#, .no), ("subject.mixed eq 3", .yes),
            ("subject.mixed gt 3", .no),
            ("subject.mixed eq false", .yes), ("subject.mixed ne true", .yes), (#"subject.mixed co "x""#, .yes),
            (#"subject.mixed eq "deep""#, .no), (#"subject.levels eq "9""#, .unknown), (#"subject.levels ne "9""#, .unknown),
            (#"subject.levels co "9""#, .unknown), ("subject.groups gt 1", .unknown), ("subject.groups eq true", .unknown),
            (#"subject.none eq "x""#, .unknown), (#"subject.none ne "x""#, .unknown), ("subject.none lt 1", .unknown),
            // Lists on the right, and on both sides.
            ("subject.id eq resource.candidates", .no), (#"resource.candidates eq "g3""#, .yes),
            ("subject.groups eq resource.candidates", .yes), ("subject.groups ne resource.candidates", .no),
            ("subject.groups eq resource.strangers", .no), ("subject.groups ne resource.strangers", .yes),
            ("subject.groups lt resource.candidates", .yes), ("resource.candidates lt subject.groups", .no),
            ("resource.candidates ge subject.groups", .yes), ("subject.levels eq resource.numbers", .yes),
            ("subject.levels gt resource.numbers", .no), ("subject.levels ge resource.numbers", .yes),
            ("subject.groups eq subject.levels", .unknown), ("subject.groups ne subject.levels", .unknown),
            ("subject.groups gt subject.levels", .unknown), ("subject.groups eq subject.none", .unknown),
            ("subject.none eq subject.none", .unknown), ("subject.groups co resource.candidates", .yes),
            ("subject.groups sw resource.strangers", .no), ("subject.level eq subject.levels", .no),
            ("subject.level lt resource.numbers", .yes), ("subject.level ne resource.numbers", .yes),
        ] as [(String, Truth)])
    func `a list fits when any element does`(text: String, truth: Truth) throws {
        #expect(try Self.truth(text) == truth)
    }

    @Test(
        arguments: [
            ("resource.owner eq subject.id", .yes), ("resource.owner ne subject.id", .no),
            ("resource.owner eq subject.username", .no), ("resource.level le subject.score", .yes),
            ("subject.level eq resource.level", .yes), ("resource.address.city sw resource.address.city", .yes),
            ("subject.id eq subject.level", .unknown), ("resource.owner eq subject.nobody", .unknown),
            ("resource.nothing eq subject.id", .unknown), ("resource.nothing eq subject.nobody", .unknown),
            ("resource.nothing ne subject.nobody", .unknown), ("subject.active gt subject.active", .unknown),
            ("subject.active co subject.active", .unknown), ("subject.level co subject.level", .unknown),
            ("(resource.owner eq subject.id)", .yes), ("resource.owner eq subject.id and action.name eq \"read\"", .yes),
            (#"context.ip sw "10.""#, .yes), (#"resource.address.city eq "Graz""#, .yes), ("resource.address pr", .no),
        ] as [(String, Truth)])
    func `the right-hand side may be a path`(text: String, truth: Truth) throws {
        #expect(try Self.truth(text) == truth)
    }

    static let truths: [(Truth, String)] = [
        (.yes, "subject.active eq true"), (.no, "subject.active eq false"), (.unknown, "subject.nobody eq true"),
    ]

    @Test(arguments: truths, truths)
    func `and, or and not follow Kleene`(left: (Truth, String), right: (Truth, String)) throws {
        func rank(_ truth: Truth) -> Int { truth == .no ? 0 : truth == .unknown ? 1 : 2 }
        let ranks = (rank(left.0), rank(right.0))
        let and = try Self.truth("\(left.1) and \(right.1)")
        let or = try Self.truth("\(left.1) or \(right.1)")
        #expect(rank(and) == min(ranks.0, ranks.1))
        #expect(rank(or) == max(ranks.0, ranks.1))
        // De Morgan's laws hold with three values too.
        #expect(try Self.truth("not (\(left.1) and \(right.1))") == Self.truth("not (\(left.1)) or not (\(right.1))"))
        #expect(try Self.truth("not (\(left.1) or \(right.1))") == Self.truth("not (\(left.1)) and not (\(right.1))"))
        #expect(rank(try Self.truth("not (\(left.1))")) == 2 - ranks.0)
    }

    @Test func `only an unknown that matters is unknown`() throws {
        #expect(try Self.truth("subject.nobody eq 1 and subject.active eq false or subject.id pr") == .yes)
        #expect(try Self.truth("not (subject.nobody pr) and subject.id pr") == .yes)
        #expect(try Self.truth("not (subject.nobody eq 1) or not (subject.none pr)") == .yes)
        #expect(try Self.truth("not (not (subject.nobody eq 1))") == .unknown)
    }

    @Test func `the paths are told, each once`() throws {
        let condition = try Condition(
            parsing:
                "resource.owner eq subject.id and not (context.a.b-c pr or subject.id ne null) or action.name eq resource.owner")
        #expect(
            condition.paths == [
                AttributePath(.resource, "owner"), AttributePath(.subject, "id"), AttributePath(.context, "a.b-c"),
                AttributePath(.action, "name"),
            ])
        #expect(condition.paths.map(\.description) == ["resource.owner", "subject.id", "context.a.b-c", "action.name"])
    }

    @Test func `equal is what says the same, byte by byte`() throws {
        let condition = try Condition(parsing: #"subject.a  EQ "x" AND (subject.b pr)"#)
        let same = try Condition(parsing: #"subject.a eq "\u0078" and subject.b PR"#)
        #expect(condition == same && Set([condition, same]).count == 1)
        #expect(condition.text == #"subject.a  EQ "x" AND (subject.b pr)"#)
        for (left, right) in [
            ("subject.a eq \"\u{e9}\"", "subject.a eq \"e\u{301}\""), ("subject.a eq 1", "subject.a eq 1.5"),
            ("subject.a pr", "subject.A pr"), ("subject.a pr", "resource.a pr"),
            ("subject.a eq subject.b", "subject.b eq subject.a"),
            ("subject.a eq null", "not (subject.a pr)"), ("subject.a eq \"true\"", "subject.a eq true"),
        ] {
            #expect(try Condition(parsing: left) != Condition(parsing: right))
        }
        #expect(AttributeValue.string("\u{e9}") != .string("e\u{301}"))
        #expect(Set([AttributeValue.string("\u{e9}"), .string("e\u{301}"), .integer(1), .number(1), .list([])]).count == 5)
    }
}

/// What conditions refuse, and what they withstand.
@Suite struct ConditionLimitTests {
    @Test(arguments: [
        ("", 0), ("a pr", 0), ("subject pr", 0), ("owner eq subject.id", 0), ("subject.a eq owner", 13),
        ("subject.a eq subject", 13),
        ("subject..a pr", 0), ("subject.a..b pr", 0), ("subject.a. pr", 10), ("subject. pr", 8), (".subject.a pr", 0),
        ("Subject.a pr", 0), ("user.a pr", 0), ("subject.a eq user.b", 13), ("subject.a eq subject..b", 13),
        ("subject.a eq subject.b.", 13), ("subject.a eq RESOURCE.b", 13), ("subject.a eq", 12), ("subject.a eq ", 13),
        ("subject.a is subject.b", 10), (#""x" eq subject.a"#, 0), ("5 eq subject.a", 0), ("subject.a subject.b", 10),
        ("subject.a eq subject.b subject.c", 23), ("subject.a eq subject.b,", 13), ("subject.a eq 'x'", 13),
        ("subject.a eq subject.b()", 13), ("subject.a pr and", 16), ("not subject.a pr", 4), ("(subject.a eq subject.b", 23),
        ("subject.a eq ${username}", 13), ("subject.a eq truely", 13), ("subject.a eq nullable", 13), ("subject.a eq null.x", 13),
        // Could never be known.
        ("subject.a gt null", 13), ("subject.a co null", 13), ("subject.a le true", 13), ("subject.a sw false", 13),
        ("subject.a co 5", 13), ("subject.a sw 1.5", 13), ("subject.a ew -1", 13), ("subject.a\u{e9} pr", 9),
        ("subject.a eq \u{e9}", 13), ("subject.a\u{0} pr", 9), ("subject.a\tpr", 9), ("subject.a eq [1]", 13),
        ("subject[a pr]", 0),
    ])
    func `what is no condition is refused with the place where it goes wrong`(text: String, offset: Int) {
        let error = #expect(throws: FilterError.self) { try Condition(parsing: text) }
        #expect(error?.reason.isEmpty == false)
        #expect(error?.offset == offset)
    }

    @Test func `a refusal says what is wanted instead`() {
        for (text, words) in [
            ("owner eq \"x\"", "subject. action. resource. context."), ("subject.a eq bob", "double quotes"),
            ("subject.a gt true", "eq or ne"), ("subject.a co 5", "co takes a text"),
        ] {
            let error = #expect(throws: FilterError.self) { try Condition(parsing: text) }
            #expect(error?.reason.contains(words) == true, "\(error?.reason ?? "")")
        }
    }

    @Test(arguments: ["a eq subject.id", "a eq b", "a eq b.c", "a eq resource.owner", "subject.a eq subject.b", "a eq true.x"])
    func `a list's filter takes no path as a value`(text: String) {
        let error = #expect(throws: FilterError.self) { try Filter(parsing: text) }
        #expect(error?.offset == (text.hasPrefix("subject") ? 13 : 5))
    }

    @Test func `names, length, depth and number of terms are bounded`() throws {
        func named(_ count: Int) -> String { "subject." + String(repeating: "n", count: count) }
        #expect(throws: Never.self) { try Condition(parsing: named(128) + " pr") }
        #expect(throws: Never.self) { try Condition(parsing: "subject.a eq " + named(128)) }
        #expect(throws: FilterError.self) { try Condition(parsing: named(129) + " pr") }
        #expect(throws: FilterError.self) { try Condition(parsing: "subject.a eq " + named(129)) }

        func nested(_ depth: Int, _ open: String) -> String {
            String(repeating: open, count: depth) + "subject.a pr" + String(repeating: ")", count: depth)
        }
        #expect(throws: Never.self) { try Condition(parsing: nested(Filter.maximumDepth - 1, "not (")) }
        #expect(throws: FilterError.self) { try Condition(parsing: nested(Filter.maximumDepth, "not (")) }
        #expect(throws: FilterError.self) { try Condition(parsing: nested(800, "not (")) }
        #expect(throws: FilterError.self) { try Condition(parsing: nested(1500, "(")) }

        func terms(_ count: Int) -> String { Array(repeating: "subject.a pr", count: count).joined(separator: " and ") }
        #expect(throws: Never.self) { try Condition(parsing: terms(Filter.maximumTerms)) }
        #expect(throws: FilterError.self) { try Condition(parsing: terms(Filter.maximumTerms + 1)) }

        func long(_ count: Int) -> String { "subject.a eq \"" + String(repeating: "x", count: count - 15) + "\"" }
        #expect(throws: Never.self) { try Condition(parsing: long(Filter.maximumLength)) }
        #expect(throws: FilterError.self) { try Condition(parsing: long(Filter.maximumLength + 1)) }
    }

    /// Each would take minutes, or stack, if it were done in the obvious way.
    @Test(.timeLimit(.minutes(5))) func `long texts and lists do not hold up a decision`() throws {
        let half = 200_000
        let facts = TableFacts([
            "subject.text": .string(String(repeating: "a", count: half * 2)),
            "subject.part": .string(String(repeating: "a", count: half) + "b"),
            "subject.end": .string(String(repeating: "a", count: half)),
            "subject.list": .list((0..<half).map { .string("s\($0)") }),
            "resource.list": .list((0..<half).map { .string("r\($0)") }),
            "resource.last": .list((0..<half).map { .string("r\($0)") } + [.string("s7")]),
            "subject.numbers": .list((0..<half).map { .integer(Int64($0)) }),
            "resource.numbers": .list((0..<half).map { .number(Double($0) + 0.5) }),
        ])
        for (text, truth) in [
            ("subject.text co subject.part", .no), ("subject.text co subject.end", .yes), ("subject.text sw subject.part", .no),
            ("subject.text ew subject.end", .yes), ("subject.list eq resource.list", .no),
            ("subject.list ne resource.list", .yes),
            ("subject.list eq resource.last", .yes), ("resource.last eq subject.list", .yes),
            ("subject.list gt resource.list", .yes),
            ("subject.list lt resource.list", .no), ("subject.list eq subject.numbers", .unknown),
            ("subject.list ne resource.numbers", .unknown), ("subject.numbers eq resource.numbers", .no),
            ("subject.numbers lt resource.numbers", .yes), ("resource.list co subject.list", .unknown),
            ("subject.list sw subject.numbers", .unknown), (#"subject.list eq "s199999""#, .yes),
        ] as [(String, Truth)] {
            #expect(try Condition(parsing: text).evaluate(facts) == truth, "\(text)")
        }
        var nested = AttributeValue.string("x")
        for _ in 0..<100 { nested = .list([nested]) }
        let deep = TableFacts(["subject.a": nested, "subject.b": nested])
        for text in [#"subject.a eq "x""#, "subject.a eq subject.b", "subject.a lt subject.b", "subject.a co subject.b"] {
            #expect(try Condition(parsing: text).evaluate(deep) == .unknown)
        }
    }

    @Test func `what is no number is compared with nothing`() throws {
        let facts = TableFacts([
            "subject.nan": .number(.nan), "subject.inf": .number(.infinity), "subject.one": .integer(1),
            "subject.list": .list(Array(repeating: .number(.nan), count: 20)),
            "subject.ones": .list([.integer(1), .number(.nan)]),
            "subject.many": .list(Array(repeating: .integer(1), count: 20)),
        ])
        for (text, truth) in [
            ("subject.nan eq subject.nan", .unknown), ("subject.nan ne 1", .unknown), ("subject.one ge subject.nan", .unknown),
            ("subject.nan lt subject.one", .unknown), ("subject.list eq subject.many", .unknown), ("subject.list eq 1", .unknown),
            ("subject.list gt subject.many", .unknown), ("subject.ones le subject.many", .yes),
            ("subject.ones eq subject.many", .yes),
            ("subject.inf gt subject.one", .yes), ("subject.one lt subject.inf", .yes), ("subject.inf eq subject.inf", .yes),
            ("subject.nan pr", .yes),
        ] as [(String, Truth)] {
            #expect(try Condition(parsing: text).evaluate(facts) == truth, "\(text)")
        }
    }
}
