import Foundation
import Logging
@testable import Server
import Testing
import Web

/// Flags, environment and file, in this order of precedence.
@Suite struct ConfigurationTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    static func failure(_ flags: [String: [String]] = [:], _ environment: [String: String] = [:]) -> StartFailure? {
        #expect(throws: StartFailure.self) { try Configuration(flags: flags, environment: environment) }
    }

    @Test func `nothing need be set`() throws {
        let configuration = try Configuration(flags: [:], environment: [:])
        #expect(configuration.dataFolder == "./data" && configuration.keyFile == "./data/gatehouse.key")
        #expect(configuration.listen.description == "127.0.0.1:8080" && configuration.management.description == "127.0.0.1:8081")
        #expect(
            configuration.setupToken == nil && configuration.publicURL == nil && configuration.tls == nil
                && configuration.proxies.isEmpty)
        #expect(configuration.logLevel == .info && configuration.accessLog && configuration.maximumConnections == 4096)
        #expect(configuration.sessionIdleSeconds == 43_200 && configuration.sessionLifetimeSeconds == 604_800)
    }

    @Test func `a flag goes before the variable, the variable before the file, each setting by itself`() throws {
        let file = try folder.write("listen: 127.0.0.1:3\ndata: from-file\nmax-connections: 30\nlog-level: debug\n", to: "g.yaml")
        let environment = [
            "GATEHOUSE_CONFIG": file, "GATEHOUSE_LISTEN": "127.0.0.1:2", "GATEHOUSE_DATA": "from-environment", "UNRELATED": "x",
        ]
        let configuration = try Configuration(flags: ["listen": ["127.0.0.1:1"]], environment: environment)
        #expect(configuration.listen.port == 1)
        #expect(configuration.dataFolder == "from-environment" && configuration.keyFile == "from-environment/gatehouse.key")
        #expect(configuration.maximumConnections == 30 && configuration.logLevel == .debug)
        let other = try folder.write("max-connections: 31\n", to: "other.yaml")
        #expect(try Configuration(flags: ["config": [other]], environment: environment).maximumConnections == 31)
    }

    @Test func `an empty variable is not set`() throws {
        let environment = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.variable, "") })
        #expect(try Configuration(flags: [:], environment: environment).listen.port == 8080)
    }

    @Test func `what can be given more than once is read as a list everywhere`() throws {
        let wanted = ["10.0.0.0/8", "2001:db8::/32"]
        let file = try folder.write("behind-proxy:\n  - 10.0.0.0/8\n  - 2001:db8::/32\n", to: "g.yaml")
        let one = try folder.write("behind-proxy: 10.0.0.0/8, 2001:db8::/32\n", to: "one.yaml")
        for configuration in [
            try Configuration(flags: ["behind-proxy": wanted], environment: [:]),
            try Configuration(flags: [:], environment: ["GATEHOUSE_BEHIND_PROXY": "10.0.0.0/8, 2001:db8::/32,"]),
            try Configuration(flags: ["config": [file]], environment: [:]),
            try Configuration(flags: ["config": [one]], environment: [:]),
        ] { #expect(configuration.proxies.map(\.description) == wanted) }
    }

    @Test(arguments: [
        ("listen", "8080"), ("listen", "localhost"), ("listen", ":8080"), ("listen", "127.0.0.1:"), ("listen", "127.0.0.1:70000"),
        ("listen", "127.0.0.1:+80"), ("listen", "::1:80"), ("listen", "[::1:80"), ("listen", "[127.0.0.1]:80"),
        ("listen", "ho st:80"),
        ("listen", "http://localhost:80"), ("listen", "\u{e9}:80"), ("management", "x"), ("data", ""), ("key-file", ""),
        ("database", "postgres://user:hunter2@db/name?nonsense=1"), ("database", "sqlite:x"), ("database-connections", "0"),
        ("setup-token", ""),
        ("setup-token", "with space"),
        ("setup-token", String(repeating: "x", count: 257)), ("setup-token", "\u{e9}"), ("public-url", "id.example.org"),
        ("public-url", "ftp://x"),
        ("public-url", "https://x/path"), ("public-url", "https://user@x"), ("public-url", "https://"),
        ("public-url", "https://x:"),
        ("public-url", "javascript:x"), ("behind-proxy", "10.0.0.1/8"), ("behind-proxy", "0.0.0.0/0"), ("behind-proxy", "::/0"),
        ("behind-proxy", "proxy"),
        ("behind-proxy", "10.0.0.0/33"), ("log-level", "loud"), ("access-log", "maybe"), ("max-connections", "0"),
        ("max-connections", "-1"),
        ("max-connections", "1e3"), ("max-connections", "99999999999999999999"), ("max-connections", ""),
        ("session-idle-seconds", "0"),
        ("session-idle-seconds", "31536001"), ("session-lifetime-seconds", "x"), ("session-lifetime-seconds", " 60"),
    ])
    func `a bad value is refused with the name of its place`(name: String, value: String) throws {
        let setting = try #require(Setting.all.first { $0.name == name })
        let flag = try #require(Self.failure([name: [value]]))
        #expect(flag.reason == .usage && flag.description.hasPrefix("--\(name): "), "\(flag)")
        if !value.isEmpty {
            let variable = try #require(Self.failure([:], [setting.variable: value]))
            #expect(variable.reason == .configuration && variable.description.hasPrefix(setting.variable + ": "), "\(variable)")
        }
        #expect(!flag.description.contains("hunter2"), "secrets are not repeated")
    }

    @Test(arguments: [
        ("listen", "[::1]:0"), ("listen", "localhost:65535"), ("public-url", "https://id.example.org"),
        ("public-url", "http://[::1]:8080/"),
        ("behind-proxy", "192.0.2.1"), ("behind-proxy", "192.0.2.0/24"), ("log-level", "WARNING"), ("access-log", "off"),
        ("access-log", "Yes"),
        ("max-connections", "1000000"), ("setup-token", "x"), ("session-idle-seconds", "1"),
        ("session-lifetime-seconds", "31536000"),
    ])
    func `a good value is taken`(name: String, value: String) throws {
        #expect(throws: Never.self) { try Configuration(flags: [name: [value]], environment: [:]) }
    }

    @Test(arguments: [
        ("HTTPS://ID.Example.org/", "https://id.example.org"), ("https://id.example.org:8443", "https://id.example.org:8443"),
        ("http://localhost:8080", "http://localhost:8080"),
    ])
    func `the public URL is scheme and authority`(text: String, url: String) throws {
        #expect(try Configuration(flags: ["public-url": [text]], environment: [:]).publicURL == url)
    }

    @Test(arguments: [
        ("listen: [a, b]", "listen"), ("nothing: 1", "nothing"), ("Listen: 127.0.0.1:1", "Listen"), ("config: x.yaml", "config"),
        ("data: {a: b}", "data"), ("listen-file: x", "listen-file"), ("behind-proxy: [[10.0.0.0/8]]", "behind-proxy"),
        ("- a", "list of keys"),
        ("text", "list of keys"), ("a: [", "YAML"), ("data: a\ndata: b", "data"), ("max-connections: many", "max-connections in"),
    ])
    func `a file with mistakes is refused with their name`(text: String, word: String) throws {
        let path = try folder.write(text + "\n", to: "g.yaml")
        let failure = try #require(Self.failure(["config": [path]]))
        #expect(
            failure.reason == .configuration && failure.description.contains(word) && failure.description.contains("g.yaml"),
            "\(failure)")
    }

    @Test(arguments: ["", "\n", "# only a comment\n", "null\n", "---\n"])
    func `an empty file sets nothing`(text: String) throws {
        let path = try folder.write(text, to: "g.yaml")
        #expect(try Configuration(flags: ["config": [path]], environment: [:]).listen.port == 8080)
    }

    @Test func `a file that is not there, or is no text, is refused`() throws {
        #expect(Self.failure(["config": [folder.file("absent.yaml")]])?.description.contains("absent.yaml") == true)
        let path = folder.file("bytes.yaml")
        try Data([0x64, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
        #expect(Self.failure([:], ["GATEHOUSE_CONFIG": path])?.reason == .configuration)
    }

    // MARK: Secrets from files

    @Test(arguments: ["a-token-of-the-operator", "a-token-of-the-operator\n", "a-token-of-the-operator\r\n\n"])
    func `a secret may lie in a file of its own`(text: String) throws {
        let secret = try folder.write(text, to: "token")
        #expect(
            try Configuration(flags: [:], environment: ["GATEHOUSE_SETUP_TOKEN_FILE": secret]).setupToken
                == "a-token-of-the-operator")
        let file = try folder.write("setup-token-file: \(secret)\n", to: "g.yaml")
        #expect(try Configuration(flags: ["config": [file]], environment: [:]).setupToken == "a-token-of-the-operator")
    }

    @Test func `a secret and its file together, an empty or absent file are refused`() throws {
        let secret = try folder.write("a-token-of-the-operator", to: "token")
        let both = Self.failure([:], ["GATEHOUSE_SETUP_TOKEN": "x", "GATEHOUSE_SETUP_TOKEN_FILE": secret])
        #expect(both?.description.contains("not both") == true)
        let file = try folder.write("setup-token: x\nsetup-token-file: \(secret)\n", to: "g.yaml")
        #expect(Self.failure(["config": [file]])?.description.contains("not both") == true)
        #expect(Self.failure([:], ["GATEHOUSE_SETUP_TOKEN_FILE": folder.file("absent")])?.reason == .configuration)
        let empty = try folder.write("\n", to: "empty")
        #expect(Self.failure([:], ["GATEHOUSE_SETUP_TOKEN_FILE": empty])?.description.contains("empty") == true)
    }

    @Test func `only secrets have files`() throws {
        let path = try folder.write("127.0.0.1:1", to: "listen")
        #expect(try Configuration(flags: [:], environment: ["GATEHOUSE_LISTEN_FILE": path]).listen.port == 8080)
        #expect(Set(Setting.all.filter(\.isSecret).map(\.name)) == ["setup-token", "database"])
    }

    // MARK: What goes together

    @Test(arguments: [
        ("0.0.0.0:80", false), ("192.0.2.1:80", false), ("[::]:80", false), ("[2001:db8::1]:80", false),
        ("example.org:80", false),
        ("127.0.0.1:80", true), ("127.9.9.9:80", true), ("[::1]:80", true), ("LOCALHOST:80", true),
        ("[::ffff:127.0.0.1]:80", true),
        ("127.0.0.1.example.org:80", false),
    ])
    func `beyond loopback TLS or a proxy is needed`(address: String, isLoopback: Bool) throws {
        // The mapped form is IPv4 in brackets, which is no address to listen on.
        guard ListenAddress(address) != nil else {
            #expect(address.contains("ffff"))
            return
        }
        if isLoopback {
            #expect(throws: Never.self) { try Configuration(flags: ["listen": [address]], environment: [:]) }
        } else {
            #expect(Self.failure(["listen": [address]])?.description.contains("in the clear") == true)
        }
        for extra in [["behind-proxy": ["10.0.0.1"]], ["tls-certificate": ["c"], "tls-key": ["k"]]] {
            let flags = ["listen": [address]].merging(extra) { $1 }
            #expect(throws: Never.self) { try Configuration(flags: flags, environment: [:]) }
        }
    }

    @Test func `certificate and key come together, and idle is not more than the lifetime`() throws {
        #expect(Self.failure(["tls-certificate": ["c"]])?.description == "--tls-certificate: needs --tls-key beside it.")
        #expect(
            Self.failure([:], ["GATEHOUSE_TLS_KEY": "k"])?.description == "GATEHOUSE_TLS_KEY: needs --tls-certificate beside it.")
        #expect(Self.failure(["session-idle-seconds": ["61"], "session-lifetime-seconds": ["60"]]) != nil)
        #expect(throws: Never.self) {
            try Configuration(flags: ["session-idle-seconds": ["60"], "session-lifetime-seconds": ["60"]], environment: [:])
        }
    }
}

