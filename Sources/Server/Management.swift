import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Web

/// `/health/live`, `/health/ready` and `/metrics`, for the machines that watch a server.
struct ManagementResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let state: ServerState
    let metrics: Metrics

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let answer: Response
        switch request.uri.path {
        case "/health/live": answer = Self.health(.ok, "live")
        case "/health/ready": answer = state.isReady ? Self.health(.ok, "ready") : Self.health(.serviceUnavailable, "not ready")
        case "/metrics":
            answer = Response(
                status: .ok,
                headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(bytes: metrics.render())))
        default:
            let refusal = Problem(ServiceError.notFound).response(requestID: "")
            return request.method == .head ? refusal.createHeadResponse() : refusal
        }
        switch request.method {
        case .get: return answer
        case .head: return answer.createHeadResponse()
        default: return Problem(WebError.methodNotAllowed(allow: ["GET", "HEAD"])).response(requestID: "")
        }
    }

    private static func health(_ status: HTTPResponse.Status, _ word: String) -> Response {
        .json(status) { json in json.object { json in json.member("status", word) } }
    }
}
