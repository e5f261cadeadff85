import Access
import Audit
@testable import Authentication
@testable import Directory
import Grants
import Model
import Storage
import Synchronization
import Testing

/// A text as a connection would give it: in pieces of one size.
struct Pieces: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    let bytes: [UInt8]
    let size: Int
    /// Called before each piece.
    var before: @Sendable (Int) async throws -> Void = { _ in }

    init(_ text: String, size: Int = 1 << 16) {
        bytes = Array(text.utf8)
        self.size = size
    }

    init(bytes: [UInt8], size: Int = 1 << 16) {
        self.bytes = bytes
        self.size = size
    }

    func makeAsyncIterator() -> Iterator { Iterator(pieces: self) }

    struct Iterator: AsyncIteratorProtocol {
        let pieces: Pieces
        var offset = 0

        mutating func next() async throws -> [UInt8]? {
            guard offset < pieces.bytes.count else { return nil }
            try await pieces.before(offset)
            let end = Swift.min(pieces.bytes.count, offset + pieces.size)
            defer { offset = end }
            return Array(pieces.bytes[offset..<end])
        }
    }
}

/// An import with the rows that it refused.
struct ImportRun {
    let summary: UserImportSummary
    let refused: [RefusedRow]

    /// `2 username taken`.
    var lines: [String] {
        refused.flatMap { row in row.errors.map { "\(row.row) \($0.field) \($0.code)" } }
    }

    var counts: [Int] { [summary.created, summary.updated, summary.skipped, summary.failed] }
}

extension World {
    func importing(
        _ text: Pieces, _ format: UserImportOptions.Format = .csv, onConflict: UserImportOptions.OnConflict = .fail,
        dryRun: Bool = false, samples: Int = 0, by person: Person
    ) async throws -> ImportRun {
        let refused = Mutex<[RefusedRow]>([])
        let summary = try await imports.run(
            text, options: .init(format: format, onConflict: onConflict, dryRun: dryRun, samples: samples), caller: person.caller
        ) { rows in refused.withLock { $0 += rows } }
        return ImportRun(summary: summary, refused: refused.withLock { $0 })
    }

    func importing(
        _ text: String, _ format: UserImportOptions.Format = .csv, onConflict: UserImportOptions.OnConflict = .fail,
        dryRun: Bool = false, by person: Person
    ) async throws -> ImportRun {
        try await importing(Pieces(text), format, onConflict: onConflict, dryRun: dryRun, by: person)
    }

    func user(named name: String, by person: Person) async throws -> User? {
        try await users.list(ListQuery(filter: "username eq \"\(name)\""), caller: person.caller).items.first
    }

