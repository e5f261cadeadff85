public import Access
public import Model

/// Permissions, scopes and actions as JSON: the form of the wire and of the tables.
public enum PermissionText {
    /// What a management grant may read of the object it speaks about, because lists are filtered by it in SQL.
    static let listedFields: [String: Set<String>] = [
        "user": ["id", "username"], "service": ["id", "username"], "device": ["id", "username"],
    ]

    public static func json(_ permission: Permission) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("effect", .string(permission.effect.rawValue)), ("resourceType", .string(permission.resourceType)),
        ]
        switch permission.match {
        case .any: members.append(("match", .string("any")))
        case .id(let id): members += [("match", .string("id")), ("resource", .string(id))]
        case .pattern(let pattern): members += [("match", .string("pattern")), ("resource", .string(pattern.text))]
        case .property(let property, let subject):
            members += [("match", .string("property")), ("property", .string(property)), ("subject", .string(subject))]
        }
        members.append(("actions", .array(permission.actions.map(JSONValue.string))))
        members.append(("condition", permission.condition.map { .string($0.text) } ?? .null))
        if let scopes = permission.scopes {
            members.append(("scopes", .array(scopes.map(\.rawValue).sorted().map(JSONValue.string))))
        }
        return .object(JSONObject(members))
    }

    public static func json(_ permissions: [Permission]) -> JSONValue {
        .array(permissions.map(json))
    }

    public static func json(_ scope: Scope) -> JSONValue {
        switch scope {
        case .realm: .object(JSONObject([("kind", .string("realm"))]))
        case .organization(let id): .object(JSONObject([("kind", .string("organization")), ("id", .string(id))]))
        case .group(let id): .object(JSONObject([("kind", .string("group")), ("id", .string(id))]))
        case .resources(let type, let ids):
            .object(
                JSONObject([
                    ("kind", .string("resources")), ("type", .string(type)),
                    ("ids", .array(ids.sorted().map(JSONValue.string))),
                ]))
        }
    }

    /// Permissions out of our own tables: what cannot be read any more allows nothing and, since it may have denied, is an error.
    static func stored(_ text: String, types: @escaping (String) throws -> ResourceType?) throws -> [Permission] {
        var reader = PermissionReader(types: types, isStored: true)
        let permissions = try reader.permissions(try JSONValue(parsing: text.utf8), field: "permissions", allowsScopes: true)
        guard reader.invalid.isEmpty, reader.malformed.isEmpty else { throw StorageDamage.permission }
        return permissions
    }
}

enum StorageDamage: Error {
    case permission, scope, resourceType
}

/// Reads permissions and scopes as people send them and gathers everything that is wrong with them.
public struct PermissionReader {
    public static let maximumPermissions = 200

    private let types: (String) throws -> ResourceType?
    private let isStored: Bool
    /// Wrong types and unknown names: 400.
    public private(set) var malformed: [FieldError] = []
    /// What breaks a rule: 422.
    public private(set) var invalid: [FieldError] = []

    /// - Parameter types: the resource types there are.
    public init(types: @escaping (String) throws -> ResourceType?) {
        self.init(types: types, isStored: false)
    }

    init(types: @escaping (String) throws -> ResourceType?, isStored: Bool) {
        self.types = types
        self.isStored = isStored
    }

    /// Throws `malformed`, else `invalid`, when anything was wrong.
    public func finish(_ others: [FieldError] = []) throws {
        try requireForm()
        let all = others + invalid
        guard all.isEmpty else { throw ServiceError.invalid(all) }
    }

    /// Throws `malformed` for members of a wrong name or type: that comes before "not found" and "forbidden".
    public func requireForm() throws {
        guard malformed.isEmpty else {
            throw ServiceError.malformed("The body has fields of a wrong name or type.", fields: malformed)
        }
    }

    /// As `requireForm()`, for permissions that nobody has read yet: whatever resource types there are.
    public static func requireForm(_ permissions: JSONValue, field: String, allowsScopes: Bool) throws {
        var reader = PermissionReader { _ in nil }
        _ = try reader.permissions(permissions, field: field, allowsScopes: allowsScopes)
        try reader.requireForm()
    }

