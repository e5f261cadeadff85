@testable import Directory
import Foundation
import Model
import Testing

/// What the fields of a user may be.
@Suite struct UserRulesTests {
    static func longLocalPart(_ count: Int) -> String { String(repeating: "a", count: count) + "@example.org" }
    static func longLabel(_ count: Int) -> String { "ann@" + String(repeating: "b", count: count) + ".org" }
    static func longDomain(_ labels: Int) -> String { "a@" + String(repeating: "b.", count: labels) + "org" }

    @Test(
        arguments: [
            ("ann", nil), ("a", nil), ("Ann.Berg_2~x@y+z-", nil), ("0", nil), ("-", nil), (".", nil), ("..", nil),
            (String(repeating: "a", count: 256), nil),
            ("", "required"), (String(repeating: "a", count: 257), "too_long"), ("ann berg", "characters"),
            ("ann/berg", "characters"),
            ("\u{e9}mile", "characters"), ("ann\u{0}", "characters"), ("ann\n", "characters"), ("ann\u{301}", "characters"),
            ("ann:berg", "characters"),
            ("<ann>", "characters"), ("ann*", "characters"), ("ann%", "characters"), ("\u{FF41}nn", "characters"),
            ("\u{430}nn", "characters"),
            ("019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f", "reserved"), ("019A7E3C-1B2D-7C3E-8F40-5A6B7C8D9E0F", "reserved"),
            ("019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0", nil),
        ] as [(String, String?)])
    func `a user name is 1 to 256 of the letters allowed and no UUID`(username: String, code: String?) {
        #expect(UserRules.username(username).map(\.code) == [code].compactMap { $0 })
        #expect(UserRules.username(username).allSatisfy { $0.field == "username" })
    }

    @Test(
        arguments: [
            (nil, nil), ("", nil), ("Ann Berg", nil), ("\u{e9}mile \"the\" O'Brien <3 & co", nil), ("\u{1F600}", nil),
            ("\u{5D0}\u{5D1}\u{5D2}", nil),
            ("\u{645}\u{200C}\u{6CC}", nil), ("a\u{200D}b", nil), ("\"\u{301}", nil), ("e\u{301}", nil),
            (String(repeating: "x", count: 256), nil),
            (String(repeating: "x", count: 257), "too_long"), (String(repeating: "\u{301}", count: 100_000), "too_long"),
            ("a\u{0}b", "characters"), ("a\nb", "characters"), ("a\tb", "characters"), ("a\u{7f}", "characters"),
            ("a\u{85}b", "characters"),
            ("a\u{2028}b", "characters"), ("a\u{2029}b", "characters"), ("a\u{202E}b", "characters"),
            ("a\u{202A}b", "characters"),
            ("a\u{2066}b", "characters"), ("a\u{2069}b", "characters"), ("\u{FFFF}", "characters"), ("\u{E0080}", "characters"),
        ] as [(String?, String?)])
    func `a name is up to 256 characters, none of them invisible control`(name: String?, code: String?) {
        #expect(UserRules.name(name).map(\.code) == [code].compactMap { $0 })
    }

    @Test(arguments: [
        "ann@example.org", "a@b", "ann.berg+tag@mail.example.org", "o'brien@example.org", "!#$%&'*+-/=?^_`{|}~@example.org",
        "\u{e9}mile@b\u{fc}cher.example",
        "ann@123.example", "ann@xn--bcher-kva.example",
        longLocalPart(64), longLabel(63),
    ])
    func `an e-mail address is accepted`(email: String) {
        #expect(UserRules.email(email) == [])
    }

    @Test(arguments: [
        "", " ", "ann", "@", "ann@", "@example.org", "ann@@example.org", "ann@b@c", "ann @example.org", "ann@exam ple.org",
        ".ann@example.org",
        "ann.@example.org", "a..b@example.org", "ann@.org", "ann@example.", "ann@-example.org", "ann@example-.org",
        "ann@exam_ple.org", "\"ann\"@example.org",
        "ann@[192.0.2.1]", "ann<x>@example.org", "ann@example.org\n", "ann\u{0}@example.org", "ann@example.org,bob@example.org",
        "ann\r\nBcc: x@example.org",
        longLocalPart(65), longLabel(64), longDomain(130),
        "ann(comment)@example.org", "ann\u{301}@\u{202E}example.org", "mailto:ann@example.org",
    ])
    func `what is no e-mail address is refused`(email: String) {
        #expect(UserRules.email(email).map(\.code) == ["invalid_email"])
    }

