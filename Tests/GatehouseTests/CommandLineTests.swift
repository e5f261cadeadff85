import Foundation
import Model
import Testing

@testable import gatehouse

/// What the command line shows and accepts. What it does is tested with the process, in `Scenarios/test_command_line.py`.
@Suite("Command line") struct CommandLineTests {
    @Test(
        "Nothing that steers a terminal is shown raw",
        arguments: [
            ("plain text, Üser 日本", "plain text, Üser 日本"),
            ("a\u{1B}[31mb", "a\\u{1b}[31mb"),
            ("two\nlines\r\n\tand", "two\\nlines\\r\\n\\tand"),
            ("\u{9B}31m", "\\u{9b}31m"),
            ("nul\u{0}del\u{7F}", "nul\\u{0}del\\u{7f}"),
            ("left\u{202E}right\u{2066}", "left\\u{202e}right\\u{2066}"),
            ("\u{2028}\u{FEFF}", "\\u{2028}\\u{feff}"),
            ("e\u{301} \u{1F469}\u{200D}\u{1F680}", "e\u{301} \u{1F469}\u{200D}\u{1F680}"),
        ])
    func sanitizing(text: String, shown: String) {
        #expect(DisplayText.sanitized(text).utf8.elementsEqual(shown.utf8))
        #expect(!DisplayText.sanitized(text).unicodeScalars.contains(where: DisplayText.isUnsafe))
    }

    @Test(
        "Width is what a terminal needs",
        arguments: [
            ("", 0), ("ann", 3), ("Ü", 1), ("e\u{301}", 1), ("日本", 4), ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
            ("Ａ", 2), ("🚀", 2), ("\u{1F469}\u{200D}\u{1F680}", 2), ("❤\u{FE0F}", 2), ("…", 1), ("ﾊ", 1), ("Привет", 6),
        ])
    func width(text: String, columns: Int) {
        #expect(DisplayText.width(text) == columns)
    }

