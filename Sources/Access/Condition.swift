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

    /// Names that mean something of their own, told apart once.
    enum Meaning: String, Sendable {
        case id, username, kind, groups, roles, type, name
        case plain = ""
    }

    public let root: Root
    /// 1 to 128 characters of `A-Z a-z 0-9 - _ . $`; case counts.
    public let name: String
    let meaning: Meaning

    /// Longest name.
    public static let maximumNameLength = 128

    public init(_ root: Root, _ name: String) {
        self.root = root
        self.name = name
        meaning = Meaning(rawValue: name) ?? .plain
    }

    public var description: String { "\(root.rawValue).\(name)" }
}

/// What is true in one question, as far as it is known.
public protocol ConditionFacts {
    /// The value at `root.name`; `nil` when there is none.
    func value(_ root: AttributePath.Root, _ name: String) -> AttributeValue?
    /// The same; facts that are asked often answer this one by the path's meaning.
    func value(_ path: AttributePath) -> AttributeValue?
}

extension ConditionFacts {
    public func value(_ path: AttributePath) -> AttributeValue? { value(path.root, path.name) }
}

/// A condition of a permission: a filter of RFC 7644 section 3.4.2.2 whose paths begin with `subject.`, `action.`, `resource.` or
/// `context.`, and on whose right such a path may stand as well: `resource.owner eq subject.id and not (context.mfa eq false)`.
///
/// Compiled once, asked often; two are equal when they say the same in the same order, however they are written.
public struct Condition: Sendable {
    /// As it was given.
    public let text: String
    let node: ConditionNode
    /// What must be looked up before it is evaluated.
    let reads: Reads
    /// Every path it reads, on either side, each once, in the order of the text.
    public let paths: [AttributePath]

    struct Reads: OptionSet {
        let rawValue: UInt8
        static let resource = Reads(rawValue: 1)
        static let groups = Reads(rawValue: 2)
        static let roles = Reads(rawValue: 4)
    }

    /// - Throws: `FilterError`, also for a path without a known root and for a comparison that could never be known (`gt true`).
    ///   Length, depth and number of comparisons are limited as those of a `Filter`.
    public init(parsing text: String) throws(FilterError) {
        node = try ConditionNode.parse(text)
        self.text = text
        var found: [AttributePath] = []
        node.forEachPath { if !found.contains($0) { found.append($0) } }
        paths = found
        reads = Reads(found)
    }

    /// Whether it holds. A comparison with something absent or of another type is unknown, `not` keeps that, `pr` is always known,
    /// and so are `eq null` (absent) and `ne null` (present). See `AttributeValue.compared(_:with:)`.
    ///
    /// An allow counts on `yes`, a deny on everything but `no`.
    public func evaluate(_ facts: some ConditionFacts) -> Truth {
        node.evaluate(facts)
    }
}

extension Condition.Reads {
    init(_ paths: [AttributePath]) {
        self = []
        for path in paths {
            switch (path.root, path.meaning) {
            case (.resource, _): insert(.resource)
            case (.subject, .groups): insert(.groups)
            case (.subject, .roles): insert(.roles)
            default: continue
            }
        }
    }
}

extension Condition: Hashable {
    public static func == (left: Condition, right: Condition) -> Bool { left.node == right.node }

    public func hash(into hasher: inout Hasher) { hasher.combine(node) }
}
