import CZlib
import Glibc

/// The lines of a file that is one gzip member of ours and nothing else. Holds one line at a time.
final class GzipLines {
    private let descriptor: Int32
    private let stream: UnsafeMutablePointer<z_stream>
    private var input = [UInt8](repeating: 0, count: 1 << 16)
    private var inputStart = 0
    private var inputEnd = 0
    private var output = [UInt8](repeating: 0, count: 1 << 16)
    private var outputStart = 0
    private var outputEnd = 0
    private var hasEnded = false
    private var check: UInt
    private var length: UInt32 = 0
    /// Bytes of the file that were taken, for progress.
    private(set) var consumed: Int64 = 0

    /// - Parameter descriptor: of the file, which is read from its beginning; stays the caller's.
    init(_ descriptor: Int32) throws {
        self.descriptor = descriptor
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        check = crc32(0, nil, 0)
        let result = inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { throw StorageError.failed("zlib does not start: error \(result)") }
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.failure() }
        var head: [UInt8] = []
        while head.count < GzipWriter.head.count, let byte = try nextByte() { head.append(byte) }
        guard head == GzipWriter.head else {
            throw head.starts(with: [0x1F, 0x8B]) && GzipWriter.head.starts(with: head) && head.count < GzipWriter.head.count
                ? BackupError.damaged("it ends too early") : BackupError.foreign
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next line without its end. `nil` at the end of the file, once everything in it has been found in order.
    func next() throws -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if outputStart == outputEnd, try !fill() {
                guard line.isEmpty else { throw BackupError.damaged("its last line has no end") }
                return nil
            }
            let feed = output[outputStart..<outputEnd].firstIndex(of: 0x0A)
            line += output[outputStart..<(feed ?? outputEnd)]
            outputStart = feed.map { $0 + 1 } ?? outputEnd
            guard line.count <= BackupFormat.longestLine else { throw BackupError.damaged("a line is too long") }
            if feed != nil { return line }
        }
    }

    /// Decompresses more; false at the end.
    private func fill() throws -> Bool {
        while !hasEnded {
            if inputStart == inputEnd, try !read() { throw BackupError.damaged("it ends too early") }
            let available = inputEnd - inputStart
            let result = input.withUnsafeMutableBufferPointer { input in
                output.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_in = input.baseAddress.map { $0 + inputStart }
                    stream.pointee.avail_in = UInt32(available)
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(output.count)
                    return inflate(stream, Z_NO_FLUSH)
                }
            }
            inputStart += available - Int(stream.pointee.avail_in)
            guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
                throw BackupError.damaged("it does not decompress")
            }
            outputStart = 0
            outputEnd = output.count - Int(stream.pointee.avail_out)
            output.withUnsafeBufferPointer { check = crc32(check, $0.baseAddress, UInt32(outputEnd)) }
            length &+= UInt32(outputEnd)
            if result == Z_STREAM_END { try end() }
            if outputEnd > 0 { return true }
        }
        return false
    }

    /// Checks gzip's own end, and that nothing follows it.
    private func end() throws {
        hasEnded = true
        var numbers: [UInt32] = []
        for _ in 0..<2 {
            var number: UInt32 = 0
            for position in 0..<4 {
                guard let byte = try nextByte() else { throw BackupError.damaged("it ends too early") }
                number |= UInt32(byte) << UInt32(8 * position)
            }
            numbers.append(number)
        }
        guard numbers == [UInt32(truncatingIfNeeded: check), length] else {
            throw BackupError.damaged("its checksum is another one")
        }
        guard try nextByte() == nil else { throw BackupError.damaged("something follows its end") }
    }

    private func nextByte() throws -> UInt8? {
        if inputStart == inputEnd, try !read() { return nil }
        defer { inputStart += 1 }
        return input[inputStart]
    }

    private func read() throws -> Bool {
        while true {
            let count = input.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.failure()
            }
            inputStart = 0
            inputEnd = count
            consumed += Int64(count)
            return count > 0
        }
    }

    private static func failure() -> BackupError {
        BackupError(.inputOutput, "The backup cannot be read: \(String(cString: strerror(errno))).")
    }
}
