internal import Access
internal import Grants
internal import Model

/// Reads questions in the form of AuthZEN (Authorization API 1.0, section 5) and planned changes out of a body, strictly, and
/// gathers everything that is wrong.
struct QuestionReader {
    /// Wrong types and unknown names: 400.
    private var malformed: [FieldError] = []
    /// Changes that lack something, or name an unknown operation: 422.
    private(set) var invalid: [FieldError] = []

    /// Throws `malformed` when anything was of a wrong name or type.
    func finish() throws {
        guard malformed.isEmpty else {
            throw ServiceError.malformed(
                "The body has fields of a wrong name or type.", fields: Array(malformed.prefix(50)))
        }
    }

    /// - Parameter field: what the question is in, with a dot at the end; empty for the body itself.
    mutating func question(_ object: JSONObject, field: String) -> AccessQuestion {
        refuseUnknown(object, field, known: ["subject", "action", "resource", "context"])
        let subject = entity(object, "subject", field, ["type", "id"])
        let action = entity(object, "action", field, ["name"])
        let resource = entity(object, "resource", field, ["type", "id"])
        return AccessQuestion(
            subjectType: subject.texts[0], subject: subject.texts[1], subjectProperties: subject.properties,
            action: action.texts[0], actionProperties: action.properties, resourceType: resource.texts[0],
            resource: resource.texts[1], resourceProperties: resource.properties,
            context: self.object(object, "context", field) ?? JSONObject())
    }

    /// The body of a simulation. A change that lacks its operation or its path is `nil`.
    mutating func simulation(_ object: JSONObject) -> (changes: [PlannedChange?], questions: [AccessQuestion]) {
        refuseUnknown(object, "", known: ["changes", "questions"])
        let changes = objects(object, "changes").enumerated().map { change($1, field: "changes.\($0).") }
        let questions = objects(object, "questions").enumerated().map { question($1, field: "questions.\($0).") }
        return (changes, questions)
    }

    private mutating func change(_ object: JSONObject, field: String) -> PlannedChange? {
        refuseUnknown(object, field, known: ["op", "path", "value"])
        let operation = text(object, "op", field)
        let path = text(object, "path", field)
        let value = self.object(object, "value", field)
        if path == nil { require(field + "path") }
        guard let operation else {
            require(field + "op")
            return nil
        }
        guard let known = PlannedChange.Operation(rawValue: operation) else {
            invalid.append(FieldError(field: field + "op", code: "invalid", message: "Use one of: create, update, delete."))
            return nil
        }
        return path.map { PlannedChange(known, $0, value) }
    }

    /// A part of a question: the texts it needs, in order, and its properties.
    private mutating func entity(
        _ object: JSONObject, _ name: String, _ field: String, _ needed: [String]
    ) -> (texts: [String], properties: JSONObject) {
        // What is missing is left empty: the service says so, after it has asked for the permission.
        guard let part = self.object(object, name, field) else { return (needed.map { _ in "" }, JSONObject()) }
        let inside = "\(field)\(name)."
        refuseUnknown(part, inside, known: needed + ["properties"])
        let texts = needed.map { text(part, $0, inside) ?? "" }
        return (texts, self.object(part, "properties", inside) ?? JSONObject())
    }

    private mutating func text(_ object: JSONObject, _ name: String, _ field: String) -> String? {
        guard let value = object[name], value != .null else { return nil }
        if value.string == nil { refuse(field + name, "a string", value) }
        return value.string
    }

    private mutating func object(_ object: JSONObject, _ name: String, _ field: String) -> JSONObject? {
        guard let value = object[name], value != .null else { return nil }
        if value.object == nil { refuse(field + name, "an object", value) }
        return value.object
    }

    private mutating func objects(_ object: JSONObject, _ name: String) -> [JSONObject] {
        guard let value = object[name], value != .null else { return [] }
        guard let items = value.array else {
            refuse(name, "a list of objects", value)
            return []
        }
        for (index, item) in items.enumerated() where item.object == nil { refuse("\(name).\(index)", "an object", item) }
        return items.compactMap(\.object)
    }

    private mutating func refuseUnknown(_ object: JSONObject, _ field: String, known: [String]) {
        for name in object.names where !known.contains(name) {
            malformed.append(FieldError(field: field + name, code: "unknown", message: "There is no such field here."))
        }
    }

    private mutating func refuse(_ field: String, _ wanted: String, _ value: JSONValue) {
        malformed.append(
            FieldError(field: field, code: "wrong_type", message: "This must be \(wanted), not \(value.typeName)."))
    }

    private mutating func require(_ field: String) {
        invalid.append(FieldError(field: field, code: "required", message: "This field is required."))
    }
}