    func exporting(
        _ format: UserImportOptions.Format = .csv, secrets: Bool = false, by person: Person
    ) async throws -> String {
        var bytes: [UInt8] = []
        for try await piece in try await exports.begin(.init(format: format, secrets: secrets), caller: person.caller) {
            bytes += piece
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

@Suite struct UserImportTests {
    static let bcrypt = "$2b$06$H8pBPZzSSY.FmcIEuCtjguZOI58cdVC..3YTCgSgpTJOzjDmAysK2"
    static let bcryptPassword = "correct horse battery"

    @Test(arguments: [1, 2, 3, 7, 1 << 16]) func `rows go in with all they give, however the text is cut`(size: Int) async throws
    {
        let world = try await World()
        let owner = try await world.makeOwner()
        let text = [
            "\u{FEFF}username,name,email,status,passwordHash,attributes.floor,attributes.sites,attributes.note\r\n",
            "ann,\"Berg, \"\"Ann\"\"\",ann@example.org,,\(Self.bcrypt),3,\"[\"\"north\"\",2,true]\",007\r\n",
            "ben,,,disabled,,,,\"true story\"\n\n", "cleo,Cleö,,active,,false,,\"\"\"true\"\"\"\r",
            "dora,,,invited,,-1.5,,{}",
        ].joined()
        let run = try await world.importing(Pieces(text, size: size), by: owner)
        #expect(run.lines == [])
        #expect(run.counts == [4, 0, 0, 0])
        let ann = try #require(try await world.user(named: "ann", by: owner))
        #expect(ann.name == "Berg, \"Ann\"" && ann.email == "ann@example.org" && ann.status == .active)
        #expect(
            ann.attributes
                == JSONObject([
                    ("floor", .integer(3)), ("sites", .array([.string("north"), .integer(2), .bool(true)])),
                    ("note", .string("007")),
                ]))
        let ben = try #require(try await world.user(named: "ben", by: owner))
        #expect(ben.name == nil && ben.status == .disabled && ben.attributes == JSONObject([("note", .string("true story"))]))
        let cleo = try #require(try await world.user(named: "cleo", by: owner))
        // Nobody is active without a password.
        #expect(cleo.status == .invited && cleo.name == "Cleö")
        #expect(cleo.attributes == JSONObject([("floor", .bool(false)), ("note", .string("true"))]))
        let dora = try #require(try await world.user(named: "dora", by: owner))
        #expect(dora.attributes == JSONObject([("floor", .number(-1.5)), ("note", .string("{}"))]))
        // They are found by the words of their names, as others are.
        #expect(try await world.users.list(ListQuery(search: "berg"), caller: owner.caller).items.map(\.username) == ["ann"])
    }

    @Test func `somebody with a foreign hash signs in and has one of ours from then on`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let run = try await world.importing("username,passwordHash\nann,\(Self.bcrypt)\n", by: owner)
        #expect(run.counts == [1, 0, 0, 0])
        let id = try #require(try await world.user(named: "ann", by: owner)).id
        func secret() async throws -> String? {
            try await world.database.read { try Credentials.password(of: id, realm: .main, on: $0)?.secret }
        }
        #expect(try await secret() == Self.bcrypt)
        await #expect(throws: ServiceError.invalidCredentials) {
            try await world.enter("ann", password: "correct horse battery ")
        }
        #expect(try await secret() == Self.bcrypt)
        _ = try await world.enter("ann", password: Self.bcryptPassword)
        #expect(try await secret()?.hasPrefix("$argon2id$") == true)
        _ = try await world.enter("ann", password: Self.bcryptPassword)
    }