    /// - Parameter allowsScopes: permissions of roles may name the kinds of scope in which they count.
    public mutating func permissions(_ value: JSONValue, field: String, allowsScopes: Bool) throws -> [Permission] {
        guard let items = value.array else {
            refuseType(field, "a list of permissions", value)
            return []
        }
        guard items.count <= PermissionReader.maximumPermissions || isStored else {
            invalid.append(
                FieldError(
                    field: field, code: "too_many",
                    message: "Use at most \(PermissionReader.maximumPermissions) permissions; roles can include roles."))
            return []
        }
        var found: [Permission] = []
        for (index, item) in items.enumerated() {
            if let permission = try permission(item, field: "\(field).\(index)", allowsScopes: allowsScopes) {
                found.append(permission)
            }
        }
        return found
    }

    private mutating func permission(_ value: JSONValue, field: String, allowsScopes: Bool) throws -> Permission? {
        guard let object = value.object else {
            refuseType(field, "a permission", value)
            return nil
        }
        let before = malformed.count + invalid.count
        let known = ["effect", "resourceType", "match", "resource", "property", "subject", "actions", "condition"]
        for name in object.names where !known.contains(name) && !(allowsScopes && name == "scopes") {
            malformed.append(
                FieldError(field: "\(field).\(name)", code: "unknown", message: "There is no such field in a permission here."))
        }
        let effect = choice(object, "effect", field, of: Permission.Effect.self) ?? .allow
        let typeID = text(object, "resourceType", field)
        let conditionText = text(object, "condition", field)
        let actions = strings(object, "actions", field) ?? []
        let scopes = allowsScopes ? scopeKinds(object, field) : nil
        let match = text(object, "match", field)
        let resource = text(object, "resource", field)
        let property = text(object, "property", field)
        let subject = text(object, "subject", field)
        guard malformed.count + invalid.count == before else { return nil }
        guard let typeID else {
            refuse("\(field).resourceType", "required", "Say which resource type is meant.")
            return nil
        }
        guard let type = try types(typeID) else {
            refuse("\(field).resourceType", "absent", "There is no resource type \"\(typeID.prefix(100))\".")
            return nil
        }
        checkActions(actions, type, field)
        let parsed = self.match(match, resource, property, subject, type, field)
        let condition = condition(conditionText, type, field)
        guard malformed.count + invalid.count == before, let parsed else { return nil }
        return Permission(
            effect: effect, resourceType: type.id, match: parsed, actions: actions, condition: condition, scopes: scopes)
    }

    private mutating func checkActions(_ actions: [String], _ type: ResourceType, _ field: String) {
        if actions.isEmpty {
            refuse("\(field).actions", "required", "Name at least one action, or \"*\" for all.")
        }
        // What a type has lost since is not an error of what is stored; it fits no question.
        guard !isStored else { return }
        if Set(actions).count != actions.count {
            refuse("\(field).actions", "repeated", "Name each action once.")
        }
        for action in actions where action != Permission.wildcard && type.actions(granting: action) == nil {
            let known = type.actions.map(\.id).joined(separator: ", ")
            refuse(
                "\(field).actions", "absent", "\"\(type.id)\" has no action \"\(action.prefix(100))\". Known are: \(known).")
        }
    }

