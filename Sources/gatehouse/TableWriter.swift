/// One value of a table, with its look where colours are shown.
struct Cell: Sendable {
    let text: String
    let style: TextStyle

    /// Makes the text harmless, so that no cell can be written raw.
    init(_ text: String?, _ style: TextStyle = .plain) {
        let shown = DisplayText.sanitized(text ?? "")
        self.text = shown.isEmpty ? "-" : shown
        self.style = shown.isEmpty ? .faint : style
    }
}

/// A column: its heading, and how narrow it may become before others give way.
struct Column: Sendable {
    let title: String
    /// Columns that are only useful whole, such as a status, have their full width here.
    let minimum: Int

    init(_ title: String, minimum: Int = 8) {
        self.title = title
        self.minimum = minimum
    }
}

/// Lays rows out in aligned columns, cut to the terminal's width; in files and pipes nothing is cut.
///
/// Rows arrive in batches (the pages of a list): widths only grow from batch to batch, so long lists stream.
struct TableWriter: Sendable {
    let columns: [Column]
    let terminal: Terminal
    private var widths: [Int]
    private var wroteHeader = false

    private static let gap = 2

    init(columns: [Column], terminal: Terminal) {
        self.columns = columns
        self.terminal = terminal
        widths = columns.map { DisplayText.width($0.title) }
    }

    /// The text of a batch, headed by the titles when it is the first.
    mutating func batch(_ rows: [[Cell]]) -> String {
        for row in rows {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], DisplayText.width(cell.text))
            }
        }
        let fitted = fit()
        var text = ""
        if !wroteHeader {
            wroteHeader = true
            text += line(columns.map { Cell($0.title, .strong) }, fitted)
        }
        for row in rows { text += line(row, fitted) }
        return text
    }

    /// Takes room from the widest column that can still give some, until all fit; a terminal too narrow for the minimums
    /// loses columns on the right.
    private func fit() -> [Int] {
        guard let available = terminal.columns else { return widths }
        var fitted = widths
        func total() -> Int { fitted.reduce(0, +) + Self.gap * max(0, fitted.count - 1) }
        while total() > available {
            let candidates = fitted.indices.filter { fitted[$0] > columns[$0].minimum }
            if let widest = candidates.max(by: { fitted[$0] < fitted[$1] }) {
                fitted[widest] -= 1
            } else if fitted.count > 1 {
                fitted.removeLast()
            } else {
                fitted = [max(1, available)]
                break
            }
        }
        return fitted
    }

    private func line(_ cells: [Cell], _ widths: [Int]) -> String {
        var text = ""
        let last = min(cells.count, widths.count) - 1
        for (index, width) in widths.enumerated() where index <= last {
            let cut = terminal.isTerminal ? DisplayText.cut(cells[index].text, to: width) : cells[index].text
            text += terminal.styled(cut, cells[index].style)
            if index < last {
                text += String(repeating: " ", count: max(0, width - DisplayText.width(cut)) + Self.gap)
            }
        }
        return text + "\n"
    }

    /// Names and values below each other, for one object. Values keep their whole length: here people come to copy.
    static func list(_ pairs: [(String, Cell)], terminal: Terminal) -> String {
        let width = pairs.map { DisplayText.width($0.0) }.max() ?? 0
        return pairs.map { name, cell in
            let padding = String(repeating: " ", count: width - DisplayText.width(name) + gap)
            return terminal.styled(name, .strong) + padding + terminal.styled(cell.text, cell.style) + "\n"
        }.joined()
    }
}
