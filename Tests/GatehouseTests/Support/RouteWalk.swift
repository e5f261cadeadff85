import Access
import Audit
import Directory
import Grants
import HTTPTypes
import HummingbirdTesting
import Model
import NIOCore
import Storage
import Synchronization
import Testing
import Web

/// One route with the things it is called on.
struct RouteWalk: Sendable {
    /// What exists for the route: somebody else, and an object of the kind its path speaks of.
    struct Things: Sendable {
        let target: Person
        /// What `{id}` stands for.
        let id: String
        /// What `{type}` stands for.
        let type: String
        /// What `{tokenId}` stands for.
        let token: String
    }

    /// Things that were made for an earlier route of the same kind: where nothing happens to them, they do for all.
    final class Shelf: Sendable {
        private let things = Mutex<[String: Things]>([:])

        subscript(noun: String) -> Things? {
            get { things.withLock { $0[noun] } }
            set { things.withLock { $0[noun] = newValue } }
        }
    }

    let world: World
    let client: any TestClientProtocol
    let entry: RouteTable.Entry
    let number: Int
    let things: Things
    let body: String?

    var isPage: Bool { entry.surface.name == "console" }

    /// - Parameter shelf: `nil` makes things of the route's own.
    init(
        _ world: World, _ client: any TestClientProtocol, _ entry: RouteTable.Entry, _ number: Int, by owner: Person,
        body: String?, shelf: Shelf? = nil
    ) async throws {
        self.world = world
        self.client = client
        self.entry = entry
        self.number = number
        self.body = body
        let noun = Self.noun(of: entry)
        if let known = shelf?[noun] {
            things = known
        } else {
            things = try await Self.make(noun, number, world, by: owner)
            shelf?[noun] = things
        }
    }

    /// The kind of object a path speaks of: `roles` of `/api/v1/roles/{id}` and of `/roles/{id}`.
    static func noun(of entry: RouteTable.Entry) -> String {
        let segments = entry.route.path.split(separator: "/")
        let isVersioned = segments.count > 2 && segments[1] == "v1"
        return segments.dropFirst(isVersioned ? 2 : 0).first.map(String.init) ?? ""
    }

    private static func make(_ noun: String, _ number: Int, _ world: World, by owner: Person) async throws -> Things {
        let target = try await world.makePerson("target\(number)", by: owner)
        let services = AccessServices(world.access)
        let caller = owner.caller
        let name = "walk-\(number)"
        let permissions = try JSONValue(parsing: "[\(RouteWalkTests.onTopics)]".utf8)
        var id = target.id.text
        var type = "none"
        var token = target.id.text
        switch noun {
        case "audit", "audit-events":
            let event = try await world.events().last { $0.target?.id == target.id.text }
            id = try #require(event).id.text
        case "account":
            id = target.caller.session?.text ?? ""
        case "roles":
            _ = try await services.roles.create(
                NewRole(id: name, name: nil, description: nil, permissions: permissions), idempotency: nil, caller: caller)
            id = name
        case "resource-types":
            _ = try await services.resourceTypes.create(
                NewResourceType(id: name, actions: .array([.string("view")])), idempotency: nil, caller: caller)
            id = name
        case "resources":
            _ = try await services.resources.put(
                type: "mqtt-topic", id: name, NewResource(name: name), ifMatch: nil, caller: caller)
            id = name
            type = "mqtt-topic"
        case "role-assignments":
            id = try await services.roleAssignments.create(
                role: "minimum-access", GrantTerms(principal: .user(target.id)), idempotency: nil, caller: caller
            ).value.id.text
        case "authorizations":
            id = try await services.authorizations.create(
                permissions: permissions, GrantTerms(principal: .user(target.id)), idempotency: nil, caller: caller
            ).value.id.text
        case "groups":
            let group = try await world.makeGroup(name)
            try await world.add(.user(target.id), to: group)
            id = group.text
        case "services":
            let service = try await world.makeService(name, by: owner)
            id = service.id.text
            token = service.tokenID.text
        default: break
        }
        return Things(target: target, id: id, type: type, token: token)
    }

