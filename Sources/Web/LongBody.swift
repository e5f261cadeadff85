import Hummingbird
import Model
import NIOCore
import Synchronization

/// A body that is read piece by piece and never as a whole. Reading slower than the client sends holds the client back.
///
/// It can be gone through once; after that `discardRest` takes what nobody wants.
public final class LongBody: AsyncSequence, @unchecked Sendable {
    public typealias Element = [UInt8]

    /// Sent down a connection's pipeline as an outbound event: from here on the body is measured by its pace, not its whole time.
    public struct Announcement: Sendable {}

    // Used by one task at a time, the one that handles the call.
    private var iterator: RequestBody.AsyncIterator
    private var left: Int?
    private let state: CallState

    init(_ request: Request, _ state: CallState) {
        iterator = request.body.makeAsyncIterator()
        left = request.announcedLength
        self.state = state
        state.body.withLock { $0 = .streamed(isComplete: false) }
        state.channel?.triggerUserOutboundEvent(Announcement(), promise: nil)
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(body: self)
    }

    public struct Iterator: AsyncIteratorProtocol {
        let body: LongBody

        public mutating func next() async throws -> [UInt8]? {
            try await body.next()
        }
    }

    /// Reads on for up to ten seconds and throws everything away, so that a client that sends all before it reads gets to see
    /// why it was refused.
    public func discardRest() async {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            guard let piece = try? await next() else { return }
            _ = piece
        }
    }

    private func next() async throws -> [UInt8]? {
        do {
            var iterator = iterator
            defer { self.iterator = iterator }
            if let buffer = try await iterator.next() {
                left = left.map { $0 - buffer.readableBytes }
                return Array(buffer.readableBytesView)
            }
        } catch let error as WebError {
            throw error
        } catch is CancellationError {
            throw ServiceError.unavailable(retryAfterSeconds: 1)
        } catch {
            throw ServiceError.malformed("The body could not be read to its end.")
        }
        if let left, left > 0 { throw ServiceError.malformed("The body ended before the length that was announced.") }
        state.body.withLock { $0 = .streamed(isComplete: true) }
        return nil
    }
}
