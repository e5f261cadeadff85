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
@testable import Web

@Suite struct FormFieldsTests {
    static func pairs(_ text: String) throws -> [String] {
        try FormFields(parsing: text.utf8).pairs.map { "\($0.name)=\($0.value)" }
    }

    @Test(arguments: [
        ("", []), ("a=1", ["a=1"]), ("a=1&b=2", ["a=1", "b=2"]), ("a", ["a="]), ("a=", ["a="]), ("=1", ["=1"]),
        ("a=b=c", ["a=b=c"]),
        ("a=1&&b=2&", ["a=1", "b=2"]), ("a+b=c+d", ["a b=c d"]), ("a%20b=%C3%A9%2B%26%3D", ["a b=\u{e9}+&="]),
        ("ids%5B%5D=1&ids[]=2", ["ids[]=1", "ids[]=2"]),
        ("a=%0D%0A", ["a=\r\n"]), ("\u{e9}=\u{1F600}", ["\u{e9}=\u{1F600}"]),
        ("a=e%CC%81&b=%22%CC%81", ["a=e\u{301}", "b=\"\u{301}"]),
        // Two names for a browser, one for Swift's own comparison.
        ("%C3%A9=1&e%CC%81=2", ["\u{e9}=1", "e\u{301}=2"]),
    ])
    func `fields are decoded once and keep their order`(text: String, pairs: [String]) throws {
        let found = try Self.pairs(text)
        #expect(found.map { Array($0.utf8) } == pairs.map { Array($0.utf8) })
    }

    @Test(arguments: [
        "a=%", "a=%4", "a=%zz", "a=%4g", "%=1", "a=%FF", "a=%C3", "a=%ED%A0%80", "a=%C0%AF", "a=%00", "%00=1", "a=1&a=2",
        "a=1&%61=2", "a&a", "a=1&b=2&a=1",
    ])
    func `bad encodings, NUL and fields that occur twice are malformed`(text: String) {
        let error = #expect(throws: ServiceError.self) { try FormFields(parsing: text.utf8) }
        #expect(error?.code == "malformed")
    }

    @Test func `the number of fields is bounded`() throws {
        func many(_ count: Int) -> String { (0..<count).map { "f\($0)=1" }.joined(separator: "&") }
        #expect(try FormFields(parsing: many(256).utf8).pairs.count == 256)
        #expect(throws: ServiceError.self) { try FormFields(parsing: many(257).utf8) }
    }

    @Test func `fields are found by their exact name`() throws {
        let fields = try FormFields(parsing: "a=1&ids[]=x&ids[]=y&%C3%A9=composed".utf8)
        #expect(fields["a"] == "1" && fields["A"] == nil && fields["e\u{301}"] == nil && fields["\u{e9}"] == "composed")
        #expect(fields.all("ids[]") == ["x", "y"] && fields.all("b") == [])
    }
}

@Suite struct JSONFieldsTests {
    static func fields(_ text: String) throws -> JSONFields { try JSONFields(parsing: Array(text.utf8)) }

    /// Reads a made-up body: a name that is needed, and one of each other kind.
    static func read(_ text: String) throws -> [String] {
        var fields = try fields(text)
        let name = fields.requiredString("name")
        let nick = fields.optionalString("nick")
        let flag = fields.optionalBool("flag")
        let object = fields.optionalObject("object")
        try fields.finish()
        return [name, nick ?? "-", flag.map(String.init) ?? "-", object.map { JSONValue.object($0).text } ?? "-"]
    }

