import ArgumentParser
import Model

/// For whom a command writes.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// For people.
    case table
    /// The server's object, or an array of them.
    case json
    /// One object a line.
    case jsonl
}

/// `--output`, the same on every command.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: "For people (table), or exactly the server's objects as one JSON document (json) or one a line (jsonl).")
    var format: OutputFormat = .table

    /// One object: a list of names and values, or the document itself.
    func show(_ object: JSONObject, asPairs pairs: (JSONObject, Terminal) -> [(String, Cell)]) throws {
        switch format {
        case .table:
            let terminal = Terminal.standardOutput()
            try StandardOutput.write(TableWriter.list(pairs(object, terminal), terminal: terminal))
        case .json, .jsonl: try document(object)
        }
    }

    /// What was done, for people; the object it was done to, for programs.
    func report(_ sentence: String, _ object: JSONObject?) throws {
        switch format {
        case .table: try StandardOutput.write(DisplayText.sanitized(sentence) + "\n")
        case .json, .jsonl:
            if let object { try document(object) }
        }
    }

    /// Lines for people, in colours where there are any; the object for programs.
    func report(lines: [Cell], _ object: JSONObject) throws {
        guard format == .table else { return try document(object) }
        let terminal = Terminal.standardOutput()
        try StandardOutput.write(lines.map { terminal.styled($0.text, $0.style) + "\n" }.joined())
    }

    private func document(_ object: JSONObject) throws {
        let value = JSONValue.object(object)
        try StandardOutput.write((format == .jsonl ? JSONText.compact(value) : JSONText.pretty(value)) + "\n")
    }
}

/// Writes a list as it arrives, batch by batch, in any of the formats.
struct ListWriter {
    let format: OutputFormat
    let terminal: Terminal
    private var table: TableWriter
    private let row: (JSONObject, Terminal) -> [Cell]
    private var written = 0

    init(
        format: OutputFormat, columns: [Column], terminal: Terminal = .standardOutput(),
        row: @escaping (JSONObject, Terminal) -> [Cell]
    ) {
        self.format = format
        self.terminal = terminal
        self.row = row
        table = TableWriter(columns: columns, terminal: terminal)
    }

    mutating func write(_ items: [JSONObject]) throws {
        guard !items.isEmpty else { return }
        var text = ""
        switch format {
        case .table: text = table.batch(items.map { row($0, terminal) })
        case .jsonl:
            for item in items { text += JSONText.compact(.object(item)) + "\n" }
        case .json:
            for (index, item) in items.enumerated() {
                text += written + index == 0 ? "[\n  " : ",\n  "
                text += JSONText.pretty(.object(item), indentation: 1)
            }
        }
        written += items.count
        try StandardOutput.write(text)
    }

    /// Closes the array. `empty` is said to people when there was nothing.
    func finish(empty: String) throws {
        switch format {
        case .table:
            if written == 0 { StandardError.write(empty + "\n") }
        case .json: try StandardOutput.write(written == 0 ? "[]\n" : "\n]\n")
        case .jsonl: break
        }
    }
}

/// JSON as text that is safe to show: what could steer a terminal is written as an escape, which means the same to a parser.
enum JSONText {
    static func compact(_ value: JSONValue) -> String {
        escaped(value.text)
    }

    static func pretty(_ value: JSONValue, indentation: Int = 0) -> String {
        let outer = String(repeating: "  ", count: indentation)
        let inner = outer + "  "
        switch value {
        case .object(let object) where !object.isEmpty:
            let members = object.members.map { member in
                inner + compact(.string(member.name)) + ": " + pretty(member.value, indentation: indentation + 1)
            }
            return "{\n" + members.joined(separator: ",\n") + "\n" + outer + "}"
        case .array(let items) where !items.isEmpty:
            let lines = items.map { inner + pretty($0, indentation: indentation + 1) }
            return "[\n" + lines.joined(separator: ",\n") + "\n" + outer + "]"
        default: return compact(value)
        }
    }

    /// Outside strings JSON is plain ASCII, so every unsafe character lies inside one.
    private static func escaped(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: DisplayText.isUnsafe) else { return json }
        var result = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            guard DisplayText.isUnsafe(scalar) else {
                result.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).unicodeScalars)
            }
        }
        return String(result)
    }
}

extension JSONObject {
    /// A member as text for people: strings as they are, `nil` for what is absent or null.
    func text(_ name: String) -> String? {
        guard let value = self[name] else { return nil }
        switch value {
        case .null: return nil
        case .string(let text): return text
        case .bool(let value): return value ? "yes" : "no"
        case .array(let items): return items.map { $0.string ?? $0.text }.joined(separator: ", ")
        default: return value.text
        }
    }

    /// A time as a cell: how long ago at a terminal, as it is elsewhere.
    func time(_ name: String, _ terminal: Terminal) -> Cell {
        guard let text = self[name]?.string else { return Cell(nil) }
        guard terminal.isTerminal, let time = Timestamp(rfc3339: text) else { return Cell(text) }
        let relative = DisplayText.relative(milliseconds: time.milliseconds, now: SystemClock().now().milliseconds)
        return Cell(relative ?? String(text.prefix(10)))
    }
}
