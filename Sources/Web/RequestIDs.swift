import Synchronization

/// Names for requests that came without one: unique in this process and, by its random start, across processes. No secret.
enum RequestIDs {
    private static let start = UInt64.random(in: 0...UInt64.max)
    private static let counter = Atomic<UInt64>(0)

    /// 16 hexadecimal digits.
    static func next() -> String {
        // The finalizer of SplitMix64 is a bijection: different counts give different names.
        var value = start &+ counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        value ^= value >> 31
        return String(unsafeUninitializedCapacity: 16) { buffer in
            for index in 0..<16 {
                let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 - index * 4) & 0xF)
                buffer[index] = nibble < 10 ? 48 + nibble : 87 + nibble
            }
            return 16
        }
    }

    /// What a client may name its request: 1 to 128 of `A-Z a-z 0-9 . _ -`.
    static func isAcceptable(_ candidate: String) -> Bool {
        (1...128).contains(candidate.utf8.count)
            && candidate.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
