public import Authentication
public import Model
public import ServiceLifecycle
public import Web

/// The services of one server, put together: what the listeners need to know of them.
public struct Composition: Sendable {
    public let surfaces: [Surface]
    public let sessions: Sessions
    /// Whether requests can be answered from current data.
    public let isReady: @Sendable () -> Bool
    public let realmExists: @Sendable (RealmID) -> Bool
    /// Waits, up to a second, until this node knows the revision.
    public let waitForRevision: @Sendable (Revision) async -> Bool
    public let metricSources: [Metrics.Source]
    /// The one-time token of the setup link while setup is open, else `nil`.
    public let setupToken: String?
    /// Work beside the requests. Started before the listeners, told to stop after the last request is answered.
    public let backgroundServices: [any Service]
    /// Called when everything else has ended: closes the database.
    public let close: @Sendable () async -> Void

    public init(
        surfaces: [Surface], sessions: Sessions, isReady: @escaping @Sendable () -> Bool,
        realmExists: @escaping @Sendable (RealmID) -> Bool,
        waitForRevision: @escaping @Sendable (Revision) async -> Bool, metricSources: [Metrics.Source] = [],
        setupToken: String?, backgroundServices: [any Service] = [], close: @escaping @Sendable () async -> Void
    ) {
        self.surfaces = surfaces
        self.sessions = sessions
        self.isReady = isReady
        self.realmExists = realmExists
        self.waitForRevision = waitForRevision
        self.metricSources = metricSources
        self.setupToken = setupToken
        self.backgroundServices = backgroundServices
        self.close = close
    }
}
