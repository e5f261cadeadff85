extension Texts {
    /// What role assignments and authorizations share.
    enum Grants {
        static let tabs = "What was granted"
        static let kind = "To a"
        static let principal = "To whom"
        static let principalHint = "A user name, the name of a group or of a service, or an id."
        static let scope = "Reaches"
        static let scopeHint = "What it counts for. Less is safer."
        static func scopeKind(_ kind: String) -> String {
            switch kind {
            case "organization": "One organization"
            case "group": "The members of one group"
            case "resources": "Selected resources"
            default: Parties.realm
            }
        }
        static func scopeKindBriefly(_ kind: String) -> String {
            switch kind {
            case "organization": "Organization"
            case "group": "Group"
            case "resources": "Resources"
            default: "Realm"
            }
        }
        static let unknownScope = "Choose one of the kinds in the list."
        static let organization = "Organization"
        static let group = "Group"
        static let groupHint = "Its name. What is granted counts for its members, not for the group itself."
        static let type = "Resource type"
        static let ids = "Ids"
        static let idsHint = "One a line, written exactly; no sign in them has a meaning."
        static let validFrom = "From"
        static let expiresAt = "Until"
        static let reason = "Reason"
        static let reasonHint = "For whoever wonders in a year. It is shown in the list."
        static let badTime = "Write the time like 2026-11-21T18:00."
        static func notYours(_ permission: String) -> String {
            "Nobody gives what they do not hold: this takes \(permission). Nothing was saved; narrow it, or ask somebody who may."
        }

        static let who = "Who"
        static let granted = "Granted"
        static let grantedBy = "Granted by"
        static let bySetup = "the setup"
        static let ends = "Ends"
        static let starts = "Starts"
        static let source = "Comes from"
        static let sourceLocal = "Given by hand"
        static let unending = "never"
        static let atOnce = "at once"
        static let expired = "expired"
        static let upcoming = "upcoming"
        static let endsSoon = "ends soon"
        static func from(_ time: String) -> String { "from \(time)" }

        static let filters = "Filter what was granted"
        static let whoPlaceholder = "Name or id"
        static let anyScope = "Reaches"
        static let state = "State"
        static let stateCurrent = "In force"
        static let stateUpcoming = "Upcoming"
        static let stateExpired = "Expired"
        static func whoChip(_ name: String) -> String { "Who: \(name)" }
        static func kindChip(_ kind: String) -> String { "Kind: \(kind)" }
        static func scopeChip(_ kind: String) -> String { "Reaches: \(kind)" }
        static func stateChip(_ state: String) -> String { "State: \(state)" }
        static func unknownChoice(_ name: String) -> String {
            "\(name) has a value this page does not know. Choose one from the list."
        }
        static func nobody(_ name: String) -> String { "Nobody is called \(name)" }
        static let nobodySentence = "No user, group or service that you may see has this name. Check the spelling, or use the id."
    }

    /// Role assignments.
    enum Assignments {
        static let title = "Assignments"
        static let sentence = "Who holds which role, where, and until when."
        static let tab = "Roles"
        static let create = "Give a role"
        static let none = "No role was given yet"
        static let noneSentence = "An assignment gives a role to a user, a group or a service. Give the first one."
        static let noneFound = "Nothing fits"
        static let noneFoundSentence = "No assignment fits these filters. Take one away."
        static let showAll = "Show all assignments"

        static let role = "Role"
        static func roleChip(_ role: String) -> String { "Role: \(role)" }
        static let open = "Open"
        static let edit = "Edit"
        static let remove = "Take away"

        static let createTitle = "Give a role"
        static let createSentence = "What the role allows counts at once, or from the time you choose."
        static let createButton = "Give the role"
        static let roleHint = "The role's id."
        static let chooseRole = "Choose a role"
        static let roleRequired = "Choose the role to give."
        static func created(_ role: String, _ who: String) -> String { "\(who) holds \(role) now." }
        static func title(_ role: String, _ who: String) -> String { "\(role) for \(who)" }
        static func editTitle(_ role: String, _ who: String) -> String { "Edit \(role) for \(who)" }
        static let editSentence = "Whom it belongs to stays; give it anew to somebody else."
        static let save = "Save changes"
        static let saved = "Saved the assignment."
        static let facts = "Assignment"
        static let stale = "The form has lost which version of the assignment it belongs to. Open it again."

        static func removeQuestion(_ role: String, _ who: String) -> String { "Take \(role) from \(who)?" }
        static let removeSentence = "What the role allows ends at once, unless it comes another way:"
        static let removeButton = "Take the role away"
        static func removed(_ role: String, _ who: String) -> String { "Took \(role) from \(who)." }
        static func permissions(_ count: Int) -> String { count == 1 ? "1 permission" : "\(grouped(count)) permissions" }
        static func members(_ count: Int) -> String { count == 1 ? "for 1 member" : "for \(grouped(count)) members" }
        static let toYou = "This role is yours, or your group's. You may lose what you are using right now."
    }
}

extension Texts {
    /// Permissions given directly, without a role.
    enum Authorizations {
        static let title = "Authorizations"
        static let sentence = "What was permitted directly, without a role. A role says more about why."
        static let tab = "Direct permissions"
        static let create = "Permit something"
        static let none = "Nothing was permitted directly"
        static let noneSentence =
            "An authorization gives permissions to a user, a group or a service without a role: for the one case that no role fits."
        static let noneFound = "Nothing fits"
        static let noneFoundSentence = "No authorization fits these filters. Take one away."
        static let showAll = "Show all authorizations"

        static let permissions = "Permissions"
        static let open = "Open"
        static let edit = "Edit"
        static let remove = "Take away"
        static func more(_ count: Int) -> String { "and \(grouped(count)) more" }

        static let createTitle = "Permit something"
        static let createSentence = "What you permit here counts at once, or from the time you choose."
        static let createButton = "Permit it"
        static func created(_ who: String) -> String { "\(who) may do that now." }
        static func title(_ who: String) -> String { "Direct permissions of \(who)" }
        static func editTitle(_ who: String) -> String { "Edit direct permissions of \(who)" }
        static let editSentence = "Whom it belongs to stays; grant it anew to somebody else."
        static let save = "Save changes"
        static let saved = "Saved the authorization."
        static let facts = "Authorization"
        static let stale = "The form has lost which version of the authorization it belongs to. Open it again."

        static func removeQuestion(_ who: String) -> String { "Take these permissions from \(who)?" }
        static let removeSentence = "This ends at once, unless it comes another way:"
        static let removeButton = "Take them away"
        static func removed(_ who: String) -> String { "Took the permissions from \(who)." }
        static let toYou = "These are yours, or your group's. You may lose what you are using right now."
    }
}
