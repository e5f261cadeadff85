public import Audit
import Grants
public import Model
public import Storage
import Synchronization

/// Names and passwords in, sessions out.
public final class SignIn: Sendable {
    private let database: any Database
    private let sessions: Sessions
    private let hasher: PasswordHasher
    private let record: SignInRecord
    private let trail: AuditTrail
    private let clock: any WallClock
    /// Somebody's e-mail address, which lies in a room above; their password must not contain it.
    public typealias EmailLookup = @Sendable (EntityID, RealmID, any Connection) throws -> String?
    private let email: EmailLookup
    /// Attempts being hashed, by account: they count as failures until they are known to be none.
    private let pending: Mutex<[Throttle.Account: Int64]> = Mutex([:])
    private static let challengeSeconds: Int64 = 600

    public init(
        database: any Database, sessions: Sessions, hasher: PasswordHasher, record: SignInRecord, trail: AuditTrail,
        clock: any WallClock, email: @escaping EmailLookup = { _, _, _ in nil }
    ) {
        self.email = email
        self.database = database
        self.sessions = sessions
        self.hasher = hasher
        self.record = record
        self.trail = trail
        self.clock = clock
    }

    /// What the database says of a name before the password is looked at.
    private struct Candidate: Sendable {
        let principal: PrincipalRecord?
        let password: Credentials.Password?
        let subject: Throttle.Subject

        /// The hash to compare with; none for somebody who may not sign in.
        var secret: String? { principal?.status == .active ? password?.secret : nil }
    }

    /// Signs in with a password. The same work and the same answer for unknown names, wrong passwords and people who may not.
    ///
    /// - Parameter caller: anonymous, with address and agent.
    /// - Throws: `invalidCredentials`, `rateLimited`, `overloaded`.
    public func signIn(username: String, password: String, caller: Caller) async throws -> SignInOutcome {
        let candidate = try await check(username, password, .signIn, caller: caller)
        guard let principal = candidate.principal, let secret = candidate.secret else { throw ServiceError.invalidCredentials }
        // When too many are being hashed, the renewal waits for the next sign-in.
        let renewed = hasher.needsRehash(secret) ? try? await hasher.hash(password) : nil
        return try await admit(principal, candidate, secret: secret, renewed: renewed, caller: caller)
    }

    /// Answers a `new_password` challenge.
    ///
    /// - Throws: `invalidCredentials` for an unknown, used or expired challenge, `invalid` for a bad password (the challenge stays good).
    public func answer(challenge: String, newPassword: String, caller: Caller) async throws -> SignInOutcome {
        guard Token.hasShape(challenge, prefix: Token.challengePrefix) else { throw ServiceError.invalidCredentials }
        let hash = Token.hash(challenge)
        let waiting = try await database.read { [self] connection -> (PrincipalRecord, String, String?)? in
            guard let id = try challenged(hash, caller.realm, on: connection),
                let principal = try Principals.find(id, realm: caller.realm, on: connection), principal.status == .active,
                let password = try Credentials.password(of: id, realm: caller.realm, on: connection)
            else { return nil }
            return (principal, password.secret, try email(id, caller.realm, connection))
        }
        guard let (principal, old, email) = waiting else { throw ServiceError.invalidCredentials }
        let problems = PasswordPolicy.problems(
            with: newPassword, field: "newPassword", username: principal.name, email: email)
        guard problems.isEmpty else { throw ServiceError.invalid(problems) }
        guard try await !hasher.verify(newPassword, against: old) else {
            throw ServiceError.invalid([
                FieldError(
                    field: "newPassword", code: "unchanged", message: "Choose a password other than the one you were given.")
            ])
        }
        let secret = try await hasher.hash(newPassword)
        return try await database.write { [self] connection in
            let now = clock.now()
            // Consumed in the same step that finds it: whoever comes second finds nothing.
            let consumed = try connection.first(
                Statement(
                    """
                    DELETE FROM one_time_token WHERE token_hash = $1 AND realm_id = $2 AND kind = 'new_password'
                        AND expires_at > $3 RETURNING principal_id
                    """,
                    [.text(hash), .text(caller.realm.text), .integer(now.milliseconds)])
            ) { EntityID(trusted: $0.text(0)) }
            guard let consumed, let current = try Principals.find(consumed, realm: caller.realm, on: connection),
                current.status == .active
            else { throw ServiceError.invalidCredentials }
            try Credentials.setPassword(
                secret, mustChange: false, of: consumed, realm: caller.realm, at: now, on: connection)
            try sessions.endAll(of: consumed, realm: caller.realm, on: connection)
            let party = AuditEvent.Party(kind: current.reference.kind.rawValue, id: consumed.text, name: current.name)
            try trail.append(
                .init(actor: party, action: "user.password.change", target: party), caller: caller, on: connection)
            return .session(try open(current, caller: caller, on: connection))
        }.value
    }

