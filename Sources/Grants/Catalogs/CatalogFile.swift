import Access
public import Model

/// A catalog as its file says it, checked in its form and with the prefix of its id put in; references are checked when it is applied.
public struct CatalogFile: Sendable {
    struct DeclaredRole: Sendable {
        let id: String
        let name: String
        let description: String
        let permissions: JSONValue
        let includes: [String]
        /// Where it stands in the file, for errors.
        let place: Int
    }

    let id: String
    let name: String
    let version: String
    let types: [NewResourceType]
    let roles: [DeclaredRole]

    private static let most = 500

    /// Reads JSON, or YAML.
    ///
    /// - Throws: `malformed` for what cannot be read, for unknown members and wrong types; `invalid` for bad ids.
    public init(parsing bytes: [UInt8], isYAML: Bool) throws {
        let value: JSONValue
        if isYAML {
            guard let text = String(validating: bytes, as: UTF8.self), let parsed = JSONValue(yaml: text) else {
                throw ServiceError.malformed("The catalog is no YAML that can be read here (aliases are not).")
            }
            value = parsed
        } else {
            do {
                value = try JSONValue(parsing: bytes)
            } catch {
                throw ServiceError.malformed("The catalog is not JSON: \(error.reason), at byte \(error.offset).")
            }
        }
        try self.init(value)
    }

    public init(_ value: JSONValue) throws {
        var reader = CatalogReader()
        let file = reader.object(value, "", ["catalog", "name", "description", "version", "resourceTypes", "roles"])
        let catalog = reader.text(file, "catalog", "") ?? ""
        if !PermissionReader.isSlug(catalog), reader.malformed.isEmpty {
            reader.refuse("catalog", "characters", "Name the catalog by 1 to 100 of a-z, 0-9 and - _ .")
        }
        id = catalog
        name = reader.text(file, "name", "") ?? catalog
        version = reader.text(file, "version", "") ?? ""
        _ = reader.text(file, "description", "")
        let typeItems = reader.list(file, "resourceTypes", "", most: Self.most)
        let roleItems = reader.list(file, "roles", "", most: Self.most)
        let ownTypes = Set(typeItems.compactMap { $0.object?["id"]?.string })
        let ownRoles = Set(roleItems.compactMap { $0.object?["id"]?.string })
        types = reader.types(typeItems, catalog)
        roles = reader.roles(roleItems, catalog, ownTypes, ownRoles)
        try reader.finish()
    }
}

/// Reads the members of a catalog file and gathers what is wrong with them.
private struct CatalogReader {
    private(set) var malformed: [FieldError] = []
    private var invalid: [FieldError] = []

    func finish() throws {
        guard malformed.isEmpty else {
            throw ServiceError.malformed("The catalog has members of a wrong name or type.", fields: malformed)
        }
        guard invalid.isEmpty else { throw ServiceError.invalid(invalid) }
    }

    mutating func refuse(_ field: String, _ code: String, _ message: String) {
        guard invalid.count < 50 else { return }
        invalid.append(FieldError(field: field, code: code, message: message))
    }

    private mutating func wrong(_ field: String, _ wanted: String, _ value: JSONValue) {
        guard malformed.count < 50 else { return }
        malformed.append(
            FieldError(field: field, code: "wrong_type", message: "This must be \(wanted), not \(value.typeName)."))
    }

    mutating func object(_ value: JSONValue, _ field: String, _ known: Set<String>) -> JSONObject {
        guard let object = value.object else {
            wrong(field.isEmpty ? "catalog" : field, "an object", value)
            return JSONObject()
        }
        for name in object.names where !known.contains(name) && malformed.count < 50 {
            malformed.append(
                FieldError(field: join(field, name), code: "unknown", message: "A catalog has no such member here."))
        }
        return object
    }

    mutating func text(_ object: JSONObject, _ name: String, _ field: String) -> String? {
        switch object[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        // A version or an id that YAML takes for a number is meant as it is written.
        case .integer(let number)?: return String(number)
        case .number(let number)?: return String(number)
        case let other?:
            wrong(join(field, name), "a string", other)
            return nil
        }
    }

