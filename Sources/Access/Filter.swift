/// A filter of RFC 7644 section 3.4.2.2: the shared language of list filters and conditions.
public indirect enum Filter: Sendable, Hashable {
    public enum Comparison: String, Sendable, CaseIterable {
        case equal = "eq"
        case notEqual = "ne"
        case contains = "co"
        case startsWith = "sw"
        case endsWith = "ew"
        case greater = "gt"
        case greaterOrEqual = "ge"
        case less = "lt"
        case lessOrEqual = "le"
    }

    /// The right-hand side of a comparison (`compValue` of the grammar: JSON scalars).
    public enum Value: Sendable, Hashable {
        case string(String)
        case integer(Int64)
        case number(Double)
        case bool(Bool)
        case null
    }

    case compare(path: String, Comparison, Value)
    case present(path: String)
    case and(Filter, Filter)
    case or(Filter, Filter)
    case not(Filter)
}

/// Why a text is no filter; `offset` counts characters of UTF-8 from 0.
public struct FilterError: Error, Sendable, Hashable {
    public let reason: String
    public let offset: Int
}

extension Filter {
    /// Longest text and deepest nesting that is parsed.
    public static let maximumLength = 4096
    public static let maximumDepth = 32
    /// How many comparisons one filter may hold.
    public static let maximumTerms = 64

    public init(parsing text: String) throws(FilterError) {
        self = try Filter.parse(text)
    }

    /// `text` as a quoted value of the grammar, for programs that compose filters.
    public static func quote(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\u{0}"..<" ":
                out +=
                    "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
                    + String(scalar.value, radix: 16)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

/// A list's filter takes any path (the list knows its fields) and only literal values.
extension Filter: FilterNode {
    static func path(_ text: String) -> Result<String, FilterFault> { .success(text) }

    static func operand(_ value: Value, for comparison: Comparison) -> Result<Value, FilterFault> { .success(value) }

    static func operand(path: String) -> Result<Value, FilterFault>? { nil }
}
