import Glibc

/// Standard output. Written with `write`, since `print` ends the process noisily, or not at all, when the reader is gone.
enum StandardOutput {
    /// Throws `OutputClosed` when nobody reads any more, `CommandFailure` when the file system refuses.
    static func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    static func write(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written >= 0 {
                start += written
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var descriptor = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = poll(&descriptor, 1, 1000)
            case EPIPE: throw OutputClosed()
            case let code:
                throw CommandFailure(.inputOutput, "Cannot write to standard output: \(SystemText.error(code)).")
            }
        }
    }
}

/// Standard error. Messages that cannot be written are lost; there is nowhere left to say so.
enum StandardError {
    static func write(_ text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written > 0 {
                start += written
            } else if errno != EINTR {
                return
            }
        }
    }
}

/// Standard input, read without a buffer, so that what is not asked for stays where it is.
enum StandardInput {
    /// Longer lines are refused; no name, password or answer comes near it.
    static let longestLine = 4096

    static var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// The next line without its end; `nil` at the end of the input.
    static func line() throws -> String? {
        var bytes: [UInt8] = []
        while true {
            var byte: UInt8 = 0
            let count = read(STDIN_FILENO, &byte, 1)
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure(.inputOutput, "Cannot read standard input: \(SystemText.error(errno)).")
            }
            if count == 0 {
                if bytes.isEmpty { return nil }
                break
            }
            if byte == UInt8(ascii: "\n") { break }
            guard bytes.count < longestLine else {
                throw CommandFailure(.invalidData, "A line of standard input is longer than \(longestLine) bytes.")
            }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(.invalidData, "Standard input is not valid UTF-8.")
        }
        return text
    }

    /// A line that must be there and hold something, such as a password.
    static func secretLine(_ what: String) throws -> String {
        guard let line = try line(), !line.isEmpty else {
            throw CommandFailure(.invalidData, "Standard input holds no \(what).")
        }
        return line
    }
}

/// What the C library says of itself.
enum SystemText {
    static func error(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// An environment variable; `nil` when unset or empty.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
