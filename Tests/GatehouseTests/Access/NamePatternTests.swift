import Access
import Testing

/// Syntax `name`: `*` is any run of characters, everything else means itself.
@Suite struct NamePatternTests {
    @Test(arguments: [
        ("*", ["a", "*", "a/b", " ", "é", "annbob"]), ("a", ["a"]), ("a*", ["a", "ab", "a*", "a/b/c"]),
        ("*a", ["a", "ba", "aa", "aba"]),
        ("*a*", ["a", "bab", "aa"]), ("a*b", ["ab", "axb", "abb", "aab", "a*b"]), ("a*b*c", ["abc", "axbxc", "abcbc", "abbcc"]),
        ("**", ["a", "x"]), ("a**b", ["ab", "axb"]), ("a.b", ["a.b"]), ("[a]?", ["[a]?"]), ("+/#", ["+/#"]), ("$x", ["$x"]),
        ("a$", ["a$"]), ("a$$b", ["a$$b"]), ("{a}", ["{a}"]), ("é*", ["é", "éa"]), ("*é", ["é", "aé"]),
        ("*aab", ["aab", "aaab", "aabaab"]),
        ("*ab*ab*", ["abab", "xabxabx", "ababab"]), ("bank:*:read", ["bank:eu:read", "bank::read", "bank:a:read:read"]),
        ("a b", ["a b"]), ("%41", ["%41"]), ("\u{1F600}*", ["\u{1F600}", "\u{1F600}\u{1F600}"]),
    ])
    func `a name fits`(text: String, names: [String]) throws {
        let pattern = try Patterns.make(text, .name)
        for name in names {
            #expect(Patterns.fits(pattern, name), "\(text) and \(name)")
            #expect(Patterns.fits(pattern, name, .deny), "\(text) and \(name)")
        }
    }

    @Test(arguments: [
        ("a", ["A", "aa", "b", "a ", " a", "*"]), ("a*", ["b", "ba", "A", "Ab"]), ("*a", ["ab", "b"]), ("*a*", ["b", "A"]),
        ("a*b", ["a", "b", "ba", "abc", "xab"]), ("a*b*c", ["acb", "ab", "ac", "abcd"]), ("a.b", ["axb"]), ("a?", ["ab"]),
        ("[ab]", ["a"]), ("aa*aa", ["aaa", "aa"]), ("*ab*ab*", ["ab", "aab", "abba"]), ("+", ["a"]), ("#", ["a", "a/b"]),
        // Bytes are compared: composed and decomposed letters are different names.
        ("\u{E9}", ["e\u{301}", "e"]), ("e\u{301}", ["\u{E9}"]), ("*\u{E9}", ["e\u{301}"]), ("ß", ["ss", "SS"]),
        ("K", ["\u{212A}"]),
    ])
    func `a name does not fit`(text: String, names: [String]) throws {
        let pattern = try Patterns.make(text, .name)
        for name in names {
            #expect(!Patterns.fits(pattern, name), "\(text) and \(name)")
            #expect(!Patterns.fits(pattern, name, .deny), "\(text) and \(name)")
        }
    }

    // MARK: Variables

    @Test(arguments: [
        ("${username}", "ann", true), ("${username}", "annb", false), ("${username}", "Ann", false),
        ("${username}", "${username}", false),
        ("home-${username}", "home-ann", true), ("home-${username}", "home-bob", false), ("${username}*", "ann-7", true),
        ("*${username}", "joann", true), ("*${username}*", "xannx", true), ("*${username}*", "xanx", false),
        ("${username}:${device}", "ann:press-7", true), ("${username}${username}", "annann", true),
        ("${username}${username}", "ann", false),
        ("*${username}${username}", "annannann", true), ("$${username}", "$ann", true), ("${${username}", "${ann", false),
        ("${client}", "ann:1", true), ("x${attribute.plant}y", "xnorthy", true), ("${attribute.missing}", "x", false),
        ("*${attribute.missing}", "x", false), ("${device}*${username}", "press-7ann", true),
        ("${device}*${username}", "press-7", false),
    ])
    func `a variable stands for its value`(text: String, name: String, fits: Bool) throws {
        guard Patterns.refusal(text, .name) == nil else {
            #expect(!fits, "\(text) is no pattern")
            return
        }
        #expect(try Patterns.fits(Patterns.make(text, .name), name) == fits)
    }

    @Test(arguments: Patterns.hostileValues)
    func `a hostile value fits no allow and evades no deny`(value: String) throws {
        for text in ["${username}", "home-${username}", "*${username}", "${username}*", "${username}-${device}"] {
            let pattern = try Patterns.make(text, .name)
            let names = ["home-x", "home-\(value)", value, "x", "x-press-7", "\(value)-press-7"]
            for name in names {
                #expect(!Patterns.fits(pattern, name, values: ["username": value, "device": "press-7"]), "\(text) and \(name)")
            }
        }
        let home = try Patterns.make("home-${username}-*", .name)
        for values in [["username": value], [:]] {
            #expect(Patterns.fits(home, "home-x-1", .deny, values: values))
            #expect(Patterns.fits(home, "home--", .deny, values: values))
            #expect(!Patterns.fits(home, "house-x-1", .deny, values: values))
            #expect(!Patterns.fits(home, "home-x", .deny, values: values))
        }
    }

