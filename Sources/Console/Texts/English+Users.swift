extension Texts {
    /// The pages about users.
    enum Users {
        static let title = "Users"
        static let sentence = "People who can sign in to this realm."
        static let create = "Create user"
        static let search = "Search users"
        static let searchPlaceholder = "Name, user name or e-mail"
        static let none = "No users yet"
        static let noneSentence = "Everybody who signs in to this realm is listed here. Create the first one."
        static let noneFound = "Nobody fits"
        static let noneFoundSentence =
            "No user fits this search and these filters. Take one away, or search for the beginning of a name."
        static let showAll = "Show all users"

        static let name = "Name"
        static let username = "User name"
        static let email = "E-mail"
        static let status = "Status"
        static let created = "Created"
        static let updated = "Changed"
        static let lastSignIn = "Last sign-in"
        static let identifier = "Id"
        static let store = "User store"
        static let builtinStore = "Built in"
        static let emailVerified = "verified"
        static let emailNotVerified = "not verified"

        static let active = "Active"
        static let disabled = "Disabled"
        static let locked = "Locked"
        static let invited = "Invited"

        static func statusChip(_ status: String) -> String { "Status: \(status)" }
        static func searchChip(_ words: String) -> String { "Search: \(words)" }

        static let open = "Open"
        static let edit = "Edit"
        static let setPassword = "Set password"
        static let disable = "Disable"
        static let enable = "Enable"
        static let unlock = "Unlock"
        static let delete = "Delete"
        static func unknownStatus(_ status: String) -> String {
            "There is no status \"\(status)\". Choose active, disabled, locked or invited."
        }

        static func count(_ count: Int) -> String { count == 1 ? "1 user" : "\(grouped(count)) users" }
    }

    /// One user's page.
    enum User {
        static let profile = "Profile"
        static let attributes = "Attributes"
        static let attributesSentence = "What other systems keep with this user."
        static let sessions = "Sessions"
        static let sessionsSentence = "Where this person is signed in now."
        static let noSessions = "Not signed in anywhere."
        static let device = "Device"
        static let address = "Address"
        static let signedIn = "Signed in"
        static let lastSeen = "Last seen"
        static let ends = "Ends"
        static let endSession = "End"
        static let endAllSessions = "End all sessions"
        static let thisSession = "this one"
        static let events = "What happened"
        static let eventsSentence = "What this person did, and what was done to the account."
        static let noEvents = "Nothing is recorded yet."
        static let allEvents = "All of it in the audit log"
        static let lockedTitle = "Sign-in is held back"
        static let lockedSentence =
            "Too many wrong passwords were tried. The lock ends by itself after a while; unlock to let the person try at once."
        static let disabledTitle = "This user is disabled"
        static let disabledSentence = "Signing in is refused until somebody enables the user again."
        static let invitedTitle = "No password yet"
        static let invitedSentence = "This user cannot sign in before a password is set."
        static let you = "This is you"
        static let youSentence = "What you may change yourself is in My account."
        static let openAccount = "Open My account"

        static func subtitle(_ username: String, _ status: String) -> String { "\(username) · \(status)" }
        static func sessionCount(_ count: Int) -> String { count == 1 ? "1 session" : "\(grouped(count)) sessions" }

        static func disabled(_ name: String) -> String { "Disabled \(name). Open sessions have ended." }
        static func enabled(_ name: String) -> String { "Enabled \(name)." }
        static func unlocked(_ name: String) -> String { "Unlocked \(name). Signing in works again at once." }
        static func deleted(_ name: String) -> String { "Deleted \(name)." }
        static func sessionEnded(_ name: String) -> String { "Ended one session of \(name)." }
        static func sessionsEnded(_ name: String) -> String { "Ended all sessions of \(name)." }

        static func disableQuestion(_ name: String) -> String { "Disable \(name)?" }
        static let disableSentence = "The account stays, but signing in is refused and open sessions end at once."
        static let disableButton = "Disable user"
        static func deleteQuestion(_ name: String) -> String { "Delete \(name)?" }
        static let deleteSentence =
            "The account is gone at once and cannot be brought back. The audit log keeps what happened. With it go:"
        static let deleteButton = "Delete user"
        static let yourself = "This is the account you are signed in with. You will be signed out."
        static func endAllQuestion(_ name: String) -> String { "End all sessions of \(name)?" }
        static let endAllSentence = "The person has to sign in again everywhere."

        static func consequences(sessions: Int, groups: Int, roleAssignments: Int, authorizations: Int) -> [String] {
            var lines = [
                sessions == 0 ? "no open session" : sessions == 1 ? "1 open session" : "\(grouped(sessions)) open sessions"
            ]
            if groups > 0 { lines.append(groups == 1 ? "1 group membership" : "\(grouped(groups)) group memberships") }
            if roleAssignments > 0 {
                lines.append(roleAssignments == 1 ? "1 role assignment" : "\(grouped(roleAssignments)) role assignments")
            }
            if authorizations > 0 {
                lines.append(authorizations == 1 ? "1 authorization" : "\(grouped(authorizations)) authorizations")
            }
            return lines
        }
    }

    /// Creating and editing.
    enum UserForm {
        static let createTitle = "Create user"
        static let createSentence = "The person can sign in as soon as there is a password."
        static let createButton = "Create user"
        static let usernameHint = "What the person signs in with: letters, digits and _ ~ @ . + - only."
        static let nameHint = "How others see this person."
        static let password = "Password"
        static let newPassword = "New password"
        static let passwordHint = "At least 15 characters. A few words in a row are easy to remember."
        static let noPasswordHint = "At least 15 characters. Leave both empty to set it later; until then nobody can sign in."
        static let keepPasswordHint = "Leave both empty to keep the password. A new one ends all sessions of this user."
        static let passwordAgain = "Password again"
        static let mustChange = "Ask for a new password at the next sign-in"
        static let mustChangeHint = "Then only the person knows the password that counts."
        static func created(_ name: String) -> String { "Created \(name)." }
        static func createdWithoutChange(_ name: String) -> String {
            "Created \(name), but the password will not have to be changed: setting that was refused."
        }

        static func editTitle(_ name: String) -> String { "Edit \(name)" }
        static let editSentence = "A changed user name is the one to sign in with from now on."
        static let save = "Save changes"
        static let unchanged = "Nothing was changed."
        static func saved(_ name: String) -> String { "Saved \(name)." }
        static func savedWithPassword(_ name: String) -> String {
            "Saved \(name) with the new password. Open sessions have ended."
        }
        static let staleTitle = "Somebody changed this user after you opened the form"
        static let staleSentence =
            "Nothing of yours was saved yet. This is what changed; what you typed is still below. Save again to keep yours."
        static let staleOther = "Something outside this form changed, such as the status or the attributes."
        static func staleField(_ field: String, from: String, to: String) -> String { "\(field): was \(from), is now \(to)" }
        static let empty = "empty"
        static let versionUnreadable = "The form has lost which version of the user it belongs to. Open it again."

        static func passwordTitle(_ name: String) -> String { "Set a password for \(name)" }
        static let passwordSentence = "The new password works at once, and all open sessions of this user end."
        static let passwordButton = "Set password"
        static func passwordSet(_ name: String) -> String { "Set a new password for \(name). Open sessions have ended." }
    }

    /// The same thing done to many users.
    enum BulkUsers {
        static let noneChosen = "Choose at least one user first."
        static let tooMany = "That is more than one page of users. Choose fewer."
        static let unknownAction = "That cannot be done with many users at once."
        static let deleteWord = "delete"
        static func mustType(_ word: String) -> String { "Type \(word) to show that you mean all of them." }
        static let crumb = "With the selected"

        static let disableSentence = "Signing in is refused and their open sessions end at once:"
        static let enableSentence = "They can sign in again:"
        static let deleteSentence = "Their accounts are gone at once and cannot be brought back:"
        static let missing = "Some of the selected no longer exist and are left out."
        static let withYou = "You are among them."

        static func disableQuestion(_ count: Int) -> String { "Disable \(Users.count(count))?" }
        static func enableQuestion(_ count: Int) -> String { "Enable \(Users.count(count))?" }
        static func deleteQuestion(_ count: Int) -> String { "Delete \(Users.count(count))?" }
        static func disableButton(_ count: Int) -> String { "Disable \(Users.count(count))" }
        static func enableButton(_ count: Int) -> String { "Enable \(Users.count(count))" }
        static func deleteButton(_ count: Int) -> String { "Delete \(Users.count(count))" }
        static func disabled(_ count: Int) -> String { "Disabled \(Users.count(count))." }
        static func enabled(_ count: Int) -> String { "Enabled \(Users.count(count))." }
        static func deleted(_ count: Int) -> String { "Deleted \(Users.count(count))." }
        static let resultTitle = "Not all of it worked"
        static let resultSentence = "These were refused; the others are done."
        static func refused(_ count: Int) -> String { "\(Users.count(count)) refused" }
        static let back = "Back to the users"
        static func more(_ count: Int) -> String { "and \(grouped(count)) more" }
        static func totals(sessions: Int, roleAssignments: Int) -> String {
            let first = sessions == 1 ? "1 open session" : "\(grouped(sessions)) open sessions"
            let second = roleAssignments == 1 ? "1 role assignment" : "\(grouped(roleAssignments)) role assignments"
            return "With them go \(first) and \(second)."
        }
    }
}
