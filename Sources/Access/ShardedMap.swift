/// A dictionary in pieces: a copy with one value changed costs one piece, not the whole, and a look-up no more than in one.
struct ShardedMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private static var shardCount: Int { 1024 }
    private var shards: [[Key: Value]]
    private(set) var count = 0

    init() {
        shards = Array(repeating: [:], count: Self.shardCount)
    }

    @inline(__always)
    private static func shard(of key: Key) -> Int {
        // Other bits than the dictionaries inside use.
        Int(truncatingIfNeeded: UInt(bitPattern: key.hashValue) >> (UInt.bitWidth - 10))
    }

    subscript(key: Key) -> Value? {
        @inline(__always)
        get { shards[Self.shard(of: key)][key] }
        set {
            let shard = Self.shard(of: key)
            let before = shards[shard].count
            shards[shard][key] = newValue
            count += shards[shard].count - before
        }
    }

    /// Every pair, in no order, until `body` answers false.
    func each(_ body: (Key, Value) -> Bool) {
        for shard in shards {
            for (key, value) in shard where !body(key, value) { return }
        }
    }
}
