@testable import API
import Authentication
import HTTPTypes
import Hummingbird
import Model
import Testing

@Suite struct SessionListTests {
    let sessions: [Session] = (1...7).map { number in
        let time = Timestamp(milliseconds: 1_760_000_000_000 + Int64(number) * 1000)
        return Session(
            id: .make(at: time), principal: .user(.make(at: time)), createdAt: time, lastSeenAt: time, expiresAt: time,
            address: "192.0.2.1", agent: "", assurance: Assurance(methods: ["pwd"], authenticatedAt: time))
    }

    var newestFirst: [EntityID] { sessions.map(\.id).reversed() }

    @Test(arguments: [1, 2, 3, 7, 8])
    func `pages lead from the newest to the oldest and back`(limit: Int) throws {
        var query = SessionList.Query(limit: limit, start: .first)
        var forward: [[EntityID]] = []
        var page = SessionList.page(sessions, query)
        while true {
            #expect(page.position == forward.joined().count)
            #expect(page.total == 7)
            forward.append(page.items.map(\.id))
            guard let next = page.nextCursor, forward.count <= sessions.count else { break }
            query = SessionList.Query(limit: limit, start: try .init(cursor: next))
            page = SessionList.page(sessions, query)
        }
        #expect(Array(forward.joined()) == newestFirst)

        var backward = [page.items.map(\.id)]
        while let previous = page.previousCursor, backward.count <= sessions.count {
            page = SessionList.page(sessions, SessionList.Query(limit: limit, start: try .init(cursor: previous)))
            backward.insert(page.items.map(\.id), at: 0)
        }
        #expect(backward == forward)
    }

    @Test func `a cursor stays right when the session it names has ended`() throws {
        let first = SessionList.page(sessions, .init(limit: 3, start: .first))
        let ended = try #require(first.items.last)
        let cursor = try SessionList.Start(cursor: try #require(first.nextCursor))
        let second = SessionList.page(sessions.filter { $0.id != ended.id }, .init(limit: 3, start: cursor))
        #expect(second.items.map(\.id) == Array(newestFirst[3..<6]))
        #expect(second.position == 2)
    }

    @Test func `nobody's sessions are one empty page`() {
        let page = SessionList.page([], .init(limit: 50, start: .first))
        #expect(page.items.isEmpty && page.total == 0 && page.nextCursor == nil && page.previousCursor == nil)
    }

    @Test(arguments: ["", "x", "////", "Zmlyc3Q=", Base64URL.encode("first ".utf8), Base64URL.encode([0xFF, 0xFE])])
    func `a cursor of another make is refused`(cursor: String) {
        #expect(throws: ServiceError.self) { try SessionList.Start(cursor: cursor) }
    }
}

@Suite struct ContentTagTests {
    static func request(_ method: HTTPRequest.Method, _ name: HTTPField.Name, _ value: String) -> Request {
        Request(
            head: HTTPRequest(method: method, scheme: "http", authority: "localhost", path: "/", headerFields: [name: value]),
            body: RequestBody(buffer: .init()))
    }

    @Test(arguments: [
        (#""7""#, true), (#"W/"7""#, true), ("*", true), (#""6", "7""#, true), (#""6" ,W/"7" "#, true),
        (#""8""#, false), ("7", false), (#"w/"7""#, false), ("", false), (#""7"#, false),
    ])
    func `If-None-Match turns a current answer into 304 without a body`(sent: String, isCurrent: Bool) {
        let response = Response(
            status: .ok, headers: [.eTag: #""7""#, .contentType: "application/json"], body: .init(byteBuffer: .init(string: "{}"))
        )
        let answer = ContentTag.applyIfNoneMatch(of: Self.request(.get, .ifNoneMatch, sent), to: response)
        #expect(answer.status == (isCurrent ? .notModified : .ok))
        #expect(answer.headers[.eTag] == #""7""#)
        #expect(answer.body.contentLength == (isCurrent ? 0 : 2))
    }

    @Test(arguments: [
        (#""7""#, true), ("*", true), (#""6", "7""#, true),
        (#"W/"7""#, false), (#""8""#, false), ("7", false), (#""7"#, false),
    ])
    func `If-Match compares strongly`(sent: String, passes: Bool) {
        let request = Self.request(.delete, .ifMatch, sent)
        if passes {
            #expect(throws: Never.self) { try ContentTag.checkIfMatch(of: request, #""7""#) }
        } else {
            #expect(throws: ServiceError.preconditionFailed) { try ContentTag.checkIfMatch(of: request, #""7""#) }
        }
    }

    @Test func `a content's tag changes with the content`() {
        #expect(ContentTag.of("a".utf8) == ContentTag.of("a".utf8))
        #expect(ContentTag.of("a".utf8) != ContentTag.of("b".utf8))
        #expect(ContentTag.of("".utf8) == #""cbf29ce484222325""#)
    }
}
