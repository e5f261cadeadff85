public import Hummingbird
public import NIOCore

/// The per-request values Hummingbird carries for us.
public struct WebContext: RequestContext, RemoteAddressRequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Asked for the peer, and closed when a client sends a body nobody will read.
    public let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    public var remoteAddress: SocketAddress? { channel.remoteAddress }

    /// Whether this is a stream of an HTTP/2 connection: its channel's parent is the connection, whose parent is the listener.
    var isMultiplexed: Bool { channel.parent?.parent != nil }
}
