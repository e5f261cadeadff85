import Foundation
import Grants
import Model

/// What the fields of a user must be. Each check adds to a list, so that all of it can be said at once.
enum UserRules {
    static let maximumAttributes = 64
    static let maximumAttributeBytes = 16_384

    /// 1 to 256 of `A-Z a-z 0-9 _ ~ @ . + -`, not shaped like a UUID.
    static func username(_ username: String) -> [FieldError] {
        func error(_ code: String, _ message: String) -> [FieldError] {
            [FieldError(field: "username", code: code, message: message)]
        }
        if username.isEmpty { return error("required", "Enter a user name.") }
        let isAllowed = username.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "@"),
                UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        if !isAllowed { return error("characters", "Use letters, digits and _ ~ @ . + - only.") }
        if username.utf8.count > 256 { return error("too_long", "Use at most 256 characters.") }
        if EntityID.looksLikeUUID(username) { return error("reserved", "A user name may not look like an id (a UUID).") }
        return []
    }

    /// The key under which a name is found, whatever its letters' case.
    static func nameKey(_ username: String) -> String {
        Principals.nameKey(username)
    }

    /// Up to 256 characters, none of them a control character.
    static func name(_ name: String?) -> [FieldError] {
        guard let name else { return [] }
        if name.unicodeScalars.count > 256 {
            return [FieldError(field: "name", code: "too_long", message: "Use at most 256 characters.")]
        }
        let isClean = name.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
            // Direction overrides make one name look like another.
            case .format: !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
            default: true
            }
        }
        return isClean ? [] : [FieldError(field: "name", code: "characters", message: "Leave out control characters.")]
    }

    /// An address as RFC 5321 section 4.1.2 has it, without quoted local parts and address literals; RFC 6531 letters allowed.
    static func email(_ email: String?) -> [FieldError] {
        guard let email else { return [] }
        let message = "Enter an e-mail address such as ann@example.org."
        let refusal = [FieldError(field: "email", code: "invalid_email", message: message)]
        // Before it is taken apart: finding characters in endless runs of marks takes minutes.
        guard email.utf8.count <= 254 else { return refusal }
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && isLocalPart(parts[0]) && isDomain(parts[1]) ? [] : refusal
    }

    private static func isLocalPart(_ part: Substring) -> Bool {
        guard !part.isEmpty, part.utf8.count <= 64, part.first != ".", part.last != ".", !part.contains("..") else {
            return false
        }
        return part.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                ? isASCIILetterOrDigit(scalar) || "!#$%&'*+-/=?^_`{|}~.".unicodeScalars.contains(scalar)
                : scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
    }

    private static func isDomain(_ domain: Substring) -> Bool {
        let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63 && label.first != "-" && label.last != "-"
                && label.unicodeScalars.allSatisfy { scalar in
                    scalar.isASCII ? isASCIILetterOrDigit(scalar) || scalar == "-" : scalar.properties.isAlphabetic
                }
        }
    }

    private static func isASCIILetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9": true
        default: false
        }
    }

    /// Strings, numbers, booleans and arrays of them, under names a condition can mention.
    static func attributes(_ attributes: JSONObject) -> [FieldError] {
        var errors: [FieldError] = []
        if attributes.members.count > maximumAttributes {
            errors.append(
                FieldError(field: "attributes", code: "too_many", message: "Use at most \(maximumAttributes) attributes."))
        }
        for member in attributes.members.prefix(maximumAttributes) {
            let field = "attributes.\(member.name)"
            if !isAttributeName(member.name) {
                errors.append(
                    FieldError(
                        field: field, code: "name",
                        message: "An attribute's name begins with a letter and has up to 64 letters, digits, _ or -."))
            }
            if !isAttributeValue(member.value) {
                errors.append(
                    FieldError(
                        field: field, code: "type",
                        message:
                            "An attribute is text, a number, true or false, or a list of these; text without control characters.")
                )
            }
        }
        if errors.isEmpty, JSONValue.object(attributes).text.utf8.count > maximumAttributeBytes {
            errors.append(
                FieldError(
                    field: "attributes", code: "too_long",
                    message: "All attributes together may have \(maximumAttributeBytes) bytes."))
        }
        return errors
    }

    static func isAttributeName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, ("A"..."Z").contains(first) || ("a"..."z").contains(first),
            name.utf8.count <= 64
        else { return false }
        return name.unicodeScalars.allSatisfy { isASCIILetterOrDigit($0) || $0 == "_" || $0 == "-" }
    }

    private static func isAttributeValue(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let items): items.count <= 256 && items.allSatisfy(isAttributeScalar)
        default: isAttributeScalar(value)
        }
    }

    private static func isAttributeScalar(_ value: JSONValue) -> Bool {
        switch value {
        case .bool, .integer, .number: true
        case .string(let text): text.utf8.count <= 4096 && !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        case .null, .array, .object: false
        }
    }
}

/// How text is folded for searching and sorting: the same on both engines, because we do it.
enum Folding {
    /// For sorting and filters, which ignore case and nothing else (RFC 7644 section 3.4.2.2): composed, in lower case.
    static func key(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        return text.lowercased().precomposedStringWithCanonicalMapping
    }

    /// For word search: compatibility-decomposed, without marks, in lower case, so that "José" and "jose" meet.
    static func searchKey(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        var out = String.UnicodeScalarView()
        for scalar in text.decomposedStringWithCompatibilityMapping.unicodeScalars
        where scalar.properties.generalCategory != .nonspacingMark {
            out.append(scalar)
        }
        return String(out).lowercased()
    }

    /// Every suffix of the texts' words that begins where a reader would see a word begin: `ann.berg@acme.org` gives itself,
    /// `berg@acme.org`, `acme.org` and `org`.
    static func words(_ texts: [String]) -> Set<String> {
        var words = Set<String>()
        for text in texts {
            for token in searchKey(text).split(whereSeparator: \.isWhitespace) {
                var atStart = true
                for index in token.indices {
                    let isPart = token[index].isLetter || token[index].isNumber
                    if isPart && atStart { words.insert(String(token[index...].prefix(64))) }
                    atStart = !isPart
                }
                words.insert(String(token.prefix(64)))
            }
            if words.count > 200 { break }
        }
        return words
    }
}
