import Model
import Synchronization

/// A clock that stands still until a test moves it.
final class ManualClock: WallClock {
    private let milliseconds: Atomic<Int64>

    /// Begins at 2026-09-21T14:13:20Z, the start of no minute, hour or day.
    init(milliseconds: Int64 = 1_790_000_000_000) {
        self.milliseconds = Atomic(milliseconds)
    }

    func now() -> Timestamp {
        Timestamp(milliseconds: milliseconds.load(ordering: .sequentiallyConsistent))
    }

    func advance(seconds: Int64) {
        advance(milliseconds: seconds * 1000)
    }

    func advance(milliseconds count: Int64) {
        milliseconds.wrappingAdd(count, ordering: .sequentiallyConsistent)
    }
}
