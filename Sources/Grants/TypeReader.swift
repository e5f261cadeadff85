import Access
import Model
import Storage

/// Reads resource types as people send them, and says what keeps one from changing.
enum TypeReader {
    static let mostActions = 100

    /// Throws `malformed` for members of a wrong name or type: that comes before "not found" and "forbidden".
    static func requireForm(_ new: NewResourceType) throws {
        var ignored: [FieldError] = []
        _ = try actions(new.actions, &ignored)
    }

    /// - Throws: `malformed`, `invalid`.
    static func read(_ new: NewResourceType, others: [FieldError]) throws -> ResourceType {
        var problems = others
        let name = new.name ?? new.id
        problems += RoleRules.name(name)
        if let plane = new.plane, plane != ResourceType.Plane.runtime.rawValue {
            problems.append(
                FieldError(
                    field: "plane", code: "reserved",
                    message: "Types of the management plane are Gatehouse's own; use \"runtime\"."))
        }
        var syntax = Syntax.name
        if let text = new.syntax {
            if let known = Syntax(rawValue: text) {
                syntax = known
            } else {
                problems.append(FieldError(field: "syntax", code: "invalid", message: "Use one of: name, topic, path."))
            }
        }
        let actions = try actions(new.actions, &problems)
        for property in new.properties where !isName(property) {
            problems.append(
                FieldError(
                    field: "properties", code: "characters", message: "\"\(property.prefix(100))\" is no name of a property."))
        }
        guard problems.isEmpty else { throw ServiceError.invalid(problems) }
        return ResourceType(
            id: new.id, name: name, plane: .runtime, syntax: syntax, actions: actions, properties: new.properties)
    }

    private static func actions(_ value: JSONValue, _ problems: inout [FieldError]) throws -> [ResourceType.Action] {
        func malformed(_ field: String, _ message: String) -> ServiceError {
            .malformed(
                "The body has fields of a wrong name or type.",
                fields: [FieldError(field: field, code: "wrong_type", message: message)])
        }
        guard let items = value.array else { throw malformed("actions", "This must be a list of actions.") }
        var actions: [ResourceType.Action] = []
        for (index, item) in items.prefix(mostActions + 1).enumerated() {
            let field = "actions.\(index)"
            if let id = item.string {
                actions.append(ResourceType.Action(id))
                continue
            }
            guard let object = item.object, object.names.allSatisfy({ ["id", "name", "includes"].contains($0) }) else {
                throw malformed(field, "This must be an action: {\"id\",\"name\",\"includes\"}.")
            }
            guard let id = object["id"]?.string else { throw malformed(field + ".id", "This must be a string.") }
            let name = object["name"].flatMap { $0 == .null ? nil : $0 }
            guard name == nil || name?.string != nil else { throw malformed(field + ".name", "This must be a string.") }
            for problem in name?.string.map(RoleRules.name) ?? [] {
                problems.append(FieldError(field: field + ".name", code: problem.code, message: problem.message))
            }
            let includes = object["includes"].flatMap { $0 == .null ? nil : $0 } ?? .array([])
            guard let list = includes.array, list.allSatisfy({ $0.string != nil }) else {
                throw malformed(field + ".includes", "This must be a list of actions' ids.")
            }
            actions.append(ResourceType.Action(id, name: name?.string, includes: list.compactMap(\.string)))
        }
        check(actions, &problems)
        return actions
    }

    private static func check(_ actions: [ResourceType.Action], _ problems: inout [FieldError]) {
        func refuse(_ code: String, _ message: String) {
            problems.append(FieldError(field: "actions", code: code, message: message))
        }
        if actions.isEmpty { refuse("required", "Name at least one action.") }
        if actions.count > mostActions { refuse("too_many", "Use at most \(mostActions) actions.") }
        let ids = Set(actions.map(\.id))
        if ids.count != actions.count { refuse("repeated", "Give each action an id of its own.") }
        for action in actions {
            if !isName(action.id) { refuse("characters", "\"\(action.id.prefix(100))\" is no id of an action.") }
            for included in action.includes where !ids.contains(included) {
                refuse("absent", "\"\(action.id.prefix(100))\" includes \"\(included.prefix(100))\", which is not here.")
            }
        }
    }

    /// 1 to 100 of letters, digits and `- _ . :`.
    private static func isName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte) || "-_.:".utf8.contains(byte)
            }
    }

    /// Whether some action includes more, or other ones, than before: that gives more to whoever holds it.
    static func givesOther(_ new: ResourceType, than old: ResourceType) -> Bool {
        func inclusions(_ type: ResourceType) -> [String: Set<String>] {
            Dictionary(type.actions.map { ($0.id, Set($0.includes)) }) { first, _ in first }.filter { !$0.value.isEmpty }
        }
        return inclusions(new) != inclusions(old)
    }

    /// Throws `conflict` when what is written in the old type could not be read in the new one.
    static func requireCompatible(
        _ old: ResourceType, _ new: ResourceType, realm: RealmID, on connection: any Connection
    ) throws {
        let lost = Set(old.actions.map(\.id)).subtracting(new.actions.map(\.id))
        guard old.syntax != new.syntax || !lost.isEmpty else { return }
        do {
            try requireUnused(old.id, realm: realm, on: connection)
        } catch ServiceError.conflict(let reason, _) {
            let what = old.syntax != new.syntax ? "Its syntax cannot change" : "Its actions cannot go"
            throw ServiceError.conflict("\(what) now. \(reason)")
        }
    }

    static func requireUnused(_ id: String, realm: RealmID, on connection: any Connection) throws {
        if let role = try RoleTable.names(type: id, realm: realm, on: connection) {
            throw ServiceError.conflict("The role \"\(role)\" has permissions on \"\(id)\".")
        }
        if try AuthorizationTable.names(type: id, realm: realm, on: connection) {
            throw ServiceError.conflict("There are authorizations on \"\(id)\".")
        }
        if try ResourceTable.hasAny(type: id, realm: realm, on: connection) {
            throw ServiceError.conflict("There are resources of type \"\(id)\".")
        }
    }
}
