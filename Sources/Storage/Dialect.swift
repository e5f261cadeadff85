/// What the engines must say differently. Everything else is written once.
public struct Dialect: Sendable, Hashable {
    public enum Engine: String, Sendable {
        case sqlite, postgres
    }

    public let engine: Engine

    public init(engine: Engine) {
        self.engine = engine
    }

    /// A statement of a migration as this engine takes it.
    func schema(_ statement: SQL) -> SQL {
        let hint = "/* key organized */"
        guard engine == .sqlite, statement.text.hasSuffix(hint) else { return statement }
        return SQL(unchecked: String(statement.text.dropLast(hint.count)) + "WITHOUT ROWID")
    }

    /// The names of all tables, whoever made them.
    var tables: SQL {
        switch engine {
        case .sqlite: "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
        case .postgres:
            """
            SELECT CAST(tablename AS TEXT) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() ORDER BY tablename
            """
        }
    }

    /// Whether feed and audit rows get their numbers in the transaction that writes them (one writer) or from a sealer.
    public var numbersInline: Bool { engine == .sqlite }
}
