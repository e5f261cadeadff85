/// Finished markup. The only ways to make some are the elements, escaped text, and raw markup from literals in our source.
///
/// Escaping looks at bytes, never at `Character`: `"` followed by U+0301 is one character, and an escaper that compares
/// characters lets it out of an attribute.
struct HTML: Sendable {
    private(set) var bytes: [UInt8] = []

    static let empty = HTML()

    var isEmpty: Bool { bytes.isEmpty }

    init() {}

    /// Text, escaped.
    init(_ text: String) {
        appendEscaped(text)
    }

    /// Several pieces, one after the other.
    init(@HTMLBuilder _ content: () throws -> HTML) rethrows {
        self = try content()
    }

    /// Markup as it stands: a literal of ours, never a value.
    static func raw(_ markup: StaticString) -> HTML {
        var html = HTML()
        html.append(markup)
        return html
    }

    mutating func append(_ other: HTML) {
        if bytes.isEmpty {
            bytes = other.bytes
        } else {
            bytes.append(contentsOf: other.bytes)
        }
    }

    mutating func append(_ markup: StaticString) {
        markup.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func appendEscaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&quot;")
            case UInt8(ascii: "'"): append("&#39;")
            case UInt8(ascii: "`"): append("&#96;")
            default: bytes.append(byte)
            }
        }
    }

    /// `<name attributes>content</name>`; `nil` content for elements without an end tag.
    static func element(_ name: StaticString, _ attributes: [Attribute], _ content: HTML?) -> HTML {
        var html = HTML()
        html.bytes.reserveCapacity(64 + (content?.bytes.count ?? 0))
        html.append("<")
        html.append(name)
        for attribute in attributes {
            guard let attributeName = attribute.name else { continue }
            html.append(" ")
            html.append(attributeName)
            if let value = attribute.value {
                html.append("=\"")
                html.appendEscaped(value)
                html.append("\"")
            }
        }
        html.append(">")
        if let content {
            html.bytes.append(contentsOf: content.bytes)
            html.append("</")
            html.append(name)
            html.append(">")
        }
        return html
    }
}

/// Statements become markup: strings are escaped text, `if`, `switch` and `for` work as written.
@resultBuilder
enum HTMLBuilder {
    static func buildExpression(_ html: HTML) -> HTML { html }
    static func buildExpression(_ html: HTML?) -> HTML { html ?? .empty }
    static func buildExpression(_ text: String) -> HTML { HTML(text) }
    static func buildBlock() -> HTML { .empty }
    static func buildPartialBlock(first: HTML) -> HTML { first }
    static func buildPartialBlock(accumulated: consuming HTML, next: HTML) -> HTML {
        accumulated.append(next)
        return accumulated
    }
    static func buildOptional(_ html: HTML?) -> HTML { html ?? .empty }
    static func buildEither(first html: HTML) -> HTML { html }
    static func buildEither(second html: HTML) -> HTML { html }
    static func buildArray(_ pieces: [HTML]) -> HTML {
        var all = HTML()
        for piece in pieces { all.append(piece) }
        return all
    }
}

/// One attribute. Names are literals, values are escaped, addresses come from `Path` only.
struct Attribute: Sendable {
    let name: StaticString?
    let value: String?

    init(_ name: StaticString, _ value: String? = nil) {
        self.name = name
        self.value = value
    }

    private init() {
        name = nil
        value = nil
    }

    /// Leaves no trace.
    static let omitted = Attribute()

    /// `attribute` when `condition` holds, otherwise nothing.
    static func when(_ condition: Bool, _ attribute: @autoclosure () -> Attribute) -> Attribute {
        condition ? attribute() : omitted
    }

    /// An attribute that is there only when it has a value.
    static func optional(_ name: StaticString, _ value: String?) -> Attribute {
        value.map { Attribute(name, $0) } ?? omitted
    }

    static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
    static func id(_ id: String) -> Attribute { Attribute("id", id) }
    static func name(_ name: String) -> Attribute { Attribute("name", name) }
    static func value(_ value: String) -> Attribute { Attribute("value", value) }
    static func type(_ type: StaticString) -> Attribute { Attribute("type", type.description) }
    static func title(_ text: String) -> Attribute { Attribute("title", text) }
    static func role(_ role: StaticString) -> Attribute { Attribute("role", role.description) }
    static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
    static func label(_ text: String) -> Attribute { Attribute("aria-label", text) }
    static func labelledBy(_ id: String) -> Attribute { Attribute("aria-labelledby", id) }
    static func describedBy(_ ids: String?) -> Attribute { optional("aria-describedby", ids) }
    static func href(_ path: Path) -> Attribute { Attribute("href", path.text) }
    static func src(_ path: Path) -> Attribute { Attribute("src", path.text) }
    static func action(_ path: Path) -> Attribute { Attribute("action", path.text) }
    static func formAction(_ path: Path) -> Attribute { Attribute("formaction", path.text) }
    /// For our script: `data-…`.
    static func data(_ name: StaticString, _ value: String? = nil) -> Attribute { Attribute(name, value) }

    static let hidden = Attribute("hidden")
    static let hiddenFromReaders = Attribute("aria-hidden", "true")
    static let required = Attribute("required")
    static let checked = Attribute("checked")
    static let selected = Attribute("selected")
    static let disabled = Attribute("disabled")
    static let open = Attribute("open")
    static let current = Attribute("aria-current", "page")
}
