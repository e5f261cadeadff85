import Audit
import Authentication
import Grants
import Model
import Storage

/// Making and changing users inside a transaction: shared by administrators, people themselves, and the setup.
enum UserWriter {
    static func problems(with new: NewUser) -> [FieldError] {
        var problems = UserRules.username(new.username)
        problems += UserRules.name(new.name) + UserRules.email(new.email) + UserRules.attributes(new.attributes)
        if let password = new.password {
            problems += PasswordPolicy.problems(with: password, username: new.username, name: new.name, email: new.email)
        }
        return problems
    }

    /// Checked fields in, a stored user out.
    static func insert(
        _ new: NewUser, secret: String?, realm: RealmID, at now: Timestamp, on connection: any Connection
    ) throws -> User {
        try requireFree(new.username, for: nil, realm: realm, on: connection)
        let user = User(
            id: EntityID.make(at: now), username: new.username, name: trimmed(new.name), email: trimmed(new.email),
            emailVerified: false, status: secret == nil ? .invited : .active, store: "builtin", attributes: new.attributes,
            createdAt: now, updatedAt: now, lastSignInAt: nil, version: 1)
        try refusing(user.username) { try UserTable.insert(user, realm: realm, on: connection) }
        if let secret {
            try Credentials.setPassword(secret, mustChange: false, of: user.id, realm: realm, at: now, on: connection)
        }
        return user
    }

    /// Applies a merge patch, writes the event, answers the user as it is then. A patch that changes nothing writes nothing.
    static func update(
        _ user: User, _ patch: UserPatch, action: String, standing: Standing, trail: AuditTrail, at now: Timestamp,
        caller: Caller, on connection: any Connection
    ) throws -> User {
        var changed = user
        let problems = apply(patch, to: &changed)
        guard problems.isEmpty else { throw ServiceError.invalid(problems) }
        if changed.username != user.username {
            try requireFree(changed.username, for: user.id, realm: caller.realm, on: connection)
        }
        let changes = changes(from: user, to: changed)
        guard !changes.isEmpty else { return user }
        try standing.requireConferring(writing: attributes(in: changes), of: .user(user.id))
        guard let principal = try Principals.find(user.id, realm: caller.realm, on: connection) else {
            throw ServiceError.notFound
        }
        changed.version = try refusing(changed.username) {
            try Principals.update(principal, name: changed.username, realm: caller.realm, at: now, on: connection)
        }
        changed.updatedAt = now
        try UserTable.updateProfile(changed, from: user, realm: caller.realm, on: connection)
        try trail.append(
            .init(actor: standing.party, action: action, target: user.party, changes: changes), caller: caller, on: connection)
        return changed
    }

    /// What differs, field by field; attributes one by one. `nil`: before creation, or after deletion.
    static func changes(from old: User?, to new: User?) -> [AuditEvent.FieldChange] {
        func fields(_ user: User?) -> [(String, JSONValue)] {
            guard let user else { return [] }
            return [
                ("username", .string(user.username)), ("name", user.name.map(JSONValue.string) ?? .null),
                ("email", user.email.map(JSONValue.string) ?? .null), ("emailVerified", .bool(user.emailVerified)),
            ] + user.attributes.members.map { ("attributes.\($0.name)", $0.value) }
        }
        let before = JSONObject(fields(old))
        let after = JSONObject(fields(new))
        let names = before.names + after.names.filter { before[$0] == nil }
        return names.compactMap { name in
            let was = before[name] ?? .null
            let now = after[name] ?? .null
            return was == now ? nil : AuditEvent.FieldChange(field: name, old: was, new: now)
        }
    }

    /// What conditions and patterns call the fields that change.
    static func attributes(in changes: [AuditEvent.FieldChange]) -> Set<String> {
        Set(
            changes.compactMap { change in
                if change.field == "username" { return change.field }
                return change.field.hasPrefix("attributes.") ? String(change.field.dropFirst("attributes.".count)) : nil
            })
    }

    /// Puts a merge patch onto a user; answers what is wrong with it.
    static func apply(_ patch: UserPatch, to user: inout User) -> [FieldError] {
        var problems: [FieldError] = []
        switch patch.username {
        case .keep: break
        case .clear: problems.append(FieldError(field: "username", code: "required", message: "Enter a user name."))
        case .set(let username):
            problems += UserRules.username(username)
            user.username = username
        }
        switch patch.name {
        case .keep: break
        case .clear: user.name = nil
        case .set(let name):
            let wrong = UserRules.name(name)
            problems += wrong
            if wrong.isEmpty { user.name = trimmed(name) }
        }
        let oldEmail = user.email
        switch patch.email {
        case .keep: break
        case .clear: user.email = nil
        case .set(let email):
            let wrong = UserRules.email(email)
            problems += wrong
            // Nothing unchecked is compared below: it may be endless.
            if wrong.isEmpty { user.email = trimmed(email) }
        }
        // Another address has not been verified yet.
        if user.email != oldEmail { user.emailVerified = false }
        switch patch.emailVerified {
        case .keep: break
        case .clear: user.emailVerified = false
        case .set(let isVerified): user.emailVerified = isVerified && user.email != nil
        }
        switch patch.attributes {
        case .keep: break
        case .clear: user.attributes = JSONObject()
        case .set(let members) where members.members.count > 2 * UserRules.maximumAttributes:
            // As many as can go and come; putting thousands in one by one would hold up every other writer.
            problems.append(
                FieldError(
                    field: "attributes", code: "too_many", message: "Use at most \(UserRules.maximumAttributes) attributes."))
        case .set(let members):
            for member in members.members { user.attributes[member.name] = member.value == .null ? nil : member.value }
            problems += UserRules.attributes(user.attributes)
        }
        return problems
    }

    private static func requireFree(_ username: String, for id: EntityID?, realm: RealmID, on connection: any Connection) throws {
        guard let holder = try Principals.find(named: username, realm: realm, on: connection), holder.reference.id != id else {
            return
        }
        throw taken(username)
    }

    /// With several writers another may have taken the name since it was seen to be free.
    private static func refusing<Value>(_ username: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch StorageError.uniqueViolation {
            throw taken(username)
        }
    }

    private static func taken(_ username: String) -> ServiceError {
        .conflict(
            "The name \"\(username)\" is taken.",
            fields: [
                FieldError(
                    field: "username", code: "taken",
                    message: "That name is taken. Choose another, or open the user who has it.")
            ])
    }

    private static func trimmed(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return text
    }
}
