import Model

/// What a database can refuse with. Services translate what a client may learn; the rest is an internal error.
public enum StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A unique key is taken; engine's words, for logs only.
    case uniqueViolation(String)
    /// The disk is full or a file may not grow.
    case full
    /// Too many writes are waiting.
    case overloaded
    /// The database was written by a newer Gatehouse.
    case newerSchema(found: Int, supported: Int)
    /// The file is damaged or is not ours.
    case damaged(String)
    case closed
    /// The database server cannot be reached, or went away in the midst of something.
    case unreachable(String)
    case failed(String)

    public var description: String {
        switch self {
        case .uniqueViolation(let text): "a unique key is taken (\(text))"
        case .full: "the disk is full"
        case .overloaded: "too many writes are waiting"
        case .newerSchema(let found, let supported):
            "the data was written by a newer Gatehouse: it has schema version \(found), this program knows versions up to "
                + "\(supported). Start the newer program, or restore a backup made with this one."
        case .damaged(let text): "the database is damaged or is not Gatehouse's: \(text)"
        case .unreachable(let text): "the database server cannot be reached: \(text)"
        case .closed: "the database is closed"
        case .failed(let text): text
        }
    }

    /// What a client is told: conditions that pass, or that an operator must mend, have a name of their own.
    var forClients: any Error {
        switch self {
        case .full: ServiceError.storageFull
        case .overloaded: ServiceError.overloaded(retryAfterSeconds: 1)
        case .closed: ServiceError.unavailable(retryAfterSeconds: 5)
        case .unreachable: ServiceError.unavailable(retryAfterSeconds: 1)
        default: self
        }
    }
}
