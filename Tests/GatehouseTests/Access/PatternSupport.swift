import Access

/// What the tables of the three syntaxes share.
enum Patterns {
    /// What variables stand for in the tables.
    static let values = ["username": "ann", "device": "press-7", "client": "ann:1", "attribute.plant": "north"]

    static func make(_ text: String, _ syntax: Syntax) throws -> Pattern {
        try Pattern(text, syntax: syntax)
    }

    /// Whether a permission with this pattern fits a question with this id.
    static func fits(
        _ pattern: Pattern, _ id: String, action: String = "read", _ purpose: Pattern.Purpose = .allow,
        values: [String: String] = values
    ) -> Bool {
        guard let name = ResourceName(id, syntax: pattern.syntax, action: action) else { return false }
        return pattern.fits(name, purpose: purpose) { values[$0] }
    }

    /// Why the text is no pattern; `nil` when it is one.
    static func refusal(_ text: String, _ syntax: Syntax) -> String? {
        do {
            _ = try Pattern(text, syntax: syntax)
            return nil
        } catch {
            return error.reason
        }
    }

    /// A text of up to `length` pieces.
    static func text(of pieces: [String], length: Int, using generator: inout SeededGenerator) -> String {
        (0..<Int.random(in: 0...length, using: &generator)).map { _ in pieces[Int.random(in: pieces.indices, using: &generator)] }
            .joined()
    }

    /// Any bytes at all, as text.
    static func noise(using generator: inout SeededGenerator) -> String {
        let favourites = Array("/+#*${}.%;?\\aA0:[]~é".utf8)
        let bytes = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
            Bool.random(using: &generator)
                ? favourites[Int.random(in: favourites.indices, using: &generator)]
                : UInt8.random(in: 0...255, using: &generator)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Values nobody should be helped by.
    static let hostileValues = [
        "", "+", "#", "a+", "a#", "a/b", "/", "*", "a*", "a\u{0}b", "a\nb", "\u{7F}", "a\u{85}b", "\t",
    ]
}
