import ArgumentParser
import Foundation
import Server

/// `gatehouse serve`: the server itself.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the server.",
        discussion: """
            Every option is also a variable of the environment and a key of the configuration file; the option goes \
            before the variable, the variable before the file. Nothing needs to be set: without any option the data \
            lies in ./data and the server answers on http://127.0.0.1:8080.
            """)

    @Option(name: .setting(.data), help: .setting(.data))
    var data: String?

    @Option(name: .setting(.listen), help: .setting(.listen))
    var listen: String?

    @Option(name: .setting(.management), help: .setting(.management))
    var management: String?

    @Option(name: .setting(.database), help: .setting(.database))
    var database: String?

    @Option(name: .setting(.databaseConnections), help: .setting(.databaseConnections))
    var databaseConnections: String?

    @Option(name: .setting(.setupToken), help: .setting(.setupToken))
    var setupToken: String?

    @Option(name: .setting(.publicURL), help: .setting(.publicURL))
    var publicURL: String?

    @Option(name: .setting(.tlsCertificate), help: .setting(.tlsCertificate), completion: .file())
    var tlsCertificate: String?

    @Option(name: .setting(.tlsKey), help: .setting(.tlsKey), completion: .file())
    var tlsKey: String?

    @Option(name: .setting(.behindProxy), parsing: .singleValue, help: .setting(.behindProxy))
    var behindProxy: [String] = []

    @Option(name: .setting(.keyFile), help: .setting(.keyFile), completion: .file())
    var keyFile: String?

    @Option(name: .setting(.sessionIdleSeconds), help: .setting(.sessionIdleSeconds))
    var sessionIdleSeconds: String?

    @Option(name: .setting(.sessionLifetimeSeconds), help: .setting(.sessionLifetimeSeconds))
    var sessionLifetimeSeconds: String?

    @Option(name: .setting(.maxConnections), help: .setting(.maxConnections))
    var maxConnections: String?

    @Option(name: .setting(.accessLog), help: .setting(.accessLog))
    var accessLog: String?

    @Option(name: .setting(.logLevel), help: .setting(.logLevel))
    var logLevel: String?

    @Option(name: .setting(.config), help: .setting(.config), completion: .file())
    var config: String?

    /// The options that were given, by the names the settings have.
    private var flags: [String: [String]] {
        let single: [(Setting, String?)] = [
            (.data, data), (.listen, listen), (.management, management), (.database, database),
            (.databaseConnections, databaseConnections), (.setupToken, setupToken),
            (.publicURL, publicURL), (.tlsCertificate, tlsCertificate), (.tlsKey, tlsKey), (.keyFile, keyFile),
            (.sessionIdleSeconds, sessionIdleSeconds), (.sessionLifetimeSeconds, sessionLifetimeSeconds),
            (.maxConnections, maxConnections), (.accessLog, accessLog), (.logLevel, logLevel), (.config, config),
        ]
        var flags: [String: [String]] = [:]
        for (setting, value) in single {
            if let value { flags[setting.name] = [value] }
        }
        if !behindProxy.isEmpty { flags[Setting.behindProxy.name] = behindProxy }
        return flags
    }

    func run() async throws {
        do {
            let configuration = try Configuration(flags: flags, environment: ProcessInfo.processInfo.environment)
            try await GatehouseServer(configuration: configuration, compose: Composition.make).run()
        } catch let failure as StartFailure {
            StandardError.write("Error: " + DisplayText.sanitized(failure.description) + "\n")
            throw ExitCode(failure.reason.rawValue)
        }
    }
}

extension NameSpecification {
    /// The long name the setting's table gives.
    static func setting(_ setting: Setting) -> NameSpecification {
        .customLong(setting.name)
    }
}

extension ArgumentHelp {
    /// The help the setting's table gives.
    static func setting(_ setting: Setting) -> ArgumentHelp {
        ArgumentHelp(stringLiteral: setting.help).named(setting.valueName)
    }

    private func named(_ valueName: String) -> ArgumentHelp {
        var help = self
        help.valueName = valueName
        return help
    }
}