    /// Whether this is the password of somebody who is signed in already; wrong ones are counted and held back as failed
    /// sign-ins are, by a counter of their own, so that a stolen session cannot be used to guess.
    ///
    /// - Throws: `rateLimited`, `overloaded`.
    public func confirm(_ password: String, of name: String, caller: Caller) async throws -> Bool {
        do {
            _ = try await check(name, password, .confirmation, caller: caller)
            return true
        } catch ServiceError.invalidCredentials {
            return false
        }
    }

    /// One guess: measured by the throttle, hashed, counted when it is wrong.
    private func check(
        _ username: String, _ password: String, _ scope: Throttle.Scope, caller: Caller
    ) async throws -> Candidate {
        let candidate = try await candidate(username, scope, caller: caller)
        let subject = candidate.subject
        // Entered before the counters are read again, so that a burst of guesses sees itself.
        let before = pending.withLock { pending in
            pending[subject.account, default: 0] += 1
            return (pending[subject.account] ?? 1) - 1
        }
        defer {
            pending.withLock { pending in
                let left = (pending[subject.account] ?? 1) - 1
                pending[subject.account] = left > 0 ? left : nil
            }
        }
        let wait = try await database.read { [clock] connection in
            try Throttle.wait(for: subject, realm: caller.realm, at: clock.now(), pending: before, on: connection)
        }
        if let wait {
            record.count(.throttled, realm: caller.realm)
            throw ServiceError.rateLimited(retryAfterSeconds: wait)
        }
        guard try await verify(password, against: candidate.secret, realm: caller.realm) else {
            try await refuse(candidate, caller: caller)
            throw ServiceError.invalidCredentials
        }
        return candidate
    }

    /// Opens a session and tells everybody who keeps account of it.
    private func open(_ principal: PrincipalRecord, caller: Caller, on connection: any Connection) throws -> IssuedSession {
        let now = clock.now()
        let issued = try sessions.open(for: principal.reference, methods: ["pwd"], caller: caller, on: connection)
        try connection.run(
            Statement(
                """
                INSERT INTO sign_in_activity (realm_id, principal_id, last_at) VALUES ($1, $2, $3)
                ON CONFLICT (realm_id, principal_id) DO UPDATE SET last_at = excluded.last_at
                """,
                [.text(caller.realm.text), .text(principal.reference.id.text), .integer(now.milliseconds)]))
        try Throttle.remember(
            Throttle.network(of: caller.address), of: principal.reference.id, realm: caller.realm, at: now, on: connection)
        let party = AuditEvent.Party(
            kind: principal.reference.kind.rawValue, id: principal.reference.id.text, name: principal.name)
        try trail.append(.init(actor: party, action: "session.create", target: party), caller: caller, on: connection)
        return issued
    }

