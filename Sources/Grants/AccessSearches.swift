import Access
public import Model
import Storage

/// Which page of a search is wanted.
public struct SearchPage: Sendable {
    /// At most so many results, which may be none; `nil`: as many as the page before had, or `defaultLimit`.
    public var limit: Int?
    /// From the page before.
    public var token: String?

    public static let defaultLimit = 100
    /// Who asks for more gets so many.
    public static let maximumLimit = 1000

    public init(limit: Int? = nil, token: String? = nil) {
        self.limit = limit
        self.token = token
    }
}

/// One page of what a search found, in a stable order.
public struct SearchResults: Sendable {
    /// User names of users and devices, ids of services and of resources, names of actions.
    public let found: [String]
    /// Where the next page begins; `nil` at the end. A page may be short, even empty, and not be the last one.
    public let nextToken: String?
    public let revision: Revision
}

extension AccessQuestions {
    /// Who of the kind `question.subjectType` may do it. `question.subject` is not looked at.
    ///
    /// - Throws: as `decider(for:)`; `malformed` for a token that does not belong to this question.
    public func subjects(_ question: AccessQuestion, page: SearchPage, caller: Caller) async throws -> SearchResults {
        let decider = try decider(for: caller)
        var question = question
        question.subject = ""
        let search = try Search("subject", question, page, decider, context.cursors, caller)
        guard let kind = PrincipalKind(rawValue: question.subjectType), kind != .group,
            decider.snapshot.resourceType(question.resourceType)?.actions(granting: question.action) != nil
        else { return search.nothing }
        return try await context.database.scan { [question] connection in
            try search.run { after, count in
                let rows = try SearchTables.principals(
                    kind, after: after, count: count, realm: caller.realm, on: connection)
                return (rows, rows.count < count)
            } accepts: { candidate in
                let subject = Subject(kind: kind.rawValue, id: candidate.id)
                guard decider.verdict(question, subject: subject).isAllowed,
                    let facts = decider.snapshot.principal(subject)
                else { return nil }
                return kind == .service ? facts.subject.id : facts.name
            }
        }
    }

    /// On which resources of the type the subject may do it: of those that are registered, and those that a permission of the
    /// subject or the scope of an assignment names. `question.resource` is not looked at.
    ///
    /// - Throws: as `subjects`.
    public func resources(_ question: AccessQuestion, page: SearchPage, caller: Caller) async throws -> SearchResults {
        let decider = try decider(for: caller)
        var question = question
        question.resource = ""
        let search = try Search("resource", question, page, decider, context.cursors, caller)
        let subject = decider.subject(type: question.subjectType, question.subject)
        guard let facts = decider.snapshot.principal(subject), facts.isActive,
            let type = decider.snapshot.resourceType(question.resourceType), type.actions(granting: question.action) != nil
        else { return search.nothing }
        let named = decider.snapshot.resourcesNamed(for: facts, type: type.id)
        return try await context.database.scan { [question] connection in
            try search.run { after, count in
                let rows = try SearchTables.resources(
                    of: type, after: after, count: count, realm: caller.realm, on: connection)
                let isLast = rows.count < count
                let upTo = isLast ? nil : rows.last
                let more = named.filter { id in
                    after.isBefore(id) && (upTo.map { !$0.isBefore(id) } ?? true)
                }
                let ids = Set((rows + more).map(OrderedText.init)).sorted()
                return (ids.map { SearchCandidate(id: $0.text, position: $0.text) }, isLast)
            } accepts: { candidate in
                var question = question
                question.resource = candidate.id
                return decider.verdict(question, subject: subject).isAllowed ? candidate.id : nil
            }
        }
    }

    /// Which actions the subject may do on the resource. `question.action` is not looked at.
    ///
    /// - Throws: as `subjects`.
    public func actions(_ question: AccessQuestion, page: SearchPage, caller: Caller) throws -> SearchResults {
        let decider = try decider(for: caller)
        var question = question
        question.action = ""
        let search = try Search("action", question, page, decider, context.cursors, caller)
        guard let type = decider.snapshot.resourceType(question.resourceType) else { return search.nothing }
        let subject = decider.subject(type: question.subjectType, question.subject)
        let actions = type.actions.map { OrderedText($0.id) }.sorted()
        return try search.run { after, _ in
            let left = actions.filter { after.isBefore($0.text) }
            return (left.map { SearchCandidate(id: $0.text, position: $0.text) }, true)
        } accepts: { candidate in
            question.action = candidate.id
            return decider.verdict(question, subject: subject).isAllowed ? candidate.id : nil
        }
    }
}

/// Something that a search decides about, and its place in the order.
private struct SearchCandidate {
    let id: String
    let position: String
}

/// A search under way: which page, and how it goes on.
private struct Search {
    /// So many candidates are decided for one page: no question keeps a thread for long, however few fit.
    private static let candidatesLimit = 20_000
    private static let largestBlock = 1000

    let limit: Int
    /// Empty at the start.
    let after: String
    private let revision: Revision
    private let cursors: CursorKey
    private let binding: CursorKey.Binding

