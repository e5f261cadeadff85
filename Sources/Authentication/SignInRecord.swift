public import Audit
import Grants
public import Model
public import Storage
import Synchronization

/// Keeps account of sign-ins: counters for metrics, hourly tallies for the first page, and one audit event per name,
/// address and minute for refusals instead of one each.
public final class SignInRecord: Sendable {
    public enum Outcome: String, Sendable, CaseIterable {
        case success
        case refused
        /// Held back before the password was looked at.
        case throttled
        /// Turned away because too many were being hashed.
        case overloaded
    }

    private let database: any Database
    private let trail: AuditTrail
    private let clock: any WallClock
    private let counters: Mutex<[Outcome: Int64]> = Mutex([:])
    private let pending: Mutex<[TallyKey: Int64]> = Mutex([:])

    private struct TallyKey: Hashable {
        let realm: RealmID
        let hour: Int64
        let outcome: Outcome
    }

    public init(database: any Database, trail: AuditTrail, clock: any WallClock) {
        self.database = database
        self.trail = trail
        self.clock = clock
    }

    /// Sign-ins since the start, by outcome.
    public var totals: [Outcome: Int64] { counters.withLock { $0 } }

    func count(_ outcome: Outcome, realm: RealmID) {
        counters.withLock { $0[outcome, default: 0] += 1 }
        let key = TallyKey(realm: realm, hour: clock.now().milliseconds / 3_600_000, outcome: outcome)
        pending.withLock { $0[key, default: 0] += 1 }
    }

    /// Notes a refusal in the transaction that counts it: the first of its minute becomes an event, the others a number.
    func refuse(
        _ principal: PrincipalRecord?, subject: String, reason: String, caller: Caller, on connection: any Connection
    ) throws {
        let minute = clock.now().milliseconds / 60_000
        let inserted = try connection.run(
            Statement(
                """
                INSERT INTO sign_in_refusal (realm_id, subject, address, minute, principal_id, count)
                VALUES ($1, $2, $3, $4, $5, 0)
                ON CONFLICT (realm_id, subject, address, minute) DO NOTHING
                """,
                [
                    .text(caller.realm.text), .text(principal == nil ? "" : subject), .text(caller.address), .integer(minute),
                    .text(principal?.reference.id.text ?? ""),
                ]))
        if inserted > 0 {
            try append(principal, detail: reason, caller: caller, on: connection)
        } else {
            try connection.run(
                Statement(
                    """
                    UPDATE sign_in_refusal SET count = count + 1
                    WHERE realm_id = $1 AND subject = $2 AND address = $3 AND minute = $4
                    """,
                    [
                        .text(caller.realm.text), .text(principal == nil ? "" : subject), .text(caller.address),
                        .integer(minute),
                    ]))
        }
    }

    /// Writes tallies, and an event for each minute that is over and had more refusals than the one already told.
    public func tidy() async throws {
        let tallies = pending.withLock { pending in
            defer { pending.removeAll() }
            return pending
        }
        let now = clock.now()
        let minute = now.milliseconds / 60_000
        let over = try await database.read { connection in
            try connection.rows(
                Statement(
                    "SELECT realm_id, subject, address, principal_id, count, minute FROM sign_in_refusal WHERE minute < $1 LIMIT 500",
                    [.integer(minute)])
            ) { row in
                Flood(
                    realm: RealmID(row.text(0)), subject: row.text(1), address: row.text(2), principal: row.text(3),
                    count: row.integer(4), minute: row.integer(5))
            }
        }
        guard !tallies.isEmpty || !over.isEmpty else { return }
        do {
            _ = try await database.write { [self] connection in
                for (key, count) in tallies { try store(key, count, on: connection) }
                for flood in over { try close(flood, on: connection) }
                try connection.run(
                    Statement("DELETE FROM sign_in_tally WHERE hour < $1", [.integer(now.milliseconds / 3_600_000 - 24 * 31)]))
            }
        } catch {
            // Counted again the next time.
            pending.withLock { $0.merge(tallies, uniquingKeysWith: +) }
            throw error
        }
    }

    /// Successes and refusals by hour (milliseconds / 3,600,000), newest last, for the last `hours` hours.
    public func tallies(
        realm: RealmID, hours: Int64, on connection: any Connection
    ) throws -> [(hour: Int64, outcome: Outcome, count: Int64)] {
        let first = clock.now().milliseconds / 3_600_000 - hours + 1
        var found: [TallyKey: Int64] = [:]
        try connection.each(
            Statement(
                "SELECT hour, outcome, count FROM sign_in_tally WHERE realm_id = $1 AND hour >= $2",
                [.text(realm.text), .integer(first)])
        ) { row in
            if let outcome = Outcome(rawValue: row.text(1)) {
                found[TallyKey(realm: realm, hour: row.integer(0), outcome: outcome)] = row.integer(2)
            }
            return true
        }
        for (key, count) in pending.withLock({ $0 }) where key.realm == realm && key.hour >= first {
            found[key, default: 0] += count
        }
        return found.map { ($0.key.hour, $0.key.outcome, $0.value) }.sorted { $0.0 < $1.0 }
    }

    private struct Flood: Sendable {
        let realm: RealmID
        let subject: String
        let address: String
        let principal: String
        let count: Int64
        let minute: Int64
    }

    private func store(_ key: TallyKey, _ count: Int64, on connection: any Connection) throws {
        try connection.run(
            Statement(
                """
                INSERT INTO sign_in_tally (realm_id, hour, outcome, count) VALUES ($1, $2, $3, $4)
                ON CONFLICT (realm_id, hour, outcome) DO UPDATE SET count = sign_in_tally.count + excluded.count
                """,
                [.text(key.realm.text), .integer(key.hour), .text(key.outcome.rawValue), .integer(count)]))
    }

    private func close(_ flood: Flood, on connection: any Connection) throws {
        // Another node may have told of it meanwhile.
        let removed = try connection.run(
            Statement(
                "DELETE FROM sign_in_refusal WHERE realm_id = $1 AND subject = $2 AND address = $3 AND minute = $4",
                [.text(flood.realm.text), .text(flood.subject), .text(flood.address), .integer(flood.minute)]))
        guard removed > 0, flood.count > 0 else { return }
        let principal = try EntityID(flood.principal).flatMap { try Principals.find($0, realm: flood.realm, on: connection) }
        let time = Timestamp(milliseconds: flood.minute * 60_000).rfc3339.prefix(16)
        let minute = time.split(separator: "T").joined(separator: " ")
        try append(
            principal, detail: "\(flood.count) more in the minute of \(minute) UTC",
            caller: Caller(realm: flood.realm, address: flood.address, requestID: ""), on: connection)
    }

    /// The target is the account; a name nobody has is not recorded, because people type passwords there.
    private func append(_ principal: PrincipalRecord?, detail: String, caller: Caller, on connection: any Connection) throws {
        let target = principal.map {
            AuditEvent.Party(kind: $0.reference.kind.rawValue, id: $0.reference.id.text, name: $0.name)
        }
        try trail.append(
            .init(actor: nil, action: "session.refused", target: target, outcome: .failure, detail: detail), caller: caller,
            on: connection)
    }
}
