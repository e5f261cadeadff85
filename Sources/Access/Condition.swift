/// Yes, no, or not to be known: the three values of Kleene's logic.
public enum Truth: Sendable, Hashable, CaseIterable {
    case yes, no, unknown

    public init(_ known: Bool) {
        self = known ? .yes : .no
    }

    /// `not`: what is unknown stays so.
    public var negated: Truth {
        switch self {
        case .yes: .no
        case .no: .yes
        case .unknown: .unknown
        }
    }
}

/// What a condition reads: `subject.department` is the root `subject` and the name `department`. Names are taken as written, a dot
/// in them too (`resource.address.city` has the name `address.city`): what they stand for is the matter of the facts.
public struct AttributePath: Sendable, Hashable, CustomStringConvertible {
    public enum Root: String, Sendable, Hashable, CaseIterable {
        case subject, action, resource, context
    }

    public let root: Root
    /// 1 to 128 characters of `A-Z a-z 0-9 - _ . $`; case counts.
    public let name: String

    /// Longest name.
    public static let maximumNameLength = 128

    public init(_ root: Root, _ name: String) {
        self.root = root
        self.name = name
    }

    public var description: String { "\(root.rawValue).\(name)" }
}

/// What is true in one question, as far as it is known.
public protocol ConditionFacts {
    /// The value at `root.name`; `nil` when there is none.
    func value(_ root: AttributePath.Root, _ name: String) -> AttributeValue?
}

/// A condition of a permission: a filter of RFC 7644 section 3.4.2.2 whose paths begin with `subject.`, `action.`, `resource.` or
/// `context.`, and on whose right such a path may stand as well: `resource.owner eq subject.id and not (context.mfa eq false)`.
///
/// Compiled once, asked often; two are equal when they say the same in the same order, however they are written.
public struct Condition: Sendable {
    /// As it was given.
    public let text: String
    let node: ConditionNode

    /// - Throws: `FilterError`, also for a path without a known root and for a comparison that could never be known (`gt true`).
    ///   Length, depth and number of comparisons are limited as those of a `Filter`.
    public init(parsing text: String) throws(FilterError) {
        node = try ConditionNode.parse(text)
        self.text = text
    }

    /// Whether it holds. A comparison with something absent or of another type is unknown, `not` keeps that, `pr` is always known,
    /// and so are `eq null` (absent) and `ne null` (present). See `AttributeValue.compared(_:with:)`.
    ///
    /// An allow counts on `yes`, a deny on everything but `no`.
    public func evaluate(_ facts: some ConditionFacts) -> Truth {
        node.evaluate(facts)
    }

    /// Every path it reads, on either side, each once, in the order of the text.
    public var paths: [AttributePath] {
        var found: [AttributePath] = []
        node.forEachPath { if !found.contains($0) { found.append($0) } }
        return found
    }
}

extension Condition: Hashable {
    public static func == (left: Condition, right: Condition) -> Bool { left.node == right.node }

    public func hash(into hasher: inout Hasher) { hasher.combine(node) }
}
