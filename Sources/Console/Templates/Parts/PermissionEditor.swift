import Access
import Model
import Web

/// The permissions of a role or an authorization while they are edited: a list of sentences, one of them open as a form.
///
/// Works by sending the whole form: its own buttons (`Add`, `Edit`, `Remove`, `Check`) come back with the same page, which shows what
/// was typed. The script does the same on the spot. Closed rows travel as one hidden field, so a long list stays one field.
struct PermissionEditor: Sendable {
    /// The name of all its buttons.
    static let button = "do"

    private(set) var rows: [PermissionDraft]
    /// The row that is open as a form.
    private(set) var open: Int?
    private(set) var probe: PermissionProbe
    /// What was pressed when it was none of the editor's own buttons: the page's to do.
    private(set) var pressed: String?

    /// A new list opens with its first, empty row.
    init(_ permissions: [Permission] = [], open row: Int? = nil) {
        rows = permissions.isEmpty ? [PermissionDraft()] : permissions.map { PermissionDraft($0) }
        open = permissions.isEmpty ? 0 : row
        probe = PermissionProbe()
    }

    /// What a form sent, after the button that was pressed.
    init(_ form: FormFields) {
        let carried = (try? JSONValue(parsing: (form[Self.field("rows")] ?? "[]").utf8))?.array ?? []
        rows = carried.prefix(Self.maximumRows).map { PermissionDraft($0) }
        open = form[Self.field("open")].flatMap { Int($0) }.flatMap { [rows] in rows.indices.contains($0) ? $0 : nil }
        probe = PermissionProbe(form)
        pressed = nil
        if let open { rows[open] = PermissionDraft(form) }
        press(form[Self.button] ?? "")
    }

    /// More than a role may have, so that the service can say so.
    private static let maximumRows = 250

    private mutating func press(_ button: String) {
        let parts = button.split(separator: ".")
        let row = parts.count == 2 ? Int(parts[1]).flatMap { rows.indices.contains($0) ? $0 : nil } : nil
        switch (parts.first ?? "", row) {
        case ("add", nil):
            guard rows.count < Self.maximumRows else { return }
            rows.append(PermissionDraft())
            open(rows.count - 1)
        case ("edit", let row?): open(row)
        case ("remove", let row?):
            rows.remove(at: row)
            open = open.flatMap { $0 == row ? nil : $0 > row ? $0 - 1 : $0 }
        case ("close", nil): open = nil
        case ("check", nil): break
        default: pressed = button
        }
    }

    private mutating func open(_ row: Int) {
        open = row
        probe = PermissionProbe()
    }

    /// The wire form of all rows, for the service to judge. A row in which nothing was chosen yet is none.
    var json: JSONValue {
        .array(rows.filter { !$0.isUntouched }.map(\.json))
    }

    /// All rows closed, as hidden fields of a page that comes between the form and saving.
    var carried: [(name: String, value: String)] { [(Self.field("rows"), json.text)] }

    /// Opens the first row that something is wrong with, and gives the errors the names of its fields.
    mutating func show(_ errors: FormErrors) -> FormErrors {
        dropUntouched()
        let rows = rows.indices
        func place(_ error: FieldError) -> (row: Int, name: String)? {
            let parts = error.field.split(separator: ".")
            guard parts.count >= 2, parts[0] == "permissions", let row = Int(parts[1]), rows.contains(row) else { return nil }
            return (row, parts.count > 2 ? String(parts[2]) : "resourceType")
        }
        let places = errors.all.map(place)
        if let first = places.lazy.compactMap(\.self).first, first.row != open { open(first.row) }
        let named = zip(errors.all, places).map { error, place in
            guard let place else { return error }
            if place.row == open { return FieldError(field: Self.field(place.name), code: error.code, message: error.message) }
            return FieldError(field: "", code: error.code, message: Texts.Permissions.inRow(place.row + 1, error.message))
        }
        return FormErrors(named, status: errors.status)
    }

    /// Leaves out what is left out of `json` too, so that both count alike.
    private mutating func dropUntouched() {
        if let row = open {
            open = rows[row].isUntouched ? nil : row - rows[..<row].count(where: \.isUntouched)
        }
        rows.removeAll(where: \.isUntouched)
    }

    static func field(_ name: String) -> String { "permission.\(name)" }
}

extension PermissionDraft {
    /// An opened row that nobody has written in.
    var isUntouched: Bool { resourceType.isEmpty && actions.isEmpty && resource.isEmpty && condition.isEmpty }
}

/// The example that an open row is checked with.
struct PermissionProbe: Sendable {
    var resource = ""
    var action = ""
    /// The user name that variables stand for.
    var username = ""
    /// Properties of the resource, a `name=value` a line.
    var properties = ""

    init() {}

    init(_ form: FormFields) {
        func text(_ name: String) -> String { trimmed(form[PermissionEditor.field(name)] ?? "") }
        resource = text("probe")
        action = text("probeAction")
        username = text("probeUsername")
        properties = text("probeProperties")
    }
}
