import Crypto
import CryptoExtras
import Foundation

/// PBKDF2 (RFC 8018 section 5.2) in three forms: `$pbkdf2-sha256$i=600000,l=32$SALT$HASH`, passlib's
/// `$pbkdf2-sha256$29000$SALT$HASH` (`$pbkdf2$` is SHA-1), and Django's `pbkdf2_sha256$600000$salt$HASH`, whose salt is text.
public struct PBKDF2Hash: Sendable, Hashable {
    enum Digest: String, Sendable, CaseIterable {
        case sha1, sha256, sha384, sha512

        var name: String { "SHA-" + rawValue.dropFirst(3) }

        var length: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            case .sha384: 48
            case .sha512: 64
            }
        }

        var function: KDF.Insecure.PBKDF2.HashFunction {
            switch self {
            case .sha1: .insecureSHA1
            case .sha256: .sha256
            case .sha384: .sha384
            case .sha512: .sha512
            }
        }
    }

    /// Rounds times the blocks of the hash: about a second.
    static let maximumWork = 2_000_000

    let digest: Digest
    let rounds: Int
    let salt: [UInt8]
    let hash: [UInt8]

    init(_ text: String) throws(StoredHash.Refusal) {
        let refusal = StoredHash.Refusal.malformed("PBKDF2")
        var parts = text.split(separator: "$", omittingEmptySubsequences: false)
        let isDjango = !text.hasPrefix("$")
        if !isDjango { parts.removeFirst() }
        guard parts.count == 4, let digest = Self.digest(parts[0], isDjango: isDjango) else { throw refusal }
        let wanted = Self.parameters(parts[1], isDjango: isDjango)
        let salt = isDjango ? Array(parts[2].utf8) : HashText.base64(parts[2])
        guard let (rounds, length) = wanted, rounds >= 1, let salt, (1...256).contains(salt.count),
            let hash = HashText.base64(parts[3]), (16...128).contains(hash.count), length == nil || length == hash.count
        else { throw refusal }
        self.digest = digest
        self.rounds = rounds
        self.salt = salt
        self.hash = hash
        let blocks = (hash.count + digest.length - 1) / digest.length
        guard rounds * blocks <= Self.maximumWork else {
            throw .costly("Checking this PBKDF2 hash takes too long (\(rounds) rounds): at most \(Self.maximumWork / blocks).")
        }
    }

    func matches(_ password: [UInt8]) -> Bool {
        let key = try? KDF.Insecure.PBKDF2.deriveKey(
            from: password, salt: salt, using: digest.function, outputByteCount: hash.count, unsafeUncheckedRounds: rounds)
        return key.map { isSameSecret($0.withUnsafeBytes { Array($0) }, hash) } ?? false
    }

    private static func digest(_ name: Substring, isDjango: Bool) -> Digest? {
        if name == "pbkdf2" { return .sha1 }
        let prefix = isDjango ? "pbkdf2_" : "pbkdf2-"
        return name.hasPrefix(prefix) ? Digest(rawValue: String(name.dropFirst(prefix.utf8.count))) : nil
    }

    /// The rounds, and the hash's length where the form gives it.
    private static func parameters(_ text: Substring, isDjango: Bool) -> (rounds: Int, length: Int?)? {
        if let rounds = HashText.number(text) { return (rounds, nil) }
        guard !isDjango else { return nil }
        if let numbers = HashText.numbers(text, names: ["i"]) { return (numbers[0], nil) }
        return HashText.numbers(text, names: ["i", "l"]).map { ($0[0], $0[1]) }
    }
}
