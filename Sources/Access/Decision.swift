/// Who asks: a principal by kind and id.
public struct Subject: Sendable, Hashable {
    public let kind: String
    public let id: String

    public init(kind: String, id: String) {
        self.kind = kind
        self.id = id
    }
}

/// May this subject do this action on this resource, at this time?
public struct Question: Sendable, Hashable {
    public let subject: Subject
    public let action: String
    public let resourceType: String
    /// `nil` asks about the type as a whole (creating, listing all).
    public let resourceID: String?
    /// Milliseconds since 1970; the server's clock, never the client's.
    public let time: Int64

    public init(subject: Subject, action: String, resourceType: String, resourceID: String?, time: Int64) {
        self.subject = subject
        self.action = action
        self.resourceType = resourceType
        self.resourceID = resourceID
        self.time = time
    }
}

/// A role held by a subject, with the time in which it counts.
public struct Grant: Sendable, Hashable {
    /// The role assignment's id; empty for what everybody holds.
    public let assignment: String
    public let role: Role
    /// Milliseconds; counts from this instant on.
    public let validFrom: Int64?
    /// Milliseconds; at this instant it has expired.
    public let expiresAt: Int64?

    public init(assignment: String, role: Role, validFrom: Int64? = nil, expiresAt: Int64? = nil) {
        self.assignment = assignment
        self.role = role
        self.validFrom = validFrom
        self.expiresAt = expiresAt
    }

    /// Whether it counts at `time`.
    public func isValid(at time: Int64) -> Bool {
        if let validFrom, time < validFrom { return false }
        if let expiresAt, time >= expiresAt { return false }
        return true
    }
}

/// Allow or deny, with every permission that led to it.
public struct Decision: Sendable, Hashable {
    public struct Reason: Sendable, Hashable {
        public let role: String
        public let assignment: String
        public let permission: Permission
    }

    public let isAllowed: Bool
    public let reasons: [Reason]
}

/// The rules of deciding: any deny denies, else any allow allows, else deny.
public enum DecisionEngine {
    public static func decide(_ question: Question, grants: some Sequence<Grant>) -> Decision {
        var allows: [Decision.Reason] = []
        var denies: [Decision.Reason] = []
        for grant in grants where grant.isValid(at: question.time) {
            for permission in grant.role.permissions where permission.fits(question) {
                let reason = Decision.Reason(role: grant.role.id, assignment: grant.assignment, permission: permission)
                switch permission.effect {
                case .allow: allows.append(reason)
                case .deny: denies.append(reason)
                }
            }
        }
        if !denies.isEmpty { return Decision(isAllowed: false, reasons: denies) }
        return Decision(isAllowed: !allows.isEmpty, reasons: allows)
    }

    /// Whether a holder of `holder` holds everything that `other` gives at `time`: nobody confers, or takes over, what he does not hold.
    public static func covers(_ holder: [Grant], _ other: [Grant], at time: Int64) -> Bool {
        let held = holder.filter { $0.isValid(at: time) }
        return other.allSatisfy { grant in
            if let expiresAt = grant.expiresAt, expiresAt <= time { return true }
            return grant.role.permissions.allSatisfy { wanted in
                held.contains { candidate in
                    lasts(candidate, atLeastAsLongAs: grant) && candidate.role.permissions.contains { $0.covers(wanted) }
                }
            }
        }
    }

    private static func lasts(_ grant: Grant, atLeastAsLongAs other: Grant) -> Bool {
        guard let end = grant.expiresAt else { return true }
        guard let otherEnd = other.expiresAt else { return false }
        return end >= otherEnd
    }
}
