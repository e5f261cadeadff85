import Glibc
public import Hummingbird
import Model
import NIOCore
import NIOPosix
import Synchronization

/// Holds bytes that may be too many for memory: the first in memory, what is more in a file that has no name, so that it is gone
/// with its last user, whatever happens to the process.
public final class Spool: Sendable {
    private struct State {
        var memory: [UInt8] = []
        var file: Int32 = -1
        var count = 0
    }

    private static let memoryLimit = 256 << 10
    static let pieceSize = 64 << 10

    private let folder: String
    private let limit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - folder: where the file is made, when one is needed.
    ///   - limit: how many bytes it takes; more throw `tooLarge`.
    public init(folder: String, limit: Int = .max) {
        self.folder = folder
        self.limit = limit
    }

    deinit {
        let file = state.withLock { $0.file }
        if file >= 0 { close(file) }
    }

    public var count: Int { state.withLock { $0.count } }

    /// Throws `tooLarge`, `storageFull`.
    public func append(_ bytes: [UInt8]) async throws {
        let isShort = try state.withLock { state in
            guard bytes.count <= limit - state.count else { throw WebError.tooLarge(limit: limit) }
            state.count += bytes.count
            guard state.file < 0, state.memory.count + bytes.count <= Self.memoryLimit else { return false }
            state.memory += bytes
            return true
        }
        if isShort { return }
        // Disks may block; the threads that answer must not.
        try await NIOThreadPool.singleton.runIfActive { [self] in try write(bytes) }
    }

    /// All of it from the start; can be gone through again.
    ///
    /// - Parameter progress: gets the length of each piece as it is taken.
    public func pieces(_ progress: @escaping @Sendable (Int) -> Void = { _ in }) -> Pieces {
        Pieces(spool: self, progress: progress)
    }

    public struct Pieces: AsyncSequence, Sendable {
        public typealias Element = [UInt8]
        let spool: Spool
        let progress: @Sendable (Int) -> Void

        public func makeAsyncIterator() -> Iterator { Iterator(spool: spool, progress: progress) }

        public struct Iterator: AsyncIteratorProtocol {
            let spool: Spool
            let progress: @Sendable (Int) -> Void
            var offset = 0

            public mutating func next() async throws -> [UInt8]? {
                let piece = try await spool.read(at: offset)
                offset += piece.count
                progress(piece.count)
                return piece.isEmpty ? nil : piece
            }
        }
    }

    /// As the body of an answer.
    public var responseBody: ResponseBody {
        ResponseBody(contentLength: count) { [self] writer in
            for try await piece in pieces() { try await writer.write(ByteBuffer(bytes: piece)) }
            try await writer.finish(nil)
        }
    }

    private func read(at offset: Int) async throws -> [UInt8] {
        let inMemory = state.withLock { state -> [UInt8]? in
            if offset >= state.count { return [] }
            return state.file < 0 ? Array(state.memory[offset..<min(state.memory.count, offset + Self.pieceSize)]) : nil
        }
        if let inMemory { return inMemory }
        return try await NIOThreadPool.singleton.runIfActive { [self] in
            let file = state.withLock { $0.file }
            var failed = false
            let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
                let read = pread(file, buffer.baseAddress, Self.pieceSize, off_t(offset))
                failed = read <= 0
                count = max(0, read)
            }
            guard !failed else { throw ServiceError.unavailable(retryAfterSeconds: 1) }
            return piece
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            if state.file < 0 {
                state.file = try Self.open(in: folder)
                let memory = state.memory
                state.memory = []
                try Self.write(memory, to: state.file)
            }
            try Self.write(bytes, to: state.file)
        }
    }

    private static func open(in folder: String) throws -> Int32 {
        let path = folder + "/spool-" + hexadecimal(randomBytes(16))
        let file = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw refusal(errno) }
        unlink(path)
        return file
    }

    private static func write(_ bytes: [UInt8], to file: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw refusal(errno) }
            rest = rest.dropFirst(written)
        }
    }

    private static func refusal(_ number: Int32) -> ServiceError {
        [ENOSPC, EDQUOT, EFBIG].contains(number) ? .storageFull : .unavailable(retryAfterSeconds: 5)
    }
}
