/// One thing an operator can set: the parser, the help text and the documentation's table all come from here.
public struct Setting: Sendable {
    /// The flag without its dashes, and the key of the configuration file.
    public let name: String
    /// What stands for the value in the help text.
    public let valueName: String
    /// As a person writes it; `nil` when there is none.
    public let defaultText: String?
    /// Secrets may also be read from a file: variable `..._FILE`, key `...-file`.
    public let isSecret: Bool
    /// Given several times as a flag, comma-separated in the environment, as a list in the file.
    public let isRepeatable: Bool
    public let meaning: String

    /// `GATEHOUSE_` and the name in capitals.
    public var variable: String {
        "GATEHOUSE_" + name.uppercased().split(separator: "-").joined(separator: "_")
    }

    public var flag: String { "--" + name }

    /// The key in the configuration file; the file's own path has none.
    public var key: String? { name == Setting.config.name ? nil : name }

    /// For the help of the flag.
    public var help: String {
        var text = meaning + " Also " + variable + (isSecret ? " or \(variable)_FILE." : ".")
        if let defaultText { text += " (default: \(defaultText))" }
        return text
    }

    init(
        _ name: String, _ valueName: String, default defaultText: String? = nil, secret isSecret: Bool = false,
        repeatable isRepeatable: Bool = false, _ meaning: String
    ) {
        self.name = name
        self.valueName = valueName
        self.defaultText = defaultText
        self.isSecret = isSecret
        self.isRepeatable = isRepeatable
        self.meaning = meaning
    }

    public static let data = Setting(
        "data", "dir", default: "./data", "The folder for everything that must last; made, for its owner only, when absent.")
    public static let listen = Setting(
        "listen", "host:port", default: "127.0.0.1:8080",
        "Where people and programs connect. Beyond loopback only with TLS or --behind-proxy. Port 0 takes a free one.")
    public static let management = Setting(
        "management", "host:port", default: "127.0.0.1:8081",
        "Where /health/live, /health/ready and /metrics answer, in plain HTTP and to everybody who can connect.")
    public static let database = Setting(
        "database", "url", default: "the SQLite file in the data folder", secret: true,
        "PostgreSQL instead: postgres://user:password@host:port/name, with libpq's options such as ?sslmode=verify-full.")
    public static let databaseConnections = Setting(
        "database-connections", "count", default: "16",
        "Connections to PostgreSQL for requests; half as many again serve lists and long reads, and two the change feed.")
    public static let setupToken = Setting(
        "setup-token", "token", default: "random, printed as part of the setup link", secret: true,
        "The token that makes the first administrator; 16 characters or more. As a flag it shows in the process list.")
    public static let publicURL = Setting(
        "public-url", "url", default: "the listen address",
        "Scheme and authority that people reach the server by; every link begins with it.")
    public static let tlsCertificate = Setting(
        "tls-certificate", "file", "The certificate and its chain, PEM. Read again when it changes, and on SIGHUP.")
    public static let tlsKey = Setting("tls-key", "file", "The certificate's private key, PEM.")
    public static let behindProxy = Setting(
        "behind-proxy", "cidr", repeatable: true,
        "A reverse proxy's address or network: its X-Forwarded-For, X-Forwarded-Proto and Forwarded are believed. Repeatable.")
    public static let config = Setting("config", "file", "A YAML file with the same names as keys.")
    public static let keyFile = Setting(
        "key-file", "file", default: "gatehouse.key in the data folder",
        "The key that seals stored secrets; made, for its owner only, when absent. Backups hold it unless it lies elsewhere.")
    public static let logLevel = Setting(
        "log-level", "level", default: "info", "trace, debug, info, notice, warning, error or critical.")
    public static let accessLog = Setting(
        "access-log", "on|off", default: "on", "One line per request on standard error: route, status, time; never path or query."
    )
    public static let maxConnections = Setting(
        "max-connections", "count", default: "4096", "Connections open at once; further ones wait until one ends.")
    public static let sessionIdleSeconds = Setting(
        "session-idle-seconds", "seconds", default: "43200", "A session ends when nothing was done with it for so long.")
    public static let sessionLifetimeSeconds = Setting(
        "session-lifetime-seconds", "seconds", default: "604800", "A session ends so long after its sign-in, whatever is done.")

    /// Every setting, in the order of the documentation.
    public static let all: [Setting] = [
        data, listen, management, database, databaseConnections, setupToken, publicURL, tlsCertificate, tlsKey, behindProxy,
        keyFile,
        sessionIdleSeconds, sessionLifetimeSeconds, maxConnections, accessLog, logLevel, config,
    ]
}
