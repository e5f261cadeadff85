import Glibc

/// The data folder, held for this process alone where it holds the database: two servers on one file would spoil it.
public final class DataFolder: Sendable {
    public let path: String
    private let lock: Int32

    /// Makes the folder, for its owner only, when it is absent, and takes the lock in it. Throws `StartFailure`.
    ///
    /// - Parameter isShared: the folder holds only what several nodes may read.
    public init(path: String, isShared: Bool = false) throws {
        try Self.create(path)
        let lockPath = path + "/lock"
        let descriptor = open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StartFailure(
                .cannotCreate, "The data folder \(path) is not writable: \(Self.text(errno)).")
        }
        guard flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
            let number = errno
            Glibc.close(descriptor)
            throw number == EWOULDBLOCK
                ? StartFailure(
                    .unavailable, "The data folder \(path) is in use by another server. End that one, or choose another --data.")
                : StartFailure(.unavailable, "The data folder \(path) cannot be locked: \(Self.text(number)).")
        }
        self.path = path
        lock = descriptor
    }

    deinit {
        // Closing gives the lock back; the file stays, because removing it would race with the next server.
        Glibc.close(lock)
    }

    private static func create(_ path: String) throws {
        var information = stat()
        if stat(path, &information) == 0 {
            guard information.st_mode & S_IFMT == S_IFDIR else {
                throw StartFailure(.cannotCreate, "\(path) is a file, but --data must name a folder.")
            }
            return
        }
        // The parents first, with the permissions the user's mask gives them; only the last one is closed to others.
        var position = path.startIndex
        while let slash = path[position...].firstIndex(of: "/") {
            let parent = String(path[..<slash])
            if !parent.isEmpty { try make(parent, mode: 0o777) }
            position = path.index(after: slash)
        }
        try make(path, mode: 0o700)
    }

    /// Makes one folder, if it is not there, and puts its entry on the disk: whatever is synced in it would be lost with it.
    private static func make(_ path: String, mode: mode_t) throws {
        guard mkdir(path, mode) == 0 else {
            if errno == EEXIST { return }
            throw failure(path)
        }
        let parent = open(path + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent >= 0 {
            fsync(parent)
            Glibc.close(parent)
        }
    }

    private static func failure(_ path: String) -> StartFailure {
        StartFailure(.cannotCreate, "The folder \(path) cannot be made: \(text(errno)).")
    }

    /// Whether others may change this folder, or so much as read this file. A folder may be looked into: what lies in it is closed.
    static func isExposed(_ path: String) -> Bool {
        var information = stat()
        guard stat(path, &information) == 0 else { return false }
        return information.st_mode & (information.st_mode & S_IFMT == S_IFDIR ? 0o022 : 0o077) != 0
    }

    static func text(_ number: Int32) -> String {
        String(cString: strerror(number))
    }
}
