public import Model

/// A person of a realm.
public struct User: Sendable, Hashable {
    public enum Status: String, Sendable, CaseIterable {
        case active, disabled, locked, invited
    }

    public var id: EntityID
    public var username: String
    public var name: String?
    public var email: String?
    public var emailVerified: Bool
    /// `locked` while sign-in is held back after failures; the others are stored.
    public var status: Status
    /// The user store: `builtin`.
    public var store: String
    /// Strings, numbers, booleans and arrays of them.
    public var attributes: JSONObject
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    public var lastSignInAt: Timestamp?
    /// Counts changes; the `ETag`. Signing in does not change it.
    public var version: Int64

    public init(
        id: EntityID, username: String, name: String?, email: String?, emailVerified: Bool, status: Status, store: String,
        attributes: JSONObject, createdAt: Timestamp, updatedAt: Timestamp, lastSignInAt: Timestamp?, version: Int64
    ) {
        self.id = id
        self.username = username
        self.name = name
        self.email = email
        self.emailVerified = emailVerified
        self.status = status
        self.store = store
        self.attributes = attributes
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.lastSignInAt = lastSignInAt
        self.version = version
    }
}

/// What creating a user takes; only the user name is needed. Without a password the user is `invited`.
public struct NewUser: Sendable {
    public var username: String
    public var name: String?
    public var email: String?
    public var password: String?
    public var attributes: JSONObject

    public init(
        username: String, name: String? = nil, email: String? = nil, password: String? = nil, attributes: JSONObject = .init()
    ) {
        self.username = username
        self.name = name
        self.email = email
        self.password = password
        self.attributes = attributes
    }
}

/// A merge patch of a user.
public struct UserPatch: Sendable {
    public var username: Patch<String> = .keep
    public var name: Patch<String> = .keep
    public var email: Patch<String> = .keep
    public var emailVerified: Patch<Bool> = .keep
    /// A merge patch itself: a `null` member removes that attribute; `.clear` removes all.
    public var attributes: Patch<JSONObject> = .keep

    public init() {}
}

/// The signed-in person: the user with what it belongs to.
public struct Profile: Sendable {
    public let user: User
    /// Names.
    public let groups: [String]
    /// Role ids, such as `owner`.
    public let roles: [String]
    public let organizations: [String]

    public init(user: User, groups: [String], roles: [String], organizations: [String]) {
        self.user = user
        self.groups = groups
        self.roles = roles
        self.organizations = organizations
    }
}

/// What deleting a user takes with it, for the dialog that asks.
public struct DeletionConsequences: Sendable, Hashable {
    public let sessions: Int
    public let groups: Int
    public let roleAssignments: Int
    public let authorizations: Int

    public init(sessions: Int, groups: Int, roleAssignments: Int, authorizations: Int) {
        self.sessions = sessions
        self.groups = groups
        self.roleAssignments = roleAssignments
        self.authorizations = authorizations
    }
}

/// The numbers on the first page of the console.
public struct Overview: Sendable {
    /// Counts stop at `Overview.countLimit`; a count equal to it means "at least".
    public static let countLimit = 10_000
    public let users: Int
    public let active: Int
    public let disabled: Int
    public let locked: Int
    public let invited: Int
    /// Open sessions.
    public let sessions: Int
    /// Sign-ins in each of the last 24 hours, the current one last; empty for somebody who may not read the record.
    public let signIns: [Int]
    /// Refused and held-back sign-ins, likewise.
    public let failures: [Int]

    public var signInsToday: Int { signIns.reduce(0, &+) }
    public var failuresToday: Int { failures.reduce(0, &+) }

    public init(
        users: Int, active: Int, disabled: Int, locked: Int, invited: Int, sessions: Int, signIns: [Int], failures: [Int]
    ) {
        self.users = users
        self.active = active
        self.disabled = disabled
        self.locked = locked
        self.invited = invited
        self.sessions = sessions
        self.signIns = signIns
        self.failures = failures
    }
}
