import CPostgres
import Glibc
import Model

/// One connection through libpq, without its blocking calls: every wait has an end. Confined to the thread that uses it.
final class PostgresLink {
    /// Nothing may take longer than this (nanoseconds) to be answered; the link is given up then.
    let patience: UInt64
    private let pulse: PostgresPulse?
    private let endsWithPulse: Bool
    private let raw: OpaquePointer
    private static let slice: UInt64 = 250_000_000
    private var prepared = PreparedStatements(limit: 256)
    private(set) var isBroken = false

    /// - Parameters:
    ///   - url: as libpq takes it, `postgres://...`; further hosts and options of libpq may be in it.
    ///   - session: statements that every new connection begins with.
    ///   - pulse: told whenever the server has answered.
    ///   - endsWithPulse: whether to give up when nobody hears the server any more, however long a statement may take.
    ///   - anyServer: whether one that only reads will do.
    /// - Throws: `PostgresLost`.
    init(
        url: String, session: [SQL], connectPatience: UInt64 = 3_000_000_000, patience: UInt64, pulse: PostgresPulse? = nil,
        endsWithPulse: Bool = false, anyServer: Bool = false
    ) throws {
        self.patience = patience
        self.pulse = pulse
        self.endsWithPulse = endsWithPulse
        raw = try Self.connect(url, anyServer: anyServer, patience: connectPatience)
        do {
            PQsetNoticeReceiver(raw, { _, _ in }, nil)
            for statement in session { _ = try execute(statement) }
        } catch {
            finish()
            if let error = error as? PostgresLost { throw error }
            throw PostgresLost("\(error)")
        }
    }

    deinit {
        finish()
    }

    private func finish() {
        guard !isBroken else { return }
        isBroken = true
        PQfinish(raw)
    }

    /// What opened the database, wherever libpq found it; empty when nothing was asked for.
    var password: String { isBroken ? "" : PQpass(raw).map { String(cString: $0) } ?? "" }

    /// For waiting until the server says something unasked.
    var socket: Int32 { isBroken ? -1 : PQsocket(raw) }

    /// Runs constant text without parameters, such as `BEGIN`.
    @discardableResult
    func execute(_ sql: SQL) throws -> PostgresResult {
        guard !isBroken, PQsendQuery(raw, sql.text) == 1 else { throw lost() }
        return try result()
    }

    /// Runs a statement of the shared subset, prepared unless a request composed it.
    func execute(_ statement: Statement) throws -> PostgresResult {
        guard !isBroken else { throw lost() }
        let parameters = try PostgresParameters(statement.values)
        if statement.isComposed {
            let isSent = parameters.withPointers { types, values, lengths, formats, count in
                PQsendQueryParams(raw, statement.text, count, types, values, lengths, formats, 0)
            }
            guard isSent == 1 else { throw lost() }
            return try result()
        }
        let name = try prepare(statement.text, parameters)
        let isSent = parameters.withPointers { _, values, lengths, formats, count in
            PQsendQueryPrepared(raw, name, count, values, lengths, formats, 0)
        }
        guard isSent == 1 else { throw lost() }
        do {
            return try result()
        } catch let error as PostgresStale {
            prepared.forget(name)
            throw error
        }
    }

    /// Takes what the server sent unasked; true when somebody called `NOTIFY`.
    func takeNotifications() throws -> Bool {
        guard !isBroken, PQconsumeInput(raw) == 1 else { throw lost() }
        var any = false
        while let notification = PQnotifies(raw) {
            PQfreemem(notification)
            any = true
        }
        return any
    }

    private func prepare(_ text: String, _ parameters: PostgresParameters) throws -> String {
        let key = PreparedStatements.Key(text: text, types: parameters.types)
        if let name = prepared.find(key) { return name }
        let (name, victim) = prepared.add(key)
        if let victim {
            guard !isBroken, PQsendQuery(raw, "DEALLOCATE " + victim) == 1 else { throw lost() }
            _ = try result()
        }
        do {
            let isSent = parameters.types.withUnsafeBufferPointer {
                PQsendPrepare(raw, name, text, Int32(clamping: parameters.types.count), $0.baseAddress)
            }
            guard isSent == 1 else { throw lost() }
            _ = try result()
        } catch {
            prepared.forget(name)
            throw error
        }
        return name
    }

    /// The statement's result; the first error when there is one.
    private func result() throws -> PostgresResult {
        let deadline = monotonicNanoseconds() &+ patience
        var found: PostgresResult?
        while true {
            try flush(by: deadline)
            while PQisBusy(raw) == 1 {
                guard wait(for: Int16(POLLIN), by: deadline) else { throw giveUp() }
                guard PQconsumeInput(raw) == 1 else { throw lost() }
            }
            guard let next = PQgetResult(raw) else { break }
            pulse?.beat()
            let result = PostgresResult(next)
            if found == nil || (found?.isSuccess == true && !result.isSuccess) { found = result }
        }
        guard let found else { throw lost() }
        if let error = found.error {
            if error is PostgresLost { finish() }
            throw error
        }
        if PQstatus(raw) != CONNECTION_OK { throw lost() }
        return found
    }