    private func candidate(_ username: String, _ scope: Throttle.Scope, caller: Caller) async throws -> Candidate {
        // Longer than any name can be: nobody's, but looked up all the same.
        let name = String(username.unicodeScalars.prefix(300))
        return try await database.read { connection in
            let principal = try Principals.find(named: name, realm: caller.realm, on: connection)
            let person = principal?.reference.kind == .user ? principal : nil
            let password = try Credentials.password(
                of: person?.reference.id ?? EntityID(trusted: ""), realm: caller.realm, on: connection)
            let subject = try Throttle.subject(
                scope, name: name, principal: person?.reference.id, caller: caller, on: connection)
            return Candidate(principal: person, password: person == nil ? nil : password, subject: subject)
        }
    }

    private func verify(_ password: String, against secret: String?, realm: RealmID) async throws -> Bool {
        // Nothing longer can have been set; what is hashed stays bounded.
        let text = password.utf8.count <= PasswordPolicy.maximumBytes ? password : ""
        do {
            return try await hasher.verify(text, against: text.isEmpty ? nil : secret)
        } catch let error as ServiceError {
            if case .overloaded = error { record.count(.overloaded, realm: realm) }
            throw error
        }
    }

    private func refuse(_ candidate: Candidate, caller: Caller) async throws {
        record.count(.refused, realm: caller.realm)
        _ = try await database.write { [self] connection in
            let blocked = try Throttle.countFailure(
                candidate.subject, realm: caller.realm, at: clock.now(), on: connection)
            let reason =
                switch candidate.principal?.status {
                case nil: "unknown name"
                case .disabled: "the account is disabled"
                case .invited: "the account has no password yet"
                case .active: blocked ? "wrong password; further attempts are held back" : "wrong password"
                }
            try record.refuse(
                candidate.principal, subject: candidate.subject.name, reason: reason, caller: caller, on: connection)
        }
    }

    private func admit(
        _ principal: PrincipalRecord, _ candidate: Candidate, secret: String, renewed: String?, caller: Caller
    ) async throws -> SignInOutcome {
        let outcome = try await database.write { [self] connection -> SignInOutcome in
            // Disabled, deleted or given another password while we were hashing: too late.
            guard let current = try Principals.find(principal.reference.id, realm: caller.realm, on: connection),
                current.status == .active,
                let password = try Credentials.password(of: principal.reference.id, realm: caller.realm, on: connection),
                password.secret == secret
            else { throw ServiceError.invalidCredentials }
            if let renewed {
                try Credentials.renew(secret, with: renewed, of: principal.reference.id, realm: caller.realm, on: connection)
            }
            try Throttle.clear(candidate.subject, realm: caller.realm, on: connection)
            if password.mustChange { return try challenge(current, caller: caller, on: connection) }
            return .session(try open(current, caller: caller, on: connection))
        }.value
        record.count(.success, realm: caller.realm)
        return outcome
    }

    private func challenge(_ principal: PrincipalRecord, caller: Caller, on connection: any Connection) throws -> SignInOutcome {
        let now = clock.now()
        let token = Token.make(prefix: Token.challengePrefix)
        try connection.run(
            Statement(
                """
                INSERT INTO one_time_token (token_hash, realm_id, kind, principal_id, created_at, expires_at)
                VALUES ($1, $2, 'new_password', $3, $4, $5)
                """,
                [
                    .text(Token.hash(token)), .text(caller.realm.text), .text(principal.reference.id.text),
                    .integer(now.milliseconds), .integer(now.adding(seconds: Self.challengeSeconds).milliseconds),
                ]))
        return .challenge(token: token, methods: ["new_password"])
    }

    private func challenged(_ hash: String, _ realm: RealmID, on connection: any Connection) throws -> EntityID? {
        try connection.first(
            Statement(
                """
                SELECT principal_id FROM one_time_token
                WHERE token_hash = $1 AND realm_id = $2 AND kind = 'new_password' AND expires_at > $3
                """,
                [.text(hash), .text(realm.text), .integer(clock.now().milliseconds)])
        ) { EntityID(trusted: $0.text(0)) }
    }
}
