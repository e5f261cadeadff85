import Foundation
import Model
import Synchronization
import Testing

@testable import Storage

/// The engines the behaviour suite runs on. The test command runs it once for each: PostgreSQL when it says where one is.
enum Engine: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case sqlite, postgres

    static var allCases: [Engine] { [current] }

    static let current: Engine = TestPostgres.server == nil ? .sqlite : .postgres

    var testDescription: String { rawValue }

    /// - Parameter name: databases of one name in one folder are one database, opened again.
    func open(
        in folder: TemporaryFolder, named name: String = "gatehouse", migrations: [Migration] = [],
        clock: any WallClock = SystemClock()
    ) throws -> any Database {
        switch self {
        case .sqlite: return try SQLiteDatabase(path: folder.file(name + ".db"), migrations: migrations, clock: clock)
        case .postgres:
            let url = try TestPostgres.url(ofSchemaIn: folder, named: name)
            let database = try PostgresDatabase(
                url: url, connections: 4, migrations: migrations, clock: clock, trust: .seconds(20))
            TestPostgres.remember(database, folder: folder, name: name)
            return database
        }
    }
}

extension Database {
    /// Where the feed stands when everything that was written has its number and this node knows it.
    func settledPosition() async throws -> Int64 {
        try await numberChanges()
        let isNew = await catchUp(to: Revision(epoch: revision.epoch, position: 0, isPending: !dialect.numbersInline))
        guard isNew else { throw TestFailure("the feed cannot be read") }
        return revision.position
    }
}

/// Schemas of the tests' own, which are quicker made than databases, on the server that `GATEHOUSE_TEST_POSTGRES` names.
enum TestPostgres {
    static let server: String? = ProcessInfo.processInfo.environment["GATEHOUSE_TEST_POSTGRES"].flatMap { $0.isEmpty ? nil : $0 }
    private static let made = Mutex<[String: String]>([:])
    private static let opened = Mutex<[ObjectIdentifier: String]>([:])

    static func url(ofSchemaIn folder: TemporaryFolder, named name: String) throws -> PostgresURL {
        let key = folder.file(name)
        let known = made.withLock { $0[key] }
        let schema = known ?? "t" + hexadecimal(randomBytes(8))
        if known == nil {
            try administer { try $0.execute(SQL(unchecked: "CREATE SCHEMA \(schema)")) }
            made.withLock { $0[key] = schema }
        }
        return try PostgresURL((server ?? "") + "?options=-csearch_path%3D" + schema)
    }

    static func remember(_ database: any Database, folder: TemporaryFolder, name: String) {
        let made = made.withLock { $0[folder.file(name)] }
        opened.withLock { $0[ObjectIdentifier(database as AnyObject)] = made }
    }

    /// Removes what a closed database leaves behind.
    static func drop(_ database: any Database) {
        guard let name = opened.withLock({ $0.removeValue(forKey: ObjectIdentifier(database as AnyObject)) }) else { return }
        try? administer { try $0.execute(SQL(unchecked: "DROP SCHEMA IF EXISTS \(name) CASCADE")) }
    }

    private static func administer(_ body: (PostgresLink) throws -> Void) throws {
        guard let server else { throw TestFailure("there is no PostgreSQL") }
        try body(try PostgresLink(url: server, session: [], connectPatience: 60_000_000_000, patience: 60_000_000_000))
    }
}
