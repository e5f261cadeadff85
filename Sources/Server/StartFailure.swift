/// Why the server does not start, or a backup or restore is not done: one sentence that says what to do, and the number of `sysexits.h` to exit with.
public struct StartFailure: Error, Sendable, CustomStringConvertible {
    public enum Reason: Int32, Sendable {
        /// A flag is wrong.
        case usage = 64
        /// A backup cannot be used: it is damaged, no backup at all, or a newer program's.
        case data = 65
        /// A file or a database is not there.
        case missing = 66
        /// An address or a folder is taken by somebody else, or the data cannot be used.
        case unavailable = 69
        /// A folder or a file cannot be made, or something is in the way.
        case cannotCreate = 73
        /// A file cannot be read or written.
        case inputOutput = 74
        /// A variable, a key of the configuration file, or a file they name is wrong.
        case configuration = 78
    }

    public let reason: Reason
    public let description: String

    public init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}
