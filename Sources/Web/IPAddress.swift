import Glibc

/// An IPv4 or IPv6 address. IPv4 addresses that arrive mapped into IPv6 (`::ffff:192.0.2.1`) are the IPv4 address.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address as 128 bits, IPv4 in the low 32.
    let high: UInt64
    let low: UInt64
    public let isV4: Bool

    /// Reads dotted decimal or RFC 4291 text, nothing shorter, no zone, no port.
    public init?(_ text: some StringProtocol) {
        let text = String(text)
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(v4: UInt32(bigEndian: four.s_addr))
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let (high, low) = withUnsafeBytes(of: &six) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        if high == 0, low >> 32 == 0xFFFF {
            self.init(v4: UInt32(truncatingIfNeeded: low))
        } else {
            self.init(high: high, low: low, isV4: false)
        }
    }

    private init(v4: UInt32) {
        self.init(high: 0, low: UInt64(v4), isV4: true)
    }

    private init(high: UInt64, low: UInt64, isV4: Bool) {
        self.high = high
        self.low = low
        self.isV4 = isV4
    }

    /// The shortest text (RFC 5952).
    public var description: String {
        if isV4 {
            return [24, 16, 8, 0].map { String(low >> UInt64($0) & 0xFF) }.joined(separator: ".")
        }
        var six = in6_addr()
        withUnsafeMutableBytes(of: &six) { bytes in
            bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &six, &buffer, socklen_t(buffer.count)) != nil else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// 127.0.0.0/8 and ::1.
    public var isLoopback: Bool {
        isV4 ? low >> 24 == 127 : high == 0 && low == 1
    }
}

/// A block of addresses in CIDR notation (RFC 4632).
public struct AddressRange: Hashable, Sendable, CustomStringConvertible {
    let base: IPAddress
    let length: Int

    /// `192.0.2.0/24`, `2001:db8::/32`, or one address. `nil` when unreadable or when bits past the prefix are set.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let first = parts.first, let base = IPAddress(first) else { return nil }
        let width = base.isV4 ? 32 : 128
        var length = width
        if parts.count == 2 {
            guard let last = parts.last, (1...3).contains(last.utf8.count), last.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
                let number = Int(last), number <= width
            else { return nil }
            length = number
        }
        self.base = base
        self.length = length
        guard Self.masked(base, length) == (base.high, base.low) else { return nil }
    }

    public func contains(_ address: IPAddress) -> Bool {
        address.isV4 == base.isV4 && Self.masked(address, length) == (base.high, base.low)
    }

    public var description: String { "\(base)/\(length)" }

    /// Whether it holds every address of its family.
    public var isEverything: Bool { length == 0 }

    /// The address with everything past the prefix cleared. Shifts past the width give zero.
    private static func masked(_ address: IPAddress, _ length: Int) -> (UInt64, UInt64) {
        let bits = address.isV4 ? length + 96 : length
        let high = bits >= 64 ? UInt64.max : ~(UInt64.max >> UInt64(bits))
        let low = bits <= 64 ? 0 : ~(UInt64.max >> UInt64(bits - 64))
        return (address.high & high, address.low & (bits >= 128 ? UInt64.max : low))
    }
}
