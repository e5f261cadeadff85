import Glibc

/// What standard output is, and so how to write for it.
struct Terminal: Sendable {
    /// Columns when it is a terminal; `nil` for files and pipes, where nothing is cut.
    let columns: Int?
    let usesColor: Bool

    var isTerminal: Bool { columns != nil }

    /// For files, pipes and tests.
    static let none = Terminal(columns: nil, usesColor: false)

    static func standardOutput() -> Terminal {
        guard isatty(STDOUT_FILENO) == 1 else { return none }
        var size = winsize()
        let known = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        let plain = SystemText.environment("NO_COLOR") != nil || SystemText.environment("TERM") == "dumb"
        return Terminal(columns: known ? Int(size.ws_col) : 80, usesColor: !plain)
    }

    /// `text` in `style`; the text must be harmless already.
    func styled(_ text: String, _ style: TextStyle) -> String {
        guard usesColor, let code = style.code, !text.isEmpty else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}

/// How a cell looks where colours are shown. Colour only repeats what the word says.
enum TextStyle: Sendable {
    case plain, strong, faint, good, bad, warning, note

    fileprivate var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .bad: "31"
        case .warning: "33"
        case .note: "36"
        }
    }
}

/// Questions to the person at the terminal. Prompts go to standard error, so that standard output stays the answer alone.
enum Prompt {
    /// One line, shown while it is typed.
    static func line(_ prompt: String) throws -> String {
        try requireTerminal(for: prompt)
        StandardError.write(prompt + ": ")
        guard let line = try StandardInput.line(), !line.isEmpty else {
            throw CommandFailure(.failure, "Nothing was entered.")
        }
        return line
    }

    /// One line that is not shown.
    static func secret(_ prompt: String) throws -> String {
        try requireTerminal(for: prompt)
        guard let line = try HiddenInput.line(prompt: prompt + ": "), !line.isEmpty else {
            throw CommandFailure(.failure, "Nothing was entered.")
        }
        return line
    }

    /// A new password, typed twice; three tries to type it alike.
    static func newPassword(_ prompt: String = "New password") throws -> String {
        for _ in 0..<3 {
            let first = try secret(prompt)
            // Bytewise: two texts that only look alike are two passwords.
            if try secret("The same again").utf8.elementsEqual(first.utf8) { return first }
            StandardError.write("These are not the same.\n")
        }
        throw CommandFailure(.failure, "The password was not typed the same twice.")
    }

    /// Whether the person agrees; anything but yes is no.
    static func confirm(_ question: String) throws -> Bool {
        StandardError.write(DisplayText.sanitized(question) + " [y/N] ")
        let answer = try StandardInput.line()?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }

    private static func requireTerminal(for prompt: String) throws {
        guard StandardInput.isTerminal else {
            throw CommandFailure(
                .usage, "There is no terminal to ask for: \(prompt.lowercased()).",
                details: ["Passwords can come from standard input with --password-stdin."])
        }
    }
}

/// Reads a line while the terminal shows nothing, and puts the terminal back whatever ends the reading.
private enum HiddenInput {
    static func line(prompt: String) throws -> String? {
        var original = termios()
        guard tcgetattr(STDIN_FILENO, &original) == 0 else {
            throw CommandFailure(.inputOutput, "Cannot read the terminal's settings: \(SystemText.error(errno)).")
        }
        var quiet = original
        quiet.c_lflag &= ~tcflag_t(ECHO)
        quiet.c_lflag |= tcflag_t(ICANON | ECHONL | ISIG)

        let saved = UnsafeMutablePointer<termios>.allocate(capacity: 1)
        saved.initialize(to: original)
        terminalToRestore = saved
        let previous = endingSignals.map { ($0, signal($0, restoreTerminalAndEnd)) }
        defer {
            for (number, handler) in previous { signal(number, handler) }
            terminalToRestore = nil
            saved.deallocate()
        }
        // Echo goes off before the prompt shows, so that nobody can answer it into plain sight.
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0 else {
            throw CommandFailure(.inputOutput, "Cannot hide what is typed: \(SystemText.error(errno)).")
        }
        defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &original) }
        StandardError.write(prompt)
        return try StandardInput.line()
    }

    private static let endingSignals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
}

/// The settings to put back when a signal ends the process in the middle of a password. A signal handler can reach globals
/// only; the pointer is set before the handler is installed and cleared after it is removed.
nonisolated(unsafe) private var terminalToRestore: UnsafeMutablePointer<termios>?

/// Only calls that POSIX allows in a signal handler.
private let restoreTerminalAndEnd: @convention(c) (Int32) -> Void = { number in
    if let saved = terminalToRestore { tcsetattr(STDIN_FILENO, TCSANOW, saved) }
    var newline: UInt8 = 0x0A
    _ = Glibc.write(STDERR_FILENO, &newline, 1)
    signal(number, SIG_DFL)
    raise(number)
}
