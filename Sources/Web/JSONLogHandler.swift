public import Logging
public import Model

/// Log lines as JSON objects: control characters are escaped, so no value can forge a line.
public struct JSONLogHandler: LogHandler {
    public var metadata: Logger.Metadata = [:]
    public var logLevel: Logger.Level
    private let label: String
    private let writer: LogWriter
    private let clock: any WallClock

    public init(label: String, level: Logger.Level, writer: LogWriter, clock: any WallClock = SystemClock()) {
        self.label = label
        self.writer = writer
        self.clock = clock
        logLevel = level
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var all = metadata
        if let own = event.metadata { all.merge(own) { _, new in new } }
        var json = JSONWriter(reservingCapacity: 256)
        json.object { json in
            json.member("time", clock.now())
            json.member("level", event.level.rawValue)
            json.member("logger", label)
            json.member("message", event.message.description)
            if let error = event.error { json.member("error", String(describing: error)) }
            // Sorted, so that two lines of one kind read alike.
            for key in all.keys.sorted() {
                guard let value = all[key] else { continue }
                json.name(key)
                Self.write(value, into: &json)
            }
        }
        writer.write(json.bytes)
    }

    private static func write(_ value: Logger.MetadataValue, into json: inout JSONWriter) {
        switch value {
        case .string(let text): json.string(text)
        case .stringConvertible(let value): json.string(value.description)
        case .array(let values): json.array { json in for value in values { write(value, into: &json) } }
        case .dictionary(let values):
            json.object { json in
                for key in values.keys.sorted() {
                    guard let value = values[key] else { continue }
                    json.name(key)
                    write(value, into: &json)
                }
            }
        }
    }
}
