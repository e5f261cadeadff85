internal import Directory
internal import Grants
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/users`: people, as administrators see them.
enum UserEndpoints {
    static let all = [
        Endpoint(.get, "/users", handler: list),
        Endpoint(.post, "/users", handler: create),
        Endpoint(.get, "/users/{id}", handler: get),
        Endpoint(.patch, "/users/{id}", handler: update),
        Endpoint(.delete, "/users/{id}", handler: delete),
        Endpoint(.post, "/users/{id}/password", handler: setPassword),
        Endpoint(.post, "/users/{id}/disable", handler: disable),
        Endpoint(.post, "/users/{id}/enable", handler: enable),
        Endpoint(.post, "/users/{id}/unlock", handler: unlock),
        Endpoint(.get, "/users/{id}/sessions", handler: sessions),
        Endpoint(.delete, "/users/{id}/sessions", handler: endSessions),
        Endpoint(.delete, "/users/{id}/sessions/{sessionId}", handler: endSession),
    ]

    @Sendable private static func list(_ services: APIServices, _ call: Call) async throws -> Response {
        .page(try await services.users.list(try call.listQuery(), caller: call.caller)) { writer, user in
            user.write(to: &writer)
        }
    }

    @Sendable private static func create(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let new = NewUser(reading: &fields)
        try fields.finish()
        let key = try call.idempotencyKey(body: fields.bytes).map { IdempotencyKey(key: $0.key, requestHash: $0.requestHash) }
        let created = try await services.users.create(new, idempotency: key, caller: call.caller)
        return .user(.created, created, location: call.location(of: created.value))
    }

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let user = try await services.users.get(try call.id(), caller: call.caller)
        return .json(etag: user.version) { user.write(to: &$0) }
    }

    @Sendable private static func update(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        var patch = UserPatch()
        patch.username = fields.patchString("username")
        patch.name = fields.patchString("name")
        patch.email = fields.patchString("email")
        patch.emailVerified = try fields.patchBool("emailVerified")
        patch.attributes = fields.patchObject("attributes")
        try fields.finish()
        return .user(
            .ok,
            try await services.users.update(
                try call.id(), patch, ifMatch: try call.ifMatch(), caller: call.caller))
    }

    @Sendable private static func delete(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.users.delete(
            try call.id(), ifMatch: try call.ifMatch(), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    @Sendable private static func setPassword(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        // An absent password is left to the service, which looks for the user first: 404 and 403 come before 422.
        let password = fields.optionalString("password") ?? ""
        let mustChange = fields.optionalBool("mustChange") ?? false
        try fields.finish()
        let written = try await services.users.setPassword(
            try call.id(), password: password, mustChange: mustChange, caller: call.caller)
        return .noContent(revision: written.revision)
    }

    @Sendable private static func disable(_ services: APIServices, _ call: Call) async throws -> Response {
        try await call.requireNoFields()
        return .user(
            .ok,
            try await services.users.disable(try call.id(), ifMatch: try call.ifMatch(), caller: call.caller))
    }

    @Sendable private static func enable(_ services: APIServices, _ call: Call) async throws -> Response {
        try await call.requireNoFields()
        return .user(
            .ok,
            try await services.users.enable(try call.id(), ifMatch: try call.ifMatch(), caller: call.caller))
    }

    @Sendable private static func unlock(_ services: APIServices, _ call: Call) async throws -> Response {
        try await call.requireNoFields()
        return .user(.ok, try await services.users.unlock(try call.id(), caller: call.caller))
    }

    @Sendable private static func sessions(_ services: APIServices, _ call: Call) async throws -> Response {
        let query = try SessionList.Query(call)
        return SessionList.response(
            try await services.users.sessions(of: try call.id(), caller: call.caller), query, caller: call.caller)
    }

    @Sendable private static func endSessions(_ services: APIServices, _ call: Call) async throws -> Response {
        .noContent(revision: try await services.users.endSessions(of: try call.id(), caller: call.caller).revision)
    }

    @Sendable private static func endSession(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.users.endSession(
            try call.id("sessionId"), of: try call.id(), caller: call.caller)
        return .noContent(revision: written.revision)
    }
}

extension NewUser {
    /// Reads the members that a new user takes. What is absent or breaks a rule is the service's to refuse, all at once.
    init(reading fields: inout JSONFields) {
        self.init(
            username: fields.optionalString("username") ?? "", name: fields.optionalString("name"),
            email: fields.optionalString("email"), password: fields.optionalString("password"),
            attributes: fields.optionalObject("attributes") ?? JSONObject())
    }
}

extension User {
    /// The members of a user as the contract has them.
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("id", id.text)
        writer.member("username", username)
        writer.member("name", name)
        writer.member("email", email)
        writer.member("emailVerified", emailVerified)
        writer.member("status", status.rawValue)
        writer.member("store", store)
        writer.member("attributes", .object(attributes))
        writer.member("createdAt", createdAt)
        writer.member("updatedAt", updatedAt)
        writer.member("lastSignInAt", lastSignInAt)
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }
}

extension Call {
    func location(of user: User) -> String {
        path(APISurface.prefix + "/users/" + user.id.text)
    }
}

extension Response {
    /// A user after a write.
    static func user(_ status: HTTPResponse.Status, _ written: Written<User>, location: String? = nil) -> Response {
        .json(status, etag: written.value.version, revision: written.revision, location: location) {
            written.value.write(to: &$0)
        }
    }
}
