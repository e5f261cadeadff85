import Model

/// Turns the text of an import into rows as it arrives.
struct RowReader {
    /// Bytes of one row.
    static let maximumRow = 64 << 10
    static let maximumColumns = 1000

    private enum Format {
        case csv(CSVReader)
        case lines(LineReader)
    }

    private enum Column: Hashable {
        case username, name, email, status, passwordHash
        case attribute(String)
    }

    private var format: Format
    private var columns: [Column] = []
    private var isBegun = false
    private var head: [UInt8] = []
    private var count = 0
    /// Rows read and not yet taken.
    private(set) var rows: [ImportedRow] = []
    /// The row from which on nothing can be understood.
    private(set) var lostAt: Int?

    init(_ format: UserImportOptions.Format) {
        switch format {
        case .csv: self.format = .csv(CSVReader(maximumRow: Self.maximumRow))
        case .jsonLines: self.format = .lines(LineReader(maximumLine: Self.maximumRow))
        }
    }

    /// How many rows have been begun.
    var rowCount: Int { count }

    mutating func takeRows() -> [ImportedRow] {
        defer { rows.removeAll(keepingCapacity: true) }
        return rows
    }

    /// Throws `malformed` when the text is not of this kind at all: said before any row is looked at.
    mutating func read(_ bytes: [UInt8]) throws {
        guard !isBegun else { return try parse(bytes) }
        head += bytes
        guard head.count >= 3 else { return }
        try begin()
    }

    /// The text is complete.
    mutating func finish() throws {
        if !isBegun { try begin() }
        switch format {
        case .csv(var reader):
            var records: [CSVReader.Record] = []
            reader.finish { records.append($0) }
            format = .csv(reader)
            try records.forEach { try take($0, isLost: false) }
            guard !columns.isEmpty else {
                throw ServiceError.malformed(
                    "The body is empty. CSV begins with a line of column names, such as username,name,email.")
            }
        case .lines(var reader):
            var lines: [[UInt8]?] = []
            reader.finish { lines.append($0) }
            format = .lines(reader)
            try lines.forEach { try take($0) }
            guard count > 0 else {
                throw ServiceError.malformed("The body is empty. JSON lines have one JSON object on each line.")
            }
        }
    }

