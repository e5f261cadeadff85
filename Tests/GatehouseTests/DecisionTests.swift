import Decisions
import Directory
import Grants
import HTTPTypes
import HummingbirdTesting
import Model
import NIOCore
import Storage
import Testing
import Web

/// Decisions over AuthZEN, where the scenarios do not reach: how bodies are read, pages that go on, limits, who a token belongs to.
@Suite struct DecisionTests {
    /// A world with type `folder`, three registered folders and `ann`, who may read red ones and three by name.
    static func test(_ body: @escaping @Sendable (DecisionClient) async throws -> Void) async throws {
        try await PipelineTests.test { world, client in
            let owner = try await world.makeOwner()
            let ann = try await world.makeUser("ann", by: owner)
            let asker = DecisionClient(world: world, client: client, owner: owner)
            try await asker.make(
                "/resource-types",
                #"{"id":"folder","name":"Folder","actions":[{"id":"read"},{"id":"edit","includes":["read"]},{"id":"delete"}]}"#)
            for (id, colour) in [("a-red", "red"), ("b-blue", "blue"), ("c-red", "red")] {
                try await asker.make("/resources/folder/\(id)", #"{"properties":{"colour":"\#(colour)"}}"#, method: .put)
            }
            try await asker.make(
                "/roles",
                #"""
                {"id":"reader","permissions":[
                    {"resourceType":"folder","match":"any","actions":["read"],"condition":"resource.colour eq \"red\""},
                    {"resourceType":"folder","match":"id","resource":"bb","actions":["edit"]},
                    {"effect":"deny","resourceType":"folder","match":"any","actions":["read"],"condition":"context.late pr and context.late eq true"}]}
                """#)
            try await asker.make("/roles", #"{"id":"cleaner","permissions":[{"resourceType":"folder","actions":["delete"]}]}"#)
            try await asker.make(
                "/role-assignments", #"{"principal":{"kind":"user","id":"\#(ann.id)"},"role":"reader"}"#)
            try await asker.make(
                "/role-assignments",
                #"""
                {"principal":{"kind":"user","id":"\#(ann.id)"},"role":"cleaner",
                 "scope":{"kind":"resources","type":"folder","ids":["a-red","zz"]}}
                """#)
            try await body(asker)
        }
    }

    static let ann = #""subject":{"type":"user","id":"ann"}"#
    static let read = #""action":{"name":"read"}"#
    static func folder(_ id: String) -> String { #""resource":{"type":"folder","id":"\#(id)"}"# }

    // MARK: Reading bodies

    @Test func `members may come in any order, spelled in any way and beside anything unknown`() async throws {
        try await Self.test { (asker) async throws in
            for body in [
                "{\(Self.ann),\(Self.read),\(Self.folder("a-red"))}",
                #"{"resource":{"id":"a-red","type":"folder"},"action":{"name":"read"},"subject":{"id":"ann","type":"user"}}"#,
                "\t{ \(Self.folder("a-red")) ,\n\(Self.read) , \"x\" : [ { } , 1.5e3 , null ] , \(Self.ann) }\r\n",
                #"{"\u0073ubject":{"\u0074ype":"user","id":"\u0061nn","properties":null},\#(Self.read),\#(Self.folder("a-red"))}"#,
                #"{\#(Self.ann),"action":{"name":"read","type":7,"id":[]},\#(Self.folder("a-red")),"context":null,"evaluations":5}"#,
            ] {
                #expect(try await asker.decision("evaluation", body) == true, "\(body)")
            }
        }
    }

    @Test(arguments: [
        "{\(DecisionTests.ann),\(DecisionTests.ann),\(DecisionTests.read),\(DecisionTests.folder("a-red"))}",
        #"{"subject":{"type":"user","type":"user","id":"ann"}}"#, #"{"subject":{"id":"ann","x":1,"x":2}}"#,
        #"{"x":1,"x":2,\#(DecisionTests.ann),\#(DecisionTests.read),\#(DecisionTests.folder("a-red"))}"#,
        #"{"context":{"a":1,"a":1}}"#, #"{"subject":{"type":"user","id":"\ud800"}}"#,
        #"{"subject":{"type":"user","id":""},\#(DecisionTests.read),\#(DecisionTests.folder("a-red"))}"#,
        #"{\#(DecisionTests.ann),\#(DecisionTests.read),\#(DecisionTests.folder("a-red"))} {}"#,
        #"{\#(DecisionTests.ann),\#(DecisionTests.read),\#(DecisionTests.folder("a-red")),}"#,
        #"{\#(DecisionTests.ann),\#(DecisionTests.read),\#(DecisionTests.folder("a-red")),"evaluations":[{},]}"#,
        #"{\#(DecisionTests.ann),\#(DecisionTests.read),\#(DecisionTests.folder("a-red")),"evaluations":[{}"#,
    ])
    func `what is ambiguous or broken is refused`(body: String) async throws {
        try await Self.test { (asker) async throws in
            for path in ["evaluation", "evaluations"] where path == "evaluations" || !body.contains("evaluations\":[{}") {
                let response = try await asker.post(path, body)
                #expect(response.status == .badRequest, "\(path) \(body)")
            }
        }
    }

    @Test func `defaults hold for questions that come before them, and a part of its own replaces one whole`() async throws {
        try await Self.test { (asker) async throws in
            let body = #"""
                {"evaluations":[{},{"resource":{"id":"b-blue"}},{"resource":{"id":"unknown","properties":{"colour":"red"}}},
                    {"resource":{"id":"unknown"}},{"context":{}},{"action":{"name":"launch"}}],
                 "options":{"evaluations_semantic":null,"more":1},
                 "context":{"late":false},
                 "resource":{"type":"folder","id":"a-red","properties":{"colour":"red"}},\#(Self.read),\#(Self.ann)}
                """#
            #expect(try await asker.decisions(body) == [true, false, true, false, true, false])
            let late = #"{"evaluations":[{},{"context":{"late":false}}],"context":{"late":true},\#(Self.read),"#
            #expect(try await asker.decisions(late + "\(Self.ann),\(Self.folder("a-red"))}") == [false, true])
        }
    }

    @Test func `a denied answer says why in a sentence`() async throws {
        try await Self.test { (asker) async throws in
            func reason(_ body: String) async throws -> String? {
                try await asker.answer("evaluation", body)["context"]?.object?["reason"]?.string
            }
            let late = #","context":{"late":true}"#
            #expect(try await reason("{\(Self.ann),\(Self.read),\(Self.folder("a-red"))}") == nil)
            var seen = Set<String>()
            for body in [
                "{\(Self.ann),\(Self.read),\(Self.folder("b-blue")),\"context\":{\"late\":false}}",
                "{\(Self.ann),\(Self.read),\(Self.folder("a-red"))\(late)}",
                #"{"subject":{"type":"user","id":"nobody"},\#(Self.read),\#(Self.folder("a-red"))}"#,
                #"{\#(Self.ann),\#(Self.read),"resource":{"type":"rocket","id":"a"}}"#,
                #"{\#(Self.ann),"action":{"name":"launch"},\#(Self.folder("a-red"))}"#,
                #"{\#(Self.ann),"action":{"name":"GET"},"resource":{"type":"http-endpoint","id":"no/path"}}"#,
            ] {
                let text = try #require(try await reason(body), "\(body)")
                #expect(seen.insert(text).inserted, "\(body): \(text)")
            }
        }
    }

    @Test func `a deny whose condition cannot be known denies`() async throws {
        try await Self.test { (asker) async throws in
            for (late, expected) in [("false", true), ("true", false), ("\"perhaps\"", false)] {
                let body = "{\(Self.ann),\(Self.read),\(Self.folder("a-red")),\"context\":{\"late\":\(late)}}"
                #expect(try await asker.decision("evaluation", body) == expected, "\(late)")
            }
        }
    }

    // MARK: Limits

    @Test func `too many questions and too long bodies are refused, and as many as may be are answered`() async throws {
        try await Self.test { (asker) async throws in
            func batch(_ count: Int) -> String {
                #"{\#(Self.ann),\#(Self.read),"evaluations":[\#(Array(repeating: "{}", count: count).joined(separator: ","))]}"#
            }
            #expect(try await asker.decisions(batch(5000)).count == 5000)
            #expect(try await asker.post("evaluations", batch(5001)).status == .badRequest)
            let long = #"{"x":"\#(String(repeating: "x", count: 1 << 20))"}"#
            #expect(try await asker.post("evaluations", long).status == .contentTooLarge)
        }
    }

    @Test func `any request id comes back as it was sent`() async throws {
        try await Self.test { (asker) async throws in
            for id in ["0190-aa", "with spaces; and = (signs)", String(repeating: "x", count: 300)] {
                let name = try #require(HTTPField.Name("X-Request-ID"))
                for body in ["{}", "{\(Self.ann),\(Self.read),\(Self.folder("a-red"))}"] {
                    let response = try await asker.post("evaluation", body, headers: [name: id])
                    #expect(response.headers[name] == id)
                }
            }
        }
    }

    // MARK: Searches

    @Test func `resources are found by registration, by exact id and by the scope of an assignment`() async throws {
        try await Self.test { (asker) async throws in
            func found(_ action: String) async throws -> [String] {
                try await asker.search(
                    "resource",
                    #"{\#(Self.ann),"action":{"name":"\#(action)"},"resource":{"type":"folder"},"context":{"late":false}}"#
                ).found
            }
            #expect(try await found("read") == ["a-red", "bb", "c-red"])
            #expect(try await found("edit") == ["bb"])
            #expect(try await found("delete") == ["a-red", "zz"])
            #expect(try await found("launch") == [])
        }
    }

    @Test func `each page goes on where the one before ended, whatever the size`() async throws {
        try await Self.test { (asker) async throws in
            let body = #"\#(Self.ann),\#(Self.read),"resource":{"type":"folder"},"context":{"late":false}"#
            for limit in 1...4 {
                var found: [String] = []
                var token = ""
                repeat {
                    let page = token.isEmpty ? #""limit":\#(limit)"# : #""token":"\#(token)""#
                    let answer = try await asker.search("resource", #"{\#(body),"page":{\#(page)}}"#)
                    #expect(answer.found.count <= limit)
                    found += answer.found
                    token = answer.token
                } while !token.isEmpty && found.count < 10
                #expect(found == ["a-red", "bb", "c-red"], "limit \(limit)")
            }
        }
    }

    @Test func `a page ends after so many candidates, though few of them fit, and the next goes on`() async throws {
        try await Self.test { (asker) async throws in
            // Where only the table has them, everything about them is denied.
            try await asker.world.run(
                Statement(
                    """
                    INSERT INTO resource (realm_id, type_id, id, name, name_key, organization, properties, version,
                        created_at, updated_at)
                    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 25000)
                    SELECT 'main', 'folder', 'm-' || n, '', '', '', '{}', 1, 0, 0 FROM numbers
                    """))
            let body = #"\#(Self.ann),"action":{"name":"delete"},"resource":{"type":"folder"}"#
            let first = try await asker.search("resource", "{\(body)}")
            #expect(first.found == ["a-red"] && !first.token.isEmpty)
            let second = try await asker.search("resource", #"{\#(body),"page":{"token":"\#(first.token)"}}"#)
            #expect(second.found == ["zz"] && second.token.isEmpty)
        }
    }

    @Test func `a page token is its caller's`() async throws {
        try await Self.test { (asker) async throws in
            let body = #"\#(Self.ann),\#(Self.read),"resource":{"type":"folder"},"context":{"late":false}"#
            let token = try await asker.search("resource", #"{\#(body),"page":{"limit":1}}"#).token
            let next = #"{\#(body),"page":{"token":"\#(token)"}}"#
            #expect(try await asker.search("resource", next).found == ["bb"])
            let other = try await asker.world.makePerson("otto", by: asker.owner)
            try await asker.world.makeOwner(of: other.id)
            let asOther = DecisionClient(world: asker.world, client: asker.client, owner: other)
            #expect(try await asOther.post("search/resource", next).status == .badRequest)
        }
    }

    @Test func `actions are found with those they include`() async throws {
        try await Self.test { (asker) async throws in
            func found(_ id: String) async throws -> [String] {
                try await asker.search("action", #"{\#(Self.ann),\#(Self.folder(id)),"context":{"late":false},"action":7}"#).found
            }
            #expect(try await found("a-red") == ["delete", "read"])
            #expect(try await found("bb") == ["edit", "read"])
            #expect(try await found("b-blue") == [])
        }
    }

    @Test func `what Gatehouse itself protects is searched too`() async throws {
        try await Self.test { (asker) async throws in
            let ann = try await asker.world.texts(Statement("SELECT id FROM principal WHERE name = 'ann'"))
            let body = #"{\#(Self.ann),\#(Self.read),"resource":{"type":"user"}}"#
            #expect(try await asker.search("resource", body).found == ann)
            let all = #"{"subject":{"type":"user","id":"olga"},\#(Self.read),"resource":{"type":"user"}}"#
            #expect(try await asker.search("resource", all).found.count == 2)
            let who = #"{"subject":{"type":"user"},\#(Self.read),"resource":{"type":"user","id":"\#(ann.first ?? "")"}}"#
            #expect(try await asker.search("subject", who).found == ["ann", "olga"])
        }
    }

    @Test func `groups are no subjects`() async throws {
        try await Self.test { (asker) async throws in
            let body = #"{"subject":{"type":"group"},\#(Self.read),\#(Self.folder("a-red"))}"#
            #expect(try await asker.search("subject", body).found == [])
        }
    }
}

/// Somebody who asks for decisions, and may make what they are about.
struct DecisionClient: Sendable {
    let world: World
    let client: any TestClientProtocol
    let owner: Person

    func make(_ path: String, _ body: String, method: HTTPRequest.Method = .post) async throws {
        let headers = PipelineTests.bearer(owner, [.contentType: "application/json"])
        let response = try await client.execute(
            uri: "/api/v1" + path, method: method, headers: headers, body: ByteBuffer(string: body))
        try #require(response.status == .created, "\(path): \(String(buffer: response.body))")
    }

    func post(_ path: String, _ body: String, headers more: HTTPFields = [:]) async throws -> TestResponse {
        var headers = PipelineTests.bearer(owner, more)
        headers[.contentType] = "application/json"
        return try await client.execute(
            uri: "/access/v1/" + path, method: .post, headers: headers, body: ByteBuffer(string: body))
    }

    func answer(_ path: String, _ body: String) async throws -> JSONObject {
        let response = try await post(path, body)
        try #require(response.status == .ok, "\(path) \(body.prefix(500)): \(String(buffer: response.body))")
        return try #require(try JSONValue(parsing: response.body.readableBytesView).object)
    }

    func decision(_ path: String, _ body: String) async throws -> Bool? {
        try await answer(path, body)["decision"]?.bool
    }

    func decisions(_ body: String) async throws -> [Bool?] {
        try #require(try await answer("evaluations", body)["evaluations"]?.array).map { $0.object?["decision"]?.bool }
    }

    func search(_ kind: String, _ body: String) async throws -> (found: [String], token: String) {
        let answer = try await answer("search/" + kind, body)
        let results = try #require(answer["results"]?.array)
        return (
            try results.map { try #require($0.object?[kind == "action" ? "name" : "id"]?.string) },
            try #require(answer["page"]?.object?["next_token"]?.string)
        )
    }
}
