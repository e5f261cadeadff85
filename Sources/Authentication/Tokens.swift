import Crypto
import Model

/// Random secrets for machines: 256 bits, stored as SHA-256 and never slowly hashed.
enum Token {
    static let sessionPrefix = "ghs_"
    /// Of API tokens.
    static let apiPrefix = "ghp_"
    static let challengePrefix = "ghn_"

    static func make(prefix: String) -> String {
        prefix + Base64URL.encode(randomBytes(32))
    }

    /// What is stored in place of the token.
    static func hash(_ token: String) -> String {
        Base64URL.encode(Array(SHA256.hash(data: Array(token.utf8))))
    }

    /// Whether the text could be a token of that kind at all.
    static func hasShape(_ token: String, prefix: String) -> Bool {
        token.utf8.count == prefix.utf8.count + 43 && token.utf8.starts(with: prefix.utf8)
    }
}
