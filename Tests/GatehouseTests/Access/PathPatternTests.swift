import Access
import Testing

/// Syntax `path`: canonical paths (RFC 3986 section 5.2.4), and patterns of their segments.
@Suite struct PathPatternTests {
    static func path(_ id: String) -> ResourceName? { ResourceName(id, syntax: .path, action: "GET") }

    // MARK: Ids of questions

    @Test(arguments: [
        ("/", "/"), ("/a", "/a"), ("/a/", "/a"), ("/a/b", "/a/b"), ("/a/b/", "/a/b"), ("/A", "/A"), ("/a.b", "/a.b"),
        ("/.a", "/.a"),
        ("/...", "/..."), ("/..a", "/..a"), ("/a..", "/a.."), ("/.a./", "/.a."), ("/a b", "/a b"), ("/é", "/é"),
        // Decoded once, in either case of the digits.
        ("/%61", "/a"), ("/%2e%61", "/.a"), ("/a%20b", "/a b"), ("/%C3%A9", "/é"), ("/%c3%a9", "/é"), ("/%E2%82%AC", "/€"),
        ("/%7Euser", "/~user"),
        ("/100%25", "/100%"), ("/%25a", "/%a"), ("/%25%20x", "/% x"), ("/%25zz", "/%zz"), ("/a%3Fb", "/a?b"), ("/a%23b", "/a#b"),
        ("/a%3Bb", "/a;b"),
        ("/a%2Bb", "/a+b"), ("/a+b", "/a+b"), ("/%2A", "/*"), ("/*", "/*"), ("/%3A", "/:"),
        // Dot segments.
        ("/.", "/"), ("/./", "/"), ("/a/.", "/a"), ("/a/./b", "/a/b"), ("/a/./", "/a"), ("/a/..", "/"), ("/a/../", "/"),
        ("/a/../b", "/b"),
        ("/a/b/../c", "/a/c"), ("/a/b/../../c", "/c"), ("/a/b/c/../../..", "/"), ("/./a/./././b", "/a/b"), ("/a/./../b", "/b"),
        ("/a/%2e", "/a"), ("/a/%2E%2E/b", "/b"), ("/a/.%2e/b", "/b"), ("/a/%2e./b", "/b"), ("/a/b/%2e%2e", "/a"),
        // Parameters are a part of their segment.
        ("/a;v=1", "/a;v=1"), ("/a;v=1/b", "/a;v=1/b"), ("/;", "/;"), ("/a;/", "/a;"), ("/...;x", "/...;x"), ("/.a;x", "/.a;x"),
        // Hosts.
        ("//h/", "//h/"), ("//h/a", "//h/a"), ("//Example.ORG/A/", "//example.org/A"), ("//h:8080/a", "//h:8080/a"),
        ("//h:443/", "//h:443/"),
        ("//10.0.0.1/a", "//10.0.0.1/a"), ("//[::1]/a", "//[::1]/a"), ("//[::FFFF:1.2.3.4]:80/a", "//[::ffff:1.2.3.4]:80/a"),
        ("//h/a/../b", "//h/b"), ("//a_b-c.d/x", "//a_b-c.d/x"), ("//h/%61", "//h/a"), ("//h:65535/", "//h:65535/"),
        ("//xn--bcher-kva.example/", "//xn--bcher-kva.example/"),
    ])
    func `a path is made canonical`(id: String, canonical: String) throws {
        let name = try #require(Self.path(id))
        #expect(Array(name.canonical.utf8) == Array(canonical.utf8))
    }

