import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCertificateReloading
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import UnixSignals
import Web

/// How connections are spoken to, and what they may take.
enum Listeners {
    /// Request lines and headers beyond these end the connection.
    private static let headerLimits = HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100)
    private static let idle = TimeAmount.seconds(60)
    private static let bodyLimit = TimeAmount.seconds(20)
    static let backlog = 1024

    static var http1: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(limit: bodyLimit)], idleTimeout: idle,
            httpDecoderConfiguration: headerLimits)
    }

    static func plain() -> HTTPServerBuilder {
        .http1(configuration: http1)
    }

    static func tls(_ reloader: TimedCertificateReloader) throws -> HTTPServerBuilder {
        var tls = try TLSConfiguration.makeServerConfiguration(certificateReloader: reloader)
        tls.minimumTLSVersion = .tlsv12
        var http2 = HTTP2UpgradeChannel.Configuration(
            idleTimeout: .seconds(60), gracefulCloseTimeout: .seconds(15), streamConfiguration: http1)
        // The initializer drops this argument.
        http2.maxAgeTimeout = .seconds(3600)
        let configuration = http2
        let tlsConfiguration = tls
        return HTTPServerBuilder { responder in
            DeadlinedTLSChannel(
                inner: try HTTP2UpgradeChannel(
                    tlsConfiguration: tlsConfiguration, configuration: configuration, responder: responder),
                handshakeLimit: .seconds(10))
        }
    }

    /// Reads certificate and key once, so that a fault shows at start, and then again every ten seconds.
    static func reloader(_ files: Configuration.TLSFiles, logger: Logger) throws -> TimedCertificateReloader {
        var configuration = TimedCertificateReloader.Configuration(
            refreshInterval: .seconds(10),
            certificateSource: .init(location: .file(path: files.certificate), format: .pem),
            privateKeySource: .init(location: .file(path: files.key), format: .pem))
        do {
            // The first reading speaks for itself; only later failures are for the log.
            _ = try TimedCertificateReloader.makeReloaderValidatingSources(configuration: configuration)
            configuration.onCertificateLoadFailed = { failure in
                logger.warning(
                    "The TLS certificate or key cannot be read; the ones read last stay in use.", error: failure.error)
            }
            return try TimedCertificateReloader.makeReloaderValidatingSources(configuration: configuration)
        } catch {
            throw StartFailure(
                .configuration,
                "The TLS certificate \(files.certificate) and key \(files.key) cannot be used: \(error)")
        }
    }

    /// Binds once and lets go, so that an address in use is found before anything else is opened. Throws `StartFailure`.
    static func probe(_ address: ListenAddress, _ setting: Setting) async throws {
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                // Whoever connects meanwhile must not be accepted by a listener that will never answer.
                .serverChannelOption(.autoRead, value: false)
                .bind(host: address.host, port: address.port).get()
            try await channel.close()
        } catch {
            throw failure(to: address, setting, error)
        }
    }

    static func failure(to address: ListenAddress, _ setting: Setting, _ error: any Error) -> StartFailure {
        guard let error = error as? IOError else {
            return StartFailure(.unavailable, "Cannot listen on \(address): \(error). Choose another \(setting.flag).")
        }
        return error.errnoCode == EADDRINUSE
            ? StartFailure(
                .unavailable, "The address \(address) is in use. End what listens there, or choose another \(setting.flag).")
            : StartFailure(
                .unavailable,
                "Cannot listen on \(address): \(DataFolder.text(error.errnoCode)). Choose another \(setting.flag).")
    }
}

/// Reads the certificate again when an operator sends SIGHUP.
struct ReloadOnHangup: Service {
    let reloader: TimedCertificateReloader
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            // A failure is logged by the reloader's own callback.
            guard (try? reloader.reload()) != nil else { continue }
            logger.notice("The TLS certificate was read again.")
        }
    }
}

/// A listener whose failure to bind says which address, and what to do.
struct Listener<Responder: HTTPResponder>: Service
where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    let application: Application<Responder>
    let address: ListenAddress
    let setting: Setting
    let state: ServerState

    func run() async throws {
        do {
            try await application.run()
        } catch  where !state.isListening && !(error is CancellationError) {
            throw Listeners.failure(to: address, setting, error)
        }
    }
}
