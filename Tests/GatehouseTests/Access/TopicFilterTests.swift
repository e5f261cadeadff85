import Access
import Testing

/// Syntax `topic`: the filters of MQTT 3.1.1 and 5 (section 4.7 of both), and subscriptions to filters.
@Suite struct TopicFilterTests {
    static func topic(_ id: String) -> ResourceName? { ResourceName(id, syntax: .topic, action: "publish") }
    static func filter(_ id: String) -> ResourceName? { ResourceName(id, syntax: .topic, action: "subscribe") }

    // MARK: One topic

    @Test(arguments: [
        ("a", ["a"]), ("a/b", ["a/b"]), ("+", ["a", "b c", "é"]), ("#", ["a", "a/b", "/", "/a", "a/", "a//b", "//"]),
        ("+/b", ["a/b", "/b"]), ("a/+", ["a/b", "a/"]), ("+/+", ["a/b", "/", "/finance", "a/"]), ("/+", ["/finance", "/"]),
        ("a/#", ["a", "a/", "a/b", "a/b/c", "a//"]), ("a/+/c", ["a/b/c", "a//c"]), ("a/+/#", ["a/b", "a/b/c", "a/", "a//"]),
        ("+/+/#", ["a/b", "a/b/c", "/"]), ("/#", ["/", "/a", "/a/b", "//"]), ("a//b", ["a//b"]), ("/", ["/"]), ("//", ["//"]),
        ("a/", ["a/"]), ("/a", ["/a"]), ("$SYS/#", ["$SYS", "$SYS/a", "$SYS/a/b", "$SYS/"]), ("$SYS/+", ["$SYS/a", "$SYS/"]),
        ("$SYS/a/+", ["$SYS/a/b"]), ("a/$SYS", ["a/$SYS"]), ("a/+", ["a/$SYS"]), ("a/#", ["a/$SYS/b"]), ("$", ["$"]),
        ("$/+", ["$/a"]),
        (
            "sport/tennis/player1/#",
            ["sport/tennis/player1", "sport/tennis/player1/ranking", "sport/tennis/player1/score/wimbledon"]
        ),
        ("sport/#", ["sport"]), ("sport/tennis/+", ["sport/tennis/player1", "sport/tennis/player2"]), ("sport/+", ["sport/"]),
        ("a*", ["a*"]), ("a b/ c", ["a b/ c"]), ("$shared/a", ["$shared/a"]), ("$SHARE/g/a", ["$SHARE/g/a"]),
        ("a/$share/b", ["a/$share/b"]),
        ("\u{1F600}/+", ["\u{1F600}/a"]),
    ])
    func `a topic fits`(text: String, topics: [String]) throws {
        let pattern = try Patterns.make(text, .topic)
        for topic in topics {
            for action in ["publish", "subscribe"] {
                #expect(Patterns.fits(pattern, topic, action: action), "\(text) and \(topic)")
                #expect(Patterns.fits(pattern, topic, action: action, .deny), "\(text) and \(topic)")
            }
        }
    }