    @Test(arguments: [
        "", "a", "a/b", " /a", "*", "http://h/a", "\\a", ".", "..", "%2Fa",
        // Queries and fragments.
        "/a?b", "/?", "/a#b", "/#", "//h/a?b", "//h?a/b",
        // Above the root.
        "/..", "/../", "/../a", "/a/../..", "/a/../../b", "/%2e%2e", "/%2e%2e/a", "/./..", "//h/..", "//h/../a", "//h/a/../../b",
        // Slashes that are not what they seem.
        "/a%2Fb", "/a%2fb", "/%2F", "/a%5Cb", "/a%5cb", "/a\\b", "/\\", "/..\\a", "/..%2fa", "/..%5Ca", "//h/a%2Fb",
        // Bad escapes.
        "/%", "/a%", "/%2", "/%zz", "/%2g", "/%g2", "/%%", "/%%41", "/%u0041", "/a%/b", "/a%2/b", "/%-1", "/% 1",
        // Decoded twice they would be something else.
        "/%2541", "/%252e%252e/a", "/%252Fa", "/%25%34%31", "/%2525%2541", "/a%25%32%66b", "/%25e9", "/x%255c",
        // Control characters and what is not UTF-8.
        "/\u{0}", "/a%00", "/a%00.png", "/%0a", "/%0D", "/a\nb", "/\t", "/%7f", "/\u{7F}", "/%C2%85", "/\u{85}", "/%ff",
        "/%C0%AF", "/%E2%82",
        "/%c3", "/%ED%A0%80", "/%F4%90%80%80", "/%80",
        // Empty segments.
        "/a//b", "/a//", "/a///b", "//", "///", "///a", "//h//", "//h//a", "//h/a//b", "/a//../b", "/a/.//b",
        // Parameters behind dots: some servers would drop them and then go up.
        "/..;/a", "/a/..;/b", "/a/..;x=1/b", "/.;/a", "/%2e%2e;/a", "/..%3b/a", "/a/.;x",
        // Hosts.
        "//h", "//h:", "//h:/a", "//h:x/a", "//h:0/a", "//h:080/a", "//h:65536/a", "//h:123456/a", "//:80/a", "//u@h/a",
        "//h.:80/a", "//h./a",
        "//.h/a", "//a..b/a", "//h%61/a", "//ü.de/a", "//h h/a", "//*/a", "//[::1/a", "//[]/a", "//[g]/a", "//[::1]x/a",
        "//[::1]:/a", "//h:1:2/a",
        "//\u{0}/a",
    ])
    func `what servers read differently is refused`(id: String) {
        #expect(Self.path(id) == nil)
    }

    @Test func `a path has an end`() {
        #expect(Self.path("/" + String(repeating: "a", count: 8191)) != nil)
        #expect(Self.path("/" + String(repeating: "a", count: 8192)) == nil)
        #expect(Self.path(String(repeating: "/a", count: 4096)) != nil)
        #expect(Self.path(String(repeating: "/a/..", count: 1600))?.canonical == "/")
        #expect(Self.path(String(repeating: "/..", count: 2000)) == nil)
    }

    // MARK: Exact ids

    @Test(arguments: [
        ("/", "/"), ("/a", "/a"), ("/a/", "/a"), ("/a b", "/a b"), ("/a?b", "/a?b"), ("/a#b", "/a#b"), ("/*", "/*"),
        ("/**", "/**"), ("/${username}", "/${username}"),
        ("/a*b", "/a*b"), ("/100%", "/100%"), ("/%zz", "/%zz"), ("//H:80/A/", "//h:80/A"), ("/a;x", "/a;x"), ("/é", "/é"),
        ("/%41", nil), ("/a%20b", nil), ("/a%2Fb", nil), ("/.", nil), ("/..", nil), ("/a/../b", nil), ("/a/./b", nil),
        ("/a//b", nil), ("a", nil), ("", nil),
        ("/a\\b", nil), ("/a\u{0}", nil), ("/a\nb", nil), ("/\u{85}", nil), ("//", nil), ("//h", nil), ("//h./a", nil),
        ("/..;/a", nil),
    ])
    func `an exact id is written decoded`(id: String, canonical: String?) {
        #expect(ResourceName.canonicalID(id, syntax: .path) == canonical)
    }

