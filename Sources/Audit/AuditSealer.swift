public import Crypto
public import Model
public import Storage
import Synchronization

/// Signs the end of the chain from time to time, so that a cut tail and a rewritten chain show.
public struct AuditSealer: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    private let clock: any WallClock
    private let memory = Memory()

    /// The heads this process has sealed last, out of reach of whoever can write the tables.
    private final class Memory: Sendable {
        let heads = Mutex<[RealmID: AuditChain.Head]>([:])
    }

    /// - Parameter key: Ed25519 (RFC 8032).
    public init(key: Curve25519.Signing.PrivateKey, clock: any WallClock) {
        self.key = key
        self.clock = clock
    }

    /// Seals the head when it has moved since the last seal; answers the sealed head, for the log.
    ///
    /// - Throws: `StorageError.damaged` when the record no longer contains what this process sealed before: a forged chain
    ///   gets no signature.
    public func seal(realm: RealmID, in database: any Database) async throws -> String? {
        let moved: @Sendable (any Connection) throws -> AuditChain.Head? = { connection in
            let head = try AuditChain.head(realm: realm, on: connection)
            let last = try connection.first(
                Statement("SELECT COALESCE(MAX(position), 0) FROM audit_seal WHERE realm_id = $1", [.text(realm.text)])
            ) { $0.integer(0) }
            if let sealed = self.remembered(realm) {
                let hash = try connection.first(
                    Statement(
                        "SELECT hash FROM audit_event WHERE realm_id = $1 AND position = $2",
                        [.text(realm.text), .integer(sealed.position)])
                ) { $0.text(0) }
                guard hash == sealed.hash else {
                    throw StorageError.damaged(
                        "the audit record was changed: it no longer contains the sealed head \(sealed.text)")
                }
            }
            return head.position > (last ?? 0) ? head : nil
        }
        guard try await database.read({ try moved($0) }) != nil else { return nil }
        let sealed = try await database.write { connection -> AuditChain.Head? in
            guard let head = try moved(connection) else { return nil }
            let signature = try key.signature(for: Self.message(realm, head))
            // Another node may be sealing the same head.
            let inserted = try connection.run(
                Statement(
                    """
                    INSERT INTO audit_seal (realm_id, position, hash, time, signature) VALUES ($1, $2, $3, $4, $5)
                    ON CONFLICT (realm_id, position) DO NOTHING
                    """,
                    [
                        .text(realm.text), .integer(head.position), .text(head.hash), .integer(clock.now().milliseconds),
                        .text(Base64URL.encode(signature)),
                    ]))
            return inserted > 0 ? head : nil
        }.value
        if let sealed { memory.heads.withLock { $0[realm] = sealed } }
        return sealed?.text
    }

    /// The last head this process sealed.
    func remembered(_ realm: RealmID) -> AuditChain.Head? {
        memory.heads.withLock { $0[realm] }
    }

    /// Whether the signature over the head is ours.
    func isOurs(_ signature: String, realm: RealmID, _ head: AuditChain.Head) -> Bool {
        key.publicKey.isValidSignature(Base64URL.decode(signature) ?? [], for: Self.message(realm, head))
    }

    /// The last of the stored seals.
    func last(realm: RealmID, on connection: any Connection) throws -> (head: AuditChain.Head, signature: String)? {
        try connection.first(
            Statement(
                "SELECT position, hash, signature FROM audit_seal WHERE realm_id = $1 ORDER BY position DESC LIMIT 1",
                [.text(realm.text)])
        ) { (AuditChain.Head(position: $0.integer(0), hash: $0.text(1)), $0.text(2)) }
    }

    private static func message(_ realm: RealmID, _ head: AuditChain.Head) -> [UInt8] {
        Array("gatehouse audit head\n\(realm.text)\n\(head.text)".utf8)
    }
}
