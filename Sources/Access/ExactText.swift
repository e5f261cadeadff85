/// Texts as their UTF-8 bytes. Swift's own comparison takes texts for equal that only look alike (canonical equivalence), and
/// costs more.
enum ExactText {
    static func equal(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return bytes(of: left) { left in bytes(of: right) { right in order(left, right) == 0 } }
    }

    /// Negative, zero or positive, as `left` is before, is, or is after `right`.
    static func order(_ left: String, _ right: String) -> Int {
        bytes(of: left) { left in bytes(of: right) { right in order(left, right) } }
    }

    static func starts(_ text: String, with prefix: String) -> Bool {
        guard text.utf8.count >= prefix.utf8.count else { return false }
        return bytes(of: text) { text in
            bytes(of: prefix) { prefix in order(UnsafeRawBufferPointer(rebasing: text[..<prefix.count]), prefix) == 0 }
        }
    }

    static func ends(_ text: String, with suffix: String) -> Bool {
        guard text.utf8.count >= suffix.utf8.count else { return false }
        return bytes(of: text) { text in
            bytes(of: suffix) { suffix in
                order(UnsafeRawBufferPointer(rebasing: text[(text.count - suffix.count)...]), suffix) == 0
            }
        }
    }

    /// In linear time, whatever the two hold: both may come from outside.
    static func contains(_ text: String, _ part: String) -> Bool {
        guard text.utf8.count >= part.utf8.count else { return false }
        return bytes(of: text) { text in
            bytes(of: part) { part in
                text.count <= 128 || part.count <= 16 ? simplyContains(text, part) : linearlyContains(text, part)
            }
        }
    }

    /// Whether it has a NUL character.
    static func hasZero(_ text: String) -> Bool {
        bytes(of: text) { bytes in
            var index = 0
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { return true }
                index += 8
            }
            return bytes[index...].contains(0)
        }
    }

    static func hash(_ text: String, into hasher: inout Hasher) {
        bytes(of: text) { bytes in
            hasher.combine(bytes.count)
            hasher.combine(bytes: bytes)
        }
    }

    private static func order(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        let shared = min(left.count, right.count)
        var index = 0
        while index + 8 <= shared {
            let words = (
                left.loadUnaligned(fromByteOffset: index, as: UInt64.self),
                right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            )
            if words.0 != words.1 { return UInt64(bigEndian: words.0) < UInt64(bigEndian: words.1) ? -1 : 1 }
            index += 8
        }
        while index < shared {
            if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
            index += 1
        }
        return left.count - right.count
    }

    /// Without memory of its own; good while either is short.
    private static func simplyContains(_ text: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer) -> Bool {
        guard let first = part.first else { return true }
        var start = 0
        while start + part.count <= text.count {
            if text[start] == first {
                var length = 1
                while length < part.count, text[start + length] == part[length] { length += 1 }
                if length == part.count { return true }
            }
            start += 1
        }
        return false
    }

    /// Knuth, Morris and Pratt: `borders[n]` is the length of the longest proper prefix of the first n + 1 bytes that ends them too.
    private static func linearlyContains(_ text: UnsafeRawBufferPointer, _ part: UnsafeRawBufferPointer) -> Bool {
        var borders = [Int](repeating: 0, count: part.count)
        var length = 0
        for index in part.indices.dropFirst() {
            while length > 0, part[index] != part[length] { length = borders[length - 1] }
            if part[index] == part[length] { length += 1 }
            borders[index] = length
        }
        length = 0
        for byte in text {
            while length > 0, byte != part[length] { length = borders[length - 1] }
            if byte == part[length] { length += 1 }
            if length == part.count { return true }
        }
        return false
    }

    /// Native texts are UTF-8 in one piece already: nothing is copied but the bytes of a very short one, to the stack.
    private static func bytes<Answer>(of text: String, _ body: (UnsafeRawBufferPointer) -> Answer) -> Answer {
        var text = text
        return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
    }
}
