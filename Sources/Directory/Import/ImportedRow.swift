import Authentication
import Model

/// One row of an import: what it gives, checked as far as that goes without knowing who is there already.
struct ImportedRow: Sendable {
    enum Status: String, Sendable, CaseIterable {
        case active, disabled, invited
    }

    /// 1 is the first row behind the header.
    let number: Int
    var username = ""
    /// `username` as names are compared.
    var key = ""
    /// What is given of the profile: absent is `keep`, an empty field `clear`.
    var patch = UserPatch()
    var status: Status?
    var passwordHash: StoredHash?
    var secret: String?
    var errors: [FieldError] = []

    init(number: Int) {
        self.number = number
    }

    init(number: Int, fault code: String, _ message: String) {
        self.number = number
        errors = [FieldError(field: "", code: code, message: message)]
    }

    mutating func set(username text: String?) {
        username = text ?? ""
    }

    mutating func set(status text: String?) {
        guard let text, !text.isEmpty else { return }
        status = Status(rawValue: text)
        if status == nil {
            errors.append(FieldError(field: "status", code: "unknown", message: "Use active, disabled or invited."))
        }
    }

    mutating func set(passwordHash text: String?) {
        guard let text, !text.isEmpty else { return }
        do {
            passwordHash = try StoredHash(text)
            secret = text
        } catch {
            errors.append(error.error(of: "passwordHash"))
        }
    }

    /// Looks at the fields by themselves; call once all are set.
    mutating func check() {
        guard errors.isEmpty else { return }
        errors = UserRules.username(username)
        // A wrong name is no key of anything.
        if errors.isEmpty { key = UserRules.nameKey(username) }
        if passwordHash != nil, status == .invited {
            errors.append(
                FieldError(
                    field: "status", code: "contradiction",
                    message: "Somebody who is invited has no password yet: leave out the hash, or use active or disabled."))
        }
        var blank = User.blank(named: username)
        errors += UserWriter.apply(patch, to: &blank)
    }
}

extension User {
    /// Somebody of whom only the name is known.
    static func blank(named username: String) -> User {
        let start = Timestamp(milliseconds: 0)
        return User(
            id: EntityID(trusted: ""), username: username, name: nil, email: nil, emailVerified: false, status: .invited,
            store: "builtin", attributes: JSONObject(), createdAt: start, updatedAt: start, lastSignInAt: nil, version: 1)
    }
}
