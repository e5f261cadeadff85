import Model

/// When something happened: in words from now. The style sheet shows the exact time on hover, the script in the viewer's zone.
func relativeTime(_ time: Timestamp?, now: Timestamp) -> HTML {
    guard let time else { return span(Texts.Parts.never, .class("muted")) }
    return timeElement(TimeWords.relative(time, now: now), Attribute("datetime", TimeWords.machine(time)))
}

/// The exact time, for records; the script shows it in the viewer's zone.
func exactTime(_ time: Timestamp) -> HTML {
    timeElement(TimeWords.exact(time), Attribute("datetime", TimeWords.machine(time)), .data("data-exact"))
}

/// Times as words.
enum TimeWords {
    static func relative(_ time: Timestamp, now: Timestamp) -> String {
        let (difference, overflowed) = now.milliseconds.subtractingReportingOverflow(time.milliseconds)
        if overflowed { return exact(time) }
        let seconds = difference / 1000
        let magnitude = seconds.magnitude
        let isPast = seconds >= 0
        switch magnitude {
        case 0..<60: return Texts.Times.justNow
        case 60..<3600: return isPast ? Texts.Times.minutes(seconds / 60) : Texts.Times.inMinutes(-seconds / 60)
        case 3600..<86_400: return isPast ? Texts.Times.hours(seconds / 3600) : Texts.Times.inHours(-seconds / 3600)
        case 86_400..<(30 * 86_400):
            return isPast ? Texts.Times.days(seconds / 86_400) : Texts.Times.inDays(-seconds / 86_400)
        default: return date(time)
        }
    }

    /// `2026-11-21T09:14:03Z`, RFC 3339 to the second.
    static func machine(_ time: Timestamp) -> String {
        time.rfc3339.prefix { $0 != "." } + "Z"
    }

    /// `21 Nov 2026`
    static func date(_ time: Timestamp) -> String {
        let text = time.rfc3339
        let parts = text.prefix { $0 != "T" }.split(separator: "-", omittingEmptySubsequences: true)
        guard parts.count == 3, let month = Int(parts[1]), (1...12).contains(month), let day = Int(parts[2]) else {
            return text
        }
        return "\(day) \(Texts.Times.months[month - 1]) \(parts[0])"
    }

    /// `21 Nov 2026, 09:14:03 UTC`
    static func exact(_ time: Timestamp) -> String {
        let clock = time.rfc3339.drop { $0 != "T" }.dropFirst().prefix(8)
        return "\(date(time)), \(clock) UTC"
    }
}

/// `1,203`
func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var out: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { out.append(UInt8(ascii: ",")) }
        out.append(digit)
    }
    return String(decoding: out, as: UTF8.self)
}