    private var target: Person { things.target }

    private var uri: String {
        let session = target.caller.session?.text ?? ""
        var path = entry.route.path
        for (name, value) in [
            ("{sessionId}", session), ("{session}", session), ("{name}", "nothing.css"), ("{id}", things.id),
            ("{type}", things.type), ("{kind}", "users"), ("{memberId}", target.id.text), ("{member}", target.id.text),
            ("{tokenId}", things.token),
        ] { path = path.split(separator: name, omittingEmptySubsequences: false).joined(separator: value) }
        if path == "/search" { path += "?q=target" }
        if path == "/find" { path += "?kind=user&q=target" }
        if path == "/groups/join" { path += "?principal=user:\(target.id)" }
        if path == "/groups/bulk", entry.route.method == .get { path += "?ids%5B%5D=\(things.id)" }
        if path == "/api/v1/permissions" { path += "?principal=user:\(target.id)" }
        if path == "/users/bulk", entry.route.method == .get { path += "?do=disable&ids%5B%5D=\(target.id)" }
        return path
    }

    func checkNobody(_ rule: RouteWalkTests.Rule) async throws {
        let name = entry.name
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

    /// - Parameter mayDoIt: whether the person has the power; without, there must be neither success nor a word of the target.
    func check(
        _ person: Person, _ who: String, mayDoIt: Bool, _ expectation: RouteWalkTests.Expectation
    ) async throws {
        let name = entry.name
        let response = try await call(person)
        let text = String(buffer: response.body)
        if let status = expectation.ownerStatus, mayDoIt || expectation.rule == .own {
            #expect(Int(response.status.code) == status, "\(name) answers \(who) with \(response.status)")
            return
        }
        switch (expectation.rule, mayDoIt) {
        case (.granted, false):
            #expect([403, 404].contains(Int(response.status.code)), "\(name) answers \(who) with \(response.status)")
            #expect(!text.contains(target.username), "\(name) tells \(who) of \(target.username)")
        case (.filtered, false):
            #expect(response.status == .ok, "\(name) answers \(who) with \(response.status)")
            for secret in [target.username, target.id.text, things.id] {
                #expect(!text.contains(secret), "\(name) tells \(who) of \(secret)")
            }
        default:
            #expect(
                (200..<400).contains(Int(response.status.code)),
                "\(name) answers \(who) with \(response.status): \(text.prefix(300))")
            #expect(response.headers[.location]?.hasPrefix("/sign-in") != true, "\(name) sends \(who) to the sign-in page")
        }
    }

    func call(_ person: Person?) async throws -> TestResponse {
        var headers = HTTPFields()
        var text = body.map { body in
            body.split(separator: "NEW", omittingEmptySubsequences: false).joined(separator: "new\(number)")
                .split(separator: "GROUP", omittingEmptySubsequences: false).joined(separator: things.id)
                .split(separator: "THING", omittingEmptySubsequences: false).joined(separator: things.id)
                .split(separator: "TARGETNAME", omittingEmptySubsequences: false).joined(separator: target.username)
                .split(separator: "TARGET", omittingEmptySubsequences: false).joined(separator: target.id.text)
        }
        if isPage {
            if let person { headers[.cookie] = "gatehouse-main-plain=\(person.token)" }
            if let fields = text {
                headers[.contentType] = "application/x-www-form-urlencoded"
                let token = try await formToken(person)
                if ["/user-imports", "/catalogs"].contains(entry.route.path) {
                    // The forms that send a file.
                    headers[.contentType] = "multipart/form-data; boundary=part"
                    let content = entry.route.path == "/catalogs" ? "catalog: walk" : "username"
                    let parts = [("csrf", token), ("text", "\(content)\r\n")].map { name, value in
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

extension RouteTable.Entry {
    /// As in the table of expectations: `GET /users/{id}`.
    var name: String { "\(route.method) \(route.path)" }
}
