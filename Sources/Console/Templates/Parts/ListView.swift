import Model
import Web

/// What the address of a list says: its search, filters and order. Every link of the list is made from it, so that any view
/// can be bookmarked and sent.
struct ListView: Sendable {
    let path: Path
    /// In the order of the page, empty ones left out, without the cursor.
    let fields: [(name: String, value: String)]

    /// Reads the fields a list knows (`q`, `status`, `sort`) from the query.
    init(_ call: Call, at path: Path, fields names: [String]) {
        self.path = path
        fields = names.compactMap { name in
            guard let value = call.query[name], !value.isEmpty else { return nil }
            return (name, value)
        }
    }

    /// For pages that make their own (the gallery).
    init(at path: Path, fields: [(name: String, value: String)]) {
        self.path = path
        self.fields = fields
    }

    subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// The same view with one field changed or (`nil`) removed, from its first page.
    func with(_ name: String, _ value: String?) -> Path {
        var changed = fields
        if let index = changed.firstIndex(where: { $0.name == name }) {
            if let value { changed[index].value = value } else { changed.remove(at: index) }
        } else if let value {
            changed.append((name, value))
        }
        return path.query(changed)
    }

    /// The same view at a cursor.
    func page(after cursor: String?) -> Path {
        path.query(fields).query("after", cursor)
    }
}

/// "Showing 1 to 25 of 1,203" and the ways to the pages beside it.
func pagination<Item>(_ page: Page<Item>, view: ListView) -> HTML {
    let words: String
    if page.items.isEmpty {
        words = Texts.Parts.showingNone
    } else if let position = page.position {
        let last = position.addingReportingOverflow(page.items.count).partialValue
        words = Texts.Parts.range(from: grouped(position + 1), to: grouped(last), of: page.total.map(grouped))
    } else {
        words = Texts.Parts.showing(grouped(page.items.count))
    }
    return nav(.class("pagination"), .label(Texts.Parts.pages)) {
        span(words, .class("num"))
        div(.class("buttons")) {
            if let previous = page.previousCursor {
                linkButton(Texts.Parts.previous, to: view.page(after: previous), .plain, Attribute("rel", "prev"))
            }
            if let next = page.nextCursor {
                linkButton(Texts.Parts.next, to: view.page(after: next), .plain, Attribute("rel", "next"))
            }
        }
    }
}

/// A filter in force, and the view without it.
struct FilterChip: Sendable {
    let text: String
    let without: Path

    init(_ text: String, without: Path) {
        self.text = text
        self.without = without
    }
}

/// A filter to choose from.
struct FilterChoice: Sendable {
    let name: String
    let label: String
    let choices: [SelectChoice]

    init(_ name: String, label: String, choices: [SelectChoice]) {
        self.name = name
        self.label = label
        self.choices = choices
    }
}

/// A filter that is typed, such as a name.
struct FilterText: Sendable {
    let name: String
    let label: String
    let placeholder: String

    init(_ name: String, label: String, placeholder: String) {
        self.name = name
        self.label = label
        self.placeholder = placeholder
    }
}

/// Search, choices, and the filters in force as chips that can be taken away. `search`: label of the field `q`, `nil` for none.
/// `kept`: fields of the view that have no place in the form and stay as they are.
func filterBar(
    view: ListView, search title: String?, placeholder: String? = nil, name typed: FilterText? = nil, kept: [String] = [],
    choices: [FilterChoice] = [], chips: [FilterChip] = [], label formLabel: String? = nil
) -> HTML {
    div(.class("filter-bar")) {
        getForm(to: view.path, .class("filters"), .role("search"), .label(formLabel ?? title ?? Texts.Parts.filters)) {
            for name in kept { if let value = view[name] { hiddenField(name, value) } }
            if let title {
                div(.class("search")) {
                    Icon.search
                    input(
                        .type("search"), .name("q"), .value(view["q"] ?? ""), .label(title),
                        .optional("placeholder", placeholder),
                        Attribute("autocomplete", "off"), Attribute("spellcheck", "false"))
                }
            }
            if let typed {
                label(.class("choice")) {
                    span(typed.label)
                    input(
                        .type("text"), .name(typed.name), .value(view[typed.name] ?? ""),
                        Attribute("placeholder", typed.placeholder), Attribute("autocomplete", "off"),
                        Attribute("spellcheck", "false"), Attribute("autocapitalize", "none"))
                }
            }
            for choice in choices {
                label(.class("choice")) {
                    span(choice.label)
                    select(.name(choice.name), .data("data-submit")) {
                        option(Texts.Parts.any, .value(""), .when(view[choice.name] == nil, .selected))
                        for item in choice.choices {
                            option(item.title, .value(item.value), .when(view[choice.name] == item.value, .selected))
                        }
                    }
                }
            }
            if let sort = view["sort"] { hiddenField("sort", sort) }
            submitButton(Texts.Parts.filter, .plain)
        }
        if !chips.isEmpty {
            div(.class("chips")) {
                for chip in chips {
                    link(chip.without, .class("chip"), .label(Texts.Parts.removeFilter(chip.text))) {
                        span(chip.text)
                        Icon.cross
                    }
                }
                if chips.count > 1 { link(Texts.Parts.clearFilters, to: view.path, .class("quiet-link")) }
            }
        }
    }
}
