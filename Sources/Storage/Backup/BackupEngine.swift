/// A database that a backup is read from, opened beside the servers that use it; nothing in it is changed.
public protocol BackupSource: Sendable {
    /// Runs `body` once, in one transaction that sees one state from its beginning to its end; `each` streams.
    func snapshot<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value
}

/// A database that holds nothing yet.
public protocol RestoreTarget: Sendable {
    /// - Throws: `BackupError` with reason `inTheWay` when there is anything in it, whoever's it is.
    func requireEmpty() async throws

    /// Runs `body` in one transaction on the empty database, without any time limit. All of it is there and durable when this
    /// returns, and nothing of it when `body` throws or the process ends before. `body` may run again from its beginning when
    /// the transaction is lost.
    func fill(_ body: @escaping @Sendable (any Connection) throws -> Void) async throws
}
