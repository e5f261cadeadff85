import Model

/// The change feed where many write: rows are written without a number, so that no writer waits for another, and one node at
/// a time moves what is visible into the numbered feed. A follower reads both, and so never skips a row that was committed
/// after its successors.
enum PostgresFeed {
    /// A change on its way into the feed.
    struct Entry: Sendable, Hashable {
        /// Tells it again when it comes back with a number.
        let id: Int64
        let key: ChangeKey

        init(id: Int64 = .random(in: 1 ... .max), key: ChangeKey) {
            self.id = id
            self.key = key
        }
    }

    /// How many rows one statement writes when there are many.
    static let batch = 50

    /// Moves at a time; a longer backlog takes several transactions.
    private static let moved: Int64 = 10_000
    private static let leaseSeconds: Int64 = 2

    static func insert(_ entries: some Collection<Entry>) -> Statement {
        var statement = Statement("INSERT INTO change_pending (id, realm_id, kind, key, version) VALUES ")
        for (index, entry) in entries.enumerated() {
            statement.append(index == 0 ? "(" : ", (", .integer(entry.id))
            statement.append(", ", .text(entry.key.realm.text))
            statement.append(", ", .text(entry.key.kind))
            statement.append(", ", .text(entry.key.key))
            statement.append(", ", .integer(entry.key.version))
            statement.append(")")
        }
        return statement
    }

    /// What a follower that has seen everything up to `position` has to look at; unnumbered rows have position 0.
    static func news(after position: Int64) -> Statement {
        Statement(
            """
            SELECT 0 AS position, id, realm_id, kind, key, version FROM change_pending
            UNION ALL
            SELECT position, id, realm_id, kind, key, version FROM change_feed WHERE position > $1
            ORDER BY 1
            """, [.integer(position)])
    }

    static func entry(_ row: any Row) -> (position: Int64, entry: Entry) {
        (
            row.integer(0),
            Entry(
                id: row.integer(1),
                key: ChangeKey(
                    realm: RealmID(row.text(2)), kind: row.text(3), key: row.text(4), version: row.integer(5)))
        )
    }

    /// Gives waiting rows their numbers; answers how many, 0 too when another node is at it. Run with `Isolation.committed`: the
    /// lease's row is held until the commit, so what is read after taking it is all that was numbered before.
    static func number(as node: String, on connection: any Connection) throws -> Int {
        guard try Lease.take("change feed", as: node, seconds: leaseSeconds, on: connection) else { return 0 }
        return try connection.run(
            Statement(
                """
                WITH batch AS (SELECT id FROM change_pending LIMIT $1),
                moved AS (
                    DELETE FROM change_pending WHERE id IN (SELECT id FROM batch)
                    RETURNING id, realm_id, kind, key, version
                )
                INSERT INTO change_feed (position, id, realm_id, kind, key, version)
                SELECT (SELECT COALESCE(MAX(position), 0) FROM change_feed) + ROW_NUMBER() OVER (),
                    id, realm_id, kind, key, version
                FROM moved
                """, [.integer(moved)]))
    }
}
