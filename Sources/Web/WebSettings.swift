public import Logging
public import Model

/// What the pipeline must know beside the routes.
public struct WebSettings: Sendable {
    /// Scheme and authority for links, asked for at every request: with port 0 it is known only once the listener is bound.
    public var publicURL: @Sendable () -> String
    /// Whether our own listener speaks TLS.
    public var hasTLS: Bool
    /// Peers whose `X-Forwarded-For`, `X-Forwarded-Proto` and `Forwarded` count.
    public var proxies: [AddressRange]
    public var realmExists: @Sendable (RealmID) -> Bool
    /// Waits, up to a second, until this node knows the revision.
    public var waitForRevision: @Sendable (Revision) async -> Bool
    /// Where the access log goes; `nil` for none.
    public var accessLog: LogWriter?
    public var logger: Logger
    public var metrics: Metrics
    public var clock: any WallClock

    public init(
        publicURL: @escaping @Sendable () -> String, hasTLS: Bool = false, proxies: [AddressRange] = [],
        realmExists: @escaping @Sendable (RealmID) -> Bool = { $0 == .main },
        waitForRevision: @escaping @Sendable (Revision) async -> Bool, accessLog: LogWriter? = nil, logger: Logger,
        metrics: Metrics = Metrics(), clock: any WallClock = SystemClock()
    ) {
        self.publicURL = publicURL
        self.hasTLS = hasTLS
        self.proxies = proxies
        self.realmExists = realmExists
        self.waitForRevision = waitForRevision
        self.accessLog = accessLog
        self.logger = logger
        self.metrics = metrics
        self.clock = clock
    }
}
