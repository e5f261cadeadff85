import API
import Audit
import Authentication
import Console
import Crypto
import Decisions
import Directory
import Glibc
import Grants
public import Logging
import Model
import ServiceLifecycle
import Storage
import Web

extension Composition {
    /// Opens the data folder's database, brings it up to date, and puts the services together.
    ///
    /// - Throws: `StartFailure` with a sentence for the operator.
    public static func make(_ configuration: Configuration, _ logger: Logger) async throws -> Composition {
        // A file that may not grow is an error of that write, not a signal that ends the server.
        signal(SIGXFSZ, SIG_IGN)
        // Whatever is made from here on (database, journal, key) is its owner's alone.
        umask(0o077)
        let clock = SystemClock()
        if configuration.database?.isExposed == true {
            logger.warning("Nothing proves that the database server is the right one: add ?sslmode=verify-full to its URL.")
        }
        let database: any Database
        let keyring: Keyring
        do {
            database = try DatabaseOpening.open(configuration, clock: clock)
            keyring = try await DatabaseOpening.keyring(configuration, for: database, clock: clock)
            if let postgres = database as? PostgresDatabase, postgres.password.isEmpty, configuration.keyFileIsInDataFolder {
                logger.warning("The database needs no password, so the key in it is as open as it is; --key-file keeps it apart.")
            }
            for path in [configuration.keyFile, configuration.dataFolder] where DataFolder.isExposed(path) {
                logger.warning(
                    "Other accounts of this machine can get at what only the server should: take their permissions away.",
                    metadata: ["path": .string(path)])
            }
        } catch let error as StorageError {
            throw StartFailure(.unavailable, "\(DatabaseOpening.place(configuration)): \(error)")
        }
        do {
            return try await make(configuration, database, keyring, clock, logger)
        } catch let error as StorageError {
            await database.close()
            throw StartFailure(.unavailable, "\(DatabaseOpening.place(configuration)): \(error)")
        }
    }

    private static func make(
        _ configuration: Configuration, _ database: any Database, _ keyring: Keyring, _ clock: any WallClock, _ logger: Logger
    ) async throws -> Composition {
        let cursors = CursorKey(
            SymmetricKey(data: try await keyring.secret("cursor key", in: database, clock: clock) { randomBytes(32) }))
        let signing = try await keyring.secret("audit signing key", in: database, clock: clock) {
            Array(Curve25519.Signing.PrivateKey().rawRepresentation)
        }
        let sealer = AuditSealer(key: try Curve25519.Signing.PrivateKey(rawRepresentation: signing), clock: clock)

        let trail = AuditTrail(clock: clock)
        let gate = Gate(database: database, clock: clock, attributes: Users.attributes)
        let sessions = Sessions(
            database: database, clock: clock,
            lifetime: SessionLifetime(
                idle: Int64(configuration.sessionIdleSeconds), absolute: Int64(configuration.sessionLifetimeSeconds)),
            trail: trail)
        // After the sessions, which hear of a change first: who is removed is nobody before he holds nothing.
        try await gate.load()
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        // A queue that takes about half a second to empty: longer, and people press the button again.
        let hasher = PasswordHasher(threads: cores, waiting: cores * 12)
        let record = SignInRecord(database: database, trail: trail, clock: clock)
        let signIn = SignIn(
            database: database, sessions: sessions, hasher: hasher, record: record, trail: trail, clock: clock,
            email: { try Users.email(of: $0, realm: $1, on: $2) })
        let standings = Standings(sessions: sessions, gate: gate)
        let access = AccessServices(
            AccessContext(
                database: database, gate: gate, standings: standings, trail: trail, cursors: cursors, clock: clock))
        let users = Users(
            database: database, gate: gate, standings: standings, sessions: sessions, hasher: hasher, record: record,
            trail: trail, cursors: cursors, clock: clock)
        let imports = UserImports(users: users)
        let exports = UserExports(users: users)
        let account = Account(
            database: database, gate: gate, standings: standings, sessions: sessions, hasher: hasher, signIn: signIn,
            trail: trail,
            clock: clock)
        if let chosen = configuration.setupToken, chosen.utf8.count < 16 {
            logger.warning("The setup token is short enough to be guessed; let the server make one, or choose 16 characters.")
        }
        let setupToken = configuration.setupToken ?? Base64URL.encode(randomBytes(32))
        let setup = Setup(database: database, hasher: hasher, trail: trail, clock: clock, token: setupToken)
        let audit = AuditReader(
            database: database, gate: gate, verifier: AuditVerifier(seals: sealer), cursors: cursors)

        let api = APISurface.make(
            APIServices(
                access: access,
                users: users, account: account, setup: setup, signIn: signIn, sessions: sessions, audit: audit, imports: imports,
                exports: exports, spoolFolder: configuration.dataFolder))
        let console = ConsoleSurface.make(
            ConsoleServices(
                access: access,
                users: users, account: account, setup: setup, signIn: signIn, sessions: sessions, audit: audit, gate: gate,
                clock: clock, imports: imports, exports: exports, spoolFolder: configuration.dataFolder))
        let realmExists: @Sendable (RealmID) -> Bool = { $0 == .main }
        let decisions = DecisionSurface.make(access.questions, realmExists: realmExists)
        let isOpen = try await setup.required(realm: .main)
        return Composition(
            surfaces: [api, console] + decisions, sessions: sessions, isReady: { database.isCurrent }, realmExists: realmExists,
            waitForRevision: { await database.catchUp(to: $0) },
            metricSources: [{ serviceMetrics(record, hasher, database) }], setupToken: isOpen ? setupToken : nil,
            backgroundServices: [
                Housekeeping(database: database, sessions: sessions, record: record, sealer: sealer, logger: logger),
                Numbering(database: database, logger: logger),
            ],
            close: {
                hasher.end()
                try? await sessions.tidy()
                try? await record.tidy()
                _ = try? await AuditNumbering.run(as: Numbering.node, in: database)
                // The end of the record is sealed, so that what was cut off while nobody was running shows.
                if let head = try? await sealer.seal(realm: .main, in: database) {
                    logger.info("The audit record is sealed.", metadata: ["head": .string(head), "realm": .string("main")])
                }
                await database.close()
            })
    }

