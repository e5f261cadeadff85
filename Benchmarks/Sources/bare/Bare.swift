import Hummingbird
import Logging

/// A Hummingbird program that answers a constant of the size of a user, with the limits the server sets its connections:
/// what any server on Hummingbird could reach at best.
@main
struct Bare {
    static func main() async throws {
        let port = CommandLine.arguments.dropFirst().first.flatMap(Int.init) ?? 8090
        let answer = """
            {"id":"01a1fcf4-e22c-7f76-b2c6-333f2e6334e4","username":"user77.moreau","name":"Hana Moreau",\
            "email":"hana.moreau77@acme77.example","emailVerified":false,"status":"active","store":"builtin","attributes":{},\
            "createdAt":"2026-11-21T07:14:29.548Z","updatedAt":"2026-11-21T07:14:29.548Z",\
            "lastSignInAt":"2026-11-21T07:14:29.548Z"}
            """
        let router = Router()
        router.get("/api/v1/users/{id}") { _, context in
            // Asked for, so that the parameter is cut out of the path as in the real thing.
            guard context.parameters.get("id") != nil else { throw HTTPError(.notFound) }
            return Response(
                status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: answer)))
        }
        let decision = #"{"decision":true,"context":{"revision":"1.1042"}}"#
        router.post("/access/v1/evaluation") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: decision)))
        }
        var logger = Logger(label: "bare")
        logger.logLevel = .warning
        let application = Application(
            router: router,
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(60),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100))),
            configuration: .init(address: .hostname("127.0.0.1", port: port), backlog: 1024), logger: logger)
        try await application.runService()
    }
}