    @Test(arguments: [
        ("a", []), ("*", []), ("${username}", ["username"]), ("${device}-${client}", ["device", "client"]),
        ("${username}*${username}", ["username"]),
        ("${attribute.plant}${attribute.a-b_1}", ["attribute.plant", "attribute.a-b_1"]),
    ])
    func `a pattern knows its variables`(text: String, variables: [String]) throws {
        #expect(try Patterns.make(text, .name).variables == variables)
    }

    @Test(arguments: [
        "", "${", "${}", "${user}", "${username", "${ username}", "${username }", "${Username}", "${attribute}", "${attribute.}",
        "${attribute.1}", "${attribute.a.b}", "${attribute.a b}", "${attribute.é}",
        "${attribute.\(String(repeating: "a", count: 65))}",
        "${${username}}", "a\u{0}b", String(repeating: "a", count: 1025), (0..<17).map { "${attribute.a\($0)}" }.joined(),
    ])
    func `what is no pattern is refused with a sentence`(text: String) throws {
        let reason = try #require(Patterns.refusal(text, .name))
        #expect(reason.hasSuffix(".") && reason.count > 15)
    }

    @Test(arguments: [
        ("a", true), ("a$b", true), ("*", false), ("a*", false), ("${username}", false), ("+", true), ("a/#", true),
    ])
    func `a pattern knows whether it is literal`(text: String, isLiteral: Bool) throws {
        #expect(try Patterns.make(text, .name).isLiteral == isLiteral)
    }

    // MARK: Ids

    @Test func `an id of syntax name means itself`() {
        for id in ["a", "*", "a b", "é", "e\u{301}", "/", "${username}", "%41", "a\nb", String(repeating: "x", count: 8192)] {
            #expect(ResourceName.canonicalID(id, syntax: .name) == id)
            #expect(ResourceName(id, syntax: .name, action: "read")?.canonical == id)
        }
        for id in ["", "\u{0}", "a\u{0}", String(repeating: "x", count: 8193)] {
            #expect(ResourceName.canonicalID(id, syntax: .name) == nil)
            #expect(ResourceName(id, syntax: .name, action: "read") == nil)
        }
    }

    @Test(arguments: [("a", "a", true), ("a", "A", false), ("*", "a", false), ("*", "*", true), ("\u{E9}", "e\u{301}", false)])
    func `an exact id has no magic`(exact: String, id: String, fits: Bool) throws {
        let name = try #require(ResourceName(id, syntax: .name, action: "read"))
        #expect(name.fits(exact: exact, purpose: .allow) == fits)
        #expect(name.fits(exact: exact, purpose: .deny) == fits)
    }

