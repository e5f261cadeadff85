@testable import Console
import Model
import Testing

/// Markup is escaped by bytes, so that no combining character carries a quote out of its attribute.
@Suite struct HTMLTests {
    static func text(_ html: HTML) -> String { String(decoding: html.bytes, as: UTF8.self) }

    /// Compares bytes: Swift's own `==` would take two spellings of a character for one.
    static func same(_ html: HTML, _ expected: String) -> Bool { html.bytes.elementsEqual(expected.utf8) }

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("<b>", "&lt;b&gt;"), ("a & b", "a &amp; b"), ("\"'`", "&quot;&#39;&#96;"),
        ("&amp;", "&amp;amp;"),
        ("\u{e9}\u{1F600}", "\u{e9}\u{1F600}"), ("\u{0}\n\t", "\u{0}\n\t"),
        // One character each for Swift, two for a browser.
        ("\"\u{301}", "&quot;\u{301}"), ("<\u{338}", "&lt;\u{338}"), (">\u{338}", "&gt;\u{338}"), ("&\u{300}", "&amp;\u{300}"),
        ("'\u{301}", "&#39;\u{301}"),
        ("`\u{300}", "&#96;\u{300}"), ("\"\u{20E3}", "&quot;\u{20E3}"), ("<\u{FE0F}", "&lt;\u{FE0F}"),
        ("\"\u{200D}\"", "&quot;\u{200D}&quot;"),
        ("\r\"\n", "\r&quot;\n"), ("\"\u{301}\u{302}\u{303}", "&quot;\u{301}\u{302}\u{303}"),
        ("\" onmouseover=\"alert(1)", "&quot; onmouseover=&quot;alert(1)"), ("</script>", "&lt;/script&gt;"),
    ])
    func `text is escaped, in content and in attributes`(text: String, escaped: String) {
        #expect(Self.same(HTML(text), escaped))
        #expect(Self.same(div(text), "<div>\(escaped)</div>"))
        #expect(Self.same(div("x", .title(text)), "<div title=\"\(escaped)\">x</div>"))
        #expect(Self.same(HTML { text }, escaped), "also as a statement")
        for attribute in [
            Attribute.class(text), .id(text), .name(text), .value(text), .label(text), .for(text), .optional("lang", text),
        ] {
            #expect(Self.text(div("", attribute)).utf8.filter { $0 == UInt8(ascii: "\"") }.count == 2)
        }
    }

    /// Whatever comes after a sign that means something, nothing of it gets through as it is.
    @Test func `no combining character protects a sign from being escaped`() {
        for scalar in (0x300...0x36F).compactMap(Unicode.Scalar.init) + [
            "\u{200D}", "\u{FE0E}", "\u{FE0F}", "\u{20E3}", "\u{E0100}", "\u{1F3FB}",
        ] {
            for sign in ["\"", "<", ">", "&", "'", "`"] {
                let text = sign + String(scalar)
                let bytes = HTML(text).bytes
                #expect(
                    bytes.first == UInt8(ascii: "&") && bytes.contains(UInt8(ascii: ";")), "U+\(String(scalar.value, radix: 16))")
                #expect(!bytes.contains { "\"<>'`".utf8.contains($0) })
            }
        }
    }

    @Test func `elements nest, and statements do what they say`() {
        let names = ["a", "<b>"]
        let html = ul(.class("names")) {
            for name in names { li(name) }
            if names.isEmpty { li("none") } else { li("\(names.count)", .when(true, .id("count")), .when(false, .hidden)) }
            HTML?.none
        }
        #expect(Self.same(html, #"<ul class="names"><li>a</li><li>&lt;b&gt;</li><li id="count">2</li></ul>"#))
    }

    @Test func `attributes without a value stand alone, omitted ones leave no trace`() {
        #expect(Self.same(div("", .hidden, .omitted, .optional("title", nil), .describedBy(nil)), "<div hidden></div>"))
    }
}

/// Addresses lead to this server only.
@Suite struct PathTests {
    @Test(arguments: [
        "/", "/users", "/users?filter=a%20b&x=1", "/users/019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f#top", "/a-b_c.d~e",
        "/users?next=https://elsewhere.example",
    ])
    func `a path of ours may be returned to`(text: String) {
        #expect(Path(returning: text)?.text == text)
    }

    @Test(
        arguments: [
            nil, "", "users", "//elsewhere.example", "///x", "/\\elsewhere.example", "\\\\elsewhere.example",
            "https://elsewhere.example", "javascript:alert(1)",
            "/users//x", "/a:b", "/a b", "/a\tb", "/a\nSet-Cookie: x", "/\u{e9}", "/a\u{0}", " /users", "/x?a\\b", "/x#\u{7f}",
            "/%5c\\x",
            "/" + String(repeating: "x", count: 1024),
        ] as [String?])
    func `anything else may not`(text: String?) {
        #expect(Path(returning: text) == nil)
    }

    @Test(arguments: [
        ("a", "/assets/a"), ("a/b", "/assets/a%2Fb"), ("..", "/assets/.."), ("a b?c#d", "/assets/a%20b%3Fc%23d"),
        ("\u{e9}", "/assets/%C3%A9"),
        ("\"\u{301}<", "/assets/%22%CC%81%3C"), ("%41", "/assets/%2541"), ("a\u{0}\n", "/assets/a%00%0A"),
        ("javascript:x", "/assets/javascript%3Ax"),
    ])
    func `what comes from outside is percent-encoded`(segment: String, path: String) {
        #expect(Path.root("/assets/", segment).text == path)
    }
}
