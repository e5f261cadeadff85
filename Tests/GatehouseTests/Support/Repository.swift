import Foundation

/// The sources as they lie in the repository, for tests that hold rules over their text.
enum Repository {
    /// The folder of `Package.swift`.
    static let root: String = {
        var url = URL(fileURLWithPath: #filePath)
        // Support, GatehouseTests, Tests, the root.
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()

    /// Every Swift file of the program, read and taken apart once for all tests.
    static let sources = Result { try swiftFiles(below: "Sources") }

    struct SourceFile: Sendable, CustomStringConvertible {
        /// Relative to the root: `Sources/Web/Call.swift`.
        let path: String
        let text: String
        let parsed: SwiftText

        init(path: String, text: String) {
            self.path = path
            self.text = text
            parsed = SwiftText(text)
        }

        var description: String { path }
        /// The room: the folder below `Sources`.
        var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    }

    static func text(of path: String) throws -> String {
        try String(contentsOfFile: root + "/" + path, encoding: .utf8)
    }

    /// Every Swift file below `folder`, in the order of their paths.
    static func swiftFiles(below folder: String) throws -> [SourceFile] {
        guard let enumerator = FileManager.default.enumerator(atPath: root + "/" + folder) else { return [] }
        var paths: [String] = []
        for case let path as String in enumerator where path.hasSuffix(".swift") { paths.append(folder + "/" + path) }
        return try paths.sorted().map { SourceFile(path: $0, text: try text(of: $0)) }
    }
}
