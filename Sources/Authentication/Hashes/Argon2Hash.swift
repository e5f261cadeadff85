import CSodium

/// `$argon2id$v=19$m=65536,t=3,p=4$SALT$HASH` (and `argon2i`), the form of the reference implementation and of RFC 9106's
/// parameters. Argon2d and version 16 are unknown to libsodium.
public struct Argon2Hash: Sendable, Hashable {
    /// KiB.
    static let maximumMemory = 256 << 10
    /// Memory times passes, KiB.
    static let maximumWork = 1 << 20

    let text: String
    public let scheme: String

    init(_ text: String) throws(StoredHash.Refusal) {
        self.text = text
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        let isKnown = parts.count > 1 && (parts[1] == "argon2id" || parts[1] == "argon2i")
        guard isKnown else {
            throw StoredHash.Refusal(code: "unknown_hash", message: "Of Argon2 the kinds argon2id and argon2i are known here.")
        }
        scheme = parts[1] == "argon2id" ? "Argon2id" : "Argon2i"
        guard parts.count == 6, parts[0].isEmpty, parts[2] == "v=19",
            let numbers = HashText.numbers(parts[3], names: ["m", "t", "p"]),
            let salt = HashText.base64(parts[4]), (8...64).contains(salt.count), !parts[4].hasSuffix("="),
            let hash = HashText.base64(parts[5]), (16...128).contains(hash.count), !parts[5].hasSuffix("=")
        else { throw .malformed(scheme) }
        let (memory, passes, lanes) = (numbers[0], numbers[1], numbers[2])
        guard passes >= 1, (1...255).contains(lanes), memory >= 8 * lanes else { throw .malformed(scheme) }
        guard memory <= Self.maximumMemory, memory.multipliedReportingOverflow(by: passes).overflow == false,
            memory * passes <= Self.maximumWork
        else {
            throw .costly(
                "Checking this \(scheme) hash takes too much (m=\(memory), t=\(passes)): at most m=\(Self.maximumMemory) KiB, and "
                    + "m times t at most \(Self.maximumWork).")
        }
    }

    /// Compares inside libsodium, in constant time.
    func matches(_ password: [UInt8]) -> Bool {
        withCharacters(of: password) { crypto_pwhash_str_verify(text, $0, UInt64(password.count)) == 0 }
    }
}

/// Bytes as C's `char`; an empty array has no address of its own.
func withCharacters<Value>(of bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Value) -> Value {
    // A spare byte in front of the end gives even nothing an address.
    var copy = bytes + [0]
    defer { sodium_memzero(&copy, copy.count) }
    return copy.withUnsafeBytes { raw in
        raw.withMemoryRebound(to: CChar.self) { buffer in
            guard let base = buffer.baseAddress else { return withUnsafePointer(to: CChar(0), body) }
            return body(base)
        }
    }
}
