/// An entry of a row's menu: a link to the row's thing (the first entry) or to an address below it.
struct MenuItem: Sendable {
    let title: String
    let path: Path
    let kind: ButtonKind
    /// Open the target's confirmation in a dialog where there is script.
    let opensDialog: Bool

    init(_ title: String, to path: Path, _ kind: ButtonKind = .plain, opensDialog: Bool = false) {
        self.title = title
        self.path = path
        self.kind = kind
        self.opensDialog = opensDialog
    }
}

/// The menus of all rows of a table. Rows offer much the same, so it is sent once; a row says which of it and for what.
///
/// Without script the dots lead to the first entry, the page of the thing itself, which offers all of it.
struct RowMenus {
    private struct Entry: Hashable {
        let title: String
        /// What follows the address of the row's thing: `/edit`.
        let suffix: String
        let kind: ButtonKind
        let opensDialog: Bool
    }

    private var entries: [Entry] = []
    private var rows: [(path: Path, chosen: [Int], name: String)?] = []

    init(_ menus: [(items: [MenuItem], name: String)]) {
        var known: [Entry: Int] = [:]
        for menu in menus {
            guard let first = menu.items.first else {
                rows.append(nil)
                continue
            }
            var chosen: [Int] = []
            for item in menu.items {
                guard let suffix = item.path.suffix(after: first.path) else { continue }
                let entry = Entry(title: item.title, suffix: suffix, kind: item.kind, opensDialog: item.opensDialog)
                let index = known[entry] ?? entries.count
                if index == entries.count {
                    known[entry] = index
                    entries.append(entry)
                }
                chosen.append(index)
            }
            rows.append((first.path, chosen, menu.name))
        }
    }

    func dots(ofRow index: Int) -> HTML? {
        guard rows.indices.contains(index), let row = rows[index] else { return nil }
        return link(
            "⋯", to: row.path,
            .data("data-items", row.chosen.count == entries.count ? nil : row.chosen.map { String($0) }.joined(separator: " ")),
            .label(Texts.Parts.actions(for: row.name)))
    }

    var template: HTML {
        .element(
            "template", [],
            div(.class("menu-items")) {
                for entry in entries {
                    HTML.element(
                        "a",
                        [
                            .data("data-suffix", entry.suffix), .when(entry.kind != .plain, .class(entry.kind.rawValue)),
                            .when(entry.opensDialog, .data("data-dialog")),
                        ], HTML(entry.title))
                }
            })
    }
}
