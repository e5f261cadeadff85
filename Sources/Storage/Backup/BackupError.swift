/// Why there is no backup, or why one is not restored: one sentence for the operator.
public struct BackupError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        /// The file is damaged, or no backup, or one of a newer program.
        case unusableFile
        /// There is no such file, or no database.
        case missing
        /// Something is in the way: a file, a database that is not empty.
        case inTheWay
        /// The file cannot be read or written.
        case inputOutput
        /// The database cannot be used.
        case unusableDatabase
        /// The key file is missing or another one.
        case key
    }

    public let reason: Reason
    public let description: String

    public init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }

    static func damaged(_ what: String) -> BackupError {
        BackupError(.unusableFile, "The backup is damaged: \(what). Nothing was changed; use another backup.")
    }

    static let foreign = BackupError(.unusableFile, "This file is no backup of Gatehouse. Nothing was changed.")
}
