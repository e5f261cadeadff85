/// Topics and topic filters in questions (MQTT 5 sections 4.7 and 4.8).
enum TopicName {
    /// In bytes; the length of a string of MQTT is written in two of them.
    static let maximumLength = 65_535

    /// What is asked about, without `$share/GROUP/`; `nil` for what no broker may accept, and for publishing to a filter.
    static func parse(_ id: String, isPublishing: Bool) -> [UInt8]? {
        let bytes = Array(id.utf8)
        guard !bytes.isEmpty, bytes.count <= maximumLength, !bytes.contains(0) else { return nil }
        guard isShared(bytes[...]) else { return isValid(bytes.span, wildcards: !isPublishing) ? bytes : nil }
        // A message cannot be published to a shared subscription.
        guard !isPublishing, let inner = filter(ofShared: bytes), !isShared(inner) else { return nil }
        let filter = Array(inner)
        return isValid(filter.span, wildcards: true) ? filter : nil
    }

    /// `$share` alone is taken for a shared subscription as well: it is nobody's topic.
    private static func isShared(_ bytes: ArraySlice<UInt8>) -> Bool {
        let prefix = "$share".utf8
        guard bytes.starts(with: prefix) else { return false }
        return bytes.count == prefix.count || bytes[bytes.startIndex + prefix.count] == UInt8(ascii: "/")
    }

    /// `FILTER` of `$share/GROUP/FILTER`; `nil` when a part is missing or the group has wildcards.
    private static func filter(ofShared bytes: [UInt8]) -> ArraySlice<UInt8>? {
        let group = bytes.dropFirst("$share/".utf8.count)
        guard let slash = group.firstIndex(of: UInt8(ascii: "/")), slash > group.startIndex else { return nil }
        let name = group[..<slash]
        guard !name.contains(UInt8(ascii: "+")), !name.contains(UInt8(ascii: "#")) else { return nil }
        let filter = group[(slash + 1)...]
        return filter.isEmpty ? nil : filter
    }

    private static func isValid(_ bytes: Span<UInt8>, wildcards: Bool) -> Bool {
        for index in bytes.indices where bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "#") {
            guard wildcards else { return false }
            let isFirst = index == 0 || bytes[index - 1] == UInt8(ascii: "/")
            let isLast = index + 1 == bytes.count
            guard isFirst, isLast || (bytes[index] == UInt8(ascii: "+") && bytes[index + 1] == UInt8(ascii: "/")) else {
                return false
            }
        }
        return true
    }

    /// Whether a valid topic or filter matches `topic`, in which no character is magic.
    static func matches(_ filter: Span<UInt8>, topic: Span<UInt8>) -> Bool {
        let isOwnTopic = topic.count > 0 && topic[0] == UInt8(ascii: "$")
        var start = 0
        var topicStart = 0
        while start <= filter.count {
            let end = endOfLevel(filter, from: start)
            let level = filter.extracting(start..<end)
            if isRest(level) { return start > 0 || !isOwnTopic }
            guard topicStart <= topic.count else { return false }
            let topicEnd = endOfLevel(topic, from: topicStart)
            if isSingle(level) {
                if start == 0, isOwnTopic { return false }
            } else if !isEqual(level, topic.extracting(topicStart..<topicEnd)) {
                return false
            }
            start = end + 1
            topicStart = topicEnd + 1
        }
        return topicStart > topic.count
    }

    private static func isEqual(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Bool {
        guard one.count == other.count else { return false }
        for index in one.indices where one[index] != other[index] { return false }
        return true
    }

    /// Where the level that begins at `start` ends: at the next `/`, or with the text.
    static func endOfLevel(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "/") { end += 1 }
        return end
    }

    static func isSingle(_ level: Span<UInt8>) -> Bool { level.count == 1 && level[0] == UInt8(ascii: "+") }

    static func isRest(_ level: Span<UInt8>) -> Bool { level.count == 1 && level[0] == UInt8(ascii: "#") }
}
