extension Texts {
    /// Services and their tokens.
    enum Services {
        static let title = "Services"
        static let sentence = "Programs that sign in with a token."
        static let create = "Create service"
        static let search = "Search services"
        static let searchPlaceholder = "Beginning of a name"
        static let none = "No services yet"
        static let noneSentence = "A program that asks Gatehouse, or is asked about, is a service. Create the first one."
        static let noneFound = "Nothing fits"
        static let noneFoundSentence = "No service fits this search and these filters. Take one away."
        static let showAll = "Show all services"

        static let name = "Name"
        static let status = "Status"
        static let description = "Description"
        static let active = "Active"
        static let disabled = "Disabled"
        static let open = "Open"
        static let edit = "Edit"
        static let disable = "Disable"
        static let enable = "Enable"
        static let delete = "Delete"
        static func unknownStatus(_ status: String) -> String { "There is no status \"\(status)\". Choose active or disabled." }

        static let createTitle = "Create service"
        static let createSentence = "It can do nothing until it has a token and a role."
        static let createButton = "Create service"
        static let nameHint = "Unique among users, services and devices: letters, digits and _ ~ @ . + - only."
        static func createdFlash(_ name: String) -> String { "Created \(name). Give it a token and a role now." }
        static func editTitle(_ name: String) -> String { "Edit \(name)" }
        static let editSentence = "Its tokens and roles stay as they are."
        static func saved(_ name: String) -> String { "Saved \(name)." }

        static let facts = "Service"
        static let disabledTitle = "This service is disabled"
        static let disabledSentence = "Its tokens are refused until somebody enables it again."
        static func disableQuestion(_ name: String) -> String { "Disable \(name)?" }
        static let disableConsequence = "The service stays, but its tokens are refused at once:"
        static let disableButton = "Disable service"
        static func disabledFlash(_ name: String) -> String { "Disabled \(name). Its tokens are refused." }
        static func enabledFlash(_ name: String) -> String { "Enabled \(name). Its tokens work again." }
        static func deleteQuestion(_ name: String) -> String { "Delete \(name)?" }
        static let deleteSentence = "The service is gone at once and cannot be brought back. With it go:"
        static let deleteButton = "Delete service"
        static func deleted(_ name: String) -> String { "Deleted \(name)." }
        static func tokenCount(_ count: Int) -> String {
            count == 0 ? "no token" : count == 1 ? "1 token" : "\(grouped(count)) tokens"
        }
        static func assignmentCount(_ count: Int) -> String {
            count == 1 ? "1 role assignment" : "\(grouped(count)) role assignments"
        }
        static func groupCount(_ count: Int) -> String {
            count == 1 ? "1 group membership" : "\(grouped(count)) group memberships"
        }

        static let tokens = "Tokens"
        static let tokensSentence = "What the program signs in with. Each is shown once, when it is created."
        static let noTokens = "No token yet, so the program cannot sign in."
        static let createToken = "Create token"
        static let created = "Created"
        static let expires = "Ends"
        static let lastUsed = "Last used"
        static let limits = "Limited to"
        static let unlimited = "everything the service may do"
        static let deleteToken = "Delete"
        static func deleteTokenNamed(_ name: String) -> String { "Delete the token \(name)" }

        static func tokenTitle(_ name: String) -> String { "Create a token for \(name)" }
        static let tokenSentence = "It is shown once, on the next page. Have a place for it ready."
        static let tokenNameHint = "Where it will be used, so that you know which one to delete."
        static let tokenButton = "Create token"
        static let narrow = "Narrow what it may do"
        static let narrowSentence =
            "With permissions here the token may do what they allow and the service may, and nothing else. Without any, all the service may."

        static func shownTitle(_ name: String) -> String { "Token \(name)" }
        static let shownSentence = "Copy it now: it is not kept, and cannot be shown again."
        static let shown = "The token"
        static let shownUse = "Sent as"
        static let shownDone = "I have it, back to the service"

        static func deleteTokenQuestion(_ name: String) -> String { "Delete the token \(name)?" }
        static let deleteTokenSentence = "Programs that use it are refused at once."
        static func lastUsedSentence(_ words: String) -> String { "It was last used \(words)." }
        static let neverUsed = "It was never used."
        static let deleteTokenButton = "Delete token"
        static func tokenDeleted(_ name: String) -> String { "Deleted the token \(name)." }
    }
}
