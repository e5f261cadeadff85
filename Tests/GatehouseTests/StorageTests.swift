import Foundation
import Model
@testable import Storage
import Synchronization
import Testing

/// What every engine must do, written against `Database` alone.
@Suite("Database") struct DatabaseTests {
    static let migrations = [
        Migration(
            900, "things",
            [
                "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, note TEXT, data BLOB)",
                "CREATE UNIQUE INDEX thing_name ON thing (name)",
                """
                CREATE TABLE part (id BIGINT NOT NULL PRIMARY KEY, thing_id BIGINT NOT NULL,
                    FOREIGN KEY (thing_id) REFERENCES thing (id))
                """,
            ])
    ]

    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    func open(_ engine: Engine, migrations: [Migration] = migrations) throws -> any Database {
        try engine.open(in: folder, migrations: migrations)
    }

    static func insert(_ id: Int64, _ name: String, on connection: any Connection) throws {
        try connection.run(
            Statement("INSERT INTO thing (id, name) VALUES ($1, $2)", [.integer(id), .text(name)]))
    }

    static func names(_ database: any Database) async throws -> [String] {
        try await database.read { try $0.rows(Statement("SELECT name FROM thing ORDER BY id")) { $0.text(0) } }
    }

    static func key(_ name: String, _ version: Int64 = 1) -> ChangeKey {
        ChangeKey(realm: .main, kind: "thing", key: name, version: version)
    }

    struct Refused: Error {}

    // MARK: Transactions

