/// A dictionary in pieces: a copy with one value changed costs one small piece, not the whole, and a look-up no more than in one.
struct ShardedMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private static var width: Int { 128 }
    /// 128 x 128 pieces: at a million entries one has about sixty.
    private var shards: [[[Key: Value]]]
    private(set) var count = 0

    init() {
        shards = Array(repeating: Array(repeating: [:], count: Self.width), count: Self.width)
    }

    /// Other bits of the hash than the dictionaries inside use.
    @inline(__always)
    private static func place(of key: Key) -> (Int, Int) {
        let bits = UInt(bitPattern: key.hashValue) >> (UInt.bitWidth - 14)
        return (Int(truncatingIfNeeded: bits >> 7), Int(truncatingIfNeeded: bits & 127))
    }

    subscript(key: Key) -> Value? {
        @inline(__always)
        get {
            let (row, column) = Self.place(of: key)
            return shards[row][column][key]
        }
        set {
            let (row, column) = Self.place(of: key)
            let before = shards[row][column].count
            shards[row][column][key] = newValue
            count += shards[row][column].count - before
        }
    }

    /// Every pair, in no order, until `body` answers false.
    func each(_ body: (Key, Value) -> Bool) {
        for row in shards {
            for shard in row {
                for (key, value) in shard where !body(key, value) { return }
            }
        }
    }
}
