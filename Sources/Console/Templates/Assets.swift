import CAssets
import Crypto
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Web

/// A file of the console, in memory. Its name carries its hash, so that browsers may keep it for ever.
struct Asset: Sendable {
    let name: String
    let type: String
    let bytes: [UInt8]
    /// The same with gzip, where that is shorter. Nothing secret is in these files, so compressing them tells nobody anything;
    /// pages hold secrets beside what others wrote, and are never compressed.
    let compressed: [UInt8]?
    let etag: String

    var path: Path { .root("/assets/", name) }

    init(_ stem: String, _ ending: String, type: String, bytes: [UInt8]) {
        let hash = hexadecimal(SHA256.hash(data: bytes).prefix(8))
        name = "\(stem)-\(hash).\(ending)"
        etag = "\"\(hash)\""
        self.type = type
        self.bytes = bytes
        compressed = Self.compress(bytes)
    }

    private static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        let shorter = [UInt8](unsafeUninitializedCapacity: bytes.count) { out, count in
            guard let room = out.baseAddress else { return }
            count = bytes.withUnsafeBufferPointer { source in
                source.baseAddress.map { gatehouse_gzip($0, source.count, room, out.count) } ?? 0
            }
        }
        return shorter.isEmpty ? nil : shorter
    }
}

/// The style sheet, the script and the mark, embedded in the binary.
struct Assets: Sendable {
    static let shared = Assets()

    let styles: Asset
    let script: Asset
    let mark: Asset
    let byName: [String: Asset]

    private init() {
        styles = Asset(
            "console", "css", type: "text/css; charset=utf-8", bytes: Shorten.styles(Self.embedded(gatehouse_console_css)))
        script = Asset(
            "console", "js", type: "text/javascript; charset=utf-8", bytes: Shorten.script(Self.embedded(gatehouse_console_js)))
        mark = Asset("mark", "svg", type: "image/svg+xml", bytes: Self.embedded(gatehouse_console_mark))
        byName = Dictionary(uniqueKeysWithValues: [styles, script, mark].map { ($0.name, $0) })
    }

    private static func embedded(_ access: (UnsafeMutablePointer<Int>) -> UnsafePointer<UInt8>?) -> [UInt8] {
        var count = 0
        guard let start = access(&count) else { return [] }
        return Array(UnsafeBufferPointer(start: start, count: count))
    }
}

/// `/assets/…`
struct AssetFiles: ConsolePages {
    init(services: ConsoleServices) {}

    var routes: [Route] {
        [Route(.get, "/assets/{name}", access: .everybody) { try Self.serve($0) }]
    }

    private static func serve(_ call: Call) throws -> Response {
        guard let asset = Assets.shared.byName[try call.parameter("name")] else { throw ServiceError.notFound }
        var headers: HTTPFields = [
            .contentType: asset.type, .cacheControl: "public, max-age=31536000, immutable", .eTag: asset.etag,
            .xContentTypeOptions: "nosniff", .vary: "Accept-Encoding",
        ]
        var bytes = asset.bytes
        if let compressed = asset.compressed, takesGzip(call.request.headers[values: .acceptEncoding]) {
            bytes = compressed
            headers[.contentEncoding] = "gzip"
            // Other bytes need another tag.
            headers[.eTag] = asset.etag.dropLast() + "-gzip\""
        }
        if call.request.headers[.ifNoneMatch] == headers[.eTag] {
            headers[.contentEncoding] = nil
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// `Accept-Encoding` names gzip, and not with the weight 0 (RFC 9110, 12.5.3).
    private static func takesGzip(_ fields: [String]) -> Bool {
        fields.contains { field in
            field.split(separator: ",").contains { entry in
                let parts = entry.split(separator: ";").map { trimmed(String($0)).lowercased() }
                let isRefused = parts.dropFirst().contains { $0.hasPrefix("q=") && Double($0.dropFirst(2)) == 0 }
                return parts.first == "gzip" && !isRefused
            }
        }
    }
}
