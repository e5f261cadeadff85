import Glibc
public import Hummingbird
import HummingbirdCore
public import Logging
import Model
import NIOCertificateReloading
import NIOCore
import ServiceLifecycle
import UnixSignals
public import Web

/// One server: its data folder, its services, its two listeners, from start to an orderly end.
public struct GatehouseServer: Sendable {
    /// Opens the database and puts the services together.
    public typealias Compose = @Sendable (Configuration, Logger) async throws -> Composition

    private let configuration: Configuration
    private let compose: Compose
    private let logWriter: LogWriter
    private let logger: Logger

    public init(configuration: Configuration, compose: @escaping Compose) {
        self.configuration = configuration
        self.compose = compose
        let writer = LogWriter()
        let level = configuration.logLevel
        logWriter = writer
        logger = Logger(label: "gatehouse") { label in JSONLogHandler(label: label, level: level, writer: writer) }
    }

    /// Runs until SIGTERM or SIGINT. Throws `StartFailure` when it cannot start.
    public func run() async throws {
        defer { logWriter.flush() }
        _ = ProcessMetrics.startTime
        let folder = try DataFolder(path: configuration.dataFolder, isShared: configuration.database != nil)
        defer { withExtendedLifetime(folder) {} }
        try await Listeners.probe(configuration.listen, .listen)
        try await Listeners.probe(configuration.management, .management)
        let reloader = try configuration.tls.map { try Listeners.reloader($0, logger: logger) }
        let composition = try await compose(configuration, logger)
        do {
            try await serve(composition, reloader.map { ($0, try Listeners.tls($0)) })
        } catch {
            await composition.close()
            throw error
        }
        await composition.close()
        logger.notice("Gatehouse has stopped.")
    }

