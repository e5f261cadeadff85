import Foundation
import Server
import Testing

@testable import Storage

/// The kept data of every schema version (Tests/Data/Schemas) and the migrations of this program belong together.
@Suite("Kept schemas") struct KeptSchemaTests {
    static let folder = Repository.root + "/Tests/Data/Schemas"

    static func numbers() throws -> [Int] {
        try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { Int($0) }.sorted()
    }

    /// What the engine was told to make, by name.
    static func objects(_ path: String) async throws -> [String: String] {
        let database = try SQLiteDatabase(path: path, migrations: DatabaseOpening.migrations)
        defer { Task.detached { await database.close() } }
        let pairs = try await database.read { connection in
            try connection.rows(
                Statement("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_'")
            ) { ($0.text(0), $0.text(1)) }
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    @Test func `data of the newest schema version are kept`() throws {
        let newest = DatabaseOpening.plan.newest
        #expect(
            try Self.numbers().contains(newest),
            "Nothing is kept of schema version \(newest). When its migration is ready to land, run Scripts/keep-schema.sh")
    }

    @Test func `nothing is kept of versions that no program has`() throws {
        let known = Set(DatabaseOpening.plan.migrations.map(\.number))
        #expect(Set(try Self.numbers()).subtracting(known) == [], "these versions have no migration")
    }

    @Test func `kept data become exactly what a new database is`() async throws {
        let folder = try TemporaryFolder()
        let fresh = try await Self.objects(folder.file("fresh.db"))
        #expect(fresh.count > 20)
        for number in try Self.numbers() {
            let path = folder.file("\(number).db")
            try FileManager.default.copyItem(atPath: "\(Self.folder)/\(number)/sqlite/gatehouse.db", toPath: path)
            let upgraded = try await Self.objects(path)
            #expect(Set(upgraded.keys) == Set(fresh.keys), "schema version \(number)")
            let other = upgraded.filter { fresh[$0.key] != $0.value }.keys.sorted()
            #expect(
                other == [],
                """
                Schema version \(number) was kept with other definitions of these. If it has landed, undo the change and add a \
                migration; if it has not, run Scripts/keep-schema.sh --replace
                """)
        }
    }
}
