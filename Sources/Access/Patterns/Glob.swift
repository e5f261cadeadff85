/// Comparing runs of symbols: a whole name, one level of a topic, one segment of a path.
enum Glob {
    typealias Symbol = PatternText.Symbol

    /// Whether `glob` matches the whole of `text`. Goes back to the last run only, so that the work is bounded by the product of
    /// the two lengths, whatever they hold; nothing is allocated.
    static func matches(_ glob: Span<Symbol>, _ text: Span<UInt8>, _ values: VariableValues) -> Bool {
        var at = 0
        var position = 0
        var afterRun: Int?
        var runEnd = 0
        while true {
            if at == glob.count {
                if position == text.count { return true }
            } else {
                switch glob[at] {
                case .byte(let byte):
                    if position < text.count, text[position] == byte {
                        at += 1
                        position += 1
                        continue
                    }
                case .variable(let variable):
                    if let value = values[variable] {
                        if let end = end(of: value, in: text, from: position) {
                            at += 1
                            position = end
                            continue
                        }
                        break
                    }
                    at += 1
                    if at == glob.count { return true }
                    (afterRun, runEnd) = (at, position)
                    continue
                case .run:
                    at += 1
                    if at == glob.count { return true }
                    (afterRun, runEnd) = (at, position)
                    continue
                }
            }
            // Let the last run take one byte more.
            guard let restart = afterRun, runEnd < text.count else { return false }
            runEnd += 1
            at = restart
            position = runEnd
        }
    }

    /// Where `value` ends when it stands in `text` at `start`.
    private static func end(of value: String, in text: Span<UInt8>, from start: Int) -> Int? {
        var position = start
        for byte in value.utf8 {
            guard position < text.count, text[position] == byte else { return nil }
            position += 1
        }
        return position
    }

    /// Whether everything `other` can match is matched by `glob`: `other` is read as a text in which a run and a variable are
    /// letters of their own, which only a run takes (and a variable of the same name).
    static func covers(
        _ glob: Span<Symbol>, _ other: Span<Symbol>, sameVariable: (UInt8, UInt8) -> Bool
    ) -> Bool {
        var at = 0
        var position = 0
        var afterRun: Int?
        var runEnd = 0
        while true {
            if at == glob.count {
                if position == other.count { return true }
            } else if glob[at] == .run {
                at += 1
                if at == glob.count { return true }
                (afterRun, runEnd) = (at, position)
                continue
            } else if position < other.count, same(glob[at], other[position], sameVariable) {
                at += 1
                position += 1
                continue
            }
            guard let restart = afterRun, runEnd < other.count else { return false }
            runEnd += 1
            at = restart
            position = runEnd
        }
    }

    private static func same(_ one: Symbol, _ other: Symbol, _ sameVariable: (UInt8, UInt8) -> Bool) -> Bool {
        switch (one, other) {
        case (.byte(let one), .byte(let other)): one == other
        case (.variable(let one), .variable(let other)): sameVariable(one, other)
        default: false
        }
    }

    /// Whether both can match a common text, with variables standing for anything; true for what would take too long to find out.
    static func overlaps(_ one: Span<Symbol>, _ other: Span<Symbol>) -> Bool {
        guard one.count <= Pattern.maximumLength, other.count <= Pattern.maximumLength else { return true }
        // possible[j]: the first i symbols of `one` and the first j of `other` can stand for the same text.
        var possible = [Bool](repeating: false, count: other.count + 1)
        possible[0] = true
        for j in other.indices {
            possible[j + 1] = possible[j] && !other[j].isByte
        }
        for i in one.indices {
            var diagonal = possible[0]
            possible[0] = diagonal && !one[i].isByte
            for j in other.indices {
                let above = possible[j + 1]
                if one[i].isByte, other[j].isByte {
                    possible[j + 1] = diagonal && one[i] == other[j]
                } else {
                    // Whichever is the run stands for nothing, or takes one symbol more of the other.
                    possible[j + 1] = above || possible[j]
                }
                diagonal = above
            }
        }
        return possible[other.count]
    }
}
