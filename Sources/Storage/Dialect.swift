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
        let isHinted = statement.text.hasSuffix(hint)
        let text = isHinted ? String(statement.text.dropLast(hint.count)) : statement.text
        switch engine {
        case .sqlite: return SQL(unchecked: text + (isHinted ? "WITHOUT ROWID" : ""))
        case .postgres:
            guard text.hasPrefix("CREATE TABLE") || text.hasPrefix("ALTER TABLE") else { return SQL(unchecked: text) }
            // Compared bytewise, as the other engine does, whatever the database's own order is.
            return SQL(
                unchecked: text.replacing(" TEXT", with: " TEXT COLLATE \"C\"").replacing(" BLOB", with: " BYTEA"))
        }
    }

    /// Milliseconds since 1970 by the database's own clock, which all nodes share.
    var now: SQL {
        switch engine {
        case .sqlite: "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
        case .postgres: "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
        }
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
