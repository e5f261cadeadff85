import ArgumentParser
import Glibc

/// Why a command could not do what it was asked, ready to be shown: one sentence, then what belongs to it.
struct CommandFailure: Error, Sendable {
    let status: ExitStatus
    let message: String
    /// One line each, such as `username: is taken`.
    var details: [String] = []
    /// Leads from the message to the server's log.
    var requestID: String?
    /// The status of the answer it comes from, when there was one.
    var httpStatus: Int?

    init(
        _ status: ExitStatus, _ message: String, details: [String] = [], requestID: String? = nil, httpStatus: Int? = nil
    ) {
        self.httpStatus = httpStatus
        self.status = status
        self.message = message
        self.details = details
        self.requestID = requestID
    }

    /// The server answered, but not as the contract says.
    static func notUnderstood(_ what: String, requestID: String? = nil) -> CommandFailure {
        CommandFailure(
            .unavailable, "The server's answer cannot be understood: \(what).",
            details: ["Is this the address of a Gatehouse server of this version?"], requestID: requestID)
    }

    /// The text for standard error. Parts of it come from the server, so nothing in it may steer a terminal.
    var text: String {
        var lines = ["Error: " + DisplayText.sanitized(message)]
        lines += details.map { "  " + DisplayText.sanitized($0) }
        if let requestID { lines.append("  request id: " + DisplayText.sanitized(requestID)) }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// The reader of standard output went away (`gatehouse user list --all | head`): no failure worth a message.
struct OutputClosed: Error {}

/// A command that reports its failures the way all of them do: lines on standard error and an exit code.
protocol ReportingCommand: AsyncParsableCommand {
    func perform() async throws
}

extension ReportingCommand {
    func run() async throws {
        // A closed pipe then shows as an error of `write`, which ends the command without a message.
        signal(SIGPIPE, SIG_IGN)
        do {
            try await perform()
        } catch let failure as CommandFailure {
            StandardError.write(failure.text)
            throw ExitCode(failure.status.rawValue)
        } catch is OutputClosed {
            throw ExitCode(ExitStatus.outputClosed.rawValue)
        }
    }
}