    @Test(arguments: [
        ("/a", "/a", true, true), ("/a", "/%61/", true, true), ("/a", "/a/b", false, false), ("/*", "/a", false, false),
        ("/*", "/*", true, true),
        ("/a", "/A", false, false), ("/a?b", "/a%3Fb", true, true), ("//h/a", "//H/a", true, true),
        ("//h/a", "//g/a", false, false),
        // A deny holds where the host is not known.
        ("//h/a", "/a", false, true), ("/a", "//h/a", false, true), ("//h/a", "//h:80/a", false, true),
        ("//h:80/a", "//h/a", false, true),
        ("//h:80/a", "//h:81/a", false, false), ("//h/a", "/b", false, false), ("//[::1]/a", "//[::1]:80/a", false, true),
        ("//[::1]/a", "//[::2]/a", false, false),
    ])
    func `an exact id has no magic, and its deny is not evaded by another host`(
        exact: String, asked: String, allows: Bool, denies: Bool
    ) throws {
        let name = try #require(Self.path(asked))
        #expect(name.fits(exact: exact, purpose: .allow) == allows)
        #expect(name.fits(exact: exact, purpose: .deny) == denies)
    }

    // MARK: Patterns

    @Test(arguments: [
        ("/", ["/", "/.", "/a/.."]), ("/a", ["/a", "/a/", "/%61", "/x/../a"]), ("/a/", ["/a", "/a/"]),
        ("/*", ["/a", "/a/", "/*", "/a.b", "/é", "/;"]),
        ("/**", ["/", "/a", "/a/b", "/a/b/c"]), ("/a/**", ["/a", "/a/", "/a/b", "/a/b/c", "/b/../a/c"]),
        ("/a/**/", ["/a", "/a/b"]),
        ("/a/*", ["/a/b", "/a/b/"]), ("/a/*/c", ["/a/b/c"]), ("/a/*/**", ["/a/b", "/a/b/c"]), ("/*/*", ["/a/b"]),
        ("/*.json", ["/a.json", "/.json", "/a.b.json"]),
        ("/v*/x", ["/v1/x", "/v/x", "/v1.2/x"]), ("/a*b*c", ["/abc", "/a1b2c"]), ("/a b", ["/a%20b", "/a b"]),
        ("/é", ["/%C3%A9"]), ("/a;v=1", ["/a;v=1"]),
        ("/a?b", ["/a%3Fb"]), ("/100%", ["/100%25"]), ("/a+b", ["/a+b", "/a%2Bb"]), ("/a.b", ["/a.b"]),
        ("/.well-known/**", ["/.well-known/x"]),
        // Without a host for every host, with a host for this one.
        ("/a", ["//h/a", "//g:80/a/"]), ("/**", ["//h/", "//h/a"]), ("//h/a", ["//h/a", "//H/a/"]),
        ("//H/**", ["//h/", "//h/a/b"]),
        ("//h:80/a", ["//h:80/a"]), ("//[::1]/*", ["//[::1]/a"]), ("//h/", ["//h/"]),
    ])
    func `a path fits`(text: String, ids: [String]) throws {
        let pattern = try Patterns.make(text, .path)
        for id in ids {
            #expect(Patterns.fits(pattern, id), "\(text) and \(id)")
            #expect(Patterns.fits(pattern, id, .deny), "\(text) and \(id)")
        }
    }

    @Test(arguments: [
        ("/", ["/a", "/a/b"]), ("/a", ["/", "/A", "/ab", "/a/b", "/b"]), ("/*", ["/", "/a/b"]),
        ("/a/*", ["/a", "/a/", "/a/b/c", "/b/c", "/a/.."]),
        ("/a/**", ["/", "/ab", "/b/a", "/A/b", "/a/../b"]), ("/a/*/**", ["/a", "/"]), ("/*/*", ["/a", "/a/b/c"]),
        ("/a/*/c", ["/a/c", "/a/b/d", "/a/b/c/d", "/a/b/x/c"]),
        ("/*.json", ["/a.jsonx", "/json", "/a/b.json"]), ("/v*/x", ["/w1/x", "/v1/y", "/v1"]), ("/a.b", ["/axb"]),
        ("/a;v=1", ["/a", "/a;v=2"]),
        ("/a", ["/a;v=1"]), ("/\u{E9}", ["/e%CC%81"]), ("/a*", ["/a/b", "/b"]),
        ("//h/a", ["//g/a", "//h.x/a", "//h/b"]), ("//h:80/a", ["//h:81/a"]), ("//[::1]/a", ["//[::2]/a"]),
    ])
    func `a path does not fit`(text: String, ids: [String]) throws {
        let pattern = try Patterns.make(text, .path)
        for id in ids {
            #expect(!Patterns.fits(pattern, id), "\(text) and \(id)")
            #expect(!Patterns.fits(pattern, id, .deny), "\(text) and \(id)")
        }
    }