    @Test func `an endless e-mail address is refused quickly`() {
        let clock = ContinuousClock()
        let start = clock.now
        #expect(UserRules.email("a" + String(repeating: "\u{301}", count: 500_000) + "@example.org").count == 1)
        #expect(start.duration(to: clock.now) < .seconds(2))
    }

    static func attributes(_ text: String) throws -> JSONObject {
        try #require(try JSONValue(parsing: text.utf8).object)
    }

    @Test(arguments: [
        "{}", #"{"team":"red"}"#, #"{"n":1,"x":-2.5,"b":true,"empty":""}"#, #"{"list":["a",1,false,2.5]}"#, #"{"list":[]}"#,
        #"{"A_b-9":"x"}"#,
        #"{"text":"<b> \u00e9 \ud83d\ude00 '\""}"#,
    ])
    func `attributes are scalars and lists of them`(text: String) throws {
        #expect(UserRules.attributes(try Self.attributes(text)) == [])
    }

    @Test(
        arguments: [
            (#"{"a":null}"#, "attributes.a type"), (#"{"a":{}}"#, "attributes.a type"), (#"{"a":[[]]}"#, "attributes.a type"),
            (#"{"a":[null]}"#, "attributes.a type"), (#"{"a":[{"b":1}]}"#, "attributes.a type"),
            (#"{"a":"x\u0000"}"#, "attributes.a type"),
            (#"{"a":"x\n"}"#, "attributes.a type"), (#"{"a":["x\u007f"]}"#, "attributes.a type"),
            (#"{"":1}"#, "attributes. name"),
            (#"{"9a":1}"#, "attributes.9a name"), (#"{"_a":1}"#, "attributes._a name"), (#"{"a.b":1}"#, "attributes.a.b name"),
            (#"{"a b":1}"#, "attributes.a b name"), ("{\"\u{e9}\":1}", "attributes.\u{e9} name"),
        ] as [(String, String)])
    func `other attributes are refused by name`(text: String, problem: String) throws {
        #expect(UserRules.attributes(try Self.attributes(text)).map { "\($0.field) \($0.code)" } == [problem])
    }

    @Test func `attributes are bounded in number, in length and all together`() {
        func many(_ count: Int, _ value: JSONValue = .integer(1)) -> JSONObject {
            JSONObject((0..<count).map { ("a\($0)", value) })
        }
        #expect(UserRules.attributes(many(64)) == [])
        #expect(UserRules.attributes(many(65)).map(\.code) == ["too_many"])
        let long = String(repeating: "x", count: 4096)
        #expect(UserRules.attributes(many(3, .string(long))) == [])
        #expect(UserRules.attributes(many(4, .string(long))).map(\.code) == ["too_long"])
        #expect(UserRules.attributes(many(1, .string(long + "x"))).map(\.code) == ["type"])
        #expect(UserRules.attributes(many(1, .array(Array(repeating: .bool(true), count: 256)))) == [])
        #expect(UserRules.attributes(many(1, .array(Array(repeating: .bool(true), count: 257)))).map(\.code) == ["type"])
        let name = String(repeating: "n", count: 64)
        #expect(UserRules.attributes(JSONObject([(name, .integer(1))])) == [])
        #expect(UserRules.attributes(JSONObject([(name + "n", .integer(1))])).map(\.code) == ["name"])
    }

    @Test(
        arguments: [
            ("ann", ["ann"]), ("Ann Berg", ["ann", "berg"]), ("Jos\u{e9} Nu\u{f1}ez", ["jose", "nunez"]),
            ("Jose\u{301}", ["jose"]),
            ("ann.berg@acme.org", ["ann.berg@acme.org", "berg@acme.org", "acme.org", "org"]), ("O'Brien", ["o'brien", "brien"]),
            ("", []), ("  ", []),
            ("\u{FB01}ne", ["fine"]), ("\u{5F20}\u{4F1F}", ["\u{5F20}\u{4F1F}"]), ("--", ["--"]), ("a1-b2", ["a1-b2", "b2"]),
        ] as [(String, Set<String>)])
    func `a text gives every place where a word begins`(text: String, words: Set<String>) {
        #expect(Folding.words([text]) == words)
    }
}
