import Audit
import Crypto
import Foundation
public import Model
import Storage

/// `gatehouse backup` and `gatehouse restore`: what they do, without how they tell of it.
public enum BackupOperations {
    /// How far the work is.
    public struct Progress: Sendable {
        public enum Phase: Sendable { case backup, check, restore }

        public let phase: Phase
        public let table: String
        /// Rows of this table so far.
        public let rows: Int64
        public let tableIsDone: Bool
        /// Of the phase, from 0 to 1.
        public let share: Double
    }

    public typealias Observer = @Sendable (Progress) -> Void

    /// What was done, for people and for programs.
    public struct Report: Sendable {
        public let file: String
        public let bytes: Int64
        public let schema: Int
        /// Of the database: after a restore, the new one.
        public let epoch: Int64
        /// When the backup was made.
        public let createdAt: Timestamp
        public let tables: [(name: String, rows: Int64)]
        public let rows: Int64
        /// Whether the key of the key file is in the backup.
        public let includesKey: Bool
        /// Hexadecimal SHA-256 of the rows and their header.
        public let checksum: String
    }

    /// Writes a backup of the configured database to `file`.
    ///
    /// - Throws: `StartFailure` with a sentence for the operator.
    public static func backup(
        _ configuration: Configuration, to file: String, replaces: Bool, observer: @escaping Observer
    ) async throws -> Report {
        prepareProcess()
        return try await explaining(configuration) {
            let source = try DatabaseOpening.source(configuration)
            let plan = DatabaseOpening.plan
            let key = try await DatabaseOpening.key(configuration, in: source)
            let (contents, bytes) = try await BackupWriter.write(
                source, to: file, plan: plan, key: key, replaces: replaces, progress: { observer(Progress(.backup, $0)) })
            return Report(contents, file: file, bytes: bytes, schema: contents.header.schema, epoch: contents.header.epoch)
        }
    }

    /// Restores `file` into the configured database, which must be empty.
    ///
    /// - Throws: `StartFailure` with a sentence for the operator.
    public static func restore(
        _ configuration: Configuration, from file: String, observer: @escaping Observer
    ) async throws -> Report {
        prepareProcess()
        return try await explaining(configuration) {
            let target = DatabaseOpening.target(configuration)
            // Before the long reading, so that nobody waits for this.
            try await target.requireEmpty()
            let plan = DatabaseOpening.plan
            let backup = try BackupFile(path: file)
            let contents = try await backup.verify(plan) { observer(Progress(.check, $0)) }
            let key = try key(for: contents, configuration)

            let folder = try DataFolder(path: configuration.dataFolder, isShared: configuration.database != nil)
            defer { withExtendedLifetime(folder) {} }
            try await target.requireEmpty()
            let madeKey = try placeKey(key, configuration)
            let clock = SystemClock()
            let trail = AuditTrail(clock: clock)
            let detail = "from a backup of \(contents.header.createdAt.rfc3339), SHA-256 \(contents.checksum)"
            do {
                try await backup.restore(
                    contents, into: target, plan: plan, clock: clock, progress: { observer(Progress(.restore, $0)) }
                ) { connection in
                    try trail.recordRestore(realm: .main, detail: detail, on: connection)
                }
            } catch {
                if madeKey { unlink(configuration.keyFile) }
                throw error
            }
            return Report(
                contents, file: file, bytes: backup.size, schema: plan.newest, epoch: contents.header.epoch + 1)
        }
    }

    // MARK: The key file

    /// The key to put into the key file; `nil` when the one that is there opens what the backup has sealed.
    private static func key(for contents: BackupContents, _ configuration: Configuration) throws -> [UInt8]? {
        let path = configuration.keyFile
        let present = try Keyring.key(in: path)
        if let key = contents.header.key {
            guard contents.isSealed(with: Keyring(master: SymmetricKey(data: key))) else {
                throw BackupError(
                    .key, "The key in the backup does not open what is sealed in it: the database had another key file.")
            }
            guard let present else { return key }
            guard present == key else {
                throw BackupError(
                    .key,
                    "The key file \(path) holds another key than the backup. Move it away, or name another place with "
                        + "--key-file. Nothing was changed.")
            }
            return nil
        }
        guard contents.hasSealed else { return nil }
        guard let present else {
            throw BackupError(
                .key,
                "The backup comes without its key file, and there is none at \(path). Give the one of the database the "
                    + "backup is of, with --key-file. Nothing was changed.")
        }
        guard contents.isSealed(with: Keyring(master: SymmetricKey(data: present))) else {
            throw BackupError(
                .key,
                "The key file \(path) is not that of the database the backup is of: it does not open what is sealed "
                    + "in it. Nothing was changed.")
        }
        return nil
    }

    /// Whether a key file was made.
    private static func placeKey(_ key: [UInt8]?, _ configuration: Configuration) throws -> Bool {
        guard let key else { return false }
        try Keyring.store(key, in: configuration.keyFile)
        return true
    }

    // MARK: The process

    private static func prepareProcess() {
        // A file that may not grow is an error of that write, not a signal that ends the process.
        signal(SIGXFSZ, SIG_IGN)
        // Whatever is made from here on is its owner's alone.
        umask(0o077)
    }

    private static func explaining<Value>(
        _ configuration: Configuration, _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as BackupError {
            throw StartFailure(reason(error.reason), error.description)
        } catch StorageError.full {
            throw StartFailure(.inputOutput, "The disk is full. Nothing was left behind.")
        } catch let error as StorageError {
            throw StartFailure(.unavailable, "\(DatabaseOpening.place(configuration)): \(error)")
        } catch let error as ServiceError {
            throw StartFailure(.unavailable, "\(DatabaseOpening.place(configuration)): \(error)")
        }
    }

    private static func reason(_ reason: BackupError.Reason) -> StartFailure.Reason {
        switch reason {
        case .unusableFile: .data
        case .missing: .missing
        case .inTheWay: .cannotCreate
        case .inputOutput: .inputOutput
        case .unusableDatabase, .key: .unavailable
        }
    }
}

extension BackupOperations.Progress {
    fileprivate init(_ phase: Phase, _ progress: BackupProgress) {
        self.init(
            phase: phase, table: progress.table, rows: progress.rows, tableIsDone: progress.tableIsDone, share: progress.share)
    }
}

extension BackupOperations.Report {
    fileprivate init(_ contents: BackupContents, file: String, bytes: Int64, schema: Int, epoch: Int64) {
        self.init(
            file: file, bytes: bytes, schema: schema, epoch: epoch, createdAt: contents.header.createdAt,
            tables: contents.tables.map { ($0.name, $0.rows) }, rows: contents.rows,
            includesKey: contents.header.key != nil, checksum: contents.checksum)
    }
}
