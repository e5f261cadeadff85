import Synchronization

/// A number with its labels, as a scrape shows it.
public struct MetricSample: Sendable {
    public let labels: [(name: String, value: String)]
    public let value: Double

    public init(_ value: Double, _ labels: [(name: String, value: String)] = []) {
        self.labels = labels
        self.value = value
    }
}

/// Samples of one name.
public struct MetricFamily: Sendable {
    public enum Kind: String, Sendable {
        case counter, gauge
    }

    public let name: String
    public let help: String
    public let kind: Kind
    public let samples: [MetricSample]

    /// `name` as Prometheus wants it: `gatehouse_..._total` for counters, base units, `[a-z_]` only.
    public init(_ name: String, _ kind: Kind, _ help: String, _ samples: [MetricSample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// A family of one sample without labels.
    public init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        self.init(name, kind, help, [MetricSample(value)])
    }
}

/// What a scrape answers: the counters of all routes and whatever the sources add.
public final class Metrics: Sendable {
    public typealias Source = @Sendable () -> [MetricFamily]

    private struct State {
        var routes: [RouteMetrics] = []
        var sources: [Source] = []
    }

    private let state = Mutex(State())
    let inFlight = Atomic<Int>(0)

    public init() {}

    /// Adds samples that are asked for at every scrape. Their labels must never come from what clients send.
    public func register(source: @escaping Source) {
        state.withLock { $0.sources.append(source) }
    }

    /// Counters for one route, made once and then used without any look-up.
    func route(surface: String, method: String, route: String) -> RouteMetrics {
        let made = RouteMetrics(surface: surface, method: method, route: route)
        state.withLock { $0.routes.append(made) }
        return made
    }

    /// Prometheus text format 0.0.4.
    public func render() -> [UInt8] {
        let (routes, sources) = state.withLock { ($0.routes, $0.sources) }
        var text = MetricsText()
        text.begin("gatehouse_http_requests_total", "counter", "Requests answered, by route and status.")
        for route in routes {
            for (status, count) in route.counts {
                text.sample("gatehouse_http_requests_total", route.labels + [("status", String(status))], Double(count))
            }
        }
        let duration = "gatehouse_http_request_duration_seconds"
        text.begin(duration, "histogram", "Time from a request's head to its answer's.")
        for route in routes {
            let histogram = route.histogram
            guard histogram.count > 0 else { continue }
            for (bound, count) in histogram.buckets {
                text.sample(duration + "_bucket", route.labels + [("le", bound)], Double(count))
            }
            text.sample(duration + "_sum", route.labels, histogram.sum)
            text.sample(duration + "_count", route.labels, Double(histogram.count))
        }
        var families = [
            MetricFamily(
                "gatehouse_http_requests_in_flight", .gauge, "Requests being answered.",
                Double(inFlight.load(ordering: .relaxed)))
        ]
        for source in sources { families += source() }
        for family in families {
            text.begin(family.name, family.kind.rawValue, family.help)
            for sample in family.samples { text.sample(family.name, sample.labels, sample.value) }
        }
        return text.bytes
    }
}

/// The text of a scrape, escaped as the format demands.
struct MetricsText {
    private(set) var bytes: [UInt8] = []

    mutating func begin(_ name: String, _ kind: String, _ help: String) {
        bytes.append(contentsOf: "# HELP \(name) ".utf8)
        escape(help, quotes: false)
        bytes.append(contentsOf: "\n# TYPE \(name) \(kind)\n".utf8)
    }

    mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        bytes.append(contentsOf: name.utf8)
        if !labels.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            for (index, label) in labels.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(contentsOf: "\(label.name)=\"".utf8)
                escape(label.value, quotes: true)
                bytes.append(UInt8(ascii: "\""))
            }
            bytes.append(UInt8(ascii: "}"))
        }
        // Whole numbers without a fraction; 2^53 is where a Double stops knowing them all.
        let number = value.rounded() == value && abs(value) < 9_007_199_254_740_992 ? String(Int64(value)) : "\(value)"
        bytes.append(contentsOf: " \(number)\n".utf8)
    }

    private mutating func escape(_ text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\"") where quotes: bytes.append(contentsOf: "\\\"".utf8)
            default: bytes.append(byte)
            }
        }
    }
}
