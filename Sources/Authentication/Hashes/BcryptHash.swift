import CCrypt
import CSodium

/// `$2b$12$` with 22 characters of salt and 31 of hash (also `$2a$`, `$2y$`).
///
/// bcrypt looks at the first 72 bytes of a password only, and at none from a NUL on. What is longer matches by its first 72
/// bytes, as it did where the hash was made; what holds a NUL matches nothing.
public struct BcryptHash: Sendable, Hashable {
    /// The logarithm of the rounds; each step doubles the time. 15 takes about two seconds.
    static let maximumCost = 15

    let text: String

    init(_ text: String) throws(StoredHash.Refusal) {
        self.text = text
        let bytes = Array(text.utf8)
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard bytes.count == 60, parts.count == 4, ["2a", "2b", "2y"].contains(parts[1]), parts[2].utf8.count == 2,
            let cost = Int(parts[2]), (4...31).contains(cost), bytes[7...].allSatisfy({ HashText.crypt64($0) != nil })
        else { throw .malformed("bcrypt") }
        guard cost <= Self.maximumCost else {
            throw .costly("Checking this bcrypt hash takes too long (cost \(cost)): at most \(Self.maximumCost).")
        }
    }

    func matches(_ password: [UInt8]) -> Bool {
        guard !password.contains(0) else { return false }
        // 32 KiB, so not on the stack.
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        data.initialize(to: crypt_data())
        defer {
            sodium_memzero(data, MemoryLayout<crypt_data>.size)
            data.deallocate()
        }
        return withCharacters(of: password) { characters in
            guard let made = crypt_r(characters, text, data) else { return false }
            // The hash alone: the salt's last character has bits to spare, which some programs set and crypt writes back clear.
            let whole = Array(String(cString: made).utf8)
            return whole.count == 60 && isSameSecret(Array(whole.suffix(31)), Array(text.utf8.suffix(31)))
        }
    }
}
