/// An id of syntax `path` in canonical form: what is decided about must be what the server behind will serve, so whatever two
/// servers read differently is refused.
struct PathName {
    enum Writing {
        /// As in a request: percent-encoded (RFC 3986 section 2.1), dot segments still in it.
        case encoded
        /// As in a permission: each character means itself.
        case decoded
    }

    /// `//host` and then the path.
    private(set) var bytes: [UInt8] = []
    /// Where the path begins in `bytes`: 0 without a host.
    let start: Int

    init?(_ id: String, writing: Writing) {
        let source = Array(id.utf8)
        guard source.first == UInt8(ascii: "/"), source.count <= ResourceName.maximumLength else { return nil }
        bytes.reserveCapacity(source.count)
        var position = 0
        if source.count > 1, source[1] == UInt8(ascii: "/") {
            guard let slash = source[2...].firstIndex(of: UInt8(ascii: "/")),
                PathName.isHost(source[2..<slash])
            else { return nil }
            for byte in source[..<slash] { bytes.append(lowerCased(byte)) }
            position = slash
        }
        start = bytes.count
        if PathName.isCanonical(source, from: position) {
            bytes += source[position...]
            return
        }
        while position < source.count {
            // At a slash: one segment follows it.
            let from = position + 1
            let end = source[from...].firstIndex(of: UInt8(ascii: "/")) ?? source.count
            if from == end {
                // One slash may trail; an empty segment inside is dropped by some servers and kept by others.
                guard end == source.count else { return nil }
                break
            }
            guard append(source[from..<end], writing: writing) else { return nil }
            position = end
        }
        if bytes.count == start { bytes.append(UInt8(ascii: "/")) }
    }

    /// `nil` when what was decoded is not UTF-8.
    var text: String? { String(validating: bytes, as: UTF8.self) }

    /// Whether nothing has to be looked at twice, as with nearly all paths; false when unsure.
    private static func isCanonical(_ source: [UInt8], from start: Int) -> Bool {
        var previous: UInt8 = 0
        for index in start..<source.count {
            let byte = source[index]
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "."):
                // An empty segment, or one that begins with a dot.
                if previous == UInt8(ascii: "/") { return false }
            case 0...0x20, 0x7F..., UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "?"), UInt8(ascii: "#"): return false
            default: break
            }
            previous = byte
        }
        return previous != UInt8(ascii: "/")
    }

    /// Appends one segment, or resolves it (RFC 3986 section 5.2.4); false when the path is refused.
    private mutating func append(_ segment: ArraySlice<UInt8>, writing: Writing) -> Bool {
        let slash = bytes.count
        bytes.append(UInt8(ascii: "/"))
        switch writing {
        case .encoded: guard decode(segment) else { return false }
        case .decoded: bytes += segment
        }
        let written = bytes[(slash + 1)...]
        guard PathName.isPlain(written) else { return false }
        switch PathName.dots(written) {
        case .none: return true
        // What is written decoded is written resolved as well.
        case .some where writing == .decoded: return false
        case .here: bytes.removeSubrange(slash...)
        case .parent:
            guard slash > start, let parent = bytes[start..<slash].lastIndex(of: UInt8(ascii: "/")) else { return false }
            bytes.removeSubrange(parent...)
        case .disguised: return false
        }
        return true
    }

    /// Decodes exactly once; false for a bad escape, an encoded slash, a query or a fragment.
    private mutating func decode(_ segment: ArraySlice<UInt8>) -> Bool {
        var index = segment.startIndex
        while index < segment.endIndex {
            let byte = segment[index]
            switch byte {
            case UInt8(ascii: "?"), UInt8(ascii: "#"): return false
            case UInt8(ascii: "%"):
                guard index + 2 < segment.endIndex, let high = hexDigit(segment[index + 1]),
                    let low = hexDigit(segment[index + 2])
                else { return false }
                bytes.append(high << 4 | low)
                index += 3
            default:
                bytes.append(byte)
                index += 1
            }
        }
        return true
    }

    /// Whether a decoded segment means the same to every server: no slash of either kind, no control character, and nothing
    /// that a second decoding would change.
    static func isPlain(_ segment: ArraySlice<UInt8>) -> Bool {
        for index in segment.indices {
            switch segment[index] {
            case 0..<0x20, 0x7F, UInt8(ascii: "/"), UInt8(ascii: "\\"): return false
            case UInt8(ascii: "%"):
                if index + 2 < segment.endIndex, hexDigit(segment[index + 1]) != nil, hexDigit(segment[index + 2]) != nil {
                    return false
                }
            // The control characters U+0080 to U+009F.
            case 0x80...0x9F where index > segment.startIndex && segment[index - 1] == 0xC2: return false
            default: break
            }
        }
        return true
    }

    enum Dots {
        case here
        case parent
        /// `..;a`: some servers drop what follows the semicolon before they resolve.
        case disguised
    }

    static func dots(_ segment: ArraySlice<UInt8>) -> Dots? {
        let dots = segment.prefix { $0 == UInt8(ascii: ".") }.count
        guard dots == 1 || dots == 2 else { return nil }
        if segment.count == dots { return dots == 1 ? .here : .parent }
        return segment[segment.startIndex + dots] == UInt8(ascii: ";") ? .disguised : nil
    }
}

// MARK: Hosts

extension PathName {
    /// A host, perhaps with `:port`; false for anything unusual, because what looks different must be different.
    static func isHost(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, bytes.count <= 260 else { return false }
        if first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = bytes[(bytes.startIndex + 1)..<close]
            return address.count > 1 && address.allSatisfy(isOfAddress) && isPort(bytes[(close + 1)...])
        }
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        // An empty label also is the dot at the end of a full name.
        var previous = UInt8(ascii: ".")
        for byte in bytes[..<colon] {
            if byte == UInt8(ascii: ".") {
                guard previous != byte else { return false }
            } else if !isOfHost(byte) {
                return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: ".") && isPort(bytes[colon...])
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        hexDigit(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    /// Nothing, or `:1` to `:65535` without zeros in front.
    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        if bytes.isEmpty { return true }
        let digits = bytes.dropFirst()
        guard bytes.first == UInt8(ascii: ":"), (1...5).contains(digits.count), digits.allSatisfy(isDigit),
            digits.first != UInt8(ascii: "0")
        else { return false }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 65_535
    }

    /// Whether two hosts (`//host:port`, or empty when unknown) may be the same: without a port it may be any.
    static func mayBeSameHost(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        if one.isEmpty || other.isEmpty { return true }
        let (oneName, onePort) = splitPort(one)
        let (otherName, otherPort) = splitPort(other)
        return oneName == otherName && (onePort.isEmpty || otherPort.isEmpty || onePort == otherPort)
    }

    private static func splitPort(_ host: ArraySlice<UInt8>) -> (name: ArraySlice<UInt8>, port: ArraySlice<UInt8>) {
        let afterBracket = host.lastIndex(of: UInt8(ascii: "]")) ?? host.startIndex
        guard let colon = host[afterBracket...].lastIndex(of: UInt8(ascii: ":")) else { return (host, host[host.endIndex...]) }
        return (host[..<colon], host[colon...])
    }
}

func lowerCased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

func hexDigit(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte - UInt8(ascii: "0") }
    let lower = byte | 0x20
    return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "f") ? lower - UInt8(ascii: "a") + 10 : nil
}
