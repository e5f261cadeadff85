import Crypto
import Glibc
public import Model

/// A backup to restore. It is read twice: once to see that all of it is in order, and once to put it into the database.
public final class BackupFile: Sendable {
    public let path: String
    public let size: Int64
    private let descriptor: Int32

    /// - Throws: `BackupError` with reasons `missing`, `inputOutput`, `unusableFile`.
    public init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? BackupError(.missing, "There is no file \(path).")
                : BackupError(.inputOutput, "\(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        var information = stat()
        guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw BackupError(.unusableFile, "\(path) is not a plain file.")
        }
        size = Int64(information.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Reads all of it and changes nothing.
    ///
    /// - Throws: `BackupError` with reasons `unusableFile`, `inputOutput`.
    public func verify(
        _ plan: SchemaPlan, progress: @escaping BackupProgress.Observer = { _ in }
    ) async throws -> BackupContents {
        try await OwnThread.run("check") { [self] in try verifyNow(plan, progress) }
    }

    private func verifyNow(_ plan: SchemaPlan, _ progress: BackupProgress.Observer) throws -> BackupContents {
        var sealed: [(String, String)] = []
        var contents = try walk(
            plan, begin: { _ in },
            row: { values, table in
                guard table.name == "sealed_secret" else { return }
                guard let name = value("name", of: values, table), let secret = value("sealed", of: values, table),
                    sealed.count < 10_000
                else { throw BackupError.damaged("sealed_secret has another form") }
                sealed.append((name, secret))
            }, progress)
        contents.sealed = sealed
        return contents
    }

    /// Puts what `verify` found into an empty database, brings its schema up to date and begins a new epoch.
    ///
    /// - Parameter finish: more to do in the same transaction.
    /// - Throws: `BackupError`, `StorageError`; then nothing of it stays.
    public func restore(
        _ verified: BackupContents, into target: any RestoreTarget, plan: SchemaPlan, clock: any WallClock = SystemClock(),
        progress: @escaping BackupProgress.Observer = { _ in },
        finish: @escaping @Sendable (any Connection) throws -> Void
    ) async throws {
        try await target.fill { [self] connection in
            guard try connection.rows(Statement(connection.dialect.tables), { $0.text(0) }).isEmpty else {
                throw BackupError(.inTheWay, "The database is not empty.")
            }
            let inserter = RowInserter(connection)
            let found = try walk(
                plan,
                begin: { header in
                    try plan.migrate(connection, clock: clock, upTo: header.schema)
                    // What the migrations put there is in the backup as well.
                    for shape in try plan.shapes(schema: header.schema).reversed() {
                        try connection.run(Statement(shape.deletion))
                    }
                }, row: { try inserter.insert($0, $1) }, progress)
            try inserter.flush()
            guard found.checksum == verified.checksum, found.header == verified.header else {
                throw BackupError.damaged("it was changed while it was read")
            }
            try plan.migrate(connection, clock: clock)
            try connection.run(Statement("DELETE FROM database_epoch"))
            try connection.run(
                Statement("INSERT INTO database_epoch (epoch) VALUES ($1)", [.integer(found.header.epoch + 1)]))
            try finish(connection)
            for shape in try plan.shapes(schema: plan.newest) { try connection.run(Statement(shape.analysis)) }
        }
    }

    private func value(_ column: String, of values: [SQLValue], _ table: TableShape) -> String? {
        guard let index = table.columns.firstIndex(where: { $0.name == column }), case .text(let text) = values[index] else {
            return nil
        }
        return text
    }

    /// Reads the lines in order and checks everything about them that does not need the database.
    private func walk(
        _ plan: SchemaPlan, begin: (BackupHeader) throws -> Void, row: ([SQLValue], TableShape) throws -> Void,
        _ progress: BackupProgress.Observer
    ) throws -> BackupContents {
        let lines = try GzipLines(descriptor)
        var digest = SHA256()
        guard let first = try lines.next(), let line = try? JSONValue(parsing: first) else { throw BackupError.foreign }
        let header = try BackupHeader(line, plan)
        digest.update(data: first + [0x0A])
        var state = BackupWalk(header: header, shapes: try plan.shapes(schema: header.schema))
        try begin(header)
        func tell(_ isDone: Bool) {
            guard let table = state.contents.tables.last else { return }
            let share = Double(lines.consumed) / Double(max(1, size))
            progress(BackupProgress(table: table.name, rows: table.rows, tableIsDone: isDone, share: min(1, share)))
        }
        while let line = try lines.next() {
            guard let value = try? JSONValue(parsing: line) else { throw BackupError.damaged("a line is not JSON") }
            switch value {
            case .array(let items):
                guard let table = state.current else { throw BackupError.damaged("a row belongs to no table") }
                try row(try BackupFormat.values(items, table), table)
                if state.count().isMultiple(of: BackupProgress.step) { tell(false) }
            case .object(let object) where object["table"] != nil:
                tell(true)
                try state.begin(object)
            case .object(let object):
                tell(true)
                try state.end(object, hexadecimal(digest.finalize()))
                guard try lines.next() == nil else { throw BackupError.damaged("something follows its end") }
                return state.contents
            default: throw BackupError.damaged("a line is neither a row nor a table")
            }
            digest.update(data: line + [0x0A])
        }
        throw BackupError.damaged("it ends too early")
    }
}

/// Where in a backup a reader is, and what it may expect there.
private struct BackupWalk {
    private(set) var contents: BackupContents
    private(set) var current: TableShape?
    private var expected: [String: TableShape]

