/// A value that a condition compares: an attribute of a subject, a property of a resource, an entry of the context.
///
/// Two values are equal when they are written alike: texts byte by byte in UTF-8 (an accent composed is not an accent combined),
/// the integer 1 and the number 1.0 are two. What *conditions* call equal is `compared(_:with:)`.
public enum AttributeValue: Sendable {
    case string(String)
    case integer(Int64)
    case number(Double)
    case bool(Bool)
    /// The elements of a multi-valued attribute. A list in a list is never compared. An empty list counts as absent.
    case list([AttributeValue])

    /// Whether `pr` finds something here: everything but an empty list.
    public var isPresent: Bool {
        if case .list(let elements) = self { return !elements.isEmpty }
        return true
    }
}

extension AttributeValue: Hashable {
    public static func == (left: AttributeValue, right: AttributeValue) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): ExactText.equal(left, right)
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left.bitPattern == right.bitPattern
        case (.bool(let left), .bool(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .string(let text): ExactText.hash(text, into: &hasher)
        case .integer(let integer): hasher.combine(integer)
        case .number(let number): hasher.combine(number.bitPattern)
        case .bool(let flag): hasher.combine(flag)
        case .list(let elements): hasher.combine(elements)
        }
    }
}
