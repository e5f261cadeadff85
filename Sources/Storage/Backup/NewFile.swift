import Glibc

/// A file that gets its name only when all of it is on the disk: until then it is `<name>.partial`, for its owner only.
final class NewFile {
    let path: String
    private let partial: String
    private let replaces: Bool
    private var descriptor: Int32
    private(set) var size: Int64 = 0

    /// - Parameter replaces: whether a file of that name may be there already.
    /// - Throws: `BackupError` with reasons `inTheWay`, `inputOutput`.
    init(path: String, replaces: Bool) throws {
        self.path = path
        self.replaces = replaces
        partial = path + ".partial"
        try Self.check(path, replaces: replaces)
        descriptor = open(partial, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw Self.failure(partial, errno) }
        // What a backup that was killed left behind is written over; that of one at work is not.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isOurs() else {
            close(descriptor)
            descriptor = -1
            throw BackupError(.inTheWay, "\(partial) is in the way: another backup is being written, or it is not ours.")
        }
        guard fchmod(descriptor, 0o600) == 0, ftruncate(descriptor, 0) == 0 else { throw discard(errno) }
    }

    deinit {
        // Never finished: nothing is left behind.
        discard()
    }

    func write(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw discard(errno)
            }
            start += count
        }
        size += Int64(bytes.count)
    }

    /// Puts everything on the disk, and the name in its folder.
    func finish() throws {
        guard fsync(descriptor) == 0 else { throw discard(errno) }
        do {
            try Self.check(path, replaces: replaces)
        } catch {
            discard()
            throw error
        }
        guard rename(partial, path) == 0 else { throw discard(errno) }
        close(descriptor)
        descriptor = -1
        Folder.sync(of: path)
    }

    private func discard() {
        guard descriptor >= 0 else { return }
        unlink(partial)
        close(descriptor)
        descriptor = -1
    }

    private func discard(_ number: Int32) -> BackupError {
        discard()
        return Self.failure(path, number)
    }

    /// Whether the open file is a plain one of this user, and still the one of that name.
    private func isOurs() -> Bool {
        var opened = stat()
        var named = stat()
        return fstat(descriptor, &opened) == 0 && lstat(partial, &named) == 0 && opened.st_ino == named.st_ino
            && opened.st_dev == named.st_dev && opened.st_mode & S_IFMT == S_IFREG && opened.st_uid == geteuid()
            && opened.st_nlink == 1
    }

    private static func check(_ path: String, replaces: Bool) throws {
        var information = stat()
        guard lstat(path, &information) == 0 else { return }
        guard information.st_mode & S_IFMT == S_IFREG else {
            throw BackupError(.inTheWay, "\(path) exists and is not a plain file.")
        }
        guard replaces else {
            throw BackupError(.inTheWay, "\(path) exists. Choose another name, or replace it with --force.")
        }
    }

    private static func failure(_ path: String, _ number: Int32) -> BackupError {
        switch number {
        case ENOSPC, EDQUOT, EFBIG:
            BackupError(
                .inputOutput, "There is no room for \(path): \(String(cString: strerror(number))). Nothing was left of it.")
        default: BackupError(.inputOutput, "\(path) cannot be written: \(String(cString: strerror(number))).")
        }
    }
}

/// What must be said to a folder so that the names in it last.
enum Folder {
    /// Puts the folder that holds `path` on the disk.
    static func sync(of path: String) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
