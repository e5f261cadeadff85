import Model

/// The fields of a query or a form: every name once, UTF-8, percent-decoded strictly, NUL refused.
public struct FormFields: Sendable {
    public let pairs: [(name: String, value: String)]

    static let maximumPairs = 256

    /// None at all.
    public init() {
        pairs = []
    }

    init(pairs: [(name: String, value: String)]) {
        self.pairs = pairs
    }

    /// Throws `malformed` for duplicates (names ending in `[]` may repeat), bad percent encoding, invalid UTF-8, more than 256 pairs.
    public init(parsing text: some Collection<UInt8>) throws {
        var pairs: [(name: String, value: String)] = []
        var seen = Set<[UInt8]>()
        let bytes = ArraySlice(text)
        for part in bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: true) {
            guard pairs.count < Self.maximumPairs else {
                throw ServiceError.malformed("More than \(Self.maximumPairs) fields.")
            }
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            guard let name = percentDecoded(part[..<equals], plusIsSpace: true),
                let value = percentDecoded(part[equals...].dropFirst(), plusIsSpace: true)
            else { throw ServiceError.malformed("A percent sign must be followed by two hexadecimal digits.") }
            guard let nameText = String(validating: name, as: UTF8.self), let valueText = String(validating: value, as: UTF8.self)
            else { throw ServiceError.malformed("A field is not valid UTF-8.") }
            guard !name.contains(0), !value.contains(0) else {
                throw ServiceError.malformed("A field contains the character NUL.")
            }
            guard seen.insert(name).inserted || name.suffix(2).elementsEqual("[]".utf8) else {
                throw ServiceError.malformed(
                    "A field occurs twice.",
                    fields: [FieldError(field: nameText, code: "duplicate", message: "Send this field once.")])
            }
            pairs.append((nameText, valueText))
        }
        self.pairs = pairs
    }

    public subscript(name: String) -> String? {
        pairs.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// All values of a repeatable field (`ids[]`).
    public func all(_ name: String) -> [String] {
        pairs.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }
}
