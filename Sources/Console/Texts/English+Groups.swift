import Model

extension Texts {
    /// What somebody holds and is a member of.
    enum Holders {
        static let roles = "Roles"
        static func rolesSentence(_ kind: PrincipalKind) -> String {
            switch kind {
            case .group: "Every member holds these, members of nested groups too."
            default: "Given directly. Roles of groups come on top."
            }
        }
        static let noRoles = "None given directly."
        static let allRoles = "All assignments"
        static let directSentence = "Permitted without a role."
        static let allDirect = "All direct permissions"
        static let groups = "Groups"
        static func groupsSentence(_ kind: PrincipalKind) -> String {
            kind == .group ? "What this group is a member of, and holds by that." : "Membership gives what the group holds."
        }
        static let noGroups = "In no group."
        static let join = "Add to a group"
        static let how = "How"
        static let directly = "Directly"
        static let byGroup = "By another group"
        static let leave = "Remove"
        static func leaveGroup(_ group: String) -> String { "Remove from \(group)" }

        static func joinTitle(_ name: String) -> String { "Add \(name) to a group" }
        static let joinSentence = "Membership counts at once, and gives everything the group holds."
        static let joinButton = "Add to the group"
        static func joined(_ name: String, _ group: String) -> String { "Added \(name) to \(group)." }
        static func left(_ name: String, _ group: String) -> String { "Removed \(name) from \(group)." }
    }

    /// Groups and their members.
    enum Groups {
        static let title = "Groups"
        static let sentence = "Named sets of people, programs and devices. A group can be in a group."
        static let create = "Create group"
        static let search = "Search groups"
        static let searchPlaceholder = "Beginning of a name"
        static let none = "No groups yet"
        static let noneSentence = "What a group is given, all its members hold. Create the first one."
        static let noneFound = "Nothing fits"
        static let noneFoundSentence = "No group fits this search. Search for the beginning of a name."
        static let showAll = "Show all groups"

        static let name = "Name"
        static let description = "Description"
        static let created = "Created"
        static let updated = "Changed"
        static let open = "Open"
        static let edit = "Edit"
        static let delete = "Delete"
        static func count(_ count: Int) -> String { count == 1 ? "1 group" : "\(grouped(count)) groups" }

        static let createTitle = "Create group"
        static let createSentence = "Members and roles come next."
        static let createButton = "Create group"
        static let nameHint = "Unique among the groups."
        static let descriptionHint = "What it is for."
        static func createdFlash(_ name: String) -> String { "Created \(name). Add its members now." }
        static func editTitle(_ name: String) -> String { "Edit \(name)" }
        static let editSentence = "Members and roles stay as they are."
        static let save = "Save changes"
        static func saved(_ name: String) -> String { "Saved \(name)." }
        static let stale = "The form has lost which version it belongs to. Open it again."

        static let facts = "Group"
        static let members = "Members"
        static let membersSentence = "Who is in it itself. Members of nested groups belong to it too."
        static let noMembers = "Nobody is in this group yet."
        static let noMembersFound = "No member fits this search."
        static let memberSearch = "Search members"
        static let kind = "Kind"
        static let remove = "Remove"
        static func removeMember(_ name: String) -> String { "Remove \(name)" }
        static let addTitle = "Add a member"
        static let add = "Add"
        static let memberName = "Name"
        static let memberHint = "A user name, the name of a group or of a service, or an id."
        static func added(_ name: String, _ group: String) -> String { "Added \(name) to \(group)." }
        static func removed(_ name: String, _ group: String) -> String { "Removed \(name) from \(group)." }
        static func notYours(_ permission: String) -> String {
            "Nobody gives what they do not hold: this membership takes \(permission). Ask somebody who may."
        }

        static func deleteQuestion(_ name: String) -> String { "Delete \(name)?" }
        static let deleteSentence = "Its members stay, and lose what they hold by it at once. With it go:"
        static let deleteButton = "Delete group"
        static func deleted(_ name: String) -> String { "Deleted \(name)." }
        static let yours = "You are in this group. You may lose what you are using right now."
        static func consequences(members: Int, roleAssignments: Int, authorizations: Int) -> [String] {
            [
                members == 0 ? "no membership" : members == 1 ? "1 membership" : "\(grouped(members)) memberships",
                roleAssignments == 0
                    ? "no role assignment"
                    : roleAssignments == 1 ? "1 role assignment" : "\(grouped(roleAssignments)) role assignments",
                authorizations == 0
                    ? "no authorization" : authorizations == 1 ? "1 authorization" : "\(grouped(authorizations)) authorizations",
            ]
        }

        static let noneChosen = "Choose at least one group first."
        static let tooMany = "That is more than one page of groups. Choose fewer."
        static func bulkQuestion(_ count: Int) -> String { "Delete \(Groups.count(count))?" }
        static let bulkSentence = "They are gone at once and cannot be brought back; their members stay:"
        static func bulkTotals(members: Int, roleAssignments: Int) -> String {
            "With them go \(grouped(members)) memberships and at most \(grouped(roleAssignments)) role assignments."
        }
        static let bulkMissing = "Some of the selected no longer exist and are left out."
        static func bulkMore(_ count: Int) -> String { "and \(grouped(count)) more" }
        static func bulkButton(_ count: Int) -> String { "Delete \(Groups.count(count))" }
        static func bulkDeleted(_ count: Int) -> String { "Deleted \(Groups.count(count))." }
        static let bulkCrumb = "With the selected"
        static let bulkResult = "Not all of it was done"
        static func bulkRefused(_ count: Int) -> String { "\(Groups.count(count)) could not be deleted" }
        static let back = "Back to the groups"
    }
}
