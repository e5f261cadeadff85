import AsyncHTTPClient
import Model
import NIOCore
import NIOHTTP1
import NIOSSL

/// What the server answered to a request that succeeded.
struct Answer: Sendable {
    let status: Int
    /// Absent for 204.
    let body: JSONValue?
    let requestID: String?
    /// The version of the object, for a change that must not overwrite somebody else's.
    var entityTag: String?

    /// The body, which must be one object.
    func object() throws -> JSONObject {
        guard let object = body?.object else { throw CommandFailure.notUnderstood("an object is missing", requestID: requestID) }
        return object
    }
}

/// What a request carries besides its path.
struct Content: Sendable {
    let type: String
    let bytes: [UInt8]

    init(type: String, bytes: [UInt8]) {
        self.type = type
        self.bytes = bytes
    }

    /// The object, as the type that says what is done with it.
    init(_ object: JSONObject, type: String = "application/json") {
        self.init(type: type, bytes: Array(JSONValue.object(object).text.utf8))
    }
}

/// Talks to one server. Every answer that is not the expected success becomes a `CommandFailure`.
struct Client: Sendable {
    /// More than a thousand users with everything that fits in them; an answer beyond it is not one of ours.
    private static let largestAnswer = 64 << 20

    /// What commands ask for; they need not know the library's names.
    enum Method: Sendable {
        case get, post, put, patch, delete

        fileprivate var http: HTTPMethod {
            switch self {
            case .get: .GET
            case .post: .POST
            case .put: .PUT
            case .patch: .PATCH
            case .delete: .DELETE
            }
        }
    }

    /// Where a path begins.
    enum Surface: String, Sendable {
        case api = "/api/v1/"
        /// AuthZEN, the standard's own paths and forms.
        case decisions = "/access/v1/"
    }

    let connection: Connection
    private let http: HTTPClient

    /// Runs `work` with a client and closes its connections afterwards, whatever came of it.
    static func using<Result>(_ connection: Connection, _ work: (Client) async throws -> Result) async throws -> Result {
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try configuration(for: connection))
        do {
            let result = try await work(Client(connection: connection, http: http))
            try? await http.shutdown()
            return result
        } catch {
            try? await http.shutdown()
            throw error
        }
    }

    /// `path` holds unencoded segments below `/api/v1`. A success with a status not in `expecting` is a failure too.
    func send(
        _ method: Method, _ path: [String], query: [(name: String, value: String)] = [], body: JSONObject? = nil,
        ifMatch entityTag: String? = nil, expecting: Set<Int>
    ) async throws -> Answer {
        let type = method == .patch ? "application/merge-patch+json" : "application/json"
        return try await send(
            method, path, query: query, content: body.map { Content($0, type: type) }, ifMatch: entityTag, expecting: expecting)
    }

    /// The same with a body of any type, and on any surface.
    func send(
        _ method: Method, on surface: Surface = .api, _ path: [String], query: [(name: String, value: String)] = [],
        content: Content?, ifMatch entityTag: String? = nil, expecting: Set<Int>
    ) async throws -> Answer {
        var request = request(method, on: surface, path, query, accept: "application/json")
        if let content {
            request.headers.add(name: "content-type", value: content.type)
            request.body = .bytes(ByteBuffer(bytes: content.bytes))
        }
        if let entityTag { request.headers.add(name: "if-match", value: entityTag) }
        let answer = try await withDeadline { [request] in try await receive(request) }
        guard expecting.contains(answer.status) else {
            throw CommandFailure.notUnderstood("status \(answer.status) was not expected", requestID: answer.requestID)
        }
        return answer
    }

    func request(
        _ method: Method, on surface: Surface = .api, _ path: [String], _ query: [(name: String, value: String)],
        accept: String
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url(surface, path, query))
        request.method = method.http
        request.headers.add(name: "accept", value: accept + ", application/problem+json")
        request.headers.add(name: "user-agent", value: "gatehouse-command-line")
        if let token = connection.token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        return request
    }

    func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        try await http.execute(request, timeout: .seconds(Int64(connection.seconds)))
    }

    /// What a person is told of an answer that is no success.
    func failure(_ response: HTTPClientResponse) async throws -> CommandFailure {
        let buffer = try await response.body.collect(upTo: Self.largestAnswer)
        let type = response.headers.first(name: "content-type").map(Self.mediaType)
        let problem = type == "application/problem+json" ? try? JSONValue(parsing: buffer.readableBytesView).object : nil
        return Problem(
            status: Int(response.status.code), object: problem, requestID: response.headers.first(name: "x-request-id"),
            retryAfter: response.headers.first(name: "retry-after")
        ).failure(server: connection.server)
    }

    private func receive(_ request: HTTPClientRequest) async throws -> Answer {
        let response = try await execute(request)
        guard (200...299).contains(Int(response.status.code)) else { throw try await failure(response) }
        let buffer = try await response.body.collect(upTo: Self.largestAnswer)
        let status = Int(response.status.code)
        let requestID = response.headers.first(name: "x-request-id")
        let type = response.headers.first(name: "content-type").map(Self.mediaType)
        guard status != 204 else { return Answer(status: status, body: nil, requestID: requestID) }
        guard type == "application/json" else {
            throw CommandFailure.notUnderstood("it is \(type ?? "of no type"), not JSON", requestID: requestID)
        }
        do {
            return Answer(
                status: status, body: try JSONValue(parsing: buffer.readableBytesView), requestID: requestID,
                entityTag: response.headers.first(name: "etag"))
        } catch {
            throw CommandFailure.notUnderstood("\(error.reason), at byte \(error.offset)", requestID: requestID)
        }
    }

    /// The library's own deadline ends with the head of the answer; a body that drips must not hold us either.
    private func withDeadline(_ work: @escaping @Sendable () async throws -> Answer) async throws -> Answer {
        do {
            return try await withThrowingTaskGroup(of: Answer?.self) { group in
                group.addTask { try await work() }
                group.addTask {
                    try await Task.sleep(for: .seconds(connection.seconds))
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let answer = first else { throw HTTPClientError.deadlineExceeded }
                return answer
            }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw TransportProblem(error: error, connection: connection).failure
        }
    }

    private func url(_ surface: Surface, _ path: [String], _ query: [(name: String, value: String)]) -> String {
        var text = connection.server.text + surface.rawValue + path.map(Self.encoded).joined(separator: "/")
        if !query.isEmpty {
            text += "?" + query.map { Self.encoded($0.name) + "=" + Self.encoded($0.value) }.joined(separator: "&")
        }
        return text
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986 section 2.3.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%" + hexadecimal([byte]).uppercased()
            }
        }
        return result
    }

    static func mediaType(_ header: String) -> String {
        let type = header.prefix { $0 != ";" }
        return type.lowercased().split(separator: " ").joined()
    }

    private static func configuration(for connection: Connection) throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if connection.server.isSecure, let file = connection.certificateAuthority {
            do {
                let authorities = try NIOSSLCertificate.fromPEMFile(file)
                guard !authorities.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
                tls.trustRoots = .certificates(authorities)
            } catch {
                throw CommandFailure(.inputOutput, "\(file) cannot be read as certificates in PEM form.")
            }
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        // A redirect would carry the token to whom it names.
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(Int64(connection.seconds)))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.decompression = .disabled
        return configuration
    }
}
