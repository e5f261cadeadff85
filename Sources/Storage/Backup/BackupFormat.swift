import Crypto
public import Model

/// The lines of a backup, each JSON: a header, then for each table a line with its columns and one array a row, then a
/// trailer that counts the rows and has the SHA-256 of every line before it.
enum BackupFormat {
    static let version: Int64 = 1
    /// Longer lines are nobody's: a request, from which every row comes, has 1 MiB, and JSON makes at most six bytes of one.
    static let longestLine = 16 << 20

    static func row(_ row: any Row, _ columns: [TableShape.Column]) -> [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            for (index, column) in columns.enumerated() {
                if row.isNull(index) {
                    writer.null()
                    continue
                }
                switch column.kind {
                case .integer: writer.integer(row.integer(index))
                case .text: writer.string(row.text(index))
                case .bytes:
                    let bytes = row.bytes(index)
                    writer.object { $0.member("b", Base64URL.encode(bytes)) }
                }
            }
        }
        return writer.bytes
    }

    /// A row's values, each of its column's type.
    static func values(_ items: [JSONValue], _ table: TableShape) throws -> [SQLValue] {
        guard items.count == table.columns.count else { throw BackupError.damaged("a row of \(table.name) has another length") }
        var values: [SQLValue] = []
        values.reserveCapacity(items.count)
        for (item, column) in zip(items, table.columns) {
            switch (item, column.kind) {
            case (.null, _) where column.isNullable: values.append(.null)
            case (.integer(let value), .integer): values.append(.integer(value))
            // PostgreSQL's text cannot hold a NUL, and neither engine was ever given one.
            case (.string(let text), .text) where !text.utf8.contains(0): values.append(.text(text))
            case (.object(let object), .bytes):
                guard object.names == ["b"], let bytes = object["b"]?.string.flatMap(Base64URL.decode) else {
                    throw mismatch(column, table)
                }
                values.append(.bytes(bytes))
            default: throw mismatch(column, table)
            }
        }
        return values
    }

    private static func mismatch(_ column: TableShape.Column, _ table: TableShape) -> BackupError {
        .damaged("\(table.name).\(column.name) has a value of another type")
    }

    static func table(_ table: TableShape) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("table", table.name)
            writer.name("columns")
            writer.array { writer in for column in table.columns { writer.string(column.name) } }
        }
        return writer.bytes
    }

    static func trailer(_ counts: [BackupContents.Table], _ digest: SHA256.Digest) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("rows")
            writer.object { writer in
                for count in counts {
                    writer.name(count.name)
                    writer.integer(count.rows)
                }
            }
            writer.member("sha256", hexadecimal(digest))
        }
        return writer.bytes
    }
}

/// What a backup says of itself first.
public struct BackupHeader: Sendable, Hashable {
    /// The schema version of the rows.
    public let schema: Int
    /// That of the database the backup is of.
    public let epoch: Int64
    public let createdAt: Timestamp
    /// The key file's 32 bytes, when they go with the data. A secret.
    public let key: [UInt8]?

    var line: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("gatehouse", "backup")
            writer.name("format")
            writer.integer(BackupFormat.version)
            writer.member("schema", schema)
            writer.name("epoch")
            writer.integer(epoch)
            writer.member("createdAt", createdAt.rfc3339)
            if let key { writer.member("key", Base64URL.encode(key)) }
        }
        return writer.bytes
    }

    init(schema: Int, epoch: Int64, createdAt: Timestamp, key: [UInt8]?) {
        self.schema = schema
        self.epoch = epoch
        self.createdAt = createdAt
        self.key = key
    }

    /// Reads the first line, for a program that knows schema versions up to those of `plan`.
    init(_ line: JSONValue, _ plan: SchemaPlan) throws {
        guard let object = line.object, object["gatehouse"]?.string == "backup", let format = object["format"]?.integer else {
            throw BackupError.foreign
        }
        guard format <= BackupFormat.version else {
            throw BackupError(
                .unusableFile,
                "The backup was made by a newer Gatehouse: it has format \(format), this program reads formats up to "
                    + "\(BackupFormat.version). Nothing was changed; restore it with the newer program.")
        }
        guard format == BackupFormat.version, let schema = object["schema"]?.integer,
            let epoch = object["epoch"]?.integer, (1..<1 << 52).contains(epoch),
            let createdAt = object["createdAt"]?.string.flatMap({ Timestamp(rfc3339: $0) })
        else { throw BackupError.damaged("its header is not readable") }
        guard schema <= plan.newest else {
            throw BackupError(
                .unusableFile,
                "The backup was made by a newer Gatehouse: it has schema version \(schema), this program knows versions up to "
                    + "\(plan.newest). Nothing was changed; restore it with the newer program.")
        }
        guard plan.has(schema: Int(schema)) else { throw BackupError.damaged("there is no schema version \(schema)") }
        var key: [UInt8]?
        if let value = object["key"] {
            guard let bytes = value.string.flatMap(Base64URL.decode), bytes.count == 32 else {
                throw BackupError.damaged("its key is not readable")
            }
            key = bytes
        }
        self.init(schema: Int(schema), epoch: epoch, createdAt: createdAt, key: key)
    }
}

/// What is in a backup, counted.
public struct BackupContents: Sendable {
    public struct Table: Sendable, Hashable {
        public let name: String
        public var rows: Int64
    }

    public let header: BackupHeader
    public var tables: [Table]
    /// Hexadecimal SHA-256 of everything before the last line.
    public var checksum: String
    /// What is sealed with the key of the key file.
    var sealed: [(name: String, sealed: String)] = []

    public var rows: Int64 { tables.reduce(0) { $0 + $1.rows } }

    /// Whether `keyring` opens everything that is sealed in the backup.
    public func isSealed(with keyring: Keyring) -> Bool {
        sealed.allSatisfy { keyring.opens($0.sealed, name: $0.name) }
    }

    public var hasSealed: Bool { !sealed.isEmpty }
}

/// How far a backup or a restore is.
public struct BackupProgress: Sendable, Hashable {
    public let table: String
    /// Rows of this table so far.
    public let rows: Int64
    public let tableIsDone: Bool
    /// Of the whole, from 0 to 1.
    public let share: Double

    public typealias Observer = @Sendable (BackupProgress) -> Void

    static let step: Int64 = 2000
}
