/// Cuts a text into lines as it arrives; a line feed ends a line, a carriage return before it belongs to the end. Blank lines are
/// left out. What is longer than the longest line is given as `nil`.
struct LineReader {
    let maximumLine: Int
    private var line: [UInt8] = []
    private var isTooLong = false

    init(maximumLine: Int) {
        self.maximumLine = maximumLine
    }

    mutating func read(_ bytes: [UInt8], _ emit: ([UInt8]?) throws -> Void) rethrows {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end])
            try finish(emit)
            rest = rest[(end + 1)...]
        }
        take(rest)
    }

    mutating func finish(_ emit: ([UInt8]?) throws -> Void) rethrows {
        defer {
            line.removeAll(keepingCapacity: true)
            isTooLong = false
        }
        if isTooLong { return try emit(nil) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return }
        try emit(line)
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        guard !isTooLong else { return }
        guard line.count + bytes.count <= maximumLine else {
            isTooLong = true
            line.removeAll(keepingCapacity: true)
            return
        }
        line.append(contentsOf: bytes)
    }
}
