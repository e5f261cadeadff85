/// What the string forms of hashes are made of.
enum HashText {
    /// A decimal number with no sign and no leading zero, up to nine digits.
    static func number(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text == "0" || !text.hasPrefix("0"),
            text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 })
        else { return nil }
        return Int(text)
    }

    /// `m=65536,t=3,p=4`: names and numbers in the given order, none missing, none more.
    static func numbers(_ text: Substring, names: [String]) -> [Int]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == names.count else { return nil }
        var numbers: [Int] = []
        for (part, name) in zip(parts, names) {
            guard part.hasPrefix(name + "="), let value = number(part.dropFirst(name.utf8.count + 1)) else { return nil }
            numbers.append(value)
        }
        return numbers
    }

    /// Base64 as these forms use it: padding or none, and `.` beside `+` (passlib writes it so). `nil` for anything else,
    /// also for bits set past the end.
    static func base64(_ text: Substring) -> [UInt8]? {
        var characters = Array(text.utf8)
        if characters.count % 4 == 0 {
            for _ in 0..<2 where characters.last == UInt8(ascii: "=") { characters.removeLast() }
        }
        var out: [UInt8] = []
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in characters {
            let value: UInt32
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = UInt32(byte) - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = UInt32(byte) - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = UInt32(byte) + 4
            case UInt8(ascii: "+"), UInt8(ascii: "."): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            buffer = (buffer << 6 | value) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                out.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        guard bits < 6, buffer & ((1 << bits) - 1) == 0 else { return nil }
        return out
    }

    /// The number that a character of crypt's alphabet `./0-9A-Za-z` stands for.
    static func crypt64(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "/"): Int(byte) - 46
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 46
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte) - 53
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 59
        default: nil
        }
    }
}
