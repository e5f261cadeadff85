import ArgumentParser
import Foundation
import Server

/// Where the data are: the same options, variables and keys as those of `gatehouse serve`.
struct DatabaseOptions: ParsableArguments {
    @Option(name: .setting(.data), help: .setting(.data), completion: .directory)
    var data: String?

    @Option(name: .setting(.database), help: .setting(.database))
    var database: String?

    @Option(name: .setting(.keyFile), help: .setting(.keyFile), completion: .file())
    var keyFile: String?

    @Option(name: .setting(.config), help: .setting(.config), completion: .file())
    var config: String?

    /// - Throws: `StartFailure`.
    func configuration() throws -> Configuration {
        let given: [(Setting, String?)] = [(.data, data), (.database, database), (.keyFile, keyFile), (.config, config)]
        var flags: [String: [String]] = [:]
        for (setting, value) in given {
            if let value { flags[setting.name] = [value] }
        }
        return try Configuration(flags: flags, environment: ProcessInfo.processInfo.environment)
    }
}
