import Access
import Foundation

/// Facts as a table, "subject.id" to its value.
struct TableFacts: ConditionFacts, CustomStringConvertible {
    var values: [String: AttributeValue]

    init(_ values: [String: AttributeValue]) {
        self.values = values
    }

    func value(_ root: AttributePath.Root, _ name: String) -> AttributeValue? { values["\(root.rawValue).\(name)"] }

    var description: String { values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ") }
}

/// A second evaluator that is obviously right: no compiling, no sets, no extremes; arrays of bytes, every pair, 128-bit integers.
indirect enum ConditionSketch: Sendable {
    enum Side: Sendable {
        case path(String)
        case value(AttributeValue)
        case null
    }

    case compare(String, Filter.Comparison, Side)
    case present(String)
    case and(ConditionSketch, ConditionSketch)
    case or(ConditionSketch, ConditionSketch)
    case not(ConditionSketch)

    /// `nil` is unknown.
    func naive(_ facts: [String: AttributeValue]) -> Bool? {
        switch self {
        case .present(let path): return Self.isPresent(facts[path])
        case .compare(let path, let comparison, .null): return Self.isPresent(facts[path]) == (comparison == .notEqual)
        case .compare(let path, let comparison, .value(let value)): return Self.compare(facts[path], comparison, value)
        case .compare(let path, let comparison, .path(let other)): return Self.compare(facts[path], comparison, facts[other])
        case .not(let inner): return inner.naive(facts).map { !$0 }
        case .and(let left, let right):
            let both = [left.naive(facts), right.naive(facts)]
            return both.contains(false) ? false : both.contains(nil) ? nil : true
        case .or(let left, let right):
            let both = [left.naive(facts), right.naive(facts)]
            return both.contains(true) ? true : both.contains(nil) ? nil : false
        }
    }

    static func isPresent(_ value: AttributeValue?) -> Bool { value != nil && value != .list([]) }

    static func compare(_ left: AttributeValue?, _ comparison: Filter.Comparison, _ right: AttributeValue?) -> Bool? {
        guard let left, let right else { return nil }
        if comparison == .notEqual { return compare(left, .equal, right).map { !$0 } }
        var answers: Set<Bool> = []
        for one in elements(left) {
            for other in elements(right) {
                if let answer = scalars(one, comparison, other) { answers.insert(answer) }
            }
        }
        return answers.contains(true) ? true : answers.contains(false) ? false : nil
    }

    private static func elements(_ value: AttributeValue) -> [AttributeValue] {
        if case .list(let elements) = value { return elements }
        return [value]
    }

    private static func scalars(_ left: AttributeValue, _ comparison: Filter.Comparison, _ right: AttributeValue) -> Bool? {
        switch (left, right) {
        case (.string(let left), .string(let right)):
            let (left, right) = (Array(left.utf8), Array(right.utf8))
            switch comparison {
            case .equal: return left == right
            case .contains: return contains(left, right)
            case .startsWith: return left.starts(with: right)
            case .endsWith: return left.reversed().starts(with: right.reversed())
            case .greater: return right.lexicographicallyPrecedes(left)
            case .greaterOrEqual: return !left.lexicographicallyPrecedes(right)
            case .less: return left.lexicographicallyPrecedes(right)
            case .lessOrEqual: return !right.lexicographicallyPrecedes(left)
            case .notEqual: return nil
            }
        case (.bool(let left), .bool(let right)): return comparison == .equal ? left == right : nil
        default:
            guard let left = bounds(left), let right = bounds(right) else { return nil }
            switch comparison {
            case .equal: return left == right
            case .greater: return precedes(right, left)
            case .greaterOrEqual: return !precedes(left, right)
            case .less: return precedes(left, right)
            case .lessOrEqual: return !precedes(right, left)
            default: return nil
            }
        }
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { Array(text[$0..<($0 + part.count)]) == part }
    }

    /// The whole part and what is left of it: exact for every number below 10^30.
    private static func bounds(_ value: AttributeValue) -> [Double]? {
        switch value {
        // Two halves that are exact each: the upper 32 bits and the lower.
        case .integer(let integer): return [Double(integer >> 32), Double(integer & 0xFFFF_FFFF), 0]
        case .number(let number):
            guard let whole = Int128(exactly: number.rounded(.down)) else { return nil }
            return [Double(whole >> 32), Double(whole & 0xFFFF_FFFF), number - number.rounded(.down)]
        default: return nil
        }
    }

    private static func precedes(_ left: [Double], _ right: [Double]) -> Bool { left.lexicographicallyPrecedes(right) }

    // MARK: As text

    /// Written as the grammar allows: more spaces and parentheses than need be, words in any case.
    func text(using generator: inout SeededGenerator) -> String {
        func word(_ word: String, _ generator: inout SeededGenerator) -> String {
            [word, word, word.uppercased(), word.capitalized].randomElement(using: &generator) ?? word
        }
        func space(_ generator: inout SeededGenerator) -> String {
            String(repeating: " ", count: Int.random(in: 0..<8, using: &generator) == 0 ? 3 : 1)
        }
        switch self {
        case .present(let path): return path + space(&generator) + word("pr", &generator)
        case .compare(let path, let comparison, let side):
            let start = path + space(&generator) + word(comparison.rawValue, &generator) + space(&generator)
            switch side {
            case .path(let path): return start + path
            case .null: return start + word("null", &generator)
            case .value(let value): return start + Self.literal(value)
            }
        case .not(let inner): return word("not", &generator) + "(" + inner.text(using: &generator) + ")"
        case .and(let left, let right):
            let parts = [left, right].map { $0.isAlternative ? "(\($0.text(using: &generator)))" : $0.text(using: &generator) }
            // A chain on the right would group to the left when read back; that changes no truth.
            return parts.joined(separator: space(&generator) + word("and", &generator) + " ")
        case .or(let left, let right):
            let parts = [left, right].map {
                Bool.random(using: &generator) ? "( \($0.text(using: &generator)) )" : $0.text(using: &generator)
            }
            return parts.joined(separator: space(&generator) + word("or", &generator) + " ")
        }
    }

    private var isAlternative: Bool {
        if case .or = self { return true }
        return false
    }

    private static func literal(_ value: AttributeValue) -> String {
        switch value {
        case .string(let text): Filter.quote(text)
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .bool(let flag): "\(flag)"
        case .list: "null"
        }
    }
}

extension ConditionSketch {
    /// A filter's paths are properties of the resource.
    init(_ filter: Filter) {
        switch filter {
        case .and(let left, let right): self = .and(Self(left), Self(right))
        case .or(let left, let right): self = .or(Self(left), Self(right))
        case .not(let inner): self = .not(Self(inner))
        case .present(let path): self = .present("resource." + path)
        case .compare(let path, let comparison, let value):
            let side: Side =
                switch value {
                case .string(let text): .value(.string(text))
                case .integer(let integer): .value(.integer(integer))
                case .number(let number): .value(.number(number))
                case .bool(let flag): .value(.bool(flag))
                case .null: .null
                }
            self = .compare("resource." + path, comparison, side)
        }
    }
}

/// Random conditions and facts in which much is equal, nearly equal or absent.
struct ConditionWorld {
    var generator: SeededGenerator
    /// Whether lists hold one kind of element and properties of resources always the same kind.
    var isTidy = false

