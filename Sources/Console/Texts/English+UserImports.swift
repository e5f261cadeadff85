extension Texts {
    /// Taking many users over.
    enum UserImport {
        static let button = "Import"
        static let title = "Import users"
        static let sentence = "Take people over from a file. Nothing changes before you have seen what would."
        static let file = "Or a file"
        static func fileHint(_ megabytes: Int) -> String {
            "CSV whose first line names the columns, or JSON lines, in UTF-8, up to \(megabytes) MiB."
        }
        static let text = "Rows"
        static let textHint =
            "Columns: username, name, email, status, passwordHash, and attributes.NAME for each attribute. Only username is needed."
        static let onConflict = "When a user name exists"
        static let fail = "Refuse the row"
        static let skip = "Leave the row out"
        static let update = "Change the user"
        static let check = "Check the rows"
        static let nothingSent = "Choose a file, or paste some rows."

        static let checkTitle = "Check the import"
        static let checking = "Looking at the rows"
        static let importing = "Importing"
        static let workingSentence = "This page looks again by itself. You may leave it open or come back to it."
        static let unchanged = "Nothing has been changed yet"
        static let unchangedSentence = "This is what the rows would do."
        static let created = "Created"
        static let updated = "Changed"
        static let skipped = "Left out"
        static let failed = "Refused"
        static let toCreate = "Would be created"
        static let toUpdate = "Would be changed"
        static let toSkip = "Would be left out"
        static let toFail = "Would be refused"
        static let samples = "First rows"
        static let samplesSentence = "As they were understood."
        static let row = "Row"
        static let password = "Password"
        static let attributes = "Attributes"
        static let refused = "Refused rows"
        static let refusedSentence = "The others are not held up by them."
        static func moreRefused(_ count: Int) -> String {
            count == 1 ? "One more is in the report." : "\(grouped(count)) more are in the report."
        }
        static let report = "Download the report"
        static let problem = "What is wrong"
        static func run(_ count: Int) -> String { count == 1 ? "Import 1 user" : "Import \(grouped(count)) users" }
        static let nothingToDo = "No row would go in"
        static let nothingToDoSentence = "Mend the rows, or choose what becomes of names that exist, and check again."
        static let another = "Choose another file"

        static let resultTitle = "What was imported"
        static let done = "Imported"
        static let doneSentence = "Every row is in, or listed here with what is wrong with it."
        static func stopped(_ row: Int) -> String { "The import stopped at row \(grouped(row))" }
        static let stoppedSentence = "The rows before it are done, it and what follows are not."
        static let cannotRead = "The file cannot be used"
        static let failedTitle = "Nothing was imported"
        static let toUsers = "Show the users"
    }

    /// Giving many users away.
    enum UserExport {
        static let button = "Export"
        static let title = "Export users"
        static let sentence = "All users that you may see, as a file that an import takes back."
        static let format = "Form"
        static let csv = "CSV"
        static let jsonl = "JSON lines"
        static let secrets = "With password hashes"
        static let secretsHint =
            "Whoever has the file can try passwords against them. Needed to move everybody to another server."
        static let download = "Download"
        static let recorded = "The export is recorded in the audit log."
    }
}
