public import Access
public import Model

/// Why a decision is what it is, with the names of everything on the way.
public struct AccessExplanation: Sendable {
    public let isAllowed: Bool
    /// What the decision was made from is at least as new.
    public let revision: Revision
    /// Who was asked about.
    public let subject: Reason.Step
    public let reasons: [Reason]
    /// For a deny: allows that failed for one thing only, best first.
    public let nearest: [Miss]
    /// For a deny: the smallest change that allows; `nil` when no single one does.
    public let toAllow: SuggestedChange?
}

/// A change that would allow what is denied.
public struct SuggestedChange: Sendable, Hashable {
    /// One sentence.
    public let description: String
    public let change: PlannedChange
}

/// A change as the API would be asked for it.
public struct PlannedChange: Sendable, Hashable {
    public enum Operation: String, Sendable, CaseIterable {
        case create, update, delete
    }

    public let operation: Operation
    /// Below the API's prefix: `/role-assignments/019a...`.
    public let path: String
    /// The body; `nil` where there is none.
    public let value: JSONObject?

    public init(_ operation: Operation, _ path: String, _ value: JSONObject? = nil) {
        self.operation = operation
        self.path = path
        self.value = value
    }
}

/// Who holds a permission, and through what.
public struct PermissionEntry: Sendable {
    /// The principal or group. Its name is empty when the caller may not see it.
    public let principal: Reason.Step
    public let access: HeldAccess

    public init(principal: Reason.Step, access: HeldAccess) {
        self.principal = principal
        self.access = access
    }
}

/// Which permissions are asked for.
public enum PermissionSelection: Sendable, Hashable {
    /// Those that reach a principal or a group.
    case principal(PrincipalReference)
    /// Those of a role, for everybody who was given it or a role that includes it.
    case role(String)
    /// Every grant that gives (or denies) the action on resources of the type.
    case action(String, type: String)

    /// For cursors: texts differ when the lists do.
    var text: String {
        let parts: [String] =
            switch self {
            case .principal(let principal): ["principal", principal.kind.rawValue, principal.id.text]
            case .role(let role): ["role", role]
            case .action(let action, let type): ["action", action, type]
            }
        return JSONValue.array((["permissions"] + parts).map(JSONValue.string)).text
    }
}

/// What planned changes would do.
public struct AccessSimulation: Sendable {
    /// Whose access changes, when no questions were asked.
    public struct Difference: Sendable {
        public let principal: Reason.Step
        public let access: HeldAccess
        /// For a group: how many principals are in it, transitively; `nil` for a principal and for more than
        /// `memberLimit`.
        public let members: Int?
    }

    /// Members are counted up to this.
    public static let memberLimit = 10_000
    /// How many gains, and how many losses, are told.
    public static let differenceLimit = 1000

    public let revision: Revision
    /// Permissions somebody has afterwards and not before. A deny that goes is a gain, one that comes is a loss.
    public var gains: [Difference] = []
    public var losses: [Difference] = []
    /// Places of the questions that are denied now and would be allowed.
    public var allowed: [Int] = []
    /// Places of the questions that are allowed now and would be denied.
    public var denied: [Int] = []
    /// Whether there is more than is told.
    public var isCut = false
}
