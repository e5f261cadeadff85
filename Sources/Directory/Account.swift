import Access
public import Audit
public import Authentication
public import Grants
public import Model
public import Storage

/// What everybody may do with their own account.
public final class Account: Sendable {
    private let database: any Database
    private let gate: Gate
    private let standings: Standings
    private let sessionStore: Sessions
    private let hasher: PasswordHasher
    private let signIn: SignIn
    private let trail: AuditTrail
    private let clock: any WallClock

    public init(
        database: any Database, gate: Gate, standings: Standings, sessions: Sessions, hasher: PasswordHasher, signIn: SignIn,
        trail: AuditTrail, clock: any WallClock
    ) {
        self.database = database
        self.gate = gate
        self.standings = standings
        sessionStore = sessions
        self.hasher = hasher
        self.signIn = signIn
        self.trail = trail
        self.clock = clock
    }

    /// The signed-in person with what it belongs to.
    public func profile(caller: Caller) async throws -> Profile {
        guard let principal = caller.principal else { throw ServiceError.unauthenticated }
        guard principal.kind == .user else { throw Self.noPerson }
        try gate.require(.userRead, on: principal.id.text, caller: caller)
        let user = try await database.lookUp { [clock] in
            try UserTable.find(principal.id, realm: caller.realm, at: clock.now(), on: $0)
        }
        guard let user else { throw ServiceError.unauthenticated }
        return profile(user, caller: caller)
    }

    /// Changes one's own `name` and `email`; the patch may hold nothing else.
    public func update(_ patch: UserPatch, ifMatch: Int64?, caller: Caller) async throws -> Written<Profile> {
        var own = UserPatch()
        own.name = patch.name
        own.email = patch.email
        let written = try await database.write { [self, own] connection in
            let (standing, user) = try me(.userUpdateProfile, caller: caller, on: connection)
            if let ifMatch, ifMatch != user.version { throw ServiceError.preconditionFailed }
            return try UserWriter.update(
                user, own, action: "user.profile.update", standing: standing, trail: trail, at: clock.now(), caller: caller,
                on: connection)
        }
        return Written(profile(written.value, caller: caller), revision: written.revision)
    }

    /// Changes one's own password and ends the other sessions.
    ///
    /// - Throws: `invalid` for a wrong current or a bad new one, `rateLimited` after too many wrong ones.
    public func changePassword(current: String, new: String, caller: Caller) async throws -> Written<Void> {
        let (user, secret) = try await database.read { [self] connection in
            let (_, user) = try me(.userChangePassword, caller: caller, on: connection)
            return (user, try Credentials.password(of: user.id, realm: caller.realm, on: connection)?.secret)
        }
        var problems = PasswordPolicy.problems(
            with: new, field: "newPassword", username: user.username, name: user.name, email: user.email)
        if !(try await signIn.confirm(current, of: user.username, caller: caller)) {
            problems.insert(
                FieldError(field: "currentPassword", code: "wrong", message: "That is not your current password."), at: 0)
        } else if PasswordPolicy.normalized(current) == PasswordPolicy.normalized(new) {
            problems.append(
                FieldError(field: "newPassword", code: "unchanged", message: "Choose a password other than the current one."))
        }
        guard problems.isEmpty else { throw ServiceError.invalid(problems) }
        let hash = try await hasher.hash(new)
        return try await database.write { [self] connection in
            let (standing, user) = try me(.userChangePassword, caller: caller, on: connection)
            guard try Credentials.password(of: user.id, realm: caller.realm, on: connection)?.secret == secret else {
                throw ServiceError.conflict("The password was changed meanwhile. Sign in again.")
            }
            try Credentials.setPassword(
                hash, mustChange: false, of: user.id, realm: caller.realm, at: clock.now(), on: connection)
            try Throttle.clear(user.id, name: user.username, realm: caller.realm, on: connection)
            try sessionStore.endAll(of: user.id, except: caller.session, realm: caller.realm, on: connection)
            try trail.append(
                .init(actor: standing.party, action: "user.password.change", target: user.party), caller: caller, on: connection)
        }
    }

    public func sessions(caller: Caller) async throws -> [Session] {
        guard let principal = caller.principal else { throw ServiceError.unauthenticated }
        guard principal.kind == .user else { throw Self.noPerson }
        try gate.require(.userReadSessions, on: principal.id.text, caller: caller)
        return try await database.scan { [sessionStore] in
            try sessionStore.list(of: principal.id, realm: caller.realm, on: $0)
        }
    }

    public func endSession(_ id: EntityID, caller: Caller) async throws -> Written<Void> {
        try await database.write { [self] connection in
            let (standing, user) = try me(.userEndOwnSessions, caller: caller, on: connection)
            guard try sessionStore.end(id, of: user.id, realm: caller.realm, on: connection) else { throw ServiceError.notFound }
            try trail.append(
                .init(actor: standing.party, action: "session.end", target: user.party), caller: caller, on: connection)
        }
    }

    /// Ends all sessions but the caller's.
    public func endOtherSessions(caller: Caller) async throws -> Written<Void> {
        try await database.write { [self] connection in
            let (standing, user) = try me(.userEndOwnSessions, caller: caller, on: connection)
            let count = try sessionStore.endAll(of: user.id, except: caller.session, realm: caller.realm, on: connection)
            guard count > 0 else { return }
            try trail.append(
                .init(actor: standing.party, action: "session.end-all", target: user.party, detail: "\(count) ended"),
                caller: caller, on: connection)
        }
    }

    private static let noPerson = ServiceError.refused("Only people have an account of their own; this is an API token.")

    private func me(
        _ permission: ManagementPermission, caller: Caller, on connection: any Connection
    ) throws -> (Standing, User) {
        let standing = try standings.load(caller, on: connection)
        guard standing.principal.kind == .user else { throw Self.noPerson }
        guard let user = try UserTable.find(standing.principal.id, realm: caller.realm, at: clock.now(), on: connection) else {
            throw ServiceError.unauthenticated
        }
        try standing.require(permission, on: user.id.text)
        return (standing, user)
    }

    private func profile(_ user: User, caller: Caller) -> Profile {
        Profile(
            user: user, groups: gate.groups(of: .user(user.id), realm: caller.realm).map(\.name).sorted(),
            roles: gate.roles(of: .user(user.id), realm: caller.realm), organizations: [])
    }
}
