import HTTPTypes
import Model
import Web

/// What a form was refused with, by field.
struct FormErrors: Sendable {
    static let none = FormErrors([])

    let all: [FieldError]
    /// The status of the page that shows the form again.
    let status: HTTPResponse.Status

    init(_ errors: [FieldError], status: HTTPResponse.Status = .unprocessableContent) {
        all = errors
        self.status = status
    }

    /// One sentence that belongs to no field.
    init(message: String, status: HTTPResponse.Status = .unprocessableContent) {
        self.init([FieldError(field: "", code: "refused", message: message)], status: status)
    }

    /// The errors after which somebody can send the same form again, mended or just later; `nil` for everything that
    /// deserves a page of its own (not signed in, forbidden, not found).
    init?(_ error: any Error) {
        guard let error = error as? ServiceError else { return nil }
        let problem = Problem(error)
        switch error {
        case .invalid(let fields): self.init(fields)
        case .malformed(let message, let fields), .conflict(let message, let fields):
            if fields.isEmpty {
                self.init(message: message, status: problem.status)
            } else {
                self.init(fields, status: problem.status)
            }
        case .refused(let message): self.init(message: message, status: problem.status)
        case .preconditionFailed: self.init(message: Texts.Errors.changedMeanwhile, status: problem.status)
        case .rateLimited, .overloaded, .unavailable, .storageFull:
            self.init(message: Texts.Errors.page(code: error.code, detail: "").sentence, status: problem.status)
        default: return nil
        }
    }

    var isEmpty: Bool { all.isEmpty }

    /// The first thing wrong with a field.
    subscript(field: String) -> String? {
        all.first { $0.field == field }?.message
    }
}

/// A form that changes something: posted, with the token that shows it is ours. The server checks it, not the browser's bubbles.
func postForm(
    _ call: Call, to path: Path, _ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML
) rethrows -> HTML {
    .element(
        "form", [Attribute("method", "post"), .action(path), Attribute("novalidate")] + attributes,
        try HTML {
            hiddenField("csrf", call.csrfToken)
            try content()
        })
}

/// A `postForm` that can send a file. Read it with `Call.multipartForm`.
func fileForm(_ call: Call, to path: Path, @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    try postForm(call, to: path, .class("form"), Attribute("enctype", "multipart/form-data"), content: content)
}

/// A form that only looks something up; its fields end up in the URL.
func getForm(to path: Path, _ attributes: Attribute..., @HTMLBuilder content: () throws -> HTML) rethrows -> HTML {
    .element("form", [Attribute("method", "get"), .action(path)] + attributes, try content())
}

func hiddenField(_ name: String, _ value: String) -> HTML {
    input(.type("hidden"), .name(name), .value(value))
}

/// At the head of a form that was refused: says how much is wrong, links to each field, takes the focus.
func errorSummary(_ errors: FormErrors, takesFocus: Bool = true) -> HTML? {
    guard !errors.isEmpty else { return nil }
    return div(
        .class("callout bad"), .role("alert"), .id("errors"), Attribute("tabindex", "-1"), .labelledBy("errors-title"),
        .when(takesFocus, .data("data-focus")), .when(takesFocus, Attribute("autofocus"))
    ) {
        Icon.warning
        div {
            h2(Texts.Parts.errorSummary(errors.all.count), .id("errors-title"))
            ul {
                for error in errors.all {
                    li {
                        if error.field.isEmpty {
                            error.message
                        } else {
                            link(error.message, to: .fragment(fieldID(error.field)))
                        }
                    }
                }
            }
        }
    }
}

/// The id of a field's input, where the error summary leads.
func fieldID(_ name: String) -> String { "field-\(name)" }