    static let names = ["a", "b", "c", "d.e"]
    static let texts = [
        "", "a", "A", "ab", "b", "ba", "abc", "\u{e9}", "e\u{301}", "\u{1F600}", "\u{10FFFF}", "a\"\\\n", "0123456789abcdef",
        "0123456789abcdeg", "0123456789abcdef0123456789abcdef", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z",
    ]
    static let integers: [Int64] = [
        0, 1, -1, 2, 5, .max, .max - 1, .min, .min + 1, 1 << 53, (1 << 53) + 1, -(1 << 53) - 1, .max - 511,
    ]
    static let numbers: [Double] = [
        0, -0.0, 1, 1.5, -1, -0.5, 5, 0x1p53, 0x1p63, -0x1p63, -0x1.0000000000001p63, 0x1.fffffffffffffp62, 1e25, -1e25, 1e-300,
    ]

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }

    mutating func number(below limit: Int) -> Int { Int.random(in: 0..<limit, using: &generator) }

    mutating func scalar(_ kind: AttributeValue.Kind) -> AttributeValue {
        switch kind {
        case .text: .string(pick(Self.texts))
        case .number: number(below: 2) == 0 ? .integer(pick(Self.integers)) : .number(pick(Self.numbers))
        case .boolean: .bool(number(below: 2) == 0)
        }
    }

    private mutating func anyKind() -> AttributeValue.Kind { pick([.text, .text, .number, .number, .boolean]) }

    mutating func value() -> AttributeValue {
        guard number(below: 3) == 0 else { return scalar(anyKind()) }
        // Long lists take other ways through the code.
        let count = pick([0, 1, 2, 3, 5, 20])
        let kind = anyKind()
        return .list(
            (0..<count).map { _ in
                if isTidy { return scalar(kind) }
                return number(below: 12) == 0 ? .list([scalar(.text)]) : scalar(number(below: 3) == 0 ? anyKind() : kind)
            })
    }

    /// What a resource's property holds in a tidy world.
    static func kind(ofProperty name: String) -> AttributeValue.Kind? {
        switch name {
        case "a", "b": .text
        case "c": .number
        default: .boolean
        }
    }

    mutating func facts() -> [String: AttributeValue] {
        var facts: [String: AttributeValue] = [:]
        for root in AttributePath.Root.allCases {
            for name in Self.names where number(below: 4) > 0 {
                if isTidy, root == .resource, let kind = Self.kind(ofProperty: name) {
                    facts["\(root.rawValue).\(name)"] = scalar(kind)
                } else {
                    facts["\(root.rawValue).\(name)"] = value()
                }
            }
        }
        return facts
    }

    private mutating func path() -> String { "\(pick(AttributePath.Root.allCases).rawValue).\(pick(Self.names))" }

    mutating func condition(depth: Int = 4) -> ConditionSketch {
        switch depth == 0 ? 0 : number(below: 7) {
        case 4: return .and(condition(depth: depth - 1), condition(depth: depth - 1))
        case 5: return .or(condition(depth: depth - 1), condition(depth: depth - 1))
        case 6: return .not(condition(depth: depth - 1))
        case 3 where number(below: 3) == 0: return .present(path())
        default: return comparison()
        }
    }

    private mutating func comparison() -> ConditionSketch {
        let path = path()
        if number(below: 2) == 0 { return .compare(path, pick(Filter.Comparison.allCases), .path(self.path())) }
        switch number(below: 8) {
        case 0: return .compare(path, pick([.equal, .notEqual]), .null)
        case 1: return .compare(path, pick([.equal, .notEqual]), .value(scalar(.boolean)))
        case 2, 3: return .compare(path, pick(Self.ordering), .value(scalar(.number)))
        default: return .compare(path, pick(Filter.Comparison.allCases), .value(scalar(.text)))
        }
    }

    private static let ordering: [Filter.Comparison] = [.equal, .notEqual, .greater, .greaterOrEqual, .less, .lessOrEqual]
}

extension Truth {
    /// `nil` is unknown.
    init(naive: Bool?) {
        self = naive.map(Truth.init(_:)) ?? .unknown
    }
}
