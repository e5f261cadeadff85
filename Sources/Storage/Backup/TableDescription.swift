import Model

/// A table and what a backup does with it. Each room declares its tables beside its migrations, those that others refer to
/// first; a test holds that none is forgotten.
public struct TableDescription: Sendable, Hashable {
    public enum Treatment: Sendable, Hashable {
        /// Its rows are in the backup.
        case kept
        /// A state of the moment, or made anew by every database: after a restore it is empty, or as in a new one.
        case left
    }

    public let name: String
    public let treatment: Treatment

    public init(_ name: StaticString, _ treatment: Treatment) {
        self.name = name.description
        self.treatment = treatment
    }
}

/// The schema of a program: the migrations and the tables of its rooms.
public struct SchemaPlan: Sendable {
    /// In the order of their numbers, Storage's own among them.
    let migrations: [Migration]
    let tables: [TableDescription]
    private let rooms: [Migration]

    /// - Parameters:
    ///   - migrations: those of the rooms above Storage.
    ///   - tables: theirs as well, in an order in which a table comes after those it refers to.
    public init(migrations: [Migration], tables: [TableDescription]) {
        rooms = migrations
        self.migrations = (Schema.migrations + migrations).sorted { $0.number < $1.number }
        self.tables = Schema.tables + tables
    }

    /// The schema version this program brings every database to.
    public var newest: Int { migrations.last?.number ?? 0 }

    /// The names of the tables whose rows are in a backup, in the order in which they can be filled.
    public var kept: [String] { tables.filter { $0.treatment == .kept }.map(\.name) }

    /// Every declared name.
    public var declared: [String] { tables.map(\.name) }

    func has(schema number: Int) -> Bool { migrations.contains { $0.number == number } }

    /// The kept tables as that schema version has them, in the order in which they can be filled.
    func shapes(schema: Int) throws -> [TableShape] {
        let shapes = try SQLiteScratch.shapes(of: self, schema: schema)
        return kept.compactMap { name in shapes.first { $0.name == name } }
    }

    func migrate(_ connection: any Connection, clock: any WallClock, upTo last: Int? = nil) throws {
        try Schema.migrate(connection, migrations: rooms, clock: clock, upTo: last)
    }
}
