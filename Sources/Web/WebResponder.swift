public import Authentication
import Glibc
import HTTPTypes
public import Hummingbird
import Logging
public import Model
import NIOCore
import Synchronization

/// Everything between the HTTP server and the handlers, in one step: routing, realm, peer, credentials, errors, headers, counting
/// and the access log.
public struct WebResponder: HTTPResponder {
    public typealias Context = WebContext
    /// Whose token this is in that realm.
    public typealias Resolver = @Sendable (String, RealmID) async throws -> Authenticated?

    public let table: RouteTable
    private let settings: WebSettings
    private let resolve: Resolver

    /// Throws `RouteTableError` when the surfaces do not fit together.
    public init(surfaces: [Surface], settings: WebSettings, resolve: @escaping Resolver) throws {
        table = try RouteTable(surfaces, metrics: settings.metrics)
        self.settings = settings
        self.resolve = resolve
    }

    /// Throws `RouteTableError` when the surfaces do not fit together.
    public init(surfaces: [Surface], sessions: Sessions, settings: WebSettings) throws {
        try self.init(surfaces: surfaces, settings: settings) { token, realm in
            try await sessions.resolve(token: token, realm: realm)
        }
    }

    /// Never throws: every error has become its surface's answer.
    public func respond(to request: Request, context: WebContext) async -> Response {
        let started = Self.monotonicMicroseconds()
        settings.metrics.inFlight.add(1, ordering: .relaxed)
        defer { settings.metrics.inFlight.subtract(1, ordering: .relaxed) }
        let fields = KnownFields(request.headers)
        let requestID = fields.requestID.flatMap { RequestIDs.isAcceptable($0) ? $0 : nil } ?? RequestIDs.next()
        let peer = ClientAddress(
            peer: context.remoteAddress, headers: request.headers, proxies: settings.proxies, hasTLS: settings.hasTLS)
        let located = locate(request)
        let state = CallState(channel: context.channel)

        var response: Response
        switch located.resolution {
        case _ where fields.otherHost != nil && (!context.isMultiplexed || fields.otherHost != request.head.authority):
            // RFC 9112 section 3.2 and RFC 9113 section 8.3.1: a proxy before us may have believed the other one.
            response = render(
                ServiceError.malformed("The request names more than one host."), located.surface,
                ErrorContext(requestID: requestID, request: request, realm: located.realm, call: nil))
        case .endpoint(let endpoint):
            response = await answer(request, fields, endpoint, located, peer, requestID, state)
        case .methodNotAllowed(let allow):
            response = render(
                WebError.methodNotAllowed(allow: allow), located.surface,
                ErrorContext(requestID: requestID, request: request, realm: located.realm, call: nil))
        case .notFound:
            response = render(
                ServiceError.notFound, located.surface,
                ErrorContext(requestID: requestID, request: request, realm: located.realm, call: nil))
        }
        // Refusals too: a body after the head would be read as the next answer of the connection.
        if request.method == .head { response = response.createHeadResponse() }
        let echoed = located.surface?.surface.echoesAnyRequestID == true ? fields.requestID ?? requestID : requestID
        addHeaders(to: &response, requestID: echoed, isSecure: peer.isSecure)
        closeIfSpent(request, fields, context, state, &response)

        let elapsed = Self.monotonicMicroseconds() - started
        let endpoint = located.endpoint
        (endpoint?.metrics ?? located.surface?.unmatched)?.record(status: response.status.code, microseconds: elapsed)
        if let log = settings.accessLog {
            log.write(
                Self.logLine(
                    at: settings.clock.now(), request, endpoint, response, elapsed, requestID, located.realm, peer.text))
        }
        return response
    }

    // MARK: Routing

    private struct Located {
        let target: RequestTarget
        let realm: RealmID
        let isBelowRealm: Bool
        let resolution: RouteTable.Resolution
        let surface: SurfaceRuntime?

        var endpoint: Endpoint? {
            if case .endpoint(let endpoint) = resolution { endpoint } else { nil }
        }
    }

    private static let realms = Array("realms".utf8)

    private func locate(_ request: Request) -> Located {
        let target = RequestTarget(request)
        var realm = RealmID.main
        var first = 0
        if target.segments.count >= 2, target.path[target.segments[0]].elementsEqual(Self.realms) {
            first = 2
            let named = target.decodedSegment(1).map { RealmID($0) }
            guard let named, settings.realmExists(named) else {
                return Located(
                    target: target, realm: .main, isBelowRealm: true, resolution: .notFound,
                    surface: table.surface(for: target, from: first))
            }
            realm = named
        }
        let resolution = table.resolve(target, from: first, method: request.method)
        let surface: SurfaceRuntime?
        if case .endpoint(let endpoint) = resolution {
            surface = endpoint.surface
        } else {
            surface = table.surface(for: target, from: first)
        }
        return Located(target: target, realm: realm, isBelowRealm: first > 0, resolution: resolution, surface: surface)
    }

    // MARK: Answering

