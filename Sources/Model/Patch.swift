/// A change to one field of a merge patch (RFC 7396): left alone, removed, or set.
public enum Patch<Value: Sendable>: Sendable {
    case keep
    case clear
    case set(Value)
}