    /// The mark that some programs put in front of UTF-8 goes; those of UTF-16 are told about.
    private mutating func begin() throws {
        isBegun = true
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { head.removeFirst(3) }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw ServiceError.malformed("The body is UTF-16. Save the file as UTF-8.")
        }
        let bytes = head
        head = []
        try parse(bytes)
    }

    private mutating func parse(_ bytes: [UInt8]) throws {
        switch format {
        case .csv(var reader):
            // Taken out while it is changed, so that it is not copied.
            format = .lines(LineReader(maximumLine: 0))
            var records: [CSVReader.Record] = []
            reader.read(bytes) { records.append($0) }
            let isLost = reader.isLost
            format = .csv(reader)
            for (index, record) in records.enumerated() {
                try take(record, isLost: isLost && index == records.count - 1)
            }
        case .lines(var reader):
            format = .lines(LineReader(maximumLine: 0))
            var lines: [[UInt8]?] = []
            reader.read(bytes) { lines.append($0) }
            format = .lines(reader)
            try lines.forEach { try take($0) }
        }
    }

    // MARK: CSV

    private mutating func take(_ record: CSVReader.Record, isLost: Bool) throws {
        guard !columns.isEmpty else { return try takeHeader(record) }
        count += 1
        if isLost { lostAt = count }
        rows.append(row(record))
    }

    private mutating func takeHeader(_ record: CSVReader.Record) throws {
        guard record.fault == nil, record.fields.count <= Self.maximumColumns else {
            throw ServiceError.malformed(
                "The first line is no header of CSV: it may have up to \(Self.maximumColumns) columns and \(Self.maximumRow) bytes, "
                    + "and quotes must be closed.")
        }
        var seen = Set<Column>()
        var wrong: [FieldError] = []
        for field in record.fields {
            guard let name = String(validating: field, as: UTF8.self) else {
                throw ServiceError.malformed("The first line is not UTF-8. Save the file as CSV in UTF-8.")
            }
            guard let column = Self.column(named: name) else {
                if wrong.count < 20 { wrong.append(Self.unknown(name)) }
                continue
            }
            if !seen.insert(column).inserted {
                wrong.append(FieldError(field: name, code: "duplicate", message: "This column is there twice."))
            }
            columns.append(column)
        }
        guard wrong.isEmpty else {
            throw ServiceError.malformed(
                "The first line must name columns; these are wrong: " + wrong.map { "\"\($0.field)\"" }.joined(separator: ", ")
                    + ". Known are username, name, email, status, passwordHash and attributes.NAME, separated by commas.",
                fields: wrong)
        }
        guard seen.contains(.username) else {
            throw ServiceError.malformed(
                "The column username is missing.",
                fields: [FieldError(field: "username", code: "required", message: "A column of this name must be there.")])
        }
    }

    private static func column(named name: String) -> Column? {
        switch name {
        case "username": return .username
        case "name": return .name
        case "email": return .email
        case "status": return .status
        case "passwordHash": return .passwordHash
        default:
            guard name.hasPrefix("attributes.") else { return nil }
            let attribute = String(name.dropFirst("attributes.".utf8.count))
            return UserRules.isAttributeName(attribute) ? .attribute(attribute) : nil
        }
    }

    private static func unknown(_ name: String) -> FieldError {
        let shown = String(String.UnicodeScalarView(name.unicodeScalars.prefix(80)))
        return FieldError(field: shown, code: "unknown", message: "There is no such column.")
    }

    private func row(_ record: CSVReader.Record) -> ImportedRow {
        var row = ImportedRow(number: count)
        switch record.fault {
        case .quote:
            return ImportedRow(
                number: count, fault: "malformed",
                "A quotation mark stands inside a field. Put the whole field in quotes, and double those inside it.")
        case .tooLong: return Self.tooLong(count)
        case .unclosed: return ImportedRow(number: count, fault: "malformed", "A quoted field begins here and is never closed.")
        case nil: break
        }
        guard record.fields.count == columns.count else {
            return ImportedRow(
                number: count, fault: "malformed",
                "This row has \(record.fields.count) fields, and the first line names \(columns.count).")
        }
        var attributes: [(String, JSONValue)] = []
        for (column, field) in zip(columns, record.fields) {
            guard let text = String(validating: field, as: UTF8.self) else {
                return ImportedRow(number: count, fault: "encoding", "This row is not UTF-8.")
            }
            switch column {
            case .username: row.set(username: text)
            case .name: row.patch.name = text.isEmpty ? .clear : .set(text)
            case .email: row.patch.email = text.isEmpty ? .clear : .set(text)
            case .status: row.set(status: text)
            case .passwordHash: row.set(passwordHash: text)
            case .attribute(let name): attributes.append((name, text.isEmpty ? .null : CellValue.read(text)))
            }
        }
        if !attributes.isEmpty { row.patch.attributes = .set(JSONObject(attributes)) }
        row.check()
        return row
    }

    private static func tooLong(_ number: Int) -> ImportedRow {
        ImportedRow(number: number, fault: "too_long", "A row may have at most \(maximumRow) bytes.")
    }

    // MARK: JSON lines

    private mutating func take(_ line: [UInt8]?) throws {
        // Whoever sends a picture or CSV is told so, not row by row.
        if count == 0, let line, line.first(where: { $0 != 0x20 && $0 != 0x09 }) != UInt8(ascii: "{") {
            throw ServiceError.malformed("The body is not JSON lines: each line must be a JSON object.")
        }
        count += 1
        guard let line else { return rows.append(Self.tooLong(count)) }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            return rows.append(
                ImportedRow(number: count, fault: "malformed", "This is not JSON: \(error.reason), at byte \(error.offset)."))
        }
        guard let object = value.object else {
            return rows.append(
                ImportedRow(number: count, fault: "malformed", "A row is a JSON object, not \(value.typeName)."))
        }
        rows.append(row(object))
    }

    private func row(_ object: JSONObject) -> ImportedRow {
        var row = ImportedRow(number: count)
        var attributes: [(name: String, value: JSONValue)] = []
        for (name, value) in object.members {
            switch (Self.column(named: name), value) {
            case (.username, .string(let text)): row.set(username: text)
            case (.name, .string(let text)): row.patch.name = .set(text)
            case (.name, .null): row.patch.name = .clear
            case (.email, .string(let text)): row.patch.email = .set(text)
            case (.email, .null): row.patch.email = .clear
            case (.status, .string(let text)): row.set(status: text)
            case (.passwordHash, .string(let text)): row.set(passwordHash: text)
            case (.status, .null), (.passwordHash, .null), (.username, .null): break
            case (.attribute(let attribute), _): attributes.append((attribute, value))
            case (nil, .object(let members)) where name == "attributes": attributes += members.members
            case (nil, .null) where name == "attributes": break
            case (nil, _) where name != "attributes":
                if row.errors.count < 20 { row.errors.append(Self.unknown(name)) }
            default:
                row.errors.append(
                    FieldError(
                        field: name, code: "wrong_type",
                        message: "This must be \(name == "attributes" ? "an object" : "a string"), not \(value.typeName)."))
            }
        }
        // Thousands of members are refused by their number; putting them in one by one would take its time.
        guard attributes.count <= 2 * UserRules.maximumAttributes else {
            row.errors.append(
                FieldError(
                    field: "attributes", code: "too_many", message: "Use at most \(UserRules.maximumAttributes) attributes."))
            return row
        }
        if !attributes.isEmpty { row.patch.attributes = .set(JSONObject(attributes.map { ($0.name, $0.value) })) }
        row.check()
        return row
    }
}
