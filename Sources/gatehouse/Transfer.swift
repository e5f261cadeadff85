import AsyncHTTPClient
import Glibc
import Model
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Long bodies, both ways: neither is ever held as a whole.
extension Client {
    /// Sends `body` and gives each line of the answer to `line` as it arrives.
    func upload(
        _ path: [String], query: [(name: String, value: String)], type: String, body: FilePieces,
        _ line: ([UInt8]) throws -> Void
    ) async throws {
        var request = request(.post, path, query, accept: "application/jsonl")
        request.headers.add(name: "content-type", value: type)
        request.body = .stream(body, length: body.size.map { .known(Int64($0)) } ?? .unknown)
        var rest: [UInt8] = []
        try await receive(request, type: "application/jsonl") { piece in
            rest += piece
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                try line(Array(rest[start..<end]))
                start = end + 1
            }
            rest.removeFirst(start)
        }
        guard rest.isEmpty else { throw CommandFailure.notUnderstood("it ends in the middle of a line") }
    }

    /// Gives the answer's body to `take`, piece by piece.
    func download(
        _ path: [String], query: [(name: String, value: String)], type: String, _ take: ([UInt8]) throws -> Void
    ) async throws {
        try await receive(request(.get, path, query, accept: type), type: type, take)
    }

    private func receive(_ request: HTTPClientRequest, type: String, _ take: ([UInt8]) throws -> Void) async throws {
        do {
            let response = try await execute(request)
            guard response.status == .ok else { throw try await failure(response) }
            guard response.headers.first(name: "content-type").map(Self.mediaType) == type else {
                throw CommandFailure.notUnderstood(
                    "it is not \(type)", requestID: response.headers.first(name: "x-request-id"))
            }
            for try await buffer in response.body { try take(Array(buffer.readableBytesView)) }
        } catch let failure as CommandFailure {
            throw failure
        } catch let closed as OutputClosed {
            throw closed
        } catch {
            throw TransportProblem(error: error, connection: connection).failure
        }
    }
}

/// A file to be sent, or standard input.
struct InputFile: Sendable {
    private let path: String
    /// Bytes; `nil` for pipes.
    let size: Int?
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            throw CommandFailure(code == ENOENT ? .notFound : .inputOutput, "Cannot read \(path): \(SystemText.error(code)).")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
            throw CommandFailure(.inputOutput, "Cannot read \(path): it is a folder.")
        }
        size = path != "-" && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    /// All of it, for what is small.
    func contents(atMost limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw CommandFailure(.inputOutput, "Cannot read \(path): \(SystemText.error(errno)).") }
            if count == 0 { return bytes }
            bytes += piece.prefix(count)
            guard bytes.count <= limit else {
                throw CommandFailure(
                    .invalidData, "\(path) is longer than \(limit >> 10) KiB, which is all that the server takes.")
            }
        }
    }

    /// - Parameter progress: gets how many bytes have been sent.
    func pieces(_ progress: @escaping @Sendable (Int) -> Void) -> FilePieces {
        FilePieces(path: path, descriptor: descriptor, size: size, progress: progress)
    }
}

/// A file's bytes, read as they are wanted.
struct FilePieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    let path: String
    let descriptor: Int32
    let size: Int?
    let progress: @Sendable (Int) -> Void

    func makeAsyncIterator() -> Iterator { Iterator(pieces: self) }

    struct Iterator: AsyncIteratorProtocol {
        let pieces: FilePieces
        var sent = 0

        mutating func next() async throws -> ByteBuffer? {
            pieces.progress(sent)
            let descriptor = pieces.descriptor
            let path = pieces.path
            // Pipes and slow disks block; the connection's threads must not.
            let piece = try await NIOThreadPool.singleton.runIfActive {
                while true {
                    var bytes = [UInt8](repeating: 0, count: 64 << 10)
                    let count = Glibc.read(descriptor, &bytes, bytes.count)
                    if count < 0, errno == EINTR { continue }
                    guard count >= 0 else {
                        throw CommandFailure(.inputOutput, "Cannot read \(path): \(SystemText.error(errno)).")
                    }
                    return ByteBuffer(bytes: bytes.prefix(count))
                }
            }
            sent += piece.readableBytes
            return piece.readableBytes == 0 ? nil : piece
        }
    }
}

/// A file that appears when it is complete, and for its owner alone.
final class OutputFile: Sendable {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private let isDone = Mutex(false)

    init(_ path: String) throws {
        self.path = path
        temporary = path + "." + hexadecimal(randomBytes(8))
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, errno) }
    }

    deinit {
        close(descriptor)
        if !isDone.withLock({ $0 }) { unlink(temporary) }
    }

    func write(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Self.failure(path, errno) }
            start += written
        }
    }

    /// Puts it in its place.
    func finish() throws {
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else { throw Self.failure(path, errno) }
        isDone.withLock { $0 = true }
    }

    private static func failure(_ path: String, _ code: Int32) -> CommandFailure {
        CommandFailure(.inputOutput, "Cannot write \(path): \(SystemText.error(code)).")
    }
}

/// How far a transfer is, on standard error when that is a terminal.
final class TransferLine: Sendable {
    private static let width = 30

    private let word: String
    private let total: Int?
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let shown = Mutex("")

    init(_ word: String, total: Int?) {
        self.word = word
        self.total = total
    }

    func show(_ bytes: Int) {
        guard isTerminal else { return }
        let line = Self.text(word, bytes, of: total)
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

    static func text(_ word: String, _ bytes: Int, of total: Int?) -> String {
        let amount = bytes < 1 << 20 ? "\(bytes >> 10) KiB" : "\(bytes >> 20) MiB"
        guard let total, total > 0 else { return "\(word)  \(amount)" }
        let share = min(1, Double(bytes) / Double(total))
        let full = Int(share * Double(width))
        let bar = String(repeating: "#", count: full) + String(repeating: ".", count: width - full)
        return "\(word)  [\(bar)] \(Int(share * 100))%  \(amount)"
    }
}
