import Foundation
import Storage
import Testing

/// Holds the order of rooms and what else the design forbids in the text of the sources.
@Suite("Layering") struct LayeringTests {
    /// The rooms, each with those of ours that it may import. A new room needs a line here.
    static let mayImport: [String: Set<String>] = [
        "Model": [],
        "Access": [],
        "Storage": ["Access", "Model", "CPostgres", "CZlib"],
        "Audit": ["Storage", "Access", "Model"],
        "Grants": ["Audit", "Storage", "Access", "Model"],
        "Authentication": ["Grants", "Audit", "Storage", "Access", "Model", "CSodium", "CCrypt", "CAssets"],
        "Directory": ["Authentication", "Grants", "Audit", "Storage", "Access", "Model"],
        "Web": ["Authentication", "Model"],
        "API": ["Web", "Directory", "Authentication", "Grants", "Audit", "Access", "Model", "CAssets"],
        "Decisions": ["Web", "Grants", "Access", "Model"],
        "Console": ["Web", "Directory", "Authentication", "Grants", "Audit", "Access", "Model", "CAssets"],
        "Server": [
            "Console", "API", "Decisions", "Web", "Directory", "Authentication", "Grants", "Audit", "Storage", "Access", "Model",
        ],
        "gatehouse": ["Server", "Model"],
        "CSodium": [],
        "CCrypt": [],
        "CZlib": [],
        "CPostgres": [],
        "CAssets": [],
    ]

    static let services: Set<String> = ["Directory", "Authentication", "Grants", "Audit"]
    static let surfaces: Set<String> = ["Console", "API", "Decisions"]

    /// The modules a text imports, whatever the access level or attribute in front.
    static func imports(of source: SwiftText) -> [String] {
        let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
        return source.codeText.split(separator: "\n").compactMap { line in
            let words = line.split { $0 == " " || $0 == "\t" }
            guard let index = words.firstIndex(of: "import"),
                words[..<index].allSatisfy({ $0.hasPrefix("@") || ["public", "package", "internal", "private"].contains($0) })
            else { return nil }
            let rest = words[(index + 1)...]
            let name = rest.first.map { kinds.contains($0) ? rest.dropFirst().first ?? "" : $0 }
            return name?.split(separator: ".").first.map(String.init)
        }
    }

    static func files() throws -> [Repository.SourceFile] {
        let files = try Repository.sources.get()
        try #require(files.count > 100, "the sources were not found")
        return files
    }

    @Test func `every room is in the list, and every room of the list is there`() throws {
        let rooms = try FileManager.default.contentsOfDirectory(atPath: Repository.root + "/Sources").filter {
            !$0.hasPrefix(".")
        }
        #expect(Set(rooms) == Set(Self.mayImport.keys))
    }

