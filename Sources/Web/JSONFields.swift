public import Model

/// Reads the members of a JSON object one by one and remembers what is wrong; `finish` throws all of it at once.
public struct JSONFields: Sendable {
    public let object: JSONObject
    /// The body's bytes, for `Call.idempotencyKey`.
    public let bytes: [UInt8]
    private var known = Set<String>()
    private var wrong: [FieldError] = []
    private var missing: [FieldError] = []

    init(object: JSONObject, bytes: [UInt8]) {
        self.object = object
        self.bytes = bytes
    }

    /// Throws `malformed` with the byte where the text stops being JSON, or when it is no object.
    public init(parsing bytes: [UInt8]) throws {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw ServiceError.malformed("The body is not JSON: \(error.reason), at byte \(error.offset).")
        }
        guard let object = value.object else {
            throw ServiceError.malformed("The body must be a JSON object, not \(value.typeName).")
        }
        self.init(object: object, bytes: bytes)
    }

    /// A member that must be a string. Absent or null: an error of code `required` (422) recorded, "" returned.
    public mutating func requiredString(_ name: String) -> String {
        switch read(name) {
        case .string(let text)?: return text
        case nil, .null?:
            missing.append(FieldError(field: name, code: "required", message: "This field is required."))
        case let other?: refuse(name, other, wanted: "a string")
        }
        return ""
    }

    /// Absent or null: nil. Another type: 400 `malformed` recorded.
    public mutating func optionalString(_ name: String) -> String? {
        switch read(name) {
        case .string(let text)?: return text
        case nil, .null?: break
        case let other?: refuse(name, other, wanted: "a string")
        }
        return nil
    }

    /// Absent or null: nil. Another type: 400 `malformed` recorded.
    public mutating func optionalBool(_ name: String) -> Bool? {
        switch read(name) {
        case .bool(let value)?: return value
        case nil, .null?: break
        case let other?: refuse(name, other, wanted: "true or false")
        }
        return nil
    }

    /// Absent or null: nil. Another type: 400 `malformed` recorded.
    public mutating func optionalObject(_ name: String) -> JSONObject? {
        switch read(name) {
        case .object(let object)?: return object
        case nil, .null?: break
        case let other?: refuse(name, other, wanted: "an object")
        }
        return nil
    }

    /// For merge patches: whether the member is there at all (absent keeps what is stored).
    public mutating func has(_ name: String) -> Bool {
        read(name) != nil
    }

    /// For merge patches: whether the member is null (clears what is stored).
    public mutating func isNull(_ name: String) -> Bool {
        read(name) == .null
    }

    /// Throws `malformed` for wrong types and for members nobody read ("unknown field"), else `invalid` for missing ones.
    public mutating func finish() throws {
        var errors = wrong
        for name in object.names where !known.contains(name) {
            // A body may have thousands of unknown members; the answer names the first few.
            guard errors.count < 50 else { break }
            errors.append(FieldError(field: name, code: "unknown", message: "There is no such field here."))
        }
        guard errors.isEmpty else { throw ServiceError.malformed("The body has fields of a wrong name or type.", fields: errors) }
        guard missing.isEmpty else { throw ServiceError.invalid(missing) }
    }

    private mutating func read(_ name: String) -> JSONValue? {
        known.insert(name)
        return object[name]
    }

    private mutating func refuse(_ name: String, _ value: JSONValue, wanted: String) {
        guard !wrong.contains(where: { $0.field == name }) else { return }
        wrong.append(
            FieldError(field: name, code: "wrong_type", message: "This must be \(wanted), not \(value.typeName)."))
    }
}
