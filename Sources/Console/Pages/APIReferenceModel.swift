import CAssets
import Grants
import Model

/// The API's description, read for people. Parsed once, when somebody first opens the page.
struct APIReference: Sendable {
    /// `nil` when the embedded description cannot be read.
    static let shared: APIReference? = {
        let bytes = UnsafeBufferPointer(start: gatehouse_openapi_bytes(), count: gatehouse_openapi_count())
        guard let document = JSONValue(yaml: String(decoding: bytes, as: UTF8.self))?.object else { return nil }
        return APIReference(document)
    }()

    struct Group: Sendable {
        let name: String
        let description: String
        let operations: [Operation]
    }

    struct Operation: Sendable {
        let id: String
        let method: String
        /// With its parameters in braces.
        let path: String
        /// With examples in their place.
        let examplePath: String
        let summary: String
        let description: String
        let isPublic: Bool
        let parameters: [Field]
        let body: Body?
        let answers: [Answer]
    }

    struct Body: Sendable {
        let type: String
        let fields: [Field]
        let example: JSONValue?
    }

    struct Answer: Sendable {
        let status: String
        let description: String
        /// What comes with it; `nil` for nothing.
        let content: String?

        var isRefusal: Bool { status.hasPrefix("4") || status.hasPrefix("5") }
    }

    /// A parameter, or a member of an object.
    struct Field: Sendable {
        let name: String
        /// `path`, `query` or `header`; `nil` for members.
        let place: String?
        let type: String
        let isRequired: Bool
        let description: String
    }

    struct Object: Sendable {
        let name: String
        let description: String
        let fields: [Field]
        let example: JSONValue?
    }

    let title: String
    let description: String
    let groups: [Group]
    let objects: [Object]
    /// Every way a call can be refused, once: most calls share them.
    let refusals: [Answer]

    init(_ document: JSONObject) {
        let reader = ContractReader(document: document)
        let info = document["info"]?.object
        title = info?["title"]?.string ?? ""
        description = info?["description"]?.string ?? ""
        let operations = reader.operations()
        groups = (document["tags"]?.array ?? []).compactMap { tag in
            guard let name = tag.object?["name"]?.string else { return nil }
            return Group(
                name: name, description: tag.object?["description"]?.string ?? "",
                operations: operations.filter { $0.tag == name }.map(\.operation))
        }
        objects = reader.objects()
        var seen = Set<String>()
        refusals = operations.flatMap(\.operation.answers)
            .filter { $0.isRefusal && seen.insert($0.status + $0.description).inserted }
            .sorted { ($0.status, $0.description) < ($1.status, $1.description) }
    }
}

/// Follows references and puts schemas into words.
private struct ContractReader {
    private static let methods = ["get", "post", "put", "patch", "delete"]

    let document: JSONObject

    func operations() -> [(tag: String, operation: APIReference.Operation)] {
        var result: [(tag: String, operation: APIReference.Operation)] = []
        for (path, item) in document["paths"]?.object?.members ?? [] {
            guard let item = item.object else { continue }
            for method in Self.methods {
                guard let operation = item[method]?.object else { continue }
                let tag = operation["tags"]?.array?.first?.string ?? ""
                result.append((tag, self.operation(operation, method: method, path: path, shared: item["parameters"])))
            }
        }
        return result
    }

    private func operation(_ operation: JSONObject, method: String, path: String, shared: JSONValue?) -> APIReference.Operation {
        let given = ((shared?.array ?? []) + (operation["parameters"]?.array ?? [])).compactMap { resolve($0).object }
        var examplePath = path
        for parameter in given where parameter["in"]?.string == "path" {
            guard let name = parameter["name"]?.string, let example = parameter["example"] else { continue }
            let pieces = examplePath.split(separator: "{\(name)}", omittingEmptySubsequences: false)
            examplePath = pieces.joined(separator: example.string ?? example.text)
        }
        let answers = (operation["responses"]?.object?.members ?? []).map { status, response in
            answer(status, resolve(response).object)
        }
        return APIReference.Operation(
            id: operation["operationId"]?.string ?? "\(method)-\(path)", method: method.uppercased(), path: path,
            examplePath: examplePath, summary: operation["summary"]?.string ?? "",
            description: operation["description"]?.string ?? "",
            isPublic: operation["security"]?.array?.isEmpty ?? false, parameters: given.map(parameter),
            body: operation["requestBody"].flatMap { body(resolve($0).object) }, answers: answers)
    }

