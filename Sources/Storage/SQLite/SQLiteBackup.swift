import Foundation
import GRDB

/// A SQLite file opened for a backup, read-only, beside a server that may be writing it.
public final class SQLiteBackupSource: BackupSource {
    private let queue: DatabaseQueue

    /// - Throws: `BackupError` with reason `missing`, `StorageError`.
    public init(path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw BackupError(.missing, "There is no database \(path).")
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0") }
        queue = try SQLiteConnection.mapping { try DatabaseQueue(path: path, configuration: configuration) }
    }

    public func snapshot<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        let queue = queue
        return try await OwnThread.run("backup") {
            try SQLiteConnection.mapping { try queue.read { try body(SQLiteConnection($0)) } }
        }
    }
}

/// A SQLite file that is made under another name and gets its own when everything is in it.
public final class SQLiteRestoreTarget: RestoreTarget {
    private let path: String
    private var unfinished: String { path + ".restoring" }

    /// - Parameter path: in a folder that the caller has locked.
    public init(path: String) {
        self.path = path
    }

    public func requireEmpty() async throws {
        for name in [path, path + "-wal", path + "-journal"] where FileManager.default.fileExists(atPath: name) {
            throw BackupError(
                .inTheWay,
                "\(name) exists: a backup is restored into an empty place only. Nothing was changed; choose another "
                    + "--data, or move what is there away.")
        }
    }

    public func fill(_ body: @escaping @Sendable (any Connection) throws -> Void) async throws {
        try await requireEmpty()
        try await OwnThread.run("restore") { [self] in
            try discard()
            do {
                try SQLiteConnection.mapping { try make(body) }
                guard rename(unfinished, path) == 0 else {
                    throw StorageError.failed("\(path) cannot be made: \(String(cString: strerror(errno)))")
                }
                Folder.sync(of: path)
            } catch {
                try? discard()
                throw error
            }
        }
    }

    private func make(_ body: (any Connection) throws -> Void) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            // Nobody sees this file before it is whole, so it needs neither a journal nor an fsync until then.
            try database.execute(
                sql: """
                    PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;
                    PRAGMA cache_size = -64000; PRAGMA case_sensitive_like = ON
                    """)
        }
        let queue = try DatabaseQueue(path: unfinished, configuration: configuration)
        do {
            try queue.write { try body(SQLiteConnection($0)) }
            try queue.close()
        } catch {
            try? queue.close()
            throw error
        }
        let descriptor = open(unfinished, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError.failed("\(unfinished): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw errno == ENOSPC ? StorageError.full : StorageError.failed("\(unfinished): \(String(cString: strerror(errno)))")
        }
    }

    /// Removes what an earlier restore that was killed has left.
    private func discard() throws {
        for name in [unfinished, unfinished + "-wal", unfinished + "-shm", unfinished + "-journal"] {
            guard unlink(name) == 0 || errno == ENOENT else {
                throw StorageError.failed("\(name) cannot be removed: \(String(cString: strerror(errno)))")
            }
        }
    }
}

/// A thread for work that takes minutes and blocks: Swift's own must not wait for it.
enum OwnThread {
    static func run<Value: Sendable>(_ name: String, _ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result(catching: body)) }
            thread.name = name
            thread.stackSize = 4 << 20
            thread.start()
        }
    }
}
