import Model

/// The API call of a page as a line for a shell. `$GATEHOUSE` is the server's address, `$TOKEN` a session's or service's token.
func curl(_ method: String = "GET", _ path: Path, body: JSONObject? = nil) -> String {
    curl(method, address: path.text, isPublic: false, body: body.map { .object($0) })
}

/// The same for an address out of the API's description. `isPublic`: needs no token.
func curl(_ method: String, address: String, isPublic: Bool, body: JSONValue? = nil) -> String {
    var line = "curl -s"
    if method != "GET" { line += " -X \(method)" }
    line += " \"$GATEHOUSE\(address)\""
    if !isPublic { line += " \\\n  -H \"Authorization: Bearer $TOKEN\"" }
    if let body {
        let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
        line += " \\\n  -H \"Content-Type: \(type)\" -d \(shellQuoted(body.text))"
    }
    return line
}

/// `text` as one word of a POSIX shell.
func shellQuoted(_ text: String) -> String {
    let isPlain =
        !text.isEmpty && !text.utf8.starts(with: "-".utf8)
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "@"), UInt8(ascii: "+"):
                true
            default: false
            }
        }
    if isPlain { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
}
