import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// Finds whom somebody meant by what they typed: a name of that kind, or an id, among what the viewer may see.
struct Finder: Sendable {
    private static let offered = 8

    private let services: ConsoleServices
    private let call: Call
    private let parties: Parties

    init(_ services: ConsoleServices, call: Call) throws {
        self.services = services
        self.call = call
        parties = try Parties(services, call: call)
    }

    enum Finding: Sendable {
        case one(PrincipalReference)
        /// Nobody of that name; names that come close.
        case close([String])
    }

    func find(_ kind: PrincipalKind, _ typed: String) async throws -> Finding {
        if let id = EntityID(typed) {
            let party = PrincipalReference(kind: kind, id: id)
            return parties.name(party) == nil ? .close([]) : .one(party)
        }
        if let party = try await exactly(kind, typed) { return .one(party) }
        return .close(try await beginning(kind, typed).map(\.name))
    }

    /// Puts what is wrong with `field` into words.
    func party(_ kind: PrincipalKind, _ typed: String, field: String) async throws -> Result<PrincipalReference, FieldRefusal> {
        let word = kind.word.lowercased()
        guard !typed.isEmpty else {
            return .failure(FieldRefusal(field, "required", Texts.Parties.required(word)))
        }
        switch try await find(kind, typed) {
        case .one(let party): return .success(party)
        case .close(let names) where names.isEmpty:
            return .failure(FieldRefusal(field, "absent", Texts.Parties.none(word, typed)))
        case .close(let names):
            return .failure(FieldRefusal(field, "absent", Texts.Parties.close(word, typed, names), suggestions: names))
        }
    }

    private func exactly(_ kind: PrincipalKind, _ name: String) async throws -> PrincipalReference? {
        let found = try await named(
            kind, filter: "\(kind == .user ? "username" : "name") eq \(Filter.quote(name))", search: nil, limit: 1)
        return found.first?.party
    }

    /// Those of whose names, and for users e-mail addresses, a word begins so.
    func beginning(_ kind: PrincipalKind, _ typed: String) async throws -> [(
        party: PrincipalReference, name: String, title: String
    )] {
        guard !typed.isEmpty else { return [] }
        do {
            return try await named(kind, filter: nil, search: typed, limit: Self.offered)
        } catch ServiceError.malformed {
            // What cannot be read as words finds nobody.
            return []
        }
    }

    private func named(
        _ kind: PrincipalKind, filter: String?, search: String?, limit: Int
    ) async throws -> [(party: PrincipalReference, name: String, title: String)] {
        let query = ListQuery(filter: filter, search: search, limit: limit)
        switch kind {
        case .user:
            return try await services.users.list(query, caller: call.caller).items.map {
                (.user($0.id), $0.username, $0.displayName)
            }
        case .group:
            return try await services.access.groups.list(query, caller: call.caller).items.map {
                (PrincipalReference(kind: .group, id: $0.id), $0.name, $0.description)
            }
        case .service:
            return try await services.access.services.list(query, caller: call.caller).items.map {
                (PrincipalReference(kind: .service, id: $0.id), $0.name, $0.description)
            }
        case .device: return []
        }
    }
}

/// Why a name was not understood, and names to offer in its place.
struct FieldRefusal: Error, Sendable {
    let error: FieldError
    let suggestions: [String]

    init(_ field: String, _ code: String, _ message: String, suggestions: [String] = []) {
        error = FieldError(field: field, code: code, message: message)
        self.suggestions = suggestions
    }
}

/// `/find`: the names a field offers while one is typed, as JSON for the script.
struct FindPage: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/find") { try await find($0) }]
    }

    private func find(_ call: Call) async throws -> Response {
        guard let kind = PrincipalKind(rawValue: call.query["kind"] ?? "") else {
            throw ServiceError.malformed(Texts.Parties.unknownKind)
        }
        let found = try await Finder(services, call: call).beginning(kind, trimmed(call.query["q"] ?? ""))
        return .json { writer in
            writer.object { writer in
                writer.name("items")
                writer.array { writer in
                    for item in found {
                        writer.value(.object(JSONObject([("value", .string(item.name)), ("label", .string(item.title))])))
                    }
                }
            }
        }
    }
}
