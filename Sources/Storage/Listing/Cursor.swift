public import Crypto
public import Model

/// Makes and reads cursors: authenticated, and bound to the list, the realm, the caller, the filter and the order they came from.
public struct CursorKey: Sendable {
    private let key: SymmetricKey

    public init(_ key: SymmetricKey) {
        self.key = key
    }

    /// What a cursor must have in common with the request that sends it.
    public struct Binding: Sendable {
        let bytes: [UInt8]

        public init(list: String, realm: RealmID, caller: PrincipalReference?, query: ListQuery) {
            var writer = JSONWriter()
            writer.array { writer in
                writer.string(list)
                writer.string(realm.text)
                writer.string(caller.map { "\($0.kind.rawValue):\($0.id.text)" } ?? "")
                writer.string(query.filter ?? "")
                writer.string(query.search ?? "")
                writer.string(query.sort ?? "")
            }
            bytes = writer.bytes
        }

        /// For what pages in another way than lists do.
        ///
        /// - Parameter request: everything of the request that its pages have in common.
        public init(list: String, realm: RealmID, caller: PrincipalReference?, request: [UInt8]) {
            var writer = JSONWriter()
            writer.array { writer in
                writer.string(list)
                writer.string(realm.text)
                writer.string(caller.map { "\($0.kind.rawValue):\($0.id.text)" } ?? "")
            }
            bytes = writer.bytes + request
        }
    }

    /// A token for the place where the next page begins.
    public func token(limit: Int, position: String, binding: Binding) -> String {
        encode(Cursor(isBackward: false, position: Int64(limit), values: [.text(position)]), binding: binding)
    }

    /// What `token(limit:position:binding:)` was given; `nil` unless the token is ours and belongs to this request.
    public func place(_ token: String, binding: Binding) -> (limit: Int, position: String)? {
        // Ids may be long, and are longer when they are escaped.
        guard let cursor = try? decode(token, binding: binding, maximumLength: 1 << 16), cursor.values.count == 1,
            case .text(let position) = cursor.values[0]
        else { return nil }
        return (Int(cursor.position), position)
    }

    func encode(_ cursor: Cursor, binding: Binding) -> String {
        var writer = JSONWriter()
        writer.array { writer in
            writer.bool(cursor.isBackward)
            writer.integer(cursor.position)
            for value in cursor.values {
                switch value {
                case .integer(let integer): writer.integer(integer)
                case .text(let text): writer.string(text)
                case .null, .bytes: writer.null()
                }
            }
        }
        return Base64URL.encode(code(writer.bytes, binding) + writer.bytes)
    }

    func decode(_ text: String, binding: Binding, maximumLength: Int = 4096) throws -> Cursor {
        let refusal = ServiceError.malformed(
            "The cursor in \"after\" does not belong to this list, caller, filter and order. Begin again without it.")
        guard text.utf8.count <= maximumLength, let bytes = Base64URL.decode(text), bytes.count > 16 else { throw refusal }
        let payload = Array(bytes[16...])
        // Both sides hashed again, so that the comparison says nothing by its duration.
        guard SHA256.hash(data: code(payload, binding)) == SHA256.hash(data: Array(bytes[..<16])) else { throw refusal }
        guard let items = (try? JSONValue(parsing: payload))?.array, items.count >= 3, let isBackward = items[0].bool,
            let position = items[1].integer
        else { throw refusal }
        let values = try items[2...].map { item -> SQLValue in
            switch item {
            case .integer(let integer): .integer(integer)
            case .string(let text): .text(text)
            default: throw refusal
            }
        }
        return Cursor(isBackward: isBackward, position: position, values: values)
    }

    private func code(_ payload: [UInt8], _ binding: Binding) -> [UInt8] {
        var authentication = HMAC<SHA256>(key: key)
        authentication.update(data: withUnsafeBytes(of: UInt64(binding.bytes.count).bigEndian) { Array($0) })
        authentication.update(data: binding.bytes)
        authentication.update(data: payload)
        return Array(Array(authentication.finalize()).prefix(16))
    }
}

/// Where a page begins or ends: the sort values and the id of an item.
struct Cursor: Sendable, Hashable {
    /// Whether the page lies before the item instead of after it.
    let isBackward: Bool
    /// How many items lie before the page (forward), or before the item (backward).
    let position: Int64
    let values: [SQLValue]
}
