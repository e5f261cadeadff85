/// An id as it is looked up: a UUID in lower case is its sixteen bytes, any other text is hashed once and compared byte by byte.
public struct IDKey: Sendable {
    private let high: UInt64
    private let low: UInt64
    /// `nil` for a UUID.
    private let other: String?

    public init(_ id: String) {
        if let (high, low) = IDKey.uuid(id) {
            self.high = high
            self.low = low
            other = nil
        } else {
            var hasher = Hasher()
            ExactText.hash(id, into: &hasher)
            high = 0
            low = UInt64(truncatingIfNeeded: hasher.finalize())
            other = id
        }
    }

    /// The id again.
    public var text: String {
        if let other { return other }
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let word = index < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (index % 16))) & 15
                buffer[position] = digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a")
                position += 1
            }
            return position
        }
    }

    /// Spreads evenly; another in every process, so that nobody can choose ids that meet.
    @inline(__always)
    var spread: UInt64 { other == nil ? Spread.mix(high, low) : low }
}

extension IDKey: Hashable {
    @inline(__always)
    public static func == (one: IDKey, two: IDKey) -> Bool {
        guard one.low == two.low, one.high == two.high else { return false }
        switch (one.other, two.other) {
        case (nil, nil): return true
        case (let one?, let two?): return ExactText.equal(one, two)
        default: return false
        }
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(spread) }
}

extension IDKey {
    /// The bits of `8-4-4-4-12` hexadecimal digits in lower case; `nil` for anything else.
    private static func uuid(_ id: String) -> (high: UInt64, low: UInt64)? {
        guard id.utf8.count == 36 else { return nil }
        var id = id
        return id.withUTF8 { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            let dash = UInt8(ascii: "-")
            guard raw[8] == dash, raw[13] == dash, raw[18] == dash, raw[23] == dash else { return nil }
            func word(_ first: Int, _ second: Int) -> UInt64 {
                let low = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: first, as: UInt32.self)))
                let high = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: second, as: UInt32.self)))
                return high << 32 | low
            }
            guard let first = bits(word(0, 4)), let second = bits(word(9, 14)), let third = bits(word(19, 24)),
                let fourth = bits(word(28, 32))
            else { return nil }
            return (first << 32 | second, third << 32 | fourth)
        }
    }

    /// Eight hexadecimal digits in lower case at once, the first of them in the lowest byte; `nil` when one is none.
    private static func bits(_ digits: UInt64) -> UInt64? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let nibbles = (digits & (ones &* 0x0F)) &+ ((digits >> 6) & ones) &* 9
        // Written again they must be what they were.
        let letters = ((nibbles &+ ones &* 6) >> 4) & ones
        guard nibbles & (ones &* 0xF0) == 0, nibbles &+ ones &* 0x30 &+ letters &* 0x27 == digits else { return nil }
        var packed = nibbles.byteSwapped
        packed = (packed | packed >> 4) & 0x00FF_00FF_00FF_00FF
        packed = (packed | packed >> 8) & 0x0000_FFFF_0000_FFFF
        return (packed | packed >> 16) & 0xFFFF_FFFF
    }
}

/// Mixing of hashes, with numbers drawn when the process begins.
enum Spread {
    private static let secret = (UInt64.random(in: .min ... .max) | 1, UInt64.random(in: .min ... .max) | 1)

    @inline(__always)
    static func mix(_ one: UInt64, _ two: UInt64) -> UInt64 {
        let product = (one ^ secret.0).multipliedFullWidth(by: two ^ secret.1)
        return product.high ^ product.low
    }
}