    @Test(arguments: [
        (#"{"name":"a"}"#, ["a", "-", "-", "-"]), (#"{"name":"","nick":null,"flag":null,"object":null}"#, ["", "-", "-", "-"]),
        (#"{"object":{"x":1},"flag":false,"nick":"n","name":"a"}"#, ["a", "n", "false", #"{"x":1}"#]),
    ])
    func `members are read by name and type`(text: String, values: [String]) throws {
        #expect(try Self.read(text) == values)
    }

    @Test(arguments: [
        (#"{"name":1}"#, ["name wrong_type"]), (#"{"name":"a","flag":"true"}"#, ["flag wrong_type"]),
        (#"{"name":"a","flag":1}"#, ["flag wrong_type"]),
        (#"{"name":"a","object":[]}"#, ["object wrong_type"]), (#"{"name":"a","nick":{}}"#, ["nick wrong_type"]),
        (#"{"name":"a","extra":1}"#, ["extra unknown"]), (#"{"name":"a","Name":"b"}"#, ["Name unknown"]),
        (#"{"name":"a","na\u0301me":1}"#, ["na\u{301}me unknown"]),
        (#"{"nick":1,"flag":2,"x":3,"y":4}"#, ["nick wrong_type", "flag wrong_type", "x unknown", "y unknown"]),
    ])
    func `wrong types and unknown members are malformed, all at once`(text: String, codes: [String]) async {
        let error = await refusal { try Self.read(text) }
        #expect(error?.code == "malformed")
        #expect(await fieldCodes { try Self.read(text) } == codes)
    }

    @Test(arguments: [#"{}"#, #"{"name":null}"#, #"{"nick":"n"}"#])
    func `what is needed and absent is invalid`(text: String) async {
        #expect(await refusal { try Self.read(text) }?.code == "invalid")
        #expect(await fieldCodes { try Self.read(text) } == ["name required"])
    }

    @Test(arguments: ["", "[]", "1", "\"x\"", "null", "{", #"{"a":1,"a":2}"#, "{\"a\":\"\u{1}\"}", "{}x"])
    func `what is no JSON object is malformed`(text: String) async {
        #expect(await refusal { try Self.fields(text) }?.code == "malformed")
    }

    @Test func `of thousands of unknown members the first few are named`() async {
        let text = "{" + (0..<5000).map { "\"x\($0)\":1" }.joined(separator: ",") + "}"
        #expect(await fieldCodes { try Self.read(text) }.count <= 50)
    }

    @Test func `a merge patch tells absent, null and a value apart`() throws {
        var fields = try Self.fields(#"{"a":null,"b":"x"}"#)
        #expect(
            fields.has("a") && fields.isNull("a") && fields.has("b") && !fields.isNull("b") && !fields.has("c")
                && !fields.isNull("c"))
        try fields.finish()
    }
}

@Suite struct AddressTests {
    @Test(
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("::1", "::1"), ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"), ("0.0.0.0", "0.0.0.0"),
            ("::", "::"), ("", nil), ("192.0.2", nil), ("192.0.2.256", nil), ("192.0.2.01", nil), ("0x7f.0.0.1", nil),
            ("2130706433", nil), ("192.0.2.1:80", nil),
            ("[::1]", nil), ("fe80::1%eth0", nil), ("1::2::3", nil), (" 192.0.2.1", nil), ("192.0.2.1\u{0}", nil),
            ("localhost", nil), ("\u{661}92.0.2.1", nil),
        ] as [(String, String?)])
    func `an address is read in its full form only`(text: String, canonical: String?) {
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.0.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
        ("::2", false), ("0.0.0.0", false),
    ])
    func `loopback is known`(text: String, isLoopback: Bool) {
        #expect(IPAddress(text)?.isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false), ("192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1", "192.0.2.2", false),
        ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false), ("::/0", "2001:db8::1", true),
        ("::/0", "192.0.2.1", false),
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::", false),
        ("2001:db8::/64", "2001:db8:0:0:ffff::", true), ("2001:db8::/65", "2001:db8::8000:0:0:0", false),
        ("2001:db8::1/128", "2001:db8::1", true),
        ("2001:db8::/63", "2001:db8:0:1::1", true), ("128.0.0.0/1", "255.0.0.0", true), ("128.0.0.0/1", "127.0.0.0", false),
    ])
    func `a range holds its addresses and no others`(range: String, address: String, holds: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(try #require(IPAddress(address))) == holds)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.1/8", "2001:db8::1/64", "10.0.0.0/-1", "10.0.0.0/+8",
        "10.0.0.0/8/8", "10.0.0.0/ 8",
        "10.0.0.0/255.0.0.0", "10.0.0.0/0008", "x/8", "10/8",
    ])
    func `what is no range is refused`(text: String) {
        #expect(AddressRange(text) == nil)
    }

    static let proxies = ["10.0.0.0/8", "2001:db8::/32"].compactMap { AddressRange($0) }

    static func client(_ peer: String, _ headers: HTTPFields, proxies: [AddressRange] = proxies, hasTLS: Bool = false) throws
        -> ClientAddress
    {
        ClientAddress(peer: try SocketAddress(ipAddress: peer, port: 1), headers: headers, proxies: proxies, hasTLS: hasTLS)
    }

    @Test(
        arguments: [
            // From anybody but a proxy the headers mean nothing.
            ("192.0.2.1", "203.0.113.9", nil, "192.0.2.1"), ("192.0.2.1", nil, "for=203.0.113.9", "192.0.2.1"),
            ("::ffff:192.0.2.1", "203.0.113.9", nil, "192.0.2.1"),
            ("10.0.0.1", nil, nil, "10.0.0.1"), ("10.0.0.1", "203.0.113.9", nil, "203.0.113.9"),
            ("10.0.0.1", "203.0.113.9:4711", nil, "203.0.113.9"),
            ("10.0.0.1", "[2001:db9::1]:4711", nil, "2001:db9::1"), ("10.0.0.1", "2001:db9::1", nil, "2001:db9::1"),
            // The right-most that is no proxy: what stands left of it, the client may have written itself.
            ("10.0.0.1", "1.2.3.4, 203.0.113.9", nil, "203.0.113.9"),
            ("10.0.0.1", "1.2.3.4,203.0.113.9 , 10.0.0.7", nil, "203.0.113.9"),
            ("10.0.0.1", "10.0.0.9, 10.0.0.8", nil, "10.0.0.9"), ("10.0.0.1", "127.0.0.1, garbage", nil, "10.0.0.1"),
            ("10.0.0.1", "203.0.113.9, ", nil, "10.0.0.1"),
            ("10.0.0.1", "garbage, 10.0.0.8", nil, "10.0.0.8"), ("10.0.0.1", "", nil, "10.0.0.1"),
            ("10.0.0.1", nil, "for=203.0.113.9;proto=https", "203.0.113.9"),
            ("10.0.0.1", nil, "for=1.2.3.4, For=\"203.0.113.9:80\"", "203.0.113.9"),
            ("10.0.0.1", nil, "for=\"[2001:db9::1]:80\";by=x", "2001:db9::1"), ("10.0.0.1", nil, "for=_hidden", "10.0.0.1"),
            ("10.0.0.1", nil, "by=x", "10.0.0.1"),
            // Two headers that disagree prove nothing.
            ("10.0.0.1", "203.0.113.9", "for=203.0.113.9", "203.0.113.9"), ("10.0.0.1", "203.0.113.9", "for=1.2.3.4", "10.0.0.1"),
            ("2001:db8::5", "203.0.113.9", nil, "203.0.113.9"), ("2001:db9::5", "203.0.113.9", nil, "2001:db9::5"),
        ] as [(String, String?, String?, String)])
    func `the client is who a trusted proxy says it is`(peer: String, listed: String?, standard: String?, client: String) throws {
        var headers = HTTPFields()
        if let listed { headers[.xForwardedFor] = listed }
        if let standard { headers[.forwarded] = standard }
        #expect(try Self.client(peer, headers).text == client)
        #expect(
            try Self.client(peer, headers, proxies: []).text == IPAddress(peer)?.description, "without proxies it is the peer")
    }

    @Test(
        arguments: [
            ("10.0.0.1", "https", nil, true), ("10.0.0.1", "HTTPS", nil, true), ("10.0.0.1", "http", nil, false),
            ("10.0.0.1", "http, https", nil, true),
            ("10.0.0.1", "https, http", nil, false), ("10.0.0.1", nil, "proto=https", true),
            ("10.0.0.1", nil, "proto=https, proto=http", false),
            ("10.0.0.1", "http", "proto=https", false), ("192.0.2.1", "https", "proto=https", false),
            ("10.0.0.1", nil, nil, false),
        ] as [(String, String?, String?, Bool)])
    func `only a trusted proxy can say that the client's side is TLS`(
        peer: String, listed: String?, standard: String?, isSecure: Bool
    ) throws {
        var headers = HTTPFields()
        if let listed { headers[.xForwardedProto] = listed }
        if let standard { headers[.forwarded] = standard }
        #expect(try Self.client(peer, headers).isSecure == isSecure)
        #expect(try Self.client(peer, headers, hasTLS: true).isSecure)
    }
}

@Suite struct RequestTests {
    @Test func `request ids are sixteen hexadecimal digits and differ`() {
        let ids = (0..<5000).map { _ in RequestIDs.next() }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.utf8.count == 16 && RequestIDs.isAcceptable($0) })
        #expect(ids.allSatisfy { $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
    }

    @Test(arguments: [
        ("a", true), ("A-b_c.9", true), (String(repeating: "x", count: 128), true), (String(repeating: "x", count: 129), false),
        ("", false), ("a b", false),
        ("a\nb", false), ("a\"b", false), ("\u{e9}", false), ("a/b", false), ("a<b", false), ("a\u{0}", false), ("a,b", false),
    ])
    func `a client's own id is taken when it is harmless`(id: String, isTaken: Bool) {
        #expect(RequestIDs.isAcceptable(id) == isTaken)
    }

    @Test(
        arguments: [
            ("/", true, []), ("/users", true, ["users"]), ("/users/a%20b", true, ["users", "a b"]),
            ("/a/b/c?x=/y", true, ["a", "b", "c"]),
            ("/users/", false, nil), ("//users", false, nil), ("/users//x", false, nil), ("/./users", false, nil),
            ("/users/..", false, nil), ("users", false, nil),
            ("", false, nil), ("/a#b", false, nil), ("/a/%2e%2e/b", true, nil), ("/a%2", true, nil), ("/a%zz", true, nil),
            ("/a%00", true, nil), ("/%FF", true, nil),
            ("/a%2Fb", true, ["a/b"]), ("/...", true, ["..."]), ("/a+b", true, ["a+b"]), ("/%252e", true, ["%2e"]),
            ("/" + Array(repeating: "a", count: 32).joined(separator: "/"), true, Array(repeating: "a", count: 32)),
            ("/" + Array(repeating: "a", count: 33).joined(separator: "/"), false, nil),
        ] as [(String, Bool, [String]?)])
    func `a path has one spelling`(text: String, isCanonical: Bool, segments: [String]?) {
        let target = RequestTarget(text)
        #expect(target.isCanonical == isCanonical)
        guard isCanonical else { return }
        let decoded = target.segments.indices.map { target.decodedSegment($0) }
        #expect(decoded.contains(nil) == (segments == nil))
        if let segments { #expect(decoded.compactMap { $0 } == segments) }
    }

    @Test(
        arguments: [
            (#""7""#, [.version(7, weak: false)]), (#"W/"7""#, [.version(7, weak: true)]), ("*", [.any]),
            (#""6", "7" , *"#, [.version(6, weak: false), .version(7, weak: false), .any]),
            ("", []), ("7", [.foreign]), (#""x""#, [.foreign]), (#""""#, [.foreign]), (#"w/"7""#, [.foreign]),
            (#""-7""#, [.foreign]), (#""+7""#, [.foreign]),
            (#""99999999999999999999""#, [.foreign]), (#"W/7"#, [.foreign]), ("\"\u{661}\"", [.foreign]), (#""7"#, [.foreign]),
            (#"" 7""#, [.foreign]),
        ] as [(String, [EntityTag])])
    func `entity tags are read strictly`(header: String, tags: [EntityTag]) {
        #expect(EntityTag.list(header) == tags)
    }
}

@Suite struct ProblemTests {
    @Test(arguments: [
        (ServiceError.malformed("x"), 400, "malformed"), (.unauthenticated, 401, "unauthenticated"),
        (.invalidCredentials, 401, "invalid_credentials"),
        (.forbidden(permission: "user:create"), 403, "forbidden"), (.refused("x"), 403, "forbidden"),
        (.notFound, 404, "not_found"), (.conflict("x"), 409, "conflict"),
        (.preconditionFailed, 412, "precondition_failed"), (.invalid([]), 422, "invalid"), (.locked("x"), 423, "locked"),
        (.rateLimited(retryAfterSeconds: 30), 429, "rate_limited"), (.overloaded(retryAfterSeconds: 1), 503, "overloaded"),
        (.unavailable(retryAfterSeconds: 5), 503, "unavailable"), (.storageFull, 507, "storage_full"),
    ])
    func `each refusal has its status and code`(error: ServiceError, status: Int, code: String) {
        let problem = Problem(error)
        #expect(Int(problem.status.code) == status && problem.code == code && !problem.title.isEmpty && !problem.detail.isEmpty)
        #expect((problem.headers[.wwwAuthenticate] != nil) == (status == 401))
        #expect((problem.headers[.retryAfter] != nil) == [429, 503].contains(status))
    }

    @Test(arguments: [
        (WebError.methodNotAllowed(allow: ["GET", "HEAD"]), 405, "method_not_allowed"),
        (.unsupportedMediaType("x"), 415, "unsupported_media_type"),
        (.tooLarge(limit: 1), 413, "too_large"), (.forgedForm, 403, "forbidden"), (.bodyTimedOut, 408, "timeout"),
    ])
    func `so has what only HTTP knows`(error: WebError, status: Int, code: String) {
        let problem = Problem(error)
        #expect(Int(problem.status.code) == status && problem.code == code)
        #expect(problem.headers[.allow] == (status == 405 ? "GET, HEAD" : nil))
    }

    struct Secret: Error, CustomStringConvertible {
        let description = "password=hunter2"
    }

    @Test func `an unexpected error shows nothing of itself`() {
        let problem = Problem(Secret())
        #expect(problem.status == .internalServerError && problem.code == "internal_error")
        #expect(!(problem.title + problem.detail).contains("hunter2"))
    }
}

/// The pipeline with the real surfaces, in this process.
@Suite struct PipelineTests {
    static func test(_ body: @escaping @Sendable (World, any TestClientProtocol) async throws -> Void) async throws {
        let world = try await World()
        let application = try GatehouseServer.application(
            for: world.composition, configuration: Configuration(flags: [:], environment: [:]),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        try await application.test(.router) { client in try await body(world, client) }
    }

    static func problem(_ response: TestResponse) throws -> JSONObject {
        try #require(try JSONValue(parsing: response.body.readableBytesView).object)
    }

    static func bearer(_ person: Person, _ more: HTTPFields = [:]) -> HTTPFields {
        var headers = more
        headers[.authorization] = "Bearer " + person.token
        return headers
    }

    /// One call that breaks several rules: the first of the contract's order is what is said.
    @Test(
        arguments: [
            // method, path, signed in, content type, body, status, code
            ("PUT", "/api/v1/users", false, "text/plain", "x", 405, "method_not_allowed"),
            ("POST", "/api/v1/users", false, "text/plain", "x", 401, "unauthenticated"),
            ("POST", "/api/v1/users", true, "text/plain", "x", 415, "unsupported_media_type"),
            ("POST", "/api/v1/users", true, nil, "{}", 415, "unsupported_media_type"),
            ("POST", "/api/v1/users", true, "application/json", "LARGE", 413, "too_large"),
            ("POST", "/api/v1/users", true, "application/json", "{", 400, "malformed"),
            ("POST", "/api/v1/users", true, "application/json; charset=utf-16", "{}", 415, "unsupported_media_type"),
            ("POST", "/api/v1/users", true, "Application/JSON; charset=UTF-8", #"{"username":"x y"}"#, 403, "forbidden"),
            ("PATCH", "/api/v1/users/ABSENT", true, "application/json", #"{"x":1}"#, 400, "malformed"),
            ("PATCH", "/api/v1/users/ABSENT", true, "application/merge-patch+json", #"{"name":"\u0000"}"#, 404, "not_found"),
            ("PATCH", "/api/v1/users/SELF", true, "application/json", #"{"username":"x y"}"#, 403, "forbidden"),
            ("GET", "/api/v1/nothing", false, nil, nil, 404, "not_found"),
            ("GET", "/api/v1/users/no-id", true, nil, nil, 404, "not_found"),
            ("GET", "/api/v1/users?limit=0", true, nil, nil, 400, "malformed"),
            ("GET", "/api/v1/users?limit=0", false, nil, nil, 401, "unauthenticated"),
            ("GET", "/api/v1/users?x=1", true, nil, nil, 400, "malformed"),
            ("GET", "/api/v1/users?q=%FF", true, nil, nil, 400, "malformed"),
            ("GET", "/api/v1/users?q=a&q=b", true, nil, nil, 400, "malformed"),
            ("GET", "/api/v1/users?filter=(", true, nil, nil, 400, "malformed"),
        ] as [(String, String, Bool, String?, String?, Int, String)])
    func `of several mistakes the first of the contract's order is named`(
        method: String, path: String, isSignedIn: Bool, type: String?, body: String?, status: Int, code: String
    ) async throws {
        try await Self.test { world, client in
            let owner = try await world.makeOwner()
            let ann = try await world.makePerson("ann", by: owner)
            var headers: HTTPFields = isSignedIn ? Self.bearer(ann) : [:]
            if let type { headers[.contentType] = type }
            let uri = path.split(separator: "ABSENT", omittingEmptySubsequences: false)
                .joined(separator: EntityID.make(at: world.clock.now()).text)
                .split(separator: "SELF", omittingEmptySubsequences: false).joined(separator: ann.id.text)
            let text = body == "LARGE" ? "{\"a\":\"" + String(repeating: "x", count: 1 << 20) + "\"}" : body
            let response = try await client.execute(
                uri: uri, method: try #require(HTTPRequest.Method(rawValue: method)), headers: headers,
                body: text.map { ByteBuffer(string: $0) })
            #expect(Int(response.status.code) == status)
            let problem = try Self.problem(response)
            #expect(problem["code"]?.string == code && problem["status"] == .integer(Int64(status)))
            #expect(problem.names.prefix(6) == ["type", "title", "status", "detail", "code", "requestId"])
            #expect(problem["requestId"]?.string == response.headers[.requestID])
            #expect(response.headers[.contentType] == "application/problem+json" && response.headers[.cacheControl] == "no-store")
        }
    }

    @Test(
        arguments: [("my-id.1", true), ("not mine", false), (String(repeating: "x", count: 200), false), (nil, false)]
            as [(String?, Bool)])
    func `a request id is echoed or made`(sent: String?, isEchoed: Bool) async throws {
        try await Self.test { _, client in
            var headers = HTTPFields()
            if let sent { headers[.requestID] = sent }
            let response = try await client.execute(uri: "/api/v1/me", method: .get, headers: headers)
            let answered = try #require(response.headers[.requestID])
            #expect((answered == sent) == isEchoed && RequestIDs.isAcceptable(answered))
            #expect(try Self.problem(response)["requestId"]?.string == answered)
        }
    }

    @Test func `If-Match guards a change and If-None-Match saves a body`() async throws {
        try await Self.test { world, client in
            let owner = try await world.makeOwner()
            let ann = try await world.makeUser("ann", by: owner)
            let uri = "/api/v1/users/\(ann.id)"
            func patch(_ tag: String?) async throws -> Int {
                var headers = Self.bearer(owner, [.contentType: "application/json"])
                if let tag { headers[.ifMatch] = tag }
                let body = ByteBuffer(string: "{\"name\":\"Ann \(UInt64.random(in: 0 ... .max))\"}")
                return Int(try await client.execute(uri: uri, method: .patch, headers: headers, body: body).status.code)
            }
            let tag = try await client.execute(uri: uri, method: .get, headers: Self.bearer(owner)).headers[.eTag]
            #expect(tag == "\"1\"")
            for stale in ["\"0\"", "W/\"1\"", "1", "\"x\"", "\"1", "\"2\", \"3\""] {
                #expect(try await patch(stale) == 412, "\(stale)")
            }
            // Of a list the first version of ours counts.
            #expect(try await patch("\"x\", \"1\", \"0\"") == 200)
            #expect(try await patch("\"1\"") == 412)
            #expect(try await patch("*") == 200)
            #expect(try await patch(nil) == 200)
            for (sent, status) in [
                ("\"4\"", 304), ("W/\"4\"", 304), ("*", 304), ("\"1\", \"4\"", 304), ("\"3\"", 200), ("4", 200),
            ] {
                let response = try await client.execute(uri: uri, method: .get, headers: Self.bearer(owner, [.ifNoneMatch: sent]))
                #expect(Int(response.status.code) == status, "\(sent)")
                #expect((response.body.readableBytes == 0) == (status == 304))
                #expect(response.headers[.eTag] == "\"4\"")
            }
        }
    }

    @Test func `a write's revision can be waited for, a future or foreign one cannot`() async throws {
        try await Self.test { world, client in
            let owner = try await world.makeOwner()
            let made = try await client.execute(
                uri: "/api/v1/users", method: .post, headers: Self.bearer(owner, [.contentType: "application/json"]),
                body: ByteBuffer(string: #"{"username":"ann"}"#))
            #expect(made.status == .created && made.headers[.location]?.hasPrefix("/api/v1/users/") == true)
            let revision = try #require(made.headers[.gatehouseRevision].flatMap { Revision(text: $0) })
            for (sent, status) in [
                (revision.text, 200), ("1.0", 200),
                (Revision(epoch: revision.epoch, position: revision.position + 1000).text, 503), ("x", 400),
                (Revision(epoch: revision.epoch + 1, position: 0).text, 503),
            ] {
                let response = try await client.execute(
                    uri: "/api/v1/me", method: .get, headers: Self.bearer(owner, [.gatehouseAtLeast: sent]))
                #expect(Int(response.status.code) == status, "\(sent)")
            }
        }
    }

    @Test(arguments: [
        "", "Bearer", "Bearer ", "Basic dTpw", "Bearer x", "bearer\tTOKEN", "Token TOKEN", "TOKEN", "Bearer TOKEN x",
        "Bearer TOKEN,",
    ])
    func `a credential in another form is none`(header: String) async throws {
        try await Self.test { world, client in
            let owner = try await world.makeOwner()
            let sent = header.split(separator: "TOKEN", omittingEmptySubsequences: false).joined(separator: owner.token)
            let response = try await client.execute(uri: "/api/v1/me", method: .get, headers: [.authorization: sent])
            #expect(response.status == .unauthorized)
            #expect(response.headers[.wwwAuthenticate]?.hasPrefix("Bearer realm=\"main\"") == true)
        }
    }

    @Test func `a credential counts on its own surface only`() async throws {
        try await Self.test { world, client in
            let owner = try await world.makeOwner()
            let cookie: HTTPFields = [.cookie: "gatehouse-main-plain=\(owner.token)"]
            #expect(try await client.execute(uri: "/api/v1/me", method: .get, headers: cookie).status == .unauthorized)
            #expect(try await client.execute(uri: "/users", method: .get, headers: cookie).status == .ok)
            #expect(try await client.execute(uri: "/users", method: .get, headers: Self.bearer(owner)).status == .seeOther)
            #expect(
                try await client.execute(uri: "/api/v1/me", method: .get, headers: [.authorization: "bEARER \(owner.token)"])
                    .status == .ok)
            // Over TLS the cookie has another name, so that neither can stand in for the other.
            let secure: HTTPFields = [.cookie: "__Host-gatehouse-main=\(owner.token)"]
            #expect(try await client.execute(uri: "/users", method: .get, headers: secure).status == .seeOther)
        }
    }

    @Test(arguments: ["/api/v1/openapi.yaml", "/api/v1/me", "/sign-in", "/nothing", "/assets/nothing"])
    func `every answer carries the headers that protect it`(path: String) async throws {
        try await Self.test { world, client in
            _ = try await world.makeOwner()
            let response = try await client.execute(uri: path, method: .get)
            #expect(response.headers[.xContentTypeOptions] == "nosniff")
            #expect(response.headers[.referrerPolicy] == "no-referrer")
            if response.headers[.contentType]?.hasPrefix("text/html") == true {
                let policy = try #require(response.headers[.contentSecurityPolicy])
                for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
                    #expect(policy.contains(part))
                }
                #expect(!policy.contains("unsafe"))
            }
        }
    }

    @Test func `HEAD is answered as GET is, without a body`() async throws {
        try await Self.test { world, client in
            let owner = try await world.makeOwner()
            for (path, status) in [
                ("/api/v1/me", 200), ("/api/v1/users", 200), ("/api/v1/nothing", 404), ("/sign-in", 303), ("/", 303),
            ] {
                let headers =
                    path.hasPrefix("/api")
                    ? Self.bearer(owner) : ["/sign-in": [.cookie: "gatehouse-main-plain=\(owner.token)"]][path] ?? [:]
                let response = try await client.execute(uri: path, method: .head, headers: headers)
                #expect(Int(response.status.code) == status && response.body.readableBytes == 0, "\(path)")
            }
        }
    }

    @Test func `a form is taken from our own page only`() async throws {
        try await Self.test { world, client in
            let owner = try await world.makeOwner()
            let cookie = "gatehouse-main-plain=\(owner.token)"
            let page = try await client.execute(uri: "/account", method: .get, headers: [.cookie: cookie])
            let token = try #require(Self.csrf(in: String(buffer: page.body)))
            func send(_ form: String, _ more: HTTPFields = [:]) async throws -> Int {
                var headers: HTTPFields = [.cookie: cookie, .contentType: "application/x-www-form-urlencoded"]
                for field in more { headers[field.name] = field.value }
                let response = try await client.execute(
                    uri: "/account", method: .post, headers: headers, body: ByteBuffer(string: form))
                return Int(response.status.code)
            }
            #expect(try await send("name=Olga&email=&version=1") == 403, "no token")
            #expect(try await send("csrf=\(token)x&name=Olga&email=&version=1") == 403, "a wrong token")
            #expect(try await send("csrf=&name=Olga&email=&version=1") == 403)
            #expect(try await send("csrf=\(token)&csrf=\(token)&name=Olga") == 400, "twice")
            for (name, value) in [
                (HTTPField.Name.origin, "https://elsewhere.example"), (.secFetchSite, "cross-site"), (.secFetchSite, "same-site"),
                (.origin, "http://localhost.elsewhere.example"), (.origin, "https://localhost"),
            ] { #expect(try await send("csrf=\(token)&name=Olga&email=&version=1", [name: value]) == 403, "\(name): \(value)") }
            let second = try await world.enter("olga")
            let other = try await client.execute(
                uri: "/account", method: .get, headers: [.cookie: "gatehouse-main-plain=\(second.token)"])
            let foreign = try #require(Self.csrf(in: String(buffer: other.body)))
            #expect(foreign != token)
            #expect(try await send("csrf=\(foreign)&name=Olga&email=&version=1") == 403, "another session's token")
            #expect(
                try await send(
                    "csrf=\(token)&name=Olga&email=&version=1", [.origin: "http://localhost", .secFetchSite: "same-origin"])
                    == 303)
        }
    }

    static func csrf(in page: String) -> String? {
        guard let start = page.range(of: "name=\"csrf\" value=\"") else { return nil }
        return String(page[start.upperBound...].prefix { $0 != "\"" })
    }
}

@Suite struct RouteTableTests {
    static func surface(_ paths: [String], prefix: String = "", name: String = "s") -> Surface {
        Surface(
            name: name, prefix: prefix, credentials: .none,
            routes: paths.map { Route(.get, $0, access: .everybody) { _ in Response(status: .ok) } },
            renderError: { error, context in Problem(error).response(requestID: context.requestID) })
    }

    @Test(arguments: [["/a", "/a"], ["/a/{x}", "/a/{y}"], ["/a/"], ["a"], ["/a//b"], ["/a/../b"], ["/a?b"], ["/a b"]])
    func `routes that collide or are not canonical are refused at the start`(paths: [String]) {
        #expect(throws: RouteTableError.self) { try RouteTable([Self.surface(paths)]) }
    }

    @Test func `a route outside its surface's prefix is refused`() {
        #expect(throws: RouteTableError.self) { try RouteTable([Self.surface(["/apix/a"], prefix: "/api")]) }
        #expect(throws: Never.self) { try RouteTable([Self.surface(["/api", "/api/a"], prefix: "/api")]) }
    }

    @Test(arguments: [
        ("/a", "GET", "/a"), ("/a/b", "GET", "/a/b"), ("/a/x", "GET", "/a/{id}"), ("/a/x/c", "GET", "/a/{id}/c"),
        ("/a/b/c", "GET", "/a/{id}/c"),
        ("/a/b", "HEAD", "/a/b"), ("/a", "POST", "405"), ("/a/x/d", "GET", "404"), ("/", "GET", "404"), ("/A", "GET", "404"),
        ("/a/", "GET", "404"),
        ("/%61", "GET", "404"), ("/{id}", "GET", "404"),
    ])
    func `a literal goes before a parameter, and a dead end is backed out of`(path: String, method: String, found: String) throws
    {
        let table = try RouteTable([Self.surface(["/a", "/a/b", "/a/{id}", "/a/{id}/c"])])
        let resolution = table.resolve(RequestTarget(path), from: 0, method: try #require(HTTPRequest.Method(rawValue: method)))
        let answer =
            switch resolution {
            case .endpoint(let endpoint): endpoint.route.path
            case .methodNotAllowed(let allow): allow == ["GET", "HEAD"] ? "405" : "\(allow)"
            case .notFound: "404"
            }
        #expect(answer == found)
    }
}
