extension AttributeValue {
    /// What a condition makes of `self comparison other`. Nothing is converted:
    /// - Texts are compared byte by byte in UTF-8, by every operator, without locale or case; so are times, which are texts: write
    ///   all of them alike (RFC 3339 in UTC, equally many digits), and their order is that of time.
    /// - Integers and numbers are compared by their exact value; `co`, `sw` and `ew` do not apply.
    /// - Booleans are compared by `eq` and `ne` only.
    /// - A list fits when any of its elements (of two lists: any pair) does; elements that cannot be compared are passed over.
    ///   `ne` is always the negation of `eq`: no element is equal.
    /// - All else, an empty list too, is `unknown`. So are `co`, `sw` and `ew` of two lists so long that finding out would take
    ///   more than about a million steps.
    public func compared(_ comparison: Filter.Comparison, with other: AttributeValue) -> Truth {
        switch (self, other) {
        case (.list(let left), .list(let right)): left.comparedPairwise(comparison, with: right)
        case (.list(let left), .string(let right)) where comparison == .equal: left.holds(right)
        case (.list(let left), _): left.anyElement(comparison) { $0.comparedAlone($1, with: other) }
        case (_, .list(let right)): right.anyElement(comparison) { self.comparedAlone($1, with: $0) }
        default: comparedAlone(comparison, with: other)
        }
    }

    /// Neither is a list.
    private func comparedAlone(_ comparison: Filter.Comparison, with other: AttributeValue) -> Truth {
        switch (self, other) {
        case (.string(let left), .string(let right)): return Truth(AttributeValue.compare(left, comparison, right))
        case (.integer(let left), .integer(let right)):
            return comparison.holds(left < right ? -1 : left == right ? 0 : 1)
        case (.integer(let left), .number(let right)):
            return AttributeValue.order(left, right).map(comparison.holds) ?? .unknown
        case (.number(let left), .integer(let right)):
            return AttributeValue.order(right, left).map { comparison.holds(-$0) } ?? .unknown
        case (.number(let left), .number(let right)):
            guard !left.isNaN, !right.isNaN else { return .unknown }
            return comparison.holds(left < right ? -1 : left == right ? 0 : 1)
        case (.bool(let left), .bool(let right)):
            switch comparison {
            case .equal: return Truth(left == right)
            case .notEqual: return Truth(left != right)
            default: return .unknown
            }
        default: return .unknown
        }
    }

    private static func compare(_ left: String, _ comparison: Filter.Comparison, _ right: String) -> Bool {
        switch comparison {
        case .equal: ExactText.equal(left, right)
        case .notEqual: !ExactText.equal(left, right)
        case .contains: ExactText.contains(left, right)
        case .startsWith: ExactText.starts(left, with: right)
        case .endsWith: ExactText.ends(left, with: right)
        case .greater: ExactText.order(left, right) > 0
        case .greaterOrEqual: ExactText.order(left, right) >= 0
        case .less: ExactText.order(left, right) < 0
        case .lessOrEqual: ExactText.order(left, right) <= 0
        }
    }

    /// -1, 0 or 1, exactly: a conversion to `Double` would take neighbours beyond 2^53 for equal.
    static func order(_ integer: Int64, _ number: Double) -> Int? {
        guard !number.isNaN else { return nil }
        if number >= 0x1p63 { return -1 }
        if number < -0x1p63 { return 1 }
        // Cut off toward zero. Back as a `Double` it is the whole part exactly: a number with a fraction is below 2^53.
        let part = Int64(number)
        if integer != part { return integer < part ? -1 : 1 }
        let whole = Double(part)
        return number > whole ? -1 : number < whole ? 1 : 0
    }
}

extension Filter.Comparison {
    /// For what has an order but is no text: `order` is -1, 0 or 1.
    fileprivate func holds(_ order: Int) -> Truth {
        switch self {
        case .equal: Truth(order == 0)
        case .notEqual: Truth(order != 0)
        case .greater: Truth(order > 0)
        case .greaterOrEqual: Truth(order >= 0)
        case .less: Truth(order < 0)
        case .lessOrEqual: Truth(order <= 0)
        case .contains, .startsWith, .endsWith: .unknown
        }
    }
}

extension [AttributeValue] {
    /// `ne` asks what `eq` asks and turns the answer over.
    fileprivate func anyElement(
        _ comparison: Filter.Comparison, _ compare: (AttributeValue, Filter.Comparison) -> Truth
    ) -> Truth {
        guard comparison != .notEqual else { return anyElement(.equal, compare).negated }
        var answer = Truth.unknown
        for element in self {
            switch compare(element, comparison) {
            case .yes: return .yes
            case .no: answer = .no
            case .unknown: continue
            }
        }
        return answer
    }

