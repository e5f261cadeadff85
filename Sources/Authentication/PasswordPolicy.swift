import CAssets
import Foundation
public import Model

/// Rules for passwords that people choose: long, not common, not about themselves. No composition rules, no rotation.
public enum PasswordPolicy {
    /// Characters (Unicode scalars after NFC) when the password is the only factor.
    public static let minimumLength = 15
    public static let maximumLength = 256
    /// What is longer than this many bytes as typed is too long in any form.
    static let maximumBytes = 16 * maximumLength
    private static let product = "gatehouse"

    /// The form in which passwords are measured, hashed and compared (NIST SP 800-63B section 5.1.1.2: normalized, otherwise as typed).
    public static func normalized(_ password: String) -> String {
        password.precomposedStringWithCanonicalMapping
    }

    /// What is wrong with `password`, as errors of `field`; empty when it is good. `username`, `name` and `email`: whose it is.
    public static func problems(
        with password: String, field: String = "password", username: String, name: String? = nil, email: String? = nil
    ) -> [FieldError] {
        var problems: [FieldError] = []
        func add(_ code: String, _ message: String) {
            problems.append(FieldError(field: field, code: code, message: message))
        }
        // Normalizing costs by the square of a run of marks. No composed character comes from more than these bytes.
        let isEndless = password.utf8.count > maximumBytes
        let text = isEndless ? "" : normalized(password)
        let length = isEndless ? .max : text.unicodeScalars.count
        if length < minimumLength {
            add("too_short", "Use at least \(minimumLength) characters. A few unrelated words are easy to remember.")
        }
        if length > maximumLength { add("too_long", "Use at most \(maximumLength) characters.") }
        // What follows costs by the length; nothing longer is looked at.
        guard length <= maximumLength else { return problems }
        let folded = text.lowercased()
        if CommonPasswords.isCommon(folded) {
            add("common", "This is a common password, or a common word dressed up. Choose something others would not.")
        }
        // Not checked yet, and refused elsewhere when longer.
        let username = username.utf8.count <= 256 ? username : ""
        let email = email.flatMap { $0.utf8.count <= 254 ? $0 : nil }
        let mailName = email.flatMap { $0.split(separator: "@").first.map(String.init) }
        if contains(folded, username) {
            add("contains_username", "Leave the user name out of the password.")
        }
        if let mailName, mailName.lowercased() != username.lowercased(), contains(folded, mailName) {
            add("contains_email", "Leave the e-mail address out of the password.")
        }
        if folded.contains(product) { add("contains_product", "Leave the name of this product out of the password.") }
        return problems
    }

    /// Names under three characters are in too many words to be refused.
    private static func contains(_ folded: String, _ name: String) -> Bool {
        let part = name.lowercased()
        return part.unicodeScalars.count >= 3 && folded.contains(part)
    }
}

/// The embedded list, searched in place.
enum CommonPasswords {
    /// Whether `text` (lower case) is listed, a listed word repeated, one of these between digits and signs, or a run such as
    /// `abcdefgh` or `1234567890`.
    static func isCommon(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if contains(bytes) || isRepetition(bytes) || isRun(bytes) { return true }
        func isLetter(_ byte: UInt8) -> Bool { byte >= 0x80 || (97...122).contains(byte) }
        guard let first = bytes.firstIndex(where: isLetter), let last = bytes.lastIndex(where: isLetter) else {
            return false
        }
        let stem = Array(bytes[first...last])
        return stem.count < bytes.count && (contains(stem) || isRepetition(stem) || isRun(stem))
    }

    /// Each character the one after (or before) the last, `0` following `9`.
    private static func isRun(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 4 else { return false }
        func follows(_ left: UInt8, _ right: UInt8) -> Bool {
            right == left &+ 1 || (left == UInt8(ascii: "9") && right == UInt8(ascii: "0"))
        }
        let pairs = zip(bytes, bytes.dropFirst())
        return pairs.allSatisfy { follows($0, $1) } || pairs.allSatisfy { follows($1, $0) }
    }

    /// Whether the text is one unit over and over, and the unit is listed, or is a single character.
    private static func isRepetition(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 2 else { return false }
        for length in 1...(bytes.count / 2) where bytes.count.isMultiple(of: length) {
            let unit = Array(bytes[..<length])
            let repeats = stride(from: length, to: bytes.count, by: length).allSatisfy { start in
                bytes[start..<(start + length)].elementsEqual(unit)
            }
            if repeats, length == 1 || contains(unit) { return true }
        }
        return false
    }

    private static func contains(_ word: [UInt8]) -> Bool {
        let list = UnsafeBufferPointer(start: gatehouse_common_passwords_bytes(), count: gatehouse_common_passwords_count())
        guard !word.isEmpty, !word.contains(0x0A) else { return false }
        var low = 0
        var high = list.count
        // Bytes, not lines: step back to the start of the line in the middle.
        while low < high {
            var start = (low + high) / 2
            while start > low, list[start - 1] != 0x0A { start -= 1 }
            var end = start
            while end < list.count, list[end] != 0x0A { end += 1 }
            let line = list[start..<end]
            if line.elementsEqual(word) { return true }
            if line.lexicographicallyPrecedes(word) { low = end + 1 } else { high = start }
        }
        return false
    }
}
