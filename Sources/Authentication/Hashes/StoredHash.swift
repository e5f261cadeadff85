import CSodium
public import Model

/// A password hash in one of the usual string forms: ours (Argon2id) or one that another program made. Whoever signs in with
/// a foreign one gets a hash of ours at once.
public enum StoredHash: Sendable, Hashable {
    case argon2(Argon2Hash)
    case bcrypt(BcryptHash)
    case pbkdf2(PBKDF2Hash)
    case scrypt(ScryptHash)

    /// Why a text cannot be taken over as a password hash.
    public struct Refusal: Error, Sendable, Hashable {
        /// `unknown_hash`, `malformed_hash` or `costly_hash`.
        public let code: String
        /// A sentence for people; holds nothing of the hash but its parameters.
        public let message: String

        static func malformed(_ scheme: String) -> Refusal {
            Refusal(code: "malformed_hash", message: "This is no complete \(scheme) hash.")
        }

        static func costly(_ message: String) -> Refusal {
            Refusal(code: "costly_hash", message: message)
        }
    }

    /// Longer than any of the forms needs.
    static let maximumLength = 1024

    /// Reads the form and checks that verifying it is bounded: at most 256 MiB and about a second of work.
    public init(_ text: String) throws(Refusal) {
        guard text.utf8.count <= Self.maximumLength, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Refusal(code: "malformed_hash", message: "A password hash is one line of printable ASCII characters.")
        }
        if text.hasPrefix("$argon2") {
            self = .argon2(try Argon2Hash(text))
        } else if text.hasPrefix("$2") {
            self = .bcrypt(try BcryptHash(text))
        } else if text.hasPrefix("$pbkdf2") || text.hasPrefix("pbkdf2_") {
            self = .pbkdf2(try PBKDF2Hash(text))
        } else if text.hasPrefix("$scrypt$") || text.hasPrefix("$7$") {
            self = .scrypt(try ScryptHash(text))
        } else {
            throw Refusal(
                code: "unknown_hash",
                message: "This form of password hash is not known here. Known are Argon2, bcrypt, PBKDF2 and scrypt.")
        }
    }

    /// What people call the scheme: `Argon2id`, `bcrypt` ...
    public var scheme: String {
        switch self {
        case .argon2(let hash): hash.scheme
        case .bcrypt: "bcrypt"
        case .pbkdf2(let hash): "PBKDF2-\(hash.digest.name)"
        case .scrypt: "scrypt"
        }
    }

    /// Whether these are the password's bytes. Burns processor and memory: for the hashing pool only.
    func matches(_ password: [UInt8]) -> Bool {
        switch self {
        case .argon2(let hash): hash.matches(password)
        case .bcrypt(let hash): hash.matches(password)
        case .pbkdf2(let hash): hash.matches(password)
        case .scrypt(let hash): hash.matches(password)
        }
    }
}

extension StoredHash.Refusal {
    /// As an error of the field a hash came in.
    public func error(of field: String) -> FieldError {
        FieldError(field: field, code: code, message: message)
    }
}

/// Compares without telling by its time where the first difference lies.
func isSameSecret(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && !left.isEmpty && sodium_memcmp(left, right, left.count) == 0
}
