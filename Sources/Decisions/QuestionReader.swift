internal import Access
internal import Grants
internal import Model

/// The body of a request for decisions, read straight from its bytes: a thousand questions come in one, and a tree of all values
/// would cost more than deciding them.
struct QuestionBody {
    enum Semantic: String {
        case executeAll = "execute_all"
        case denyOnFirstDeny = "deny_on_first_deny"
        case permitOnFirstPermit = "permit_on_first_permit"
    }

    /// More questions than these in one request are refused.
    static let maximumQuestions = 5000

    /// The question, or the defaults of all.
    var top = Draft()
    /// `nil`: no list was sent.
    var questions: [Draft]?
    var semantic = Semantic.executeAll
    /// The page a search asks for.
    var page: JSONObject?

    /// What of the body a call looks at, beside the question itself; all else is ignored, whatever it holds.
    struct Members: OptionSet {
        let rawValue: UInt8

        static let batch = Members(rawValue: 1)
        static let page = Members(rawValue: 2)
    }

    /// - Throws: `ServiceError.malformed` for what is no JSON object or has members of a wrong type that spoil all of it. Of the
    ///   parts of questions it only notes what is wrong.
    init(parsing bytes: [UInt8], _ members: Members = []) throws {
        var reader = JSONReader(bytes)
        do {
            guard try reader.kind() == .object else {
                throw ServiceError.malformed("The body must be a JSON object.")
            }
            try read(&reader, members)
            try reader.end()
        } catch let error as JSONError {
            throw ServiceError.malformed("The body is not JSON: \(error.reason), at byte \(error.offset).")
        }
    }

    private mutating func read(_ reader: inout JSONReader, _ members: Members) throws {
        var names = MemberNames()
        try reader.enter()
        while let name = try reader.member() {
            if try QuestionReader.read(name, into: &top, &names, &reader) { continue }
            switch name {
            case "evaluations" where members.contains(.batch):
                try names.take(4, name, reader)
                try readQuestions(&reader)
            case "options" where members.contains(.batch):
                try names.take(5, name, reader)
                try readOptions(&reader)
            case "page" where members.contains(.page):
                try names.take(6, name, reader)
                page = try QuestionReader.object(&reader, "page")
            default: try QuestionReader.skip(name, &names, &reader)
            }
        }
    }

    private mutating func readQuestions(_ reader: inout JSONReader) throws {
        switch try reader.kind() {
        case .null: _ = try reader.value()
        case .array:
            var questions: [Draft] = []
            try reader.enter()
            while try reader.element() {
                guard questions.count < QuestionBody.maximumQuestions else {
                    throw ServiceError.malformed("One request may hold at most \(QuestionBody.maximumQuestions) questions.")
                }
                questions.append(try QuestionReader.draft(&reader))
            }
            self.questions = questions
        default: throw ServiceError.malformed("\"evaluations\" must be a list.")
        }
    }

    private mutating func readOptions(_ reader: inout JSONReader) throws {
        guard let options = try QuestionReader.object(&reader, "options"), let value = options["evaluations_semantic"],
            value != .null
        else { return }
        guard let semantic = value.string.flatMap(Semantic.init(rawValue:)) else {
            throw ServiceError.malformed(
                "\"options.evaluations_semantic\" must be execute_all, deny_on_first_deny or permit_on_first_permit.")
        }
        self.semantic = semantic
    }
}

/// Reads the parts of questions.
enum QuestionReader {
    /// One element of the list.
    static func draft(_ reader: inout JSONReader) throws(JSONError) -> Draft {
        var draft = Draft()
        guard try reader.kind() == .object else {
            _ = try reader.value()
            draft.isNoObject = true
            return draft
        }
        var names = MemberNames()
        try reader.enter()
        while let name = try reader.member() {
            if try read(name, into: &draft, &names, &reader) { continue }
            try skip(name, &names, &reader)
        }
        return draft
    }

    /// Reads a member that questions have; false when it is none of them.
    static func read(
        _ name: String, into draft: inout Draft, _ names: inout MemberNames, _ reader: inout JSONReader
    ) throws(JSONError) -> Bool {
        switch name {
        case "subject":
            try names.take(0, name, reader)
            draft.subject = try part(&reader, idName: "id")
        case "action":
            try names.take(1, name, reader)
            draft.action = try part(&reader, idName: "name")
        case "resource":
            try names.take(2, name, reader)
            draft.resource = try part(&reader, idName: "id")
        case "context":
            try names.take(3, name, reader)
            switch try reader.kind() {
            case .null: _ = try reader.value()
            case .object: draft.context = AttributeValue.attributes(try reader.object())
            default:
                _ = try reader.value()
                draft.hasWrongContext = true
            }
        default: return false
        }
        return true
    }

    /// `nil` for null, which is as good as absent.
    private static func part(_ reader: inout JSONReader, idName: String) throws(JSONError) -> Part? {
        var part = Part()
        switch try reader.kind() {
        case .null:
            _ = try reader.value()
            return nil
        case .object: break
        default:
            _ = try reader.value()
            part.faults = .part
            return part
        }
        var names = MemberNames()
        try reader.enter()
        while let name = try reader.member() {
            if name == idName {
                try names.take(0, name, reader)
                part.id = try text(&reader, &part, .id)
            } else if name == "type" && idName == "id" {
                try names.take(1, name, reader)
                part.type = try text(&reader, &part, .type)
            } else if name == "properties" {
                try names.take(2, name, reader)
                switch try reader.kind() {
                case .null: _ = try reader.value()
                case .object: part.properties = AttributeValue.attributes(try reader.object())
                default:
                    _ = try reader.value()
                    part.faults.insert(.properties)
                }
            } else {
                try skip(name, &names, &reader)
            }
        }
        return part
    }

    private static func text(
        _ reader: inout JSONReader, _ part: inout Part, _ fault: Part.Faults
    ) throws(JSONError) -> String? {
        switch try reader.kind() {
        case .string: return try reader.string()
        case .null: _ = try reader.value()
        default:
            _ = try reader.value()
            part.faults.insert(fault)
        }
        return nil
    }

    /// `nil` for null; anything else but an object spoils the request.
    static func object(_ reader: inout JSONReader, _ name: String) throws -> JSONObject? {
        switch try reader.kind() {
        case .object: return try reader.object()
        case .null:
            _ = try reader.value()
            return nil
        default: throw ServiceError.malformed("\"\(name)\" must be an object.")
        }
    }

    static func skip(_ name: String, _ names: inout MemberNames, _ reader: inout JSONReader) throws(JSONError) {
        try names.others.insert(name, reader)
        _ = try reader.value()
    }
}

/// Which members of an object were met: the known ones as bits, so that most objects need no memory for it.
struct MemberNames {
    private var known: UInt8 = 0
    var others = JSONNames()

    mutating func take(_ place: UInt8, _ name: String, _ reader: borrowing JSONReader) throws(JSONError) {
        guard known & (1 << place) == 0 else { throw reader.failure("the name \"\(name)\" occurs twice") }
        known |= 1 << place
    }
}
