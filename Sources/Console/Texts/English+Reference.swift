extension Texts {
    /// The API's readable description.
    enum Reference {
        static let title = "API reference"
        static let sentence = "Everything the console does, for programs."
        static let overview = "Overview"
        static let objects = "Objects"
        static let objectsSentence = "What the bodies of requests and answers are made of."
        static let sections = "Parts of the reference"
        static let contract = "The description as a file"
        static let unavailable = "The description cannot be read"
        static let unavailableSentence = "The file itself is still there."
        static let calls = "All calls"
        static let call = "Call"
        static let does = "What it does"
        static let isPublic = "public"
        static let needsToken = "needs a token"

        static let parameters = "Parameters"
        static let body = "Body"
        static let answers = "Answers"
        static let refusals = "Refusals"
        static let example = "Example"
        static let status = "Status"
        static let meaning = "Meaning"
        static let content = "Content"
        static let name = "Name"
        static let place = "In"
        static let type = "Type"
        static let description = "Description"
        static let required = "required"
        static let nothing = "no body"

        static let inPath = "path"
        static let inQuery = "query"
        static let inHeader = "header"

        static let orWord = " or "
        static func list(_ items: String) -> String { "list of \(items)" }
        static func oneOf(_ values: String) -> String { "one of \(values)" }
        static func defaultValue(_ value: String) -> String { "Default \(value)." }
        static func between(_ low: String?, _ high: String?, _ unit: String) -> String? {
            switch (low, high) {
            case (let low?, let high?): "\(low) to \(high)\(unit)."
            case (let low?, nil): "At least \(low)\(unit)."
            case (nil, let high?): "At most \(high)\(unit)."
            case (nil, nil): nil
            }
        }
        static let characters = " characters"
        static let anything = "anything"
        static let object = "object"
    }
}