    @Test func `patterns and names are equal by bytes`() throws {
        #expect(try Patterns.make("a*", .name) == Patterns.make("a*", .name))
        #expect(try Patterns.make("a*", .name) != Patterns.make("a", .name))
        #expect(try Patterns.make("/a", .name) != Patterns.make("/a", .path))
        #expect(try Patterns.make("\u{E9}", .name) != Patterns.make("e\u{301}", .name))
        #expect(
            ResourceName("\u{E9}", syntax: .name, action: "read") != ResourceName("e\u{301}", syntax: .name, action: "read"))
        #expect(try Set([Patterns.make("a", .name), Patterns.make("a", .name), Patterns.make("b", .name)]).count == 2)
    }

    // MARK: Pattern and pattern

    @Test(arguments: [
        ("*", "*"), ("*", "a"), ("*", "a*"), ("*", "*a*b*"), ("*", "${username}"), ("a*", "a"), ("a*", "ab*"), ("a*", "a*b"),
        ("a*", "a*"),
        ("*b", "b"), ("*b", "a*b"), ("*b", "*b"), ("*b", "*ab"), ("*b", "*b*b"), ("*a*", "*a"), ("*a*", "a*"), ("*a*", "xax"),
        ("a*c", "abc"), ("a*c", "a*b*c"), ("a*", "a${username}"), ("${username}", "${username}"),
        ("a${username}*", "a${username}"),
        ("*${username}", "${device}${username}"), ("**", "*"), ("*", "**"), ("a**b", "a*b"), ("a", "a"),
        ("*${username}*", "x${username}y"),
    ])
    func `the first covers the second`(wide: String, narrow: String) throws {
        #expect(try Patterns.make(wide, .name).covers(Patterns.make(narrow, .name)))
        #expect(try Patterns.make(wide, .name).overlaps(Patterns.make(narrow, .name)))
    }

    @Test(arguments: [
        ("a", "*"), ("a", "a*"), ("a*", "*"), ("a*", "*a"), ("a*", "b"), ("ab*", "a*"), ("*b", "*"), ("*b", "b*"), ("*b", "a*"),
        ("*a*", "*"), ("*a*", "b*"), ("a*c", "a*"), ("a*c", "ac*"), ("a*a", "a"), ("${username}", "*"), ("${username}", "ann"),
        ("${username}", "${device}"), ("a${username}", "a*"), ("ann", "${username}"), ("${username}", "${username}*"),
        ("A*", "a*"),
        ("a", "b"), ("aa*", "a${username}"),
    ])
    func `the first does not cover the second`(narrow: String, wide: String) throws {
        #expect(try !Patterns.make(narrow, .name).covers(Patterns.make(wide, .name)))
    }

    @Test(arguments: [
        ("a", "b", false), ("a*", "b*", false), ("*a", "*b", false), ("a*b", "a*c", false), ("ab", "abc", false),
        ("*x*", "abc", false),
        ("a*", "*b", true), ("a*b*c", "*b*", true), ("a*", "*", true), ("a*z", "az*z", true), ("ab*", "a*", true),
        ("a", "a", true),
        ("${username}", "ann", true), ("x${username}", "y${username}", false), ("${username}", "${device}", true),
        ("a*a", "a", false),
    ])
    func `overlapping is symmetric`(one: String, other: String, overlaps: Bool) throws {
        #expect(try Patterns.make(one, .name).overlaps(Patterns.make(other, .name)) == overlaps)
        #expect(try Patterns.make(other, .name).overlaps(Patterns.make(one, .name)) == overlaps)
    }

    // MARK: Fuzz

    /// Matching by definition: tries every length for every `*`.
    static func obvious(_ pattern: Substring, _ name: Substring) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return obvious(pattern.dropFirst(), name) || (!name.isEmpty && obvious(pattern, name.dropFirst()))
        }
        return name.first == first && obvious(pattern.dropFirst(), name.dropFirst())
    }

    @Test func `random names are decided as by definition, and covering and overlapping are sound`() throws {
        var generator = SeededGenerator(seed: 4)
        var covered = 0
        var matched = 0
        for _ in 0..<4000 {
            let one = "a" + Patterns.text(of: ["a", "b", "*", "*"], length: 5, using: &generator)
            let other = Patterns.text(of: ["a", "b", "*"], length: 5, using: &generator) + "*"
            let (first, second) = try (Patterns.make(one, .name), Patterns.make(other, .name))
            let (firstCovers, secondCovers) = (first.covers(second), second.covers(first))
            let overlaps = first.overlaps(second)
            #expect(overlaps == second.overlaps(first))
            covered += (firstCovers ? 1 : 0) + (secondCovers ? 1 : 0)
            for _ in 0..<12 {
                let name = Patterns.text(of: ["a", "b"], length: 7, using: &generator) + "a"
                let inFirst = Patterns.fits(first, name)
                let inSecond = Patterns.fits(second, name)
                #expect(inFirst == Self.obvious(one[...], name[...]), "\(one) and \(name)")
                #expect(inSecond == Self.obvious(other[...], name[...]), "\(other) and \(name)")
                if firstCovers, inSecond { #expect(inFirst, "\(one) covers \(other), but not \(name)") }
                if secondCovers, inFirst { #expect(inSecond, "\(other) covers \(one), but not \(name)") }
                if inFirst, inSecond { #expect(overlaps, "\(one) and \(other) share \(name)") }
                matched += inFirst && inSecond ? 1 : 0
            }
        }
        // The fuzz says something only when it gets there.
        #expect(covered > 100 && matched > 1000)
    }

    @Test func `noise never traps`() {
        var generator = SeededGenerator(seed: 5)
        var patterns: [Pattern] = []
        for _ in 0..<3000 {
            for syntax in Syntax.allCases {
                let text = Patterns.noise(using: &generator)
                if let canonical = ResourceName.canonicalID(text, syntax: syntax) {
                    #expect(ResourceName.canonicalID(canonical, syntax: syntax) == canonical)
                }
                if let pattern = try? Pattern(text, syntax: syntax) {
                    patterns.append(pattern)
                    #expect(pattern.covers(pattern), "\(text)")
                    #expect(pattern.overlaps(pattern), "\(text)")
                }
                let id = Patterns.noise(using: &generator)
                for pattern in patterns.suffix(4) {
                    for action in ["publish", "read"] where Patterns.fits(pattern, id, action: action) {
                        #expect(Patterns.fits(pattern, id, action: action, .deny), "\(pattern.text) and \(id)")
                    }
                }
            }
        }
        #expect(patterns.count > 1000)
    }

    @Test func `a pattern with many runs takes no time`() throws {
        // Going back to every run would take longer than anybody waits; this is bounded by the product of the lengths.
        let pattern = try Patterns.make(String(repeating: "*a", count: 500) + "b", .name)
        #expect(!Patterns.fits(pattern, String(repeating: "a", count: 8000)))
        let wide = try Patterns.make(String(repeating: "*a", count: 500) + "*", .name)
        #expect(wide.covers(pattern))
        #expect(!pattern.covers(wide))
        #expect(pattern.overlaps(wide))
    }
}
