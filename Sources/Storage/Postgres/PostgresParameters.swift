import CPostgres
import Model

/// Values as libpq takes them: text, and bytes as they are. Their types are told, so that nothing is guessed or cast.
struct PostgresParameters {
    private static let int8: Oid = 20
    private static let text: Oid = 25
    private static let bytea: Oid = 17

    private(set) var types: [Oid] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    /// Where each value begins in `storage`; `nil` for NULL.
    private var offsets: [Int?] = []
    private var storage: [UInt8] = []

    /// - Throws: `ServiceError.malformed` for a text with NUL, which PostgreSQL cannot hold.
    init(_ values: [SQLValue]) throws {
        for value in values {
            switch value {
            case .null: append(nil, type: 0, isBinary: false)
            case .integer(let integer): append(Array(String(integer).utf8), type: Self.int8, isBinary: false)
            case .text(let text):
                let bytes = Array(text.utf8)
                guard !bytes.contains(0) else { throw ServiceError.malformed("Text may not contain the character NUL.") }
                append(bytes, type: Self.text, isBinary: false)
            case .bytes(let bytes): append(bytes, type: Self.bytea, isBinary: true)
            }
        }
    }

    private mutating func append(_ bytes: [UInt8]?, type: Oid, isBinary: Bool) {
        types.append(type)
        lengths.append(Int32(clamping: bytes?.count ?? 0))
        formats.append(isBinary ? 1 : 0)
        offsets.append(bytes == nil ? nil : storage.count)
        storage += bytes ?? []
        storage.append(0)
    }

    func withPointers<Value>(
        _ body: (
            UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?, Int32
        ) -> Value
    ) -> Value {
        storage.withUnsafeBytes { raw in
            let base = raw.bindMemory(to: CChar.self).baseAddress
            let pointers = offsets.map { offset in offset.flatMap { base?.advanced(by: $0) } }
            return types.withUnsafeBufferPointer { types in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        pointers.withUnsafeBufferPointer { pointers in
                            body(
                                types.baseAddress, pointers.baseAddress, lengths.baseAddress, formats.baseAddress,
                                Int32(clamping: pointers.count))
                        }
                    }
                }
            }
        }
    }
}
