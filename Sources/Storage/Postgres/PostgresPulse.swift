import Synchronization

/// When the server last answered, on any connection. The follower asks it several times a second, so a longer silence means
/// that it does not answer at all: then nobody waits any longer for a statement that, on a server at work, may take its time.
final class PostgresPulse: Sendable {
    /// Silence that ends every wait (nanoseconds).
    private static let longestSilence: UInt64 = 4_000_000_000

    private let heardAt = Atomic<UInt64>(monotonicNanoseconds())

    var isSilent: Bool {
        let heard = heardAt.load(ordering: .relaxed)
        let now = monotonicNanoseconds()
        return now > heard && now - heard > Self.longestSilence
    }

    func beat() {
        heardAt.store(monotonicNanoseconds(), ordering: .relaxed)
    }
}
