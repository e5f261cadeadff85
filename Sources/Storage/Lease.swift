/// Mutual exclusion between nodes: a row that names who is at it and until when. Its lock is held until the transaction that
/// took it ends, so two nodes are never at it at once even when their clocks differ; the time only keeps the others from
/// asking again and again.
public enum Lease {
    /// Takes or renews the lease in the caller's transaction (`Isolation.committed`); false when another node holds it.
    public static func take(_ name: String, as node: String, seconds: Int64, on connection: any Connection) throws -> Bool {
        let now = connection.dialect.now
        var statement = Statement("INSERT INTO lease (name, holder, expires_at) VALUES ($1, $2, ", [.text(name), .text(node)])
        statement.append(now)
        statement.append(" + ", .integer(seconds * 1000))
        statement.append(
            """
            ) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
            WHERE lease.holder = excluded.holder OR lease.expires_at <
            """)
        statement.append(" ")
        statement.append(now)
        return try connection.run(statement) > 0
    }

    /// Gives up what a node holds, so that others need not wait for the time to run out.
    static func releaseAll(of node: String, on connection: any Connection) throws {
        try connection.run(Statement("UPDATE lease SET expires_at = 0 WHERE holder = $1", [.text(node)]))
    }
}
