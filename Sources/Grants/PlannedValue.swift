import Access
import Model

/// Reads the value of a planned change by the rules of the real one's body, and gathers what is wrong with it.
struct PlannedValue {
    private let object: JSONObject
    private var reader: PermissionReader
    private var known = Set<String>()
    private var wrong: [FieldError] = []

    init(_ object: JSONObject, types: @escaping (String) -> ResourceType?) {
        self.object = object
        reader = PermissionReader(types: types)
    }

    var hasErrors: Bool { !wrong.isEmpty || !reader.invalid.isEmpty || !reader.malformed.isEmpty }

    mutating func has(_ name: String) -> Bool {
        known.insert(name)
        return object[name] != nil
    }

    /// `nil` for null too.
    mutating func raw(_ name: String) -> JSONValue? {
        has(name) && object[name] != .null ? object[name] : nil
    }

    mutating func text(_ name: String) -> String? {
        guard let value = raw(name) else { return nil }
        if value.string == nil { refuse(name, "a string", value) }
        return value.string
    }

    mutating func strings(_ name: String) -> [String]? {
        guard let value = raw(name) else { return nil }
        guard let items = value.array, items.allSatisfy({ $0.string != nil }) else {
            refuse(name, "a list of strings", value)
            return nil
        }
        return items.compactMap(\.string)
    }

    mutating func time(_ name: String) -> Timestamp? {
        guard let value = raw(name) else { return nil }
        let time = value.string.flatMap { Timestamp(rfc3339: $0) }
        if time == nil { refuse(name, "a time such as \"2026-11-21T09:14:03Z\"", value) }
        return time
    }

    mutating func permissions(_ name: String, allowsScopes: Bool) throws -> [Permission]? {
        guard let value = raw(name) else { return nil }
        return try reader.permissions(value, field: name, allowsScopes: allowsScopes)
    }

    /// The terms of a new grant; `nil` when they lack the principal.
    mutating func terms() throws -> GrantTerms? {
        let principal = reader.principal(raw("principal"), field: "principal")
        let scope = try reader.scope(raw("scope"), field: "scope")
        let validFrom = time("validFrom")
        let expiresAt = time("expiresAt")
        let reason = text("reason") ?? ""
        return principal.map {
            GrantTerms(principal: $0, scope: scope, validFrom: validFrom, expiresAt: expiresAt, reason: reason)
        }
    }

    mutating func termsPatch() throws -> GrantTermsPatch {
        var patch = GrantTermsPatch()
        if has("scope") { patch.scope = try raw("scope").map { .set(try reader.scope($0, field: "scope")) } ?? .clear }
        if has("validFrom") { patch.validFrom = time("validFrom").map(Patch.set) ?? .clear }
        if has("expiresAt") { patch.expiresAt = time("expiresAt").map(Patch.set) ?? .clear }
        if has("reason") { patch.reason = text("reason").map(Patch.set) ?? .clear }
        return patch
    }

    /// A merge patch of attributes: what it makes of those there are.
    mutating func attributes(_ old: [String: AttributeValue]) -> [String: AttributeValue] {
        guard let value = raw("attributes") else { return [:] }
        guard let patch = value.object else {
            refuse("attributes", "an object", value)
            return old
        }
        var attributes = old
        for (name, value) in patch.members {
            attributes[name] = AttributeValue(value)
            if case .object = value { refuse("attributes.\(name)", "text, a number, true or false, or a list of these", value) }
        }
        return attributes
    }

    /// Throws `malformed` for wrong types and for members nobody read, else `invalid` for what breaks a rule.
    func finish(_ problems: [FieldError] = []) throws {
        let unknown = object.names.filter { !known.contains($0) }.prefix(50).map {
            FieldError(field: $0, code: "unknown", message: "There is no such field here.")
        }
        let malformed = wrong + reader.malformed + unknown
        guard malformed.isEmpty else {
            throw ServiceError.malformed("The body has fields of a wrong name or type.", fields: malformed)
        }
        try reader.finish(problems)
    }

    private mutating func refuse(_ name: String, _ wanted: String, _ value: JSONValue) {
        wrong.append(
            FieldError(field: name, code: "wrong_type", message: "This must be \(wanted), not \(value.typeName)."))
    }
}