    @Test(arguments: [
        ("//h/a", "/a"), ("//h/**", "/a/b"), ("//h:80/a", "/a"), ("//h/a", "//h:80/a"), ("//h:80/a", "//h/a"),
        ("//[::1]:80/a", "//[::1]/a"),
    ])
    func `an unknown host is not allowed and not a way around a deny`(text: String, id: String) throws {
        let pattern = try Patterns.make(text, .path)
        #expect(!Patterns.fits(pattern, id))
        #expect(Patterns.fits(pattern, id, .deny))
    }

    @Test(arguments: [
        "", "a", "*", "**", "a/b", "\\a", "/a//b", "//", "///a", "//h", "//*/a", "//*.example.org/a", "//${username}/a", "//h./a",
        "//h:/a", "//u@h/a",
        "/**/a", "/a/**/b", "/a**", "/**a", "/***", "/a/b**", "/**/**", "/.", "/..", "/a/../b", "/a/./b", "/..;/a", "/a\\b",
        "/a\nb", "/a\u{0}", "/a\u{85}b",
        "/a%20b", "/%2e%2e/a", "/a%2Fb", "/${user}", "/${username", "/${attribute.a/b}", "/a//",
        "/" + String(repeating: "a", count: 1024),
    ])
    func `what is no pattern is refused with a sentence`(text: String) throws {
        let reason = try #require(Patterns.refusal(text, .path))
        #expect(reason.hasSuffix(".") && reason.count > 15)
    }

    @Test(arguments: [
        ("/", true), ("/a", true), ("//h/a", true), ("/a?", true), ("/*", false), ("/**", false), ("/a*", false),
        ("/${username}", false),
    ])
    func `a pattern knows whether it is literal`(text: String, isLiteral: Bool) throws {
        #expect(try Patterns.make(text, .path).isLiteral == isLiteral)
    }

    // MARK: Variables

    @Test(arguments: [
        ("/home/${username}", "/home/ann", true), ("/home/${username}", "/home/%61nn/", true),
        ("/home/${username}", "/home/bob", false),
        ("/home/${username}/**", "/home/ann", true), ("/home/${username}/**", "/home/ann/x/y", true),
        ("/home/${username}/**", "/home/ann/../bob", false),
        ("/home/${username}/**", "/home/bob/../ann/x", true), ("/~${username}", "/~ann", true),
        ("/${username}.json", "/ann.json", true),
        ("/${username}*", "/annx", true), ("/*${username}", "/xann", true), ("/${username}-${device}", "/ann-press-7", true),
        ("/${attribute.none}", "/a", false), ("/${attribute.none}/**", "/", false), ("//h/${client}", "//h/ann:1", true),
    ])
    func `a variable is one segment or a part of one`(text: String, id: String, fits: Bool) throws {
        #expect(try Patterns.fits(Patterns.make(text, .path), id) == fits)
    }

    @Test(arguments: Patterns.hostileValues + [".", "..", "a\\b", "%2e", "a%2Fb"])
    func `a hostile value opens nothing`(value: String) throws {
        for text in ["/home/${username}", "/home/${username}/**", "/${username}/x", "/home/${username}${device}/x"] {
            let pattern = try Patterns.make(text, .path)
            for id in [
                "/home/\(value)", "/home/", "/home", "/home/x", "/", "/x", "/\(value)/x", "/home/\(value)/x", "/home/\(value).",
                "/a/b",
            ] {
                #expect(!Patterns.fits(pattern, id, values: ["username": value, "device": "."]), "\(text) and \(id)")
            }
        }
    }