    init(header: BackupHeader, shapes: [TableShape]) {
        contents = BackupContents(header: header, tables: [], checksum: "")
        expected = Dictionary(shapes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Counts a row; how many the table has so far.
    mutating func count() -> Int64 {
        guard !contents.tables.isEmpty else { return 0 }
        contents.tables[contents.tables.count - 1].rows += 1
        return contents.tables[contents.tables.count - 1].rows
    }

    mutating func begin(_ line: JSONObject) throws {
        guard let name = line["table"]?.string, let columns = line["columns"]?.array?.map(\.string) else {
            throw BackupError.damaged("a table's line is not readable")
        }
        guard let shape = expected.removeValue(forKey: name) else {
            throw BackupError.damaged(
                contents.tables.contains { $0.name == name }
                    ? "the table \(name) is there twice" : "there is no table \(name) in schema version \(contents.header.schema)"
            )
        }
        let ordered = columns.compactMap { column in shape.columns.first { $0.name == column } }
        guard ordered.count == columns.count, ordered.count == shape.columns.count, Set(ordered).count == ordered.count else {
            throw BackupError.damaged("the table \(name) has other columns than schema version \(contents.header.schema)")
        }
        current = TableShape(name: name, columns: ordered)
        contents.tables.append(.init(name: name, rows: 0))
    }

    mutating func end(_ line: JSONObject, _ checksum: String) throws {
        guard let rows = line["rows"]?.object, let given = line["sha256"]?.string else {
            throw BackupError.damaged("its last line is not readable")
        }
        guard given == checksum else { throw BackupError.damaged("its checksum is another one") }
        guard expected.isEmpty else {
            throw BackupError.damaged("the table \(expected.keys.sorted()[0]) is missing")
        }
        let counted = JSONObject(contents.tables.map { ($0.name, .integer($0.rows)) })
        guard rows == counted else { throw BackupError.damaged("it has another number of rows than it says") }
        contents.checksum = checksum
    }
}

/// Inserts rows some at a time, in the order in which they come.
private final class RowInserter {
    /// So many rows wait for each other: as many as one statement takes.
    private static let batch = 256

    private let connection: any Connection
    private var table = ""
    private var insert: RowInsert?
    private var waiting: [SQLValue] = []
    private var count = 0

    init(_ connection: any Connection) {
        self.connection = connection
    }

    func insert(_ values: [SQLValue], _ table: TableShape) throws {
        if self.table != table.name {
            try flush()
            self.table = table.name
            insert = RowInsert(table.insertion, width: table.columns.count)
        }
        waiting += values
        count += 1
        if count == Self.batch { try flush() }
    }

    func flush() throws {
        do {
            try insert?.run(waiting, on: connection)
        } catch StorageError.uniqueViolation {
            throw BackupError.damaged("a row of \(table) is there twice")
        }
        waiting.removeAll(keepingCapacity: true)
        count = 0
    }
}
