import Model

/// Where a server answers: scheme, host, port, and a path below which everything lies (`/realms/acme` for another realm).
struct ServerAddress: Hashable, Sendable {
    static let standard = "http://127.0.0.1:8080"

    /// Normalised, without a slash at the end, so that equal servers have equal texts.
    let text: String
    let isSecure: Bool
    /// Lower case; IPv6 addresses without their brackets.
    let host: String

    /// Accepts `http` and `https` addresses of a host; no user, query or fragment, and nothing that needs decoding.
    init(parsing candidate: String) throws(CommandFailure) {
        func refused(_ why: String) -> CommandFailure {
            CommandFailure(.usage, "\"\(candidate)\" is no server address: \(why).", details: ["Example: \(Self.standard)"])
        }
        guard candidate.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw refused("it holds spaces or foreign characters")
        }
        guard let separator = candidate.firstRange(of: "://") else {
            throw refused("it begins neither with http:// nor https://")
        }
        let scheme = candidate[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw refused("it begins neither with http:// nor https://") }
        let rest = candidate[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard !rest.contains(where: { "@?#\\".contains($0) }) else {
            throw refused("only scheme, host, port and path belong in it")
        }

        let hostText: Substring
        let portText: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw refused("a bracket is not closed") }
            hostText = authority[authority.index(after: authority.startIndex)..<close]
            let after = authority[authority.index(after: close)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw refused("only a port may follow the address") }
            portText = after.isEmpty ? nil : after.dropFirst()
            guard hostText.contains(":"), hostText.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw refused("the host is no IPv6 address")
            }
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let first = parts.first else { throw refused("IPv6 addresses stand in brackets") }
            hostText = first
            portText = parts.count == 2 ? parts[1] : nil
            guard !hostText.isEmpty, hostText.allSatisfy({ $0.isLetter || $0.isNumber || ".-_".contains($0) }) else {
                throw refused("the host is no name or address")
            }
        }
        var port: UInt16?
        if let portText {
            guard portText.allSatisfy(\.isNumber), let number = UInt16(portText), number > 0 else {
                throw refused("the port is no number from 1 to 65535")
            }
            port = number
        }
        var path = rest[authority.endIndex...]
        while path.hasSuffix("/") { path.removeLast() }
        guard path.allSatisfy({ $0.isLetter || $0.isNumber || "/.-_~".contains($0) }) else {
            throw refused("the path holds other than letters, digits and / . - _ ~")
        }

        isSecure = scheme == "https"
        host = hostText.lowercased()
        if port == (isSecure ? 443 : 80) { port = nil }
        text = scheme + "://" + (authority.hasPrefix("[") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "") + path
    }

    /// Whether what is sent there cannot leave this machine.
    var isLoopback: Bool {
        if host == "localhost" || host.hasSuffix(".localhost") || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }
}
