import Model
import Storage

/// What the fields of groups, and descriptions of services, must be.
enum GroupRules {
    private static let longestDescription = 2000

    /// 1 to 256 characters without control characters, not shaped like a UUID.
    static func name(_ name: String) -> [FieldError] {
        func error(_ code: String, _ message: String) -> [FieldError] {
            [FieldError(field: "name", code: code, message: message)]
        }
        if name.unicodeScalars.allSatisfy(\.properties.isWhitespace) { return error("required", "Enter a name.") }
        let problems = UserRules.name(name)
        guard problems.isEmpty else { return problems }
        // Wherever a group is named, an id will do as well.
        if EntityID.looksLikeUUID(name) { return error("reserved", "A name may not look like an id (a UUID).") }
        return []
    }

    /// Up to 2000 characters; line breaks may be among them, other control characters not.
    static func description(_ text: String) -> [FieldError] {
        if text.unicodeScalars.count > longestDescription {
            return [FieldError(field: "description", code: "too_long", message: "Use at most \(longestDescription) characters.")]
        }
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || scalar == "\t" || scalar == "\r" || scalar.properties.generalCategory != .control
        }
        return isClean
            ? [] : [FieldError(field: "description", code: "characters", message: "Leave out control characters.")]
    }
}

/// Looks for words in a name: each must begin a word of it.
enum NameSearch {
    /// Appends the condition that the word begins the name, or follows what words are parted by.
    static func append(_ word: String, in column: SQL, to statement: inout Statement) {
        let text = Listing.escapeLike(String(word.prefix(64)))
        statement.isComposed = true
        statement.append(" AND (")
        for (index, part) in ["", "% ", "%-", "%\\_", "%.", "%/", "%:", "%@", "%("].enumerated() {
            if index > 0 { statement.append(" OR ") }
            statement.append(column)
            statement.append(" LIKE ", .text(part + text + "%"))
            statement.append(" ESCAPE '\\'")
        }
        statement.append(")")
    }
}
