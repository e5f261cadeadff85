import HTTPTypes

/// Why routes cannot be served together.
public struct RouteTableError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

/// Every route of every surface, cut into a trie of path segments.
///
/// The table is the only matcher: it finds the handler, says which methods a path knows, and is what tests walk. A literal segment
/// goes before a parameter, but when it leads nowhere (or not with this method) the parameter is tried.
public struct RouteTable: Sendable {
    /// One route and the surface it belongs to.
    public struct Entry: Sendable {
        public let surface: Surface
        public let route: Route
    }

    /// In the order given. `HEAD` is answered for every `GET` and not listed.
    public let entries: [Entry]

    let surfaces: [SurfaceRuntime]
    private let root: Node

    /// Throws when a path is not in canonical form, lies outside its surface's prefix, or is there twice.
    public init(_ surfaces: [Surface]) throws {
        try self.init(surfaces, metrics: Metrics())
    }

    init(_ surfaces: [Surface], metrics: Metrics) throws {
        var entries: [Entry] = []
        var runtimes: [SurfaceRuntime] = []
        let builder = NodeBuilder()
        for surface in surfaces {
            let runtime = SurfaceRuntime(
                surface, unmatched: metrics.route(surface: surface.name, method: "other", route: "none"))
            runtimes.append(runtime)
            for route in surface.routes {
                entries.append(Entry(surface: surface, route: route))
                try builder.insert(route, runtime, metrics: metrics, isHead: false)
                if route.method == .get { try builder.insert(route, runtime, metrics: metrics, isHead: true) }
            }
        }
        self.entries = entries
        // The longest prefix first, so that the first match is the right one.
        self.surfaces = runtimes.sorted { $0.prefix.count > $1.prefix.count }
        root = builder.build()
    }

    /// What a path and a method lead to.
    enum Resolution {
        case endpoint(Endpoint)
        case methodNotAllowed([String])
        case notFound
    }

    func resolve(_ target: RequestTarget, from first: Int, method: HTTPRequest.Method) -> Resolution {
        guard target.isCanonical else { return .notFound }
        if let endpoint = root.find(target, first, method) { return .endpoint(endpoint) }
        var methods = Set<String>()
        root.collect(target, first, into: &methods)
        return methods.isEmpty ? .notFound : .methodNotAllowed(methods.sorted())
    }

    /// The surface whose prefix covers the path from segment `first` on.
    func surface(for target: RequestTarget, from first: Int) -> SurfaceRuntime? {
        let segments = target.segments.dropFirst(first)
        return surfaces.first { surface in
            surface.prefix.count <= segments.count
                && zip(surface.prefix, segments).allSatisfy { $0.elementsEqual(target.path[$1]) }
        }
    }
}

/// A surface with what is counted for the requests none of its routes took.
final class SurfaceRuntime: Sendable {
    let surface: Surface
    let prefix: [[UInt8]]
    let unmatched: RouteMetrics

    init(_ surface: Surface, unmatched: RouteMetrics) {
        self.surface = surface
        self.unmatched = unmatched
        prefix = surface.prefix.split(separator: "/").map { Array($0.utf8) }
    }
}

/// A parameter's name and the segment it stands for, counted from the start of the route's path.
struct PathParameter: Sendable {
    let name: String
    let index: Int
}

/// A route made ready: everything a request needs without looking anything up.
final class Endpoint: Sendable {
    let route: Route
    let surface: SurfaceRuntime
    let metrics: RouteMetrics
    let parameters: [PathParameter]
    /// The same below `/realms/{realm}`.
    let realmParameters: [PathParameter]
    let isHead: Bool

    init(route: Route, surface: SurfaceRuntime, metrics: RouteMetrics, parameters: [PathParameter], isHead: Bool) {
        self.route = route
        self.surface = surface
        self.metrics = metrics
        self.parameters = parameters
        self.isHead = isHead
        realmParameters = parameters.map { PathParameter(name: $0.name, index: $0.index + 2) }
    }
}

/// One level of the trie.
private final class Node: Sendable {
    let literals: [(text: [UInt8], node: Node)]
    let parameter: Node?
    let endpoints: [(method: HTTPRequest.Method, endpoint: Endpoint)]

    init(literals: [(text: [UInt8], node: Node)], parameter: Node?, endpoints: [(HTTPRequest.Method, Endpoint)]) {
        self.literals = literals
        self.parameter = parameter
        self.endpoints = endpoints.map { (method: $0.0, endpoint: $0.1) }
    }

    func literal(_ segment: ArraySlice<UInt8>) -> Node? {
        for (text, node) in literals where text.count == segment.count && text.elementsEqual(segment) { return node }
        return nil
    }

    func find(_ target: RequestTarget, _ index: Int, _ method: HTTPRequest.Method) -> Endpoint? {
        guard index < target.segments.count else {
            for (known, endpoint) in endpoints where known == method { return endpoint }
            return nil
        }
        if let found = literal(target.path[target.segments[index]])?.find(target, index + 1, method) { return found }
        return parameter?.find(target, index + 1, method)
    }

    func collect(_ target: RequestTarget, _ index: Int, into methods: inout Set<String>) {
        guard index < target.segments.count else {
            for (method, _) in endpoints { methods.insert(method.rawValue) }
            return
        }
        literal(target.path[target.segments[index]])?.collect(target, index + 1, into: &methods)
        parameter?.collect(target, index + 1, into: &methods)
    }
}

private final class NodeBuilder {
    var literals: [(text: String, node: NodeBuilder)] = []
    var parameter: NodeBuilder?
    var endpoints: [(HTTPRequest.Method, Endpoint)] = []

    func insert(_ route: Route, _ surface: SurfaceRuntime, metrics: Metrics, isHead: Bool) throws {
        let target = RequestTarget(route.path)
        guard target.isCanonical, route.path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "?") }) else {
            throw RouteTableError(description: "The path \(route.path) is not in canonical form.")
        }
        let prefix = surface.surface.prefix
        guard prefix.isEmpty || route.path == prefix || route.path.hasPrefix(prefix + "/") else {
            throw RouteTableError(description: "The path \(route.path) lies outside \(prefix).")
        }
        var node = self
        var parameters: [PathParameter] = []
        for (index, range) in target.segments.enumerated() {
            let segment = String(decoding: target.path[range], as: UTF8.self)
            if segment.hasPrefix("{"), segment.hasSuffix("}") {
                parameters.append(PathParameter(name: String(segment.dropFirst().dropLast()), index: index))
                let next = node.parameter ?? NodeBuilder()
                node.parameter = next
                node = next
            } else if let next = node.literals.first(where: { $0.text == segment })?.node {
                node = next
            } else {
                let next = NodeBuilder()
                node.literals.append((segment, next))
                node = next
            }
        }
        let method = isHead ? HTTPRequest.Method.head : route.method
        if node.endpoints.contains(where: { $0.0 == method }) {
            // A surface may answer HEAD itself; then the one made from GET is not needed.
            if isHead { return }
            throw RouteTableError(description: "\(route.method.rawValue) \(route.path) is there twice.")
        }
        let counters = metrics.route(surface: surface.surface.name, method: method.rawValue, route: route.path)
        node.endpoints.append(
            (
                method,
                Endpoint(route: route, surface: surface, metrics: counters, parameters: parameters, isHead: isHead)
            ))
    }

    func build() -> Node {
        Node(
            literals: literals.map { (Array($0.text.utf8), $0.node.build()) }, parameter: parameter?.build(),
            endpoints: endpoints)
    }
}
