import Crypto
public import Model

/// What becomes of the key of the key file.
public enum BackupKey: Sendable {
    /// Its 32 bytes go with the data.
    case included([UInt8])
    /// It lies elsewhere on purpose, and stays there.
    case keptApart
    /// It should be in this file, and is not.
    case missing(String)

    var bytes: [UInt8]? { if case .included(let bytes) = self { bytes } else { nil } }
}

/// Writes a backup.
public enum BackupWriter {
    /// - Parameters:
    ///   - path: gets its name when all of it is on the disk.
    ///   - key: `missing` is refused when the database has sealed anything.
    ///   - replaces: whether a file of that name may be there already.
    /// - Returns: what is in it, and how many bytes the file has.
    /// - Throws: `BackupError`, `StorageError`.
    public static func write(
        _ source: any BackupSource, to path: String, plan: SchemaPlan, key: BackupKey, replaces: Bool = false,
        clock: any WallClock = SystemClock(), progress: @escaping BackupProgress.Observer = { _ in }
    ) async throws -> (contents: BackupContents, bytes: Int64) {
        try await source.snapshot { connection in
            let header = try header(connection, plan, key: key.bytes, clock: clock)
            try prove(key, connection)
            let tables = try shapes(connection, plan, schema: header.schema)
            let file = try NewFile(path: path, replaces: replaces)
            let contents = try write(header, tables, from: connection, to: file, progress)
            return (contents, file.size)
        }
    }

    private static func header(
        _ connection: any Connection, _ plan: SchemaPlan, key: [UInt8]?, clock: any WallClock
    ) throws -> BackupHeader {
        let present = Set(try connection.rows(Statement(connection.dialect.tables)) { $0.text(0) })
        guard present.contains("schema_migration"), present.contains("database_epoch") else {
            throw BackupError(.missing, "The database holds no data of Gatehouse.")
        }
        let schema = try connection.first(Statement("SELECT COALESCE(MAX(number), 0) FROM schema_migration")) { $0.integer(0) }
        let epoch = try connection.first(Statement("SELECT COALESCE(MAX(epoch), 1) FROM database_epoch")) { $0.integer(0) }
        guard let schema, let epoch else { throw BackupError(.missing, "The database holds no data of Gatehouse.") }
        guard schema <= plan.newest else {
            throw StorageError.newerSchema(found: Int(clamping: schema), supported: plan.newest)
        }
        guard plan.has(schema: Int(schema)) else { throw BackupError(.missing, "The database holds no data of Gatehouse.") }
        return BackupHeader(schema: Int(schema), epoch: epoch, createdAt: clock.now(), key: key)
    }

    /// A backup with a key that opens nothing in it could not be restored.
    private static func prove(_ key: BackupKey, _ connection: any Connection) throws {
        let sealed = try connection.rows(Statement("SELECT name, sealed FROM sealed_secret")) { ($0.text(0), $0.text(1)) }
        switch key {
        case .keptApart: return
        case .missing(let path):
            guard sealed.isEmpty else {
                throw BackupError(.key, "The key file \(path) is missing. If it lies elsewhere, say so with --key-file.")
            }
        case .included(let bytes):
            let keyring = Keyring(master: SymmetricKey(data: bytes))
            guard sealed.allSatisfy({ keyring.opens($0.1, name: $0.0) }) else {
                throw BackupError(
                    .key,
                    "The key file is not that of this database: it does not open what is sealed in it. If the right one "
                        + "lies elsewhere, say so with --key-file.")
            }
        }
    }

    /// The kept tables with their sizes.
    private static func shapes(
        _ connection: any Connection, _ plan: SchemaPlan, schema: Int
    ) throws -> [(shape: TableShape, rows: Int64)] {
        try plan.shapes(schema: schema).map { shape in
            (shape, try connection.first(Statement(shape.count)) { $0.integer(0) } ?? 0)
        }
    }

    private static func write(
        _ header: BackupHeader, _ tables: [(shape: TableShape, rows: Int64)], from connection: any Connection, to file: NewFile,
        _ progress: BackupProgress.Observer
    ) throws -> BackupContents {
        var digest = SHA256()
        let gzip = try GzipWriter { try file.write($0) }
        func put(_ line: [UInt8]) throws {
            let line = line + [0x0A]
            digest.update(data: line)
            try gzip.write(line)
        }
        try put(header.line)
        let total = Double(max(1, tables.reduce(0) { $0 + $1.rows }))
        var contents = BackupContents(header: header, tables: [], checksum: "")
        var done: Int64 = 0
        for (shape, _) in tables {
            try put(BackupFormat.table(shape))
            var rows: Int64 = 0
            func tell(_ isDone: Bool) {
                progress(
                    BackupProgress(table: shape.name, rows: rows, tableIsDone: isDone, share: Double(done + rows) / total))
            }
            try connection.each(Statement(shape.selection)) { row in
                try put(BackupFormat.row(row, shape.columns))
                rows += 1
                if rows.isMultiple(of: BackupProgress.step) { tell(false) }
                return true
            }
            tell(true)
            done += rows
            contents.tables.append(.init(name: shape.name, rows: rows))
        }
        let result = digest.finalize()
        contents.checksum = hexadecimal(result)
        try gzip.write(BackupFormat.trailer(contents.tables, result) + [0x0A])
        try gzip.finish()
        try file.finish()
        return contents
    }
}
