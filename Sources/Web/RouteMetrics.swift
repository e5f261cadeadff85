import Synchronization

/// The counters of one route: atomics only, so that a request never waits for another one's counting.
final class RouteMetrics: Sendable {
    /// The statuses we answer with; anything else counts as the last one, 0.
    private static let statuses: [Int] = [
        200, 201, 204, 303, 304, 400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 422, 423, 429, 500, 503, 507, 202, 302, 0,
    ]
    /// Upper bounds in microseconds.
    private static let bounds: [Int] = [500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000]
    private static let boundTexts = ["0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "1", "5"]

    let labels: [(name: String, value: String)]
    private let byStatus = InlineArray<24, Atomic<Int>> { _ in Atomic(0) }
    private let byDuration = InlineArray<12, Atomic<Int>> { _ in Atomic(0) }
    private let microseconds = Atomic<Int>(0)

    init(surface: String, method: String, route: String) {
        labels = [("surface", surface), ("method", method), ("route", route)]
    }

    func record(status: Int, microseconds elapsed: Int) {
        let index = Self.statuses.firstIndex(of: status) ?? Self.statuses.count - 1
        byStatus[index].add(1, ordering: .relaxed)
        let bucket = Self.bounds.firstIndex { elapsed <= $0 } ?? Self.bounds.count
        byDuration[bucket].add(1, ordering: .relaxed)
        microseconds.add(elapsed, ordering: .relaxed)
    }

    /// Only the statuses that occurred.
    var counts: [(status: Int, count: Int)] {
        Self.statuses.indices.compactMap { index in
            let count = byStatus[index].load(ordering: .relaxed)
            return count > 0 ? (Self.statuses[index], count) : nil
        }
    }

    /// Cumulative buckets, `+Inf` last; the sum in seconds.
    var histogram: (buckets: [(bound: String, count: Int)], sum: Double, count: Int) {
        var buckets: [(bound: String, count: Int)] = []
        var total = 0
        for index in 0...Self.bounds.count {
            total += byDuration[index].load(ordering: .relaxed)
            buckets.append((index < Self.bounds.count ? Self.boundTexts[index] : "+Inf", total))
        }
        return (buckets, Double(microseconds.load(ordering: .relaxed)) / 1_000_000, total)
    }
}
