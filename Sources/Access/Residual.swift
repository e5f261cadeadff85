/// What is left of a condition when all is known but the resource: what a list filters its rows by.
public enum Residual: Sendable, Hashable {
    /// The same for every resource: `yes` or `no` (what is unknown has been counted by then).
    case constant(Truth)
    /// Fits exactly the resources sought. Its paths are names of resource properties, without `resource.`.
    case filter(Filter)
    /// Cannot be put as a filter; the text says why, for people.
    case unsupported(String)

    /// How many comparisons a residual may hold: a list put in makes one for each of its values.
    public static let maximumTerms = 1000
}

extension AttributeValue {
    /// What can be compared with each other.
    public enum Kind: Sendable, Hashable, CaseIterable {
        case text, number, boolean
    }

    /// `nil` for a list.
    public var kind: Kind? {
        switch self {
        case .string: .text
        case .integer, .number: .number
        case .bool: .boolean
        case .list: nil
        }
    }
}

extension Condition {
    /// The resources for which this holds, as a filter over their properties, everything else put in from `facts`.
    ///
    /// A resource's property that `facts` knows too (such as `type` in a list of one type) is put in like the others; answer `nil`
    /// for what is to stay. Any other path that answers `nil` is absent.
    ///
    /// The filter is to be read with three values, as this module and SQL do: a comparison with an absent property is unknown.
    /// - Parameters:
    ///   - unknown: `false` for an allow: only resources for which the condition is surely true. `true` for a deny: those for which it
    ///     is true or unknown; take them away with `.not`.
    ///   - kind: of a property, where it is fixed (a column): a comparison with a value of another kind is then unknown here and does
    ///     not reach the filter. Without it a list of values of several kinds is unsupported.
    public func residual(
        _ facts: some ConditionFacts, counting unknown: Bool = false,
        kind: (_ property: String) -> AttributeValue.Kind? = { _ in nil }
    ) -> Residual {
        withoutActuallyEscaping(kind) { kind in
            var builder = ResidualBuilder(facts: facts, countsUnknown: unknown, kind: kind)
            return builder.residual(node, sought: true)
        }
    }

    /// Why this can never be put as a filter, whatever the facts; `nil` when it can (as long as the lists put in are not too long).
    public var filterObstacle: String? {
        var obstacle: String?
        node.forEachComparison { path, comparison, operand in
            guard case .path(let other) = operand, other.root == .resource, obstacle == nil else { return }
            if path.root == .resource {
                obstacle = ConditionNode.twoProperties(path.name, other.name)
            } else if comparison.flipped == nil {
                obstacle = ConditionNode.propertyOnTheRight(other.name, comparison)
            }
        }
        return obstacle
    }
}

extension Filter.Comparison {
    /// The same question asked from the other side.
    fileprivate var flipped: Filter.Comparison? {
        switch self {
        case .equal, .notEqual: self
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .contains, .startsWith, .endsWith: nil
        }
    }

    fileprivate func applies(to kind: AttributeValue.Kind) -> Bool {
        switch self {
        case .equal, .notEqual: true
        case .greater, .greaterOrEqual, .less, .lessOrEqual: kind != .boolean
        case .contains, .startsWith, .endsWith: kind == .text
        }
    }
}

extension ConditionNode {
    fileprivate static func twoProperties(_ left: String, _ right: String) -> String {
        "a list cannot compare two properties of a resource (\(left) and \(right))"
    }

    fileprivate static func propertyOnTheRight(_ name: String, _ comparison: Filter.Comparison) -> String {
        "a list cannot search for a resource's property (\(name)) by \(comparison.rawValue) in something else"
    }

    fileprivate func forEachComparison(_ body: (AttributePath, Filter.Comparison, Operand) -> Void) {
        switch self {
        case .compare(let path, let comparison, let operand): body(path, comparison, operand)
        case .present: return
        case .and(let left, let right), .or(let left, let right):
            left.forEachComparison(body)
            right.forEachComparison(body)
        case .not(let inner): inner.forEachComparison(body)
        }
    }
}

/// Evaluates in part. Unknown is not carried along: what is asked for at each node is where it is true or where it is false, and
/// each leaf settles there and then whether its own unknown counts.
private struct ResidualBuilder<Facts: ConditionFacts> {
    let facts: Facts
    let countsUnknown: Bool
    let kind: (String) -> AttributeValue.Kind?
    private var terms = 0

    init(facts: Facts, countsUnknown: Bool, kind: @escaping (String) -> AttributeValue.Kind?) {
        self.facts = facts
        self.countsUnknown = countsUnknown
        self.kind = kind
    }

    /// One side of a comparison.
    private enum Side {
        case value(AttributeValue?)
        case property(String)
    }

    /// Where `node` is true (`sought`) or false.
    mutating func residual(_ node: ConditionNode, sought: Bool) -> Residual {
        switch node {
        case .not(let inner): return residual(inner, sought: !sought)
        case .and(let left, let right): return combine(left, right, sought: sought, asBoth: sought)
        case .or(let left, let right): return combine(left, right, sought: sought, asBoth: !sought)
        case .present(let path):
            switch side(path) {
            case .value(let value): return known(Truth(value?.isPresent ?? false), sought)
            case .property(let name): return term(sought ? .present(path: name) : .not(.present(path: name)))
            }
        case .compare(let path, let comparison, .null):
            switch side(path) {
            case .value(let value): return known(Truth((value?.isPresent ?? false) == (comparison == .notEqual)), sought)
            case .property(let name):
                let asksAbsence = (comparison == .equal) == sought
                return term(.compare(path: name, asksAbsence ? .equal : .notEqual, .null))
            }
        case .compare(let path, let comparison, .value(let literal)):
            return compare(side(path), comparison, .value(literal), sought: sought)
        case .compare(let path, let comparison, .path(let other)):
            return compare(side(path), comparison, side(other), sought: sought)
        }
    }

