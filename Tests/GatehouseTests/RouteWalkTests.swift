import Audit
import Directory
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Model
import NIOCore
import Server
import Testing
import Web

/// Calls every route of the live table as nobody, as somebody without power and as the owner, on things that exist, so that
/// a route which forgets to ask shows at once. A route that is not in the table below fails the test.
@Suite struct RouteWalkTests {
    enum Rule {
        /// Answers without a session.
        case open
        /// Whoever is signed in may do it to what is his own.
        case own
        /// Only with a grant: others get 403 or 404.
        case granted
        /// Others get an answer in which nobody else appears.
        case filtered
    }

    struct Expectation {
        let rule: Rule
        var body: String?
        /// What the owner is answered when it is no success (the last owner cannot do this to himself, say).
        var ownerStatus: Int?

        init(_ rule: Rule, _ body: String? = nil, ownerStatus: Int? = nil) {
            self.rule = rule
            self.body = body
            self.ownerStatus = ownerStatus
        }
    }

    static let question =
        #"{"subject":{"type":"user","id":"TARGET"},"action":{"name":"read"},"resource":{"type":"user","id":"TARGET"}}"#
    static let newPassword = "nine slow otters in rain"

    static let expectations: [String: Expectation] = [
        "GET /api/v1/openapi.yaml": .init(.open),
        "GET /api/v1/setup": .init(.open),
        "POST /api/v1/setup": .init(.open, #"{"setupToken":"x","username":"x"}"#),
        "POST /api/v1/sessions": .init(.open, #"{"username":"x","password":"x"}"#),
        "POST /api/v1/sessions/challenge": .init(.open, #"{"challenge":"x","newPassword":"x"}"#),
        "GET /api/v1/sessions/current": .init(.own),
        "DELETE /api/v1/sessions/current": .init(.own),
        "GET /api/v1/me": .init(.own),
        "PATCH /api/v1/me": .init(.own, #"{"name":"Another"}"#),
        "POST /api/v1/me/password": .init(
            .own, #"{"currentPassword":"\#(World.password)","newPassword":"\#(newPassword)"}"#),
        "GET /api/v1/me/sessions": .init(.own),
        "DELETE /api/v1/me/sessions": .init(.own),
        // Somebody else's session is no session of mine, whoever I am.
        "DELETE /api/v1/me/sessions/{sessionId}": .init(.granted, ownerStatus: 404),
        "GET /api/v1/users": .init(.filtered),
        "POST /api/v1/users": .init(.granted, #"{"username":"NEW"}"#),
        "GET /api/v1/users/{id}": .init(.granted),
        "PATCH /api/v1/users/{id}": .init(.granted, #"{"name":"Changed"}"#),
        "DELETE /api/v1/users/{id}": .init(.granted),
        "POST /api/v1/users/{id}/password": .init(.granted, #"{"password":"\#(newPassword)"}"#),
        "POST /api/v1/users/{id}/disable": .init(.granted),
        "POST /api/v1/users/{id}/enable": .init(.granted),
        "POST /api/v1/users/{id}/unlock": .init(.granted),
        "GET /api/v1/users/{id}/sessions": .init(.granted),
        "DELETE /api/v1/users/{id}/sessions": .init(.granted),
        "DELETE /api/v1/users/{id}/sessions/{sessionId}": .init(.granted),
        "GET /api/v1/groups": .init(.filtered),
        "POST /api/v1/groups": .init(.granted, #"{"name":"NEW"}"#),
        "GET /api/v1/groups/{id}": .init(.granted),
        "PATCH /api/v1/groups/{id}": .init(.granted, #"{"name":"NEW"}"#),
        "DELETE /api/v1/groups/{id}": .init(.granted),
        "GET /api/v1/groups/{id}/members": .init(.granted),
        "PUT /api/v1/groups/{id}/members/{kind}/{memberId}": .init(.granted),
        "DELETE /api/v1/groups/{id}/members/{kind}/{memberId}": .init(.granted),
        "GET /api/v1/services": .init(.filtered),
        "POST /api/v1/services": .init(.granted, #"{"name":"NEW"}"#),
        "GET /api/v1/services/{id}": .init(.granted),
        "PATCH /api/v1/services/{id}": .init(.granted, #"{"name":"NEW","status":"disabled"}"#),
        "DELETE /api/v1/services/{id}": .init(.granted),
        "GET /api/v1/services/{id}/tokens": .init(.granted),
        "POST /api/v1/services/{id}/tokens": .init(.granted, #"{"name":"NEW"}"#),
        "DELETE /api/v1/services/{id}/tokens/{tokenId}": .init(.granted),
        "POST /api/v1/user-imports": .init(.granted, "username\nNEW\n"),
        "GET /api/v1/user-exports": .init(.filtered),
        "POST /api/v1/access/explain": .init(
            .granted,
            #"{"subject":{"type":"user","id":"TARGET"},"action":{"name":"read"},"resource":{"type":"user","id":"TARGET"}}"#),
        "POST /api/v1/access/simulate": .init(.granted, #"{"changes":[{"op":"delete","path":"/users/TARGET"}]}"#),
        "GET /api/v1/permissions": .init(.filtered),
        "GET /api/v1/users/{id}/access": .init(.granted),
        "GET /api/v1/groups/{id}/access": .init(.granted),
        "GET /api/v1/services/{id}/access": .init(.granted, ownerStatus: 404),
        "GET /api/v1/audit-events": .init(.filtered),
        "GET /api/v1/audit-events/{id}": .init(.granted),
        "GET /api/v1/audit-events/verify": .init(.granted),

        "GET /api/v1/catalogs": .init(.filtered),
        "POST /api/v1/catalogs": .init(.granted, #"{"catalog":"walk"}"#),

        "POST /access/v1/evaluation": .init(.granted, Self.question),
        "POST /access/v1/evaluations": .init(.granted, Self.question),
        "POST /access/v1/search/subject": .init(.granted, Self.question),
        "POST /access/v1/search/resource": .init(.granted, Self.question),
        "POST /access/v1/search/action": .init(.granted, Self.question),
        "GET /.well-known/authzen-configuration": .init(.open),
        "GET /.well-known/authzen-configuration/realms/{name}": .init(.open),

        "GET /assets/{name}": .init(.open),
        "GET /sign-in": .init(.open),
        "POST /sign-in": .init(.open, "username=x&password=x"),
        "POST /sign-in/new-password": .init(.open, "challenge=x"),
        "POST /sign-out": .init(.open, ""),
        "GET /setup": .init(.open),
        "POST /setup": .init(.open, "token=x"),
        "POST /password-advice": .init(.open, "password=x"),
        "POST /theme": .init(.open, "theme=dark&back=/"),
        "GET /": .init(.filtered),
        "GET /help": .init(.own),
        "GET /help/api": .init(.own),
        "GET /help/parts": .init(.own),
        "POST /help/parts": .init(.own, ""),
        "GET /search": .init(.filtered),
        "GET /account": .init(.own),
        "POST /account": .init(.own, "name=Another&email="),
        "POST /account/password": .init(
            .own, "currentPassword=\(form(World.password))&newPassword=\(form(newPassword))&confirmPassword=\(form(newPassword))"),
        "POST /account/sessions/end-others": .init(.own, ""),
        "POST /account/sessions/{id}/end": .init(.granted, "", ownerStatus: 404),
        "GET /user-exports": .init(.granted),
        "POST /user-exports": .init(.granted, "format=csv"),
        "GET /user-imports": .init(.granted),
        "POST /user-imports": .init(.granted, "text=username"),
        "GET /user-imports/{id}": .init(.granted, ownerStatus: 404),
        "POST /user-imports/{id}": .init(.granted, "", ownerStatus: 404),
        "GET /user-imports/{id}/report": .init(.granted, ownerStatus: 404),
        "GET /users": .init(.filtered),
        "POST /users": .init(.granted, "username=NEW&name=&email=&password=&confirmPassword="),
        "GET /users/new": .init(.granted),
        "GET /users/bulk": .init(.granted),
        "POST /users/bulk": .init(.granted, "do=disable&ids[]=TARGET"),
        "GET /users/{id}": .init(.granted),
        "GET /users/{id}/edit": .init(.granted),
        "POST /users/{id}/edit": .init(.granted, "username=TARGETNAME&name=Changed&email=&password=&confirmPassword=&version=1"),
        "GET /users/{id}/password": .init(.granted),
        "POST /users/{id}/password": .init(
            .granted, "password=\(form(newPassword))&confirmPassword=\(form(newPassword))"),
        "GET /users/{id}/delete": .init(.granted),
        "POST /users/{id}/delete": .init(.granted, ""),
        "GET /users/{id}/disable": .init(.granted),
        "POST /users/{id}/disable": .init(.granted, ""),
        "POST /users/{id}/enable": .init(.granted, ""),
        "POST /users/{id}/unlock": .init(.granted, ""),
        "GET /users/{id}/sessions/end": .init(.granted),
        "POST /users/{id}/sessions/end": .init(.granted, ""),
        "POST /users/{id}/sessions/{session}/end": .init(.granted, ""),
        "GET /audit": .init(.granted),
        "GET /audit/{id}": .init(.granted),
        "GET /audit/verify": .init(.granted),
    ].merging(accessPages) { own, _ in own }

    @Test func `the live route table and the expectations name the same routes`() async throws {
        let world = try await World()
        let live = try Set(RouteTable(world.composition.surfaces).entries.map { "\($0.route.method) \($0.route.path)" })
        let expected = Set(Self.expectations.keys)
        #expect(live.subtracting(expected).sorted() == [], "a new route needs an expectation here")
        #expect(expected.subtracting(live).sorted() == [])
    }

    @Test func `nobody, somebody without power and the owner get what each route says`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let application = try GatehouseServer.application(
            for: world.composition, configuration: Configuration(flags: [:], environment: [:]),
            logger: Logger(label: "walk") { _ in SwiftLogNoOpLogHandler() })
        let entries = try RouteTable(world.composition.surfaces).entries
        try await application.test(.router) { client in
            for (number, entry) in entries.enumerated() {
                let name = "\(entry.route.method) \(entry.route.path)"
                guard let expectation = Self.expectations[name] else { continue }
                // Things of their own for each route, since many routes change them.
                let target = try await world.makePerson("target\(number)", by: owner)
                let powerless = try await world.makePerson("powerless\(number)", by: owner)
                let group = try await world.makeGroup("group of target\(number)", of: [.user(target.id)])
                let grants = try await world.makeGrants(for: .user(target.id))
                let service = try await world.makeService("service of target\(number)", by: owner)
                let event = try await world.events().last { $0.target?.id == target.id.text }
                let walk = Walk(
                    world: world, client: client, entry: entry, number: number, target: target, group: group,
                    grants: grants, service: service, event: try #require(event).id, body: expectation.body)
                try await walk.checkNobody(expectation.rule, name)
                guard expectation.rule != .open else { continue }
                try await walk.check(powerless, isOwner: false, expectation, name)
                let ownerNow: Person
                if expectation.rule == .own {
                    // What an owner does to himself is done by one of many.
                    ownerNow = try await world.makePerson("owner\(number)", by: owner)
                    try await world.makeOwner(of: ownerNow.id)
                } else {
                    ownerNow = owner
                }
                try await walk.check(ownerNow, isOwner: true, expectation, name)
            }
        }
    }

    @Test func `another realm has none of these things`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let application = try GatehouseServer.application(
            for: world.composition, configuration: Configuration(flags: [:], environment: [:]),
            logger: Logger(label: "walk") { _ in SwiftLogNoOpLogHandler() })
        try await application.test(.router) { client in
            for path in ["/api/v1/users/\(owner.id)", "/api/v1/me", "/api/v1/users", "/users", "/"] {
                let headers: HTTPFields = [
                    .authorization: "Bearer \(owner.token)", .cookie: "gatehouse-main-plain=\(owner.token)",
                ]
                try await client.execute(uri: "/realms/other\(path)", method: .get, headers: headers) { response in
                    #expect(response.status == .notFound, "\(path)")
                    #expect(!String(buffer: response.body).contains(owner.id.text))
                }
                let same = path == "/" ? "/realms/main" : "/realms/main\(path)"
                try await client.execute(uri: same, method: .get, headers: headers) { response in
                    #expect(response.status == .ok, "\(path)")
                }
            }
        }
    }

    static func form(_ text: String) -> String {
        text.split(separator: " ").joined(separator: "+")
    }
}

/// One route with the things it is called on.
private struct Walk: Sendable {
    let world: World
    let client: any TestClientProtocol
    let entry: RouteTable.Entry
    let number: Int
    let target: Person
    /// One with the target in it.
    let group: EntityID
    /// Of the target.
    let grants: (assignment: EntityID, authorization: EntityID)
    let service: Machine
    let event: EntityID
    let body: String?

    private var isPage: Bool { entry.surface.name == "console" }

    private var uri: String {
        let session = target.caller.session?.text ?? ""
        let isAudit = entry.route.path.contains("/audit")
        let isOwnSession = entry.route.path.hasPrefix("/account")
        let isService = entry.route.path.contains("/services/")
        let isGroup = entry.route.path.contains("/groups/")
        let isAssignment = entry.route.path.contains("/role-assignments/")
        let isAuthorization = entry.route.path.contains("/authorizations/")
        var path = entry.route.path
        for (name, value) in [
            ("{sessionId}", session), ("{session}", session), ("{name}", "nothing.css"),
            ("{kind}", "users"), ("{memberId}", target.id.text),
            ("{tokenId}", service.tokenID.text),
            (
                "{id}",
                isGroup
                    ? group.text
                    : isService
                        ? service.id.text
                        : isAssignment
                            ? grants.assignment.text
                            : isAuthorization
                                ? grants.authorization.text : isAudit ? event.text : isOwnSession ? session : target.id.text
            ),
        ] { path = path.split(separator: name, omittingEmptySubsequences: false).joined(separator: value) }
        if path == "/search" { path += "?q=target" }
        if path == "/find" { path += "?kind=user&q=target" }
        if path == "/groups/join" { path += "?principal=user:\(target.id)" }
        if path == "/groups/bulk", entry.route.method == .get { path += "?ids%5B%5D=\(group)" }
        if path == "/api/v1/permissions" { path += "?principal=user:\(target.id)" }
        if path == "/users/bulk", entry.route.method == .get { path += "?do=disable&ids%5B%5D=\(target.id)" }
        return path
    }

    func checkNobody(_ rule: RouteWalkTests.Rule, _ name: String) async throws {
        let response = try await call(nil)
        if rule == .open {
            #expect(response.status != .internalServerError, "\(name)")
            if isPage { #expect(response.status.code != 303 || response.headers[.location] != "/sign-in?next=%2F", "\(name)") }
            return
        }
        if isPage {
            #expect(response.status == .seeOther, "\(name) answers nobody with \(response.status)")
            #expect(response.headers[.location]?.hasPrefix("/sign-in") == true, "\(name)")
        } else {
            #expect(response.status == .unauthorized, "\(name) answers nobody with \(response.status)")
            #expect(response.headers[.wwwAuthenticate] != nil, "\(name)")
        }
        #expect(!String(buffer: response.body).contains(target.username), "\(name)")
    }

    func check(_ person: Person, isOwner: Bool, _ expectation: RouteWalkTests.Expectation, _ name: String) async throws {
        let response = try await call(person)
        let text = String(buffer: response.body)
        let who = isOwner ? "the owner" : "somebody without power"
        if let status = expectation.ownerStatus, isOwner || expectation.rule == .own {
            #expect(Int(response.status.code) == status, "\(name) answers \(who) with \(response.status)")
            return
        }
        switch (expectation.rule, isOwner) {
        case (.granted, false):
            #expect([403, 404].contains(Int(response.status.code)), "\(name) answers \(who) with \(response.status)")
            #expect(!text.contains(target.username), "\(name) tells \(who) of \(target.username)")
        case (.filtered, false):
            #expect(response.status == .ok, "\(name) answers \(who) with \(response.status)")
            #expect(!text.contains(target.username), "\(name) tells \(who) of \(target.username)")
        default:
            #expect(
                (200..<400).contains(Int(response.status.code)),
                "\(name) answers \(who) with \(response.status): \(text.prefix(300))")
            #expect(response.headers[.location]?.hasPrefix("/sign-in") != true, "\(name) sends \(who) to the sign-in page")
        }
    }

    private func call(_ person: Person?) async throws -> TestResponse {
        var headers = HTTPFields()
        var text = body.map { body in
            body.split(separator: "NEW", omittingEmptySubsequences: false).joined(separator: "new\(number)")
                .split(separator: "GROUP", omittingEmptySubsequences: false).joined(separator: group.text)
                .split(separator: "TARGETNAME", omittingEmptySubsequences: false).joined(separator: target.username)
                .split(separator: "TARGET", omittingEmptySubsequences: false).joined(separator: target.id.text)
        }
        if isPage {
            if let person { headers[.cookie] = "gatehouse-main-plain=\(person.token)" }
            if let fields = text {
                headers[.contentType] = "application/x-www-form-urlencoded"
                let token = try await formToken(person)
                if entry.route.path == "/user-imports" {
                    // The one form that sends a file.
                    headers[.contentType] = "multipart/form-data; boundary=part"
                    let parts = [("csrf", token), ("text", "username\r\n")].map { name, value in
                        "--part\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
                    }
                    return try await client.execute(
                        uri: uri, method: entry.route.method, headers: headers,
                        body: ByteBuffer(string: parts.joined() + "--part--\r\n"))
                }
                text = fields.isEmpty ? "csrf=\(token)" : "\(fields)&csrf=\(token)"
            }
        } else {
            if let person { headers[.authorization] = "Bearer \(person.token)" }
            if text != nil { headers[.contentType] = entry.route.path.hasSuffix("-imports") ? "text/csv" : "application/json" }
        }
        return try await client.execute(
            uri: uri, method: entry.route.method, headers: headers, body: text.map { ByteBuffer(string: $0) })
    }

    /// The token that forms of this person carry: a powerless one must fail for lack of power, not of a token.
    private func formToken(_ person: Person?) async throws -> String {
        guard let person else { return "none" }
        let page = try await client.execute(
            uri: "/account", method: .get, headers: [.cookie: "gatehouse-main-plain=\(person.token)"])
        let text = String(buffer: page.body)
        guard let start = text.firstRange(of: "name=\"csrf\" value=\""),
            let end = text[start.upperBound...].firstIndex(of: "\"")
        else { throw TestFailure("the account page has no form token") }
        return String(text[start.upperBound..<end])
    }
}
