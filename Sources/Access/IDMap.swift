/// What is stored, by id: a tree of hashes. A copy with one value changed costs the few small pieces on the way to it.
struct IDMap<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        let key: IDKey
        var value: Value
    }

    private enum Node: Sendable {
        case leaf([Entry])
        case branch([Node])
    }

    /// A leaf that has more entries is split, as long as there are bits to tell them by.
    private static var leafLimit: Int { 16 }
    /// Two steps lead to one of a million: each costs less than the copy of a wide piece when something changes.
    private static var width: UInt64 { 9 }
    private static var depthLimit: UInt64 { 6 }

    private static var mask: UInt64 { 1 << width - 1 }

    private var root = Node.leaf([])
    private(set) var count = 0

    subscript(key: IDKey) -> Value? {
        @inline(__always)
        get { IDMap.find(key, in: root, key.spread) }
        set {
            if let newValue {
                if IDMap.insert(Entry(key: key, value: newValue), into: &root, key.spread, depth: 0) { count += 1 }
            } else if IDMap.remove(key, from: &root, key.spread) {
                count -= 1
            }
        }
    }

    private static func find(_ key: IDKey, in node: borrowing Node, _ spread: UInt64) -> Value? {
        var node = copy node
        var spread = spread
        while true {
            switch node {
            case .leaf(let entries):
                for place in entries.indices where entries[place].key == key { return entries[place].value }
                return nil
            case .branch(let children):
                node = children[Int(truncatingIfNeeded: spread & mask)]
                spread >>= width
            }
        }
    }

    /// - Returns: whether it is new.
    private static func insert(_ entry: Entry, into node: inout Node, _ spread: UInt64, depth: UInt64) -> Bool {
        switch node {
        case .branch(var children):
            // Nobody else may hold the array while it is changed, or it is copied.
            node = .leaf([])
            defer { node = .branch(children) }
            return insert(entry, into: &children[Int(truncatingIfNeeded: spread & mask)], spread >> width, depth: depth + 1)
        case .leaf(var entries):
            node = .leaf([])
            defer { node = .leaf(entries) }
            if let place = entries.firstIndex(where: { $0.key == entry.key }) {
                entries[place].value = entry.value
                return false
            }
            guard entries.count >= leafLimit, depth < depthLimit else {
                entries.append(entry)
                return true
            }
        }
        split(&node, depth)
        return insert(entry, into: &node, spread, depth: depth)
    }

    private static func split(_ node: inout Node, _ depth: UInt64) {
        guard case .leaf(let entries) = node else { return }
        var pieces = [[Entry]](repeating: [], count: 1 << width)
        for entry in entries { pieces[Int(truncatingIfNeeded: entry.key.spread >> (depth * width) & mask)].append(entry) }
        node = .branch(pieces.map(Node.leaf))
    }

    /// - Returns: whether it was there. Leaves that have become empty stay.
    private static func remove(_ key: IDKey, from node: inout Node, _ spread: UInt64) -> Bool {
        switch node {
        case .branch(var children):
            node = .leaf([])
            defer { node = .branch(children) }
            return remove(key, from: &children[Int(truncatingIfNeeded: spread & mask)], spread >> width)
        case .leaf(var entries):
            node = .leaf([])
            defer { node = .leaf(entries) }
            guard let place = entries.firstIndex(where: { $0.key == key }) else { return false }
            entries.remove(at: place)
            return true
        }
    }

    /// Every value, in no order.
    var all: [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        each { value in
            values.append(value)
            return true
        }
        return values
    }

    /// Every value, in no order, until `body` answers false.
    func each(_ body: (Value) -> Bool) {
        var waiting = [root]
        while let node = waiting.popLast() {
            switch node {
            case .branch(let children): waiting += children
            case .leaf(let entries): for entry in entries where !body(entry.value) { return }
            }
        }
    }
}
