import HTTPTypes

/// The fields the pipeline itself looks at, found in one pass over the request's head.
struct KnownFields {
    private(set) var requestID: String?
    private(set) var authorization: String?
    private(set) var userAgent: String?
    private(set) var atLeast: String?
    private(set) var contentLength: String?
    private(set) var hasTransferEncoding = false
    private(set) var wantsUpgrade = false
    /// A `Host` beside the one that became the request's authority.
    private(set) var otherHost: String?

    init(_ headers: HTTPFields) {
        var index = headers.startIndex
        while index < headers.endIndex {
            let field = headers[index]
            index += 1
            let name = field.name.canonicalName
            // The length tells most names apart without comparing them.
            switch name.utf8.count {
            case 4 where name == "host": Self.take(field.value, into: &otherHost)
            case 7 where name == "upgrade": wantsUpgrade = true
            case 10 where name == "user-agent": Self.take(field.value, into: &userAgent)
            case 12 where name == "x-request-id": Self.take(field.value, into: &requestID)
            case 13 where name == "authorization": Self.take(field.value, into: &authorization)
            case 14 where name == "content-length": Self.take(field.value, into: &contentLength)
            case 17 where name == "transfer-encoding": hasTransferEncoding = true
            case 18 where name == "gatehouse-at-least": Self.take(field.value, into: &atLeast)
            default: break
            }
        }
    }

    /// Whether anything follows the head.
    var announcesBody: Bool {
        hasTransferEncoding || (contentLength != nil && contentLength != "0")
    }

    /// A field that is there twice is one list (RFC 9110 section 5.3), which none of ours may be: the value then fails its check.
    private static func take(_ value: String, into field: inout String?) {
        if let earlier = field { field = earlier + ", " + value } else { field = value }
    }
}
