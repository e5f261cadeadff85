import Synchronization

/// What the parts of a running server tell each other.
final class ServerState: Sendable {
    private let listeners = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)
    private let urls = Mutex((own: "", publicURL: ""))
    /// The main listener and that for management.
    private static let listenerCount = 2
    private let servicesAreReady: @Sendable () -> Bool

    init(servicesAreReady: @escaping @Sendable () -> Bool) {
        self.servicesAreReady = servicesAreReady
    }

    /// Whether a load balancer should send requests here.
    var isReady: Bool {
        isListening && !draining.load(ordering: .acquiring) && servicesAreReady()
    }

    var isListening: Bool { listeners.load(ordering: .acquiring) == Self.listenerCount }

    var isDraining: Bool { draining.load(ordering: .acquiring) }

    /// Scheme and authority for links.
    var publicURL: String { urls.withLock { $0.publicURL } }

    /// Where the main listener answers.
    var ownURL: String { urls.withLock { $0.own } }

    func setURLs(own: String, publicURL: String) {
        urls.withLock { $0 = (own, publicURL) }
    }

    /// Counts a listener that is bound; true for the last one.
    func listenerStarted() -> Bool {
        listeners.add(1, ordering: .acquiringAndReleasing).newValue == Self.listenerCount
    }

    func drain() {
        draining.store(true, ordering: .releasing)
    }
}
