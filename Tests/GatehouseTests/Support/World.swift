import API
import Access
import Audit
import Authentication
import Console
import Crypto
import Decisions
import Directory
import Foundation
import Grants
import Model
import Server
import Storage
import Web

/// All services over a database of the test's own and a clock that the test moves: what `Composition` makes, with cheap hashes.
final class World: Sendable {
    static let setupToken = "the-setup-token-of-a-test"
    static let password = "seventeen purple lanterns"
    static let lifetime = SessionLifetime(idle: 3600, absolute: 86_400)
    static let migrations =
        AuditSchema.migrations + GrantsSchema.migrations + AuthenticationSchema.migrations + DirectorySchema.migrations

    let folder: TemporaryFolder
    let clock = ManualClock()
    let database: any Database
    let cursors: CursorKey
    let signingKey: Curve25519.Signing.PrivateKey
    let sealer: AuditSealer
    let verifier: AuditVerifier
    let trail: AuditTrail
    let gate: Gate
    let sessions: Sessions
    let hasher: PasswordHasher
    let record: SignInRecord
    let signIn: SignIn
    let standings: Standings
    let users: Users
    let account: Account
    let setup: Setup
    let imports: UserImports
    let exports: UserExports
    let audit: AuditReader
    let access: AccessContext

    init(lifetime: SessionLifetime = World.lifetime) async throws {
        folder = try TemporaryFolder()
        let clock = clock
        let database = try Engine.current.open(in: folder, migrations: World.migrations, clock: clock)
        self.database = database
        cursors = CursorKey(SymmetricKey(size: .bits256))
        signingKey = Curve25519.Signing.PrivateKey()
        sealer = AuditSealer(key: signingKey, clock: clock)
        verifier = AuditVerifier(seals: sealer)
        trail = AuditTrail(clock: clock)
        gate = Gate(database: database, clock: clock, attributes: Users.attributes)
        try await gate.load()
        sessions = Sessions(database: database, clock: clock, lifetime: lifetime, trail: trail)
        hasher = PasswordHasher(cost: .init(passes: 1, memory: 8192), threads: 2, waiting: 64)
        record = SignInRecord(database: database, trail: trail, clock: clock)
        signIn = SignIn(database: database, sessions: sessions, hasher: hasher, record: record, trail: trail, clock: clock)
        standings = Standings(sessions: sessions, gate: gate)
        access = AccessContext(
            database: database, gate: gate, standings: standings, trail: trail, cursors: cursors, clock: clock)
        users = Users(
            database: database, gate: gate, standings: standings, sessions: sessions, hasher: hasher, record: record,
            trail: trail, cursors: cursors, clock: clock)
        account = Account(
            database: database, gate: gate, standings: standings, sessions: sessions, hasher: hasher, signIn: signIn,
            trail: trail, clock: clock)
        imports = UserImports(users: users)
        exports = UserExports(users: users)
        setup = Setup(database: database, hasher: hasher, trail: trail, clock: clock, token: World.setupToken)
        audit = AuditReader(database: database, gate: gate, verifier: verifier, cursors: cursors)
    }

    deinit {
        hasher.end()
        folder.remove()
        Task.detached { [database] in
            await database.close()
            TestPostgres.drop(database)
        }
    }

    /// Both surfaces over these services, as the server mounts them.
    var composition: Composition {
        let api = APISurface.make(
            APIServices(
                access: AccessServices(access), users: users, account: account, setup: setup, signIn: signIn, sessions: sessions,
                audit: audit, imports: imports,
                exports: exports, spoolFolder: folder.path))
        let console = ConsoleSurface.make(
            ConsoleServices(
                access: AccessServices(access), users: users, account: account, setup: setup, signIn: signIn, sessions: sessions,
                audit: audit, gate: gate,
                clock: clock, imports: imports, exports: exports, spoolFolder: folder.path))
        let decisions = DecisionSurface.make(AccessServices(access).questions) { $0 == .main }
        return Composition(
            surfaces: [api, console] + decisions, sessions: sessions, isReady: { [database] in database.isCurrent },
            realmExists: { $0 == .main },
            waitForRevision: { [database] in await database.catchUp(to: $0) },
            setupToken: World.setupToken, close: {})
    }
}

/// Somebody with a session.
struct Person: Sendable {
    let id: EntityID
    let username: String
    let token: String
    let caller: Caller
}

extension World {
    static let home = "192.0.2.10"

    /// A caller nobody knows.
    func stranger(from address: String = World.home, agent: String = "tests", realm: RealmID = .main) -> Caller {
        Caller(realm: realm, address: address, agent: agent, requestID: "request-1")
    }

    /// Does the setup and signs the owner in.
    func makeOwner(_ username: String = "olga") async throws -> Person {
        _ = try await setup.complete(
            token: World.setupToken, NewUser(username: username, name: "Olga Owner", password: World.password),
            caller: stranger())
        return try await enter(username)
    }

    /// A user with the usual password, signed in.
    func makePerson(_ username: String, by owner: Person) async throws -> Person {
        try await makeUser(username, by: owner)
        return try await enter(username)
    }

    @discardableResult
    func makeUser(_ username: String, password: String? = World.password, by owner: Person) async throws -> User {
        try await users.create(NewUser(username: username, password: password), idempotency: nil, caller: owner.caller).value
    }

    /// Signs in and answers a caller with that session.
    func enter(_ username: String, password: String = World.password, from address: String = World.home) async throws -> Person {
        let outcome = try await signIn.signIn(username: username, password: password, caller: stranger(from: address))
        guard case .session(let issued) = outcome else { throw TestFailure("\(username) was asked for more") }
        return person(issued, username: username, from: address)
    }

