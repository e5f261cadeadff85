public import Audit
public import Authentication
public import Grants
public import Model
public import Storage

/// Users, as administrators see them. Every method asks for its permission itself.
public final class Users: Sendable {
    let database: any Database
    let gate: Gate
    let standings: Standings
    let sessionStore: Sessions
    let hasher: PasswordHasher
    let record: SignInRecord
    let trail: AuditTrail
    let clock: any WallClock
    private let lists: UserList
    private let cache = UserCache()

    public init(
        database: any Database, gate: Gate, standings: Standings, sessions: Sessions, hasher: PasswordHasher,
        record: SignInRecord, trail: AuditTrail, cursors: CursorKey, clock: any WallClock
    ) {
        self.database = database
        self.gate = gate
        self.standings = standings
        sessionStore = sessions
        self.hasher = hasher
        self.record = record
        self.trail = trail
        self.clock = clock
        lists = UserList(clock: clock, cursors: cursors)
    }

    /// A user's e-mail address, for rules of the rooms below; asks for no permission.
    public static func email(of id: EntityID, realm: RealmID, on connection: any Connection) throws -> String? {
        try UserTable.find(id, realm: realm, at: Timestamp(milliseconds: 0), on: connection)?.email
    }

    /// The attributes of users, for the decision engine.
    public static let attributes: AttributeSource = { ids, realm, connection, body in
        try UserTable.attributes(of: ids, realm: realm, on: connection, body)
    }

    /// Everything that is wrong with the fields themselves; for forms that have more to say of their own.
    public static func problems(with new: NewUser) -> [FieldError] {
        UserWriter.problems(with: new)
    }

    /// Creates a user; without a password it is `invited`.
    ///
    /// - Throws: `forbidden`, `invalid`, `conflict` when the name is taken.
    public func create(_ new: NewUser, idempotency: IdempotencyKey?, caller: Caller) async throws -> Written<User> {
        // Asked from the snapshot first, so that nobody without the permission costs a hash.
        try gate.require(.userCreate, caller: caller)
        let problems = UserWriter.problems(with: new)
        guard problems.isEmpty else { throw ServiceError.invalid(problems) }
        let secret = try await hash(new.password)
        // It adds rows only, and unique keys keep the names and the idempotency keys apart.
        return try await database.write(.snapshot) { [self] connection in
            let standing = try standings.load(caller, on: connection)
            try standing.require(.userCreate)
            let now = clock.now()
            if let idempotency,
                let made = try Idempotency.made(by: idempotency, caller: caller, at: now, on: connection)
            {
                guard let user = try UserTable.find(made, realm: caller.realm, at: now, on: connection) else {
                    throw ServiceError.conflict("What this Idempotency-Key created has been deleted since.")
                }
                return user
            }
            let user = try UserWriter.insert(new, secret: secret, realm: caller.realm, at: now, on: connection)
            try trail.append(
                .init(
                    actor: standing.party, action: "user.create", target: user.party,
                    changes: UserWriter.changes(from: nil, to: user)),
                caller: caller, on: connection)
            if let idempotency {
                try Idempotency.remember(idempotency, made: user.id, caller: caller, at: now, on: connection)
            }
            return user
        }
    }

    /// - Throws: `notFound` when absent or invisible.
    public func get(_ id: EntityID, caller: Caller) async throws -> User {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        let found = try await read(id, realm: caller.realm)
        guard let found, try gate.permits(.userRead, on: id.text, caller: caller) else { throw ServiceError.notFound }
        return found
    }

    /// Filter attributes: `id username name email emailVerified status store createdAt updatedAt lastSignInAt`.
    /// Sort fields: `username name email status createdAt updatedAt lastSignInAt`; default `username`. Shows what the caller may read.
    public func list(_ query: ListQuery, caller: Caller) async throws -> Page<User> {
        let scope = try gate.scope(of: .userRead, caller: caller)
        let listing = try lists.listing(query, caller: caller)
        return try await database.scan { [lists] in
            try lists.page(listing, realm: caller.realm, scope: scope, on: $0)
        }
    }

