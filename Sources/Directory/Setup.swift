import Access
public import Audit
public import Authentication
import Crypto
import Grants
public import Model
public import Storage

/// The first administrator, made once with the token that the server printed.
public final class Setup: Sendable {
    private let database: any Database
    private let hasher: PasswordHasher
    private let trail: AuditTrail
    private let clock: any WallClock
    private let tokenHash: [UInt8]

    /// - Parameter token: kept only as a hash; a new one at every start unless the operator names it.
    public init(database: any Database, hasher: PasswordHasher, trail: AuditTrail, clock: any WallClock, token: String) {
        self.database = database
        self.hasher = hasher
        self.trail = trail
        self.clock = clock
        tokenHash = Array(SHA256.hash(data: Array(token.utf8)))
    }

    public func required(realm: RealmID) async throws -> Bool {
        try await database.read { try Self.isOpen(realm, on: $0) }
    }

    /// Whether `token` is the one that was printed; for the page, before the form is filled in.
    public func accepts(token: String) -> Bool {
        // Hashes of both, so that the comparison's duration says nothing about the token.
        SHA256.hash(data: Array(SHA256.hash(data: Array(token.utf8)))) == SHA256.hash(data: tokenHash)
    }

    /// Makes the first user and gives it the role `owner`.
    ///
    /// - Throws: `refused` when done already or for a wrong token, `invalid` for bad fields.
    public func complete(token: String, _ owner: NewUser, caller: Caller) async throws -> Written<User> {
        guard try await required(realm: caller.realm) else { throw Self.done }
        guard accepts(token: token) else {
            throw ServiceError.refused("That setup token is not the one this server printed. Use the link from its output.")
        }
        var problems = UserWriter.problems(with: owner)
        if owner.password == nil {
            problems.append(FieldError(field: "password", code: "required", message: "Enter a password."))
        }
        guard problems.isEmpty, let password = owner.password else { throw ServiceError.invalid(problems) }
        let secret = try await hasher.hash(password)
        return try await database.write { [self] connection in
            let now = clock.now()
            // Whoever changes this row first has done the setup; a racing second finds nothing to change.
            let claimed = try connection.run(
                Statement(
                    "UPDATE realm SET setup_completed_at = $1 WHERE id = $2 AND setup_completed_at IS NULL",
                    [.integer(now.milliseconds), .text(caller.realm.text)]))
            guard claimed == 1 else { throw Self.done }
            let user = try UserWriter.insert(owner, secret: secret, realm: caller.realm, at: now, on: connection)
            try AssignmentTable.insert(
                RoleAssignment(
                    id: EntityID.make(at: now), role: Role.owner.id,
                    terms: GrantTerms(principal: .user(user.id), reason: "setup"),
                    origin: GrantOrigin(grantedBy: "", createdAt: now)), realm: caller.realm, on: connection)
            try trail.append(
                .init(
                    actor: user.party, action: "setup.complete", target: user.party,
                    changes: UserWriter.changes(from: nil, to: user)),
                caller: caller, on: connection)
            return user
        }
    }

    private static let done = ServiceError.refused("The setup is done. Sign in instead.")

    private static func isOpen(_ realm: RealmID, on connection: any Connection) throws -> Bool {
        try connection.first(
            Statement("SELECT 1 FROM realm WHERE id = $1 AND setup_completed_at IS NULL", [.text(realm.text)])
        ) { _ in true } ?? false
    }
}
