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
        self.text = text
        self.options = options
    }

    public struct Unreadable: Error, Sendable {
        public let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// What opens the database, when a password does; from the URL or `PGPASSWORD`.
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
