extension Texts {
    /// The first page.
    enum Home {
        static let title = "Home"
        static let sentence = "What is going on in this realm."
        static func welcome(_ name: String) -> String { "Welcome, \(name)" }
        static let personalSentence = "You are signed in."
        static let personalTitle = "Your account"
        static let personalText =
            "Here you change your name, e-mail address and password, and see where you are signed in. There is nothing else for you to manage."
        static let openAccount = "Open My account"

        static let users = "Users"
        static let sessions = "Open sessions"
        static let signInsToday = "Sign-ins today"
        static let failuresToday = "Failed sign-ins today"
        static func atLeast(_ count: String) -> String { "\(count) or more" }

        static let perHour = "Sign-ins of the last 24 hours"
        static let perHourSentence = "By hour, the current one at the right."
        static func signIns(_ count: Int) -> String { count == 1 ? "1 sign-in." : "\(grouped(count)) sign-ins." }

        static let attention = "Needs attention"
        static let attentionSentence = "What somebody should look at."
        static let calm = "Nothing needs attention."
        static let lockedUsers = "Locked after failures"
        static let invitedUsers = "Invited, never signed in"
        static let showThese = "Show all"
        static func failuresLine(_ count: Int) -> String {
            count == 1 ? "1 sign-in was refused today" : "\(grouped(count)) sign-ins were refused today"
        }
        static let showFailures = "Show refused sign-ins"

        static let recentSignIns = "Recent sign-ins"
        static let recentFailures = "Recent refusals"
        static let noSignIns = "Nobody has signed in yet."
        static let noFailures = "No sign-in was refused."
        static let showAll = "Show all"
        static let byStatus = "Users by status"
        static let firstTitle = "You are the only user"
        static let firstSentence = "Create the next one, so that more than one person can sign in."
    }
}
