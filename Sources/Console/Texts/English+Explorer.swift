import Access

extension Texts {
    /// The flat list of permissions.
    enum Flat {
        static let title = "Permissions"
        static let sentence = "Who holds what, and through what. Everything that is not here is denied."
        static let by = "Show"
        static let byPrincipal = "What somebody holds"
        static let byRole = "Who holds a role"
        static let byAction = "Who may do an action"
        static let start = "Choose what to look at"
        static let startSentence =
            "Name somebody, a role, or an action on a type of resource; the list shows every permission that counts now."
        static let none = "No permission counts now"
        static let noneSentence = "Nothing fits, or nothing that you may see."
        static let who = "Who"
        static let what = "What"
        static let through = "Through"
        static let reaches = "Reaches"
        static let ends = "Ends"
        static let directly = "directly"
        static let show = "Show"
        static let explain = "Explain"
        static let unknownRole = "There is no role of that id that you may see."
        static let somebodyUnseen = "somebody you may not see"
    }

    /// Asking who may do what.
    enum Explorer {
        static let entry = "Explorer"
        static let title = "Access explorer"
        static let sentence = "Ask what somebody may do, and see why."
        static let tabAsk = "May they?"
        static let tabWho = "Who can?"
        static let tabWhat = "What can they?"
        static let kind = "Kind"
        static let who = "Who"
        static let resource = "Id of the resource"
        static let more = "Properties and context"
        static let properties = "Properties of the resource"
        static let propertiesHint = "A name=value a line. What is stored wins over it."
        static let context = "Context"
        static let contextHint = "A name=value a line, such as assurance=2."
        static let ask = "Ask"
        static let chooseType = "Choose the type of the resource."
        static let nameAction = "Name the action."
        static let nameResource = "Name the resource."
        static func noAction(_ action: String, of type: String, _ known: [String]) -> String {
            "\(type) has no action \"\(action.prefix(100))\". Known are: \(known.joined(separator: ", "))."
        }
        static func wrongLine(_ line: String) -> String { "\"\(line.prefix(100))\" is no name=value." }

        static let answer = "The answer"
        static let allowed = "Allowed"
        static let denied = "Denied"
        static func may(_ who: String, _ action: String, _ type: String, _ id: String) -> String {
            "\(who) may \(action) on \(type) \(id)."
        }
        static func mayNot(_ who: String, _ action: String, _ type: String, _ id: String) -> String {
            "\(who) may not \(action) on \(type) \(id)."
        }
        static let isForbidden = "A permission forbids it."
        static let nothingCovers = "No permission covers it."
        static func way(_ number: Int) -> String { "Way \(number) from the person to the resource" }
        static func closeWay(_ number: Int) -> String { "Close miss \(number), from the person to the resource" }
        static func moreReasons(_ count: Int) -> String {
            count == 1 ? "and 1 more permission" : "and \(grouped(count)) more permissions"
        }
        static let permission = "Permission"
        static let everybody = "Everybody has"
        static let role = "Role"
        static let allows = "allows"
        static let denies = "denies"
        static func close(_ count: Int) -> String { count == 1 ? "This comes close" : "These come close" }
        static func missing(_ missing: Miss.Missing) -> String {
            switch missing {
            case .time: "does not count now"
            case .scope: "reaches other resources only"
            case .condition: "its condition does not hold"
            case .resource: "the resource differs"
            case .action: "the action differs"
            case .assignment: "not assigned"
            }
        }
        static let smallest = "The smallest change that allows it"
        static let previewChange = "Preview the smallest change"
        static let mayNotChange = "You may not make this change yourself. Show this page to somebody who may."
        static let cannotPerform = "This change cannot be made here."
        static let reason = "From the access explorer"

        static let changeTitle = "The smallest change"
        static let changeSentence = "Nothing is changed yet."
        static let performButton = "Make this change"
        static func performed(_ description: String) -> String { "Done: \(description)" }
        static let changedMeanwhile = "Something changed meanwhile, and with it the smallest change. Look at it again."
        static let noChange = "No single change would allow it now."

        // Who can?
        static let whoButton = "Find them"
        static let whoSentence = "Everybody who may do this now, by groups and roles too."
        static let nobodyCan = "Nobody may"
        static let nobodyCanSentence = "No active user or service may do this now."
        static let mayNotSearch =
            "You may not search for who may do something; that needs decision:evaluate. The permissions that speak about it are listed for you."
        static let listPermissions = "List the permissions"
        static func foundTitle(_ action: String, _ type: String, _ id: String) -> String { "May \(action) on \(type) \(id)" }
        static let why = "Why?"
        static func whyPerson(_ name: String) -> String { "Why may \(name)?" }

        // What can they?
        static let whatButton = "Show"
        static let whatNone = "May do nothing of it yet"
        static let whatNoneSentence =
            "No role and no authorization reaches them now. What everybody may do, such as reading one's own profile, is not listed."
        static func whatTitle(_ name: String) -> String { "What \(name) may do" }
        static let effective = "Effective access"
        static let effectiveSentence = "Every permission that counts now, with the way it comes by."
        static let allEffective = "All of it in the explorer"
    }
}