    /// - Parameter ifMatch: the version the caller has seen.
    /// - Throws: `notFound`, `forbidden`, `preconditionFailed`, `invalid`, `conflict`.
    public func update(_ id: EntityID, _ patch: UserPatch, ifMatch: Int64?, caller: Caller) async throws -> Written<User> {
        try await database.write { [self] connection in
            let standing = try standings.load(caller, on: connection)
            let user = try find(id, for: standing, permission: .userUpdate, ifMatch: ifMatch, caller: caller, on: connection)
            try UserPower.require(toChange: user, by: patch, standing)
            return try UserWriter.update(
                user, patch, action: "user.update", standing: standing, trail: trail, at: clock.now(), caller: caller,
                on: connection)
        }
    }

    /// Ends the user's sessions and removes memberships, assignments and authorizations.
    public func delete(_ id: EntityID, ifMatch: Int64?, caller: Caller) async throws -> Written<Void> {
        try await database.write { [self] connection in
            let standing = try standings.load(caller, on: connection)
            let user = try find(id, for: standing, permission: .userDelete, ifMatch: ifMatch, caller: caller, on: connection)
            let principal = try principal(of: user, caller: caller, on: connection)
            try requirePower(over: user, standing, .userDelete, caller: caller, on: connection)
            try sessionStore.endAll(of: id, realm: caller.realm, on: connection)
            try connection.run(
                Statement(
                    "DELETE FROM session WHERE realm_id = $1 AND principal_id = $2", [.text(caller.realm.text), .text(id.text)]))
            try Credentials.deleteAll(of: id, name: user.username, realm: caller.realm, on: connection)
            try UserTable.delete(user, realm: caller.realm, on: connection)
            try Principals.delete(principal, realm: caller.realm, on: connection)
            try LastOwner.require(realm: caller.realm, at: clock.now(), on: connection)
            try trail.append(
                .init(
                    actor: standing.party, action: "user.delete", target: user.party,
                    changes: UserWriter.changes(from: user, to: nil)),
                caller: caller, on: connection)
        }
    }

    public func disable(_ id: EntityID, ifMatch: Int64?, caller: Caller) async throws -> Written<User> {
        try await database.write { [self] connection in
            let standing = try standings.load(caller, on: connection)
            let user = try find(id, for: standing, permission: .userDisable, ifMatch: ifMatch, caller: caller, on: connection)
            try requirePower(over: user, standing, .userDisable, caller: caller, on: connection)
            let result = try setStatus(.disabled, of: user, "user.disable", standing, caller: caller, on: connection)
            try sessionStore.endAll(of: id, realm: caller.realm, on: connection)
            try LastOwner.require(realm: caller.realm, at: clock.now(), on: connection)
            return result
        }
    }

    /// Back to `active`, or to `invited` when there is no password yet.
    public func enable(_ id: EntityID, ifMatch: Int64?, caller: Caller) async throws -> Written<User> {
        try await database.write { [self] connection in
            let standing = try standings.load(caller, on: connection)
            let user = try find(id, for: standing, permission: .userDisable, ifMatch: ifMatch, caller: caller, on: connection)
            try requirePower(over: user, standing, .userDisable, caller: caller, on: connection)
            let hasPassword = try Credentials.password(of: id, realm: caller.realm, on: connection) != nil
            return try setStatus(
                hasPassword ? .active : .invited, of: user, "user.enable", standing, caller: caller, on: connection)
        }
    }

    /// Lets somebody sign in again at once who was held back after failures.
    public func unlock(_ id: EntityID, caller: Caller) async throws -> Written<User> {
        try await database.write { [self] connection in
            let standing = try standings.load(caller, on: connection)
            let user = try find(id, for: standing, permission: .userUnlock, ifMatch: nil, caller: caller, on: connection)
            try requirePower(over: user, standing, .userUnlock, caller: caller, on: connection)
            try Throttle.clear(id, name: user.username, realm: caller.realm, on: connection)
            try trail.append(
                .init(actor: standing.party, action: "user.unlock", target: user.party), caller: caller, on: connection)
            return try reload(id, caller: caller, on: connection)
        }
    }

