import ArgumentParser
import Glibc

/// How to reach the server, the same on every command that talks to one.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server's address, also GATEHOUSE_SERVER. (default: where you signed in, else \(ServerAddress.standard))",
            valueName: "url"))
    var server: String?

    @Option(
        help: ArgumentHelp(
            "Trust only the certificate authorities in this PEM file, also GATEHOUSE_CA.", valueName: "file"),
        completion: .file())
    var ca: String?

    @Flag(name: .customLong("insecure-http"), help: "Send credentials over plain http to another machine.")
    var insecureHTTP = false

    @Option(help: ArgumentHelp("How long one answer may take. (default: 30)", valueName: "seconds"))
    var timeout: Int?

    func validate() throws {
        if let timeout, !(1...86_400).contains(timeout) {
            throw ValidationError("--timeout takes 1 to 86400 seconds.")
        }
    }

    /// The connection for signing in: a server, and no token yet.
    func anonymous() throws -> Connection {
        let stored = try? CredentialFile.standard().load()
        return try connection(to: explicitServer ?? stored?.server, token: nil, stored: stored)
    }

    /// The connection of whoever is signed in: by `GATEHOUSE_TOKEN`, which goes with the server named beside it, or by the
    /// stored session, whose token is for its own server and never sent to another.
    func signedIn(patience: Int = 30) throws -> Connection {
        if let token = SystemText.environment("GATEHOUSE_TOKEN") {
            guard StoredSession.isToken(token) else {
                throw CommandFailure(.usage, "GATEHOUSE_TOKEN does not hold a token.")
            }
            return try connection(to: explicitServer, token: token, stored: nil, patience: patience)
        }
        guard let stored = try CredentialFile.standard().load() else {
            throw CommandFailure(.notPermitted, "You are not signed in.", details: ["Sign in with: gatehouse login"])
        }
        let own = try ServerAddress(parsing: stored.server)
        if let explicitServer {
            let wanted = try ServerAddress(parsing: explicitServer)
            guard wanted == own else {
                throw CommandFailure(
                    .notPermitted, "You are signed in at \(own.text), not at \(wanted.text).",
                    details: ["Sign in there with: gatehouse login --server \(wanted.text)"])
            }
        }
        return try connection(to: stored.server, token: stored.token, stored: stored, patience: patience)
    }

    private var explicitServer: String? { server ?? SystemText.environment("GATEHOUSE_SERVER") }

    private func connection(to text: String?, token: String?, stored: StoredSession?, patience: Int = 30) throws -> Connection {
        let address = try ServerAddress(parsing: text ?? ServerAddress.standard)
        guard address.isSecure || address.isLoopback || insecureHTTP else {
            throw CommandFailure(
                .usage,
                "\(address.text) is another machine, and plain http would show your credentials to everybody between.",
                details: ["Use https, or --insecure-http where the network itself is trusted."])
        }
        var authority = ca ?? SystemText.environment("GATEHOUSE_CA")
        if authority == nil, let stored, (try? ServerAddress(parsing: stored.server)) == address {
            authority = stored.certificateAuthority
        }
        return Connection(
            server: address, token: token, certificateAuthority: authority.map(Self.absolute), seconds: timeout ?? patience)
    }

    /// Stored for later commands, which may run in another folder.
    private static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// What a client needs to know of its server.
struct Connection: Sendable {
    let server: ServerAddress
    let token: String?
    let certificateAuthority: String?
    /// How long one request may take, from its first byte to the answer's last.
    let seconds: Int
}
