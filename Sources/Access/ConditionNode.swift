/// A condition as it is evaluated: paths resolved, literals made into values.
indirect enum ConditionNode: Sendable, Hashable {
    enum Operand: Sendable, Hashable {
        case value(AttributeValue)
        case null
        case path(AttributePath)
    }

    case compare(path: AttributePath, Filter.Comparison, Operand)
    case present(path: AttributePath)
    case and(ConditionNode, ConditionNode)
    case or(ConditionNode, ConditionNode)
    case not(ConditionNode)
}

extension ConditionNode {
    /// The parser bounds the depth of the recursion.
    func evaluate(_ facts: some ConditionFacts) -> Truth {
        switch self {
        case .compare(let path, let comparison, let operand):
            let value = facts.value(path)
            switch operand {
            case .value(let literal): return value?.compared(comparison, with: literal) ?? .unknown
            case .path(let path):
                guard let value, let other = facts.value(path) else { return .unknown }
                return value.compared(comparison, with: other)
            case .null: return Truth((value?.isPresent ?? false) == (comparison == .notEqual))
            }
        case .present(let path): return Truth(facts.value(path)?.isPresent ?? false)
        case .and(let left, let right):
            let truth = left.evaluate(facts)
            if truth == .no { return .no }
            let other = right.evaluate(facts)
            return other == .no || truth == .yes ? other : .unknown
        case .or(let left, let right):
            let truth = left.evaluate(facts)
            if truth == .yes { return .yes }
            let other = right.evaluate(facts)
            return other == .yes || truth == .no ? other : .unknown
        case .not(let inner): return inner.evaluate(facts).negated
        }
    }

    func forEachPath(_ body: (AttributePath) -> Void) {
        switch self {
        case .compare(let path, _, let operand):
            body(path)
            if case .path(let other) = operand { body(other) }
        case .present(let path): body(path)
        case .and(let left, let right), .or(let left, let right):
            left.forEachPath(body)
            right.forEachPath(body)
        case .not(let inner): inner.forEachPath(body)
        }
    }
}

extension ConditionNode: FilterNode {
    static func path(_ text: String) -> Result<AttributePath, FilterFault> {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let first = parts.first, let root = AttributePath.Root(rawValue: String(first)), parts.count > 1 else {
            let roots = AttributePath.Root.allCases.map { $0.rawValue + "." }.joined(separator: " ")
            return .failure(FilterFault(reason: "\"\(text)\" should begin with one of \(roots)"))
        }
        guard parts.allSatisfy({ !$0.isEmpty }) else {
            return .failure(FilterFault(reason: "\"\(text)\" has a dot too many"))
        }
        let name = String(text.dropFirst(first.count + 1))
        guard name.utf8.count <= AttributePath.maximumNameLength else {
            return .failure(
                FilterFault(reason: "an attribute name may be at most \(AttributePath.maximumNameLength) characters long"))
        }
        return .success(AttributePath(root, name))
    }

    static func operand(path text: String) -> Result<Operand, FilterFault>? {
        path(text).map(Operand.path).mapError { _ in
            FilterFault(reason: "\"\(text)\" is neither a value (texts stand in double quotes) nor a path such as subject.id")
        }
    }

    /// What could never be known is a mistake, and in a deny one that denies everything.
    static func operand(_ value: Filter.Value, for comparison: Filter.Comparison) -> Result<Operand, FilterFault> {
        let isEquality = comparison == .equal || comparison == .notEqual
        let isSearch = [.contains, .startsWith, .endsWith].contains(comparison)
        switch value {
        case .string(let text): return .success(.value(.string(text)))
        case .integer, .number:
            guard !isSearch else { return .failure(FilterFault(reason: "\(comparison.rawValue) takes a text")) }
            if case .integer(let integer) = value { return .success(.value(.integer(integer))) }
            if case .number(let number) = value { return .success(.value(.number(number))) }
            return .success(.null)
        case .bool(let flag):
            guard isEquality else { return .failure(FilterFault(reason: "true and false have no order; use eq or ne")) }
            return .success(.value(.bool(flag)))
        case .null:
            guard isEquality else { return .failure(FilterFault(reason: "null can only be compared by eq and ne")) }
            return .success(.null)
        }
    }
}
