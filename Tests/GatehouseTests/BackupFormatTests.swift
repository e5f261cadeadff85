import Crypto
import Foundation
import Model
@testable import Storage
import Testing

/// The file of a backup, with a schema of two small tables.
@Suite("Backup format") struct BackupFormatTests {
    static let migrations = [
        Migration(
            900, "things",
            [
                "CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, note TEXT, data BLOB)",
                "CREATE TABLE part (id BIGINT NOT NULL PRIMARY KEY, thing_id BIGINT NOT NULL REFERENCES thing (id))",
                "CREATE TABLE passing (id BIGINT NOT NULL PRIMARY KEY)",
            ])
    ]
    static let tables = [
        TableDescription("thing", .kept), TableDescription("part", .kept), TableDescription("passing", .left),
    ]
    static let plan = SchemaPlan(migrations: migrations, tables: tables)
    static let later = SchemaPlan(
        migrations: migrations + [
            Migration(
                901, "a column and a table more",
                [
                    "ALTER TABLE thing ADD COLUMN size BIGINT NOT NULL DEFAULT 0", "UPDATE thing SET size = LENGTH(name)",
                    "CREATE TABLE label (id BIGINT NOT NULL PRIMARY KEY)",
                ])
        ], tables: tables + [TableDescription("label", .kept)])

    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A database of that plan with some rows of every kind.
    func makeDatabase(_ name: String = "source.db", plan: SchemaPlan = plan, things: Int64 = 3) async throws -> String {
        let path = folder.file(name)
        try await SQLiteRestoreTarget(path: path).fill { connection in
            try plan.migrate(connection, clock: SystemClock())
            for number in 0..<things {
                let values: [SQLValue] = [
                    .integer(number == 1 ? .min : number), .text("thing \"\(number)\"\n\u{1F511}\\ü"),
                    number == 0 ? .null : .text(""), number == 2 ? .bytes([0, 0xFF, 0x0A]) : .null,
                ]
                try connection.run(Statement("INSERT INTO thing (id, name, note, data) VALUES ($1, $2, $3, $4)", values))
            }
            if things > 0 { try connection.run(Statement("INSERT INTO part (id, thing_id) VALUES (7, 0)")) }
            try connection.run(Statement("INSERT INTO passing (id) VALUES (1)"))
        }
        return path
    }

    func makeBackup(_ name: String = "backup", of database: String, plan: SchemaPlan = plan) async throws -> String {
        let path = folder.file(name)
        _ = try await BackupWriter.write(try SQLiteBackupSource(path: database), to: path, plan: plan, key: .keptApart)
        return path
    }

    /// Every value of a table, as text.
    func rows(_ path: String, _ statement: Statement, columns: Int) async throws -> [[String]] {
        try await SQLiteBackupSource(path: path).snapshot { connection in
            try connection.rows(statement) { row in
                (0..<columns).map { column in
                    row.isNull(column) ? "null" : "\(row.integer(column)) \(row.text(column)) \(row.bytes(column))"
                }
            }
        }
    }

    static let things = Statement("SELECT id, name, note, data FROM thing ORDER BY id")

    func verify(_ path: String, plan: SchemaPlan = plan) async -> Result<BackupContents, BackupError> {
        do {
            return .success(try await BackupFile(path: path).verify(plan))
        } catch let error as BackupError {
            return .failure(error)
        } catch {
            return .failure(BackupError(.inputOutput, "not a BackupError: \(error)"))
        }
    }

    func restore(_ backup: String, to path: String, plan: SchemaPlan = plan) async throws {
        let file = try BackupFile(path: backup)
        try await file.restore(try await file.verify(plan), into: SQLiteRestoreTarget(path: path), plan: plan) { _ in }
    }

    // MARK: There and back

    @Test func `what was kept comes back as it was, and what was left does not`() async throws {
        let source = try await makeDatabase()
        let target = folder.file("target.db")
        try await restore(try await makeBackup(of: source), to: target)
        let before = try await rows(source, Self.things, columns: 4)
        #expect(before.count == 3)
        #expect(try await rows(target, Self.things, columns: 4) == before)
        #expect(try await rows(target, Statement("SELECT thing_id FROM part"), columns: 1).count == 1)
        #expect(try await rows(target, Statement("SELECT id FROM passing"), columns: 1) == [])
        let epochs = try await SQLiteBackupSource(path: target).snapshot {
            try $0.rows(Statement("SELECT epoch FROM database_epoch")) { $0.integer(0) }
        }
        #expect(epochs == [2])
    }

