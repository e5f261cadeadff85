import Crypto
import CryptoExtras
import Foundation
public import Model

extension Keyring {
    private static let sharedName = "key file"

    /// As `init(file:for:)`, for a database that several nodes share: beside what it has sealed lies the key itself, sealed
    /// with what opens the database. So a new node needs nothing but the database's URL, and whoever has only the database's
    /// files has nothing.
    ///
    /// - Parameter password: what opens the database; when it is empty the key is as open as the database is.
    public init(
        file path: String, sharedIn database: any Database, openedBy password: String, clock: any WallClock
    ) async throws {
        while true {
            let stored = try await Self.stored(in: database)
            if let stored, let key = SharedKey.open(stored, with: password) {
                self.init(master: SymmetricKey(data: key))
                try await proveFit(in: database)
                try Self.keep(key, in: path)
                return
            }
            let hasSealed = try await Self.hasSealed(database)
            if hasSealed {
                // Never shared before, or the database has another password now: the file decides, if it fits.
                try await self.init(file: path, for: database)
                try await proveFit(in: database)
            } else {
                // Nothing is written to the disk before it is certain whose key it will be.
                self.init(master: try Self.key(in: path).map { SymmetricKey(data: $0) } ?? SymmetricKey(size: .bits256))
            }
            let sealed = try SharedKey.seal(bytes, with: password)
            let isStored = try await database.write { connection in
                guard try Self.find(on: connection) == stored else { return false }
                try connection.run(
                    Statement(
                        """
                        INSERT INTO shared_key (name, sealed, created_at) VALUES ($1, $2, $3)
                        ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed
                        """, [.text(Self.sharedName), .text(sealed), .integer(clock.now().milliseconds)]))
                return true
            }.value
            // Of two nodes that start on an empty database the second takes the key of the first, in the next round.
            if isStored {
                try Self.keep(bytes, in: path)
                return
            }
        }
    }

    /// The key that lies in a database for its nodes; `nil` when there is none that `password` opens.
    public static func shared(in source: any BackupSource, openedBy password: String) async throws -> [UInt8]? {
        let stored = try await source.snapshot { connection -> String? in
            // An older schema has no such table.
            let tables = try connection.rows(Statement(connection.dialect.tables)) { $0.text(0) }
            return tables.contains("shared_key") ? try find(on: connection) : nil
        }
        return stored.flatMap { SharedKey.open($0, with: password) }
    }

    private static func find(on connection: any Connection) throws -> String? {
        try connection.first(Statement("SELECT sealed FROM shared_key WHERE name = $1", [.text(sharedName)])) { $0.text(0) }
    }

    private static func stored(in database: any Database) async throws -> String? {
        try await database.read { try find(on: $0) }
    }

    private static func hasSealed(_ database: any Database) async throws -> Bool {
        try await database.read { connection in
            try connection.first(Statement("SELECT 1 FROM sealed_secret LIMIT 1")) { _ in true } ?? false
        }
    }

    /// Throws `damaged` when the key does not open what the database has sealed.
    private func proveFit(in database: any Database) async throws {
        let sample = try await database.read { connection in
            try connection.first(Statement("SELECT name, sealed FROM sealed_secret LIMIT 1")) { ($0.text(0), $0.text(1)) }
        }
        if let (name, sealed) = sample { _ = try open(sealed, name: name) }
    }

    /// Puts the key into the file, or checks that it is there already.
    private static func keep(_ key: [UInt8], in path: String) throws {
        guard let found = try Self.key(in: path) else { return try store(key, in: path) }
        guard found == key else {
            throw StorageError.failed("the key file \(path) belongs to another database; move it away, and the right one is made")
        }
    }
}

/// A key sealed with a password: AES-256-GCM under PBKDF2 (RFC 8018 section 5.2) with HMAC-SHA-256.
private enum SharedKey {
    private static let rounds = 210_000
    private static let associated = Array("gatehouse key of all nodes".utf8)

    static func seal(_ key: [UInt8], with password: String) throws -> String {
        let salt = randomBytes(16)
        let box = try AES.GCM.seal(key, using: try derive(password, salt), authenticating: associated)
        guard let combined = box.combined else { throw StorageError.failed("sealing gave no box") }
        return Base64URL.encode(salt + combined)
    }

    static func open(_ text: String, with password: String) -> [UInt8]? {
        guard let bytes = Base64URL.decode(text), bytes.count > 16, let derived = try? derive(password, Array(bytes.prefix(16))),
            let box = try? AES.GCM.SealedBox(combined: bytes.dropFirst(16)),
            let key = try? AES.GCM.open(box, using: derived, authenticating: associated), key.count == 32
        else { return nil }
        return Array(key)
    }

    private static func derive(_ password: String, _ salt: [UInt8]) throws -> SymmetricKey {
        try KDF.Insecure.PBKDF2.deriveKey(
            from: Array(password.utf8), salt: salt, using: .sha256, outputByteCount: 32, rounds: rounds)
    }
}
