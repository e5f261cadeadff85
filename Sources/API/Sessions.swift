internal import Authentication
internal import Directory
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/sessions`: signing in and out.
enum SessionEndpoints {
    static let all = [
        Endpoint(.post, "/sessions", access: .everybody, handler: create),
        Endpoint(.post, "/sessions/challenge", access: .everybody, handler: answerChallenge),
        Endpoint(.get, "/sessions/current", handler: current),
        Endpoint(.delete, "/sessions/current", handler: endCurrent),
    ]

    @Sendable private static func create(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let username = fields.requiredString("username")
        let password = fields.requiredString("password")
        try fields.finish()
        return try await response(
            to: try await services.signIn.signIn(username: username, password: password, caller: call.anonymousCaller),
            services, call)
    }

    @Sendable private static func answerChallenge(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let challenge = fields.requiredString("challenge")
        let password = fields.requiredString("newPassword")
        try fields.finish()
        return try await response(
            to: try await services.signIn.answer(challenge: challenge, newPassword: password, caller: call.anonymousCaller),
            services, call)
    }

    private static func response(to outcome: SignInOutcome, _ services: APIServices, _ call: Call) async throws -> Response {
        switch outcome {
        case .challenge(let token, let methods):
            return .json(.accepted) {
                $0.object { writer in
                    writer.member("challenge", token)
                    writer.member("methods", .array(methods.map(JSONValue.string)))
                }
            }
        case .session(let issued):
            let profile = try await services.account.profile(caller: call.caller(with: issued.session))
            return .json(.created, location: call.path(APISurface.prefix + "/sessions/current")) {
                $0.object { writer in
                    writer.member("token", issued.token)
                    writer.member("expiresAt", issued.session.expiresAt)
                    writer.name("user")
                    profile.user.write(to: &writer)
                }
            }
        }
    }

    @Sendable private static func current(_ services: APIServices, _ call: Call) async throws -> Response {
        let session = try await services.sessions.current(caller: call.caller)
        var response = Response.json { session.write(to: &$0, caller: call.caller) }
        response.headers[.eTag] = session.entityTag
        return response
    }

    @Sendable private static func endCurrent(_ services: APIServices, _ call: Call) async throws -> Response {
        if call.request.headers[.ifMatch] != nil {
            let session = try await services.sessions.current(caller: call.caller)
            try ContentTag.checkIfMatch(of: call.request, session.entityTag)
        }
        return .noContent(revision: try await services.sessions.endCurrent(caller: call.caller).revision)
    }
}

extension Session {
    /// A session has one version all its life: being used moves its times, as signing in moves a user's, and changes nothing else.
    var entityTag: String { "\"\(id.text)\"" }

    func write(to writer: inout JSONWriter, caller: Caller) {
        writer.object { writer in
            writer.member("id", id.text)
            writer.name("principal")
            writer.object {
                $0.member("kind", principal.kind.rawValue)
                $0.member("id", principal.id.text)
            }
            writer.member("current", id == caller.session)
            writer.member("createdAt", createdAt)
            writer.member("lastSeenAt", lastSeenAt)
            writer.member("expiresAt", expiresAt)
            writer.member("address", address)
            writer.member("agent", agent)
            writer.name("assurance")
            writer.object {
                $0.member("methods", .array(assurance.methods.map(JSONValue.string)))
                $0.member("authenticatedAt", assurance.authenticatedAt)
            }
        }
    }
}

extension Call {
    /// Somebody who signs in is nobody yet, whatever credentials came along.
    var anonymousCaller: Caller {
        Caller(realm: realm, address: address, agent: caller.agent, requestID: requestID)
    }

    func caller(with session: Session) -> Caller {
        Caller(
            realm: realm, principal: session.principal, session: session.id, assurance: session.assurance, address: address,
            agent: caller.agent, requestID: requestID)
    }
}

/// The sessions of one principal, newest first, cut into pages here because the service knows them all anyway.
enum SessionList {
    struct Query {
        let limit: Int
        let start: Start
    }

    /// Where a page begins. A cursor names the session before it: that stays right when sessions end in between, and gives
    /// nobody more than the list itself, so it needs no seal.
    enum Start {
        case first
        case after(EntityID)

        init(cursor: String) throws {
            guard let bytes = Base64URL.decode(cursor), let text = String(validating: bytes, as: UTF8.self) else {
                throw ServiceError.malformed("The cursor in `after` is not one that this list gave out.")
            }
            if text == "first" {
                self = .first
            } else if let id = EntityID(text) {
                self = .after(id)
            } else {
                throw ServiceError.malformed("The cursor in `after` is not one that this list gave out.")
            }
        }

        var cursor: String {
            switch self {
            case .first: Base64URL.encode("first".utf8)
            case .after(let id): Base64URL.encode(id.text.utf8)
            }
        }
    }

    static func page(_ sessions: [Session], _ query: Query) -> Page<Session> {
        // Ids sort by creation time.
        let sorted = sessions.sorted { $0.id > $1.id }
        let position =
            switch query.start {
            case .first: 0
            case .after(let id): sorted.firstIndex { $0.id < id } ?? sorted.count
            }
        let items = Array(sorted[position...].prefix(query.limit))
        let end = position + items.count
        let before = max(0, position - query.limit)
        return Page(
            items: items, limit: query.limit, total: sorted.count, position: position,
            nextCursor: end < sorted.count ? items.last.map { Start.after($0.id).cursor } : nil,
            previousCursor: position == 0 ? nil : (before == 0 ? .first : Start.after(sorted[before - 1].id)).cursor)
    }

    static func response(_ sessions: [Session], _ query: Query, caller: Caller) -> Response {
        .page(page(sessions, query)) { writer, session in session.write(to: &writer, caller: caller) }
    }
}

extension SessionList.Query {
    /// These lists take `limit` and `after` only.
    init(_ call: Call) throws {
        try call.allowQuery(only: ["limit", "after"])
        let query = try call.listQuery()
        self.init(limit: query.limit, start: try query.after.map(SessionList.Start.init(cursor:)) ?? .first)
    }
}
