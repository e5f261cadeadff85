import Model

/// Where the objects of a kind are found, and how.
extension PrincipalKind {
    /// The path below `/api/v1`, which is also the segment of a group's members.
    var collection: String { rawValue + "s" }

    /// What people call them by.
    var nameMember: String {
        switch self {
        case .user, .device: "username"
        case .group, .service: "name"
        }
    }
}

/// An object that an argument named.
struct NamedObject: Sendable {
    let id: String
    /// What people call it by: the user name of a user, the id of what has no name.
    let name: String
    let object: JSONObject
    var entityTag: String?

    /// For questions: the user name of a person, with the name beside it when there is one.
    var description: String {
        guard let full = object.text("name"), full != name else { return name }
        return "\(name) (\(full))"
    }
}

extension Client {
    /// Finds the user an argument means: an id when it has the shape of one (no user name has), else a user name.
    func user(_ argument: String) async throws -> NamedObject {
        try await find(.user, argument)
    }

    /// Finds what an argument means: an id when it has the shape of one, else a name.
    func find(_ kind: PrincipalKind, _ argument: String) async throws -> NamedObject {
        guard EntityID(argument) == nil else { return try await object([kind.collection], id: argument, name: kind.nameMember) }
        guard let found = try await named(kind, argument) else {
            throw CommandFailure(.notFound, "There is no \(kind.rawValue) \"\(argument)\".")
        }
        return found
    }

    /// The one with this name; `nil` when there is none that we may see.
    func named(_ kind: PrincipalKind, _ name: String) async throws -> NamedObject? {
        let filter = FilterText.equals(kind.nameMember, name)
        let items = try await page(ListRequest(path: [kind.collection], filter: filter, limit: 2)).items
        guard let object = items.first else { return nil }
        guard items.count == 1 else { throw CommandFailure.notUnderstood("several \(kind.collection) have one name") }
        return try Self.named(object, kind.nameMember, what: kind.rawValue)
    }

    /// The object with this id; its path is `path` and the id.
    func object(_ path: [String], id: String, name: String = "id") async throws -> NamedObject {
        let answer = try await send(.get, path + [id], expecting: [200])
        var found = try Self.named(try answer.object(), name, what: "an object")
        found.entityTag = answer.entityTag
        return found
    }

    private static func named(_ object: JSONObject, _ member: String, what: String) throws -> NamedObject {
        guard let id = object["id"]?.string, let name = object[member]?.string else {
            throw CommandFailure.notUnderstood("\(what) has no id or no name")
        }
        return NamedObject(id: id, name: name, object: object)
    }
}