    @Test func `more rows than fit into one statement come back`() async throws {
        let source = try await makeDatabase(things: 1000)
        let backup = try await makeBackup(of: source)
        guard case .success(let contents) = await verify(backup) else { throw TestFailure("it does not verify") }
        #expect(contents.tables.first { $0.name == "thing" }?.rows == 1000)
        let target = folder.file("target.db")
        try await restore(backup, to: target)
        #expect(try await rows(target, Self.things, columns: 4) == rows(source, Self.things, columns: 4))
    }

    @Test func `an older schema is restored as it was and then brought up to date`() async throws {
        let backup = try await makeBackup(of: try await makeDatabase())
        let target = folder.file("target.db")
        try await restore(backup, to: target, plan: Self.later)
        let sizes = try await rows(target, Statement("SELECT size, LENGTH(name) FROM thing"), columns: 2)
        #expect(sizes.count == 3 && sizes.allSatisfy { $0[0] == $0[1] && !$0[0].hasPrefix("0") }, "\(sizes)")
        let applied = try await rows(target, Statement("SELECT number FROM schema_migration ORDER BY number"), columns: 1)
        #expect(applied.last?[0].hasPrefix("901") == true)
    }

    @Test func `the columns may come in another order`() async throws {
        let file = try await edited { lines in
            for (index, line) in lines.enumerated() where line.hasPrefix(#"{"table":"part""#) {
                lines[index] = #"{"table":"part","columns":["thing_id","id"]}"#
                lines[index + 1] = "[0,7]"
            }
        }
        let target = folder.file("target.db")
        try await restore(file, to: target)
        let parts = try await SQLiteBackupSource(path: target).snapshot {
            try $0.rows(Statement("SELECT id, thing_id FROM part")) { [$0.integer(0), $0.integer(1)] }
        }
        #expect(parts == [[7, 0]])
    }

    // MARK: Damage

    @Test func `cut off at any byte it is refused`() async throws {
        let bytes = try contents(of: try await makeBackup(of: try await makeDatabase()))
        for length in 0..<bytes.count {
            let path = try write(Array(bytes[..<length]))
            guard case .failure(let error) = await verify(path), error.reason == .unusableFile else {
                Issue.record("cut to \(length) of \(bytes.count) bytes it was taken")
                return
            }
        }
    }