    /// `eq` with one text, the commonest question asked of a list.
    fileprivate func holds(_ text: String) -> Truth {
        var answer = Truth.unknown
        for case .string(let element) in self {
            if ExactText.equal(element, text) { return .yes }
            answer = .no
        }
        return answer
    }

    /// Two lists, in time linear in both (but for the search in texts, which is bounded): each may be long and come from outside.
    fileprivate func comparedPairwise(_ comparison: Filter.Comparison, with other: [AttributeValue]) -> Truth {
        switch comparison {
        case .equal: return sharesElement(with: other)
        case .notEqual: return sharesElement(with: other).negated
        case .greater, .greaterOrEqual:
            return Extremes(self, greatest: true).anyPair(comparison, with: Extremes(other, greatest: false))
        case .less, .lessOrEqual:
            return Extremes(self, greatest: false).anyPair(comparison, with: Extremes(other, greatest: true))
        case .contains, .startsWith, .endsWith:
            guard searchesFewBytes(in: other) else { return .unknown }
            return other.anyElement(comparison) { AttributeValue.list(self).compared($1, with: $0.alone) }
        }
    }

    private func sharesElement(with other: [AttributeValue]) -> Truth {
        if count * other.count <= Limits.pairs {
            return other.anyElement(.equal) { AttributeValue.list(self).compared($1, with: $0.alone) }
        }
        // The shorter one is kept.
        let (kept, run) = count < other.count ? (self, other) : (other, self)
        var keys = Set<EqualityKey>(minimumCapacity: kept.count)
        for element in kept { if let key = EqualityKey(element) { keys.insert(key) } }
        let kinds = Set(keys.map(\.kind))
        var answer = Truth.unknown
        for element in run {
            guard let key = EqualityKey(element) else { continue }
            if keys.contains(key) { return .yes }
            if kinds.contains(key.kind) { answer = .no }
        }
        return answer
    }

    private func searchesFewBytes(in other: [AttributeValue]) -> Bool {
        var steps = 0
        for case .string(let text) in self {
            steps += text.utf8.count + 1
            if steps > Limits.steps { return false }
        }
        let (work, isTooMuch) = steps.multipliedReportingOverflow(by: other.count)
        return !isTooMuch && work <= Limits.steps
    }

    private enum Limits {
        /// As many pairs are compared one by one rather than through a set.
        static let pairs = 64
        static let steps = 1 << 20
    }
}

extension AttributeValue {
    /// A list inside a list is compared with nothing.
    fileprivate var alone: AttributeValue {
        if case .list = self { return .list([]) }
        return self
    }
}

/// Equal exactly when a condition calls two values equal.
private enum EqualityKey: Hashable {
    case text(AttributeValue)
    case integer(Int64)
    case number(Double)
    case bool(Bool)

    enum Kind { case text, number, bool }

    init?(_ value: AttributeValue) {
        switch value {
        case .string: self = .text(value)
        case .integer(let integer): self = .integer(integer)
        case .number(let number):
            guard !number.isNaN else { return nil }
            if number >= -0x1p63, number < 0x1p63, Double(Int64(number)) == number {
                self = .integer(Int64(number))
            } else {
                self = .number(number)
            }
        case .bool(let flag): self = .bool(flag)
        case .list: return nil
        }
    }

    var kind: Kind {
        switch self {
        case .text: .text
        case .integer, .number: .number
        case .bool: .bool
        }
    }
}

/// The greatest (or the least) text and number of a list: some pair of two lists is in order when these are.
private struct Extremes {
    var text: AttributeValue?
    var number: AttributeValue?

    init(_ elements: [AttributeValue], greatest: Bool) {
        for element in elements {
            switch element {
            case .string: keep(element, in: &text, greatest)
            case .number(let number) where number.isNaN: continue
            case .integer, .number: keep(element, in: &number, greatest)
            case .bool, .list: continue
            }
        }
    }

    private func keep(_ element: AttributeValue, in kept: inout AttributeValue?, _ greatest: Bool) {
        guard let known = kept else {
            kept = element
            return
        }
        if element.compared(greatest ? .greater : .less, with: known) == .yes { kept = element }
    }

    func anyPair(_ comparison: Filter.Comparison, with other: Extremes) -> Truth {
        var answer = Truth.unknown
        for case (let left?, let right?) in [(text, other.text), (number, other.number)] {
            let truth = left.compared(comparison, with: right)
            if truth == .yes { return .yes }
            answer = truth
        }
        return answer
    }
}