    /// Sets a new password and ends the user's sessions.
    ///
    /// - Parameter mustChange: whether the user has to choose another one at the next sign-in.
    public func setPassword(_ id: EntityID, password: String, mustChange: Bool, caller: Caller) async throws -> Written<Void> {
        // Before anything is said of the password, or hashed: whoever may not do it learns only that.
        let user = try await database.read { [self] connection in
            let standing = try standings.load(caller, on: connection)
            let user = try find(id, for: standing, permission: .userResetPassword, ifMatch: nil, caller: caller, on: connection)
            try requirePower(over: user, standing, .userResetPassword, caller: caller, on: connection)
            return user
        }
        let problems = PasswordPolicy.problems(with: password, username: user.username, name: user.name, email: user.email)
        guard problems.isEmpty else { throw ServiceError.invalid(problems) }
        let secret = try await hasher.hash(password)
        return try await database.write { [self] connection in
            let standing = try standings.load(caller, on: connection)
            let user = try find(id, for: standing, permission: .userResetPassword, ifMatch: nil, caller: caller, on: connection)
            try requirePower(over: user, standing, .userResetPassword, caller: caller, on: connection)
            let now = clock.now()
            try Credentials.setPassword(secret, mustChange: mustChange, of: id, realm: caller.realm, at: now, on: connection)
            try Throttle.clear(id, name: user.username, realm: caller.realm, on: connection)
            try sessionStore.endAll(of: id, realm: caller.realm, on: connection)
            let principal = try principal(of: user, caller: caller, on: connection)
            try Principals.update(
                principal, status: principal.status == .invited ? .active : nil, realm: caller.realm, at: now, on: connection)
            try trail.append(
                .init(
                    actor: standing.party, action: "user.password.set", target: user.party,
                    detail: mustChange ? "to be changed at the next sign-in" : nil),
                caller: caller, on: connection)
        }
    }

    /// The user, seen with the write's own eyes: invisible is `notFound`, then the permission, then the version.
    func find(
        _ id: EntityID, for standing: Standing, permission: ManagementPermission, ifMatch: Int64?, caller: Caller,
        on connection: any Connection
    ) throws -> User {
        guard let user = try UserTable.find(id, realm: caller.realm, at: clock.now(), on: connection),
            try standing.allows(.userRead, on: id.text)
        else { throw ServiceError.notFound }
        try standing.require(permission, on: id.text)
        if let ifMatch, ifMatch != user.version { throw ServiceError.preconditionFailed }
        return user
    }

    private func read(_ id: EntityID, realm: RealmID) async throws -> User? {
        let now = clock.now()
        guard let commits = database.commits else {
            return try await database.lookUp { try UserTable.find(id, realm: realm, at: now, on: $0) }
        }
        if let known = cache.find(id, realm: realm, commits: commits, at: now) { return known }
        guard let user = try await database.lookUp({ try UserTable.find(id, realm: realm, at: now, on: $0) }) else { return nil }
        cache.keep(user, realm: realm, commits: commits, at: now)
        return user
    }

    private func hash(_ password: String?) async throws -> String? {
        guard let password else { return nil }
        return try await hasher.hash(password)
    }

    /// Nobody takes over, or takes out, somebody more powerful.
    private func requirePower(
        over user: User, _ standing: Standing, _ permission: ManagementPermission, caller: Caller, on connection: any Connection
    ) throws {
        try standing.requirePower(over: .user(user.id), for: permission)
    }

    private func setStatus(
        _ status: PrincipalRecord.Status, of user: User, _ action: String, _ standing: Standing, caller: Caller,
        on connection: any Connection
    ) throws -> User {
        let principal = try principal(of: user, caller: caller, on: connection)
        guard principal.status != status, !(action == "user.enable" && principal.status != .disabled) else { return user }
        try Principals.update(principal, status: status, realm: caller.realm, at: clock.now(), on: connection)
        try trail.append(
            .init(
                actor: standing.party, action: action, target: user.party,
                changes: [.init(field: "status", old: .string(principal.status.rawValue), new: .string(status.rawValue))]),
            caller: caller, on: connection)
        return try reload(user.id, caller: caller, on: connection)
    }

    private func principal(of user: User, caller: Caller, on connection: any Connection) throws -> PrincipalRecord {
        guard let principal = try Principals.find(user.id, realm: caller.realm, on: connection) else {
            throw ServiceError.notFound
        }
        return principal
    }

    private func reload(_ id: EntityID, caller: Caller, on connection: any Connection) throws -> User {
        guard let user = try UserTable.find(id, realm: caller.realm, at: clock.now(), on: connection) else {
            throw ServiceError.notFound
        }
        return user
    }
}

extension User {
    /// The user as the audit record names it.
    var party: AuditEvent.Party {
        AuditEvent.Party(kind: "user", id: id.text, name: username)
    }
}