    /// The application with its routes and no socket, for tests in this process.
    public static func application(
        for composition: Composition, configuration: Configuration, logger: Logger,
        metrics: Metrics = Metrics()
    ) throws -> Application<WebResponder> {
        let url = configuration.publicURL ?? defaultURL(configuration, port: configuration.listen.port)
        let settings = settings(
            composition, configuration, publicURL: { url }, accessLog: nil, logger: logger, metrics: metrics)
        return Application(
            responder: try WebResponder(surfaces: composition.surfaces, sessions: composition.sessions, settings: settings),
            server: Listeners.plain(),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)), logger: logger)
    }

    private func serve(
        _ composition: Composition, _ tls: (reloader: TimedCertificateReloader, server: HTTPServerBuilder)?
    ) async throws {
        let state = ServerState(servicesAreReady: composition.isReady)
        let metrics = Metrics()
        metrics.register(source: ProcessMetrics.families)
        let logWriter = logWriter
        metrics.register {
            [
                MetricFamily(
                    "gatehouse_log_lines_dropped_total", .counter, "Log lines lost because nobody read them in time.",
                    Double(logWriter.dropped))
            ]
        }
        for source in composition.metricSources { metrics.register(source: source) }

        let responder = try WebResponder(
            surfaces: composition.surfaces, sessions: composition.sessions,
            settings: Self.settings(
                composition, configuration, publicURL: { state.publicURL },
                accessLog: configuration.accessLog ? logWriter : nil, logger: logger, metrics: metrics))
        let main = mainApplication(responder, tls?.server, state, setupToken: composition.setupToken)
        let management = managementApplication(metrics, state, setupToken: composition.setupToken)
        let logger = logger
        // The last in this list is the first to be told to stop: readiness, then the requests, then everything below them.
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = composition.backgroundServices.enumerated().map {
            .init(service: $0.element, serviceName: "background \($0.offset)")
        }
        if let reloader = tls?.reloader {
            services.append(.init(service: reloader, serviceName: "certificate reloader"))
            services.append(.init(service: ReloadOnHangup(reloader: reloader, logger: logger), serviceName: "hang-up signal"))
        }
        services.append(
            .init(
                service: Listener(application: management, address: configuration.management, setting: .management, state: state),
                serviceName: "management listener"))
        services.append(
            .init(
                service: Listener(application: main, address: configuration.listen, setting: .listen, state: state),
                serviceName: "listener"))
        services.append(.init(service: Readiness(state: state, logger: logger), serviceName: "readiness"))
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        group.maximumGracefulShutdownDuration = .seconds(25)
        group.maximumCancellationDuration = .seconds(5)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch  where state.isDraining && !(error is StartFailure) {
            // The deadline passed: what was still running was cut off, which is what the deadline is for.
            logger.warning("Some requests had not ended when the time to stop was over.", error: error)
        }
    }

    private func mainApplication(
        _ responder: WebResponder, _ tls: HTTPServerBuilder?, _ state: ServerState, setupToken: String?
    ) -> Application<WebResponder> {
        let configuration = configuration
        return Application(
            responder: responder, server: tls ?? Listeners.plain(),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.listen.host, port: configuration.listen.port),
                backlog: Listeners.backlog,
                availableConnectionsDelegate: MaximumAvailableConnections(connectionLimit(), logger: quiet)),
            onServerRunning: { channel in
                let own = Self.defaultURL(configuration, port: channel.localAddress?.port ?? configuration.listen.port)
                state.setURLs(own: own, publicURL: configuration.publicURL ?? own)
                Self.announce(state, setupToken: setupToken)
            }, logger: quiet)
    }

    private func managementApplication(
        _ metrics: Metrics, _ state: ServerState, setupToken: String?
    ) -> Application<ManagementResponder> {
        let logger = logger
        return Application(
            responder: ManagementResponder(state: state, metrics: metrics), server: Listeners.plain(),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.management.host, port: configuration.management.port),
                availableConnectionsDelegate: MaximumAvailableConnections(256, logger: quiet)),
            onServerRunning: { channel in
                logger.info(
                    "The management listener is ready.",
                    metadata: ["port": .stringConvertible(channel.localAddress?.port ?? 0)])
                Self.announce(state, setupToken: setupToken)
            }, logger: quiet)
    }

    /// For the libraries below, whose information is about themselves.
    private var quiet: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }

    private static func settings(
        _ composition: Composition, _ configuration: Configuration, publicURL: @escaping @Sendable () -> String,
        accessLog: LogWriter?, logger: Logger, metrics: Metrics
    ) -> WebSettings {
        WebSettings(
            publicURL: publicURL, hasTLS: configuration.tls != nil, proxies: configuration.proxies,
            realmExists: composition.realmExists, waitForRevision: composition.waitForRevision, accessLog: accessLog,
            logger: logger, metrics: metrics)
    }

    /// A listen address that stands for all of them leads people nowhere, so links name this machine instead.
    private static func defaultURL(_ configuration: Configuration, port: Int) -> String {
        let host = ["0.0.0.0", "::"].contains(configuration.listen.host) ? "localhost" : configuration.listen.host
        return (configuration.tls == nil ? "http://" : "https://") + ListenAddress(host: host, port: port).description
    }

    /// The lines people and scripts wait for, written once both listeners are bound.
    private static func announce(_ state: ServerState, setupToken: String?) {
        guard state.listenerStarted() else { return }
        var lines = "Gatehouse is listening on \(state.ownURL)\n"
        if let setupToken {
            lines += "Set up the first administrator: \(state.publicURL)/setup?token=\(Self.queryValue(setupToken))\n"
        }
        let bytes = Array(lines.utf8)
        _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    }

    /// Percent-encodes everything but the unreserved characters of RFC 3986.
    private static func queryValue(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + hexadecimal([byte]).uppercased()
            }
        }.joined()
    }

    /// As many connections as configured, as far as the system gives us descriptors for them.
    private func connectionLimit() -> Int {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else {
            return configuration.maximumConnections
        }
        limits.rlim_cur = limits.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
        // Some stay for the database, the log and the management listener.
        let available = Int(clamping: limits.rlim_cur) - 512
        return max(16, min(configuration.maximumConnections, available))
    }
}

/// Says "not ready" as the first thing of the end, so that load balancers look elsewhere while requests are finished.
private struct Readiness: Service {
    let state: ServerState
    let logger: Logger

    func run() async throws {
        try await gracefulShutdown()
        state.drain()
        logger.notice("Stopping: finishing the requests that were taken.")
    }
}
