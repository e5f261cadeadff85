extension Texts {
    enum Account {
        /// Below a table that shows only the newest.
        static func sessionsLeftOut(shown: Int, of count: Int) -> String {
            "Showing the newest \(shown) of \(grouped(count)) sessions."
        }

        static let title = "My account"
        static let sentence = "What others see of you, how you sign in, and where you are signed in."
        static let profile = "Profile"
        static let profileSentence = "Your user name is given by an administrator; the rest is yours."
        static let username = "User name"
        static let name = "Name"
        static let email = "E-mail"
        static let save = "Save the profile"
        static let saved = "Your profile is saved."
        static let roles = "Roles"
        static let groups = "Groups"
        static let noRoles = "None: you see your own account."
        static let password = "Password"
        static let passwordSentence = "Changing it signs you out everywhere else."
        static let current = "Current password"
        static let new = "New password"
        static let confirm = "The same again"
        static let change = "Change the password"
        static let changed = "Your password is changed, and your other sessions have ended."
        static let wrongCurrent = "That is not your current password. Check it and try again."
        static let sessions = "Where you are signed in"
        static let sessionsSentence = "Something you do not know? End it, then change your password."
        static let endOthers = "Sign out everywhere else"
        static let othersEnded = "You are signed out everywhere else."
        static let device = "Device"
        static let address = "Address"
        static let since = "Signed in"
        static let seen = "Last seen"
        static let here = "This one"
        static let end = "End"
        static let ended = "That session has ended."
        static let endSession = "What to do"

        static func end(_ device: String) -> String { "End the session of \(device)" }
    }
}
