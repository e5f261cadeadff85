/// A pattern of syntax `name`: `*` is any run of characters, also none; everything else means itself.
struct NamePattern: Sendable {
    let symbols: PatternText

    init(_ text: String) throws(PatternError) {
        symbols = try PatternText(text, star: true, maximumLength: Pattern.maximumLength)
    }

    func fits(_ name: ResourceName, values: VariableValues) -> Bool {
        Glob.matches(symbols.symbols.span, name.canonical.utf8.span, values)
    }

    func covers(_ other: NamePattern) -> Bool {
        Glob.covers(symbols.symbols.span, other.symbols.symbols.span, sameVariable: symbols.sameVariable(as: other.symbols))
    }

    func overlaps(_ other: NamePattern) -> Bool {
        Glob.overlaps(symbols.symbols.span, other.symbols.symbols.span)
    }
}

extension PatternText {
    /// Compares a variable of this pattern with one of `other`.
    func sameVariable(as other: PatternText) -> (UInt8, UInt8) -> Bool {
        { variables[Int($0)] == other.variables[Int($1)] }
    }
}
