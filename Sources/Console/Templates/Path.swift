import Hummingbird
import Model
import Web

/// An address within this server: begins with exactly one `/`, everything that came from outside percent-encoded.
///
/// Links, forms and redirects take nothing else, so no value can become `javascript:` or lead to another host.
struct Path: Sendable, Hashable {
    let text: String

    private init(checked text: String) {
        self.text = text
    }

    /// A path of ours that belongs to no realm (`/assets/…`).
    static func root(_ path: StaticString, _ segment: String = "") -> Path {
        Path(checked: path.description + encode(segment))
    }

    /// A place on the same page.
    static func fragment(_ id: String) -> Path {
        Path(checked: "#" + encode(id))
    }

    /// The console's first page of a realm, for where there is no `Call`.
    static func home(of realm: RealmID) -> Path {
        realm == .main ? Path(checked: "/") : Path(checked: "/realms/" + encode(realm.text) + "/")
    }

    static func signIn(of realm: RealmID) -> Path {
        Path(checked: home(of: realm).text + "sign-in")
    }

    fileprivate static func inRealm(_ call: Call, _ path: StaticString, _ segments: [String]) -> Path {
        var text = call.path(path.description)
        for segment in segments {
            if !text.utf8.elementsEqual("/".utf8) { text += "/" }
            text += encode(segment)
        }
        return Path(checked: text)
    }

    /// A path that came back from a form or a query, when it is one of ours: one `/` at the start, printable ASCII, no
    /// backslash, no `//`, no scheme, at most 1,024 bytes. `nil` otherwise.
    init?(returning candidate: String?) {
        guard let candidate else { return nil }
        let bytes = Array(candidate.utf8)
        guard bytes.count <= 1024, bytes.first == UInt8(ascii: "/") else { return nil }
        let path = bytes.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        var previous: UInt8 = 0
        for byte in path {
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\\"), byte != UInt8(ascii: ":") else { return nil }
            if byte == UInt8(ascii: "/"), previous == byte { return nil }
            previous = byte
        }
        for byte in bytes.dropFirst(path.count) {
            guard byte > 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
        }
        text = candidate
    }

    /// One more segment, percent-encoded.
    func appending(_ segment: String) -> Path {
        Path(checked: text + "/" + Self.encode(segment))
    }

    /// One more query field; left out when `value` is `nil`.
    func query(_ name: StaticString, _ value: String?) -> Path {
        guard let value else { return self }
        return field(name.description, value)
    }

    /// All these query fields, in order.
    func query(_ fields: [(name: String, value: String)]) -> Path {
        fields.reduce(self) { $0.field($1.name, $1.value) }
    }

    /// What this address has after `base`: empty for the same, `/edit` for one below; `nil` for any other.
    func suffix(after base: Path) -> String? {
        guard text.utf8.starts(with: base.text.utf8) else { return nil }
        let rest = String(decoding: text.utf8.dropFirst(base.text.utf8.count), as: UTF8.self)
        return rest.isEmpty || rest.utf8.first == UInt8(ascii: "/") ? rest : nil
    }

    func anchored(_ id: String) -> Path {
        Path(checked: text + "#" + Self.encode(id))
    }

    private func field(_ name: String, _ value: String) -> Path {
        let separator = text.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        return Path(checked: text + separator + Self.encode(name) + "=" + Self.encode(value))
    }

    /// Percent-encoding of everything but RFC 3986's unreserved characters.
    private static func encode(_ value: String) -> String {
        var out: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                out.append(byte)
            default:
                out.append(UInt8(ascii: "%"))
                out.append(contentsOf: hexadecimal(CollectionOfOne(byte)).uppercased().utf8)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}

extension Call {
    /// A page of the caller's realm: `call.to("/users", user.id.text)` is `/users/019a…`.
    func to(_ path: StaticString, _ segments: String...) -> Path {
        .inRealm(self, path, segments)
    }

    /// Where the browser is now, with its query, for forms that lead back; Home when that is not a path of ours.
    var here: Path {
        Path(returning: request.uri.string) ?? to("/")
    }
}
