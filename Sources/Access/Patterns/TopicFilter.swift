/// A granted topic filter (MQTT 5 section 4.7): `+` is one level, `#` the rest and the level above it; a wildcard in the first
/// level matches no topic that begins with `$`.
struct TopicFilter: Sendable {
    enum Level: Sendable, Hashable {
        /// `+`
        case single
        /// `#`, only at the end.
        case rest
        /// These symbols: bytes and variables.
        case text(Range<Int>)
    }

    let symbols: PatternText
    let levels: [Level]

    var isLiteral: Bool {
        symbols.variables.isEmpty
            && levels.allSatisfy {
                if case .text = $0 { true } else { false }
            }
    }

    init(_ text: String) throws(PatternError) {
        symbols = try PatternText(text, star: false, maximumLength: TopicName.maximumLength)
        if text.utf8.elementsEqual("$share".utf8) || text.utf8.starts(with: "$share/".utf8) {
            throw PatternError(
                reason: "Grant the filter inside of $share/GROUP/FILTER: shared subscriptions need the same permission.")
        }
        levels = try TopicFilter.levels(of: symbols.symbols)
    }

    private static func levels(of symbols: [PatternText.Symbol]) throws(PatternError) -> [Level] {
        var levels: [Level] = []
        for range in symbols.ranges(between: UInt8(ascii: "/")) {
            guard levels.last != .rest else { throw PatternError(reason: "# is allowed at the end only.") }
            let level = symbols[range]
            if range.count == 1, level.first == .byte(UInt8(ascii: "+")) {
                levels.append(.single)
            } else if range.count == 1, level.first == .byte(UInt8(ascii: "#")) {
                levels.append(.rest)
            } else if level.contains(where: { $0 == .byte(UInt8(ascii: "+")) || $0 == .byte(UInt8(ascii: "#")) }) {
                throw PatternError(reason: "+ and # each take a whole level: write a/+/b or a/#.")
            } else {
                levels.append(.text(range))
            }
        }
        // Both match every topic that does not begin with $; in one form they compare.
        return levels == [.single, .rest] ? [.rest] : levels
    }

    /// Whether the first level begins with a `$` that was written there: only this reaches the server's own topics.
    private var beginsWithDollar: Bool { symbols.symbols.first == .byte(UInt8(ascii: "$")) }

    // MARK: Questions

    /// `name` is a topic, or a topic filter somebody wants to subscribe to.
    func fits(_ name: ResourceName, purpose: Pattern.Purpose, values: inout VariableValues) -> Bool {
        if case .variable(let variable) = symbols.symbols.first, values[variable]?.utf8.first == UInt8(ascii: "$") {
            // Nobody comes to $SYS by his name.
            if purpose == .allow { return false }
            values.widen(variable)
        }
        return fits(name.bytes.span, purpose: purpose, values: values)
    }

    private func fits(_ question: Span<UInt8>, purpose: Pattern.Purpose, values: VariableValues) -> Bool {
        let isOwnTopic = question[0] == UInt8(ascii: "$")
        // Where the question's next level begins; one past the end when there is none.
        var start = 0
        for index in levels.indices {
            let level = levels[index]
            if level == .rest { return index > 0 || !isOwnTopic }
            guard start <= question.count else { return false }
            let end = TopicName.endOfLevel(question, from: start)
            let asked = question.extracting(start..<end)
            if TopicName.isRest(asked) {
                return purpose == .deny && (index > 0 || !beginsWithDollar)
            }
            switch level {
            case .single:
                if index == 0, isOwnTopic { return false }
            case .text(let range):
                if TopicName.isSingle(asked) {
                    guard purpose == .deny, index > 0 || !beginsWithDollar else { return false }
                } else if !Glob.matches(symbols.symbols.span.extracting(range), asked, values) {
                    return false
                }
            case .rest: break
            }
            start = end + 1
        }
        if start > question.count { return true }
        // The question's # also stands for the level above it, which is matched.
        return purpose == .deny && TopicName.isRest(question.extracting(start..<question.count))
    }

    // MARK: Other filters

    func covers(_ other: TopicFilter) -> Bool {
        let sameVariable = symbols.sameVariable(as: other.symbols)
        for index in levels.indices {
            if levels[index] == .rest { return index > 0 || !other.beginsWithDollar }
            guard index < other.levels.count else { return false }
            switch (levels[index], other.levels[index]) {
            case (.single, .single): break
            case (.single, .text):
                if index == 0, other.beginsWithDollar { return false }
            case (.text(let mine), .text(let theirs)):
                guard
                    Glob.covers(
                        symbols.symbols.span.extracting(mine), other.symbols.symbols.span.extracting(theirs),
                        sameVariable: sameVariable)
                else { return false }
            default: return false
            }
        }
        return levels.count == other.levels.count
    }

    func overlaps(_ other: TopicFilter) -> Bool {
        let isOwnTopic = beginsWithDollar || other.beginsWithDollar
        for index in 0..<max(levels.count, other.levels.count) {
            // A missing level fits only where the other has #, which also stands for the level above.
            let mine = index < levels.count ? levels[index] : nil
            let theirs = index < other.levels.count ? other.levels[index] : nil
            switch (mine, theirs) {
            case (.rest, _), (_, .rest): return index > 0 || !isOwnTopic
            case (.single, .single): break
            case (.single, .text), (.text, .single):
                if index == 0, isOwnTopic { return false }
            case (.text(let mine), .text(let theirs)):
                guard
                    Glob.overlaps(
                        symbols.symbols.span.extracting(mine), other.symbols.symbols.span.extracting(theirs))
                else { return false }
            default: return false
            }
        }
        return true
    }
}

extension [PatternText.Symbol] {
    /// The ranges between these bytes; one more than there are separators, some perhaps empty.
    func ranges(between separator: UInt8) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        for index in indices where self[index] == .byte(separator) {
            ranges.append(start..<index)
            start = index + 1
        }
        return ranges + [start..<count]
    }
}
