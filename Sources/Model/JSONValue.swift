/// A JSON value (RFC 8259). Objects keep the order of their members, and no name occurs twice.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    public var object: JSONObject? {
        if case .object(let members) = self { members } else { nil }
    }

    public var array: [JSONValue]? {
        if case .array(let items) = self { items } else { nil }
    }

    public var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// What a person would call the type, for error messages.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer, .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// The shortest text of this value.
    public var text: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// The members of a JSON object, in order, names unique.
public struct JSONObject: Sendable, Hashable {
    public private(set) var members: [(name: String, value: JSONValue)] = []

    public init() {}

    /// A later member of the same name replaces an earlier one.
    public init(_ members: [(String, JSONValue)]) {
        for (name, value) in members { self[name] = value }
    }

    public subscript(name: String) -> JSONValue? {
        get { members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value }
        set {
            let index = members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
    }

    public var isEmpty: Bool { members.isEmpty }
    public var names: [String] { members.map(\.name) }

    mutating func appendUnchecked(_ name: String, _ value: JSONValue) {
        members.append((name, value))
    }

    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count
            && left.members.allSatisfy { member in right[member.name] == member.value }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        for name in names.sorted() { hasher.combine(name) }
    }
}

/// Why a text is not the JSON we accept; `offset` counts bytes from 0.
public struct JSONError: Error, Sendable, Hashable {
    public let reason: String
    public let offset: Int
}

extension JSONValue {
    /// How deep arrays and objects may nest.
    public static let maximumDepth = 32
    /// How many bytes a member's name may have. Comparing strings takes time that grows with the square of a run of
    /// combining marks, and names are compared before anything else is known of them.
    public static let maximumNameLength = 256

    /// Parses strictly: UTF-8 only, no duplicate names, no lone surrogates, at most `maximumDepth` deep, nothing after the value.
    public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        var reader = JSONReader(Array(bytes))
        self = try reader.value()
        try reader.end()
    }
}
