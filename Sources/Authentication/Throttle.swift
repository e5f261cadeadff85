import Grants
public import Model
public import Storage

/// Holds back guessing: per account and per network, growing, stored, and never for good.
///
/// An account has one counter for strangers and one for each network its owner has signed in from, so that whoever fails
/// on purpose from elsewhere does not keep the owner out.
public enum Throttle {
    /// Failures in a row after which an account is held back.
    static let accountLimit: Int64 = 10
    /// Failures within a minute after which a network is held back.
    static let addressLimit: Int64 = 60
    static let firstBlock: Int64 = 30
    /// A block never lasts longer than this (seconds).
    static let longestBlock: Int64 = 900
    /// Counters are forgotten after so many quiet seconds.
    static let memory: Int64 = 86_400
    private static let addressWindow: Int64 = 60

    /// Which counters an attempt is measured by.
    struct Subject: Sendable, Hashable {
        /// Which counter an account's failures go to.
        let scope: Scope
        /// A hash of the folded name: people type passwords into the wrong field.
        let name: String
        /// Empty for a name nobody has.
        let principal: String
        /// The network, when the account knows it; empty for strangers.
        let knownAddress: String
        let address: String

        /// The account's counter alone, wherever the attempt comes from.
        var account: Account { Account(scope: scope, name: name, knownAddress: knownAddress) }
    }

    /// What one account counter is kept by.
    struct Account: Sendable, Hashable {
        let scope: Scope
        let name: String
        let knownAddress: String
    }

    enum Scope: String, Sendable {
        case signIn = "account"
        /// Typing the own password again in a session: whoever holds a stolen session can hold back this, and not the sign-in.
        case confirmation
    }

    /// What counts as one place: an IPv4 address, or the /64 of an IPv6 one.
    static func network(of address: String) -> String {
        guard address.contains(":") else { return address }
        let groups = expand(address)
        return groups.count == 8 ? groups.prefix(4).joined(separator: ":") + "::/64" : address
    }

    static func subject(
        _ scope: Scope, name: String, principal: EntityID?, caller: Caller, on connection: any Connection
    ) throws -> Subject {
        let address = network(of: caller.address)
        var known = false
        if let principal {
            known =
                try connection.first(
                    Statement(
                        "SELECT 1 FROM known_address WHERE realm_id = $1 AND principal_id = $2 AND address = $3",
                        [.text(caller.realm.text), .text(principal.text), .text(address)])
                ) { _ in true } ?? false
        }
        return Subject(
            scope: scope, name: key(name), principal: scope == .signIn ? principal?.text ?? "" : "",
            knownAddress: known ? address : "", address: address)
    }

    /// Seconds until the next attempt is taken; `nil` when it is taken now. `pending`: attempts on their way, counted as failures.
    static func wait(
        for subject: Subject, realm: RealmID, at now: Timestamp, pending: Int64, on connection: any Connection
    ) throws -> Int? {
        let account = try counter(subject.scope.rawValue, subject.name, subject.knownAddress, realm, at: now, on: connection)
        let address = try counter("address", subject.address, "", realm, at: now, on: connection)
        let until = max(account?.blockedUntil ?? 0, address?.blockedUntil ?? 0)
        if until > now.milliseconds { return Int((until - now.milliseconds + 999) / 1000) }
        // A burst of parallel guesses must not pass while the first is still being hashed.
        let failures = account.map { isForgotten($0, now) ? 0 : $0.failures } ?? 0
        if pending > 0, failures + pending >= accountLimit { return 1 }
        return nil
    }

    /// Counts a failure; answers whether this one began (or renewed) a block of the account.
    @discardableResult
    static func countFailure(_ subject: Subject, realm: RealmID, at now: Timestamp, on connection: any Connection) throws -> Bool
    {
        var account =
            try counter(subject.scope.rawValue, subject.name, subject.knownAddress, realm, at: now, on: connection)
            ?? Counter(failures: 0, since: now.milliseconds, lastAt: now.milliseconds, blockedUntil: 0)
        if isForgotten(account, now) { account.failures = 0 }
        account.failures += 1
        account.lastAt = now.milliseconds
        if account.failures >= accountLimit {
            account.blockedUntil = now.adding(seconds: block(after: account.failures - accountLimit)).milliseconds
        }
        try store(
            account, subject.scope.rawValue, subject.name, subject.knownAddress, principal: subject.principal, realm,
            on: connection)

        var address =
            try counter("address", subject.address, "", realm, at: now, on: connection)
            ?? Counter(failures: 0, since: now.milliseconds, lastAt: now.milliseconds, blockedUntil: 0)
        if now.milliseconds - address.since >= addressWindow * 1000 {
            // A network that was held back within the last hour is held back longer the next time.
            let wasBlocked = now.milliseconds - address.blockedUntil < 3_600_000
            address = Counter(
                failures: 0, since: now.milliseconds, lastAt: now.milliseconds,
                blockedUntil: wasBlocked ? address.blockedUntil : 0)
        }
        address.failures += 1
        address.lastAt = now.milliseconds
        if address.failures >= addressLimit {
            let again = address.blockedUntil > 0 && address.failures == addressLimit
            // Never shortened by guesses that were on their way already.
            let end = now.adding(seconds: again ? 4 * addressWindow : addressWindow).milliseconds
            address.blockedUntil = max(address.blockedUntil, end)
        }
        try store(address, "address", subject.address, "", realm, on: connection)
        return account.failures >= accountLimit
    }