    private func answer(
        _ request: Request, _ fields: KnownFields, _ endpoint: Endpoint, _ located: Located, _ peer: ClientAddress,
        _ requestID: String, _ state: CallState
    ) async -> Response {
        let surface = endpoint.surface.surface
        var query = FormFields()
        var queryError: (any Error)?
        if !located.target.query.isEmpty {
            do { query = try FormFields(parsing: located.target.query) } catch { queryError = error }
        }
        func call(_ token: String?, _ authenticated: Authenticated?) -> Call {
            Call(
                request: request, route: endpoint.route, realm: located.realm, requestID: requestID, address: peer.text,
                isSecure: peer.isSecure, publicURL: settings.publicURL(),
                caller: Caller(
                    realm: located.realm, principal: authenticated?.principal, session: authenticated?.session?.id,
                    token: authenticated?.token?.id, limits: authenticated?.token?.limits,
                    assurance: authenticated?.session?.assurance, address: peer.text, agent: Self.agent(fields),
                    requestID: requestID),
                authenticated: authenticated, token: authenticated == nil ? nil : token, query: query,
                isBelowRealm: located.isBelowRealm, target: located.target,
                parameters: located.isBelowRealm ? endpoint.realmParameters : endpoint.parameters, state: state)
        }

        var current: Call?
        let token = token(for: surface.credentials, endpoint.route.access, request, fields, located.realm, peer)
        do {
            var authenticated: Authenticated?
            if let token { authenticated = try await resolve(token, located.realm) }
            // A cookie holds a session and nothing else.
            if case .cookie = surface.credentials, authenticated?.session == nil { authenticated = nil }
            let ready = call(token, authenticated)
            current = ready
            if case .authenticated = endpoint.route.access, authenticated == nil { throw ServiceError.unauthenticated }
            if let queryError { throw queryError }
            if let header = fields.atLeast {
                guard let revision = Revision(text: header) else {
                    throw ServiceError.malformed("Gatehouse-At-Least is not a revision of this server.")
                }
                guard await settings.waitForRevision(revision) else {
                    throw ServiceError.unavailable(retryAfterSeconds: 1)
                }
            }
            return try await endpoint.route.handler(ready)
        } catch {
            let failed = current ?? call(nil, nil)
            var response = render(
                error, endpoint.surface,
                ErrorContext(requestID: requestID, request: request, realm: located.realm, call: failed))
            if response.status == .unauthorized, case .bearer = surface.credentials {
                // RFC 6750 section 3: the error code only when a token was sent.
                let sent = token == nil ? "" : ", error=\"invalid_token\""
                response.headers[.wwwAuthenticate] = "Bearer realm=\"\(located.realm.text)\"" + sent
            }
            return response
        }
    }

    /// The token a request shows to this kind of surface. A bearer token on a public route is not looked at, so that an old
    /// one in a client's hand does not keep it from signing in again.
    private func token(
        for credentials: Surface.Credentials, _ access: Route.Access, _ request: Request, _ fields: KnownFields,
        _ realm: RealmID, _ peer: ClientAddress
    ) -> String? {
        switch credentials {
        case .none: return nil
        case .cookie: return ConsoleCookie.value(ConsoleCookie.session(realm: realm, secure: peer.isSecure), in: request)
        case .bearer:
            guard case .authenticated = access, let header = fields.authorization else { return nil }
            let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 512 else { return nil }
            return String(parts[1].trimmingSpaces())
        }
    }

    private static func agent(_ fields: KnownFields) -> String {
        guard let agent = fields.userAgent else { return "" }
        return agent.utf8.count <= 256 ? agent : String(decoding: Array(agent.utf8.prefix(256)), as: UTF8.self)
    }

    private func render(_ error: any Error, _ surface: SurfaceRuntime?, _ context: ErrorContext) -> Response {
        if !(error is ServiceError), !(error is WebError), !(error is CancellationError) {
            settings.logger.error(
                "A request failed for an unexpected reason.", error: error,
                metadata: ["requestId": .string(context.requestID)])
        }
        if let surface { return surface.surface.renderError(error, context) }
        return Problem(error).response(requestID: context.requestID)
    }

    // MARK: What every answer has

    private func addHeaders(to response: inout Response, requestID: String, isSecure: Bool) {
        if !response.headers.contains(.xContentTypeOptions) {
            for (name, value) in HTTPFields.security { response.headers[name] = value }
        }
        response.headers[.requestID] = requestID
        if isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
    }

    /// Ends connections that cannot or should not take a further request; over HTTP/1.1 by `Connection: close`.
    ///
    /// A refused upload would still be read to its end first: small ones may, others are cut off. After CONNECT, and after a request
    /// that asked for another protocol, the HTTP parser takes no more requests.
    private func closeIfSpent(
        _ request: Request, _ fields: KnownFields, _ context: WebContext, _ state: CallState, _ response: inout Response
    ) {
        guard fields.announcesBody || fields.wantsUpgrade || request.method == .connect else { return }
        let isLarge = fields.contentLength.flatMap { Int($0) }.map { $0 > 1 << 18 } ?? fields.hasTransferEncoding
        let isUnread = fields.announcesBody && isLarge && !state.isBodyRead
        guard context.isMultiplexed else {
            if isUnread || fields.wantsUpgrade || request.method == .connect { response.headers[.connection] = "close" }
            return
        }
        if isUnread {
            let channel = context.channel
            _ = channel.eventLoop.scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
        }
    }

    private static func logLine(
        at time: Timestamp, _ request: Request, _ endpoint: Endpoint?, _ response: Response, _ microseconds: Int,
        _ requestID: String, _ realm: RealmID, _ address: String
    ) -> [UInt8] {
        var json = JSONWriter(reservingCapacity: 256)
        json.object { json in
            json.member("time", time)
            json.member("level", "info")
            json.member("logger", "access")
            // Only methods of routes are named, and never the path or the query: they may carry what nobody should read.
            json.member("method", endpoint == nil ? "other" : request.method.rawValue)
            json.member("route", endpoint?.route.path ?? "none")
            json.member("status", response.status.code)
            json.name("milliseconds")
            json.value(.number(Double(microseconds) / 1000))
            json.member("bytes", response.body.contentLength ?? 0)
            json.member("requestId", requestID)
            json.member("realm", realm.text)
            json.member("address", address)
        }
        return json.bytes
    }

    private static func monotonicMicroseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }
}
