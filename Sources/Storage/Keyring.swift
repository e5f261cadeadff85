public import Crypto
import Foundation
import Glibc
public import Model

/// Secrets the server must read again (signing keys, cursor keys), sealed with the key of the key file.
public struct Keyring: Sendable {
    private let master: SymmetricKey

    public init(master: SymmetricKey) {
        self.master = master
    }

    /// Opens the key file that belongs to a database. One is made only for a database that has sealed nothing yet: a new key
    /// opens none of what an old one has sealed.
    ///
    /// - Throws: as `init(file:)`, and `.failed` when the file is missing.
    public init(file path: String, for database: any Database) async throws {
        let hasSealed = try await database.read { connection in
            try connection.first(Statement("SELECT 1 FROM sealed_secret LIMIT 1")) { _ in true } ?? false
        }
        if hasSealed, !FileManager.default.fileExists(atPath: path) {
            throw StorageError.failed("the key file \(path) is missing, and this database needs the one it was made with")
        }
        try self.init(file: path)
    }

    /// Reads the key file, or makes it (32 random bytes, base64url, mode 0600) when absent.
    ///
    /// - Throws: `StorageError.damaged` for a file that holds no key, `.failed` when it cannot be read or made.
    public init(file path: String) throws {
        if let key = try Keyring.key(in: path) {
            self.init(master: SymmetricKey(data: key))
            return
        }
        let key = randomBytes(32)
        try Keyring.store(key, in: path)
        self.init(master: SymmetricKey(data: key))
    }

    /// The key itself, for sealing it.
    var bytes: [UInt8] { master.withUnsafeBytes { Array($0) } }

    /// The 32 bytes a key file holds; `nil` when there is no such file.
    ///
    /// - Throws: `StorageError.damaged` for a file that holds no key, `.failed` when it cannot be read.
    public static func key(in path: String) throws -> [UInt8]? {
        guard let bytes = try contents(of: path) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let key = Base64URL.decode(text), key.count == 32 else {
            throw StorageError.damaged("\(path) holds no key: 32 bytes in base64url should be there")
        }
        return key
    }

    /// Makes a key file, mode 0600, that is there after a power cut; one that exists is left alone.
    ///
    /// - Throws: `StorageError.failed`.
    public static func store(_ key: [UInt8], in path: String) throws {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StorageError.failed("cannot create \(path): \(String(cString: strerror(errno)))") }
        defer { Glibc.close(descriptor) }
        let text = Array((Base64URL.encode(key) + "\n").utf8)
        let written = text.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == text.count, fsync(descriptor) == 0 else {
            unlink(path)
            throw StorageError.failed("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        // The folder too: a database whose key is lost in a power cut opens nothing it has sealed.
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let folder = Glibc.open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            Glibc.close(folder)
        }
    }

    /// Whether this is the key that sealed `sealed` under that name.
    public func opens(_ sealed: String, name: String) -> Bool {
        (try? open(sealed, name: name)) != nil
    }

    /// The named secret, made with `make` and stored sealed the first time anybody asks.
    public func secret(
        _ name: String, in database: any Database, clock: any WallClock, make: @escaping @Sendable () -> [UInt8]
    ) async throws -> [UInt8] {
        let load: @Sendable (any Connection) throws -> [UInt8]? = { connection in
            let sealed = try connection.first(
                Statement("SELECT sealed FROM sealed_secret WHERE name = $1", [.text(name)])
            ) { $0.text(0) }
            guard let sealed else { return nil }
            return try self.open(sealed, name: name)
        }
        if let found = try await database.read({ try load($0) }) { return found }
        return try await database.write { connection in
            if let found = try load(connection) { return found }
            let secret = make()
            try connection.run(
                Statement(
                    "INSERT INTO sealed_secret (name, sealed, created_at) VALUES ($1, $2, $3)",
                    [.text(name), .text(try self.seal(secret, name: name)), .integer(clock.now().milliseconds)]))
            return secret
        }.value
    }

    /// AES-256-GCM with the name as associated data, so that one sealed secret cannot stand in for another.
    func seal(_ secret: [UInt8], name: String) throws -> String {
        let box = try AES.GCM.seal(secret, using: master, authenticating: Array(name.utf8))
        guard let combined = box.combined else { throw StorageError.failed("sealing gave no box") }
        return Base64URL.encode(combined)
    }

    func open(_ sealed: String, name: String) throws -> [UInt8] {
        guard let combined = Base64URL.decode(sealed), let box = try? AES.GCM.SealedBox(combined: combined),
            let secret = try? AES.GCM.open(box, using: master, authenticating: Array(name.utf8))
        else {
            throw StorageError.damaged("the key file does not open what this database has sealed; is it the key of another one?")
        }
        return Array(secret)
    }

    static func contents(of path: String) throws -> [UInt8]? {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            if !FileManager.default.fileExists(atPath: path) { return nil }
            throw StorageError.failed("cannot read \(path): \(error.localizedDescription)")
        }
    }
}
