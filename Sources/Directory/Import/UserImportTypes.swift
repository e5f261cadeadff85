public import Model

/// How an import reads and what it does about names that are taken.
public struct UserImportOptions: Sendable, Hashable {
    public enum Format: String, Sendable, CaseIterable {
        case csv
        case jsonLines = "jsonl"
    }

    public enum OnConflict: String, Sendable, CaseIterable {
        /// A row whose user name exists is refused; the others go in.
        case fail
        /// It is left out and counted.
        case skip
        /// It changes the user: what the row gives, and nothing else.
        case update
    }

    public var format: Format
    public var onConflict: OnConflict
    /// Looks at everything and changes nothing.
    public var dryRun: Bool
    /// How many of the first good rows the summary repeats.
    public var samples: Int

    public init(format: Format, onConflict: OnConflict = .fail, dryRun: Bool = false, samples: Int = 0) {
        self.format = format
        self.onConflict = onConflict
        self.dryRun = dryRun
        self.samples = samples
    }
}

/// A row that did not go in.
public struct RefusedRow: Sendable, Hashable {
    /// 1 is the first row behind the header.
    public let row: Int
    /// What is wrong with it. `field` is empty where it is the row as a whole.
    public let errors: [FieldError]

    public init(row: Int, errors: [FieldError]) {
        self.row = row
        self.errors = errors
    }
}

/// What came of an import.
public struct UserImportSummary: Sendable {
    public internal(set) var created = 0
    public internal(set) var updated = 0
    public internal(set) var skipped = 0
    public internal(set) var failed = 0
    /// Set when it ended before the text did.
    public internal(set) var stopped: Stop?
    /// After the last change; `nil` when there was none.
    public internal(set) var revision: Revision?
    /// The first good rows, as they were understood.
    public internal(set) var samples: [Sample] = []

    /// Where and why an import ended early. Rows before `row` are done, it and what follows is not.
    public struct Stop: Sendable {
        public let row: Int
        public let error: any Error
    }

    /// One row as it was understood.
    public struct Sample: Sendable, Hashable {
        public let row: Int
        public let username: String
        public let name: String?
        public let email: String?
        /// As the row says it; `nil` when it does not.
        public let status: String?
        /// The scheme of the password hash, such as `bcrypt`; never the hash.
        public let passwordHash: String?
        public let attributes: JSONObject
    }

    public init() {}
}

extension RefusedRow {
    /// One line of the report: `{"row","errors"}` as JSON, with its line feed.
    public var line: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("row", row)
            writer.name("errors")
            writer.array { writer in
                for error in errors {
                    writer.object {
                        $0.member("field", error.field)
                        $0.member("code", error.code)
                        $0.member("message", error.message)
                    }
                }
            }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}
