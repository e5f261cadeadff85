public import HTTPTypes

extension HTTPField.Name {
    /// Echoed or made; names the request in the log and in problems.
    public static let requestID = constant("X-Request-ID")
    /// The opaque position of the change feed a write ended at.
    public static let gatehouseRevision = constant("Gatehouse-Revision")
    /// The position the answer must at least know of.
    public static let gatehouseAtLeast = constant("Gatehouse-At-Least")
    /// Makes a creating `POST` safe to repeat.
    public static let idempotencyKey = constant("Idempotency-Key")
    /// Seconds after which a browser asks for the page again: progress without script.
    public static let refresh = constant("Refresh")
    static let referrerPolicy = constant("Referrer-Policy")
    static let crossOriginOpenerPolicy = constant("Cross-Origin-Opener-Policy")
    static let secFetchSite = constant("Sec-Fetch-Site")
    static let forwarded = constant("Forwarded")
    static let xForwardedFor = constant("X-Forwarded-For")
    static let xForwardedProto = constant("X-Forwarded-Proto")

    private static func constant(_ name: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name(name.description) else { preconditionFailure("not a field name: \(name)") }
        return name
    }
}
