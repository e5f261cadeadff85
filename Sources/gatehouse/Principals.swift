import ArgumentParser
import Model

/// A principal or group as an argument names it: `ann`, `user:ann`, `group:ops`, `service:reporting`, `device:press-7`, each
/// also by id.
struct PrincipalArgument: ExpressibleByArgument, CustomStringConvertible, Sendable, Hashable {
    /// `nil` for a bare name, which is looked for among the kinds.
    let kind: PrincipalKind?
    let name: String

    init?(argument: String) {
        let prefix = argument.prefix { $0 != ":" }
        if prefix.endIndex != argument.endIndex, let kind = PrincipalKind(rawValue: String(prefix)) {
            self.kind = kind
            name = String(argument[argument.index(after: prefix.endIndex)...])
        } else {
            kind = nil
            name = argument
        }
        guard !name.isEmpty else { return nil }
    }

    var description: String { kind.map { "\($0.rawValue):\(name)" } ?? name }

    static let explanation = """
        A principal is written user:ann, group:ops, service:reporting or device:press-7, each also by id; a bare name is looked \
        for among users, then services, then groups.
        """
}

/// A principal or group that an argument named.
struct FoundPrincipal: Sendable {
    let kind: PrincipalKind
    let id: String
    /// What people call it by; the id when it was named by that.
    let name: String

    /// As the contract refers to it.
    var reference: JSONObject { JSONObject([("kind", .string(kind.rawValue)), ("id", .string(id))]) }

    /// For sentences; a person needs no word beside the name.
    var description: String { kind == .user ? name : "\(kind.rawValue) \(name)" }
}

extension Client {
    /// Finds the principal an argument means. One that is named by kind and id is taken as it is: who may grant something to
    /// it need not be allowed to see it.
    func principal(_ argument: PrincipalArgument) async throws -> FoundPrincipal {
        if let kind = argument.kind {
            if let id = EntityID(argument.name) { return FoundPrincipal(kind: kind, id: id.text, name: id.text) }
            let found = try await find(kind, argument.name)
            return FoundPrincipal(kind: kind, id: found.id, name: found.name)
        }
        for kind in [PrincipalKind.user, .service, .group] {
            if let found = try await sought(kind, argument.name) {
                return FoundPrincipal(kind: kind, id: found.id, name: found.name)
            }
        }
        throw CommandFailure(
            .notFound, "There is no user, service or group \"\(argument.name)\".",
            details: ["A device is written device:NAME."])
    }

    private func sought(_ kind: PrincipalKind, _ name: String) async throws -> NamedObject? {
        guard EntityID(name) != nil else { return try await named(kind, name) }
        do {
            return try await find(kind, name)
        } catch let failure as CommandFailure where failure.httpStatus == 404 {
            return nil
        }
    }
}

/// Puts names beside the ids of principals and groups, for people. What may not be seen keeps its id.
struct NameBook {
    let client: Client
    private var names: [PrincipalKind: [String: String]] = [:]

    /// Ids asked for at once; as many as fit well into an address.
    private static let chunk = 25

    init(client: Client) {
        self.client = client
    }

    /// The objects with a `name` added to each reference `{"kind","id"}` in these members.
    mutating func naming(_ items: [JSONObject], in members: [String]) async throws -> [JSONObject] {
        var wanted: [PrincipalKind: Set<String>] = [:]
        for item in items {
            for member in members {
                guard let (kind, id) = Self.reference(item[member]), names[kind]?[id] == nil else { continue }
                wanted[kind, default: []].insert(id)
            }
        }
        for (kind, ids) in wanted { try await learn(kind, ids.sorted()) }
        return items.map { item in
            var item = item
            for member in members {
                guard let (kind, id) = Self.reference(item[member]), let name = names[kind]?[id],
                    var object = item[member]?.object
                else { continue }
                object["name"] = .string(name)
                item[member] = .object(object)
            }
            return item
        }
    }

    /// What needs a name and has none yet.
    private static func reference(_ value: JSONValue?) -> (PrincipalKind, String)? {
        guard let object = value?.object, object["name"]?.string == nil, let id = object["id"]?.string,
            let kind = object["kind"]?.string.flatMap(PrincipalKind.init(rawValue:)), EntityID(id) != nil
        else { return nil }
        return (kind, id)
    }

    private mutating func learn(_ kind: PrincipalKind, _ ids: [String]) async throws {
        for start in stride(from: 0, to: ids.count, by: Self.chunk) {
            let some = Array(ids[start..<min(start + Self.chunk, ids.count)])
            let request = ListRequest(
                path: [kind.collection], filter: FilterText.isOne("id", of: some), limit: some.count)
            do {
                for item in try await client.page(request).items {
                    guard let id = item["id"]?.string, let name = item[kind.nameMember]?.string else { continue }
                    names[kind, default: [:]][id] = name
                }
            } catch let failure as CommandFailure where [403, 404].contains(failure.httpStatus) {
                return
            }
        }
    }
}

extension JSONObject {
    /// A reference to a principal, or a scope, as it is written on the command line: `group:ops`.
    func reference(_ member: String) -> String? {
        guard let object = self[member]?.object else { return text(member) }
        let name = object.text("name") ?? object.text("id")
        return [object.text("kind"), name].compactMap { $0 }.joined(separator: ":")
    }
}
