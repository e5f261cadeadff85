internal import Directory
internal import Hummingbird
internal import Model
internal import Web

/// `/setup`: the first administrator, made once.
enum SetupEndpoints {
    static let all = [
        Endpoint(.get, "/setup", access: .everybody, handler: get),
        Endpoint(.post, "/setup", access: .everybody, handler: complete),
    ]

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        let required = try await services.setup.required(realm: call.realm)
        return .json { $0.object { $0.member("required", required) } }
    }

    @Sendable private static func complete(_ services: APIServices, _ call: Call) async throws -> Response {
        var fields = try await call.json()
        // Absent members are the service's to refuse: a wrong token (403) comes before a missing name (422).
        let token = fields.optionalString("setupToken") ?? ""
        let owner = NewUser(
            username: fields.optionalString("username") ?? "", name: fields.optionalString("name"),
            email: fields.optionalString("email"), password: fields.optionalString("password"))
        try fields.finish()
        let created = try await services.setup.complete(token: token, owner, caller: call.anonymousCaller)
        return .user(.created, created, location: call.location(of: created.value))
    }
}