    private func flush(by deadline: UInt64) throws {
        while true {
            switch PQflush(raw) {
            case 0: return
            case 1:
                guard wait(for: Int16(POLLOUT) | Int16(POLLIN), by: deadline) else { throw giveUp() }
                guard PQconsumeInput(raw) == 1 else { throw lost() }
            default: throw lost()
            }
        }
    }

    /// Tries each of the servers a URL names, with an end of its own for each: one that swallows what it is sent must not keep
    /// us from the next.
    private static func connect(_ url: String, anyServer: Bool, patience: UInt64) throws -> OpaquePointer {
        // What stands later wins: the URL may say otherwise, but of several servers one is meant at a time.
        var keys = [
            "application_name", "keepalives_idle", "tcp_user_timeout", "client_encoding", "target_session_attrs", "dbname",
        ]
        var values = ["gatehouse", "10", "10000", "UTF8", anyServer ? "any" : "primary", url]
        let servers = (try? PostgresURL(url))?.servers ?? []
        guard servers.count > 1 else { return try connect(keys, values, patience) }
        keys += ["host", "port"]
        values += ["", ""]
        var last = PostgresLost("no server was named")
        for server in servers {
            values[values.count - 2] = server.host
            values[values.count - 1] = server.port
            do {
                return try connect(keys, values, patience)
            } catch let lost as PostgresLost {
                last = lost
            }
        }
        throw last
    }

    private static func connect(_ keys: [String], _ values: [String], _ patience: UInt64) throws -> OpaquePointer {
        guard let raw = withCStrings(keys, { keys in withCStrings(values) { PQconnectStartParams(keys, $0, 1) } }) else {
            throw PostgresLost("no memory for a connection")
        }
        do {
            try finishConnecting(raw, by: monotonicNanoseconds() &+ patience)
            return raw
        } catch {
            PQfinish(raw)
            throw error
        }
    }

    private static func finishConnecting(_ raw: OpaquePointer, by deadline: UInt64) throws {
        var status = PGRES_POLLING_WRITING
        while status != PGRES_POLLING_OK {
            guard status != PGRES_POLLING_FAILED, PQstatus(raw) != CONNECTION_BAD else { throw PostgresLost(message(raw)) }
            let now = monotonicNanoseconds()
            guard now < deadline else { throw PostgresLost("PostgreSQL did not answer in time") }
            var descriptor = pollfd(
                fd: PQsocket(raw), events: Int16(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), revents: 0)
            let ready = poll(&descriptor, 1, Int32(clamping: (deadline - now) / 1_000_000 + 1))
            // Interrupted, or at the end of the time, which is looked at above.
            if ready <= 0 { continue }
            status = PQconnectPoll(raw)
        }
        guard PQsetnonblocking(raw, 1) == 0 else { throw PostgresLost(message(raw)) }
    }

    /// Whether the socket became ready in time.
    private func wait(for events: Int16, by deadline: UInt64) -> Bool {
        while true {
            let now = monotonicNanoseconds()
            guard now < deadline else { return false }
            var descriptor = pollfd(fd: PQsocket(raw), events: events, revents: 0)
            // Not at one stretch: the others may find out meanwhile that the server is away.
            let slice = min(deadline - now, Self.slice)
            let ready = poll(&descriptor, 1, Int32(clamping: slice / 1_000_000 + 1))
            if ready > 0 { return true }
            if ready < 0, errno != EINTR { return false }
            if endsWithPulse, pulse?.isSilent == true { return false }
        }
    }

    private static func message(_ raw: OpaquePointer) -> String {
        let text = String(cString: PQerrorMessage(raw))
        return text.split(whereSeparator: \.isNewline).joined(separator: "; ")
    }

    private func lost() -> PostgresLost {
        guard !isBroken else { return PostgresLost("the connection was lost before") }
        let error = PostgresLost(Self.message(raw))
        finish()
        return error
    }

    private func giveUp() -> PostgresLost {
        finish()
        return PostgresLost("PostgreSQL did not answer in time")
    }
}

/// The names of what a connection has prepared, the ones used longest ago forgotten first.
private struct PreparedStatements {
    struct Key: Hashable {
        let text: String
        let types: [Oid]
    }

    private struct Entry {
        let name: String
        var lastUse: UInt64
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func find(_ key: Key) -> String? {
        uses += 1
        entries[key]?.lastUse = uses
        return entries[key]?.name
    }

    /// A new name, and the name that has to go for it.
    mutating func add(_ key: Key) -> (name: String, victim: String?) {
        var victim: String?
        if entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            victim = oldest.value.name
            entries[oldest.key] = nil
        }
        uses += 1
        let name = "s\(uses)"
        entries[key] = Entry(name: name, lastUse: uses)
        return (name, victim)
    }

    mutating func forget(_ name: String) {
        entries = entries.filter { $0.value.name != name }
    }
}

/// Calls `body` with the strings as libpq wants lists of them: C strings, a null pointer at the end.
private func withCStrings<Value>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
) -> Value {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers: [UnsafePointer<CChar>?] = copies.map { $0.map { UnsafePointer($0) } } + [nil]
    return pointers.withUnsafeBufferPointer { buffer in
        // Never empty: there is the null pointer at the end.
        body(buffer.baseAddress.unsafelyUnwrapped)
    }
}

/// Nanoseconds of a clock that nobody sets and that goes on while the machine sleeps.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}
