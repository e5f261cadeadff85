import HTTPTypes
import NIOCore

/// Where a request came from, past the proxies that are trusted to say so.
struct ClientAddress: Sendable {
    let text: String
    let isSecure: Bool

    /// - Parameters:
    ///   - peer: the other end of the connection.
    ///   - proxies: peers whose forwarding headers count; from anybody else those headers mean nothing.
    ///   - hasTLS: whether the connection itself is TLS.
    init(peer: SocketAddress?, headers: HTTPFields, proxies: [AddressRange], hasTLS: Bool) {
        let peerText = peer?.ipAddress ?? ""
        guard !proxies.isEmpty else {
            // The common case: no list to compare with, so only the mapped form is looked for.
            text = peerText.hasPrefix("::ffff:") ? IPAddress(peerText)?.description ?? peerText : peerText
            isSecure = hasTLS
            return
        }
        guard let address = IPAddress(peerText) else {
            text = peerText
            isSecure = hasTLS
            return
        }
        guard proxies.contains(where: { $0.contains(address) }) else {
            text = address.description
            isSecure = hasTLS
            return
        }
        text = Self.client(headers: headers, proxies: proxies, peer: address).description
        isSecure = hasTLS || Self.forwardedSecurely(headers)
    }

    /// The right-most address that is no trusted proxy. Two headers that disagree prove nothing: then it is the proxy itself,
    /// because a proxy that writes only one of them passes the other on as the client sent it.
    private static func client(headers: HTTPFields, proxies: [AddressRange], peer: IPAddress) -> IPAddress {
        func walk(_ chain: [IPAddress?]) -> IPAddress {
            var nearest = peer
            for hop in chain.reversed() {
                guard let hop else { return nearest }
                nearest = hop
                guard proxies.contains(where: { $0.contains(hop) }) else { return hop }
            }
            return nearest
        }
        let listed = headers[.xForwardedFor].map { value in
            walk(value.split(separator: ",", omittingEmptySubsequences: false).map { node(String($0.trimmingSpaces())) })
        }
        let standard = headers[.forwarded].map { value in
            walk(forwardedElements(value).map { $0["for"].flatMap(node) })
        }
        switch (listed, standard) {
        case (let one?, let other?): return one == other ? one : peer
        case (let one?, nil): return one
        case (nil, let one?): return one
        case (nil, nil): return peer
        }
    }

    private static func forwardedSecurely(_ headers: HTTPFields) -> Bool {
        if let value = headers[.xForwardedProto] {
            return value.split(separator: ",").last?.trimmingSpaces().lowercased() == "https"
        }
        if let value = headers[.forwarded] {
            return forwardedElements(value).last?["proto"]?.lowercased() == "https"
        }
        return false
    }

    /// An address, perhaps with a port: `192.0.2.1`, `192.0.2.1:99`, `2001:db8::1`, `[2001:db8::1]:99`.
    private static func node(_ text: String) -> IPAddress? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            return IPAddress(text[text.index(after: text.startIndex)..<end])
        }
        if let colon = text.firstIndex(of: ":"), text.firstIndex(of: ".") != nil, text.lastIndex(of: ":") == colon {
            return IPAddress(text[..<colon])
        }
        return IPAddress(text)
    }

    /// The elements of a `Forwarded` field (RFC 7239 section 4), names in lower case, quotes removed.
    private static func forwardedElements(_ value: String) -> [[String: String]] {
        value.split(separator: ",", omittingEmptySubsequences: false).map { element in
            var pairs: [String: String] = [:]
            for pair in element.split(separator: ";") {
                guard let equals = pair.firstIndex(of: "=") else { continue }
                var text = pair[pair.index(after: equals)...].trimmingSpaces()
                if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count >= 2 { text = text.dropFirst().dropLast() }
                pairs[pair[..<equals].trimmingSpaces().lowercased()] = String(text)
            }
            return pairs
        }
    }
}
