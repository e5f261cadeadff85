/// How the ids of a resource type are written, and with them its patterns.
public enum Syntax: String, Sendable, Hashable, CaseIterable {
    /// Plain names; in a pattern `*` stands for any run of characters.
    case name
    /// Topics of MQTT 3.1.1 and 5 (section 4.7 of both standards); patterns are topic filters.
    case topic
    /// Paths of HTTP, `/path` or `//host/path`; in a pattern `*` stands for one segment and `**` for the rest.
    case path
}
