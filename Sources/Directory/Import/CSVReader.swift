/// Takes CSV (RFC 4180) apart as it arrives: lines may end with CRLF, LF or CR, quoted fields may hold them.
///
/// What is no CSV is said of the row it is in, and reading goes on with the next line; only after a quote that is not closed
/// within the longest row nothing can be told apart any more.
struct CSVReader {
    struct Record {
        /// The fields' bytes, quotes taken away.
        var fields: [ArraySlice<UInt8>]
        var fault: Fault?
    }

    enum Fault: Hashable {
        /// A quote inside an unquoted field, or text after a closing quote.
        case quote
        case tooLong
        /// A quoted field goes on to the end of the text, or beyond the longest row.
        case unclosed
    }

    private enum State {
        case fieldStart, plain, quoted, quoteInQuoted
        /// Past a fault, up to the line's end.
        case skipping
    }

    /// Bytes of one row, as it stands in the text.
    let maximumRow: Int
    private var state = State.fieldStart
    private var data: [UInt8] = []
    private var ends: [Int] = []
    private var length = 0
    private var fault: Fault?
    private var skipsLineFeed = false
    /// Set when nothing that follows can be understood.
    private(set) var isLost = false

    init(maximumRow: Int) {
        self.maximumRow = maximumRow
    }

    /// Reads on; `emit` gets each record that is complete. Empty lines are no records.
    mutating func read(_ bytes: [UInt8], _ emit: (Record) throws -> Void) rethrows {
        for byte in bytes {
            if isLost { return }
            if skipsLineFeed {
                skipsLineFeed = false
                if byte == UInt8(ascii: "\n") { continue }
            }
            length += 1
            if length > maximumRow, state != .skipping {
                fault = state == .quoted ? .unclosed : .tooLong
                isLost = state == .quoted
                if isLost {
                    try end(emit)
                    return
                }
                state = .skipping
            }
            try take(byte, emit)
        }
    }

    /// What stands behind the last line's end.
    mutating func finish(_ emit: (Record) throws -> Void) rethrows {
        guard !isLost, length > 0 else { return }
        if state == .quoted { fault = .unclosed }
        try end(emit)
    }

    private mutating func take(_ byte: UInt8, _ emit: (Record) throws -> Void) rethrows {
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
        case (.quoted, _): data.append(byte)
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            data.append(byte)
            state = .quoted
        case (_, UInt8(ascii: "\n")): try end(emit)
        case (_, UInt8(ascii: "\r")):
            try end(emit)
            skipsLineFeed = true
        case (.skipping, _): break
        case (_, UInt8(ascii: ",")):
            ends.append(data.count)
            state = .fieldStart
        case (.fieldStart, UInt8(ascii: "\"")): state = .quoted
        case (.plain, UInt8(ascii: "\"")), (.quoteInQuoted, _):
            fault = .quote
            state = .skipping
        default:
            data.append(byte)
            state = .plain
        }
    }

    private mutating func end(_ emit: (Record) throws -> Void) rethrows {
        ends.append(data.count)
        // A quoted nothing is a field; nothing at all is no line.
        let isEmpty = data.isEmpty && ends.count == 1 && fault == nil && state == .fieldStart
        defer {
            data.removeAll(keepingCapacity: true)
            ends.removeAll(keepingCapacity: true)
            length = 0
            fault = nil
            state = .fieldStart
        }
        guard !isEmpty else { return }
        var fields: [ArraySlice<UInt8>] = []
        fields.reserveCapacity(ends.count)
        var start = 0
        for end in ends {
            fields.append(data[start..<end])
            start = end
        }
        try emit(Record(fields: fields, fault: fault))
    }
}
