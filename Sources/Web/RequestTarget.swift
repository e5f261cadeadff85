import HTTPTypes
import Hummingbird

/// The path of a request cut into segments, on its raw bytes and once: routing, parameters and hashes all read this value.
struct RequestTarget: Sendable {
    /// Without the query.
    let path: [UInt8]
    /// The bytes after the first `?`, empty when there is none.
    let query: ArraySlice<UInt8>
    /// Every segment after its slash; none for `/`.
    let segments: [Range<Int>]
    /// No empty segment, no trailing slash, no dot segment: exactly one spelling of a path is answered.
    let isCanonical: Bool

    /// More segments than any route has are not looked at.
    static let maximumSegments = 32

    init(_ request: Request) {
        var text = request.head.path ?? ""
        // The absolute form of RFC 9112 section 3.2.2; its authority decides nothing.
        if text.utf8.first != UInt8(ascii: "/"), request.uri.scheme != nil {
            text = request.uri.path + (request.uri.query.map { "?" + $0 } ?? "")
        }
        self.init(text)
    }

    init(_ text: String) {
        let bytes = Array(text.utf8)
        let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        path = end == bytes.endIndex ? bytes : Array(bytes[..<end])
        query = end == bytes.endIndex ? [] : bytes[(end + 1)...]
        var segments: [Range<Int>] = []
        guard path.first == UInt8(ascii: "/") else {
            self.segments = []
            isCanonical = false
            return
        }
        var canonical = true
        if path.count > 1 {
            segments.reserveCapacity(8)
            var start = 1
            for index in 1...path.count where index == path.count || path[index] == UInt8(ascii: "/") {
                if index == start || segments.count == Self.maximumSegments {
                    canonical = false
                    break
                }
                segments.append(start..<index)
                start = index + 1
            }
        }
        for range in segments where Self.isDotSegment(path[range]) { canonical = false }
        self.segments = segments
        isCanonical = canonical && !path.contains(UInt8(ascii: "#"))
    }

    /// The segment percent-decoded once; `nil` for bad encodings, NUL, invalid UTF-8 and dot segments in disguise.
    func decodedSegment(_ index: Int) -> String? {
        guard segments.indices.contains(index), let bytes = percentDecoded(path[segments[index]], plusIsSpace: false) else {
            return nil
        }
        guard !Self.isDotSegment(bytes[...]), !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isDotSegment(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count <= 2 && bytes.allSatisfy { $0 == UInt8(ascii: ".") }
    }
}

/// Decodes `%XX`; `nil` when a percent sign is not followed by two hexadecimal digits.
func percentDecoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) -> [UInt8]? {
    func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
        default: nil
        }
    }
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
        switch bytes[index] {
        case UInt8(ascii: "%"):
            guard bytes.endIndex - index > 2, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2]) else {
                return nil
            }
            out.append(high << 4 | low)
            index += 3
        case UInt8(ascii: "+") where plusIsSpace:
            out.append(0x20)
            index += 1
        case let byte:
            out.append(byte)
            index += 1
        }
    }
    return out
}