    @Test(arguments: Patterns.hostileValues)
    func `a hostile value evades no deny`(value: String) throws {
        let home = try Patterns.make("/home/x-${username}/y", .path)
        for values in [["username": value], [:]] {
            #expect(Patterns.fits(home, "/home/x-bob/y", .deny, values: values))
            #expect(Patterns.fits(home, "//h/home/x-bob/y", .deny, values: values))
            #expect(!Patterns.fits(home, "/home/y-bob/y", .deny, values: values))
            #expect(!Patterns.fits(home, "/home/x-a/b/y", .deny, values: values))
            #expect(!Patterns.fits(home, "/home/x-bob", .deny, values: values))
        }
    }

    // MARK: Pattern and pattern

    @Test(arguments: [
        ("/**", "/"), ("/**", "/a"), ("/**", "/**"), ("/**", "/a/*/**"), ("/**", "//h/a"), ("/a/**", "/a"), ("/a/**", "/a/*"),
        ("/a/**", "/a/b/**"), ("/a", "/a/"),
        ("/*", "/a"), ("/*", "/*"), ("/*", "/a*"), ("/*", "/${username}"), ("/a*", "/ab*"), ("/*.json", "/a*.json"),
        ("/*/x", "/${username}/x"),
        ("/${username}/**", "/${username}/a"), ("/a/*/**", "/a/*"), ("//h/**", "//H/a"), ("/a", "//h/a"),
        ("//h:80/a", "//h:80/a"), ("/", "/"),
    ])
    func `the first covers the second`(wide: String, narrow: String) throws {
        #expect(try Patterns.make(wide, .path).covers(Patterns.make(narrow, .path)))
        #expect(try Patterns.make(wide, .path).overlaps(Patterns.make(narrow, .path)))
    }

    @Test(arguments: [
        ("/a", "/*"), ("/a", "/**"), ("/a", "/a/**"), ("/*", "/**"), ("/*", "/"), ("/*", "/a/b"), ("/*/**", "/**"),
        ("/a/*", "/a/**"), ("/a/*", "/a"), ("/a*", "/*"),
        ("/${username}", "/*"), ("/${username}", "/ann"), ("/ann", "/${username}"), ("/${username}", "/${device}"),
        ("//h/a", "/a"), ("//h/**", "//g/a"),
        ("//h/a", "//h:80/a"), ("//h:80/a", "//h/a"), ("/*.json", "/a.*"), ("/", "/a"), ("/", "/**"),
    ])
    func `the first does not cover the second`(narrow: String, wide: String) throws {
        #expect(try !Patterns.make(narrow, .path).covers(Patterns.make(wide, .path)))
    }

    @Test(arguments: [
        ("/a", "/b", false), ("/a", "/*", true), ("/a/**", "/*/b", true), ("/a/**", "/b/**", false), ("/a/**", "/", false),
        ("/*", "/", false), ("/a*", "/*b", true),
        ("/a*", "/b*", false), ("//h/a", "/a", true), ("//h/a", "//g/a", false), ("//h/a", "//h:1/a", true),
        ("//h:2/a", "//h:1/a", false), ("/a/*", "/a", false),
        ("/${username}", "/x", true), ("/x${username}", "/y${username}", false), ("/**", "/a/b/c", true),
        ("/a/b/c", "/*/*", false),
    ])
    func `overlapping is symmetric`(one: String, other: String, overlaps: Bool) throws {
        #expect(try Patterns.make(one, .path).overlaps(Patterns.make(other, .path)) == overlaps)
        #expect(try Patterns.make(other, .path).overlaps(Patterns.make(one, .path)) == overlaps)
    }

    // MARK: By definition

