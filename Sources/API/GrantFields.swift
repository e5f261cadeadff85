internal import Access
internal import Directory
internal import Grants
internal import Hummingbird
internal import Model
internal import Web

extension JSONFields {
    /// A member of any type; absent or null: `nil`.
    mutating func optionalValue(_ name: String) -> JSONValue? {
        guard has(name), !isNull(name) else { return nil }
        return object[name]
    }

    /// A list of strings; absent or null: `nil`.
    mutating func optionalStrings(_ name: String) throws -> [String]? {
        guard let value = optionalValue(name) else { return nil }
        guard let items = value.array, items.allSatisfy({ $0.string != nil }) else {
            throw Self.wrongType(name, "a list of strings", value)
        }
        return items.compactMap(\.string)
    }

    /// RFC 3339; absent or null: `nil`.
    mutating func optionalTime(_ name: String) throws -> Timestamp? {
        guard let value = optionalValue(name) else { return nil }
        guard let text = value.string, let time = Timestamp(rfc3339: text) else {
            throw Self.wrongType(name, "a time such as \"2026-11-21T09:14:03Z\"", value)
        }
        return time
    }

    mutating func patchTime(_ name: String) throws -> Patch<Timestamp> {
        guard has(name) else { return .keep }
        return try optionalTime(name).map(Patch.set) ?? .clear
    }

    mutating func patchStrings(_ name: String) throws -> Patch<[String]> {
        guard has(name) else { return .keep }
        return try optionalStrings(name).map(Patch.set) ?? .clear
    }

    mutating func patchValue(_ name: String) -> Patch<JSONValue> {
        guard has(name) else { return .keep }
        return optionalValue(name).map(Patch.set) ?? .clear
    }

    static func wrongType(_ name: String, _ wanted: String, _ value: JSONValue) -> ServiceError {
        .malformed(
            "The body has fields of a wrong name or type.",
            fields: [FieldError(field: name, code: "wrong_type", message: "This must be \(wanted), not \(value.typeName).")])
    }

    /// The terms of a new grant. What is malformed is thrown; what breaks a rule is handed back, to be said with the rest.
    mutating func grantTerms(_ types: @escaping (String) throws -> ResourceType?) throws -> (GrantTerms?, PermissionReader) {
        var reader = PermissionReader(types: types)
        let principal = reader.principal(optionalValue("principal"), field: "principal")
        let scope = try reader.scope(optionalValue("scope"), field: "scope")
        let validFrom = try optionalTime("validFrom")
        let expiresAt = try optionalTime("expiresAt")
        let reason = optionalString("reason") ?? ""
        let terms = principal.map {
            GrantTerms(principal: $0, scope: scope, validFrom: validFrom, expiresAt: expiresAt, reason: reason)
        }
        return (terms, reader)
    }

    mutating func grantTermsPatch(_ types: @escaping (String) throws -> ResourceType?) throws -> (
        GrantTermsPatch, PermissionReader
    ) {
        var patch = GrantTermsPatch()
        var reader = PermissionReader(types: types)
        if has("scope") {
            patch.scope = isNull("scope") ? .clear : .set(try reader.scope(optionalValue("scope"), field: "scope"))
        }
        patch.validFrom = try patchTime("validFrom")
        patch.expiresAt = try patchTime("expiresAt")
        patch.reason = patchString("reason")
        try finish()
        return (patch, reader)
    }
}

extension GrantTerms {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("principal", principal.json)
        writer.member("scope", PermissionText.json(scope))
        writer.member("validFrom", validFrom)
        writer.member("expiresAt", expiresAt)
        writer.member("reason", reason.isEmpty ? nil : reason)
    }
}

extension GrantOrigin {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("source", source)
        writer.member("grantedBy", grantedBy.isEmpty ? nil : grantedBy)
        writer.member("createdAt", createdAt)
    }
}

extension PrincipalReference {
    var json: JSONValue {
        .object(JSONObject([("kind", .string(kind.rawValue)), ("id", .string(id.text))]))
    }
}

extension Call {
    /// The `Idempotency-Key` of a create, with the hash of its body.
    func idempotency(_ fields: JSONFields) throws -> IdempotencyKey? {
        try idempotencyKey(body: fields.bytes).map { IdempotencyKey(key: $0.key, requestHash: $0.requestHash) }
    }
}
