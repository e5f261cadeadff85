internal import Access
internal import Grants
internal import Model

/// A subject, an action or a resource as it was sent: read, and not yet known to be whole.
struct Part {
    /// What was sent in another type than it must have. Whether that matters depends on what is asked.
    struct Faults: OptionSet {
        let rawValue: UInt8

        /// The part is no object at all.
        static let part = Faults(rawValue: 1)
        static let type = Faults(rawValue: 2)
        /// The id, or an action's name.
        static let id = Faults(rawValue: 4)
        static let properties = Faults(rawValue: 8)
    }

    enum Role: String {
        case subject, action, resource

        /// The member that names the one meant.
        var idName: String { self == .action ? "name" : "id" }
    }

    var type: String?
    /// The id, or an action's name.
    var id: String?
    var properties: [String: AttributeValue] = [:]
    var faults: Faults = []
}

/// Members of a question that are missing or of a wrong type, as a sentence for whoever sent them.
struct QuestionFault: Error {
    let message: String

    static func missing(_ path: String) -> QuestionFault {
        QuestionFault(message: "\"\(path)\" is required: a string, not empty.")
    }

    static func wrong(_ path: String, _ wanted: String) -> QuestionFault {
        QuestionFault(message: "\"\(path)\" must be \(wanted).")
    }
}

extension Part {
    /// Refuses members of a wrong type, but those that the call does not look at.
    func check(_ role: Role, ignoring ignored: Faults = []) throws(QuestionFault) {
        let faults = faults.subtracting(ignored)
        guard !faults.isEmpty else { return }
        if faults.contains(.part) { throw .wrong(role.rawValue, "an object") }
        if faults.contains(.type) { throw .wrong("\(role.rawValue).type", "a string") }
        if faults.contains(.id) { throw .wrong("\(role.rawValue).\(role.idName)", "a string") }
        throw .wrong("\(role.rawValue).properties", "an object")
    }
}

/// A question as it was sent, or the defaults of many.
struct Draft {
    var subject: Part?
    var action: Part?
    var resource: Part?
    var context: [String: AttributeValue]?
    /// The context is no object.
    var hasWrongContext = false
    /// The element of the list is no object.
    var isNoObject = false

    /// Refuses members of a wrong type; whether all are there is another question.
    func check() throws(QuestionFault) {
        if isNoObject { throw QuestionFault(message: "The question must be an object.") }
        try subject?.check(.subject)
        try action?.check(.action)
        try resource?.check(.resource)
        if hasWrongContext { throw .wrong("context", "an object") }
    }

    /// The whole question. A part of its own replaces the default's whole; only what names the one meant falls back to it.
    ///
    /// - Throws: what is missing or of a wrong type.
    func question(defaults: Draft) throws(QuestionFault) -> AccessQuestion {
        try check()
        return AccessQuestion(
            subjectType: try Self.text(subject?.type ?? defaults.subject?.type, "subject.type"),
            subject: try Self.text(subject?.id ?? defaults.subject?.id, "subject.id"),
            action: try Self.text(action?.id ?? defaults.action?.id, "action.name"),
            resourceType: try Self.text(resource?.type ?? defaults.resource?.type, "resource.type"),
            resource: try Self.text(resource?.id ?? defaults.resource?.id, "resource.id"),
            claims: Question.Claims(
                subject: (subject ?? defaults.subject)?.properties ?? [:],
                action: (action ?? defaults.action)?.properties ?? [:],
                resource: (resource ?? defaults.resource)?.properties ?? [:],
                context: context ?? defaults.context ?? [:]))
    }

    static func text(_ text: String?, _ path: String) throws(QuestionFault) -> String {
        guard let text, !text.isEmpty else { throw .missing(path) }
        return text
    }
}