    private mutating func match(
        _ match: String?, _ resource: String?, _ property: String?, _ subject: String?, _ type: ResourceType, _ field: String
    ) -> Permission.Match? {
        let kind = match ?? (property != nil ? "property" : resource == nil ? "any" : "")
        if kind != "property", property != nil || subject != nil, !isStored {
            let member = property != nil ? "property" : "subject"
            refuse("\(field).\(member)", "unexpected", "Only with match \"property\" a property and a subject are named.")
            return nil
        }
        switch kind {
        case "any":
            if resource != nil { refuse("\(field).resource", "unexpected", "With match \"any\" no resource is named.") }
            return .any
        case "id":
            guard let resource, !resource.isEmpty else { break }
            guard let id = ResourceName.canonicalID(resource, syntax: type.syntax) else {
                refuse("\(field).resource", "syntax", "This can never be the id of a resource of type \"\(type.id)\".")
                return nil
            }
            return .id(id)
        case "pattern":
            guard let resource, !resource.isEmpty else { break }
            do {
                let pattern = try Pattern(resource, syntax: type.syntax)
                if type.plane == .management, pattern.listPrefix == nil, !isStored {
                    refuse(
                        "\(field).resource", "unlistable",
                        "A pattern of Gatehouse's own types is a beginning and one * at the end, such as \"team-*\".")
                }
                return .pattern(pattern)
            } catch {
                refuse("\(field).resource", "syntax", "This is no pattern: \(error.reason)")
                return nil
            }
        case "property":
            if resource != nil { refuse("\(field).resource", "unexpected", "With match \"property\" no resource is named.") }
            guard let property, let subject, !property.isEmpty, !subject.isEmpty else {
                refuse("\(field).property", "required", "Name the resource's property, and in \"subject\" the principal's.")
                return nil
            }
            if type.plane == .management, !(PermissionText.listedFields[type.id] ?? ["id"]).contains(property), !isStored {
                refuse("\(field).property", "unlistable", unlistable(type))
            }
            return .property(property, subject: subject)
        default:
            refuse("\(field).match", match == nil ? "required" : "invalid", "Use one of: any, id, pattern, property.")
            return nil
        }
        refuse("\(field).resource", "required", "Name the resource, or use match \"any\".")
        return nil
    }

    private mutating func condition(_ text: String?, _ type: ResourceType, _ field: String) -> Condition? {
        guard let text, !text.isEmpty else { return nil }
        do {
            let condition = try Condition(parsing: text)
            guard type.plane == .management, !isStored else { return condition }
            let listed = PermissionText.listedFields[type.id] ?? ["id"]
            if let obstacle = condition.filterObstacle {
                refuse("\(field).condition", "unlistable", "Lists cannot be filtered by this: \(obstacle)")
            } else if condition.paths.contains(where: { $0.root == .resource && !listed.contains($0.name) && $0.name != "type" })
            {
                refuse("\(field).condition", "unlistable", unlistable(type))
            }
            return condition
        } catch {
            refuse(
                "\(field).condition", "syntax", "The condition cannot be read at character \(error.offset + 1): \(error.reason).")
            return nil
        }
    }

    private func unlistable(_ type: ResourceType) -> String {
        let known = (PermissionText.listedFields[type.id] ?? ["id"]).sorted().joined(separator: ", ")
        return "Lists of \"\(type.id)\" cannot be filtered by that; of the resource a permission may read: \(known)."
    }

    // MARK: Scopes and principals

    /// - Parameter value: absent: the realm.
    public mutating func scope(_ value: JSONValue?, field: String) throws -> Scope {
        guard let value, value != .null else { return .realm }
        guard let object = value.object else {
            refuseType(field, "a scope", value)
            return .realm
        }
        for name in object.names where !["kind", "id", "type", "ids"].contains(name) {
            malformed.append(
                FieldError(field: "\(field).\(name)", code: "unknown", message: "There is no such field in a scope."))
        }
        let kind = text(object, "kind", field)
        let id = text(object, "id", field)
        let typeID = text(object, "type", field)
        let ids = strings(object, "ids", field)
        guard malformed.isEmpty else { return .realm }
        let isOfResources = kind == "resources"
        for (name, isUnexpected) in [
            ("id", id != nil && (isOfResources || kind == "realm")), ("type", typeID != nil && !isOfResources),
            ("ids", ids != nil && !isOfResources),
        ] where isUnexpected {
            refuse("\(field).\(name)", "unexpected", "A scope of this kind has no \"\(name)\".")
        }
        switch kind {
        case "realm": return .realm
        case "organization":
            guard let id, PermissionReader.isSlug(id) else { break }
            return .organization(id)
        case "group":
            guard let id, let group = EntityID(id) else { break }
            return .group(group.text)
        case "resources":
            guard let typeID, let type = try types(typeID) else {
                refuse("\(field).type", "absent", "Name a resource type there is.")
                return .realm
            }
            let ids = ids ?? []
            if ids.isEmpty || ids.count > 1000 { refuse("\(field).ids", "required", "Name 1 to 1000 resources.") }
            var canonical = Set<String>()
            for id in ids {
                guard let text = ResourceName.canonicalID(id, syntax: type.syntax) else {
                    refuse("\(field).ids", "syntax", "\"\(id.prefix(100))\" can never be the id of a \"\(type.id)\".")
                    continue
                }
                canonical.insert(text)
            }
            return .resources(type: typeID, ids: canonical)
        default:
            refuse("\(field).kind", "invalid", "Use one of: realm, organization, group, resources.")
            return .realm
        }
        refuse("\(field).id", "required", "Name the \(kind ?? "object") by its id.")
        return .realm
    }

