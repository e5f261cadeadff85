/// One column of a table.
struct Column<Row> {
    enum Kind: String {
        /// The first: what the row is, with the link.
        case main
        case plain, number
        /// Left out where the table turns into cards.
        case secondary = "minor"
        /// A button at the end of the row.
        case action
    }

    let title: String
    let kind: Kind
    fileprivate var classAttribute: Attribute { kind == .plain ? .omitted : .class(kind.rawValue) }
    /// The field it sorts by; `nil` when it does not.
    let sort: String?
    let cell: (Row) -> HTML

    init(_ title: String, _ kind: Kind = .plain, sort: String? = nil, @HTMLBuilder cell: @escaping (Row) -> HTML) {
        self.title = title
        self.kind = kind
        self.sort = sort
        self.cell = cell
    }
}

/// Checkboxes before the rows, and what can be done with the chosen ones: the ids go to `path` as `ids[]`, the button as
/// `buttonName`, in the query: a question comes first, with nothing changed yet. Cells must not hold forms of their own then.
struct Selection<Row> {
    let path: Path
    let buttonName: String
    let buttons: [(value: String, title: String, kind: ButtonKind)]
    let id: (Row) -> String
    let name: (Row) -> String

    init(
        to path: Path, buttonName: String = "do", buttons: [(value: String, title: String, kind: ButtonKind)],
        id: @escaping (Row) -> String, name: @escaping (Row) -> String
    ) {
        self.path = path
        self.buttonName = buttonName
        self.buttons = buttons
        self.id = id
        self.name = name
    }
}

/// The table of a list. `sort` is the order in force (`-createdAt`), as in the list's URL.
func dataTable<Row>(
    _ rows: [Row], caption: String, columns: [Column<Row>], view: ListView? = nil, sort: String? = nil,
    selection: Selection<Row>? = nil, menuName: ((Row) -> String)? = nil, menu: ((Row) -> [MenuItem])? = nil
) -> HTML {
    let menus = menu.map { menu in RowMenus(rows.map { (menu($0), menuName?($0) ?? selection?.name($0) ?? "") }) }
    let grid = table {
        HTML.element("caption", [.class("unseen")], HTML(caption))
        thead {
            tr {
                if selection != nil {
                    th(.class("pick")) {
                        input(.type("checkbox"), .label(Texts.Parts.selectAll), .hidden, .data("data-pick-all"))
                    }
                }
                for column in columns { headerCell(column, view: view, sort: sort) }
                if menu != nil { th(.class("more")) { span(Texts.Parts.moreActions, .class("unseen")) } }
            }
        }
        tbody {
            for (index, row) in rows.enumerated() {
                tr {
                    if let selection { pickCell(row, selection) }
                    for column in columns { bodyCell(row, column) }
                    if let menus { td { menus.dots(ofRow: index) } }
                }
            }
        }
    }
    let classes = selection == nil ? "list" : "list selectable"
    guard let selection else {
        return div(.class(classes)) {
            grid
            menus?.template
        }
    }
    return getForm(to: selection.path, .class(classes), .data("data-dialog")) {
        grid
        menus?.template
        bulkBar(selection)
    }
}

private func headerCell<Row>(_ column: Column<Row>, view: ListView?, sort: String?) -> HTML {
    guard let field = column.sort, let view else {
        if column.kind == .action { return th(column.classAttribute) { span(column.title, .class("unseen")) } }
        return th(column.title, Attribute("scope", "col"), column.classAttribute)
    }
    let isAscending = sort == field
    let isDescending = sort == "-" + field
    let direction = isAscending ? "ascending" : isDescending ? "descending" : nil
    return th(Attribute("scope", "col"), .optional("aria-sort", direction), column.classAttribute) {
        link(view.with("sort", isAscending ? "-" + field : field)) {
            column.title
            if isAscending { Icon.ascending }
            if isDescending { Icon.descending }
        }
    }
}

private func pickCell<Row>(_ row: Row, _ selection: Selection<Row>) -> HTML {
    td {
        input(
            .type("checkbox"), .name("ids[]"), .value(selection.id(row)), .label(Texts.Parts.select(selection.name(row))))
    }
}

private func bodyCell<Row>(_ row: Row, _ column: Column<Row>) -> HTML {
    // The label stands before the value where the row becomes a card.
    let isLabelled = column.kind == .plain || column.kind == .number
    return td(column.classAttribute, .when(isLabelled, .data("data-label", column.title))) { column.cell(row) }
}

private func bulkBar<Row>(_ selection: Selection<Row>) -> HTML {
    div(.class("bulk"), .role("group"), .label(Texts.Parts.bulk)) {
        // The style sheet counts the chosen boxes, so that the number is right without script too.
        span(" " + Texts.Parts.selected, .class("bulk-count"))
        div(.class("buttons")) {
            for item in selection.buttons {
                submitButton(item.title, item.kind, .name(selection.buttonName), .value(item.value))
            }
        }
    }
}
