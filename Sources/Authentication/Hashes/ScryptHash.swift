import CSodium

/// scrypt (RFC 7914) as `$scrypt$ln=16,r=8,p=1$SALT$HASH`, or in libsodium's form `$7$`.
public struct ScryptHash: Sendable, Hashable {
    private enum Form: Sendable, Hashable {
        case parameters(salt: [UInt8], hash: [UInt8])
        case libsodium(String)
    }

    /// 128·N·r bytes.
    static let maximumMemory = 256 << 20
    /// 128·N·r·p bytes.
    static let maximumWork = 512 << 20

    private let form: Form
    private let logarithm: Int
    private let blockSize: Int
    private let lanes: Int

    init(_ text: String) throws(StoredHash.Refusal) {
        let read = text.hasPrefix("$7$") ? Self.libsodium(text) : Self.parameters(text)
        guard let read, (1...31).contains(read.logarithm), read.blockSize >= 1, read.lanes >= 1 else {
            throw .malformed("scrypt")
        }
        (form, logarithm, blockSize, lanes) = read
        // Bounded one by one first, so that nothing overflows.
        guard logarithm <= 24, blockSize <= 1024, lanes <= 1024, (128 * blockSize) << logarithm <= Self.maximumMemory,
            ((128 * blockSize) << logarithm) * lanes <= Self.maximumWork
        else {
            throw .costly(
                "Checking this scrypt hash takes too much (ln=\(logarithm), r=\(blockSize), p=\(lanes)): at most "
                    + "\(Self.maximumMemory >> 20) MiB, and \(Self.maximumWork >> 20) MiB over all lanes.")
        }
    }

    func matches(_ password: [UInt8]) -> Bool {
        switch form {
        case .libsodium(let text):
            return withCharacters(of: password) {
                crypto_pwhash_scryptsalsa208sha256_str_verify(text, $0, UInt64(password.count)) == 0
            }
        case .parameters(let salt, let hash):
            var made = [UInt8](repeating: 0, count: hash.count)
            let status = crypto_pwhash_scryptsalsa208sha256_ll(
                password, password.count, salt, salt.count, 1 << UInt64(logarithm), UInt32(blockSize), UInt32(lanes), &made,
                made.count)
            return status == 0 && isSameSecret(made, hash)
        }
    }

    private typealias Parts = (form: Form, logarithm: Int, blockSize: Int, lanes: Int)

    private static func parameters(_ text: String) -> Parts? {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, let numbers = HashText.numbers(parts[2], names: ["ln", "r", "p"]),
            let salt = HashText.base64(parts[3]), (1...256).contains(salt.count),
            let hash = HashText.base64(parts[4]), (16...128).contains(hash.count)
        else { return nil }
        return (.parameters(salt: salt, hash: hash), numbers[0], numbers[1], numbers[2])
    }

    /// `$7$`, one character for N's logarithm, five each for r and p, the salt, `$`, 43 characters of hash.
    private static func libsodium(_ text: String) -> Parts? {
        let bytes = Array(text.utf8)
        guard bytes.count == Int(crypto_pwhash_scryptsalsa208sha256_STRBYTES) - 1, bytes[57] == UInt8(ascii: "$"),
            (bytes[3..<57] + bytes[58...]).allSatisfy({ HashText.crypt64($0) != nil }),
            let logarithm = HashText.crypt64(bytes[3])
        else { return nil }
        func number(_ range: Range<Int>) -> Int {
            range.reversed().reduce(0) { $0 << 6 | (HashText.crypt64(bytes[$1]) ?? 0) }
        }
        return (.libsodium(text), logarithm, number(4..<9), number(9..<14))
    }
}