    public mutating func principal(_ value: JSONValue?, field: String) -> PrincipalReference? {
        guard let value, value != .null else {
            refuse(field, "required", "Say who: {\"kind\":\"user\",\"id\":\"...\"}.")
            return nil
        }
        guard let object = value.object else {
            refuseType(field, "a principal", value)
            return nil
        }
        for name in object.names where !["kind", "id"].contains(name) {
            malformed.append(
                FieldError(field: "\(field).\(name)", code: "unknown", message: "There is no such field in a principal."))
        }
        let kindText = text(object, "kind", field)
        let idText = text(object, "id", field)
        guard malformed.isEmpty else { return nil }
        guard let kindText, let kind = PrincipalKind(rawValue: kindText) else {
            refuse("\(field).kind", "invalid", "Use one of: user, group, service, device.")
            return nil
        }
        guard let idText, let id = EntityID(idText) else {
            refuse("\(field).id", "absent", "There is no such \(kind.rawValue).")
            return nil
        }
        return PrincipalReference(kind: kind, id: id)
    }

    /// What people give as ids: 1 to 100 of `a-z 0-9 -`, with `:` after a catalog's name.
    public static func isSlug(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: ".")
            }
    }

    // MARK: Members

    private mutating func text(_ object: JSONObject, _ name: String, _ field: String) -> String? {
        switch object[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        case let other?:
            refuseType("\(field).\(name)", "a string", other)
            return nil
        }
    }

    private mutating func strings(_ object: JSONObject, _ name: String, _ field: String) -> [String]? {
        guard let value = object[name], value != .null else { return nil }
        guard let items = value.array, items.allSatisfy({ $0.string != nil }) else {
            refuseType("\(field).\(name)", "a list of strings", value)
            return nil
        }
        return items.compactMap(\.string)
    }

    private mutating func choice<Choice: RawRepresentable>(
        _ object: JSONObject, _ name: String, _ field: String, of: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        guard let text = text(object, name, field) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        refuse("\(field).\(name)", "invalid", "\"\(text.prefix(100))\" is not known here.")
        return nil
    }

    private mutating func scopeKinds(_ object: JSONObject, _ field: String) -> Set<Scope.Kind>? {
        guard let names = strings(object, "scopes", field) else { return nil }
        let kinds = names.compactMap { Scope.Kind(rawValue: $0) }
        if kinds.count != names.count || kinds.isEmpty {
            refuse("\(field).scopes", "invalid", "Name some of: realm, organization, group, resources.")
        }
        return Set(kinds)
    }

    private mutating func refuse(_ field: String, _ code: String, _ message: String) {
        invalid.append(FieldError(field: field, code: code, message: message))
    }

    private mutating func refuseType(_ field: String, _ wanted: String, _ value: JSONValue) {
        malformed.append(
            FieldError(field: field, code: "wrong_type", message: "This must be \(wanted), not \(value.typeName)."))
    }
}