    func person(_ issued: IssuedSession, username: String, from address: String = World.home) -> Person {
        Person(
            id: issued.session.principal.id, username: username, token: issued.token,
            caller: Caller(
                realm: .main, principal: issued.session.principal, session: issued.session.id,
                assurance: issued.session.assurance, address: address, agent: "tests", requestID: "request-2"))
    }

    /// Gives somebody the role `owner` without asking anybody.
    func makeOwner(of id: EntityID) async throws {
        try await give("owner", to: .user(id))
    }

    /// Gives somebody a role without asking anybody.
    func give(_ role: String, to holder: PrincipalReference, scope: Scope = .realm, expiresAt: Timestamp? = nil) async throws {
        _ = try await database.write { [clock] in
            try AssignmentTable.insert(
                RoleAssignment(
                    id: EntityID.make(at: clock.now()), role: role,
                    terms: GrantTerms(principal: holder, scope: scope, expiresAt: expiresAt, reason: "test"),
                    origin: GrantOrigin(grantedBy: "", createdAt: clock.now())), realm: .main, on: $0)
        }
    }

    /// A group with these members, made without asking anybody.
    @discardableResult
    func makeGroup(_ name: String, of members: [PrincipalReference] = []) async throws -> EntityID {
        let now = clock.now()
        let group = Group(id: EntityID.make(at: now), name: name, description: "", createdAt: now, updatedAt: now)
        _ = try await database.write { connection in
            try GroupTable.insert(group, realm: .main, on: connection)
            for member in members { _ = try Memberships.insert(member, in: group.id, realm: .main, at: now, on: connection) }
        }
        return group.id
    }

    /// A role assignment and an authorization, which give little, without asking anybody.
    func makeGrants(for holder: PrincipalReference) async throws -> (assignment: EntityID, authorization: EntityID) {
        let now = clock.now()
        let assignment = RoleAssignment(
            id: EntityID.make(at: now), role: "minimum-access", terms: GrantTerms(principal: holder),
            origin: GrantOrigin(grantedBy: "", createdAt: now))
        _ = try await database.write { try AssignmentTable.insert(assignment, realm: .main, on: $0) }
        let authorization = try await authorize(
            holder, [Permission(resourceType: "mqtt-topic", actions: ["subscribe"])])
        return (assignment.id, authorization)
    }

    /// Grants permissions without asking anybody.
    @discardableResult
    func authorize(
        _ holder: PrincipalReference, _ permissions: [Permission], scope: Scope = .realm, expiresAt: Timestamp? = nil
    ) async throws -> EntityID {
        let id = EntityID.make(at: clock.now())
        _ = try await database.write { [clock] in
            try AuthorizationTable.insert(
                Authorization(
                    id: id, permissions: permissions,
                    terms: GrantTerms(principal: holder, scope: scope, expiresAt: expiresAt, reason: "test"),
                    origin: GrantOrigin(grantedBy: "", createdAt: clock.now())), realm: .main, on: $0)
        }
        return id
    }

    /// Puts somebody, or a group, into a group without asking anybody.
    func add(_ member: PrincipalReference, to group: EntityID) async throws {
        let now = clock.now()
        _ = try await database.write { _ = try Memberships.insert(member, in: group, realm: .main, at: now, on: $0) }
    }

    /// A service without asking anybody.
    func makeService(_ name: String) async throws -> EntityID {
        let now = clock.now()
        let id = EntityID.make(at: now)
        let record = PrincipalRecord(
            reference: PrincipalReference(kind: .service, id: id), name: name, status: .active, version: 1)
        _ = try await database.write { try Principals.insert(record, store: "builtin", realm: .main, at: now, on: $0) }
        return id
    }

    /// The first column of a query, as integers.
    func integers(_ statement: Statement) async throws -> [Int64] {
        try await database.read { try $0.rows(statement) { $0.integer(0) } }
    }

    /// The first column of a query, as texts.
    func texts(_ statement: Statement) async throws -> [String] {
        try await database.read { try $0.rows(statement) { $0.text(0) } }
    }

    @discardableResult
    func run(_ statement: Statement) async throws -> Int {
        try await database.write { try $0.run(statement) }.value
    }

    /// Gives what was written its numbers and places, as the server does all the time.
    func settle() async throws {
        try await database.numberChanges()
        try await AuditNumbering.run(as: "tests", in: database)
    }

    /// All events, in the order of the chain.
    func events() async throws -> [AuditEvent] {
        try await settle()
        return try await database.scan { connection in
            let ids = try connection.rows(
                Statement("SELECT id FROM audit_event WHERE realm_id = 'main' ORDER BY position")
            ) { EntityID(trusted: $0.text(0)) }
            return try ids.compactMap { try AuditEvents.find($0, realm: .main, on: connection) }
        }
    }
}

/// What a helper of the tests gives up with.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The error of a service call, for comparing; `nil` when it went through.
func refusal<Value>(_ body: () async throws -> Value) async -> ServiceError? {
    do {
        _ = try await body()
        return nil
    } catch let error as ServiceError {
        return error
    } catch {
        return .malformed("not a ServiceError: \(error)")
    }
}

/// The codes of the fields that a call was refused for, `field code` each, in order.
func fieldCodes<Value>(_ body: () async throws -> Value) async -> [String] {
    switch await refusal(body) {
    case .invalid(let fields)?, .conflict(_, let fields)?, .malformed(_, let fields)?: fields.map { "\($0.field) \($0.code)" }
    default: []
    }
}