    @Test(arguments: [UInt8(0xFF), 0x01, 0x80])
    func `with any byte changed it is refused, or says the same`(mask: UInt8) async throws {
        let path = try await makeBackup(of: try await makeDatabase())
        let bytes = try contents(of: path)
        guard case .success(let whole) = await verify(path) else { throw TestFailure("it does not verify") }
        var same = 0
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= mask
            guard case .success(let found) = await verify(try write(changed)) else { continue }
            // The last bits of the compressed part mean nothing.
            #expect(found.checksum == whole.checksum && found.header == whole.header, "byte \(index)")
            same += 1
        }
        #expect(same <= (mask == 0xFF ? 0 : 1))
    }

    @Test func `what follows the end is refused`() async throws {
        let bytes = try contents(of: try await makeBackup(of: try await makeDatabase()))
        for tail in [[0], [0x0A], bytes] {
            guard case .failure(let error) = await verify(try write(bytes + tail)) else {
                Issue.record("\(tail.count) more bytes were taken")
                continue
            }
            #expect(error.description.contains("follows"))
        }
    }

    @Test func `other files are no backups`() async throws {
        let others: [[UInt8]] = [
            [], Array("gatehouse".utf8), Array("SQLite format 3\0".utf8) + [UInt8](repeating: 0, count: 5000),
            // What `gzip -n` writes for "{}\n".
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xAB, 0xAE, 0xE5, 2, 0, 0x05, 0xB6, 0x9B, 0x95, 3, 0, 0, 0],
            try gzip(["{}"]), try gzip(["nothing"]), try gzip([""]), try gzip([]), try gzip([#"{"gatehouse":"other"}"#]),
        ]
        for (index, bytes) in others.enumerated() {
            guard case .failure(let error) = await verify(try write(bytes)) else {
                Issue.record("file \(index) was taken")
                continue
            }
            #expect(error.reason == .unusableFile, "file \(index): \(error)")
            #expect(error.description.hasSuffix("."))
        }
        #expect(throws: BackupError.self) { try BackupFile(path: folder.file("nowhere")) }
        #expect(throws: BackupError.self) { try BackupFile(path: folder.path) }
    }

    @Test func `little that becomes much is refused before it fills the memory`() async throws {
        // 256 MiB without the end of a line, in a quarter of a megabyte; and as many empty lines.
        for byte in [UInt8(ascii: "["), 0x0A] {
            let file = try BackupBomb.make(byte, in: folder.file("bomb"))
            guard case .failure(let error) = await verify(file) else { throw TestFailure("the bomb was taken") }
            #expect(error.reason == .unusableFile)
        }
    }

    /// Changes to the lines of a good file, whose checksum is made right again, and a word of the sentence they are refused with.
    static let lies: [(word: String, change: @Sendable (inout [String]) -> Void)] = [
        ("schema version 4711", { $0[0] = $0[0].replacing(#""schema":900"#, with: #""schema":4711"#) }),
        ("up to 900", { $0[0] = $0[0].replacing(#""schema":900"#, with: #""schema":4711"#) }),
        ("format 2", { $0[0] = $0[0].replacing(#""format":1"#, with: #""format":2"#) }),
        ("schema version 899", { $0[0] = $0[0].replacing(#""schema":900"#, with: #""schema":899"#) }),
        ("header", { $0[0] = $0[0].replacing(#""format":1"#, with: #""format":0"#) }),
        ("header", { $0[0] = $0[0].replacing(#""epoch":1"#, with: #""epoch":9223372036854775807"#) }),
        ("header", { $0[0] = $0[0].replacing(#""epoch":1"#, with: #""epoch":0"#) }),
        ("header", { $0[0] = $0[0].replacing("createdAt", with: "madeAt") }),
        ("key", { $0[0] = $0[0].replacing("}", with: #","key":"AAAA"}"#) }),
        ("other columns", { edit(&$0, #"["id","name","note","data"]"#, #"["id","name","note","colour"]"#) }),
        ("other columns", { edit(&$0, #"["id","name","note","data"]"#, #"["id","name","note"]"#) }),
        ("other columns", { edit(&$0, #"["id","name","note","data"]"#, #"["id","name","note","data","data"]"#) }),
        ("other columns", { edit(&$0, #"["id","name","note","data"]"#, #"["id","name","note",1]"#) }),
        ("no table stranger", { edit(&$0, #"{"table":"part""#, #"{"table":"stranger""#) }),
        ("no table passing", { edit(&$0, #"{"table":"part""#, #"{"table":"passing""#) }),
        ("no table session", { $0.insert(#"{"table":"session","columns":["id"]}"#, at: 1) }),
        ("twice", { $0.append(#"{"table":"part","columns":["id","thing_id"]}"#) }),
        ("part is missing", { lines in lines.removeAll { $0.contains(#""part""#) || $0 == "[7,0]" } }),
        ("not readable", { edit(&$0, #"{"table":"part""#, #"{"table":5"#) }),
        ("belongs to no table", { $0.insert("[1]", at: 1) }),
        ("another length", { edit(&$0, "[7,0]", "[7]") }),
        ("another length", { edit(&$0, "[7,0]", "[7,0,0]") }),
        ("another type", { edit(&$0, "[7,0]", #"["7",0]"#) }),
        ("another type", { edit(&$0, "[7,0]", "[7,null]") }),
        ("another type", { edit(&$0, "[7,0]", "[7,0.5]") }),
        ("another type", { edit(&$0, "[7,0]", "[7,true]") }),
        ("another type", { edit(&$0, #"[0,"thing"#, #"[0,"\u0000thing"#) }),
        ("another type", { edit(&$0, #"{"b":"#, #"{"c":"#) }),
        ("another type", { edit(&$0, #"{"b":"AP8K"}"#, #"{"b":"!"}"#) }),
        ("not JSON", { $0.append("[7,0") }),
        ("not JSON", { $0.append("") }),
        ("neither", { $0.append("7") }),
        ("last line", { $0.append("{}") }),
    ]

    @Test(arguments: lies.indices)
    func `a file that says what cannot be is refused`(index: Int) async throws {
        let (word, change) = Self.lies[index]
        let file = try await edited(change)
        guard case .failure(let error) = await verify(file) else { throw TestFailure("lie \(index) was taken") }
        #expect(error.reason == .unusableFile && error.description.contains(word), "\(index): \(error)")
        let target = folder.file("target.db")
        await #expect(throws: BackupError.self) { try await restore(file, to: target) }
        #expect(!FileManager.default.fileExists(atPath: target))
    }

    @Test func `wrong counts, a wrong checksum and lines after the last are refused`() async throws {
        let lines = try await goodLines()
        let trailer = #"{"rows":{"sealed_secret":0,"thing":3,"part":2},"sha256":"\#(Self.checksum(lines))"}"#
        let right = #"{"rows":{"sealed_secret":0,"thing":3,"part":1},"sha256":"\#(Self.checksum(lines))"}"#
        let other = #"{"rows":{"sealed_secret":0,"thing":3,"part":1},"sha256":"\#(Self.checksum([]))"}"#
        for (end, word) in [
            ([trailer], "number of rows"), ([other], "checksum"), ([], "too early"), ([right, right], "follows"), ([right], ""),
        ] {
            switch await verify(try write(try gzip(lines + end))) {
            case .success: #expect(word.isEmpty, "what should be refused for \(word) was taken")
            case .failure(let error): #expect(!word.isEmpty && error.description.contains(word), "\(error)")
            }
        }
    }

    // MARK: All or nothing

    @Test func `a restore that fails at its end leaves nothing and can be done again`() async throws {
        let backup = try await makeBackup(of: try await makeDatabase())
        let path = folder.file("target.db")
        let file = try BackupFile(path: backup)
        let contents = try await file.verify(Self.plan)
        await #expect(throws: TestFailure.self) {
            try await file.restore(contents, into: SQLiteRestoreTarget(path: path), plan: Self.plan) { _ in
                throw TestFailure("at the end")
            }
        }
        #expect(try names().filter { $0.hasPrefix("target") } == [])
        // What a killed one leaves under its own name is in nobody's way.
        _ = try folder.write("half of a database", to: "target.db.restoring")
        try await restore(backup, to: path)
        #expect(try names().filter { $0.hasPrefix("target") } == ["target.db"])
    }

    @Test func `a row that refers to nothing, or is there twice, undoes all of it`() async throws {
        for row in ["[7,4711]", "[8,0]\n[8,0]"] {
            let file = try await edited { Self.edit(&$0, "[7,0]", row) }
            let target = folder.file("target.db")
            await #expect(throws: (any Error).self) { try await restore(file, to: target) }
            #expect(try names().filter { $0.hasPrefix("target") } == [])
        }
    }

    @Test func `a place that is not empty is refused and stays as it was`() async throws {
        let backup = try await makeBackup(of: try await makeDatabase())
        for name in ["target.db", "target.db-wal"] {
            let path = try folder.write("somebody's", to: name)
            await #expect(throws: BackupError.self) { try await restore(backup, to: folder.file("target.db")) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "somebody's")
            try FileManager.default.removeItem(atPath: path)
        }
    }

    @Test func `a file changed between checking and restoring is found`() async throws {
        let backup = try await makeBackup(of: try await makeDatabase())
        let file = try BackupFile(path: backup)
        let contents = try await file.verify(Self.plan)
        let other = try self.contents(of: try await makeBackup("other", of: try await makeDatabase("other.db", things: 2)))
        // In place: the open file is another one now.
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: backup))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(other))
        try handle.close()
        let path = folder.file("target.db")
        await #expect(throws: BackupError.self) {
            try await file.restore(contents, into: SQLiteRestoreTarget(path: path), plan: Self.plan) { _ in }
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    // MARK: Writing

    @Test func `a backup replaces nothing unless told to, and is for its owner only`() async throws {
        let source = try await makeDatabase()
        let backup = try await makeBackup(of: source)
        let before = try contents(of: backup)
        await #expect(throws: BackupError.self) { _ = try await makeBackup(of: source) }
        #expect(try contents(of: backup) == before)
        _ = try await BackupWriter.write(
            try SQLiteBackupSource(path: source), to: backup, plan: Self.plan, key: .keptApart, replaces: true)
        #expect(try contents(of: backup) != before, "the time is another one")
        let mode = try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try names().filter { $0.hasSuffix(".partial") } == [])
        await #expect(throws: BackupError.self) { _ = try await makeBackup("no/such/folder", of: source) }
    }

    @Test func `nothing is left of a backup that fails`() async throws {
        let source = try await makeDatabase()
        // A later schema's backup of an earlier database is one of the earlier schema; of a newer one there is none.
        let newer = try await makeDatabase("newer.db", plan: Self.later)
        await #expect(throws: StorageError.newerSchema(found: 901, supported: 900)) {
            _ = try await makeBackup(of: newer)
        }
        guard case .success(let contents) = await verify(try await makeBackup(of: source, plan: Self.later)) else {
            throw TestFailure("it does not verify")
        }
        #expect(contents.header.schema == 900)
        let empty = folder.file("empty.db")
        try await SQLiteRestoreTarget(path: empty).fill { try $0.run(Statement("CREATE TABLE other (id BIGINT)")) }
        await #expect(throws: BackupError.self) { _ = try await makeBackup("of empty", of: empty) }
        await #expect(throws: BackupError.self) { _ = try await makeBackup("of nothing", of: folder.file("nowhere")) }
        #expect(try names() == ["backup", "empty.db", "newer.db", "source.db"])
    }

    // MARK: Help

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    func contents(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    func write(_ bytes: [UInt8]) throws -> String {
        let path = folder.file("written")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    func gzip(_ lines: [String]) throws -> [UInt8] {
        let collected = Collected()
        let writer = try GzipWriter { collected.bytes += $0 }
        for line in lines { try writer.write(Array(line.utf8) + [0x0A]) }
        try writer.finish()
        return collected.bytes
    }

    /// The lines of a good backup but the last.
    func goodLines() async throws -> [String] {
        let name = "good-" + UUID().uuidString
        let path = try await makeBackup(name, of: try await makeDatabase(name + ".db"))
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let reader = try GzipLines(descriptor)
        var lines: [String] = []
        while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        #expect(lines.last?.hasPrefix(#"{"rows":"#) == true)
        return lines.dropLast()
    }

    static func checksum(_ lines: [String]) -> String {
        hexadecimal(SHA256.hash(data: lines.flatMap { Array($0.utf8) + [0x0A] }))
    }

    /// A backup with changed lines and a checksum and counts that fit them.
    func edited(_ change: (inout [String]) -> Void) async throws -> String {
        var lines = try await goodLines()
        let before = lines
        change(&lines)
        #expect(lines != before, "the change changes something")
        lines = lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
        var counts: [(String, Int)] = []
        for line in lines {
            if line.hasPrefix(#"{"table":""#) {
                counts.append((String(line.dropFirst(10).prefix { $0 != "\"" }), 0))
            } else if line.hasPrefix("["), !counts.isEmpty {
                counts[counts.count - 1].1 += 1
            }
        }
        let rows = counts.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
        return try write(try gzip(lines + [#"{"rows":{\#(rows)},"sha256":"\#(Self.checksum(lines))"}"#]))
    }

    static func edit(_ lines: inout [String], _ old: String, _ new: String) {
        lines = lines.map { $0.replacing(old, with: new) }
    }
}

/// Bytes that a closure collects.
private final class Collected {
    var bytes: [UInt8] = []
}

/// A good header followed by very much of one byte.
private enum BackupBomb {
    static func make(_ byte: UInt8, in path: String) throws -> String {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        let writer = try GzipWriter { try handle.write(contentsOf: Data($0)) }
        let header = BackupHeader(schema: 900, epoch: 1, createdAt: Timestamp(milliseconds: 0), key: nil)
        try writer.write(header.line + [0x0A])
        let block = [UInt8](repeating: byte, count: 1 << 20)
        for _ in 0..<256 { try writer.write(block) }
        try writer.finish()
        return path
    }
}