    /// Success clears the counter that the attempt was measured by.
    static func clear(_ subject: Subject, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                "DELETE FROM sign_in_throttle WHERE realm_id = $1 AND scope = 'account' AND subject = $2 AND address = $3",
                [.text(realm.text), .text(subject.name), .text(subject.knownAddress)]))
    }

    /// Clears every counter of an account, as an administrator's unlock does.
    public static func clear(_ id: EntityID, name: String, realm: RealmID, on connection: any Connection) throws {
        try connection.run(
            Statement(
                "DELETE FROM sign_in_throttle WHERE realm_id = $1 AND scope <> 'address' AND (subject = $2 OR principal_id = $3)",
                [.text(realm.text), .text(key(name)), .text(id.text)]))
    }

    private static func key(_ name: String) -> String {
        Token.hash(Principals.nameKey(name))
    }

    /// Remembers where somebody signed in from; the ten latest places are kept.
    static func remember(_ address: String, of id: EntityID, realm: RealmID, at now: Timestamp, on connection: any Connection)
        throws
    {
        let owner: [SQLValue] = [.text(realm.text), .text(id.text)]
        try connection.run(
            Statement(
                """
                INSERT INTO known_address (realm_id, principal_id, address, last_at) VALUES ($1, $2, $3, $4)
                ON CONFLICT (realm_id, principal_id, address) DO UPDATE SET last_at = excluded.last_at
                """, owner + [.text(address), .integer(now.milliseconds)]))
        try connection.run(
            Statement(
                """
                DELETE FROM known_address WHERE realm_id = $1 AND principal_id = $2 AND address NOT IN (
                    SELECT k.address FROM known_address k WHERE k.realm_id = $1 AND k.principal_id = $2
                    ORDER BY k.last_at DESC, k.address LIMIT 10)
                """, owner))
    }

    /// Whether there is anything to forget.
    static func hasForgotten(at now: Timestamp, on connection: any Connection) throws -> Bool {
        try connection.first(
            Statement(
                "SELECT 1 FROM sign_in_throttle WHERE last_at < $1 AND blocked_until < $2 LIMIT 1",
                [.integer(now.adding(seconds: -memory).milliseconds), .integer(now.milliseconds)])
        ) { _ in true } ?? false
    }

    /// Forgets counters nobody has touched for a day.
    static func tidy(at now: Timestamp, on connection: any Connection) throws {
        try connection.run(
            Statement(
                "DELETE FROM sign_in_throttle WHERE last_at < $1 AND blocked_until < $2",
                [.integer(now.adding(seconds: -memory).milliseconds), .integer(now.milliseconds)]))
    }

    /// Seconds: 30, 60, 120 ... up to a quarter of an hour.
    static func block(after excess: Int64) -> Int64 {
        excess >= 5 ? longestBlock : min(longestBlock, firstBlock << excess)
    }

    private struct Counter {
        var failures: Int64
        var since: Int64
        var lastAt: Int64
        var blockedUntil: Int64
    }

    private static func isForgotten(_ counter: Counter, _ now: Timestamp) -> Bool {
        now.milliseconds - counter.lastAt > memory * 1000
    }

    private static func counter(
        _ scope: String, _ subject: String, _ address: String, _ realm: RealmID, at now: Timestamp, on connection: any Connection
    ) throws -> Counter? {
        let stored = try connection.first(
            Statement(
                """
                SELECT failures, since, last_at, blocked_until FROM sign_in_throttle
                WHERE realm_id = $1 AND scope = $2 AND subject = $3 AND address = $4
                """,
                [.text(realm.text), .text(scope), .text(subject), .text(address)])
        ) {
            Counter(failures: $0.integer(0), since: $0.integer(1), lastAt: $0.integer(2), blockedUntil: $0.integer(3))
        }
        guard var counter = stored else { return nil }
        // A clock that was set back must not keep anybody out until it has caught up.
        counter.since = min(counter.since, now.milliseconds)
        counter.lastAt = min(counter.lastAt, now.milliseconds)
        if counter.blockedUntil > now.adding(seconds: longestBlock).milliseconds { counter.blockedUntil = 0 }
        return counter
    }

    private static func store(
        _ counter: Counter, _ scope: String, _ subject: String, _ address: String, principal: String = "", _ realm: RealmID,
        on connection: any Connection
    ) throws {
        try connection.run(
            Statement(
                """
                INSERT INTO sign_in_throttle (realm_id, scope, subject, address, principal_id, failures, since, last_at,
                    blocked_until)
                VALUES ($1, $2, $3, $4, $9, $5, $6, $7, $8)
                ON CONFLICT (realm_id, scope, subject, address) DO UPDATE SET failures = excluded.failures,
                    principal_id = excluded.principal_id, since = excluded.since, last_at = excluded.last_at, blocked_until = excluded.blocked_until
                """,
                [
                    .text(realm.text), .text(scope), .text(subject), .text(address), .integer(counter.failures),
                    .integer(counter.since), .integer(counter.lastAt), .integer(counter.blockedUntil), .text(principal),
                ]))
    }

    /// The eight groups of an IPv6 address in text form (RFC 4291 section 2.2), without leading zeros.
    private static func expand(_ address: String) -> [String] {
        let text = address.split(separator: "%").first.map(String.init) ?? address
        let halves = text.components(around: "::")
        func groups(_ half: String) -> [String] {
            half.split(separator: ":").map { group in
                let trimmed = group.drop { $0 == "0" }
                return trimmed.isEmpty ? "0" : String(trimmed).lowercased()
            }
        }
        guard let tail = halves.after else { return groups(halves.before) }
        let head = groups(halves.before)
        let rest = groups(tail)
        return head + Array(repeating: "0", count: max(0, 8 - head.count - rest.count)) + rest
    }
}

extension String {
    fileprivate func components(around separator: String) -> (before: String, after: String?) {
        guard let range = firstRange(of: separator) else { return (self, nil) }
        return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
    }
}
