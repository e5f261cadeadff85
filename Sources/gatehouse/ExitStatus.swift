/// What the process ends with; the numbers above 63 are those of `sysexits.h`, so scripts can tell why.
enum ExitStatus: Int32, Sendable {
    case success = 0
    /// Refused for a reason without a number of its own, a broken audit chain, a declined confirmation.
    case failure = 1
    /// `check` and `explain`: the question was decided, and the answer is no.
    case denied = 3
    case usage = 64
    /// The server found the data wrong (400, 413, 422), or a value read from standard input is unusable.
    case invalidData = 65
    case notFound = 66
    /// The server cannot be reached, broke (5xx), or answers something that is not Gatehouse's.
    case unavailable = 69
    /// In the way of something that exists, or of somebody else's change (409, 412).
    case conflict = 73
    /// Standard output or a local file cannot be written.
    case inputOutput = 74
    /// Throttled or overloaded (429, 503): the same again later may work.
    case tryLater = 75
    /// Not signed in, or not allowed to (401, 403).
    case notPermitted = 77
    /// The reader of our output is gone: what a shell shows for a program that SIGPIPE ended.
    case outputClosed = 141

    /// The status for an HTTP answer that is not a success.
    init(httpStatus: Int) {
        switch httpStatus {
        case 400, 413, 422: self = .invalidData
        case 401, 403: self = .notPermitted
        case 404: self = .notFound
        case 409, 412: self = .conflict
        case 429, 503: self = .tryLater
        case 500...599: self = .unavailable
        default: self = .failure
        }
    }

    /// The table for the root command's help.
    static let help = """
        Exit codes: 0 done; 1 refused or failed otherwise; 3 access is denied (check, explain); 64 wrong usage; 65 invalid data; 66 not found; \
        69 server unreachable or broken; 73 conflict; 74 input or output failed; 75 try later; \
        77 not signed in or not allowed.
        """
}