    private static func serviceMetrics(
        _ record: SignInRecord, _ hasher: PasswordHasher, _ database: any Database
    ) -> [MetricFamily] {
        let totals = record.totals
        let load = hasher.load
        var families = [
            MetricFamily(
                "gatehouse_sign_ins_total", .counter, "Sign-ins with a password, by what came of them.",
                SignInRecord.Outcome.allCases.map {
                    MetricSample(Double(totals[$0] ?? 0), [("outcome", $0.rawValue)])
                }),
            MetricFamily(
                "gatehouse_password_hashes_waiting", .gauge, "Passwords waiting to be hashed.", Double(load.waiting)),
            MetricFamily(
                "gatehouse_password_hashes_running", .gauge, "Passwords being hashed.", Double(load.running)),
            MetricFamily(
                "gatehouse_revision", .gauge, "Position of the change feed this node has applied.",
                Double(database.revision.position)),
            MetricFamily(
                "gatehouse_current", .gauge, "1 when this node has read the change feed within the last second.",
                database.isCurrent ? 1 : 0),
        ]
        if let postgres = database as? PostgresDatabase {
            let load = postgres.load
            families += [
                MetricFamily(
                    "gatehouse_database_waiting", .gauge, "Requests waiting for a connection to PostgreSQL.", Double(load.waiting)
                ),
                MetricFamily(
                    "gatehouse_database_busy", .gauge, "Connections to PostgreSQL that are at work.", Double(load.running)),
            ]
        }
        return families
    }
}

/// Work that is due from time to time: stores times of last use, tells of refused sign-ins, seals the audit record.
private struct Housekeeping: Service {
    let database: any Database
    let sessions: Sessions
    let record: SignInRecord
    let sealer: AuditSealer
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(10))
                guard !Task.isCancelled else { return }
                await once()
            }
        }
    }

    private func once() async {
        do {
            try await sessions.tidy()
            try await record.tidy()
            _ = try await database.write { try Schema.trimFeed($0, keeping: 100_000) }
            await database.refreshStatistics()
        } catch {
            logger.error("Housekeeping failed; it is tried again in ten seconds.", error: error)
        }
        do {
            if let head = try await sealer.seal(realm: .main, in: database) {
                logger.info("The audit record is sealed.", metadata: ["head": .string(head), "realm": .string("main")])
            }
        } catch {
            logger.error("The audit record could not be sealed.", error: error)
        }
    }
}

/// Where many nodes write, changes and events are stored without a number; one node at a time gives them theirs.
private struct Numbering: Service {
    /// This process, for leases.
    static let node = Base64URL.encode(randomBytes(12))

    let database: any Database
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // With one writer there is nothing to do.
            let pause = Duration.milliseconds(database.dialect.numbersInline ? 3_600_000 : 150)
            var isFailing = false
            while !Task.isCancelled {
                try? await Task.sleep(for: pause)
                guard !Task.isCancelled else { return }
                do {
                    try await database.numberChanges()
                    try await AuditNumbering.run(as: Self.node, in: database)
                    isFailing = false
                } catch {
                    if !isFailing {
                        logger.error("Changes and audit events could not be numbered; it is tried again.", error: error)
                    }
                    isFailing = true
                    try? await Task.sleep(for: .milliseconds(500))
                }
            }
        }
    }
}
