import Foundation
import Yams

/// A value as it was written, and where.
struct FoundValue {
    let texts: [String]
    /// `--listen`, `GATEHOUSE_LISTEN`, or `listen in gatehouse.yaml`: how a message names the place.
    let source: String
    let reason: StartFailure.Reason

    var text: String { texts.first ?? "" }

    func failure(_ problem: String) -> StartFailure {
        StartFailure(reason, "\(source): \(problem)")
    }
}

/// Flags, environment and file, looked through in this order.
struct ConfigurationSources {
    private let flags: [String: [String]]
    private let environment: [String: String]
    private let fileName: String
    private let file: [String: [String]]

    /// Throws when the configuration file cannot be read or has a key nobody knows.
    init(flags: [String: [String]], environment: [String: String]) throws {
        self.flags = flags
        // An empty variable is what `VARIABLE=` in a compose file gives: not set.
        self.environment = environment.filter { !$0.value.isEmpty }
        let path = flags[Setting.config.name]?.first ?? self.environment[Setting.config.variable]
        fileName = path ?? ""
        file = try path.map { try Self.read($0) } ?? [:]
    }

    func find(_ setting: Setting) throws -> FoundValue? {
        if let texts = flags[setting.name], !texts.isEmpty {
            return FoundValue(texts: texts, source: setting.flag, reason: .usage)
        }
        let fileVariable = setting.variable + "_FILE"
        let fromFile = setting.isSecret ? environment[fileVariable] : nil
        if let text = environment[setting.variable] {
            guard fromFile == nil else {
                throw StartFailure(.configuration, "Set either \(setting.variable) or \(fileVariable), not both.")
            }
            let texts = setting.isRepeatable ? Self.list(text) : [text]
            return FoundValue(texts: texts, source: setting.variable, reason: .configuration)
        }
        if let fromFile {
            return FoundValue(texts: [try Self.secret(fromFile, fileVariable)], source: fileVariable, reason: .configuration)
        }
        guard let key = setting.key else { return nil }
        let fileKey = key + "-file"
        let secretPath = setting.isSecret ? file[fileKey]?.first : nil
        if let texts = file[key] {
            guard secretPath == nil else {
                throw StartFailure(.configuration, "\(fileName): set either \(key) or \(fileKey), not both.")
            }
            guard setting.isRepeatable || texts.count == 1 else {
                throw StartFailure(.configuration, "\(fileName): \(key) must be one value, not a list.")
            }
            let all = setting.isRepeatable ? texts.flatMap { Self.list($0) } : texts
            return FoundValue(texts: all, source: "\(key) in \(fileName)", reason: .configuration)
        }
        if let secretPath {
            let source = "\(fileKey) in \(fileName)"
            return FoundValue(texts: [try Self.secret(secretPath, source)], source: source, reason: .configuration)
        }
        return nil
    }

    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    /// The file's text without the line feed editors leave at its end.
    private static func secret(_ path: String, _ source: String) throws -> String {
        guard let bytes = FileManager.default.contents(atPath: path),
            var text = String(validating: bytes, as: UTF8.self)
        else { throw StartFailure(.configuration, "\(source): the file \(path) cannot be read as text.") }
        while text.utf8.last == 0x0A || text.utf8.last == 0x0D { text.unicodeScalars.removeLast() }
        guard !text.isEmpty else { throw StartFailure(.configuration, "\(source): the file \(path) is empty.") }
        return text
    }

    private static func read(_ path: String) throws -> [String: [String]] {
        guard let bytes = FileManager.default.contents(atPath: path),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw StartFailure(.configuration, "The configuration file \(path) cannot be read as text.") }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw StartFailure(.configuration, "The configuration file \(path) is not YAML: \(error)")
        }
        guard let root, !(root.scalar.map { $0.string.isEmpty || $0.string == "null" } ?? false) else { return [:] }
        guard let mapping = root.mapping else {
            throw StartFailure(.configuration, "The configuration file \(path) must be a list of keys with values.")
        }
        var values: [String: [String]] = [:]
        for (keyNode, value) in mapping {
            let key = keyNode.scalar?.string ?? ""
            let setting = Setting.all.first { $0.key == key || ($0.isSecret && $0.key.map { $0 + "-file" } == key) }
            guard setting != nil else {
                throw StartFailure(.configuration, "\(path): there is no setting \"\(key)\".")
            }
            if let scalar = value.scalar {
                values[key] = [scalar.string]
            } else if let sequence = value.sequence {
                values[key] = try sequence.map { item in
                    guard let scalar = item.scalar else {
                        throw StartFailure(.configuration, "\(path): \(key) must be a list of plain values.")
                    }
                    return scalar.string
                }
            } else {
                throw StartFailure(.configuration, "\(path): \(key) must be a plain value.")
            }
        }
        return values
    }
}
