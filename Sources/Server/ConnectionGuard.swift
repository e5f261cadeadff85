import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Web

/// Ends a request whose body does not arrive in time, so that a client that drips bytes cannot hold a connection for ever.
///
/// The server's idle timeout starts anew with every byte; this clock does not. The handler gets an error to answer with, and a moment
/// later the connection is closed. A connection whose answer says `Connection: close` is closed. Answers that never came to a handler, such as to bytes that are no HTTP, get the one security
/// header that every answer must have.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How often a connection that takes no more of an answer is looked at; nothing taken from one look to the next ends it.
    private static let stallLimit = TimeAmount.seconds(30)

    private let limit: TimeAmount
    /// Set while a body arrives.
    private var deadline: Scheduled<Void>?
    /// Set for a body that is measured by its pace (`LongBody`).
    private var pace: Pace?
    private var stall: Scheduled<Void>?
    private var closesAfterAnswer = false

    init(limit: TimeAmount) {
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let length = head.headerFields[.contentLength]
            // Over HTTP/2 a body need not be announced; there the end of the stream alone says that nothing follows.
            let isStream = context.channel.parent?.parent != nil
            if isStream || head.headerFields[.transferEncoding] != nil || (length != nil && length != "0") { start(context) }
        case .body(let buffer): pace?.receive(buffer.readableBytes, at: .now())
        case .end: cancel()
        }
        context.fireChannelRead(data)
    }

    /// Only what the client keeps us waiting for counts against it.
    func read(context: ChannelHandlerContext) {
        pace?.wait(from: .now())
        context.read()
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is LongBody.Announcement else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
        guard let deadline else { return }
        deadline.cancel()
        pace = Pace(waitingSince: .now())
        watchPace(context, again: limit)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if head.headerFields[.connection] == "close" { closesAfterAnswer = true }
            guard !head.headerFields.contains(.xContentTypeOptions) else { break }
            head.headerFields[.xContentTypeOptions] = "nosniff"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
            return
        case .end where closesAfterAnswer:
            let written = promise ?? context.eventLoop.makePromise()
            let channel = context.channel
            written.futureResult.assumeIsolated().whenComplete { _ in
                // At once would reset the connection of a client that is still sending, before it has read the answer.
                channel.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(500)) { channel.close(promise: nil) }
            }
            context.write(data, promise: written)
            return
        case .body, .end: break
        }
        context.write(data, promise: promise)
    }

    /// A client that asks for a long answer and reads none of it holds the answer in memory, and no idle timeout of the server
    /// runs meanwhile. Only answers that are longer than the channel's buffer come here; over HTTP/2 the connection's own limits do.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stall?.cancel()
            stall = nil
        } else if stall == nil, context.channel.parent?.parent == nil {
            watch(context.channel, pending: nil)
        }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancel()
        stall?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        // A body that is cut off must not be taken for a whole one.
        if deadline != nil { context.fireErrorCaught(ChannelError.inputClosed) }
        cancel()
        stall?.cancel()
        context.fireChannelInactive()
    }

    private func watch(_ channel: any Channel, pending before: Int?) {
        guard let pending = try? channel.syncOptions?.getOption(.bufferedWritableBytes) else { return }
        guard pending != before else { return channel.close(promise: nil) }
        stall = channel.eventLoop.assumeIsolated().scheduleTask(in: Self.stallLimit) {
            self.watch(channel, pending: pending)
        }
    }

    private func start(_ context: ChannelHandlerContext) {
        cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { self.timeOut(context) }
    }

    private func timeOut(_ context: ChannelHandlerContext) {
        context.fireErrorCaught(WebError.bodyTimedOut)
        let channel = context.channel
        channel.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
    }

    private func watchPace(_ context: ChannelHandlerContext, again: TimeAmount) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: again) {
            guard let pace = self.pace else { return }
            let left = self.limit - pace.waited(until: .now())
            guard left > .zero else { return self.timeOut(context) }
            self.watchPace(context, again: max(left, .seconds(1)))
        }
    }

    private func cancel() {
        deadline?.cancel()
        deadline = nil
        pace = nil
    }
}

/// How long a client has kept us waiting since it last sent a fair amount. While we are busy and read nothing, no time counts.
private struct Pace {
    /// Bytes; over the guard's 20 seconds slower than any line that a file is sent over.
    static let fairAmount = 64 << 10

    private var waitingSince: NIODeadline?
    private var waited = TimeAmount.zero
    private var received = 0

    init(waitingSince: NIODeadline) {
        self.waitingSince = waitingSince
    }

    mutating func wait(from now: NIODeadline) {
        if waitingSince == nil { waitingSince = now }
    }

    mutating func receive(_ bytes: Int, at now: NIODeadline) {
        waited = waited(until: now)
        waitingSince = nil
        received += bytes
        guard received >= Self.fairAmount else { return }
        received = 0
        waited = .zero
    }

    func waited(until now: NIODeadline) -> TimeAmount {
        waitingSince.map { waited + (now - $0) } ?? waited
    }
}
