public import Authentication
import HTTPTypes
public import Hummingbird
public import Model

/// One request, as handlers see it: already routed, its realm, peer and caller known, its body not yet read.
public struct Call: Sendable {
    public let request: Request
    public let route: Route
    public let realm: RealmID
    public let requestID: String
    /// The client's address, past configured proxies.
    public let address: String
    /// Whether the client's side of the connection is TLS (ours, or a configured proxy's).
    public let isSecure: Bool
    /// Scheme and authority for links: `--public-url`, never a request header.
    public let publicURL: String
    /// Anonymous on routes with `Route.Access.everybody` unless a console session was found.
    public let caller: Caller
    /// Set when the caller came with a session or an API token.
    public let authenticated: Authenticated?
    /// The bearer or cookie token itself, for CSRF derivation; never logged.
    let token: String?
    public let query: FormFields
    /// Whether the path began with `/realms/{realm}`, which it need not do in realm main.
    let isBelowRealm: Bool
    let target: RequestTarget
    /// Where in the path's segments each parameter stands.
    let parameters: [PathParameter]
    let state: CallState

    /// A path parameter, percent-decoded once; `notFound` when it is not valid UTF-8.
    public func parameter(_ name: String) throws -> String {
        for parameter in parameters where parameter.name == name {
            guard let text = target.decodedSegment(parameter.index), !text.isEmpty else { throw ServiceError.notFound }
            return text
        }
        throw ServiceError.notFound
    }

    /// A path parameter that must be an object id; `notFound` otherwise.
    public func id(_ name: String = "id") throws -> EntityID {
        guard let id = EntityID(try parameter(name)) else { throw ServiceError.notFound }
        return id
    }

    /// The version named by `If-Match` (`nil`: none sent, or `*`). Of a list, the first version of ours counts.
    ///
    /// A foreign or weak tag answers -1, a version nothing has: the service then refuses with `preconditionFailed`
    /// after it has found the object and asked for the permission, which is the order the contract gives.
    public func ifMatch() throws -> Int64? {
        guard let header = request.headers[.ifMatch] else { return nil }
        for tag in EntityTag.list(header) {
            switch tag {
            case .any: return nil
            case .version(let version, weak: false): return version
            case .version, .foreign: continue
            }
        }
        return -1
    }

    /// Whether `If-None-Match` names `version`, so that 304 with no body is the answer.
    public func isCurrent(version: Int64) -> Bool {
        guard let header = request.headers[.ifNoneMatch] else { return false }
        return EntityTag.list(header).contains { tag in
            switch tag {
            case .any: true
            case .version(let known, weak: _): known == version
            case .foreign: false
            }
        }
    }

    /// 304 when the client already has `version`, else `nil`.
    public func notModified(version: Int64) -> Response? {
        isCurrent(version: version) ? Response.notModified(etag: version) : nil
    }

    /// `filter q sort limit after`; any other query parameter not in `allowing`, or a bad limit: `malformed`.
    /// An empty `filter`, `q`, `sort` or `after` counts as not sent, since that is what an empty form field sends.
    public func listQuery(allowing: Set<String> = []) throws -> ListQuery {
        var result = ListQuery()
        var errors: [FieldError] = []
        for (name, value) in query.pairs {
            switch name {
            case "filter": result.filter = value.isEmpty ? nil : value
            case "q": result.search = value.isEmpty ? nil : value
            case "sort": result.sort = value.isEmpty ? nil : value
            case "after": result.after = value.isEmpty ? nil : value
            case "limit":
                guard value.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let limit = Int(value), (1...1000).contains(limit) else {
                    errors.append(FieldError(field: "limit", code: "out_of_range", message: "Give a number from 1 to 1000."))
                    continue
                }
                result.limit = limit
            default:
                guard allowing.contains(name) else {
                    errors.append(
                        FieldError(field: name, code: "unknown", message: "This list has no such query parameter."))
                    continue
                }
            }
        }
        guard errors.isEmpty else { throw ServiceError.malformed("The query has mistakes.", fields: errors) }
        return result
    }

    /// `/realms/{realm}` when the request's path began so, else empty.
    public var realmPath: String { isBelowRealm ? "/realms/" + realm.text : "" }

    /// The path of this realm's console or API: `/users` in realm main, `/realms/x/users` elsewhere.
    public func path(_ path: String) -> String {
        realm == .main ? path : "/realms/" + realm.text + path
    }
}

/// An entity tag of RFC 9110 section 8.8.3, as far as it is one of ours.
enum EntityTag: Hashable {
    case any
    case version(Int64, weak: Bool)
    case foreign

    /// The tags of an `If-Match` or `If-None-Match` field. What is not a tag reads as foreign: it matches nothing.
    static func list(_ header: String) -> [EntityTag] {
        header.split(separator: ",", maxSplits: 64, omittingEmptySubsequences: true).map { part in
            var text = part[...]
            while let first = text.utf8.first, first == 0x20 || first == 0x09 { text.removeFirst() }
            while let last = text.utf8.last, last == 0x20 || last == 0x09 { text.removeLast() }
            if text == "*" { return .any }
            let weak = text.hasPrefix("W/")
            if weak { text.removeFirst(2) }
            guard text.utf8.count >= 3, text.hasPrefix("\""), text.hasSuffix("\"") else { return .foreign }
            let inner = text.dropFirst().dropLast()
            guard inner.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let version = Int64(inner) else { return .foreign }
            return .version(version, weak: weak)
        }
    }
}
