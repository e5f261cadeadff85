import Glibc
import Server
import Synchronization

/// Progress on standard error: a bar that is drawn anew at a terminal, a line for each table elsewhere.
final class ProgressLine: Sendable {
    private static let width = 30

    private let isTerminal = isatty(STDERR_FILENO) == 1
    /// What the bar shows now; written once for each change.
    private let shown = Mutex("")

    func show(_ progress: BackupOperations.Progress) {
        guard isTerminal else {
            // Checking goes through the same tables once more.
            guard progress.tableIsDone, progress.phase != .check else { return }
            StandardError.write("\(progress.table): \(progress.rows) \(progress.rows == 1 ? "row" : "rows")\n")
            return
        }
        let line = Self.bar(progress)
        shown.withLock { shown in
            guard shown != line else { return }
            shown = line
            StandardError.write("\r\u{1B}[K" + line)
        }
    }

    /// Leaves the terminal as it was.
    func end() {
        shown.withLock { shown in
            if !shown.isEmpty { StandardError.write("\r\u{1B}[K") }
            shown = ""
        }
    }

    static func bar(_ progress: BackupOperations.Progress) -> String {
        let share = min(1, max(0, progress.share))
        let full = Int(share * Double(width))
        let word =
            switch progress.phase {
            case .backup: "Backing up"
            case .check: "Checking"
            case .restore: "Restoring"
            }
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
        return "\(word)  [\(bar)] \(Int(share * 100))%  \(progress.table)"
    }
}
