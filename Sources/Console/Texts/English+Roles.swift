extension Texts {
    /// Roles: the list, a role's page, and its form.
    enum Roles {
        static let title = "Roles"
        static let sentence = "Named sets of permissions. Somebody has them by being assigned the role, or through a group."
        static let create = "Create role"
        static let search = "Search roles"
        static let searchPlaceholder = "Name or id"
        static let kind = "Kind"
        static let ownKind = "Made here"
        static let catalogKind = "From a catalog"
        static let builtIn = "Built in"
        static let madeHere = "made here"
        static func unknownKind(_ kind: String) -> String { "There is no kind \"\(kind)\". Choose own, builtIn or catalog." }
        static let noneFound = "No role fits"
        static let noneFoundSentence =
            "No role fits this search and these filters. Take one away, or search for the beginning of a name."
        static let showAll = "Show all roles"

        static let name = "Name"
        static let identifier = "Id"
        static let description = "Description"
        static let permissionCount = "Permissions"
        static let includes = "Includes"
        static let origin = "Origin"

        // One role
        static let pageSentence = "A role, what it allows, and who holds it."
        static let protectedTitle = "This role is built in"
        static let protectedSentence =
            "Built-in roles cannot be changed or deleted. Make a role of your own that includes it, or less than it."
        static let allows = "What it allows"
        static let allowsSentence = "Permissions of this role, and of the roles it includes. Everything else stays denied."
        static let allowsNothing = "Nothing yet."
        static let through = "Through"
        static let holders = "Who holds it"
        static let holdersSentence = "People, services and groups this role is assigned to. Members of a group hold it too."
        static let noHolders = "Nobody is assigned this role."
        static let holder = "Holder"
        static let assignment = "Assignment"
        static let open = "Open"
        static func openAssignment(_ name: String) -> String { "Open the assignment to \(name)" }
        static let allHolders = "All assignments of this role"
        static let flat = "Everybody who has its permissions, through other roles too"
        static let assign = "Assign"
        static let details = "Details"
        static let edit = "Edit"
        static let delete = "Delete"

        static func deleteQuestion(_ name: String) -> String { "Delete the role \(name)?" }
        static let deleteSentence = "Whoever holds it loses what it allows at once. It cannot be brought back. With it go:"
        static let deleteButton = "Delete role"
        static func assignmentCount(_ count: Int) -> String {
            count == 0 ? "no assignment" : count == 1 ? "1 assignment" : "\(grouped(count)) assignments"
        }
        static func permissionWords(_ count: Int) -> String {
            count == 1 ? "1 permission" : "\(grouped(count)) permissions"
        }
        static func deleted(_ name: String) -> String { "Deleted the role \(name)." }

        // The form
        static let createTitle = "Create role"
        static let createSentence = "Say what holders of the role may do. Nobody holds it until it is assigned."
        static let createButton = "Create role"
        static func created(_ name: String) -> String { "Created the role \(name). Assign it to people or groups next." }
        static func editTitle(_ name: String) -> String { "Edit \(name)" }
        static let editSentence = "A change reaches everybody who holds the role, at once."
        static let identifierHint = "Small letters, digits and - . _ only. It stays as it is."
        static let descriptionHint = "What it is for, in one sentence."
        static let includesTitle = "Includes other roles"
        static let includesLegend = "Whoever holds this role holds these too"
        static func mayNotConfer(_ permission: String) -> String {
            "You may not give what you do not hold yourself (\(permission)). Take it out, or ask somebody who holds it."
        }
    }

    /// Who gains and who loses, before a change is saved.
    enum Preview {
        static let button = "Preview the change"
        static let title = "Who gains, who loses"
        static let sentence = "Nothing is saved yet. This is what the change would do to what people may do."
        static let gains = "Gain"
        static let losses = "Lose"
        static let noGains = "Nobody gains anything."
        static let noLosses = "Nobody loses anything."
        static let noChange = "Nobody gains or loses anything"
        static let noChangeSentence = "Nobody holds it, or what is allowed stays the same."
        static let who = "Who"
        static let what = "What"
        static let through = "Through"
        static let save = "Save the change"
        static let back = "Back to editing"
        static let cut = "There is more than is shown here."
        static func members(_ count: Int?) -> String {
            guard let count else { return "with more than 10,000 members" }
            return count == 1 ? "with 1 member" : "with \(grouped(count)) members"
        }
        static func counts(gains: Int, losses: Int) -> String { "\(grouped(gains)) gained, \(grouped(losses)) lost" }
    }
}
