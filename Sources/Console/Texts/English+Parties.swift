extension Texts {
    /// Whoever can hold something, and what a grant reaches.
    enum Parties {
        static let user = "User"
        static let groupKind = "Group"
        static let service = "Service"
        static let device = "Device"
        static func unseen(_ kind: String, _ id: String) -> String { "\(kind) \(id)" }

        static let realm = "The whole realm"
        static let membersOf = "Members of"
        static func organization(_ id: String) -> String { "Organization \(id)" }
        static func group(_ name: String) -> String { "Members of \(name)" }
        static func resources(_ type: String, _ ids: [String]) -> String {
            let shown = ids.prefix(3).joined(separator: ", ")
            return ids.count > 3 ? "\(type) \(shown) and \(grouped(ids.count - 3)) more" : "\(type) \(shown)"
        }

        static let unknownKind = "Names are found by kind: user, group or service."
        static func none(_ kind: String, _ name: String) -> String {
            "There is no \(kind) called \"\(name)\" that you may see. Check the spelling, or use the id."
        }
        static func close(_ kind: String, _ name: String, _ found: [String]) -> String {
            "There is no \(kind) called \"\(name)\". Close to it: \(found.joined(separator: ", "))."
        }
        static func required(_ kind: String) -> String { "Say which \(kind)." }
    }
}
