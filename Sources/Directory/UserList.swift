import Access
import Foundation
import Grants
import Model
import Storage

/// The list of users: filter, search and order in SQL, pages by key.
struct UserList {
    let clock: any WallClock
    let cursors: CursorKey

    func listing(_ query: ListQuery, caller: Caller) throws -> Listing {
        try Listing(query, shape: shape, realm: caller.realm, caller: caller.principal, key: cursors)
    }

    /// - Parameter scope: the users the caller may read.
    func page(_ listing: Listing, realm: RealmID, scope: ListScope, on connection: any Connection) throws -> Page<User> {
        let now = clock.now()
        var words = listing.words.map(Folding.searchKey).filter { !$0.isEmpty }
        let driver = try rarest(of: words, realm: realm, on: connection)
        if let driver { words.removeAll { $0 == driver } }
        return try listing.page(
            on: connection, columns: UserTable.columns, columnCount: UserTable.columnCount,
            counting: words.isEmpty || driver != nil,
            from: { statement in
                if let driver { Self.appendDriver(driver, realm: realm, to: &statement) }
                statement.append(UserTable.source)
            },
            // Every user has a row in the other tables; words are looked for in one of them.
            countedFrom: words.isEmpty
                ? { statement in
                    if let driver { Self.appendDriver(driver, realm: realm, to: &statement) }
                    statement.append("principal p")
                } : nil,
            where: { statement in
                statement.append("p.realm_id = ", .text(realm.text))
                statement.append(" AND p.kind = 'user'")
                if driver != nil { statement.append(" AND p.id = m.user_id") }
                try statement.appendUsers(scope, realm: realm)
                for word in words {
                    let place = "%\n" + Listing.escapeLike(String(word.prefix(64))) + "%"
                    statement.append(" AND u.search LIKE ", .text(place))
                    statement.append(" ESCAPE '\\'")
                }
            },
            read: { try UserTable.user(from: $0, at: now) })
    }

    private var shape: ListShape {
        ListShape(
            name: "users",
            fields: [
                "id": ListField("p.id", .folded { $0.lowercased() }, sortable: false),
                "username": ListField("p.name_key", .folded(Principals.nameKey)),
                "name": ListField("u.display_key", .folded(Folding.key), optional: true, id: "u.id"),
                "email": ListField("u.email_key", .folded(Folding.key), optional: true, id: "u.id"),
                "emailVerified": ListField("u.email_verified", .boolean, sortable: false),
                "status": ListField("p.status", .custom(compileStatus)),
                "store": ListField("p.store_id", .folded { $0.lowercased() }, sortable: false),
                "createdAt": ListField("p.created_at", .time),
                "updatedAt": ListField("p.updated_at", .time),
                "lastSignInAt": ListField("a.last_at", .time, optional: true, id: "a.principal_id"),
            ], id: "p.id", defaultSort: "username")
    }

    /// `locked` is worked out from throttling, so `active` means "and not locked".
    private func compileStatus(_ value: String, into statement: inout Statement) throws {
        guard let status = User.Status(rawValue: value.lowercased()) else {
            let known = User.Status.allCases.map(\.rawValue).joined(separator: ", ")
            throw ServiceError.malformed("There is no status \"\(value)\". Known are: \(known).")
        }
        switch status {
        case .disabled: statement.append("p.status = 'disabled'")
        case .invited: statement.append("p.status = 'invited'")
        case .active, .locked:
            statement.append("p.status = 'active' AND p.id ")
            statement.append(status == .active ? "NOT IN (" : "IN (")
            statement.append("SELECT t.principal_id FROM sign_in_throttle t WHERE t.blocked_until > ")
            statement.bind(.integer(clock.now().milliseconds))
            statement.append(")")
        }
    }

    /// Up to so many matches are gathered and sorted; beyond, walking the order soon meets enough of them.
    private static let gatherLimit = 100_000

    /// The word with the fewest places, when there are few enough to gather; `nil`: walk the order and test each row.
    private func rarest(of words: [String], realm: RealmID, on connection: any Connection) throws -> String? {
        var best: (word: String, count: Int)?
        for word in words {
            var statement = Statement("SELECT COUNT(*) FROM (SELECT 1 FROM user_word w WHERE w.realm_id = ")
            statement.bind(.text(realm.text))
            Self.appendPrefix(word, to: &statement)
            statement.append(" LIMIT ", .integer(Int64(Self.gatherLimit) + 1))
            statement.append(") AS counted")
            let count = try connection.first(statement) { Int($0.integer(0)) } ?? 0
            if count <= Self.gatherLimit, count < best?.count ?? .max { best = (word, count) }
        }
        return best?.word
    }

    /// CROSS JOIN holds SQLite to this order: from the few that match to their rows.
    private static func appendDriver(_ word: String, realm: RealmID, to statement: inout Statement) {
        statement.append("(SELECT DISTINCT w.user_id FROM user_word w WHERE w.realm_id = ", .text(realm.text))
        appendPrefix(word, to: &statement)
        statement.append(") m CROSS JOIN ")
    }

    private static func appendPrefix(_ word: String, to statement: inout Statement) {
        let prefix = String(word.prefix(64))
        statement.append(" AND w.word >= ", .text(prefix))
        statement.append(" AND w.word < ", .text(prefix + "\u{10FFFF}"))
    }
}

extension Statement {
    /// Appends the condition that the scope lets a user through, whose principal is `p`.
    mutating func appendUsers(_ scope: ListScope, realm: RealmID) throws {
        if scope == .all { return }
        append(" AND ")
        try append(
            scope, ScopeColumns(id: "p.id", name: "p.name", memberKind: PrincipalKind.user.rawValue), realm: .text(realm.text))
    }
}
