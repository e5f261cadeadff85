import Synchronization

/// The id of a stored object: a UUID version 7 (RFC 9562 section 5.7) in canonical lower-case text.
///
/// Ids sort by creation time, so they end every list order. Text, because both engines compare it bytewise.
public struct EntityID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 36 characters, lower case: `019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f`.
    public let text: String

    public var description: String { text }

    /// Accepts any UUID in canonical text form, upper or lower case; `nil` for anything else.
    public init?(_ candidate: some StringProtocol) {
        guard EntityID.looksLikeUUID(candidate) else { return nil }
        text = candidate.lowercased()
    }

    /// For ids that come out of our own tables.
    public init(trusted text: String) {
        self.text = text
    }

    public static func < (left: EntityID, right: EntityID) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    /// A fresh id for `now`: 48 bits of milliseconds, a counter of 12 bits that orders the ids this process makes within one
    /// millisecond (RFC 9562 section 6.2, method 1), then 62 random bits.
    public static func make(at now: Timestamp) -> EntityID {
        var random = SystemRandomNumberGenerator()
        let milliseconds = UInt64(truncatingIfNeeded: now.milliseconds) & 0xFFFF_FFFF_FFFF
        let counter = counters.withLock { counters in
            if let last = counters[milliseconds], last < 0x0FFF {
                counters[milliseconds] = last + 1
                return last + 1
            }
            // Clocks may be set back, and tests have one each: a few instants are remembered, not only the last.
            if counters.count >= 64 { counters.removeAll(keepingCapacity: true) }
            // Begun low enough that there is room to count.
            let first = UInt64.random(in: 0...0x07FF, using: &random)
            counters[milliseconds] = first
            return first
        }
        let low = (UInt64.random(in: 0...UInt64.max, using: &random) & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
        return EntityID(trusted: format(high: milliseconds << 16 | 0x7000 | counter, low: low))
    }

    /// The counters used last, by their millisecond.
    private static let counters = Mutex<[UInt64: UInt64]>([:])

    /// Whether `candidate` has the shape of a UUID: 8-4-4-4-12 hexadecimal digits.
    public static func looksLikeUUID(_ candidate: some StringProtocol) -> Bool {
        // On the bytes of a plain string: every read of one object comes through here, and generic code costs tenfold.
        var text = String(candidate)
        return text.withUTF8 { bytes in
            guard bytes.count == 36 else { return false }
            for index in 0..<36 {
                switch index {
                case 8, 13, 18, 23:
                    guard bytes[index] == UInt8(ascii: "-") else { return false }
                default:
                    switch bytes[index] {
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                        UInt8(ascii: "A")...UInt8(ascii: "F"):
                        continue
                    default: return false
                    }
                }
            }
            return true
        }
    }

    private static func format(high: UInt64, low: UInt64) -> String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            func put(_ value: UInt64, digits: Int) {
                var shift = (digits - 1) * 4
                while shift >= 0 {
                    let nibble = UInt8(truncatingIfNeeded: (value >> UInt64(shift)) & 0xF)
                    buffer[position] = nibble < 10 ? 48 + nibble : 87 + nibble
                    position += 1
                    shift -= 4
                }
            }
            func dash() {
                buffer[position] = UInt8(ascii: "-")
                position += 1
            }
            put(high >> 32, digits: 8)
            dash()
            put((high >> 16) & 0xFFFF, digits: 4)
            dash()
            put(high & 0xFFFF, digits: 4)
            dash()
            put(low >> 48, digits: 4)
            dash()
            put(low & 0xFFFF_FFFF_FFFF, digits: 12)
            return position
        }
    }
}
