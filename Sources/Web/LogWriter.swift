import Dispatch
import Glibc
import Synchronization

/// Writes lines to a file descriptor from a thread of its own, so that a slow reader of the log slows no request.
///
/// What does not fit into the bounded buffer is dropped and counted.
public final class LogWriter: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var isScheduled = false
    }

    private let descriptor: Int32
    private let capacity: Int
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "gatehouse.log", qos: .utility)
    private let droppedLines = Atomic<Int>(0)

    /// - Parameters:
    ///   - descriptor: standard error when not given.
    ///   - capacity: bytes kept for a reader that does not keep up.
    public init(descriptor: Int32 = 2, capacity: Int = 1 << 20) {
        self.descriptor = descriptor
        self.capacity = capacity
    }

    /// How many lines were lost since the start.
    public var dropped: Int { droppedLines.load(ordering: .relaxed) }

    /// Takes one line without its line feed. Never waits.
    public func write(_ line: some Collection<UInt8>) {
        let mustSchedule = state.withLock { state in
            guard state.buffer.count + line.count < capacity else { return nil as Bool? }
            state.buffer.append(contentsOf: line)
            state.buffer.append(0x0A)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        switch mustSchedule {
        case nil: droppedLines.add(1, ordering: .relaxed)
        case true?:
            // A short wait gathers the lines of many requests into one system call.
            queue.asyncAfter(deadline: .now() + .milliseconds(20)) { self.drain() }
        case false?: break
        }
    }

    /// Returns when everything taken so far is written; for the end of the process.
    public func flush() {
        queue.sync { drain() }
    }

    private func drain() {
        while true {
            let bytes = state.withLock { state in
                let bytes = state.buffer
                state.buffer = []
                if bytes.isEmpty { state.isScheduled = false }
                return bytes
            }
            guard !bytes.isEmpty else { return }
            writeAll(bytes)
        }
    }

    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
                if count > 0 {
                    offset += count
                } else if errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, 1000)
                } else if errno != EINTR {
                    // Nobody reads this log any more; there is nowhere to say so.
                    return
                }
            }
        }
    }
}
