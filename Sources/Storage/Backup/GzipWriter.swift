import CZlib

/// Compresses what it is given as one gzip member (RFC 1952).
final class GzipWriter {
    /// The head of every backup. It has neither time nor name and is always the same, so a reader can hold on to each bit.
    static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]

    private let stream: UnsafeMutablePointer<z_stream>
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var check: UInt
    private var length: UInt32 = 0
    private let sink: ([UInt8]) throws -> Void

    /// - Parameter sink: takes the compressed bytes, in order.
    init(_ sink: @escaping ([UInt8]) throws -> Void) throws {
        self.sink = sink
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        check = crc32(0, nil, 0)
        // Negative: without zlib's own frame. Level 4 is fast, and takes most of what there is to gain.
        let result = deflateInit2_(
            stream, 4, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard result == Z_OK else { throw StorageError.failed("zlib does not start: error \(result)") }
        try sink(Self.head)
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func write(_ bytes: [UInt8]) throws {
        check = bytes.withUnsafeBufferPointer { crc32(check, $0.baseAddress, UInt32(truncatingIfNeeded: $0.count)) }
        length &+= UInt32(truncatingIfNeeded: bytes.count)
        try deflate(bytes, Z_NO_FLUSH)
    }

    func finish() throws {
        try deflate([], Z_FINISH)
        let end = [UInt32(truncatingIfNeeded: check), length]
        try sink(end.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } })
    }

    private func deflate(_ bytes: [UInt8], _ flush: Int32) throws {
        var input = bytes
        try input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = UInt32(truncatingIfNeeded: input.count)
            while true {
                let produced = buffer.withUnsafeMutableBufferPointer { output in
                    stream.pointee.next_out = output.baseAddress
                    stream.pointee.avail_out = UInt32(output.count)
                    _ = CZlib.deflate(stream, flush)
                    return output.count - Int(stream.pointee.avail_out)
                }
                if produced > 0 { try sink(Array(buffer[..<produced])) }
                if produced < buffer.count { break }
            }
            stream.pointee.next_in = nil
        }
    }
}
