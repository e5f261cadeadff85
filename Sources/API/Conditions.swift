internal import Directory
internal import HTTPTypes
internal import Hummingbird
internal import Model
internal import Web

/// Entity tags of what has no version number of its own, and the conditional `GET` (RFC 9110 section 13).
enum ContentTag {
    /// A tag that changes with the content: 64-bit FNV-1a. It tells versions apart and protects nothing.
    static func of(_ bytes: some Sequence<UInt8>) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes {
            hash ^= UInt64(byte)
            hash = hash &* 0x0000_0100_0000_01B3
        }
        return "\"" + String(hash, radix: 16) + "\""
    }

    /// 304 instead of a body that the client already has.
    static func applyIfNoneMatch(of request: Request, to response: Response) -> Response {
        guard response.status == .ok, let tag = response.headers[.eTag] else { return response }
        let sent = request.headers[values: .ifNoneMatch].joined(separator: ",")
        guard !sent.isEmpty, matches(sent, tag) else { return response }
        var headers = response.headers
        headers[.contentType] = nil
        headers[.contentLength] = nil
        return Response(status: .notModified, headers: headers)
    }

    /// For resources whose tag is no plain version: throws unless `If-Match` is absent, `*`, or names `tag`.
    static func checkIfMatch(of request: Request, _ tag: String) throws {
        let sent = request.headers[values: .ifMatch].joined(separator: ",")
        guard !sent.isEmpty else { return }
        // The comparison is strong: a weak tag never matches (RFC 9110 section 13.1.1).
        guard parts(sent).contains(where: { $0 == "*" || $0 == tag }) else { throw ServiceError.preconditionFailed }
    }

    /// The weak comparison of RFC 9110 section 13.1.2.
    private static func matches(_ list: String, _ tag: String) -> Bool {
        parts(list).contains { $0 == "*" || ($0.hasPrefix("W/") ? $0.dropFirst(2) == tag : $0 == tag) }
    }

    /// Our own tags hold no comma, so cutting at commas can only make foreign ones fail to match.
    private static func parts(_ list: String) -> [Substring] {
        list.split(separator: ",").map { part in
            var part = part
            while let first = part.first, first == " " || first == "\t" { part.removeFirst() }
            while let last = part.last, last == " " || last == "\t" { part.removeLast() }
            return part
        }
    }
}

extension Call {
    /// Reads the body of an action that takes none: absent and `{}` are fine, members are not.
    func requireNoFields() async throws {
        var fields = try await json(optional: true)
        try fields.finish()
    }

    /// `malformed` when the query has other parameters than these.
    func allowQuery(only names: Set<String>) throws {
        let unknown = query.pairs.filter { !names.contains($0.name) }
        guard unknown.isEmpty else {
            throw ServiceError.malformed(
                "The query has parameters that are unknown here.",
                fields: unknown.map {
                    FieldError(field: $0.name, code: "unknown", message: "This call has no such parameter.")
                })
        }
    }
}

extension JSONFields {
    /// A member of a merge patch (RFC 7396): absent is `keep`, `null` is `clear`.
    mutating func patchString(_ name: String) -> Patch<String> {
        guard has(name) else { return .keep }
        guard !isNull(name) else { return .clear }
        return optionalString(name).map(Patch.set) ?? .keep
    }

    /// A yes or no cannot be removed, so `null` is a wrong type.
    mutating func patchBool(_ name: String) throws -> Patch<Bool> {
        guard has(name) else { return .keep }
        guard !isNull(name) else {
            throw ServiceError.malformed(
                "The body has mistakes.",
                fields: [FieldError(field: name, code: "wrong_type", message: "This must be true or false, not null.")])
        }
        return optionalBool(name).map(Patch.set) ?? .keep
    }

    mutating func patchObject(_ name: String) -> Patch<JSONObject> {
        guard has(name) else { return .keep }
        guard !isNull(name) else { return .clear }
        return optionalObject(name).map(Patch.set) ?? .keep
    }
}
