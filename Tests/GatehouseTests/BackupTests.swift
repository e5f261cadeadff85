import Audit
import Foundation
import Model
import Server
@testable import Storage
import Testing

/// Backups of the whole program's schema.
@Suite("Backup") struct BackupTests {
    static let plan = DatabaseOpening.plan

    /// A world's backup, restored beside it.
    static func restored(_ world: World) async throws -> any Database {
        let backup = world.folder.file("backup")
        let source = try SQLiteBackupSource(path: world.folder.file("gatehouse.db"))
        _ = try await BackupWriter.write(source, to: backup, plan: plan, key: nil, clock: world.clock)
        let file = try BackupFile(path: backup)
        let contents = try await file.verify(plan)
        let path = world.folder.file("restored.db")
        let trail = world.trail
        try await file.restore(contents, into: SQLiteRestoreTarget(path: path), plan: plan, clock: world.clock) {
            try trail.recordRestore(realm: .main, detail: "from a test", on: $0)
        }
        return try SQLiteDatabase(path: path, migrations: World.migrations, clock: world.clock)
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
        let world = try await World()
        var before: Set<String> = []
        for table in Self.plan.kept {
            let references = try await world.database.read {
                try $0.rows(Statement("SELECT \"table\" FROM pragma_foreign_key_list($1)", [.text(table)])) { $0.text(0) }
            }
            #expect(Set(references).subtracting(before).subtracting([table]) == [], "\(table)")
            before.insert(table)
        }
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
        _ = try await world.sealer.seal(realm: .main, in: world.database)
        _ = try await world.enter("ben")

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
        let verifier = world.verifier
        let found = try await database.scan { try verifier.verify(realm: .main, since: nil, on: $0) }
        #expect(found.intact && found.unsealed == 0, "\(String(describing: found.firstBreak))")
        let last = try await database.read {
            try $0.first(Statement("SELECT action FROM audit_event ORDER BY position DESC LIMIT 1")) { $0.text(0) }
        }
        #expect(last == "database.restore")
        await database.close()
    }

    @Test func `events that had no place in the chain yet get one`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        for name in ["ann", "ben", "chidi"] { try await world.makeUser(name, by: owner) }
        // As many writers leave them until a sealer comes.
        let moved = try await world.run(
            Statement(
                "UPDATE audit_event SET position = NULL, hash = '' WHERE position > (SELECT MAX(position) - 3 FROM audit_event)"))
        #expect(moved == 3)
        let total = try await world.integers(Statement("SELECT COUNT(*) FROM audit_event"))
        let database = try await Self.restored(world)
        let verifier = world.verifier
        let found = try await database.scan { try verifier.verify(realm: .main, since: nil, on: $0) }
        #expect(found.intact && found.unsealed == 0, "\(String(describing: found.firstBreak))")
        #expect([found.events] == total.map { $0 + 1 })
        await database.close()
    }

    @Test func `a second restore goes on with the chain and the epochs`() async throws {
        let world = try await World()
        _ = try await world.makeOwner()
        let first = try await Self.restored(world)
        await first.close()
        let backup = world.folder.file("again")
        let source = try SQLiteBackupSource(path: world.folder.file("restored.db"))
        _ = try await BackupWriter.write(source, to: backup, plan: Self.plan, key: randomBytes(32))
        let file = try BackupFile(path: backup)
        let contents = try await file.verify(Self.plan)
        #expect(contents.header.epoch == 2 && contents.header.key?.count == 32)
    }
}
