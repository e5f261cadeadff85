internal import Directory
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// `/me`: what everybody may do with their own account.
enum MeEndpoints {
    static let all = [
        Endpoint(.get, "/me", handler: get),
        Endpoint(.patch, "/me", handler: update),
        Endpoint(.post, "/me/password", handler: changePassword),
        Endpoint(.get, "/me/sessions", handler: sessions),
        Endpoint(.delete, "/me/sessions", handler: endOtherSessions),
        Endpoint(.delete, "/me/sessions/{sessionId}", handler: endSession),
    ]

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        response(try await services.account.profile(caller: call.caller), revision: nil)
    }

    @Sendable private static func update(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        var patch = UserPatch()
        patch.name = fields.patchString("name")
        patch.email = fields.patchString("email")
        try fields.finish()
        var version: Int64?
        if call.request.headers[.ifMatch] != nil {
            let seen = try await services.account.profile(caller: call.caller)
            try ContentTag.checkIfMatch(of: call.request, seen.entityTag)
            // From here on the service holds the version against the one in its transaction.
            version = seen.user.version
        }
        let written = try await services.account.update(patch, ifMatch: version, caller: call.caller)
        return response(written.value, revision: written.revision)
    }

    @Sendable private static func changePassword(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        let current = fields.requiredString("currentPassword")
        let new = fields.requiredString("newPassword")
        try fields.finish()
        let written = try await services.account.changePassword(current: current, new: new, caller: call.caller)
        return .noContent(revision: written.revision)
    }

    @Sendable private static func sessions(_ services: APIServices, _ call: Call) async throws -> Response {
        let query = try SessionList.Query(call)
        return SessionList.response(try await services.account.sessions(caller: call.caller), query, caller: call.caller)
    }

    @Sendable private static func endOtherSessions(_ services: APIServices, _ call: Call) async throws -> Response {
        .noContent(revision: try await services.account.endOtherSessions(caller: call.caller).revision)
    }

    @Sendable private static func endSession(_ services: APIServices, _ call: Call) async throws -> Response {
        let written = try await services.account.endSession(try call.id("sessionId"), caller: call.caller)
        return .noContent(revision: written.revision)
    }

    private static func response(_ profile: Profile, revision: Revision?) -> Response {
        var response = Response.json(revision: revision) { profile.write(to: &$0) }
        response.headers[.eTag] = profile.entityTag
        return response
    }
}

extension Profile {
    /// The user's version alone would not show a role given or taken away.
    var entityTag: String {
        let belongings = [groups, roles, organizations].map { $0.joined(separator: "\u{0}") }.joined(separator: "\u{1}")
        return "\"\(user.version)-" + ContentTag.of(belongings.utf8).dropFirst()
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            user.writeMembers(to: &writer)
            writer.member("groups", .array(groups.map(JSONValue.string)))
            writer.member("roles", .array(roles.map(JSONValue.string)))
            writer.member("organizations", .array(organizations.map(JSONValue.string)))
        }
    }
}
