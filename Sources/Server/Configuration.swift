import Foundation
public import Logging
public import Storage
public import Web

/// A host and a port to listen on.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address, IPv6 without brackets.
    public let host: String
    public let port: Int

    /// Reads `127.0.0.1:8080`, `localhost:8080`, `[::1]:8080`; `nil` for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let port = Int(digits),
            port <= 65_535
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard let address = IPAddress(host), !address.isV4 else { return nil }
        } else {
            guard !host.isEmpty, host.utf8.count <= 253,
                host.unicodeScalars.allSatisfy({
                    $0.isASCII && ($0.properties.isAlphabetic || "0123456789.-".unicodeScalars.contains($0))
                })
            else { return nil }
        }
        self.host = String(host)
        self.port = port
    }

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    public var isLoopback: Bool {
        host.lowercased() == "localhost" || (IPAddress(host)?.isLoopback ?? false)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Everything an operator decided, checked.
public struct Configuration: Sendable {
    public struct TLSFiles: Sendable, Hashable {
        public let certificate: String
        public let key: String
    }

    public var dataFolder: String
    public var listen: ListenAddress
    public var management: ListenAddress
    /// `nil`: the SQLite file in the data folder.
    public var database: PostgresURL?
    public var databaseConnections: Int
    /// `nil`: a random one is made while setup is open.
    public var setupToken: String?
    /// `nil`: the listen address.
    public var publicURL: String?
    public var tls: TLSFiles?
    public var proxies: [AddressRange]
    public var keyFile: String
    public var logLevel: Logger.Level
    public var accessLog: Bool
    public var maximumConnections: Int
    public var sessionIdleSeconds: Int64
    public var sessionLifetimeSeconds: Int64

    /// What `gatehouse serve` without any flag uses.
    public init(dataFolder: String = "./data") {
        self.dataFolder = dataFolder
        listen = ListenAddress(host: "127.0.0.1", port: 8080)
        management = ListenAddress(host: "127.0.0.1", port: 8081)
        proxies = []
        keyFile = dataFolder + "/gatehouse.key"
        databaseConnections = 16
        logLevel = .info
        accessLog = true
        maximumConnections = 4096
        sessionIdleSeconds = 43_200
        sessionLifetimeSeconds = 604_800
    }

    /// - Parameters:
    ///   - flags: by `Setting.name`.
    ///   - environment: of the process.
    /// - Throws: `StartFailure` that names the flag, variable or key at fault.
    public init(flags: [String: [String]], environment: [String: String]) throws {
        let sources = try ConfigurationSources(flags: flags, environment: environment)
        self.init(dataFolder: try sources.find(.data).map { try Self.path($0) } ?? "./data")
        if let found = try sources.find(.listen) { listen = try Self.address(found) }
        if let found = try sources.find(.management) { management = try Self.address(found) }
        if let found = try sources.find(.database) { database = try Self.database(found) }
        if let found = try sources.find(.databaseConnections) {
            databaseConnections = Int(try Self.number(found, 1...1000))
        }
        if let found = try sources.find(.setupToken) { setupToken = try Self.token(found) }
        if let found = try sources.find(.publicURL) { publicURL = try Self.url(found) }
        if let found = try sources.find(.behindProxy) { proxies = try Self.ranges(found) }
        if let found = try sources.find(.keyFile) { keyFile = try Self.path(found) }
        if let found = try sources.find(.logLevel) { logLevel = try Self.level(found) }
        if let found = try sources.find(.accessLog) { accessLog = try Self.onOff(found) }
        if let found = try sources.find(.maxConnections) {
            maximumConnections = Int(try Self.number(found, 1...1_000_000))
        }
        if let found = try sources.find(.sessionIdleSeconds) {
            sessionIdleSeconds = try Self.number(found, 1...31_536_000)
        }
        if let found = try sources.find(.sessionLifetimeSeconds) {
            sessionLifetimeSeconds = try Self.number(found, 1...31_536_000)
        }
        guard sessionIdleSeconds <= sessionLifetimeSeconds else {
            throw StartFailure(
                .configuration, "session-idle-seconds must not be more than session-lifetime-seconds.")
        }
        let certificate = try sources.find(.tlsCertificate)
        let key = try sources.find(.tlsKey)
        switch (certificate, key) {
        case (let certificate?, let key?):
            tls = TLSFiles(certificate: try Self.path(certificate), key: try Self.path(key))
        case (let one?, nil): throw one.failure("needs --tls-key beside it.")
        case (nil, let one?): throw one.failure("needs --tls-certificate beside it.")
        case (nil, nil): break
        }
        guard tls != nil || listen.isLoopback || !proxies.isEmpty else {
            throw StartFailure(
                .configuration,
                "Listening on \(listen) without TLS would send passwords in the clear. Give --tls-certificate and --tls-key, "
                    + "name the reverse proxy with --behind-proxy CIDR, or listen on 127.0.0.1.")
        }
    }

    /// Whether the key file lies where it is made when nobody says otherwise.
    var keyFileIsInDataFolder: Bool {
        let plain = URL(fileURLWithPath: dataFolder).appendingPathComponent("gatehouse.key")
        return URL(fileURLWithPath: keyFile).standardizedFileURL.path == plain.standardizedFileURL.path
    }

    // MARK: Reading values

    private static func path(_ found: FoundValue) throws -> String {
        guard !found.text.isEmpty, !found.text.utf8.contains(0) else { throw found.failure("a path must not be empty.") }
        return found.text
    }

    private static func address(_ found: FoundValue) throws -> ListenAddress {
        guard let address = ListenAddress(found.text) else {
            throw found.failure("\"\(found.text)\" is not HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080.")
        }
        return address
    }

    private static func database(_ found: FoundValue) throws -> PostgresURL {
        do {
            return try PostgresURL(found.text)
        } catch {
            // The value may hold a password, so it is not repeated.
            throw found.failure(
                "this is no database URL: \(error.reason) Leave it out to use the SQLite file in the data folder.")
        }
    }

    private static func token(_ found: FoundValue) throws -> String {
        // How long is long enough is said in the log: a token of a test's own choice must be possible.
        guard (1...256).contains(found.text.utf8.count), found.text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw found.failure("the setup token must have 1 to 256 printable ASCII characters and no space.")
        }
        return found.text
    }

    private static func url(_ found: FoundValue) throws -> String {
        let problem = found.failure(
            "\"\(found.text)\" must be a scheme and a host, such as https://id.example.org, and nothing after it.")
        var text = found.text
        if text.hasSuffix("/") { text.removeLast() }
        let lower = text.lowercased()
        let scheme = ["https://", "http://"].first { lower.hasPrefix($0) }
        guard let scheme else { throw problem }
        let authority = String(lower.dropFirst(scheme.count))
        let withPort = ListenAddress(authority) ?? ListenAddress(authority + ":1")
        guard withPort != nil, !authority.hasSuffix(":") else { throw problem }
        return scheme + authority
    }

    private static func ranges(_ found: FoundValue) throws -> [AddressRange] {
        try found.texts.map { text in
            guard let range = AddressRange(text) else {
                throw found.failure(
                    "\"\(text)\" is not an address or a network such as 10.0.0.0/8 with nothing set after its prefix.")
            }
            // Then every client could say that it is another one, and no guess would count against anybody's address.
            guard !range.isEverything else {
                throw found.failure("\"\(text)\" is everybody. Name the address that the proxy connects from.")
            }
            return range
        }
    }

    private static func level(_ found: FoundValue) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: found.text.lowercased()) else {
            throw found.failure("\"\(found.text)\" is none of trace, debug, info, notice, warning, error, critical.")
        }
        return level
    }

    private static func onOff(_ found: FoundValue) throws -> Bool {
        switch found.text.lowercased() {
        // YAML reads a bare `on` as a word, and people write `true`.
        case "on", "true", "yes": return true
        case "off", "false", "no": return false
        default: throw found.failure("\"\(found.text)\" is neither on nor off.")
        }
    }

    private static func number(_ found: FoundValue, _ range: ClosedRange<Int64>) throws -> Int64 {
        guard found.text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let number = Int64(found.text), range.contains(number) else {
            throw found.failure("\"\(found.text)\" is not a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