/// The documentation's table is the parser's list.
@Suite struct ConfigurationDocumentTests {
    /// The cells of every row of the section's table.
    static func rows() throws -> [[String]] {
        let text = try Repository.text(of: "Documentation/Configuration.md")
        let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix("Every setting\n") })
        return section.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("| `") else { return nil }
            return line.dropFirst().split(separator: "|", omittingEmptySubsequences: false).dropLast().map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
    }

    @Test func `every setting has a line, in the same order, with its variable, key, default and meaning`() throws {
        let rows = try Self.rows()
        #expect(rows.map { $0[0] } == Setting.all.map { "`\($0.flag)`" })
        for (row, setting) in zip(rows, Setting.all) {
            try #require(row.count == 5, "\(setting.flag)")
            #expect(row[1] == "`\(setting.variable)`")
            #expect(row[2] == (setting.key.map { "`\($0)`" } ?? ""))
            let text = row[3].filter { $0 != "`" }
            #expect(text == (setting.defaultText ?? ""), "\(setting.flag)")
            #expect(row[4] == setting.meaning, "\(setting.flag)")
        }
    }

    @Test func `every secret's file is named`() throws {
        let text = try Repository.text(of: "Documentation/Configuration.md")
        for setting in Setting.all where setting.isSecret {
            #expect(text.contains("`\(setting.variable)_FILE`") && text.contains("`\(setting.name)-file`"), "\(setting.name)")
        }
    }

    @Test func `names are unique, and variables follow from them`() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        #expect(
            Setting.tlsCertificate.variable == "GATEHOUSE_TLS_CERTIFICATE" && Setting.tlsCertificate.flag == "--tls-certificate")
        #expect(Setting.config.key == nil && Setting.listen.key == "listen")
    }

    @Test func `the defaults of the table are those of the parser`() throws {
        let configuration = try Configuration(flags: [:], environment: [:])
        #expect(Setting.data.defaultText == configuration.dataFolder)
        #expect(Setting.listen.defaultText == configuration.listen.description)
        #expect(Setting.management.defaultText == configuration.management.description)
        #expect(Setting.logLevel.defaultText == configuration.logLevel.rawValue)
        #expect(Setting.accessLog.defaultText == (configuration.accessLog ? "on" : "off"))
        #expect(Setting.maxConnections.defaultText == String(configuration.maximumConnections))
        #expect(Setting.sessionIdleSeconds.defaultText == String(configuration.sessionIdleSeconds))
        #expect(Setting.sessionLifetimeSeconds.defaultText == String(configuration.sessionLifetimeSeconds))
        #expect(
            Setting.keyFile.defaultText == "gatehouse.key in the data folder" && configuration.keyFile == "./data/gatehouse.key")
    }
}
