/// A pattern of syntax `path`: `*` is one segment (or a run of characters within one), `**` at the end is the rest, also none.
struct PathPattern: Sendable {
    let symbols: PatternText
    /// `//host`, in lower case; empty when the pattern holds for every host.
    let host: [UInt8]
    /// The segments before `**`, as ranges of the symbols.
    let segments: [Range<Int>]
    let takesRest: Bool

    var isLiteral: Bool { symbols.isLiteral && !takesRest }

    init(_ text: String) throws(PatternError) {
        let (host, path) = try PathPattern.splitHost(Array(text.utf8))
        guard path.first == UInt8(ascii: "/") else {
            throw PatternError(reason: "A path begins with /, or with //host/.")
        }
        self.host = host
        try PathPattern.checkStars(path)
        let symbols = try PatternText(String(decoding: path, as: UTF8.self), star: true, maximumLength: Pattern.maximumLength)
        var segments = Array(symbols.symbols.ranges(between: UInt8(ascii: "/")).dropFirst())
        if segments.last?.isEmpty == true { segments.removeLast() }
        for segment in segments {
            try PathPattern.check(symbols.symbols[segment])
        }
        takesRest = path.hasRest
        if takesRest { segments.removeLast() }
        self.symbols = symbols
        self.segments = segments
    }

    private static func splitHost(_ bytes: [UInt8]) throws(PatternError) -> (host: [UInt8], path: ArraySlice<UInt8>) {
        guard bytes.starts(with: "//".utf8) else { return ([], bytes[...]) }
        guard let slash = bytes[2...].firstIndex(of: UInt8(ascii: "/")), PathName.isHost(bytes[2..<slash]) else {
            throw PatternError(
                reason: "After // comes an exact host, perhaps with :port, and then the path: //example.org/docs/**.")
        }
        return (bytes[..<slash].map(lowerCased), bytes[slash...])
    }

    /// `**` is a segment of its own, the last one.
    private static func checkStars(_ path: ArraySlice<UInt8>) throws(PatternError) {
        let end = path.hasRest ? path.restStart : path.endIndex
        for index in path.indices where index + 1 < end {
            if path[index] == UInt8(ascii: "*"), path[index + 1] == UInt8(ascii: "*") {
                throw PatternError(reason: "** stands for the rest: alone between slashes, and at the end only.")
            }
        }
    }

    private static func check(_ segment: ArraySlice<PatternText.Symbol>) throws(PatternError) {
        guard !segment.isEmpty else {
            throw PatternError(reason: "A path has no empty segments: // is allowed before a host only.")
        }
        let bytes = segment.map { if case .byte(let byte) = $0 { byte } else { UInt8(ascii: "*") } }
        guard PathName.dots(bytes[...]) == nil else {
            throw PatternError(reason: "The segments . and .. are resolved before a path is compared: they match nothing.")
        }
        guard PathName.isPlain(bytes[...]) else {
            throw PatternError(
                reason: "Write the path decoded (%20 is a space), without \\ and control characters: such paths are refused.")
        }
    }

    // MARK: Questions

    func fits(_ name: ResourceName, purpose: Pattern.Purpose, values: VariableValues) -> Bool {
        fitsHost(of: name, purpose: purpose) && fitsPath(name.bytes.span.extracting(name.pathStart...), values: values)
    }

    private func fitsHost(of name: ResourceName, purpose: Pattern.Purpose) -> Bool {
        if host.isEmpty { return true }
        let asked = name.bytes[..<name.pathStart]
        return purpose == .allow ? asked.elementsEqual(host) : PathName.mayBeSameHost(asked, host[...])
    }

    private func fitsPath(_ path: Span<UInt8>, values: VariableValues) -> Bool {
        // After a slash; one past the end when no segment is left. The root has none.
        var start = path.count == 1 ? 2 : 1
        for segment in segments {
            guard start <= path.count else { return false }
            let end = TopicName.endOfLevel(path, from: start)
            guard Glob.matches(symbols.symbols.span.extracting(segment), path.extracting(start..<end), values) else {
                return false
            }
            start = end + 1
        }
        return takesRest || start > path.count
    }

    // MARK: Other patterns

    func covers(_ other: PathPattern) -> Bool {
        guard host.isEmpty || host == other.host, segments.count <= other.segments.count else { return false }
        guard takesRest || (segments.count == other.segments.count && !other.takesRest) else { return false }
        let sameVariable = symbols.sameVariable(as: other.symbols)
        for (mine, theirs) in zip(segments, other.segments) {
            guard
                Glob.covers(
                    symbols.symbols.span.extracting(mine), other.symbols.symbols.span.extracting(theirs),
                    sameVariable: sameVariable)
            else { return false }
        }
        return true
    }

    func overlaps(_ other: PathPattern) -> Bool {
        guard PathName.mayBeSameHost(host[...], other.host[...]) else { return false }
        guard takesRest || segments.count >= other.segments.count, other.takesRest || other.segments.count >= segments.count
        else {
            return false
        }
        return zip(segments, other.segments).allSatisfy { mine, theirs in
            Glob.overlaps(symbols.symbols.span.extracting(mine), other.symbols.symbols.span.extracting(theirs))
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether the last segment is `**`; one trailing slash is not counted.
    fileprivate var hasRest: Bool { dropLast(last == UInt8(ascii: "/") ? 1 : 0).suffix(3).elementsEqual("/**".utf8) }

    fileprivate var restStart: Int { endIndex - (last == UInt8(ascii: "/") ? 3 : 2) }
}