    @Test(
        "Cutting leaves at most the columns there are, and says so",
        arguments: [
            ("short", 5, "short"), ("longer", 5, "long…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("ab", 1, "…"), ("ab", 0, ""),
        ])
    func cutting(text: String, columns: Int, cut: String) {
        #expect(DisplayText.cut(text, to: columns) == cut)
        #expect(DisplayText.width(cut) <= columns)
    }

    @Test("A table aligns by width, and whole lists stream in batches")
    func table() {
        var table = TableWriter(columns: [Column("NAME"), Column("STATUS")], terminal: .none)
        #expect(table.batch([[Cell("日本"), Cell("active")]]) == "NAME  STATUS\n日本  active\n")
        #expect(table.batch([[Cell("longer"), Cell(nil)], [Cell("a\nb"), Cell("x")]]) == "longer  -\na\\nb    x\n")
    }

    @Test("A table fits its terminal, whatever the width", arguments: 1...60)
    func narrowTable(columns: Int) {
        let terminal = Terminal(columns: columns, usesColor: false)
        var table = TableWriter(columns: [Column("NAME"), Column("EMAIL"), Column("STATUS", minimum: 8)], terminal: terminal)
        let text = table.batch([[Cell("Somebody 日本語 long"), Cell("somebody@example.org"), Cell("disabled")]])
        for line in text.split(separator: "\n") { #expect(DisplayText.width(String(line)) <= columns) }
    }

    @Test("Colour is there only where it was asked for")
    func color() {
        #expect(Terminal(columns: 80, usesColor: true).styled("x", .bad) == "\u{1B}[31mx\u{1B}[0m")
        #expect(Terminal(columns: 80, usesColor: false).styled("x", .bad) == "x")
    }

    @Test("JSON means the same after what a terminal would act on is escaped")
    func json() throws {
        let value = JSONValue.object(
            JSONObject([
                ("name", .string("a\u{9B}b\u{202E}\u{1B}\u{E0041}\"\\")), ("list", .array([.integer(1), .null])),
                ("none", .array([])),
            ]))
        for text in [JSONText.pretty(value), JSONText.compact(value)] {
            #expect(!text.replacing("\n", with: "").unicodeScalars.contains(where: DisplayText.isUnsafe))
            #expect(try JSONValue(parsing: text.utf8) == value)
        }
        #expect(JSONText.pretty(.object(JSONObject([("a", .array([.integer(1)]))]))) == "{\n  \"a\": [\n    1\n  ]\n}")
    }

    @Test("A value in a filter cannot end its own quotes")
    func filters() throws {
        #expect(FilterText.equals("username", "ann") == #"username eq "ann""#)
        #expect(FilterText.equals("username", #"x" or "1" eq "1"#) == #"username eq "x\" or \"1\" eq \"1""#)
        #expect(FilterText.quoted("\\\u{0}") == #""\\\u0000""#)
        #expect(FilterText.both("a pr or b pr", "c pr") == "(a pr or b pr) and c pr")
        #expect(FilterText.both(nil, nil) == nil)
    }

    @Test(
        "A server's address is brought to one form",
        arguments: [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true),
            ("HTTPS://Id.Example.org:443/", "https://id.example.org", false),
            ("http://[::1]:80", "http://[::1]", true), ("http://localhost/realms/acme/", "http://localhost/realms/acme", true),
            ("http://127.0.0.1.example.org", "http://127.0.0.1.example.org", false),
            ("http://127.1.2.999", "http://127.1.2.999", false),
            ("http://a.localhost", "http://a.localhost", true), ("http://notlocalhost", "http://notlocalhost", false),
        ])
    func addresses(text: String, normal: String, isLoopback: Bool) throws {
        let address = try ServerAddress(parsing: text)
        #expect(address.text == normal)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(
        "What is no plain address of a server is refused",
        arguments: [
            "", "localhost:8080", "ftp://x", "http://", "http://user@x", "http://user:password@127.0.0.1", "http://x?y",
            "http://x#y",
            "http://x:0", "http://x:65536", "http://x:1:2", "http://[::1", "http://[::1]x", "http://[zz]", "http://a b",
            "http://ü",
            "http://x/%2e%2e", "http://127.0.0.1\\@evil", "http://x:\u{664}",
        ])
    func refusedAddresses(text: String) {
        #expect(throws: CommandFailure.self) { try ServerAddress(parsing: text) }
    }

    @Test("Attributes are text, or JSON when asked for")
    func attributes() throws {
        func value(_ argument: String) -> JSONValue? { AttributeArgument(argument: argument)?.value }
        #expect(value("dept=R&D=x") == .string("R&D=x"))
        #expect(value("age:=42") == .integer(42))
        #expect(value("tags:=[\"a\",true]") == .array([.string("a"), .bool(true)]))
        #expect(value("empty=") == .string(""))
        for wrong in ["dept", "=x", ":=1", "a:=nonsense", "a:=null"] { #expect(value(wrong) == nil) }
        let one = try #require(AttributeArgument(argument: "a=1"))
        #expect(throws: (any Error).self) { try AttributeArgument.object([one, one]) }
        #expect(throws: (any Error).self) { try AttributeArgument.object([one], removing: ["a"]) }
        #expect(try AttributeArgument.object([one], removing: ["b"]).text("a") == "1")
    }

    @Test(
        "Times are told as people tell them",
        arguments: [
            (0, "just now"), (44, "just now"), (60, "1 min ago"), (3600, "60 min ago"), (7200, "2 h ago"),
            (172_800, "2 days ago"),
            (-10, "in a moment"), (-7200, "in 2 h"),
        ])
    func relativeTimes(seconds: Int64, text: String) {
        #expect(DisplayText.relative(milliseconds: -seconds * 1000, now: 0) == text)
    }

    @Test("Times far away, or out of all range, are left to the date")
    func farTimes() {
        #expect(DisplayText.relative(milliseconds: 0, now: 40 * 86_400_000) == nil)
        #expect(DisplayText.relative(milliseconds: .min, now: .max) == nil)
        #expect(DisplayText.relative(milliseconds: .max, now: 0) == nil)
    }

    @Test(
        "The exit code tells why",
        arguments: [
            (400, gatehouse.ExitStatus.invalidData), (422, .invalidData),
            (401, .notPermitted), (403, .notPermitted), (404, .notFound),
            (409, .conflict), (412, .conflict), (429, .tryLater), (503, .tryLater), (500, .unavailable), (507, .unavailable),
            (405, .failure), (423, .failure),
        ])
    func exitCodes(status: Int, expected: gatehouse.ExitStatus) {
        #expect(gatehouse.ExitStatus(httpStatus: status) == expected)
    }

    @Test("A problem becomes a sentence, a line for each field, and the request's id")
    func problems() throws {
        let server = try ServerAddress(parsing: ServerAddress.standard)
        let object = try JSONValue(
            parsing: #"""
                {"title":"Some fields need attention","detail":"See errors.","requestId":"r1","code":"invalid",
                "errors":[{"field":"username","code":"taken","message":"is taken\u001b[2J"},{"message":"no field"},7]}
                """#.utf8
        ).object
        let failure = Problem(status: 422, object: object, requestID: "other", retryAfter: nil).failure(server: server)
        #expect(failure.status == .invalidData)
        #expect(
            failure.text
                == "Error: Some fields need attention.\n  username: is taken\\u{1b}[2J\n  no field\n  request id: r1\n")
        let later = Problem(status: 503, object: nil, requestID: nil, retryAfter: "7").failure(server: server)
        #expect(later.status == .tryLater)
        #expect(later.text.contains("Try again in 7 seconds."))
    }

    @Test("A stored session comes back, readable by its owner alone, and no other way")
    func credentialFile() throws {
        let folder = try TemporaryFolder()
        let file = CredentialFile(folder: folder.file("config/gatehouse"))
        #expect(try file.load() == nil)
        let session = StoredSession(
            server: "https://id.example.org", token: "ghs_x", expiresAt: "2026-11-22T00:00:00Z", username: "a\"nn",
            certificateAuthority: nil)
        try file.save(session)
        try file.save(session)
        #expect(try file.load()?.username == "a\"nn")
        #expect(try mode(of: file.path) == 0o600)
        #expect(try mode(of: file.folder) == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: file.folder) == ["session.json"])

        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file.path)
        #expect(throws: CommandFailure.self) { try file.load() }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        for wrong in ["", "[]", #"{"server":"x","token":"a b"}"#, #"{"server":"x","token":"a\nb: c"}"#] {
            try Data(wrong.utf8).write(to: URL(filePath: file.path))
            #expect(throws: CommandFailure.self) { try file.load() }
        }
        try file.remove()
        try file.remove()
        #expect(try file.load() == nil)
    }

    private func mode(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