    @Test func `the list itself keeps the order of the house`() throws {
        // Lowest first; a room may name only rooms before it, and surfaces never each other.
        let order = [
            "CSodium", "CCrypt", "CZlib", "CPostgres", "CAssets", "Model", "Access", "Storage", "Audit", "Grants",
            "Authentication", "Directory", "Web",
            "Decisions", "API",
            "Console", "Server", "gatehouse",
        ]
        #expect(Set(order) == Set(Self.mayImport.keys))
        for (index, room) in order.enumerated() {
            let allowed = try #require(Self.mayImport[room])
            #expect(allowed.isSubset(of: Set(order[..<index])), "\(room)")
            if Self.surfaces.contains(room) { #expect(allowed.isDisjoint(with: Self.surfaces), "\(room)") }
            if allowed.contains("Web") { #expect(Self.surfaces.contains(room) || room == "Server", "\(room)") }
        }
    }

    @Test func `rooms import only what lies below them`() throws {
        for file in try Self.files() {
            let allowed = try #require(Self.mayImport[file.room], "\(file.path) lies in no known room")
            let ours = Self.imports(of: file.parsed).filter { Self.mayImport[$0] != nil }
            #expect(ours.filter { !allowed.contains($0) } == [], "\(file.path)")
        }
    }

    @Test func `modules of others are imported only where they belong`() throws {
        for file in try Self.files() {
            for module in Self.imports(of: file.parsed) {
                if module == "GRDB" { #expect(file.path.hasPrefix("Sources/Storage/SQLite/"), "\(file.path)") }
                if module == "CZlib" { #expect(file.path.hasPrefix("Sources/Storage/Backup/"), "\(file.path)") }
                if module == "CPostgres" { #expect(file.path.hasPrefix("Sources/Storage/Postgres/"), "\(file.path)") }
                if ["CSodium", "CCrypt"].contains(module) { #expect(file.room == "Authentication", "\(file.path)") }
                if module == "CryptoExtras" { #expect(["Authentication", "Storage"].contains(file.room), "\(file.path)") }
                let isHTTP = module.hasPrefix("Hummingbird") || module.hasPrefix("NIO") || module.hasPrefix("HTTP")
                if isHTTP {
                    #expect(
                        ["Web", "API", "Console", "Decisions", "Server", "gatehouse"].contains(file.room),
                        "\(file.path) imports \(module)")
                }
                if ["Access", "Model"].contains(file.room) {
                    #expect(["Glibc", "Foundation", "Synchronization"].contains(module), "\(file.path) imports \(module)")
                }
                if Self.services.contains(file.room) {
                    #expect(module != "Logging", "\(file.path): services tell by what they return, not by log lines")
                }
            }
        }
    }

    @Test(arguments: [
        ("import GRDB", "GRDB"), ("public import GRDB", "GRDB"), ("@testable import GRDB", "GRDB"),
        ("    internal import GRDB", "GRDB"),
        ("import struct GRDB.Row", "GRDB"), ("@_spi(Internal) import GRDB", "GRDB"),
        ("@preconcurrency public import GRDB", "GRDB"),
        ("// import GRDB", nil), ("/* import GRDB */", nil), ("let text = \"import GRDB\"", nil),
    ])
    func `an import is seen however it is written`(line: String, module: String?) {
        #expect(Self.imports(of: SwiftText("\n" + line + "\n")) == [module].compactMap { $0 })
    }

    // MARK: What stops a process

    static let stopping = [
        "fatalError", "preconditionFailure", "precondition", "assertionFailure", "assert", "unsafeBitCast",
    ]

    /// One place may stop: field names that are literals of ours and checked at the first start.
    static let mayStop: Set<String> = ["Sources/Web/HeaderNames.swift"]

    @Test func `nothing is unwrapped or tried by force, and nothing stops the process`() throws {
        for file in try Self.files() {
            #expect(file.parsed.linesUnwrapping == [], "\(file.path)")
            guard !Self.mayStop.contains(file.path) else { continue }
            for word in Self.stopping { #expect(file.parsed.lines(calling: word) == [], "\(file.path): \(word)") }
        }
    }

    @Test(arguments: [
        "let a = b!", "try! run()", "x as! Int", "let a: Int!", "f()!.g", "a[0]!", "\"\\(name!)\"", "{ 1 }()!",
        "fatalError(\"no\")",
        "precondition(a)", "preconditionFailure ()",
    ])
    func `the rule sees what it forbids`(line: String) {
        let text = SwiftText(line)
        #expect(!text.linesUnwrapping.isEmpty || Self.stopping.contains { !text.lines(calling: $0).isEmpty })
    }

    @Test(arguments: [
        "if !a, b != c { }", "// done!", "let a = \"Hello!\"", "/* a! /* b! */ c! */", "#\"a!\"#",
        "let a = \"\"\"\n hey!\n \"\"\"",
        "case .preconditionFailed: break", "/// fatalError(", "a !== b",
    ])
    func `the rule lets pass what is harmless`(line: String) {
        let text = SwiftText(line)
        #expect(text.linesUnwrapping == [])
        for word in Self.stopping { #expect(text.lines(calling: word) == []) }
    }

    // MARK: SQL

    @Test func `SQL is a literal and no literal has a value in it`() throws {
        #expect(!(SQL.self as Any.Type is any ExpressibleByStringInterpolation.Type))
        #expect(SQL.self as Any.Type is any ExpressibleByStringLiteral.Type)
        for file in try Self.files() {
            // The last one names the tables and columns that our migrations make, and nothing else.
            let composers = ["Statement.swift", "Dialect.swift", "Backup/TableShape.swift"].map { "Sources/Storage/" + $0 }
            if !composers.contains(file.path) {
                #expect(
                    file.parsed.lines(calling: "unchecked", follower: UInt8(ascii: ":")) == [], "\(file.path): SQL from a text")
            }
            if !file.path.hasPrefix("Sources/Storage/SQLite/") {
                #expect(!file.parsed.codeText.contains("(sql:"), "\(file.path): the engine's own SQL")
            }
        }
        let statement = try Repository.text(of: "Sources/Storage/Statement.swift")
        #expect(statement.contains("public init(stringLiteral: StaticString)"))
        #expect(statement.contains("public private(set) var text: String"))
        #expect(!SwiftText(statement).codeText.contains("public init(unchecked"))
    }

    @Test func `no room above storage writes SQL into its own texts`() throws {
        for file in try Self.files()
        where ["API", "Console", "Decisions", "Web", "Server", "gatehouse", "Access", "Model"].contains(file.room) {
            for literal in file.parsed.literals {
                for word in ["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE "] {
                    #expect(!literal.text.hasPrefix(word), "\(file.path):\(literal.line)")
                }
            }
        }
    }

    // MARK: Markup

    @Test func `markup is made by elements, or is a literal given to raw`() throws {
        let html = try Repository.text(of: "Sources/Console/Templates/HTML.swift")
        // The type itself leaves no other way: bytes are set in this file only, and raw takes literals only.
        #expect(html.contains("private(set) var bytes: [UInt8]"))
        #expect(html.contains("static func raw(_ markup: StaticString) -> HTML"))
        #expect(html.contains("static func element(_ name: StaticString,"))
        #expect(html.contains("let name: StaticString?"))
        #expect(html.components(separatedBy: "func raw(").count == 2)
        for file in try Self.files() where file.room == "Console" && !file.path.hasSuffix("/Templates/HTML.swift") {
            for literal in file.parsed.literals where Self.holdsMarkup(literal.text) {
                #expect(literal.before.hasSuffix("raw(") && !literal.isInterpolated, "\(file.path):\(literal.line)")
            }
        }
    }

    /// `<` with a letter, a slash or an exclamation mark behind it.
    static func holdsMarkup(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.dropLast().contains { index in
            bytes[index] == UInt8(ascii: "<")
                && (SwiftText.isWordByte(bytes[index + 1]) || bytes[index + 1] == UInt8(ascii: "/")
                    || bytes[index + 1] == UInt8(ascii: "!"))
        }
    }

    @Test func `addresses in markup come from paths, and no attribute holds script or style`() throws {
        for file in try Self.files() where file.room == "Console" && !file.path.hasSuffix("/Templates/HTML.swift") {
            for literal in file.parsed.literals where literal.before.hasSuffix("Attribute(") {
                let name = literal.text.lowercased()
                #expect(
                    !["href", "src", "action", "formaction", "srcdoc", "style", "xlink:href"].contains(name)
                        && !name.hasPrefix("on"),
                    "\(file.path):\(literal.line)")
            }
        }
    }

    @Test func `pages are answered from finished markup only`() throws {
        var found = 0
        for file in try Self.files() where file.room == "Console" {
            for call in file.parsed.codeText.components(separatedBy: ".html(").dropFirst() {
                found += 1
                #expect(call.prefix { $0 != ")" }.hasSuffix("html.bytes"), "\(file.path)")
            }
        }
        #expect(found >= 3)
    }
}
