import Access
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
    static let onTopics = #"{"resourceType":"mqtt-topic","match":"pattern","resource":"plant/#","actions":["subscribe"]}"#
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
        "GET /api/v1/services/{id}/access": .init(.granted),
        "GET /api/v1/audit-events": .init(.filtered),
        "GET /api/v1/audit-events/{id}": .init(.granted),
        "GET /api/v1/audit-events/verify": .init(.granted),

        "GET /api/v1/roles": .init(.filtered),
        "POST /api/v1/roles": .init(.granted, #"{"id":"NEW"}"#),
        "GET /api/v1/roles/{id}": .init(.granted),
        "PATCH /api/v1/roles/{id}": .init(.granted, #"{"name":"Changed"}"#),
        "DELETE /api/v1/roles/{id}": .init(.granted),
        "GET /api/v1/role-assignments": .init(.filtered),
        "POST /api/v1/role-assignments": .init(.granted, #"{"principal":{"kind":"user","id":"TARGET"},"role":"help-desk"}"#),
        "GET /api/v1/role-assignments/{id}": .init(.granted),
        "PATCH /api/v1/role-assignments/{id}": .init(.granted, #"{"reason":"Changed"}"#),
        "DELETE /api/v1/role-assignments/{id}": .init(.granted),
        "GET /api/v1/authorizations": .init(.filtered),
        "POST /api/v1/authorizations": .init(
            .granted, #"{"principal":{"kind":"user","id":"TARGET"},"permissions":[\#(onTopics)]}"#),
        "GET /api/v1/authorizations/{id}": .init(.granted),
        "PATCH /api/v1/authorizations/{id}": .init(.granted, #"{"reason":"Changed"}"#),
        "DELETE /api/v1/authorizations/{id}": .init(.granted),
        "GET /api/v1/resource-types": .init(.filtered),
        "POST /api/v1/resource-types": .init(.granted, #"{"id":"NEW","actions":["view"]}"#),
        "GET /api/v1/resource-types/{id}": .init(.granted),
        "PUT /api/v1/resource-types/{id}": .init(.granted, #"{"name":"Changed","actions":["view"]}"#),
        "DELETE /api/v1/resource-types/{id}": .init(.granted),
        "GET /api/v1/resources": .init(.filtered),
        "GET /api/v1/resources/{type}/{id}": .init(.granted),
        "PUT /api/v1/resources/{type}/{id}": .init(.granted, #"{"name":"Changed"}"#),
        "DELETE /api/v1/resources/{type}/{id}": .init(.granted),
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
        try await walk(world, owner) { entry, number, client in
            let expectation = try #require(Self.expectations[entry.name])
            // Things of their own for each route, since many routes change them.
            let walk = try await RouteWalk(world, client, entry, number, by: owner, body: expectation.body)
            try await walk.checkNobody(expectation.rule)
            guard expectation.rule != .open else { return }
            let powerless = try await world.makePerson("powerless\(number)", by: owner)
            try await walk.check(powerless, "somebody without power", mayDoIt: false, expectation)
            var ownerNow = owner
            if expectation.rule == .own {
                // What an owner does to himself is done by one of many.
                ownerNow = try await world.makePerson("owner\(number)", by: owner)
                try await world.makeOwner(of: ownerNow.id)
            }
            try await walk.check(ownerNow, "the owner", mayDoIt: true, expectation)
        }
    }

    @Test func `whoever owns another organization owns nothing here`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let other = try await world.makePerson("oscar", by: owner)
        try await world.give("owner", to: .user(other.id), scope: .organization("other"))
        let shelf = RouteWalk.Shelf()
        try await walk(world, owner) { entry, number, client in
            let expectation = try #require(Self.expectations[entry.name])
            guard [.granted, .filtered].contains(expectation.rule) else { return }
            // Nothing of this changes, so what is on the shelf will do for all.
            let known = try await RouteWalk(world, client, entry, number, by: owner, body: expectation.body, shelf: shelf)
            try await known.check(other, "the owner of another organization", mayDoIt: false, expectation)
        }
    }

    /// What the auditor is let do with a method that usually writes: reading in another way.
    static let readingPosts: Set<String> = [
        "POST /user-exports", "POST /api/v1/access/explain", "POST /api/v1/access/simulate",
    ]

    /// Pages that say of each chosen thing why it was not done.
    static let answeringEach: Set<String> = ["POST /users/bulk", "POST /groups/bulk"]

    @Test func `the auditor reads everything and changes nothing`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let auditor = try await world.makePerson("audrey", by: owner)
        try await world.give("auditor", to: .user(auditor.id))
        let names = try Set(RouteTable(world.composition.surfaces).entries.map(\.name))
        let shelf = RouteWalk.Shelf()
        try await walk(world, owner) { entry, number, client in
            let expectation = try #require(Self.expectations[entry.name])
            guard [.granted, .filtered].contains(expectation.rule), expectation.ownerStatus == nil else { return }
            let walk = try await RouteWalk(world, client, entry, number, by: owner, body: expectation.body, shelf: shelf)
            let response = try await walk.call(auditor)
            let status = Int(response.status.code)
            if entry.route.method == .get {
                // A form of the console is part of the change it leads to.
                let isForm = walk.isPage && (names.contains("POST " + entry.route.path) || Self.leadsToChange(entry.route.path))
                let isRead = status == 200
                #expect(isRead || (isForm && status == 403), "\(entry.name) answers the auditor with \(response.status)")
            } else if Self.answeringEach.contains(entry.name) {
                let status = try await world.users.get(walk.things.target.id, caller: owner.caller).status
                #expect(status == .active && response.status != .seeOther, "\(entry.name) lets the auditor change something")
            } else if !Self.readingPosts.contains(entry.name) {
                #expect(status == 403, "\(entry.name) answers the auditor with \(response.status)")
            }
        }
    }

    private static func leadsToChange(_ path: String) -> Bool {
        ["/new", "/end", "/bulk", "/delete"].contains { path.hasSuffix($0) }
    }

    /// What the help desk of a group may do with a member.
    static let ofHelpDesk: Set<String> = [
        "GET /api/v1/users/{id}", "POST /api/v1/users/{id}/password", "POST /api/v1/users/{id}/unlock",
        "GET /api/v1/users/{id}/sessions", "DELETE /api/v1/users/{id}/sessions",
        "DELETE /api/v1/users/{id}/sessions/{sessionId}", "GET /users/{id}", "GET /users/{id}/password",
        "POST /users/{id}/password", "POST /users/{id}/unlock", "GET /users/{id}/sessions/end",
        "POST /users/{id}/sessions/end", "POST /users/{id}/sessions/{session}/end",
    ]

    /// What the help desk of a group is let do whoever is meant; in it are only those whom it may read.
    static let filteredForHelpDesk: Set<String> = ["GET /user-exports", "POST /user-exports"]

    @Test func `the help desk of one group helps its members and nobody else`() async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        let helper = try await world.makePerson("henry", by: owner)
        let group = try await world.makeGroup("harbour")
        let part = try await world.makeGroup("harbour-night")
        try await world.add(PrincipalReference(kind: .group, id: part), to: group)
        try await world.give("help-desk", to: .user(helper.id), scope: .group(group.text))
        let shelf = RouteWalk.Shelf()
        try await walk(world, owner) { entry, number, client in
            let expectation = try #require(Self.expectations[entry.name])
            guard [.granted, .filtered].contains(expectation.rule) else { return }
            let known = try await RouteWalk(
                world, client, entry, number, by: owner, body: expectation.body, shelf: shelf)
            if Self.filteredForHelpDesk.contains(entry.name) {
                let response = try await known.call(helper)
                #expect(response.status == .ok)
                #expect(!String(buffer: response.body).contains(known.things.target.username), "\(entry.name)")
                return
            }
            try await known.check(helper, "the help desk of another group", mayDoIt: false, expectation)
            // Every second member is one through a group in the group.
            let inside = try await RouteWalk(world, client, entry, 1000 + number, by: owner, body: expectation.body)
            try await world.add(.user(inside.things.target.id), to: number % 2 == 0 ? group : part)
            if expectation.rule == .granted {
                let response = try await inside.call(helper)
                if Self.answeringEach.contains(entry.name) {
                    let status = try await world.users.get(inside.things.target.id, caller: owner.caller).status
                    #expect(
                        status == .active && response.status != .seeOther, "\(entry.name) lets the help desk change something")
                    return
                }
                let isLetDo = (200..<400).contains(Int(response.status.code))
                #expect(
                    isLetDo == Self.ofHelpDesk.contains(entry.name),
                    "\(entry.name) answers the help desk of the group with \(response.status)")
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

    /// Calls `body` with each route of the live table that has an expectation.
    private func walk(
        _ world: World, _ owner: Person,
        _ body: @escaping @Sendable (RouteTable.Entry, Int, any TestClientProtocol) async throws -> Void
    ) async throws {
        let application = try GatehouseServer.application(
            for: world.composition, configuration: Configuration(flags: [:], environment: [:]),
            logger: Logger(label: "walk") { _ in SwiftLogNoOpLogHandler() })
        let entries = try RouteTable(world.composition.surfaces).entries
        try await application.test(.router) { client in
            for (number, entry) in entries.enumerated() where Self.expectations[entry.name] != nil {
                try await body(entry, number, client)
            }
        }
    }

    static func form(_ text: String) -> String {
        text.split(separator: " ").joined(separator: "+")
    }
}
