/// The id of a resource in a question, parsed by its type's syntax once per question.
public struct ResourceName: Sendable {
    public let syntax: Syntax
    /// What exact ids are compared with. Of a topic: the filter inside of `$share/GROUP/`. Of a path: decoded, dot segments
    /// resolved, one trailing slash dropped, the host in lower case.
    public let canonical: String
    /// `canonical` as UTF-8; empty for the syntax `name`, whose ids are taken as they are.
    let bytes: [UInt8]
    /// Where the path begins in `bytes`; more than 0 when there is a host.
    let pathStart: Int

    /// The longest id of the syntaxes `name` and `path`, in bytes of UTF-8.
    public static let maximumLength = 8192

    /// - Parameter action: `publish` names one topic; every other action on a topic may name a topic filter.
    /// - Returns: `nil` when the id is refused: the decision is deny.
    public init?(_ id: String, syntax: Syntax, action: String) {
        switch syntax {
        case .name:
            guard ResourceName.isPlain(id) else { return nil }
            self.init(syntax: syntax, canonical: id, bytes: [])
        case .topic:
            guard let bytes = TopicName.parse(id, isPublishing: action == "publish") else { return nil }
            let isWhole = bytes.count == id.utf8.count
            self.init(syntax: syntax, canonical: isWhole ? id : String(decoding: bytes, as: UTF8.self), bytes: bytes)
        case .path:
            guard let path = PathName(id, writing: .encoded), let text = path.text else { return nil }
            self.init(syntax: syntax, canonical: text, bytes: path.bytes, pathStart: path.start)
        }
    }

    private init(syntax: Syntax, canonical: String, bytes: [UInt8], pathStart: Int = 0) {
        self.syntax = syntax
        self.canonical = canonical
        self.bytes = bytes
        self.pathStart = pathStart
    }

    /// The canonical form of an exact id in a permission or of a registered resource, in which any character means itself: paths
    /// are written decoded.
    ///
    /// - Returns: `nil` when no question's name can be equal to it.
    public static func canonicalID(_ id: String, syntax: Syntax) -> String? {
        switch syntax {
        case .name: isPlain(id) ? id : nil
        case .topic:
            // A shared subscription is asked about by the filter inside.
            TopicName.parse(id, isPublishing: false)?.count == id.utf8.count ? id : nil
        case .path: PathName(id, writing: .decoded)?.text
        }
    }

    /// Whether an exact id, canonical by `canonicalID`, is meant by this name. Bytes are compared, unlike `==` of `String`. An
    /// allow needs equality; a deny fits also where the name may stand for the id: a subscription filter that matches the topic,
    /// a path of which one side does not say the host.
    public func fits(exact id: String, purpose: Pattern.Purpose) -> Bool {
        if ExactText.equal(canonical, id) { return true }
        guard purpose == .deny else { return false }
        switch syntax {
        case .name: return false
        case .topic: return TopicName.matches(bytes.span, topic: Array(id.utf8).span)
        case .path:
            guard let exact = PathName(id, writing: .decoded) else { return false }
            return bytes[pathStart...] == exact.bytes[exact.start...]
                && PathName.mayBeSameHost(bytes[..<pathStart], exact.bytes[..<exact.start])
        }
    }

    private static func isPlain(_ id: String) -> Bool {
        let count = id.utf8.count
        return count > 0 && count <= maximumLength && !ExactText.hasZero(id)
    }
}

extension ResourceName: Hashable {
    public static func == (one: ResourceName, other: ResourceName) -> Bool {
        one.syntax == other.syntax && ExactText.equal(one.canonical, other.canonical)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(syntax)
        ExactText.hash(canonical, into: &hasher)
    }
}
