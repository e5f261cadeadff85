import HTTPTypes
import Hummingbird
import Model

/// Reads `multipart/form-data` (RFC 7578) as it arrives: short fields into memory, files piece by piece to whoever takes them.
extension Call {
    /// Takes a file's bytes.
    public typealias FileSink = @Sendable ([UInt8]) async throws -> Void

    /// The form's fields; a form whose token is not ours gets nothing stored, because the token must come before the file.
    ///
    /// - Parameter file: called once for each part with a file name (also an empty one, when nobody chose a file), with the fields
    ///   before it; takes the file's bytes.
    /// - Throws: 415, `malformed`, `forgedForm`, and what `file` throws. The rest of the body has then been thrown away.
    public func multipartForm(
        _ file: (_ name: String, _ fields: FormFields) async throws -> FileSink
    ) async throws -> FormFields {
        let body = try longBody(["multipart/form-data"])
        do {
            guard let boundary = Self.boundary(request.headers[.contentType] ?? "") else {
                throw ServiceError.malformed("The form's content type names no boundary.")
            }
            var reader = MultipartReader(boundary: boundary)
            var pairs: [(name: String, value: String)] = []
            var sink: FileSink?
            var value: [UInt8] = []
            func handle(_ event: MultipartReader.Event) async throws {
                switch event {
                case .part(_, .some):
                    let fields = FormFields(pairs: pairs)
                    try checkForgery(fields)
                    sink = try await file(reader.name, fields)
                case .part(_, nil): value = []
                case .data(let bytes):
                    if let sink { return try await sink(bytes) }
                    value += bytes
                    guard value.count <= MultipartReader.maximumField else {
                        throw WebError.tooLarge(limit: MultipartReader.maximumField)
                    }
                case .end:
                    defer { sink = nil }
                    guard sink == nil else { return }
                    try MultipartReader.add(reader.name, value, to: &pairs)
                }
            }
            for try await piece in body {
                reader.append(piece)
                while let event = try reader.next() { try await handle(event) }
            }
            guard reader.isComplete else { throw ServiceError.malformed("The form ends before its last boundary.") }
            let fields = FormFields(pairs: pairs)
            try checkForgery(fields)
            return fields
        } catch {
            await body.discardRest()
            throw error
        }
    }

    private static func boundary(_ contentType: String) -> [UInt8]? {
        for part in contentType.split(separator: ";").dropFirst() {
            let part = part.trimmingSpaces()
            guard part.lowercased().hasPrefix("boundary=") else { continue }
            var text = part.dropFirst("boundary=".utf8.count)
            if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count >= 2 { text = text.dropFirst().dropLast() }
            // RFC 2046 section 5.1.1.
            guard (1...70).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
            return Array(text.utf8)
        }
        return nil
    }
}

/// Cuts a multipart body into parts.
struct MultipartReader {
    enum Event {
        /// A part begins. `filename` is `nil` for a plain field.
        case part(name: String, filename: String?)
        case data([UInt8])
        case end
    }

    /// Bytes of a field that is no file.
    static let maximumField = 1 << 20
    private static let maximumHead = 8192
    private static let maximumParts = 64

    private enum State {
        case preamble, head, data, complete
    }

    private let delimiter: [UInt8]
    private var buffer: [UInt8]
    private var state = State.preamble
    private var parts = 0
    /// Of the part being read.
    private(set) var name = ""

    init(boundary: [UInt8]) {
        delimiter = Array("\r\n--".utf8) + boundary
        // The first boundary has no line before it.
        buffer = [0x0D, 0x0A]
    }

    var isComplete: Bool { if case .complete = state { true } else { false } }

    mutating func append(_ bytes: [UInt8]) {
        if !isComplete { buffer += bytes }
    }

    /// The next thing that is certain; `nil`: more bytes are needed.
    mutating func next() throws -> Event? {
        switch state {
        case .complete: return nil
        case .preamble:
            guard let found = find(delimiter) else {
                guard buffer.count <= Self.maximumHead else {
                    throw ServiceError.malformed("The form does not begin with its boundary.")
                }
                return nil
            }
            buffer.removeFirst(found + delimiter.count)
            state = .head
            return try next()
        case .head: return try head()
        case .data: return data()
        }
    }

    private mutating func head() throws -> Event? {
        if buffer.starts(with: Array("--".utf8)) {
            state = .complete
            buffer = []
            return nil
        }
        guard let end = find(Array("\r\n\r\n".utf8)) else {
            guard buffer.count <= Self.maximumHead else {
                throw ServiceError.malformed("A part of the form has too long a head.")
            }
            return nil
        }
        parts += 1
        guard parts <= Self.maximumParts, let text = String(validating: buffer[..<end], as: UTF8.self),
            let disposition = Self.disposition(text)
        else { throw ServiceError.malformed("A part of the form is not described as form data.") }
        buffer.removeFirst(end + 4)
        state = .data
        name = disposition.name
        return .part(name: disposition.name, filename: disposition.filename)
    }

    private mutating func data() -> Event? {
        if let found = find(delimiter) {
            if found > 0 {
                let bytes = Array(buffer[..<found])
                buffer.removeFirst(found)
                return .data(bytes)
            }
            buffer.removeFirst(delimiter.count)
            state = .head
            return .end
        }
        // What may be the beginning of a boundary stays.
        let certain = buffer.count - delimiter.count
        guard certain > 0 else { return nil }
        let bytes = Array(buffer[..<certain])
        buffer.removeFirst(certain)
        return .data(bytes)
    }

    private func find(_ wanted: [UInt8]) -> Int? {
        guard let first = wanted.first else { return nil }
        var start = 0
        while let index = buffer[start...].firstIndex(of: first), index + wanted.count <= buffer.count {
            if buffer[index...].starts(with: wanted) { return index }
            start = index + 1
        }
        return nil
    }

    private static func disposition(_ head: String) -> (name: String, filename: String?)? {
        for line in head.split(whereSeparator: \.isNewline) {
            guard line.lowercased().hasPrefix("content-disposition:") else { continue }
            let value = line.dropFirst("content-disposition:".utf8.count).trimmingSpaces()
            guard value.lowercased().hasPrefix("form-data"), let name = parameter("name", in: value) else { return nil }
            return (name, parameter("filename", in: value))
        }
        return nil
    }

    /// `; name="value"`. Browsers write a quotation mark inside as `%22`.
    private static func parameter(_ name: String, in value: Substring) -> String? {
        guard let start = value.firstRange(of: "; \(name)=\"") ?? value.firstRange(of: ";\(name)=\"") else { return nil }
        let rest = value[start.upperBound...]
        return rest.firstIndex(of: "\"").map { String(rest[..<$0]) }
    }

    /// As a field of any other form: every name once, UTF-8, no NUL.
    static func add(_ name: String, _ value: [UInt8], to pairs: inout [(name: String, value: String)]) throws {
        guard let text = String(validating: value, as: UTF8.self), !value.contains(0) else {
            throw ServiceError.malformed("A field is not text in UTF-8.")
        }
        guard !pairs.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
            throw ServiceError.malformed("A field occurs twice.")
        }
        pairs.append((name, text))
    }
}
