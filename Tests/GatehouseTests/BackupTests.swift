import Audit
import Crypto
import Foundation
import Model
import Server
@testable import Storage
import Testing

/// Backups of the whole program's schema.
@Suite("Backup") struct BackupTests {
    static let plan = DatabaseOpening.plan

    /// A world's backup, restored beside it under another name.
    static func restored(_ world: World) async throws -> any Database {
        let backup = world.folder.file("backup")
        _ = try await BackupWriter.write(
            try Engine.current.source(in: world.folder), to: backup, plan: plan, key: .keptApart, clock: world.clock)
        let file = try BackupFile(path: backup)
        let contents = try await file.verify(plan)
        let trail = world.trail
        let target = try Engine.current.target(in: world.folder, named: "restored")
        try await file.restore(contents, into: target, plan: plan, clock: world.clock) {
            try trail.recordRestore(realm: .main, detail: "from a test", on: $0)
        }
        return try Engine.current.open(in: world.folder, named: "restored", migrations: World.migrations, clock: world.clock)
    }

    /// Gives everything its number, where writers do not.
    static func settle(_ database: any Database) async throws {
        try await database.numberChanges()
        try await AuditNumbering.run(as: "test", in: database)
    }

    static func close(_ database: any Database) async {
        await database.close()
        TestPostgres.drop(database)
    }

    static func rows(_ shape: TableShape, _ database: any Database) async throws -> Set<[UInt8]> {
        try await database.scan { connection in
            Set(try connection.rows(Statement(shape.selection)) { BackupFormat.row($0, shape.columns) })
        }
    }

    @Test func `every table is declared, kept or left`() async throws {
        let world = try await World()
        let found = try await world.database.read { try $0.rows(Statement($0.dialect.tables)) { $0.text(0) } }
        #expect(Set(found).subtracting(Self.plan.declared) == [], "declare these beside their migration: kept or left?")
        #expect(Set(Self.plan.declared).subtracting(found) == [], "these are declared and not there")
        #expect(Set(Self.plan.declared).count == Self.plan.declared.count, "each is declared once")
    }

    @Test func `a kept table comes after those it refers to, and refers to no table that is left`() async throws {
        // Both engines have the same references; SQLite says which in one statement.
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(path: folder.file("gatehouse.db"), migrations: World.migrations)
        var before: Set<String> = []
        var count = 0
        for table in Self.plan.kept {
            let references = try await database.read {
                try $0.rows(Statement("SELECT \"table\" FROM pragma_foreign_key_list($1)", [.text(table)])) { $0.text(0) }
            }
            #expect(Set(references).subtracting(before).subtracting([table]) == [], "\(table)")
            count += references.count
            before.insert(table)
        }
        #expect(count > 0, "the references were not found")
        await database.close()
    }

    @Test func `secrets of the moment are left`() {
        let left = Set(Self.plan.declared).subtracting(Self.plan.kept)
        #expect(left.isSuperset(of: ["session", "one_time_token", "change_feed", "idempotency_key", "database_epoch"]))
    }

    @Test func `a world comes back whole, without its sessions and in a new epoch`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        for name in ["ann", "ben", "chidi"] { try await world.makeUser(name, by: owner) }
        let refused = await refusal { try await world.enter("ann", password: "wrong wrong wrong") }
        #expect(refused != nil)
        try await Self.settle(world.database)
        _ = try await world.sealer.seal(realm: .main, in: world.database)
        _ = try await world.enter("ben")
        try await Self.settle(world.database)

        let database = try await Self.restored(world)
        for shape in try Self.plan.shapes(schema: Self.plan.newest) {
            let old = try await Self.rows(shape, world.database)
            let new = try await Self.rows(shape, database)
            #expect(new.isSuperset(of: old), "\(shape.name)")
            let more = ["audit_event": 1, "audit_personal": 2][shape.name] ?? 0
            #expect(new.count == old.count + more, "\(shape.name)")
        }
        #expect(database.revision == Revision(epoch: 2, position: 0))
        for table: Statement in [Statement("SELECT COUNT(*) FROM session"), Statement("SELECT COUNT(*) FROM change_feed")] {
            #expect(try await world.database.read { try $0.first(table) { $0.integer(0) } } ?? 0 > 0)
            #expect(try await database.read { try $0.first(table) { $0.integer(0) } } == 0)
        }
        try await Self.settle(database)
        let verifier = world.verifier
        let found = try await database.scan { try verifier.verify(realm: .main, since: nil, on: $0) }
        #expect(found.intact && found.unsealed == 0, "\(String(describing: found.firstBreak))")
        let last = try await database.read {
            try $0.first(Statement("SELECT action FROM audit_event ORDER BY position DESC LIMIT 1")) { $0.text(0) }
        }
        #expect(last == "database.restore")
        await Self.close(database)
    }

    @Test func `events that had no place in the chain yet get one`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        for name in ["ann", "ben", "chidi"] { try await world.makeUser(name, by: owner) }
        try await Self.settle(world.database)
        // As many writers leave them until a sealer comes.
        let moved = try await world.run(
            Statement(
                "UPDATE audit_event SET position = NULL, hash = '' WHERE position > (SELECT MAX(position) - 3 FROM audit_event)"))
        #expect(moved == 3)
        let total = try await world.integers(Statement("SELECT COUNT(*) FROM audit_event"))
        let database = try await Self.restored(world)
        try await Self.settle(database)
        let verifier = world.verifier
        let found = try await database.scan { try verifier.verify(realm: .main, since: nil, on: $0) }
        #expect(found.intact && found.unsealed == 0, "\(String(describing: found.firstBreak))")
        #expect([found.events] == total.map { $0 + 1 })
        await Self.close(database)
    }

    @Test func `a second restore goes on with the epochs, and a key must open what is sealed`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        let key = randomBytes(32)
        _ = try await Keyring(master: SymmetricKey(data: key)).secret("a secret", in: world.database, clock: world.clock) { [1] }
        let database = try await Self.restored(world)
        let backup = world.folder.file("again")
        let source = try Engine.current.source(in: world.folder, named: "restored")
        for wrong in [BackupKey.included(randomBytes(32)), .missing("gatehouse.key")] {
            await #expect(throws: BackupError.self) {
                _ = try await BackupWriter.write(source, to: backup, plan: Self.plan, key: wrong)
            }
            #expect(!FileManager.default.fileExists(atPath: backup))
        }
        _ = try await BackupWriter.write(source, to: backup, plan: Self.plan, key: .included(key))
        let contents = try await BackupFile(path: backup).verify(Self.plan)
        #expect(contents.header.epoch == 2 && contents.header.key == key && contents.hasSealed)
        #expect(contents.isSealed(with: Keyring(master: SymmetricKey(data: key))))
        #expect(!contents.isSealed(with: Keyring(master: SymmetricKey(size: .bits256))))
        await Self.close(database)
    }
}

extension Engine {
    func source(in folder: TemporaryFolder, named name: String = "gatehouse") throws -> any BackupSource {
        switch self {
        case .sqlite: try SQLiteBackupSource(path: folder.file(name + ".db"))
        case .postgres: PostgresBackupSource(url: try TestPostgres.url(ofSchemaIn: folder, named: name))
        }
    }

    func target(in folder: TemporaryFolder, named name: String) throws -> any RestoreTarget {
        switch self {
        case .sqlite: SQLiteRestoreTarget(path: folder.file(name + ".db"))
        case .postgres: PostgresRestoreTarget(url: try TestPostgres.url(ofSchemaIn: folder, named: name))
        }
    }
}