    private func parameter(_ parameter: JSONObject) -> APIReference.Field {
        let schema = parameter["schema"] ?? .null
        return APIReference.Field(
            name: parameter["name"]?.string ?? "", place: parameter["in"]?.string, type: type(schema),
            isRequired: parameter["required"]?.bool ?? false,
            description: join([parameter["description"]?.string, limits(resolve(schema).object)]))
    }

    private func body(_ body: JSONObject?) -> APIReference.Body? {
        guard let content = body?["content"]?.object?.members.first?.value.object, let schema = content["schema"] else {
            return nil
        }
        return APIReference.Body(type: type(schema), fields: fields(schema), example: content["example"])
    }

    private func answer(_ status: String, _ response: JSONObject?) -> APIReference.Answer {
        let content = response?["content"]?.object?.members.first
        return APIReference.Answer(
            status: status, description: response?["description"]?.string ?? "",
            content: content.map { $0.value.object?["schema"].map(type) ?? $0.name })
    }

    func objects() -> [APIReference.Object] {
        (document["components"]?.object?["schemas"]?.object?.members ?? []).compactMap { name, schema in
            let members = fields(schema)
            guard !members.isEmpty else { return nil }
            return APIReference.Object(
                name: name, description: schema.object?["description"]?.string ?? "", fields: members,
                example: schema.object?["example"])
        }
    }

    // MARK: Schemas

    /// What a `$ref` within the document leads to; at most a few steps, so that a circle ends.
    private func resolve(_ value: JSONValue) -> JSONValue {
        var value = value
        for _ in 0..<8 {
            guard let reference = value.object?["$ref"]?.string, reference.hasPrefix("#/") else { return value }
            var found: JSONValue? = .object(document)
            for step in reference.dropFirst(2).split(separator: "/") { found = found?.object?[String(step)] }
            value = found ?? .null
        }
        return value
    }

    private func fields(_ schema: JSONValue, depth: Int = 0) -> [APIReference.Field] {
        guard depth < 4, let object = resolve(schema).object else { return [] }
        if let parts = object["allOf"]?.array { return parts.flatMap { fields($0, depth: depth + 1) } }
        let required = Set((object["required"]?.array ?? []).compactMap(\.string))
        return (object["properties"]?.object?.members ?? []).map { name, member in
            let own = member.object
            let resolved = resolve(member).object
            return APIReference.Field(
                name: name, place: nil, type: type(member), isRequired: required.contains(name),
                description: join([own?["description"]?.string ?? resolved?["description"]?.string, limits(resolved)]))
        }
    }

    /// A type in words: `string`, `list of User`, `string or null`, `one of active, disabled`.
    private func type(_ schema: JSONValue) -> String { type(schema, depth: 0) }

    private func type(_ schema: JSONValue, depth: Int) -> String {
        guard depth < 8, let object = schema.object else { return Texts.Reference.anything }
        if let reference = object["$ref"]?.string {
            let resolved = resolve(schema)
            // Objects have a name of their own on the page of objects; for the small ones the plain type says more.
            let isObject = resolved.object?["properties"] != nil || resolved.object?["allOf"] != nil
            return isObject ? String(reference.split(separator: "/").last ?? "") : type(resolved, depth: depth + 1)
        }
        if let choices = object["anyOf"]?.array ?? object["oneOf"]?.array {
            return choices.map { type($0, depth: depth + 1) }.joined(separator: Texts.Reference.orWord)
        }
        if let values = object["enum"]?.array {
            return Texts.Reference.oneOf(values.map { $0.string ?? $0.text }.joined(separator: ", "))
        }
        var names = object["type"]?.array?.compactMap(\.string) ?? []
        if let name = object["type"]?.string { names = [name] }
        if names.isEmpty { return Texts.Reference.anything }
        return names.map { name in
            if name == "array", let items = object["items"] { return Texts.Reference.list(type(items, depth: depth + 1)) }
            if name == "string", let format = object["format"]?.string { return "\(name) (\(format))" }
            return name
        }.joined(separator: Texts.Reference.orWord)
    }

    private func limits(_ schema: JSONObject?) -> String? {
        guard let schema else { return nil }
        let length = Texts.Reference.between(
            schema["minLength"]?.text, schema["maxLength"]?.text, Texts.Reference.characters)
        let range = Texts.Reference.between(schema["minimum"]?.text, schema["maximum"]?.text, "")
        let standard = schema["default"].flatMap { value in
            value.string?.isEmpty ?? false ? nil : Texts.Reference.defaultValue(value.string ?? value.text)
        }
        let words = [length, range, standard].compactMap { $0 }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private func join(_ parts: [String?]) -> String {
        parts.compactMap { $0 }.map { trimmed($0) }.filter { !$0.isEmpty }.joined(separator: " ")
    }
}
