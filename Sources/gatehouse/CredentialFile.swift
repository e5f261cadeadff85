import Glibc
import Model

/// The session that `gatehouse login` leaves for the commands after it.
struct StoredSession: Sendable {
    let server: String
    let token: String
    let expiresAt: String
    let username: String
    /// The file of `--ca`, so that it need not be named again.
    let certificateAuthority: String?

    /// Tokens travel in a header: printable ASCII without spaces only, and no longer than any token is.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 512 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

/// `gatehouse/session.json` in the person's configuration folder: whoever can read it can act as that person, so it is
/// 0600 in a folder that is 0700, appears whole or not at all, and is not used when others could read it.
struct CredentialFile: Sendable {
    let folder: String
    var path: String { folder + "/session.json" }

    /// `$XDG_CONFIG_HOME` when absolute, as the XDG base directory specification asks, else `~/.config`.
    static func standard() throws -> CredentialFile {
        if let configured = SystemText.environment("XDG_CONFIG_HOME"), configured.hasPrefix("/") {
            return CredentialFile(folder: configured + "/gatehouse")
        }
        guard let home = SystemText.environment("HOME"), home.hasPrefix("/") else {
            throw CommandFailure(.inputOutput, "There is no home folder for the session: set HOME or XDG_CONFIG_HOME.")
        }
        return CredentialFile(folder: home + "/.config/gatehouse")
    }

    /// `nil` when nobody signed in.
    func load() throws -> StoredSession? {
        // Not blocking, so that a pipe of that name cannot hold us.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("read", errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("read", errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unusable("it is no file") }
        guard status.st_uid == geteuid() else { throw unusable("it belongs to somebody else") }
        guard status.st_mode & 0o077 == 0 else {
            throw CommandFailure(
                .failure, "\(path) is not used, because others may read it.",
                details: ["Close it with: chmod 600 \(path)", "Or sign in again with: gatehouse login"])
        }
        return try parse(try bytes(of: descriptor))
    }

    /// Makes the folder, and shows now rather than after a sign-in that it can be written.
    func prepare() throws {
        var made = ""
        for part in folder.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o700) != 0, errno != EEXIST, errno != EISDIR, errno != EROFS {
                throw failure("make \(made) for", errno)
            }
        }
        var status = stat()
        guard stat(folder, &status) == 0 else { throw failure("make", errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw unusable("\(folder) is no folder") }
        if status.st_mode & 0o077 != 0, chmod(folder, 0o700) != 0 { throw failure("protect", errno) }
        guard access(folder, W_OK | X_OK) == 0 else { throw failure("write", errno) }
    }

    /// Replaces the file in one step; a reader sees the old session or the new one.
    func save(_ session: StoredSession) throws {
        try prepare()
        var object = JSONObject([
            ("server", .string(session.server)), ("token", .string(session.token)),
            ("expiresAt", .string(session.expiresAt)), ("username", .string(session.username)),
        ])
        if let authority = session.certificateAuthority { object["ca"] = .string(authority) }
        let bytes = Array((JSONText.pretty(.object(object)) + "\n").utf8)

        let temporary = path + "." + hexadecimal(randomBytes(8))
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", errno) }
        do {
            defer { close(descriptor) }
            // The mode given to `open` is narrowed by the umask; this is what is meant.
            guard fchmod(descriptor, 0o600) == 0 else { throw failure("protect", errno) }
            var start = 0
            while start < bytes.count {
                let written = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw failure("write", errno) }
                start += written
            }
            guard fsync(descriptor) == 0 else { throw failure("write", errno) }
            guard rename(temporary, path) == 0 else { throw failure("replace", errno) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    func remove() throws {
        guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw failure("remove", errno) }
    }

    private func bytes(of descriptor: Int32) throws -> [UInt8] {
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", errno) }
            if count == 0 { return result }
            result += chunk.prefix(count)
            guard result.count <= 65_536 else { throw unusable("it is too large") }
        }
    }

    private func parse(_ bytes: [UInt8]) throws -> StoredSession {
        guard let object = (try? JSONValue(parsing: bytes))?.object, let server = object["server"]?.string,
            let token = object["token"]?.string, StoredSession.isToken(token)
        else { throw unusable("it does not hold a session") }
        return StoredSession(
            server: server, token: token, expiresAt: object["expiresAt"]?.string ?? "",
            username: object["username"]?.string ?? "", certificateAuthority: object["ca"]?.string)
    }

    private func failure(_ verb: String, _ code: Int32) -> CommandFailure {
        CommandFailure(.inputOutput, "Cannot \(verb) \(path): \(SystemText.error(code)).")
    }

    private func unusable(_ why: String) -> CommandFailure {
        CommandFailure(
            .failure, "\(path) cannot be used: \(why).", details: ["Remove it and sign in again with: gatehouse login"])
    }
}
