import AsyncHTTPClient
import Glibc
import Model
import NIOCore
import NIOPosix

/// An answer that is no success, and what a person is told of it.
struct Problem {
    let status: Int
    /// The members of RFC 9457, when the server sent them; proxies in between do not.
    let object: JSONObject?
    let requestID: String?
    let retryAfter: String?

    func failure(server: ServerAddress) -> CommandFailure {
        var details = fieldLines
        if status == 401, object?["code"]?.string == "unauthenticated" { details.append("Sign in with: gatehouse login") }
        if status == 429 || status == 503, let wait, !sentence.contains(wait) { details.append(wait) }
        if object == nil { details.append("The answer is not one of Gatehouse's; is \(server.text) the right address?") }
        return CommandFailure(
            exitStatus, sentence, details: details, requestID: object?["requestId"]?.string ?? requestID,
            httpStatus: status)
    }

    /// Seconds from `Retry-After`; the form with a date is not one of ours.
    var secondsToWait: Int? {
        guard let retryAfter, let seconds = Int(retryAfter), seconds >= 0 else { return nil }
        return seconds
    }

    private var exitStatus: ExitStatus {
        (300...399).contains(status) ? .unavailable : ExitStatus(httpStatus: status)
    }

    /// Title and detail; the title alone where the lines of the fields say the rest.
    private var sentence: String {
        let title = object?["title"]?.string ?? "The server answered with status \(status)"
        let detail = status == 422 && !fieldLines.isEmpty ? nil : object?["detail"]?.string
        return [title, detail].compactMap { $0 }.filter { !$0.isEmpty }.map(Self.ended).joined(separator: " ")
    }

    private static func ended(_ sentence: String) -> String {
        guard let last = sentence.last, !".!?".contains(last) else { return sentence }
        return sentence + "."
    }

    private var fieldLines: [String] {
        guard let errors = object?["errors"]?.array else { return [] }
        return errors.compactMap { entry in
            guard let entry = entry.object, let message = entry["message"]?.string else { return nil }
            guard let field = entry["field"]?.string, !field.isEmpty else { return message }
            return "\(field): \(message)"
        }
    }

    private var wait: String? {
        guard let seconds = secondsToWait else { return retryAfter.map { "Try again after \($0)." } }
        return seconds == 1 ? "Try again in 1 second." : "Try again in \(seconds) seconds."
    }
}

/// A request that got no answer.
struct TransportProblem {
    let error: any Error
    let connection: Connection

    var failure: CommandFailure {
        CommandFailure(.unavailable, "Cannot reach \(connection.server.text): \(reason).", details: hint.map { [$0] } ?? [])
    }

    private var isUntrusted: Bool {
        // BoringSSL's reasons are only to be had as text.
        String(describing: error).contains("CERTIFICATE_VERIFY_FAILED")
    }

    private var reason: String {
        if isUntrusted { return "its certificate is not trusted" }
        switch error {
        case is CancellationError: return "the request was cancelled"
        case is NIOTooManyBytesError: return "its answer is too large"
        case let error as NIOConnectionError where error.connectionErrors.isEmpty: return "there is no host \(error.host)"
        case let error as HTTPClientError:
            if error == .connectTimeout || error == .deadlineExceeded || error == .readTimeout {
                return "no answer within \(connection.seconds) seconds"
            }
            if error == .tlsHandshakeTimeout { return "TLS was not agreed upon in time" }
            if error == .remoteConnectionClosed { return "it closed the connection without an answer" }
            return String(describing: error)
        default: break
        }
        if let code { return SystemText.error(code).lowercased() }
        if let opensslReason { return "TLS failed (\(opensslReason))" }
        return String(describing: error)
    }

    private var hint: String? {
        if isUntrusted { return "Name a private certificate authority with --ca FILE." }
        if code == ECONNREFUSED { return "Is the server running? Start it with: gatehouse serve" }
        if opensslReason == "WRONG_VERSION_NUMBER" { return "Is it a server without TLS? Its address then begins with http://" }
        return nil
    }

    /// The error number of the system call that failed, wherever it is wrapped.
    private var code: Int32? {
        let inner = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
        return (inner as? IOError)?.errnoCode
    }

    /// The reason in `... OPENSSL_internal:REASON at file:line`, which is all of it that helps a person.
    private var opensslReason: String? {
        let text = String(describing: error)
        guard let marker = text.firstRange(of: "OPENSSL_internal:") else { return nil }
        return String(text[marker.upperBound...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    }
}
