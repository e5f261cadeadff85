import Model

/// What a catalog changes, as the server tells it, line by line.
struct CatalogView {
    let answer: JSONObject

    init(_ answer: JSONObject) {
        self.answer = answer
    }

    private func items(_ outcome: String) -> [JSONObject] {
        answer[outcome]?.array?.compactMap(\.object) ?? []
    }

    var isEmpty: Bool { items("created").isEmpty && items("updated").isEmpty }

    func lines(of file: String, dryRun: Bool) -> [Cell] {
        let name = answer.text("catalog") ?? file
        guard !isEmpty else { return [Cell("\(name): no difference")] }
        var lines = [Cell("\(name): \(dryRun ? "would change" : "changed")", .strong)]
        lines += items("created").map { Cell("  + " + Self.name($0), .good) }
        for item in items("updated") {
            lines.append(Cell("  ~ " + Self.name(item), .warning))
            lines += (item["changes"]?.array?.compactMap(\.object) ?? []).flatMap(Self.change)
        }
        return lines
    }

    /// `role shop:clerk`
    private static func name(_ item: JSONObject) -> String {
        let kind = (item.text("kind") ?? "").replacing("-", with: " ")
        return [kind, item.text("id") ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// A list shows what went and what came, anything else what it was and what it is.
    private static func change(_ change: JSONObject) -> [Cell] {
        let field = change.text("field") ?? ""
        let old = change["old"] ?? .null
        let new = change["new"] ?? .null
        guard old.array != nil || new.array != nil else {
            return [Cell("      \(field): \(text(old, field)) -> \(text(new, field))")]
        }
        let before = (old.array ?? []).map { text($0, field) }
        let after = (new.array ?? []).map { text($0, field) }
        return before.filter { !after.contains($0) }.map { Cell("      - \(field): \($0)", .bad) }
            + after.filter { !before.contains($0) }.map { Cell("      + \(field): \($0)", .good) }
    }

    private static func text(_ value: JSONValue, _ field: String) -> String {
        switch (field, value) {
        case (_, .null): "none"
        case (_, .string(let text)): text
        case ("permissions", .object): PermissionText.sentence(value)
        case ("actions", .object): ActionArgument.text(value)
        default: JSONText.compact(value)
        }
    }
}
