import CSodium
import Model
import Storage
import Synchronization

/// Argon2id through libsodium, in a bounded pool of low-priority threads: when its queue is full the answer is
/// `overloaded`, and everything else stays fast.
public final class PasswordHasher: Sendable {
    /// How much work a hash is. Stored with each hash; a weaker stored one is renewed at the next sign-in.
    public struct Cost: Sendable, Hashable {
        /// Passes over the memory.
        public let passes: UInt64
        /// Bytes.
        public let memory: Int

        public init(passes: UInt64, memory: Int) {
            self.passes = passes
            self.memory = memory
        }

        /// m = 19 MiB, t = 2, p = 1: the least that OWASP's password storage guidance allows for Argon2id.
        public static let standard = Cost(passes: 2, memory: 19 << 20)
    }

    private let cost: Cost
    private let pool: WorkerPool
    private let dummy: Mutex<String?> = Mutex(nil)

    /// - Parameters:
    ///   - threads: how many hashes run at once; each takes `cost.memory`.
    ///   - waiting: how many may wait beside them.
    public init(cost: Cost = .standard, threads: Int, waiting: Int) {
        _ = sodium_init()
        self.cost = cost
        pool = WorkerPool(name: "hash", threads: threads, queueLimit: waiting, niceness: 10)
    }

    /// How many hashes wait and run, for metrics.
    public var load: (waiting: Int, running: Int) { pool.load }

    /// The string form `$argon2id$v=19$m=...`.
    public func hash(_ password: String) async throws -> String {
        let text = PasswordPolicy.normalized(password)
        return try await run { [cost] in try Self.hash(text, cost) }
    }

    /// Whether the password is the one that was hashed, by us or by another program (`StoredHash`). `stored` nil: nobody's;
    /// takes as long as one of ours, answers false.
    public func verify(_ password: String, against stored: String?) async throws -> Bool {
        let text = PasswordPolicy.normalized(password)
        return try await run { [self] in
            let reference = try stored ?? dummyHash()
            guard let hash = try? StoredHash(reference) else { return false }
            // Other programs hash what was typed; only ours is known to be normalized first.
            let isOurs = !needsRehash(reference)
            let matches = Self.matches(text, hash) || (!isOurs && !Self.isSame(text, password) && Self.matches(password, hash))
            return matches && stored != nil
        }
    }

    /// Whether a stored hash was made with less (or other) work than today's.
    public func needsRehash(_ stored: String) -> Bool {
        crypto_pwhash_str_needs_rehash(stored, cost.passes, cost.memory) != 0
    }

    public func end() {
        pool.end()
    }

    private func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await pool.run(body)
        } catch is WorkerPool.Full {
            throw ServiceError.overloaded(retryAfterSeconds: 1)
        }
    }

    /// Made once, of random bytes: unknown names cost what known ones do.
    private func dummyHash() throws -> String {
        if let made = dummy.withLock({ $0 }) { return made }
        let made = try Self.hash(Base64URL.encode(randomBytes(24)), cost)
        dummy.withLock { $0 = made }
        return made
    }

    private static func matches(_ password: String, _ hash: StoredHash) -> Bool {
        var bytes = Array(password.utf8)
        defer { sodium_memzero(&bytes, bytes.count) }
        return hash.matches(bytes)
    }

    /// By bytes: strings compare by what they mean.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    private static func hash(_ password: String, _ cost: Cost) throws -> String {
        var bytes = Array(password.utf8)
        defer { sodium_memzero(&bytes, bytes.count) }
        var out = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let status = bytes.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: CChar.self) {
                crypto_pwhash_str(&out, $0.baseAddress ?? emptyText, UInt64($0.count), cost.passes, cost.memory)
            }
        }
        // Fails only when the memory cannot be had.
        guard status == 0 else { throw ServiceError.overloaded(retryAfterSeconds: 2) }
        return String(decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Stands in for the address of an empty array, which has none.
    private nonisolated(unsafe) static let emptyText: UnsafePointer<CChar> = {
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        text.pointee = 0
        return UnsafePointer(text)
    }()
}
