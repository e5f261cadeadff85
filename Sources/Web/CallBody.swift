import Crypto
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Synchronization

/// What a call learns while it is handled. A body can be read from the connection once only, so it is kept.
final class CallState: Sendable {
    enum Body: Sendable {
        case unread
        case read([UInt8])
        case failed(any Error)
        /// Handed out piece by piece.
        case streamed(isComplete: Bool)
    }

    /// Told when a body may take longer than a request otherwise may; `nil` where there is no connection.
    let channel: (any Channel)?

    init(channel: (any Channel)? = nil) {
        self.channel = channel
    }

    let body = Mutex<Body>(.unread)

    /// Whether the body has arrived to its end.
    var isBodyRead: Bool {
        body.withLock { body in
            switch body {
            case .read, .streamed(isComplete: true): true
            case .unread, .failed, .streamed: false
            }
        }
    }

    /// The secret behind the CSRF token of anonymous forms, once somebody asked for it.
    let formSecret = Mutex<String?>(nil)
}

extension Call {
    /// The whole body, at most `limit` bytes (else 413 `too_large`).
    public func body(limit: Int = 1 << 20) async throws -> [UInt8] {
        switch state.body.withLock({ $0 }) {
        case .read(let bytes):
            guard bytes.count <= limit else { throw WebError.tooLarge(limit: limit) }
            return bytes
        case .failed(let error): throw error
        case .streamed: throw ServiceError.malformed("The body has been read already.")
        case .unread: break
        }
        do {
            let bytes = try await readBody(limit: limit)
            state.body.withLock { $0 = .read(bytes) }
            return bytes
        } catch {
            state.body.withLock { $0 = .failed(error) }
            throw error
        }
    }

    private func readBody(limit: Int) async throws -> [UInt8] {
        let announced = request.announcedLength
        if let announced, announced > limit { throw WebError.tooLarge(limit: limit) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(announced ?? 1024, limit))
        do {
            for try await buffer in request.body {
                guard bytes.count + buffer.readableBytes <= limit else { throw WebError.tooLarge(limit: limit) }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
        } catch let error as WebError {
            throw error
        } catch is CancellationError {
            throw ServiceError.unavailable(retryAfterSeconds: 1)
        } catch {
            throw ServiceError.malformed("The body could not be read to its end.")
        }
        if let announced, announced != bytes.count {
            throw ServiceError.malformed("The body ended before the length that was announced.")
        }
        return bytes
    }

    /// The body as a JSON object: 415 unless `application/json` (or `application/merge-patch+json` on PATCH), 413, then 400.
    /// An empty body with no content type reads as an empty object only when `optional`.
    public func json(optional: Bool = false) async throws -> JSONFields {
        var accepted = ["application/json"]
        if request.method == .patch { accepted.append("application/merge-patch+json") }
        if optional, request.headers[.contentType] == nil {
            let bytes = try await body()
            guard bytes.isEmpty else { throw WebError.unsupportedMediaType(accepted.joined(separator: " or ")) }
            return JSONFields(object: JSONObject(), bytes: [])
        }
        try requireMediaType(accepted)
        let bytes = try await body()
        if optional, bytes.isEmpty { return JSONFields(object: JSONObject(), bytes: []) }
        return try JSONFields(parsing: bytes)
    }

    /// The body as `application/x-www-form-urlencoded`, strictly.
    public func form() async throws -> FormFields {
        try requireMediaType(["application/x-www-form-urlencoded"])
        return try FormFields(parsing: try await body())
    }

    /// The whole body of one of these media types: else 415, then 413.
    public func text(_ accepted: [String]) async throws -> [UInt8] {
        try requireMediaType(accepted)
        return try await body()
    }

    /// The body piece by piece, of any length: for the few routes that take files. A client must keep sending, but may take its
    /// time over the whole.
    ///
    /// - Parameter accepted: media types; else 415.
    public func longBody(_ accepted: [String]) throws -> LongBody {
        try requireMediaType(accepted)
        return LongBody(request, state)
    }

    /// The media type alone, in lower case; `nil` when none was sent.
    public var mediaType: String? {
        request.headers[.contentType]?.split(separator: ";", maxSplits: 1).first.map { $0.trimmingSpaces().lowercased() }
    }

    /// Compares type and subtype without case; the only parameter understood is `charset=utf-8`.
    private func requireMediaType(_ accepted: [String]) throws {
        let refusal = WebError.unsupportedMediaType(accepted.joined(separator: " or "))
        guard let header = request.headers[.contentType] else { throw refusal }
        let parts = header.lowercased().split(separator: ";", maxSplits: 4, omittingEmptySubsequences: false)
            .map { $0.trimmingSpaces() }
        guard let type = parts.first, accepted.contains(where: { $0.utf8.elementsEqual(type.utf8) }) else { throw refusal }
        for parameter in parts.dropFirst() where parameter.hasPrefix("charset=") {
            guard parameter == "charset=utf-8" || parameter == "charset=\"utf-8\"" else { throw refusal }
        }
    }

    /// `Idempotency-Key` bound to a hash of method, path and `body`; `malformed` when longer than 255 bytes or not printable ASCII.
    public func idempotencyKey(body: [UInt8]) throws -> (key: String, requestHash: [UInt8])? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw ServiceError.malformed("Idempotency-Key must be 1 to 255 printable ASCII characters.")
        }
        var hash = SHA256()
        hash.update(data: Array(request.method.rawValue.utf8))
        hash.update(data: [0])
        hash.update(data: target.path)
        hash.update(data: [0])
        hash.update(data: body)
        return (key, Array(hash.finalize()))
    }
}

extension Request {
    /// The length `Content-Length` gives; `nil` when it is absent or unreadable (the HTTP parser has refused the latter).
    var announcedLength: Int? { headers[.contentLength].flatMap { Int($0) } }
}

extension StringProtocol where SubSequence == Substring {
    /// Without the spaces and tabs around it, as HTTP lists have them.
    func trimmingSpaces() -> Substring {
        var text = self[...]
        while let first = text.utf8.first, first == 0x20 || first == 0x09 { text.removeFirst() }
        while let last = text.utf8.last, last == 0x20 || last == 0x09 { text.removeLast() }
        return text
    }
}
