/// Why the server does not start: one sentence that says what to do, and the number of `sysexits.h` to exit with.
public struct StartFailure: Error, Sendable, CustomStringConvertible {
    public enum Reason: Int32, Sendable {
        /// A flag is wrong.
        case usage = 64
        /// An address or a folder is taken by somebody else, or the data cannot be used.
        case unavailable = 69
        case cannotCreate = 73
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