    static func obvious(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        if first == "**" { return true }
        guard let segment = path.first else { return false }
        return NamePatternTests.obvious(first[...], segment[...]) && obvious(pattern.dropFirst(), path.dropFirst())
    }

    /// All patterns of up to three of these segments against all others, judged by the paths they match.
    @Test func `every small pattern is decided as by definition`() throws {
        let paths = [[]] + TopicFilterTests.all(of: ["a", "ab", "b", "z"], depth: 4)
        let patterns = ([[]] + TopicFilterTests.all(of: ["a", "*", "a*", "*b", "**"], depth: 3)).filter {
            !$0.dropLast().contains("**")
        }
        let texts = patterns.map { "/" + $0.joined(separator: "/") }
        let parsed = try texts.map { try Patterns.make($0, .path) }
        let matched = patterns.map { pattern in Set(paths.indices.filter { Self.obvious(pattern[...], paths[$0][...]) }) }
        let names = try paths.map { try #require(Self.path("/" + $0.joined(separator: "/"))) }
        for mine in patterns.indices {
            for path in paths.indices {
                let fits = parsed[mine].fits(names[path], purpose: .allow) { _ in nil }
                try #require(fits == matched[mine].contains(path), "\(texts[mine]) and \(names[path].canonical)")
            }
            for theirs in patterns.indices {
                let note = "\(texts[mine]) and \(texts[theirs])"
                let covers = matched[theirs].isSubset(of: matched[mine])
                let overlaps = !matched[theirs].isDisjoint(with: matched[mine])
                try #require(parsed[mine].covers(parsed[theirs]) == covers, "covers: \(note)")
                try #require(parsed[mine].overlaps(parsed[theirs]) == overlaps, "overlaps: \(note)")
            }
        }
        #expect(patterns.count > 100)
    }

    /// Whatever a canonical path was written like, it is canonical, and writing it canonically asks the same.
    @Test func `random paths become canonical and stay so`() throws {
        var generator = SeededGenerator(seed: 3986)
        let pieces = [
            "/", "/", "/a", "/b", "/.", "/..", "/%2e", "/%2E.", "/%61", "%20", ";", "//", "/a/", "%25", "41", "\\", "?", "%2f",
            "é",
        ]
        var canonical = 0
        for _ in 0..<20_000 {
            let id = "/" + Patterns.text(of: pieces, length: 6, using: &generator)
            guard let name = Self.path(id) else { continue }
            canonical += 1
            let path =
                name.canonical.hasPrefix("//") ? "/" + name.canonical.dropFirst(2).drop { $0 != "/" }.dropFirst() : name.canonical
            let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            #expect(path == "/" || !segments.contains(""), "\(id)")
            #expect(!segments.contains(".") && !segments.contains("..") && !path.contains("\\"), "\(id)")
            #expect(ResourceName.canonicalID(name.canonical, syntax: .path) == name.canonical, "\(id)")
            // The canonical form, encoded again, is the same question.
            #expect(Self.path(name.canonical.replacing("%", with: "%25")) == name, "\(id)")
        }
        #expect(canonical > 2000)
    }

    /// Escapes change nothing: a path of plain characters and the same with every character escaped are one question.
    @Test func `an escaped path asks the same as a plain one`() throws {
        var generator = SeededGenerator(seed: 2)
        var known = 0
        for _ in 0..<20_000 {
            let id =
                "/" + Patterns.text(of: ["/", "a", "B", ".", "..", "-", ";", "~", ":", "*", "${"], length: 7, using: &generator)
            guard !id.hasPrefix("//") else { continue }
            let escaped = id.utf8.map { $0 == UInt8(ascii: "/") ? "/" : "%" + String($0, radix: 16) }.joined()
            #expect(Self.path(id) == Self.path(escaped), "\(id)")
            #expect(Self.path("//h" + id)?.canonical == Self.path(id).map { "//h" + $0.canonical }, "\(id)")
            known += Self.path(id) == nil ? 0 : 1
        }
        #expect(known > 2000)
    }
}
