import Model
import Synchronization

/// Users as they were read last, for as long as nothing has been committed since: one person's page asks for the same row
/// again and again.
final class UserCache: Sendable {
    private struct Key: Hashable {
        let realm: RealmID
        let id: EntityID
    }

    private struct Entry {
        let user: User
        let commits: UInt64
        let readAt: Timestamp
    }

    private static let capacity = 4096
    /// Milliseconds; a lock that runs out is no commit.
    private static let lifetime: Int64 = 1000
    private let entries = Mutex<[Key: Entry]>([:])

    /// - Parameter commits: the database's count now.
    func find(_ id: EntityID, realm: RealmID, commits: UInt64, at now: Timestamp) -> User? {
        entries.withLock { entries in
            guard let entry = entries[Key(realm: realm, id: id)], entry.commits == commits else { return nil }
            let age = now.milliseconds - entry.readAt.milliseconds
            return (0..<Self.lifetime).contains(age) ? entry.user : nil
        }
    }

    /// - Parameter commits: the count from before the user was read.
    func keep(_ user: User, realm: RealmID, commits: UInt64, at now: Timestamp) {
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
            entries[Key(realm: realm, id: user.id)] = Entry(user: user, commits: commits, readAt: now)
        }
    }
}