    mutating func list(_ object: JSONObject, _ name: String, _ field: String, most: Int) -> [JSONValue] {
        guard let value = object[name], value != .null else { return [] }
        guard let items = value.array else {
            wrong(join(field, name), "a list", value)
            return []
        }
        if items.count > most { refuse(join(field, name), "too_many", "Use at most \(most).") }
        return Array(items.prefix(most))
    }

    private mutating func strings(_ object: JSONObject, _ name: String, _ field: String) -> [String] {
        list(object, name, field, most: 200).compactMap { item in
            if let text = item.string { return text }
            wrong(join(field, name), "a list of strings", item)
            return nil
        }
    }

    private func join(_ field: String, _ name: String) -> String {
        field.isEmpty ? name : "\(field).\(name)"
    }

    /// Letters, digits and `- _ .`: what a product calls its own things.
    private mutating func localID(_ object: JSONObject, _ field: String, _ seen: inout Set<String>) -> String {
        let id = text(object, "id", field) ?? ""
        let isGood =
            (1...100).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || "-_.".utf8.contains(byte)
            }
        if !isGood { refuse(field + ".id", "characters", "Use 1 to 100 letters, digits and - _ . for an id.") }
        if !seen.insert(id).inserted { refuse(field + ".id", "repeated", "\"\(id.prefix(100))\" is declared twice.") }
        return id
    }

    mutating func types(_ items: [JSONValue], _ catalog: String) -> [NewResourceType] {
        var seen = Set<String>()
        return items.enumerated().map { index, item in
            let field = "resourceTypes.\(index)"
            let object = object(item, field, ["id", "name", "description", "syntax", "actions", "properties"])
            let id = localID(object, field, &seen)
            return NewResourceType(
                id: "\(catalog):\(id)", name: text(object, "name", field) ?? id, syntax: text(object, "syntax", field),
                actions: object["actions"] ?? .array([]), properties: strings(object, "properties", field))
        }
    }

    mutating func roles(
        _ items: [JSONValue], _ catalog: String, _ ownTypes: Set<String>, _ ownRoles: Set<String>
    ) -> [CatalogFile.DeclaredRole] {
        var seen = Set<String>()
        return items.enumerated().map { index, item in
            let field = "roles.\(index)"
            let object = object(item, field, ["id", "name", "description", "includes", "permissions"])
            let id = localID(object, field, &seen)
            let includes = strings(object, "includes", field)
            for included in includes where !ownRoles.contains(included) {
                refuse(
                    field + ".includes", "absent",
                    "\"\(included.prefix(100))\" is no role of this catalog; a catalog includes its own roles only.")
            }
            let permissions = list(object, "permissions", field, most: PermissionReader.maximumPermissions).enumerated().map {
                place, item in
                permission(item, "\(field).permissions.\(place)", catalog, ownTypes)
            }
            return CatalogFile.DeclaredRole(
                id: "\(catalog):\(id)", name: text(object, "name", field) ?? id,
                description: text(object, "description", field) ?? "", permissions: .array(permissions),
                includes: includes.map { "\(catalog):\($0)" }, place: index)
        }
    }

    /// The permission with the full name of its type.
    private mutating func permission(
        _ item: JSONValue, _ field: String, _ catalog: String, _ ownTypes: Set<String>
    ) -> JSONValue {
        guard var object = item.object else {
            wrong(field, "a permission", item)
            return item
        }
        guard let type = object["resourceType"]?.string else { return item }
        if ownTypes.contains(type) {
            object["resourceType"] = .string("\(catalog):\(type)")
        } else if ResourceType.builtIn[type]?.plane != .runtime {
            refuse(
                field + ".resourceType", "absent",
                "\"\(type.prefix(100))\" is neither a type of this catalog nor a built-in one of the runtime plane.")
        }
        return .object(object)
    }
}
