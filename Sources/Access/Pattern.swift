/// A pattern of a permission, parsed once. Two patterns are equal when their texts and syntaxes are.
public struct Pattern: Sendable {
    /// What a permission wants of its pattern.
    public enum Purpose: Sendable, Hashable {
        /// The pattern covers everything the name stands for; what is unknown does not fit.
        case allow
        /// The pattern and the name have something in common; what is unknown fits.
        case deny
    }

    public let text: String
    public let syntax: Syntax
    private let form: Form

    /// The longest pattern of the syntaxes `name` and `path`, in bytes of UTF-8; a topic filter may be as long as MQTT allows.
    public static let maximumLength = 1024

    /// - Throws: `PatternError`, whose reason is a sentence for whoever wrote the pattern.
    public init(_ text: String, syntax: Syntax) throws(PatternError) {
        self.text = text
        self.syntax = syntax
        switch syntax {
        case .name: form = .name(try NamePattern(text))
        case .topic: form = .topic(try TopicFilter(text))
        case .path: form = .path(try PathPattern(text))
        }
    }

    /// The variables it uses, each once: `username`, `device`, `client`, `attribute.NAME`.
    public var variables: [String] { symbols.variables }

    var hasVariables: Bool { !symbols.variables.isEmpty }

    /// Whether it has neither wildcards nor variables, so that it stands for one name only.
    public var isLiteral: Bool {
        switch form {
        case .name(let pattern): pattern.symbols.isLiteral
        case .topic(let filter): filter.isLiteral
        case .path(let pattern): pattern.isLiteral
        }
    }

    /// Whether a permission with this pattern speaks about `name`.
    ///
    /// - Parameter variable: what a variable stands for in this question; `nil` when there is no such value. An absent value, an
    ///   empty one and one with `+ # / *` or control characters fit no allow; in a deny they stand for anything within one level.
    public func fits(_ name: ResourceName, purpose: Purpose, variable: (String) -> String?) -> Bool {
        guard name.syntax == syntax else { return purpose == .deny }
        let names = symbols.variables
        guard var values = VariableValues(of: names, purpose: purpose, variable: variable) else { return false }
        switch form {
        case .name(let pattern): return pattern.fits(name, values: values)
        case .topic(let filter): return filter.fits(name, purpose: purpose, values: &values)
        case .path(let pattern): return pattern.fits(name, purpose: purpose, values: values)
        }
    }

    /// Whether everything `other` can match, whatever its variables stand for, is matched by this pattern too. The same variable
    /// is taken to stand for the same value in both. May answer false where it would hold, never true where it does not.
    public func covers(_ other: Pattern) -> Bool {
        switch (form, other.form) {
        case (.name(let mine), .name(let theirs)): mine.covers(theirs)
        case (.topic(let mine), .topic(let theirs)): mine.covers(theirs)
        case (.path(let mine), .path(let theirs)): mine.covers(theirs)
        default: false
        }
    }

    /// Whether both can match a common name. May answer true when unsure, never false where they do.
    public func overlaps(_ other: Pattern) -> Bool {
        switch (form, other.form) {
        case (.name(let mine), .name(let theirs)): mine.overlaps(theirs)
        case (.topic(let mine), .topic(let theirs)): mine.overlaps(theirs)
        case (.path(let mine), .path(let theirs)): mine.overlaps(theirs)
        default: true
        }
    }

    private enum Form: Sendable {
        case name(NamePattern)
        case topic(TopicFilter)
        case path(PathPattern)
    }

    private var symbols: PatternText {
        switch form {
        case .name(let pattern): pattern.symbols
        case .topic(let filter): filter.symbols
        case .path(let pattern): pattern.symbols
        }
    }
}

extension Pattern: Hashable {
    /// By bytes: canonically equivalent texts are different patterns.
    public static func == (one: Pattern, other: Pattern) -> Bool {
        one.syntax == other.syntax && one.text.utf8.elementsEqual(other.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(syntax)
        hasher.combine(text)
    }
}

/// Why a text is no pattern.
public struct PatternError: Error, Sendable, Hashable {
    /// A whole sentence.
    public let reason: String

    public init(reason: String) {
        self.reason = reason
    }
}
