internal import CAssets
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Web

/// `/openapi.yaml`: this API, described.
enum ContractEndpoints {
    static let all = [
        Endpoint(.get, "/openapi.yaml", access: .everybody, handler: get)
    ]

    private static let tag = ContentTag.of(APISurface.contract)
    private static let body = ByteBuffer(bytes: APISurface.contract)

    @Sendable private static func get(_ services: APIServices, _ call: Call) async throws -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/yaml", .eTag: tag, .cacheControl: "public, max-age=300"],
            body: ResponseBody(byteBuffer: body))
    }
}

extension APISurface {
    /// The OpenAPI description that was built into the program, YAML in UTF-8.
    public static let contract = [UInt8](
        UnsafeBufferPointer(start: gatehouse_openapi_bytes(), count: gatehouse_openapi_count()))
}
