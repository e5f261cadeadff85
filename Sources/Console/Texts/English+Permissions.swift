import Access

extension Texts {
    /// Permissions in words, and the editor that makes them.
    enum Permissions {
        static let may = "May"
        static let mayNever = "May never"
        static let never = "never"
        static let everything = "do everything"
        static let anything = "do anything at all"
        static let nothing = "nothing yet"
        static let everywhere = "everywhere"
        static let allTypes = "Everything there is"
        static let onOneself = "on oneself"
        static let isTheHolders = "is, or contains, the holder's"
        static let condition = ", if "
        static let denyCondition = ", unless this is known to be false: "
        static let unfinished = "Not finished yet."
        static func onEvery(_ type: String) -> String { "on every \(type)" }
        static func onThe(_ type: String) -> String { "on the \(type)" }
        static func onMatching(_ type: String) -> String { "on every \(type) that matches" }
        static func onProperty(_ type: String) -> String { "on every \(type) whose" }
        static func any(_ type: String) -> String { "any \(type)" }
        static func onlyScopes(_ kinds: [String]) -> String {
            "; counts only where it is given for: \(kinds.joined(separator: ", "))"
        }

        static let scopeRealm = "the whole realm"
        static let scopeOrganization = "an organization"
        static let scopeGroup = "the members of a group"
        static let scopeResources = "selected resources"

        // The editor
        static let none = "No permission yet."
        static let add = "Add permission"
        static let edit = "Edit"
        static let remove = "Remove"
        static let close = "Done with this one"
        static let check = "Check"
        static func row(_ number: Int) -> String { "Permission \(number)" }
        static func editRow(_ number: Int) -> String { "Edit permission \(number)" }
        static func removeRow(_ number: Int) -> String { "Remove permission \(number)" }
        static func inRow(_ number: Int, _ message: String) -> String { "Permission \(number): \(message)" }
        static let effect = "Effect"
        static let allow = "Allow"
        static let deny = "Never allow"
        static let type = "Resource type"
        static let chooseType = "Choose…"
        static let showActions = "Show its actions"
        static let runtime = "What products protect"
        static let management = "Gatehouse itself"
        static func typeChoice(_ name: String, _ id: String) -> String { "\(name) (\(id))" }
        static let match = "Which of them"
        static let matchAny = "All of them"
        static let matchID = "Exactly one, by its id"
        static let matchPattern = "Those that match a pattern"
        static let matchProperty = "Those that belong to the holder"
        static let resource = "Id or pattern"
        static let property = "Property of the resource"
        static let propertyHint = "Such as owner or candidateGroups."
        static let subject = "Attribute of the holder"
        static let subjectHint = "id, username, groups, roles, or an attribute's name."
        static let actions = "Actions"
        static let allActions = "All, also those added later"
        static let chooseTypeFirst = "Choose a resource type first; its actions come then."
        static let goneAction = " no longer an action of the type"
        static func includesActions(_ ids: [String]) -> String { " includes \(ids.joined(separator: ", "))" }
        static let more = "Condition and scopes"
        static let moreCondition = "Condition"
        static let conditionLabel = "Only if"
        static let conditionHint = "Such as resource.owner eq subject.id, or context.assurance ge 2."
        static let scopes = "Counts only where the role is given for"
        static let scopesHint = "None chosen: wherever the role is given."

        static func patternHint(_ syntax: Syntax?) -> String {
            switch syntax {
            case .topic: "An id is a topic as it is. In a pattern + stands for one level and # for the rest: plant/+/temp."
            case .path: "An id is a path. In a pattern * stands for one segment and ** for the rest: /orders/*, //host/orders/**."
            case .name, nil:
                "An id stands for itself, whatever its characters. In a pattern * stands for any characters: order-*."
            }
        }

        // What it would match
        static let tryIt = "What it would match"
        static let exampleID = "An id to try"
        static let exampleAction = "Action"
        static let anyChosen = "One of those chosen"
        static let exampleUsername = "User name of the holder"
        static let exampleProperties = "Its properties"
        static func propertiesHint(_ names: [String]) -> String {
            "A name=value a line. This permission reads: \(names.joined(separator: ", "))."
        }
        static func example(_ syntax: Syntax) -> String {
            switch syntax {
            case .topic: "plant/7/temp"
            case .path: "/orders/42"
            case .name: "order-42"
            }
        }
        static let fits = "Matches"
        static let fitsNot = "Does not match"
        static func why(_ verdict: PermissionCheck.Verdict) -> String? {
            switch verdict {
            case .fits: nil
            case .refusedID: "no resource of this type can have that id, so every question about it is denied"
            case .unknownAction: "the type has no such action"
            case .fails(.action): "the action is not among those chosen"
            case .fails(.condition): "the condition does not hold for this example"
            case .fails: "the id does not fit"
            }
        }
        static let dependsOnHolder = "Whether it counts also depends on the attributes of whoever holds it."
        static func registered(_ count: Int, of looked: Int, more: Bool) -> String {
            if looked == 0 { return "No resource of this type is registered; resources need not be." }
            let all =
                more ? "the first \(grouped(looked)) registered" : looked == 1 ? "1 registered" : "\(grouped(looked)) registered"
            return "Matches \(grouped(count)) of \(all)" + (count == 0 ? "." : ":")
        }
    }
}