    @Test(arguments: Engine.allCases)
    func `what a write did is there for every read after it`(engine: Engine) async throws {
        let database = try open(engine)
        let written = try await database.write { connection in
            try Self.insert(1, "a", on: connection)
            return "answer"
        }
        #expect(written.value == "answer")
        #expect(try await Self.names(database) == ["a"])
        #expect(try await database.scan { try $0.rows(Statement("SELECT name FROM thing")) { $0.text(0) } } == ["a"])
        #expect(try database.readNow { try $0.rows(Statement("SELECT name FROM thing")) { $0.text(0) } } == ["a"])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `nothing stays of a write that throws, and the error comes out`(engine: Engine) async throws {
        let database = try open(engine)
        await #expect(throws: Refused.self) {
            _ = try await database.write { connection in
                try Self.insert(1, "a", on: connection)
                try connection.record(Self.key("a"))
                throw Refused()
            }
        }
        #expect(try await Self.names(database) == [])
        #expect(try await database.settledPosition() == 0)
        _ = try await database.write { try Self.insert(1, "b", on: $0) }
        #expect(try await Self.names(database) == ["b"])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `a write sees its own changes, and nobody else does before the commit`(engine: Engine) async throws {
        let database = try open(engine)
        let seenOutside = try await database.write { connection -> [String] in
            try Self.insert(1, "a", on: connection)
            #expect(try connection.first(Statement("SELECT name FROM thing")) { $0.text(0) } == "a")
            // Another connection, while this transaction is open.
            return try database.readNow { try $0.rows(Statement("SELECT name FROM thing")) { $0.text(0) } }
        }
        #expect(seenOutside.value == [])
        #expect(try await Self.names(database) == ["a"])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `a read sees one state from its beginning to its end`(engine: Engine) async throws {
        let database = try open(engine)
        _ = try await database.write { try Self.insert(1, "a", on: $0) }
        let counts = try await database.scan { connection -> [Int64] in
            let count = Statement("SELECT COUNT(*) FROM thing")
            let before = try connection.first(count) { $0.integer(0) } ?? -1
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                _ = try? await database.write { try Self.insert(2, "b", on: $0) }
                done.signal()
            }
            #expect(done.wait(timeout: .now() + 20) == .success, "a write does not wait for readers")
            return [before, try connection.first(count) { $0.integer(0) } ?? -1]
        }
        #expect(counts == [1, 1])
        #expect(try await Self.names(database) == ["a", "b"])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `a cancelled caller's write is done all the same`(engine: Engine) async throws {
        let database = try open(engine)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await database.write { try Self.insert(1, "a", on: $0) }
        }
        try await task.value
        #expect(try await Self.names(database) == ["a"])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `reading cannot write`(engine: Engine) async throws {
        let database = try open(engine)
        await #expect(throws: StorageError.self) { try await database.read { try Self.insert(1, "a", on: $0) } }
        #expect(try await Self.names(database) == [])
        await database.close()
    }

    // MARK: Group commit

    @Test(arguments: Engine.allCases)
    func `among many writes at once each stands for itself`(engine: Engine) async throws {
        let database = try open(engine)
        let results = await withTaskGroup(of: (Int64, Bool).self) { group in
            for number in Int64(0)..<400 {
                group.addTask {
                    do {
                        _ = try await database.write { connection in
                            try Self.insert(number, "thing \(number)", on: connection)
                            try connection.record(Self.key("\(number)"))
                            if number % 5 == 0 { throw Refused() }
                            // A second name that half of them fight for.
                            if number % 5 == 1 { try Self.insert(number + 10_000, "contested", on: connection) }
                        }
                        return (number, true)
                    } catch {
                        return (number, false)
                    }
                }
            }
            var all: [(Int64, Bool)] = []
            for await result in group { all.append(result) }
            return all
        }
        let succeeded = Set(results.filter(\.1).map(\.0))
        #expect(succeeded.filter { $0 % 5 == 0 }.isEmpty)
        #expect(succeeded.filter { $0 % 5 == 1 }.count == 1, "one wins the contested name")
        #expect(succeeded.filter { $0 % 5 > 1 }.count == 240)
        let stored = Set(
            try await database.read {
                try $0.rows(Statement("SELECT id FROM thing WHERE id < 10000")) { $0.integer(0) }
            })
        #expect(stored == succeeded, "exactly those that were answered with success are there")
        #expect(try await database.settledPosition() == Int64(succeeded.count))
        await database.close()
        // And they are durable.
        let again = try open(engine)
        #expect(try await Self.names(again).count == succeeded.count + 1)
        #expect(again.revision.position == Int64(succeeded.count))
        await again.close()
    }

    @Test(arguments: Engine.allCases)
    func `writes of one value lose no update`(engine: Engine) async throws {
        let database = try open(engine)
        _ = try await database.write { try Self.insert(1, "0", on: $0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    _ = try await database.write { connection in
                        let old = try connection.first(Statement("SELECT name FROM thing WHERE id = 1")) { $0.text(0) } ?? ""
                        try connection.run(
                            Statement("UPDATE thing SET name = $1 WHERE id = 1", [.text(String((Int(old) ?? 0) + 1))]))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await Self.names(database) == ["200"])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `a write in which a statement failed is lost, even when its body makes nothing of it`(engine: Engine) async throws {
        let database = try open(engine)
        _ = try await database.write { try Self.insert(1, "a", on: $0) }
        await #expect(throws: StorageError.self) {
            _ = try await database.write { connection in
                try Self.insert(2, "b", on: connection)
                try? Self.insert(3, "a", on: connection)
                try? Self.insert(4, "c", on: connection)
            }
        }
        #expect(try await Self.names(database) == ["a"])
        _ = try await database.write { try Self.insert(2, "b", on: $0) }
        #expect(try await Self.names(database) == ["a", "b"])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `a taken key is told apart from other failures`(engine: Engine) async throws {
        let database = try open(engine)
        _ = try await database.write { try Self.insert(1, "a", on: $0) }
        for (id, name) in [(Int64(1), "b"), (2, "a")] {
            let error = await #expect(throws: StorageError.self) {
                _ = try await database.write { try Self.insert(id, name, on: $0) }
            }
            guard case .uniqueViolation? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        let missing = await #expect(throws: StorageError.self) {
            _ = try await database.write { try $0.run(Statement("INSERT INTO thing (id) VALUES (7)")) }
        }
        guard case .failed? = missing else {
            Issue.record("\(String(describing: missing))")
            return
        }
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `foreign keys are held`(engine: Engine) async throws {
        let database = try open(engine)
        await #expect(throws: StorageError.self) {
            _ = try await database.write { try $0.run(Statement("INSERT INTO part (id, thing_id) VALUES (1, 99)")) }
        }
        _ = try await database.write { connection in
            try Self.insert(1, "a", on: connection)
            try connection.run(Statement("INSERT INTO part (id, thing_id) VALUES (1, 1)"))
        }
        await #expect(throws: StorageError.self) {
            _ = try await database.write { try $0.run(Statement("DELETE FROM thing WHERE id = 1")) }
        }
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `parameters may be used twice and out of order`(engine: Engine) async throws {
        let database = try open(engine)
        let row = try await database.read { connection in
            try connection.first(
                Statement(
                    "SELECT $2, $1, $2, $12, $3",
                    [
                        .text("one"), .text("two"), .null, .integer(4), .integer(5), .integer(6), .integer(7), .integer(8),
                        .integer(9), .integer(10), .integer(11), .integer(12),
                    ])
            ) { [$0.text(0), $0.text(1), $0.text(2), String($0.integer(3)), $0.isNull(4) ? "null" : "not null"] }
        }
        #expect(row == ["two", "one", "two", "12", "null"])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `values come back as they went in`(engine: Engine) async throws {
        let database = try open(engine)
        let texts = ["", " ", "\u{e9}", "e\u{301}", "\u{1F600}", "a'b\"c", "$1 ?1 :a", "%_\\", "A", "a"]
        let bytes: [[UInt8]] = [[], [0], [0xFF, 0x00, 0x7F], Array(0...255)]
        _ = try await database.write { connection in
            for (index, text) in texts.enumerated() {
                try connection.run(
                    Statement(
                        "INSERT INTO thing (id, name, note, data) VALUES ($1, $2, $3, $4)",
                        [
                            .integer(Int64(index)), .text(text), .optional(index == 0 ? nil : text),
                            .bytes(bytes[index % bytes.count]),
                        ]))
            }
            try connection.run(
                Statement("INSERT INTO thing (id, name) VALUES ($1, 'min'), ($2, 'max')", [.integer(.min), .integer(.max)]))
        }
        let found = try await database.read { connection in
            try connection.rows(
                Statement("SELECT name, note, data FROM thing WHERE id >= 0 AND id < 100 ORDER BY id")
            ) { (Array($0.text(0).utf8), $0.optionalText(1).map { Array($0.utf8) }, $0.bytes(2)) }
        }
        for (index, text) in texts.enumerated() {
            #expect(found[index].0 == Array(text.utf8))
            #expect(found[index].1 == (index == 0 ? nil : Array(text.utf8)))
            #expect(found[index].2 == bytes[index % bytes.count])
        }
        let ends = try await database.read {
            try $0.rows(Statement("SELECT id FROM thing WHERE name IN ('min', 'max') ORDER BY id")) { $0.integer(0) }
        }
        #expect(ends == [.min, .max])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `text with a NUL is refused, instead of being cut there`(engine: Engine) async throws {
        let database = try open(engine)
        _ = try await database.write { try Self.insert(1, "ann", on: $0) }
        let find = Statement("SELECT id FROM thing WHERE name = $1", [.text("ann\u{0}x")])
        let error = await #expect(throws: ServiceError.self) { try await database.read { try $0.rows(find) { $0.integer(0) } } }
        #expect(error?.code == "malformed")
        await #expect(throws: ServiceError.self) { _ = try await database.write { try Self.insert(2, "\u{0}", on: $0) } }
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `text is ordered by its bytes`(engine: Engine) async throws {
        let database = try open(engine)
        let names = ["a", "B", "_", "\u{e9}", "Z", "z", "10", "9", "~", "\u{1F600}", "\u{FFFD}"]
        _ = try await database.write { connection in
            for (index, name) in names.enumerated() { try Self.insert(Int64(index), name, on: connection) }
        }
        let ordered = try await database.read { try $0.rows(Statement("SELECT name FROM thing ORDER BY name")) { $0.text(0) } }
        #expect(ordered == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `reading a type that a column does not hold gives that type's zero`(engine: Engine) async throws {
        let database = try open(engine)
        _ = try await database.write { try Self.insert(5, "five", on: $0) }
        let found = try await database.read { connection in
            try connection.first(Statement("SELECT id, name, note FROM thing")) { row in
                (
                    row.text(0), row.integer(1), row.bytes(1), row.integer(2), row.text(2), row.optionalInteger(2),
                    row.optionalBytes(2)
                )
            }
        }
        let row = try #require(found)
        #expect(row.0 == "" && row.1 == 0 && row.2 == [] && row.3 == 0 && row.4 == "" && row.5 == nil && row.6 == nil)
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `a statement tells how many rows it changed`(engine: Engine) async throws {
        let database = try open(engine)
        let counts = try await database.write { connection -> [Int] in
            for number in Int64(1)...5 { try Self.insert(number, "n\(number)", on: connection) }
            return [
                try connection.run(Statement("UPDATE thing SET note = 'x' WHERE id > $1", [.integer(2)])),
                try connection.run(Statement("DELETE FROM thing WHERE id > 100")),
                try connection.run(Statement("DELETE FROM thing")),
                try connection.run(
                    Statement("INSERT INTO thing (id, name) VALUES (1, 'a') ON CONFLICT (id) DO NOTHING")),
                try connection.run(
                    Statement("INSERT INTO thing (id, name) VALUES (1, 'a') ON CONFLICT (id) DO NOTHING")),
            ]
        }.value
        #expect(counts == [3, 0, 5, 1, 0])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `rows are read only until the body has had enough`(engine: Engine) async throws {
        let database = try open(engine)
        _ = try await database.write { connection in
            for number in Int64(1)...10 { try Self.insert(number, "n\(number)", on: connection) }
        }
        let seen = try await database.read { connection -> [Int64] in
            var seen: [Int64] = []
            try connection.each(Statement("SELECT id FROM thing ORDER BY id")) { row in
                seen.append(row.integer(0))
                return seen.count < 3
            }
            return seen
        }
        #expect(seen == [1, 2, 3])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `a bad statement is a failure and no more`(engine: Engine) async throws {
        let database = try open(engine)
        await #expect(throws: StorageError.self) {
            try await database.read { try $0.rows(Statement("SELECT nothing")) { $0.text(0) } }
        }
        await #expect(throws: StorageError.self) { _ = try await database.write { try $0.run(Statement("NO SUCH WORD")) } }
        _ = try await database.write { try Self.insert(1, "a", on: $0) }
        #expect(try await Self.names(database) == ["a"])
        await database.close()
    }

    // MARK: Change feed

    @Test(arguments: Engine.allCases)
    func `the feed counts on from change to change and the revision follows`(engine: Engine) async throws {
        let database = try open(engine)
        let start = database.revision
        #expect(start.position == 0 && start.epoch >= 1)
        let first = try await database.write { try $0.record(Self.key("a")) }
        #expect(try await database.settledPosition() == 1)
        let second = try await database.write { connection in
            try connection.record(Self.key("b"))
            try connection.record(Self.key("b", 2))
        }
        #expect(try await database.settledPosition() == 3)
        let third = try await database.write { _ in }
        // Where others write as well the answer does not wait for a number: it names the one before and says so.
        let isInline = engine == .sqlite
        #expect([first, second, third].map(\.revision.position) == (isInline ? [1, 3, 3] : [0, 1, 3]))
        #expect([first, second, third].map(\.revision.isPending) == (isInline ? [false, false, false] : [true, true, false]))
        #expect([first, second, third].allSatisfy { $0.revision.epoch == start.epoch })
        #expect(database.revision == third.revision)
        let rows = try await database.read {
            try $0.rows(Statement("SELECT position, realm_id, kind, key, version FROM change_feed ORDER BY position")) {
                "\($0.integer(0)) \($0.text(1)) \($0.text(2)) \($0.text(3)) \($0.integer(4))"
            }
        }
        #expect(rows == ["1 main thing a 1", "2 main thing b 1", "3 main thing b 2"])
        await database.close()
        let again = try open(engine)
        #expect(again.revision == third.revision)
        _ = try await again.write { try $0.record(Self.key("c")) }
        #expect(try await again.settledPosition() == 4)
        await again.close()
    }

    @Test(arguments: Engine.allCases)
    func `observers have seen a change before its writer is answered`(engine: Engine) async throws {
        let database = try open(engine)
        let seen = Mutex<[Change]>([])
        database.observe { event in
            guard case .changes(let changes) = event else { return }
            // Slow, so that an answer that does not wait would be ahead of it.
            Thread.sleep(forTimeInterval: 0.02)
            seen.withLock { $0 += changes }
        }
        for number in Int64(1)...5 {
            _ = try await database.write { try $0.record(Self.key("k\(number)", number)) }
            #expect(seen.withLock { $0.last?.key } == Self.key("k\(number)", number))
            #expect(try await database.settledPosition() == number)
        }
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `observers can read what was committed, and are not called for nothing`(engine: Engine) async throws {
        let database = try open(engine)
        let seen = Mutex<[[String]]>([])
        database.observe { _ in
            let names = try? database.readNow { try $0.rows(Statement("SELECT name FROM thing ORDER BY id")) { $0.text(0) } }
            seen.withLock { $0.append(names ?? ["unreadable"]) }
        }
        _ = try await database.write { try Self.insert(1, "silent", on: $0) }
        _ = try? await database.write { connection in
            try connection.record(Self.key("x"))
            throw Refused()
        }
        #expect(seen.withLock { $0 } == [])
        _ = try await database.write { connection in
            try Self.insert(2, "told", on: connection)
            try connection.record(Self.key("2"))
        }
        #expect(seen.withLock { $0 } == [["silent", "told"]])
        await database.close()
    }

    @Test(arguments: Engine.allCases)
    func `trimming the feed keeps the newest and never turns the count back`(engine: Engine) async throws {
        let database = try open(engine)
        _ = try await database.write { connection in
            for number in 0..<50 { try connection.record(Self.key("\(number)")) }
        }
        #expect(try await database.settledPosition() == 50)
        _ = try await database.write { try Schema.trimFeed($0, keeping: 10) }
        let positions = try await database.read {
            try $0.rows(Statement("SELECT position FROM change_feed ORDER BY position")) { $0.integer(0) }
        }
        #expect(positions == Array(41...50))
        _ = try await database.write { try Schema.trimFeed($0, keeping: 0) }
        await database.close()
        let again = try open(engine)
        _ = try await again.write { try $0.record(Self.key("next")) }
        #expect(try await again.settledPosition() >= 51)
        await again.close()
    }

    // MARK: Migrations

    @Test(arguments: Engine.allCases)
    func `opening again changes nothing`(engine: Engine) async throws {
        let applied = Statement("SELECT number FROM schema_migration ORDER BY number")
        let first = try open(engine)
        _ = try await first.write { try Self.insert(1, "a", on: $0) }
        let numbers = try await first.read { try $0.rows(applied) { $0.integer(0) } }
        await first.close()
        let second = try open(engine)
        #expect(try await second.read { try $0.rows(applied) { $0.integer(0) } } == numbers)
        #expect(numbers == [1, 6, 900])
        #expect(try await Self.names(second) == ["a"])
        #expect(second.revision == first.revision)
        await second.close()
    }

    @Test(arguments: Engine.allCases)
    func `a later migration is applied to what is there, in the order of the numbers`(engine: Engine) async throws {
        let first = try open(engine)
        _ = try await first.write { try Self.insert(1, "a", on: $0) }
        await first.close()
        let later = [
            Migration(902, "second", ["UPDATE thing SET note = note || ' second'"]),
            Migration(901, "first", ["UPDATE thing SET note = 'first'"]),
        ]
        let second = try open(engine, migrations: Self.migrations + later)
        let notes = try await second.read { try $0.rows(Statement("SELECT note FROM thing")) { $0.text(0) } }
        #expect(notes == ["first second"])
        await second.close()
    }

    @Test(arguments: Engine.allCases)
    func `a migration that fails leaves the schema as it was`(engine: Engine) async throws {
        await (try open(engine)).close()
        let bad = [Migration(901, "bad", ["CREATE TABLE extra (id BIGINT)", "NO SUCH WORD"])]
        #expect(throws: StorageError.self) { try open(engine, migrations: Self.migrations + bad) }
        let again = try open(engine)
        #expect(
            try await again.read { try $0.rows(Statement("SELECT MAX(number) FROM schema_migration")) { $0.integer(0) } } == [900]
        )
        await #expect(throws: StorageError.self) {
            try await again.read { try $0.rows(Statement("SELECT id FROM extra")) { $0.text(0) } }
        }
        await again.close()
    }

    @Test(arguments: Engine.allCases)
    func `a newer schema is refused with both versions named`(engine: Engine) async throws {
        let newer = try open(engine, migrations: Self.migrations + [Migration(977, "of the future", [])])
        await newer.close()
        let error = #expect(throws: StorageError.self) { try open(engine) }
        #expect(error == .newerSchema(found: 977, supported: 900))
        let text = try #require(error.map { "\($0)" })
        #expect(text.contains("977") && text.contains("900"))
        let again = try open(engine, migrations: Self.migrations + [Migration(977, "of the future", [])])
        await again.close()
    }

    // MARK: The end

    @Test(arguments: Engine.allCases)
    func `closing finishes what was taken and refuses what comes after`(engine: Engine) async throws {
        let database = try open(engine)
        let writes = (Int64(0)..<100).map { number in
            Task { try await database.write { try Self.insert(number, "n\(number)", on: $0) } }
        }
        // Some are under way, some are queued, some may come too late.
        _ = try await writes[0].value
        await database.close()
        var answered = 0
        for write in writes {
            switch await write.result {
            case .success: answered += 1
            case .failure(let error): #expect(error as? ServiceError == .unavailable(retryAfterSeconds: 5))
            }
        }
        await #expect(throws: ServiceError.unavailable(retryAfterSeconds: 5)) { _ = try await database.write { _ in } }
        let again = try open(engine)
        #expect(try await Self.names(again).count == answered)
        await again.close()
    }

    @Test(arguments: Engine.allCases)
    func `beyond the queue the answer is overloaded, and those taken are done`(engine: Engine) async throws {
        let database = try open(engine)
        let isBlocked = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        // As many as write at once.
        let blockers = (0..<(engine == .sqlite ? 1 : 4)).map { _ in
            Task {
                try await database.write { _ in
                    isBlocked.signal()
                    release.wait()
                }
            }
        }
        for _ in blockers { await Task.detached { waitFor(isBlocked) }.value }
        let outcomes = await withTaskGroup(of: ServiceError?.self) { group in
            for _ in 0..<6000 { group.addTask { await refusal { try await database.write { _ in } } } }
            // Wait for the refusals, which come at once, then let the others go.
            var all: [ServiceError?] = []
            while all.count < 6000 - 4096, let outcome = await group.next() { all.append(outcome) }
            #expect(all.allSatisfy { $0 == .overloaded(retryAfterSeconds: 1) })
            for _ in blockers { release.signal() }
            for await outcome in group { all.append(outcome) }
            return all
        }
        for blocker in blockers { _ = try await blocker.value }
        let done = outcomes.filter { $0 == nil }.count
        let refused = outcomes.filter { $0 == .overloaded(retryAfterSeconds: 1) }.count
        #expect(done + refused == 6000)
        // Where waiting has an end, some of those in the queue may have met it.
        if engine == .sqlite { #expect(done == 4096) } else { #expect((1...4096).contains(done)) }
        await database.close()
    }
}

/// Blocks the thread it runs on, which must be one that may block.
private func waitFor(_ semaphore: DispatchSemaphore) {
    semaphore.wait()
}

/// What only the embedded engine can meet.
@Suite struct SQLiteTests {
    @Test(arguments: [
        "this is no database, and long enough that nobody takes it for an empty one", "SQLite format 3\u{0}damaged from here on",
    ])
    func `a file that is no database is refused as damaged`(text: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(String(repeating: text, count: 200), to: "gatehouse.db")
        let error = #expect(throws: StorageError.self) { try Engine.sqlite.open(in: folder) }
        guard case .damaged? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a folder that is not there is a failure`() throws {
        let folder = try TemporaryFolder()
        #expect(throws: StorageError.self) { try SQLiteDatabase(path: folder.file("absent/gatehouse.db"), migrations: []) }
    }

    @Test func `acknowledged writes survive a power cut`() async throws {
        // WAL and FULL together make each commit durable; GRDB's own choice is NORMAL.
        let folder = try TemporaryFolder()
        let database = try Engine.sqlite.open(in: folder)
        let pragmas = try await database.write { connection in
            [
                try connection.first(Statement("PRAGMA journal_mode")) { $0.text(0) },
                try connection.first(Statement("PRAGMA synchronous")) { String($0.integer(0)) },
                try connection.first(Statement("PRAGMA foreign_keys")) { String($0.integer(0)) },
            ]
        }.value
        #expect(pragmas == ["wal", "2", "1"])
        await database.close()
    }

    @Test(arguments: [("SELECT $1, $22", "SELECT ?1, ?22"), ("", ""), ("SELECT 1", "SELECT 1")])
    func `parameters are rewritten for SQLite`(text: String, rewritten: String) {
        #expect(SQLiteConnection.rewrite(text) == rewritten)
    }
}

@Suite struct StatementTests {
    @Test func `appending binds values in order and keeps text and values together`() {
        var statement = Statement("SELECT a FROM b WHERE c = $1", [.text("x")])
        statement.append(" AND d = ", .integer(2))
        statement.append(" AND e IN (")
        statement.bind(.null)
        statement.append(")")
        #expect(statement.text == "SELECT a FROM b WHERE c = $1 AND d = $2 AND e IN ($3)")
        #expect(statement.values == [.text("x"), .integer(2), .null])
    }

    @Test func `optional values become null`() {
        #expect(SQLValue.optional(String?.none) == .null)
        #expect(SQLValue.optional("a") == .text("a"))
        #expect(SQLValue.optional(Int64?.none) == .null)
        #expect(SQLValue.optional(Int64(3)) == .integer(3))
    }

    @Test func `pieces of SQL can be joined`() {
        let sql: SQL = "a" + "b"
        #expect(Statement(sql).text == "ab")
    }
}

/// Counts how many are inside, and how many were at most.
private final class Gauge: Sendable {
    private let counts = Mutex((inside: 0, most: 0))

    func enter() {
        counts.withLock {
            $0.inside += 1
            $0.most = max($0.most, $0.inside)
        }
    }

    func leave() {
        counts.withLock { $0.inside -= 1 }
    }

    var most: Int { counts.withLock { $0.most } }
}

@Suite struct WorkerPoolTests {
    struct Refused: Error {}

    @Test func `no more run at once than there are threads, and all are done`() async throws {
        let pool = WorkerPool(name: "test", threads: 3, queueLimit: 1000)
        defer { pool.end() }
        let gauge = Gauge()
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<60 {
                group.addTask {
                    try await pool.run {
                        gauge.enter()
                        Thread.sleep(forTimeInterval: 0.003)
                        gauge.leave()
                        return number
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 60 * 59 / 2)
        #expect(gauge.most <= 3)
        #expect(gauge.most > 1, "more than one thread works")
    }

    @Test func `a full queue refuses at once and serves what it took`() async throws {
        let pool = WorkerPool(name: "test", threads: 1, queueLimit: 2)
        defer { pool.end() }
        let release = DispatchSemaphore(value: 0)
        let first = Task { try await pool.run { release.wait() } }
        while pool.load.running == 0 { await Task.yield() }
        let queued = (0..<2).map { number in Task { try await pool.run { number } } }
        while pool.load.waiting < 2 { await Task.yield() }
        #expect(pool.load == (2, 1))
        await #expect(throws: WorkerPool.Full.self) { try await pool.run { 3 } }
        release.signal()
        try await first.value
        #expect(try await queued[0].value == 0)
        #expect(try await queued[1].value == 1)
        #expect(try await pool.run { 4 } == 4, "there is room again")
    }

    @Test func `errors come out`() async {
        let pool = WorkerPool(name: "test", threads: 1, queueLimit: 2)
        defer { pool.end() }
        await #expect(throws: Refused.self) { try await pool.run { throw Refused() } }
    }

    @Test func `an ended pool finishes what is queued and takes no more`() async throws {
        let pool = WorkerPool(name: "test", threads: 1, queueLimit: 10)
        let release = DispatchSemaphore(value: 0)
        let first = Task { try await pool.run { release.wait() } }
        while pool.load.running == 0 { await Task.yield() }
        let queued = Task { try await pool.run { "done" } }
        while pool.load.waiting == 0 { await Task.yield() }
        pool.end()
        await #expect(throws: WorkerPool.Full.self) { try await pool.run { 0 } }
        release.signal()
        try await first.value
        #expect(try await queued.value == "done")
    }

    @Test func `a pool without threads has one all the same`() async throws {
        let pool = WorkerPool(name: "test", threads: 0, queueLimit: 1)
        defer { pool.end() }
        #expect(try await pool.run { 1 } == 1)
    }
}
