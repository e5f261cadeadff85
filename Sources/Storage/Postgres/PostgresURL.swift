import CPostgres
import Glibc

/// Where a PostgreSQL database is, as libpq reads it.
public struct PostgresURL: Sendable, Hashable {
    /// May hold a password: never printed.
    let text: String
    private let options: [String: String]

    /// - Throws: a sentence without the URL in it, when libpq cannot read the text.
    public init(_ text: String) throws(Unreadable) {
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else {
            throw Unreadable("it must look like postgres://user:password@host:port/name.")
        }
        guard !text.utf8.contains(0) else { throw Unreadable("it holds the character NUL.") }
        guard let parsed = PQconninfoParse(text, nil) else {
            throw Unreadable("libpq cannot read it: check the percent-encoding of the password and the names of the options.")
        }
        defer { PQconninfoFree(parsed) }
        var options: [String: String] = [:]
        var entry = parsed
        while let keyword = entry.pointee.keyword {
            if let value = entry.pointee.val { options[String(cString: keyword)] = String(cString: value) }
            entry = entry.successor()
        }
        // A password with a raw "@", "/" or ":" makes libpq take parts of it for host, port or name, which are printed.
        let isTorn =
            [options["host"], options["dbname"]].contains { $0?.contains("@") == true }
            || (options["port"] ?? "").split(separator: ",").contains { Int($0) == nil }
        guard !isTorn else {
            throw Unreadable("percent-encode what is special in its password: @ as %40, / as %2F, : as %3A.")
        }
        self.text = text
        self.options = options
    }

    /// The servers it names, in their order, when there are several and libpq's own way of telling their addresses is not used.
    var servers: [(host: String, port: String)] {
        let hosts = (options["host"] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let ports = (options["port"] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard options["hostaddr"] == nil, hosts.count > 1, ports.count <= 1 || ports.count == hosts.count else { return [] }
        return hosts.enumerated().map { ($0.element, ports.count > 1 ? ports[$0.offset] : ports.first ?? "") }
    }

    public struct Unreadable: Error, Sendable {
        public let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// What opens the database, when a password does; from the URL or `PGPASSWORD`. A connection may know of another.
    public var password: String {
        options["password"] ?? getenv("PGPASSWORD").map { String(cString: $0) } ?? ""
    }

    /// Host, port and name, for messages.
    public var place: String {
        "PostgreSQL at \(options["host"] ?? "the local socket"):\(options["port"] ?? "5432")/\(options["dbname"] ?? "")"
    }

    /// Whether what is sent could be read or changed on its way: a server elsewhere, and nothing that proves who it is.
    public var isExposed: Bool {
        let hosts = (options["host"] ?? "").split(separator: ",")
        let isElsewhere = hosts.contains { !["localhost", "127.0.0.1", "::1"].contains($0) && !$0.hasPrefix("/") }
        return isElsewhere && !["verify-full", "verify-ca"].contains(options["sslmode"] ?? "")
    }
}
