/// A resource's type and id as a key. Ids are compared byte by byte: Swift's own comparison takes ids for equal that only look
/// alike, and its hash takes time that grows with the square of a run of combining marks, which may come from outside.
struct ResourceKey: Sendable {
    let type: String
    let id: String
}

extension ResourceKey: Hashable {
    static func == (left: ResourceKey, right: ResourceKey) -> Bool {
        ExactText.equal(left.id, right.id) && left.type == right.type
    }

    func hash(into hasher: inout Hasher) {
        ExactText.hash(id, into: &hasher)
        hasher.combine(type)
    }
}