    @Test(arguments: [
        ("a", ["A", "b", "a/", "/a", "a/b", "aa"]), ("+", ["a/b", "/", "a/", "$SYS", "$"]),
        ("#", ["$SYS", "$SYS/a", "$", "$/a"]),
        ("+/#", ["$SYS", "$SYS/a"]), ("+/a", ["$SYS/a", "a", "b/c/a", "b/a/"]), ("+/+", ["$SYS/a", "a", "a/b/c"]),
        ("a/+", ["a", "a/b/c", "b/c", "a/b/"]), ("a/#", ["ab", "b", "b/a", "/a", "A/b"]), ("a/+/#", ["a", "b/c"]),
        ("/+", ["a", "a/b"]),
        ("a/b", ["a//b", "a/b/", "/a/b", "a", "a/B"]), ("/", ["//", "a/", "/a"]), ("a//b", ["a/b", "a/x/b"]),
        ("$SYS/#", ["SYS/a", "$sys/a"]),
        ("+SYS", []), ("$/#", ["$SYS/a"]), ("a*", ["ab"]), ("*", ["a"]), ("**", ["a"]), ("a.b", ["a/b", "axb"]),
        ("sport/tennis/+", ["sport/tennis/player1/ranking"]),
        ("sport/+", ["sport"]), ("\u{E9}/+", ["e\u{301}/a"]), ("a", ["\u{FEFF}a"]),
    ])
    func `a topic does not fit`(text: String, topics: [String]) throws {
        guard Patterns.refusal(text, .topic) == nil else { return #expect(topics.isEmpty) }
        let pattern = try Patterns.make(text, .topic)
        for topic in topics {
            for action in ["publish", "subscribe"] {
                #expect(!Patterns.fits(pattern, topic, action: action), "\(text) and \(topic)")
                #expect(!Patterns.fits(pattern, topic, action: action, .deny), "\(text) and \(topic)")
            }
        }
    }

    // MARK: A subscription to a filter

    @Test(arguments: [
        ("#", "a"), ("#", "+"), ("#", "#"), ("#", "a/#"), ("#", "+/b/#"), ("#", "/#"), ("+/#", "#"), ("+/#", "+/#"), ("+/#", "a"),
        ("#", "+/#"), ("+", "+"), ("+", "a"), ("a/#", "a/#"), ("a/#", "a"), ("a/#", "a/+"), ("a/#", "a/+/c"), ("a/#", "a/b/#"),
        ("a/#", "a/+/#"), ("a/+", "a/+"), ("a/+/#", "a/+"), ("a/+/#", "a/b/#"), ("+/b", "a/b"), ("+/b", "+/b"),
        ("a/+/c", "a/+/c"),
        ("$SYS/#", "$SYS/#"), ("$SYS/#", "$SYS/a"), ("$SYS/#", "$SYS/+"), ("$SYS/#", "$SYS"), ("$SYS/+", "$SYS/+"),
        ("a//#", "a//+"),
        ("+/+", "/+"), ("/+", "/+"), ("/#", "/+/a"), ("a/+", "a/$x"),
    ])
    func `a subscription is allowed when one granted filter covers all of it`(granted: String, asked: String) throws {
        let pattern = try Patterns.make(granted, .topic)
        #expect(Patterns.fits(pattern, asked, action: "subscribe"))
        #expect(Patterns.fits(pattern, asked, action: "subscribe", .deny))
        #expect(Patterns.fits(pattern, "$share/group/\(asked)", action: "subscribe"))
        #expect(Patterns.fits(pattern, "$share/group/\(asked)", action: "subscribe", .deny))
        #expect(try pattern.covers(Patterns.make(asked, .topic)))
    }

    @Test(arguments: [
        ("a", "+"), ("a", "#"), ("a", "a/#"), ("+", "#"), ("+", "a/#"), ("+", "+/#"), ("a/+", "a/#"), ("a/+", "+/b"),
        ("a/+", "#"),
        ("a/+/#", "a/#"), ("a/b/#", "a/#"), ("a/#", "#"), ("a/#", "+/#"), ("a/#", "+/b"), ("+/b", "+/+"), ("+/b", "#"),
        ("a/+/c", "a/b/#"),
        ("+/+/#", "#"), ("a/b", "a/+"), ("/+", "+/+"),
    ])
    func `a subscription that reaches further is not allowed, but denied`(granted: String, asked: String) throws {
        let pattern = try Patterns.make(granted, .topic)
        #expect(!Patterns.fits(pattern, asked, action: "subscribe"))
        #expect(!Patterns.fits(pattern, "$share/group/\(asked)", action: "subscribe"))
        #expect(Patterns.fits(pattern, asked, action: "subscribe", .deny))
        #expect(Patterns.fits(pattern, "$share/group/\(asked)", action: "subscribe", .deny))
        #expect(try !pattern.covers(Patterns.make(asked, .topic)))
        #expect(try pattern.overlaps(Patterns.make(asked, .topic)))
    }

    @Test(arguments: [
        ("#", "$SYS/#"), ("#", "$SYS"), ("#", "$SYS/+"), ("+/#", "$SYS/#"), ("+/a", "$SYS/a"), ("+/a", "$SYS/+"),
        ("+/+", "$SYS/+"),
        ("$SYS/#", "#"), ("$SYS/#", "+/a"), ("$SYS/#", "+/#"), ("$SYS/#", "$x/#"), ("$SYS", "+"), ("$SYS/a", "+/a"), ("a", "b"),
        ("a/+", "b/+"),
        ("a/+", "+"), ("a/+/c", "+/b/d"), ("a/#", "b/#"), ("a/b/#", "a"), ("a/+", "a"), ("+/+", "+"), ("+", "+/+"),
        ("a//b", "a/b/+"),
    ])
    func `a filter without a common topic neither allows nor denies`(granted: String, asked: String) throws {
        let pattern = try Patterns.make(granted, .topic)
        #expect(!Patterns.fits(pattern, asked, action: "subscribe"))
        #expect(!Patterns.fits(pattern, asked, action: "subscribe", .deny))
        #expect(try !pattern.covers(Patterns.make(asked, .topic)))
        #expect(try !pattern.overlaps(Patterns.make(asked, .topic)))
    }

    // MARK: What is refused

    @Test(arguments: ["+", "#", "a/+", "a/#", "a+", "$share/g/a", "$share", "$share/", "$share/g", "$share//a", "", "a\u{0}"])
    func `publishing to a filter or a shared subscription is refused`(id: String) {
        #expect(Self.topic(id) == nil)
    }

    @Test(arguments: [
        "", "\u{0}", "a/\u{0}", "a+", "+a", "a/b+", "a/+b/c", "#a", "a#", "a/#/b", "#/a", "#/#", "##", "++", "+#", "/#/", "a/#/",
        "$share", "$share/", "$share/g", "$share/g/", "$share//a", "$share/+/a", "$share/#/a", "$share/g+/a", "$share/g/a#",
        "$share/g/#/a",
        "$share/g/$share/h/a", "$share/g/$share", String(repeating: "a", count: 65_536),
    ])
    func `a malformed filter is refused, also inside of a shared subscription`(id: String) {
        #expect(Self.filter(id) == nil)
        #expect(ResourceName.canonicalID(id, syntax: .topic) == nil)
    }

    @Test(arguments: [
        ("a", "a"), ("/", "/"), ("a//b/", "a//b/"), ("+/#", "+/#"), ("$SYS/+", "$SYS/+"), ("$share/g/a", "a"),
        ("$share/g//a", "/a"),
        ("$share/g/+/#", "+/#"), ("$share/g/$SYS/#", "$SYS/#"), ("$share/g/ $share", " $share"), ("$shared/g/a", "$shared/g/a"),
    ])
    func `a filter is asked about without its shared group`(id: String, canonical: String) {
        #expect(Self.filter(id)?.canonical == canonical)
        #expect(Self.filter(id) == Self.filter(canonical))
        #expect(ResourceName.canonicalID(id, syntax: .topic) == (id == canonical ? id : nil))
    }

    @Test func `a topic may be as long as MQTT allows`() throws {
        let long = String(repeating: "a/", count: 32_767) + "b"
        #expect(try Patterns.fits(Patterns.make(long, .topic), long, action: "publish"))
        #expect(try Patterns.fits(Patterns.make("a/#", .topic), long, action: "publish"))
        #expect(try Patterns.fits(Patterns.make(String(repeating: "+/", count: 32_767) + "#", .topic), long, action: "publish"))
        #expect(Patterns.refusal(long + "b", .topic) != nil)
        #expect(Self.topic(long + "b") == nil)
        let wide = try Patterns.make(String(repeating: "a/", count: 32_767) + "+", .topic)
        #expect(try wide.covers(Patterns.make(long, .topic)) && wide.overlaps(Patterns.make(long, .topic)))
    }

    @Test(arguments: [
        "", "a+", "+a", "a/+b", "#a", "a#", "a/#/b", "#/", "##", "+#", "a\u{0}", "$share", "$share/g/a", "$share/g/#", "$share/",
        "a/${user}", "${username", "a/${username/b}", "${username}+", "#${username}", "${username}#", "+${username}/a",
    ])
    func `what is no filter is refused with a sentence`(text: String) throws {
        let reason = try #require(Patterns.refusal(text, .topic))
        #expect(reason.hasSuffix(".") && reason.count > 15)
    }

    @Test func `a shared subscription in a permission is told how to write it`() {
        #expect(Patterns.refusal("$share/g/a/#", .topic)?.contains("the filter inside") == true)
    }

    @Test(arguments: [
        ("a/b", true), ("$SYS/a", true), ("*", true), ("a/+", false), ("#", false), ("a/#", false), ("a/${device}", false),
    ])
    func `a filter knows whether it is literal`(text: String, isLiteral: Bool) throws {
        #expect(try Patterns.make(text, .topic).isLiteral == isLiteral)
    }

    // MARK: Exact ids

    @Test(arguments: [
        ("a/b", "a/b", true, true), ("a/b", "$share/g/a/b", true, true), ("a/b", "a/+", false, true), ("a/b", "#", false, true),
        ("a/b", "a/b/#", false, true), ("a/b", "+/c", false, false), ("a/b", "a", false, false), ("a/b", "a/b/c", false, false),
        ("a/+", "a/+", true, true), ("a/+", "a/b", false, false), ("#", "#", true, true), ("#", "a", false, false),
        ("$SYS/a", "#", false, false),
        ("$SYS/a", "$SYS/+", false, true), ("$SYS/a", "+/a", false, false), ("a/b", "A/b", false, false),
        ("\u{E9}", "e\u{301}", false, false),
    ])
    func `an exact id has no magic, and its deny is not evaded by a subscription`(
        exact: String, asked: String, allows: Bool, denies: Bool
    ) throws {
        let name = try #require(Self.filter(asked))
        #expect(name.fits(exact: exact, purpose: .allow) == allows)
        #expect(name.fits(exact: exact, purpose: .deny) == denies)
    }

    // MARK: Variables

    @Test(arguments: [
        ("home/${username}", "home/ann", true), ("home/${username}", "home/bob", false), ("home/${username}", "home/+", false),
        ("home/${username}/#", "home/ann", true), ("home/${username}/#", "home/ann/x/y", true),
        ("home/${username}/#", "home/ann/#", true),
        ("home/${username}/#", "home/#", false), ("home/${username}/+", "home/ann/+", true), ("${username}/x", "ann/x", true),
        ("${username}", "+", false), ("dev-${device}/x", "dev-press-7/x", true), ("dev-${device}/x", "dev-press-8/x", false),
        ("${device}-${client}/x", "press-7-ann:1/x", true), ("a/${attribute.plant}/+", "a/north/x", true),
        ("$${username}/x", "$ann/x", true),
        ("a/${attribute.none}", "a/", false), ("a/${attribute.none}", "a/x", false), ("+/${username}", "b/ann", true),
        ("+/${username}", "+/ann", true), ("+/${username}", "$SYS/ann", false), ("$SYS/${username}", "$SYS/ann", true),
    ])
    func `a variable is one level or a part of one`(text: String, asked: String, fits: Bool) throws {
        #expect(try Patterns.fits(Patterns.make(text, .topic), asked, action: "subscribe") == fits)
    }

    @Test(arguments: Patterns.hostileValues)
    func `a hostile value fits no allow and evades no deny`(value: String) throws {
        for text in ["home/${username}", "home/${username}/#", "${username}/#", "dev-${username}/+", "${username}"] {
            let pattern = try Patterns.make(text, .topic)
            for asked in [
                "home/\(value)", "home/x", "\(value)/a", "+/a", "home/+", "home/#", "#", "+", "dev-\(value)/+", value, "$SYS/a",
            ] {
                for action in ["publish", "subscribe"] {
                    #expect(!Patterns.fits(pattern, asked, action: action, values: ["username": value]), "\(text) and \(asked)")
                }
            }
        }
        let home = try Patterns.make("home/x-${username}/y", .topic)
        for values in [["username": value], [:]] {
            for asked in ["home/x-bob/y", "home/x-/y", "home/+/y", "home/#"] {
                #expect(Patterns.fits(home, asked, action: "subscribe", .deny, values: values), "\(asked)")
            }
            for asked in ["home/y-bob/y", "home/x-bob", "home/x-a/b/y", "house/x-bob/y", "home/x-bob/z"] {
                #expect(!Patterns.fits(home, asked, action: "subscribe", .deny, values: values), "\(asked)")
            }
        }
    }

    @Test(arguments: ["$SYS", "$", "$share", "$x"])
    func `a name that begins with a dollar opens none of the server's topics`(value: String) throws {
        for text in ["${username}/#", "${username}/+", "${username}", "${username}${username}/a", "${username}x/a"] {
            let pattern = try Patterns.make(text, .topic)
            for asked in ["\(value)/a", value, "\(value)/#", "\(value)x/a", "\(value)\(value)/a", "a/b", "+/a"] {
                #expect(!Patterns.fits(pattern, asked, action: "subscribe", values: ["username": value]), "\(text) and \(asked)")
            }
        }
        let own = try Patterns.make("${username}/a", .topic)
        #expect(Patterns.fits(own, "\(value)/a", action: "subscribe", .deny, values: ["username": value]) == (value != "$share"))
        #expect(Patterns.fits(own, "+/a", action: "subscribe", .deny, values: ["username": value]))
        // Below the first level a dollar means nothing.
        #expect(try Patterns.fits(Patterns.make("home/${username}", .topic), "home/\(value)", values: ["username": value]))
        #expect(try Patterns.fits(Patterns.make("x${username}", .topic), "x\(value)", values: ["username": value]))
    }

    @Test(arguments: [
        ("+/a", "${username}/a", true), ("home/+", "home/${username}", true), ("home/#", "home/${username}/+", true),
        ("home/${username}/#", "home/${username}/a", true), ("home/${username}", "home/${username}", true),
        ("#", "${username}", true),
        ("home/x${username}", "home/x${username}", true),
        ("home/${username}", "home/+", false), ("home/${username}", "home/ann", false),
        ("home/${username}", "home/${device}", false),
        ("home/ann", "home/${username}", false), ("+", "$${username}", false), ("$${username}", "${username}", false),
        ("x${username}", "${username}", false), ("${username}/#", "#", false), ("$SYS/#", "${username}/#", false),
    ])
    func `a wildcard covers a variable, a variable only itself`(wide: String, narrow: String, covers: Bool) throws {
        #expect(try Patterns.make(wide, .topic).covers(Patterns.make(narrow, .topic)) == covers)
        if covers {
            #expect(try Patterns.make(wide, .topic).overlaps(Patterns.make(narrow, .topic)))
            #expect(try Patterns.make(narrow, .topic).overlaps(Patterns.make(wide, .topic)))
        }
    }

    // MARK: By definition

    /// Section 4.7 read word by word, on levels.
    static func obvious(_ filter: ArraySlice<String>, _ topic: ArraySlice<String>) -> Bool {
        guard let first = filter.first else { return topic.isEmpty }
        if first == "#" { return true }
        guard let level = topic.first else { return false }
        return (first == "+" || first == level) && obvious(filter.dropFirst(), topic.dropFirst())
    }

    static func obvious(_ filter: [String], _ topic: [String]) -> Bool {
        if topic.first?.first == "$", ["+", "#"].contains(filter.first) { return false }
        return obvious(filter[...], topic[...])
    }

    /// Everything of one to `depth` levels.
    static func all(of levels: [String], depth: Int) -> [[String]] {
        var all: [[String]] = []
        var last: [[String]] = [[]]
        for _ in 0..<depth {
            last = last.flatMap { front in levels.map { front + [$0] } }
            all += last
        }
        return all
    }

    /// All filters of up to three levels against all others, judged by the topics they match: one letter more than the filters
    /// have, and one level more, so that what holds here holds for all topics. (The empty topic counts here as if it were one.)
    @Test func `every small subscription is decided as by definition`() throws {
        let topics = Self.all(of: ["a", "z", "", "$s"], depth: 4)
        let filters = Self.all(of: ["a", "+", "", "$s", "#"], depth: 3).filter { filter in
            !filter.dropLast().contains("#") && filter != [""]
        }
        let matched = filters.map { filter in Set(topics.indices.filter { Self.obvious(filter, topics[$0]) }) }
        let texts = filters.map { $0.joined(separator: "/") }
        let patterns = try texts.map { try Patterns.make($0, .topic) }
        let names = try texts.map { try #require(Self.filter($0)) }
        for mine in filters.indices {
            for theirs in filters.indices {
                let covers = matched[theirs].isSubset(of: matched[mine])
                let overlaps = !matched[theirs].isDisjoint(with: matched[mine])
                let allows = patterns[mine].fits(names[theirs], purpose: .allow) { _ in nil }
                let denies = patterns[mine].fits(names[theirs], purpose: .deny) { _ in nil }
                let note = "\(texts[mine]) and \(texts[theirs])"
                try #require(allows == covers && denies == overlaps, "subscribing: \(note)")
                try #require(patterns[mine].covers(patterns[theirs]) == covers, "covers: \(note)")
                try #require(patterns[mine].overlaps(patterns[theirs]) == overlaps, "overlaps: \(note)")
            }
        }
        #expect(filters.count > 90 && topics.count == 340)
    }

    @Test func `random topics are decided as by definition`() throws {
        var generator = SeededGenerator(seed: 47)
        var fitting = 0
        for _ in 0..<3000 {
            let depth = Int.random(in: 1...6, using: &generator)
            var filter = (0..<depth).map { _ in ["a", "b", "+", "+", "$x", ""].randomElement(using: &generator) ?? "" }
            if Bool.random(using: &generator) { filter.append("#") }
            guard let pattern = try? Pattern(filter.joined(separator: "/"), syntax: .topic) else { continue }
            for _ in 0..<8 {
                let topic = (0..<Int.random(in: 1...7, using: &generator)).map { index in
                    let like = index < filter.count && Int.random(in: 0..<4, using: &generator) > 0 ? filter[index] : "b"
                    return like == "+" || like == "#" ? "a" : like
                }
                guard topic != [""] else { continue }
                let fits = Patterns.fits(pattern, topic.joined(separator: "/"), action: "publish")
                #expect(fits == Self.obvious(filter, topic), "\(filter) and \(topic)")
                fitting += fits ? 1 : 0
            }
        }
        #expect(fitting > 1000)
    }

    /// With variables: whatever they stand for, what the covered filter allows the covering one allows too.
    @Test func `covering is sound for every value`() throws {
        var generator = SeededGenerator(seed: 48)
        let pieces = ["a", "+", "${username}", "a${username}", "${device}", "$s", "$${username}", ""]
        let values = ["a", "ann", "$s", "$", "+", "a/b", ""]
        var covered = 0
        for _ in 0..<6000 {
            var texts: [String] = []
            for _ in 0..<2 {
                var levels = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                    pieces.randomElement(using: &generator) ?? ""
                }
                if Bool.random(using: &generator) { levels.append("#") }
                texts.append(levels.joined(separator: "/"))
            }
            guard let wide = try? Pattern(texts[0], syntax: .topic), let narrow = try? Pattern(texts[1], syntax: .topic) else {
                continue
            }
            let (covers, overlaps) = (wide.covers(narrow), wide.overlaps(narrow))
            #expect(overlaps == narrow.overlaps(wide))
            #expect(!covers || overlaps)
            covered += covers ? 1 : 0
            for _ in 0..<8 {
                let value = values.randomElement(using: &generator) ?? ""
                let asked = texts[1].replacing("${username}", with: value).replacing("${device}", with: "d")
                    .replacing("+", with: "z").replacing("#", with: "z/y")
                let bound = ["username": value, "device": "d"]
                let inNarrow = Patterns.fits(narrow, asked, values: bound)
                let inWide = Patterns.fits(wide, asked, values: bound)
                if covers, inNarrow { #expect(inWide, "\(texts) on \(asked) with \(value)") }
                if inNarrow, inWide { #expect(overlaps, "\(texts) on \(asked) with \(value)") }
            }
        }
        #expect(covered > 200)
    }
}