    @Test func `JSON lines go in like CSV`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let text = """
            {"username":"ann","name":"Ann","attributes":{"floor":3,"gone":null},"attributes.site":"north"}\r

            {"username":"ben","email":null,"status":"disabled","passwordHash":"\(Self.bcrypt)"}
            {"username":"cleo","shoe":1}
            {"username":7}
            {"username":"dora","username":"dora"}
            [1]
            {"username":"eve","attributes":[]}
            {"username":"fay","attributes":{"a":{"b":1}}}
            {"username":"gus"
            \(String(repeating: "[", count: 5000))
            {"username":"hal"}
            """
        let run = try await world.importing(Pieces(text, size: 11), .jsonLines, by: owner)
        #expect(
            run.lines == [
                "3 shoe unknown", "4 username wrong_type", "5  malformed", "6  malformed", "7 attributes wrong_type",
                "8 attributes.a type", "9  malformed", "10  malformed",
            ])
        #expect(run.counts == [3, 0, 0, 8])
        let ann = try #require(try await world.user(named: "ann", by: owner))
        #expect(ann.attributes == JSONObject([("floor", .integer(3)), ("site", .string("north"))]))
        #expect(try await world.user(named: "ben", by: owner)?.status == .disabled)
    }

    @Test func `a wrong row is refused with all that is wrong, and keeps no other out`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let text = [
            "username,name,email,status,passwordHash,attributes.a", "good,,,,,", ",,,,,", "a b,,nowhere,,,",
            "019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f,,,,,", "x1,,,locked,,", "x2,,,,plaintext,", "x3,,,,$2b$31$aaaa,",
            "x4,,,invited,\(Self.bcrypt),", "x5,,,,", "x6,,,,,,", "x7,a\"b,,,,", "x8,\"a\"b,,,,", "olga,,,,,", "OLGA,,,,,",
            "twice,,,,,", "Twice,,,,,", "x9,,,,,\u{7}", "last,,,,,",
        ].joined(separator: "\n")
        for dryRun in [true, false] {
            let run = try await world.importing(text, dryRun: dryRun, by: owner)
            #expect(
                run.lines == [
                    "2 username required", "3 username characters", "3 email invalid_email", "4 username reserved",
                    "5 status unknown", "6 passwordHash unknown_hash", "7 passwordHash malformed_hash", "8 status contradiction",
                    "9  malformed", "10  malformed", "11  malformed", "12  malformed", "13 username taken", "14 username taken",
                    "16 username taken", "17 attributes.a type",
                ])
            #expect(run.counts == [3, 0, 0, 15])
            #expect((try await world.user(named: "last", by: owner) == nil) == dryRun)
        }
    }

    @Test func `bytes that are no text are refused row by row`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        var bytes = Array("username,name\nann,".utf8)
        bytes += [0xFF, 0xFE] + Array("\nben,a".utf8) + [0] + Array("b\nc".utf8) + [0] + Array(",x\nlast,\n".utf8)
        let run = try await world.importing(Pieces(bytes: bytes), by: owner)
        #expect(run.lines == ["1  encoding", "2 name characters", "3 username characters"])
        #expect(run.counts == [1, 0, 0, 3])
    }

    @Test(arguments: [
        ("", "empty"), ("\n\n", "empty"), ("name\nx\n", "username is missing"), ("username,shoe\n", "\"shoe\""),
        ("username,username\n", "\"username\""), ("username,attributes.a,attributes.a\n", "\"attributes.a\""),
        ("username,attributes.\n", "\"attributes.\""), ("username;name\nann;Ann\n", "separated by commas"),
        ("\"username\n", "no header"), ("{\"username\":\"ann\"}\n", "no header"), ("User,name\n", "\"User\""),
        ("username," + String(repeating: ",", count: 70_000) + "\n", "no header"),
    ]) func `what is no CSV of users is said before anything is done`(text: String, words: String) async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let error = await #expect(throws: ServiceError.self) { try await world.importing(Pieces(text, size: 100), by: owner) }
        guard case .malformed(let detail, _) = error else { throw TestFailure("\(String(describing: error))") }
        #expect(detail.contains(words), "\(detail)")
    }

    @Test func `files of other encodings and kinds are told apart`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        for bytes: [UInt8] in [
            [0xFF, 0xFE, 0x75, 0x00], [0xFE, 0xFF, 0x00, 0x75], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], [0xFF],
        ] {
            await #expect(throws: ServiceError.self) { try await world.importing(Pieces(bytes: bytes, size: 1), by: owner) }
        }
        await #expect(throws: ServiceError.self) { try await world.importing("username\nann\n", .jsonLines, by: owner) }
        await #expect(throws: ServiceError.self) { try await world.importing("\n", .jsonLines, by: owner) }
        // A header without rows is no mistake.
        #expect(try await world.importing("username", by: owner).counts == [0, 0, 0, 0])
    }

    @Test func `a quote that is never closed ends the import there, and what came before is in`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let open = "username,name\nann,Ann\nben,\"" + String(repeating: "x,y\n", count: 40_000)
        let run = try await world.importing(Pieces(open, size: 5000), by: owner)
        #expect(run.lines == ["2  malformed"])
        #expect(run.counts == [1, 0, 0, 1])
        #expect(run.summary.stopped?.row == 2)
        // A short one is the last row.
        let short = try await world.importing("username,name\ncleo,Cleo\ndora,\"Dora", by: owner)
        #expect(short.lines == ["2  malformed"])
        #expect(short.summary.stopped == nil)
        // An endless row without quotes ends with its line.
        let long = try await world.importing(
            "username,name\neve,\(String(repeating: "x", count: 70_000))\nfay,\n", by: owner)
        #expect(long.lines == ["1  too_long"])
        #expect(long.counts == [1, 0, 0, 1])
        let lines = try await world.importing(
            "{\"username\":\"\(String(repeating: "x", count: 70_000))\"}\n{\"username\":\"gus\"}", .jsonLines, by: owner)
        #expect(lines.lines == ["1  too_long"])
        #expect(lines.counts == [1, 0, 0, 1])
    }

    @Test func `names that exist are refused, left out or changed, as asked`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        _ = try await world.importing(
            "username,name,email,attributes.a,attributes.b\nann,Ann,ann@example.org,1,2\nben,Ben,,,\n", by: owner)
        let text = "username,name,attributes.a\nANN,,3\nnew,New,\nben,Ben,\nnew,Newer,\n"
        #expect(try await world.importing(text, dryRun: true, by: owner).counts == [1, 0, 0, 3])
        #expect(try await world.importing(text, onConflict: .skip, dryRun: true, by: owner).counts == [1, 0, 3, 0])
        #expect(try await world.importing(text, onConflict: .update, dryRun: true, by: owner).counts == [1, 3, 0, 0])
        #expect(try await world.user(named: "new", by: owner) == nil)
        #expect(try await world.importing(text, onConflict: .update, by: owner).counts == [1, 3, 0, 0])
        let ann = try #require(try await world.user(named: "ann", by: owner))
        // What is not given stays; an empty field clears; the spelling of the name is kept.
        #expect(ann.username == "ann" && ann.name == nil && ann.email == "ann@example.org")
        #expect(ann.attributes == JSONObject([("a", .integer(3)), ("b", .integer(2))]))
        #expect(try await world.user(named: "new", by: owner)?.name == "Newer")
        // A row that says what is there already changes nothing.
        let before = try await world.user(named: "ben", by: owner)
        #expect(try await world.importing("username,name\nben,Ben\n", onConflict: .update, by: owner).counts == [0, 1, 0, 0])
        #expect(try await world.user(named: "ben", by: owner) == before)
        #expect(try await world.importing(text, onConflict: .skip, by: owner).counts == [0, 0, 4, 0])
        #expect(try await world.importing(text, by: owner).counts == [0, 0, 0, 4])
    }

    @Test func `a hash or a status given to somebody ends their sessions`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let ann = try await world.makePerson("ann", by: owner)
        let ben = try await world.makePerson("ben", by: owner)
        let cleo = try await world.makePerson("cleo", by: owner)
        let run = try await world.importing(
            "username,status,passwordHash,name\nann,,\(Self.bcrypt),\nben,disabled,,\ncleo,,,Cleo\n", onConflict: .update,
            by: owner)
        #expect(run.counts == [0, 3, 0, 0])
        #expect(try await world.sessions.resolve(token: ann.token, realm: .main) == nil)
        #expect(try await world.sessions.resolve(token: ben.token, realm: .main) == nil)
        #expect(try await world.sessions.resolve(token: cleo.token, realm: .main) != nil)
        _ = try await world.enter("ann", password: Self.bcryptPassword)
        #expect(try await world.user(named: "ben", by: owner)?.status == .disabled)
        // Enabled again, with the password that was there.
        #expect(
            try await world.importing("username,status\nben,active\n", onConflict: .update, by: owner).counts == [0, 1, 0, 0])
        _ = try await world.enter("ben")
        // Somebody with a password is not invited again.
        #expect(
            try await world.importing("username,status\nben,invited\n", onConflict: .update, by: owner).lines == [
                "1 status contradiction"
            ])
    }

    @Test(arguments: [true, false]) func `the last owner stays, and nobody shuts himself out`(dryRun: Bool) async throws {
        let world = try await World()
        let olga = try await world.makeOwner()
        let second = try await world.makePerson("second", by: olga)
        try await world.makeOwner(of: second.id)
        let own = try await world.importing(
            "username,status,passwordHash,name\nolga,disabled,,\nolga,,\(Self.bcrypt),\nolga,,,Olga\n", onConflict: .update,
            dryRun: dryRun, by: olga)
        #expect(own.lines == ["1 status own_account", "2 passwordHash own_account"])
        #expect(own.counts == [0, 1, 0, 2])
        // Whoever cannot sign in again is no owner who remains, even while a session lasts.
        let third = try await world.makePerson("third", by: olga)
        try await world.makeOwner(of: third.id)
        try await world.removePassword(of: olga.id)
        let run = try await world.importing(
            "username,status\nsecond,disabled\nthird,disabled\n", onConflict: .update, dryRun: dryRun, by: olga)
        #expect(run.lines == ["2 status last_owner"])
        #expect(run.counts == [0, 1, 0, 1])
        let left = try await world.database.read { try LastOwner.able(realm: .main, limit: 10, at: world.clock.now(), on: $0) }
        #expect(left == (dryRun ? [second.id, third.id] : [third.id]))
    }

    @Test func `without the permission nothing is read, and it is asked for again in every chunk`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let powerless = try await world.makePerson("powerless", by: owner)
        await #expect(throws: ServiceError.forbidden(permission: "user:create")) {
            try await world.importing("no CSV at all", by: powerless)
        }
        await #expect(throws: ServiceError.unauthenticated) {
            _ = try await world.imports.run(
                Pieces("username\n"), options: .init(format: .csv), caller: world.stranger()
            ) { _ in }
        }
        let second = try await world.makePerson("second", by: owner)
        try await world.makeOwner(of: second.id)
        let rows = (1...1600).map { "row\($0)" }.joined(separator: "\n")
        var pieces = Pieces("username\n" + rows, size: 1000)
        pieces.before = { offset in
            // Two chunks of 500 are in by then.
            if offset == 9000 { _ = try await world.users.disable(second.id, ifMatch: nil, caller: owner.caller) }
        }
        let run = try await world.importing(pieces, by: second)
        let stop = try #require(run.summary.stopped)
        #expect(stop.error as? ServiceError == .unauthenticated)
        #expect(run.summary.created == stop.row - 1 && run.summary.created % UserImports.chunkRows == 0)
        #expect((500...1500).contains(run.summary.created))
        #expect(try await world.user(named: "row\(stop.row)", by: owner) == nil)
        #expect(try await world.user(named: "row\(stop.row - 1)", by: owner) != nil)
    }

    @Test func `each chunk is one event that names ids and no secrets`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let before = try await world.events().count
        let rows = (1...700).map { "row\($0),\(Self.bcrypt)" }.joined(separator: "\n")
        _ = try await world.importing("username,passwordHash\n" + rows, by: owner)
        let events = try await world.events().filter { $0.action == "user.import" }
        #expect(try await world.events().count == before + 2)
        #expect(Set(events.map(\.detail)) == ["500 created, 0 updated", "200 created, 0 updated"])
        let ids = events.flatMap { event in event.changes.flatMap { $0.new.array ?? [] } }.compactMap(\.string)
        #expect(Set(ids).count == 700)
        let row = try #require(try await world.user(named: "row700", by: owner))
        #expect(ids.contains(row.id.text))
        #expect(!events.contains { event in event.changes.contains { $0.new.text.contains("$2b$") } })
        #expect(try await world.audit.verify(since: nil, caller: owner.caller).intact)
        let nothing = try await world.importing("username\nrow1\n", by: owner)
        #expect(nothing.counts == [0, 0, 0, 1])
        #expect(try await world.events().count == before + 2)
    }

    @Test(arguments: UserImportOptions.Format.allCases)
    func `what was exported goes in elsewhere as it was, and everybody can sign in`(format: UserImportOptions.Format) async throws
    {
        let world = try await World()
        let owner = try await world.makeOwner()
        let attributes = JSONObject([
            ("text", .string("a,\"b\" ")), ("number", .integer(7)), ("digits", .string("7")), ("word", .string("true")),
            ("flag", .bool(true)), ("real", .number(1.5)), ("empty", .string("")), ("formula", .string("=1+1")),
            ("list", .array([.string("x"), .integer(1)])), ("quoted", .string("\"x\"")), ("brace", .string("{}")),
            ("null", .string("null")), ("long", .string("123456789012345678901234567890")), ("space", .string(" x")),
        ])
        _ = try await world.users.create(
            NewUser(
                username: "ann", name: " Ann, \"the\" one ", email: "ann@example.org", password: World.password,
                attributes: attributes), idempotency: nil, caller: owner.caller)
        try await world.makeUser("ben", password: nil, by: owner)
        let cleo = try await world.makePerson("cleo", by: owner)
        _ = try await world.users.disable(cleo.id, ifMatch: nil, caller: owner.caller)
        _ = try await world.importing("username,passwordHash\ndora,\(Self.bcrypt)\n", by: owner)

        let text = try await world.exporting(format, secrets: true, by: owner)
        let other = try await World()
        let another = try await other.makeOwner("another")
        let run = try await other.importing(text, format, by: another)
        #expect(run.lines == [])
        #expect(run.counts == [5, 0, 0, 0])
        for name in ["olga", "ann", "ben", "cleo", "dora"] {
            let old = try #require(try await world.user(named: name, by: owner))
            let new = try #require(try await other.user(named: name, by: another))
            #expect(new.name == old.name && new.email == old.email && new.status == old.status, "\(name)")
            #expect(new.attributes == old.attributes, "\(name)")
        }
        _ = try await other.enter("ann")
        _ = try await other.enter("olga")
        _ = try await other.enter("dora", password: Self.bcryptPassword)
        // The same again changes nothing anywhere.
        let again = try await world.importing(
            try await world.exporting(format, by: owner), format, onConflict: .update, by: owner)
        #expect(again.lines == [])
        #expect(again.counts == [0, 5, 0, 0])
        #expect(try await world.events().filter { $0.action == "user.import" }.count == 1)
    }

    @Test func `an export shows what one may read, secrets to those who may have them, and is in the record`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let powerless = try await world.makePerson("powerless", by: owner)
        #expect(try await world.exporting(by: powerless) == "username,name,email,status\r\npowerless,,,active\r\n")
        await #expect(throws: ServiceError.forbidden(permission: "user:export-secrets")) {
            try await world.exporting(secrets: true, by: powerless)
        }
        #expect(try await !world.exporting(.jsonLines, by: owner).contains("argon2"))
        #expect(try await world.exporting(.jsonLines, secrets: true, by: owner).contains("\"passwordHash\":\"$argon2id$"))
        let details = try await world.events().filter { $0.action == "user.export" }.compactMap(\.detail)
        #expect(details.sorted() == ["1", "2", "2 with password hashes"])
    }

    @Test func `many rows need no more than a few pages to come out again`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let rows = (1...2500).map { "row\($0)" }.joined(separator: "\n")
        #expect(try await world.importing("username\n" + rows, by: owner).counts == [2500, 0, 0, 0])
        let lines = try await world.exporting(by: owner).split(separator: "\r\n")
        #expect(lines.count == 2502)
        #expect(Set(lines).count == 2502)
    }
}

extension World {
    fileprivate func removePassword(of id: EntityID) async throws {
        _ = try await database.write { connection in
            try connection.run(Statement("DELETE FROM credential WHERE principal_id = $1", [.text(id.text)]))
        }
    }
}
