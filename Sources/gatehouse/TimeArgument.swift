import ArgumentParser
import Model

/// When something begins or ends: an instant, a day, a time from now on, or nothing at all.
enum TimeArgument: ExpressibleByArgument, Sendable, Hashable {
    case instant(Timestamp)
    /// Seconds.
    case after(Int64)
    /// The empty text: no such time.
    case none

    /// Longer is a mistake; whoever means "for good" names no end.
    private static let longest: Int64 = 100 * 366 * 86_400

    init?(argument: String) {
        if argument.isEmpty {
            self = .none
        } else if let instant = Timestamp(rfc3339: argument) ?? Timestamp(rfc3339: argument + "T00:00:00Z") {
            self = .instant(instant)
        } else if let seconds = Self.seconds(argument) {
            self = .after(seconds)
        } else {
            return nil
        }
    }

    /// `90s`, `30m`, `8h`, `90d`, `2w`.
    private static func seconds(_ text: String) -> Int64? {
        guard let unit = text.utf8.last, text.utf8.dropLast().allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(text.dropLast()), number > 0
        else { return nil }
        let factor: Int64
        switch unit {
        case UInt8(ascii: "s"): factor = 1
        case UInt8(ascii: "m"): factor = 60
        case UInt8(ascii: "h"): factor = 3600
        case UInt8(ascii: "d"): factor = 86_400
        case UInt8(ascii: "w"): factor = 7 * 86_400
        default: return nil
        }
        let (seconds, overflowed) = number.multipliedReportingOverflow(by: factor)
        return overflowed || seconds > longest ? nil : seconds
    }

    /// The value as the contract has it; a time from now on counts from `start`.
    func value(from start: Timestamp) -> JSONValue {
        switch self {
        case .instant(let instant): .string(instant.rfc3339)
        case .after(let seconds): .string(start.adding(seconds: seconds).rfc3339)
        case .none: .null
        }
    }

    static let forms = "a time such as 2027-01-31T18:00:00Z, a day, or so long from now: 30m 8h 90d 2w"
}

/// `--from`, `--until`, `--reason`: the same on assignments and authorizations.
struct ValidityOptions: ParsableArguments {
    @Option(help: ArgumentHelp("When it begins: \(TimeArgument.forms).", valueName: "time"))
    var from: TimeArgument?

    @Option(help: ArgumentHelp("When it ends; so long counts from --from on when that is given.", valueName: "time"))
    var until: TimeArgument?

    @Option(help: ArgumentHelp("Why, for those who look at it later.", valueName: "text"))
    var reason: String?

    var isEmpty: Bool { from == nil && until == nil && reason == nil }

    /// Adds what was named to a body; what is empty is removed by a merge patch, and left out of what is new.
    func put(into body: inout JSONObject, now: Timestamp = SystemClock().now(), keepingNulls: Bool) {
        let begin = from?.value(from: now)
        let start = begin?.string.flatMap { Timestamp(rfc3339: $0) } ?? now
        let values: [(String, JSONValue?)] = [
            ("validFrom", begin), ("expiresAt", until?.value(from: start)),
            ("reason", reason.map { $0.isEmpty ? .null : .string($0) }),
        ]
        for (name, value) in values {
            guard let value, keepingNulls || value != .null else { continue }
            body[name] = value
        }
    }
}
