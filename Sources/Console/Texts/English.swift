/// Every sentence the console says, in one catalogue. Pages add theirs as extensions beside this file, so that a
/// translation has one place to look.
enum Texts {
    static let product = "Gatehouse"

    /// The frame around every page.
    enum Frame {
        static let skip = "Skip to the content"
        static let navigation = "Main"
        static let breadcrumb = "Where you are"
        static let menu = "Menu"
        static let home = "Home"
        static let directory = "Directory"
        static let users = "Users"
        static let groups = "Groups"
        static let services = "Services"
        static let access = "Access"
        static let assignments = "Assignments"
        static let watch = "Watch"
        static let auditLog = "Audit log"
        static let account = "My account"
        static let signOut = "Sign out"
        static let search = "Search everywhere"
        static let searchKey = "/"
        static let searchButton = "Search"
        static let theme = "Colours"
        static let themeLight = "Light"
        static let themeDark = "Dark"
        static let themeSystem = "Like the system"
        static let dismiss = "Dismiss"
        static let help = "Help"
        static let api = "API"
        static let parts = "Parts"
        static let footer = "Gatehouse: who you are, and what you may do."

        static func title(_ page: String) -> String { "\(page) · \(product)" }
        static func realm(_ name: String) -> String { "Realm \(name)" }
    }

    /// The parts, used on every page.
    enum Parts {
        static let optional = "(optional)"
        static let showPassword = "Show"
        static let hidePassword = "Hide"
        static let passwordLooksGood = "Good: long enough, and not easy to guess."
        static let passwordsDiffer = "The two passwords differ. Type the same one twice."
        static let usernameShape = "A user name has letters, digits and _ ~ @ . + - only."
        static let emailShape = "An e-mail address looks like name@example.org."
        static let copy = "Copy"
        static let copied = "Copied"
        static let cancel = "Cancel"
        static let close = "Close"
        static let previous = "Previous"
        static let next = "Next"
        static let pages = "Pages"
        static let filter = "Filter"
        static let clearFilters = "Clear all"
        static let filters = "Filters"
        static let selectAll = "Select all on this page"
        static let selected = "selected"
        static let bulk = "With the selected"
        static let moreActions = "More"
        static let never = "never"
        static let sameAs = "The same as"
        static let sameCommand = "As a command"
        static let sameCall = "As an API call"
        static let errorSummary = "Nothing was saved yet"
        static let any = "Any"
        static let nothing = "–"
        static let loading = "Loading"
        static let timeInUTC = "In UTC."
        static let timeInYourZone = "In your time zone."

        static func select(_ name: String) -> String { "Select \(name)" }
        static func actions(for name: String) -> String { "Actions for \(name)" }
        static func removeFilter(_ label: String) -> String { "Remove the filter \(label)" }
        static func range(from: String, to: String, of total: String?) -> String {
            if let total { "Showing \(from) to \(to) of \(total)" } else { "Showing \(from) to \(to)" }
        }
        static func showing(_ count: String) -> String { "Showing \(count)" }
        static let showingNone = "Showing none"
        static func errorSummary(_ count: Int) -> String {
            count == 1 ? "One thing needs another look" : "\(count) things need another look"
        }
        static func typeToConfirm(_ what: String) -> String { "Type \(what) to confirm" }
    }

    /// How long ago, and when exactly.
    enum Times {
        static let justNow = "just now"
        static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

        static func minutes(_ count: Int64) -> String { count == 1 ? "1 minute ago" : "\(count) minutes ago" }
        static func hours(_ count: Int64) -> String { count == 1 ? "1 hour ago" : "\(count) hours ago" }
        static func days(_ count: Int64) -> String { count == 1 ? "yesterday" : "\(count) days ago" }
        static func inMinutes(_ count: Int64) -> String { count == 1 ? "in 1 minute" : "in \(count) minutes" }
        static func inHours(_ count: Int64) -> String { count == 1 ? "in 1 hour" : "in \(count) hours" }
        static func inDays(_ count: Int64) -> String { count == 1 ? "tomorrow" : "in \(count) days" }
    }

    /// What a session was opened with.
    enum Devices {
        static let unknown = "Unknown device"
        static func on(_ program: String, _ system: String) -> String { "\(program) on \(system)" }
    }
}
