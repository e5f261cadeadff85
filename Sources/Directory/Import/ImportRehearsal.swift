import Model
import Synchronization

/// What a dry run knows of its own earlier rows, since none of them is in the database.
///
/// Names are remembered as 64-bit hashes under the process's random seed, up to a number that bounds the memory (about 100 MiB).
final class ImportRehearsal: Sendable {
    static let maximumNames = 4_000_000

    private struct State {
        var names = Set<Int>()
        var disabled = Set<EntityID>()
    }

    private let state = Mutex(State())

    func knows(_ key: String) -> Bool {
        state.withLock { $0.names.contains(key.hashValue) }
    }

    /// Owners whom rows before would have disabled.
    var disabled: Set<EntityID> { state.withLock { $0.disabled } }

    /// Called once a chunk has been looked at to its end.
    func remember(_ outcome: ImportOutcome) {
        state.withLock { state in
            for key in outcome.names where state.names.count < Self.maximumNames { state.names.insert(key.hashValue) }
            state.disabled.formUnion(outcome.disabledOwners)
        }
    }
}