    private func side(_ path: AttributePath) -> Side {
        let value = facts.value(path.root, path.name)
        return path.root == .resource && value == nil ? .property(path.name) : .value(value)
    }

    private func known(_ truth: Truth, _ sought: Bool) -> Residual {
        switch truth {
        case .yes: .constant(Truth(sought))
        case .no: .constant(Truth(!sought))
        case .unknown: .constant(Truth(countsUnknown))
        }
    }

    private mutating func term(_ filter: Filter) -> Residual {
        terms += 1
        guard terms <= Residual.maximumTerms else {
            return .unsupported("a list can compare with at most \(Residual.maximumTerms) values")
        }
        return .filter(filter)
    }

    /// What settles it (no for both, yes for either) wins even over what is unsupported.
    private mutating func combine(_ left: ConditionNode, _ right: ConditionNode, sought: Bool, asBoth: Bool) -> Residual {
        let settling = Residual.constant(Truth(!asBoth))
        let before = terms
        let first = residual(left, sought: sought)
        if first == settling { return settling }
        let second = residual(right, sought: sought)
        switch (first, second) {
        case (_, settling):
            terms = before
            return settling
        case (.constant, _): return second
        case (_, .constant): return first
        case (.unsupported, _): return first
        case (_, .unsupported): return second
        case (.filter(let first), .filter(let second)): return .filter(asBoth ? .and(first, second) : .or(first, second))
        }
    }

    private mutating func compare(_ left: Side, _ comparison: Filter.Comparison, _ right: Side, sought: Bool) -> Residual {
        switch (left, right) {
        case (.value(nil), _), (_, .value(nil)): return known(.unknown, sought)
        case (.value(let left?), .value(let right?)): return known(left.compared(comparison, with: right), sought)
        case (.property(let name), .value(let value?)): return compare(name, comparison, value, sought: sought)
        case (.value(let value?), .property(let name)):
            if let flipped = comparison.flipped { return compare(name, flipped, value, sought: sought) }
            if candidates(value, for: name, comparison).isEmpty { return known(.unknown, sought) }
            return .unsupported(ConditionNode.propertyOnTheRight(name, comparison))
        case (.property(let left), .property(let right)): return .unsupported(ConditionNode.twoProperties(left, right))
        }
    }

    /// `name comparison value`; any of the values, if it is a list.
    private mutating func compare(
        _ name: String, _ comparison: Filter.Comparison, _ value: AttributeValue, sought: Bool
    ) -> Residual {
        if comparison == .notEqual { return compare(name, .equal, value, sought: !sought) }
        let values = candidates(value, for: name, comparison)
        if values.isEmpty { return known(.unknown, sought) }
        guard Set(values.compactMap(\.kind)).count == 1 else {
            return .unsupported("a list cannot compare a property (\(name)) with values of several types at once")
        }
        var filters: [Filter] = []
        for case let literal? in values.map(Filter.Value.init) {
            // The negation of "equal" has a word of its own; "not less" has none where a property holds several values.
            let compared = Filter.compare(path: name, comparison == .equal && !sought ? .notEqual : comparison, literal)
            let term = term(sought || comparison == .equal ? compared : .not(compared))
            guard case .filter(let filter) = term else { return term }
            filters.append(filter)
        }
        guard let whole = sought ? Filter.balanced(filters[...], Filter.or) : Filter.balanced(filters[...], Filter.and) else {
            return known(.unknown, sought)
        }
        guard countsUnknown else { return .filter(whole) }
        let absent = term(.not(.present(path: name)))
        guard case .filter(let absent) = absent else { return absent }
        return .filter(.or(whole, absent))
    }

    /// The scalars of `value` that can be compared at all, each once.
    private func candidates(_ value: AttributeValue, for name: String, _ comparison: Filter.Comparison) -> [AttributeValue] {
        let fixed = kind(name)
        func fits(_ element: AttributeValue) -> Bool {
            if case .number(let number) = element, number.isNaN { return false }
            guard let kind = element.kind else { return false }
            return comparison.applies(to: kind) && (fixed == nil || fixed == kind)
        }
        guard case .list(let elements) = value else { return fits(value) ? [value] : [] }
        var seen: Set<AttributeValue> = []
        return elements.filter { fits($0) && seen.insert($0).inserted }
    }
}

extension Filter.Value {
    fileprivate init?(_ value: AttributeValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .integer(let integer): self = .integer(integer)
        case .number(let number): self = .number(number)
        case .bool(let flag): self = .bool(flag)
        case .list: return nil
        }
    }
}

extension Filter {
    /// All of `filters` as a tree no deeper than it must be, so that no reader of it recurses far; `nil` without any.
    fileprivate static func balanced(_ filters: ArraySlice<Filter>, _ join: (Filter, Filter) -> Filter) -> Filter? {
        guard let first = filters.first else { return nil }
        guard filters.count > 1 else { return first }
        let middle = filters.startIndex + filters.count / 2
        guard let left = balanced(filters[..<middle], join), let right = balanced(filters[middle...], join) else { return first }
        return join(left, right)
    }
}
