import Crypto
public import Model
public import Storage

/// The `Idempotency-Key` a create came with, and a hash of the request it belongs to.
public struct IdempotencyKey: Sendable, Hashable {
    public let key: String
    /// SHA-256 of method, path and body.
    public let requestHash: [UInt8]

    public init(key: String, requestHash: [UInt8]) {
        self.key = key
        self.requestHash = requestHash
    }
}

/// Remembers for a day which object a create with an `Idempotency-Key` made; never a body.
public enum Idempotency {
    private static let seconds: Int64 = 86_400

    /// The object an earlier request with the same key made, or `nil` when this is the first.
    public static func made(by key: IdempotencyKey, caller: Caller, at now: Timestamp, on connection: any Connection) throws
        -> EntityID?
    {
        let found = try connection.first(
            Statement(
                """
                SELECT request_hash, object_id FROM idempotency_key
                WHERE realm_id = $1 AND principal_id = $2 AND key_hash = $3 AND created_at > $4
                """,
                [
                    .text(caller.realm.text), .text(caller.principal?.id.text ?? ""), .text(hash(key)),
                    .integer(now.adding(seconds: -seconds).milliseconds),
                ])
        ) { ($0.text(0), EntityID(trusted: $0.text(1))) }
        guard let (requestHash, object) = found else { return nil }
        guard requestHash == bound(key) else {
            throw ServiceError.invalid([
                FieldError(
                    field: "Idempotency-Key", code: "reused",
                    message: "This key was used for another request. Use a new key for each.")
            ])
        }
        return object
    }

    public static func remember(
        _ key: IdempotencyKey, made object: EntityID, caller: Caller, at now: Timestamp, on connection: any Connection
    ) throws {
        try connection.run(
            Statement(
                "DELETE FROM idempotency_key WHERE created_at <= $1", [.integer(now.adding(seconds: -seconds).milliseconds)]))
        try connection.run(
            Statement(
                """
                INSERT INTO idempotency_key (realm_id, principal_id, key_hash, request_hash, object_id, created_at)
                VALUES ($1, $2, $3, $4, $5, $6)
                """,
                [
                    .text(caller.realm.text), .text(caller.principal?.id.text ?? ""), .text(hash(key)),
                    .text(bound(key)), .text(object.text), .integer(now.milliseconds),
                ]))
    }

    /// The request's hash, keyed with what only the client has: a body may hold a password, and whoever steals the database
    /// must not be able to try guesses against a fast hash of it.
    private static func bound(_ key: IdempotencyKey) -> String {
        hexadecimal(HMAC<SHA256>.authenticationCode(for: key.requestHash, using: SymmetricKey(data: Array(key.key.utf8))))
    }

    private static func hash(_ key: IdempotencyKey) -> String {
        hexadecimal(SHA256.hash(data: Array(key.key.utf8)))
    }

    /// Runs `make` unless a request with the same key ran it before; then `again` reads what that made.
    ///
    /// - Parameters:
    ///   - again: `nil` when it has been deleted since.
    ///   - id: the made object's id.
    public static func once<Value>(
        _ key: IdempotencyKey?, caller: Caller, at now: Timestamp, on connection: any Connection,
        again: (EntityID) throws -> Value?, id: (Value) -> EntityID, make: () throws -> Value
    ) throws -> Value {
        guard let key else { return try make() }
        if let made = try made(by: key, caller: caller, at: now, on: connection) {
            guard let value = try again(made) else {
                throw ServiceError.conflict("What this Idempotency-Key created has been deleted since.")
            }
            return value
        }
        let value = try make()
        try remember(key, made: id(value), caller: caller, at: now, on: connection)
        return value
    }
}
