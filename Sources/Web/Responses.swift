public import HTTPTypes
public import Hummingbird
public import Model
import NIOCore

extension Response {
    /// `application/json`, `Cache-Control: no-store`.
    ///
    /// - Parameter capacity: bytes that are probably needed.
    public static func json(
        _ status: HTTPResponse.Status = .ok, etag: Int64? = nil, revision: Revision? = nil, location: String? = nil,
        capacity: Int = 512,
        _ body: (inout JSONWriter) -> Void
    ) -> Response {
        var writer = JSONWriter(reservingCapacity: capacity)
        body(&writer)
        var headers = HTTPFields.json
        if let etag { headers[.eTag] = "\"\(etag)\"" }
        if let revision { headers[.gatehouseRevision] = revision.text }
        if let location { headers[.location] = location }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    /// 204 with the revision.
    public static func noContent(revision: Revision? = nil) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if let revision { headers[.gatehouseRevision] = revision.text }
        var response = Response(status: .noContent, headers: headers)
        // RFC 9110 section 8.6: no Content-Length in a 204.
        response.headers[.contentLength] = nil
        return response
    }

    /// 304: what the client holds is still so.
    static func notModified(etag: Int64) -> Response {
        var response = Response(status: .notModified, headers: [.cacheControl: "no-store", .eTag: "\"\(etag)\""])
        response.headers[.contentLength] = nil
        return response
    }

    /// `text/html; charset=utf-8`, `no-store`, the page's Content-Security-Policy.
    public static func html(_ status: HTTPResponse.Status = .ok, _ bytes: [UInt8]) -> Response {
        Response(status: status, headers: .page, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// 303 to a path of our own. Anything that is no such path leads to `/`, so that no form value can lead elsewhere.
    public static func seeOther(_ path: String) -> Response {
        let bytes = Array(path.utf8.prefix(2))
        let isOurs =
            bytes.first == UInt8(ascii: "/") && bytes.dropFirst().first != UInt8(ascii: "/")
            && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        return Response(status: .seeOther, headers: [.cacheControl: "no-store", .location: isOurs ? path : "/"])
    }

    /// A page of items with the `page` object of the contract.
    public static func page<Item>(_ page: Page<Item>, _ write: (inout JSONWriter, Item) -> Void) -> Response {
        json { writer in
            writer.object { writer in
                writer.name("items")
                writer.array { writer in
                    for item in page.items { write(&writer, item) }
                }
                writer.name("page")
                writer.object { writer in
                    writer.member("limit", page.limit)
                    writer.member("total", page.total)
                    writer.member("position", page.position)
                    writer.member("nextCursor", page.nextCursor)
                    writer.member("previousCursor", page.previousCursor)
                }
            }
        }
    }
}

// `append` of these collections is generic code that the compiler cannot specialize from outside its module; setting a field by its
// name can be. On the fast path that is most of what a header costs, so answers begin as a copy of a finished list.
extension HTTPFields {
    static let security: [(HTTPField.Name, String)] = [
        (.xContentTypeOptions, "nosniff"), (.referrerPolicy, "no-referrer"),
        (.crossOriginOpenerPolicy, "same-origin"), (.crossOriginResourcePolicy, "same-origin"),
    ]

    static let json = secured([.contentType: "application/json", .cacheControl: "no-store"])
    static let problem = secured([.contentType: "application/problem+json", .cacheControl: "no-store"])

    /// Nothing inline, nothing from elsewhere, in nobody's frame.
    static let page = secured([
        .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
        .contentSecurityPolicy:
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
            + "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ])

    private static func secured(_ fields: HTTPFields) -> HTTPFields {
        var fields = fields
        for (name, value) in security { fields[name] = value }
        return fields
    }
}