    init(
        _ kind: String, _ question: AccessQuestion, _ page: SearchPage, _ decider: AccessDecider, _ cursors: CursorKey,
        _ caller: Caller
    ) throws {
        revision = decider.revision
        self.cursors = cursors
        binding = CursorKey.Binding(
            list: "search/" + kind, realm: caller.realm, caller: caller.principal, request: question.canonical)
        let wanted = page.limit.map { min($0, SearchPage.maximumLimit) }
        guard let token = page.token else {
            limit = wanted ?? SearchPage.defaultLimit
            after = ""
            return
        }
        guard let place = cursors.place(token, binding: binding), wanted ?? place.limit == place.limit else {
            throw ServiceError.malformed(
                "The page token does not belong to this search: send it with the same question and the same limit, or begin again."
            )
        }
        limit = place.limit
        after = place.position
    }

    var nothing: SearchResults { SearchResults(found: [], nextToken: nil, revision: revision) }

    /// - Parameters:
    ///   - next: candidates behind a position, about so many, in order, and whether they are the last.
    ///   - accepts: what a candidate is called in the answer; `nil` when it does not fit.
    func run(
        _ next: (_ after: String, _ count: Int) throws -> ([SearchCandidate], isLast: Bool),
        accepts: (SearchCandidate) -> String?
    ) throws -> SearchResults {
        var found: [String] = []
        var position = after
        var decided = 0
        // One more than wanted, so that the last page is known to be the last.
        var count = min(limit + 1, Search.largestBlock)
        while true {
            let (candidates, isLast) = try next(position, count)
            for candidate in candidates {
                if let name = accepts(candidate) {
                    guard found.count < limit else { return results(found, next: position) }
                    found.append(name)
                }
                position = candidate.position
                decided += 1
            }
            if isLast { return results(found, next: nil) }
            if decided >= Search.candidatesLimit { return results(found, next: position) }
            count = min(count * 4, Search.largestBlock)
        }
    }

    private func results(_ found: [String], next position: String?) -> SearchResults {
        SearchResults(
            found: found, nextToken: position.map { cursors.token(limit: limit, position: $0, binding: binding) },
            revision: revision)
    }
}

/// What searches read, in the order of a key and from any place in it.
private enum SearchTables {
    /// By name, whatever its case.
    static func principals(
        _ kind: PrincipalKind, after: String, count: Int, realm: RealmID, on connection: any Connection
    ) throws -> [SearchCandidate] {
        try connection.rows(
            Statement(
                """
                SELECT id, name_key FROM principal WHERE realm_id = $1 AND kind = $2 AND name_key > $3
                ORDER BY name_key LIMIT $4
                """, [.text(realm.text), .text(kind.rawValue), .text(after), .integer(Int64(count))])
        ) { SearchCandidate(id: $0.text(0), position: $0.text(1)) }
    }

    /// Ids of what is registered of a type, or of principals and groups when the type is theirs.
    static func resources(
        of type: ResourceType, after: String, count: Int, realm: RealmID, on connection: any Connection
    ) throws -> [String] {
        let statement: Statement
        switch (type.plane, PrincipalKind(rawValue: type.id)) {
        case (.runtime, _):
            statement = Statement(
                "SELECT id FROM resource WHERE realm_id = $1 AND type_id = $2 AND id > $3 ORDER BY id LIMIT $4",
                [.text(realm.text), .text(type.id), .text(after), .integer(Int64(count))])
        case (.management, .group?):
            statement = Statement(
                "SELECT id FROM principal_group WHERE realm_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                [.text(realm.text), .text(after), .integer(Int64(count))])
        case (.management, let kind?):
            statement = Statement(
                "SELECT id FROM principal WHERE realm_id = $1 AND kind = $2 AND id > $3 ORDER BY id LIMIT $4",
                [.text(realm.text), .text(kind.rawValue), .text(after), .integer(Int64(count))])
        case (.management, nil): return []
        }
        return try connection.rows(statement) { $0.text(0) }
    }
}

extension Snapshot {
    /// Ids of resources of the type that the principal's permissions, or the scopes in which they count, name one by one.
    fileprivate func resourcesNamed(for principal: PrincipalFacts, type: String) -> [String] {
        var found = Set<OrderedText>()
        for held in Engine(self).held(by: principal) where held.permission.effect == .allow {
            if case .id(let id) = held.permission.match, held.permission.resourceType == type { found.insert(OrderedText(id)) }
            if case .resources(type, let ids) = held.scope { found.formUnion(ids.map(OrderedText.init)) }
        }
        return found.map(\.text)
    }
}

extension AccessQuestion {
    /// All of it as bytes that are alike when the questions are.
    fileprivate var canonical: [UInt8] {
        var writer = JSONWriter()
        writer.array { writer in
            for text in [subjectType, subject, action, resourceType, resource] { writer.string(text) }
            for part in [claims.subject, claims.action, claims.resource, claims.context] {
                writer.object { writer in
                    for name in part.keys.map(OrderedText.init).sorted() {
                        writer.name(name.text)
                        if let value = part[name.text] { writer.value(value.json) } else { writer.null() }
                    }
                }
            }
        }
        return writer.bytes
    }
}

extension AttributeValue {
    fileprivate var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .integer(let integer): .integer(integer)
        case .number(let number): .number(number)
        case .bool(let flag): .bool(flag)
        case .list(let elements): .array(elements.map(\.json))
        }
    }
}

/// A text in the order of its bytes, which is that of both databases.
private struct OrderedText: Hashable, Comparable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static func == (left: OrderedText, right: OrderedText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
    static func < (left: OrderedText, right: OrderedText) -> Bool { left.text.isBefore(right.text) }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

extension String {
    /// By bytes.
    fileprivate func isBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
