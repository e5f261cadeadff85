import HTTPTypes
import Hummingbird
import Model
import Web

/// `/help/api`: the contract as pages, one for each of its parts (`?tag=Users`), made from the file the server itself serves.
struct APIReferencePage: ConsolePages {
    private static let objects = "objects"

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/help/api") { try await show($0) }]
    }

    private func show(_ call: Call) async throws -> Response {
        let file = linkButton(Texts.Reference.contract, to: call.to("/api/v1/openapi.yaml"))
        let head = PageHead(
            Texts.Reference.title, sentence: Texts.Reference.sentence, entry: .help,
            crumbs: [Crumb(Texts.Frame.help, call.to("/help"))], action: file)
        guard let reference = APIReference.shared else {
            return try await services.page(call, head) {
                callout(Texts.Reference.unavailable, .warn, text: Texts.Reference.unavailableSentence)
            }
        }
        let wanted = call.query["tag"].flatMap(optional)
        let group = reference.groups.first { $0.name == wanted }
        guard wanted == nil || wanted == Self.objects || group != nil else { throw ServiceError.notFound }
        return try await services.page(call, head) {
            sections(call, reference, wanted: wanted)
            if let group {
                operations(call, group)
            } else if wanted == Self.objects {
                objects(reference)
            } else {
                overview(call, reference)
            }
        }
    }

    private func sections(_ call: Call, _ reference: APIReference, wanted: String?) -> HTML {
        let page = call.to("/help/api")
        return tabs(
            [Tab(Texts.Reference.overview, to: page, isCurrent: wanted == nil)]
                + reference.groups.map { Tab($0.name, to: page.query("tag", $0.name), isCurrent: wanted == $0.name) }
                + [
                    Tab(Texts.Reference.objects, to: page.query("tag", Self.objects), isCurrent: wanted == Self.objects)
                ], label: Texts.Reference.sections)
    }

    // MARK: Overview

    private func overview(_ call: Call, _ reference: APIReference) -> HTML {
        let page = call.to("/help/api")
        return div(.class("reference")) {
            div(.class("prose")) { prose(reference.description) }
            h2(Texts.Reference.calls, .class("unseen"))
            for group in reference.groups where !group.operations.isEmpty {
                card(group.name) {
                    dataTable(
                        group.operations, caption: group.name,
                        columns: [
                            Column(Texts.Reference.call, .main) { operation in
                                link(page.query("tag", group.name).anchored(operation.id)) { signature(operation) }
                            },
                            Column(Texts.Reference.does) { operation in
                                span {
                                    operation.summary
                                    if operation.isPublic {
                                        " "
                                        tag(Texts.Reference.isPublic)
                                    }
                                }
                            },
                        ])
                }
            }
            card(Texts.Reference.refusals, id: "refusals") {
                answers(reference.refusals, caption: Texts.Reference.refusals)
            }
        }
    }

    private func signature(_ operation: APIReference.Operation) -> HTML {
        code("\(operation.method) \(operation.path)")
    }

    // MARK: One part

    private func operations(_ call: Call, _ group: APIReference.Group) -> HTML {
        div(.class("reference")) {
            div(.class("prose")) { prose(group.description, headings: false) }
            for operation in group.operations {
                card(operation.summary, id: operation.id) {
                    p {
                        signature(operation)
                        " "
                        tag(operation.isPublic ? Texts.Reference.isPublic : Texts.Reference.needsToken)
                    }
                    div(.class("prose")) { prose(operation.description, headings: false) }
                    if !operation.parameters.isEmpty {
                        h3(Texts.Reference.parameters)
                        fields(operation.parameters, caption: Texts.Reference.parameters, withPlace: true)
                    }
                    if let body = operation.body {
                        h3(Texts.Reference.body)
                        if body.fields.isEmpty {
                            p(body.type)
                        } else {
                            fields(body.fields, caption: Texts.Reference.body, withPlace: false)
                        }
                    }
                    h3(Texts.Reference.answers)
                    answers(operation.answers.filter { !$0.isRefusal }, caption: Texts.Reference.answers)
                    refusals(call, operation.answers.filter(\.isRefusal))
                    codeBlock(
                        curl(
                            operation.method, address: call.path("/api/v1") + operation.examplePath,
                            isPublic: operation.isPublic, body: operation.body?.example),
                        label: Texts.Reference.example)
                }
            }
        }
    }

    private func fields(_ fields: [APIReference.Field], caption: String, withPlace: Bool) -> HTML {
        var columns: [Column<APIReference.Field>] = [
            Column(Texts.Reference.name, .main) { field in
                span {
                    code(field.name)
                    if field.isRequired {
                        " "
                        tag(Texts.Reference.required)
                    }
                }
            },
            Column(Texts.Reference.type) { field in HTML(field.type) },
        ]
        if withPlace { columns.append(Column(Texts.Reference.place) { field in HTML(place(field.place)) }) }
        columns.append(Column(Texts.Reference.description) { field in span { inlineProse(oneLine(field.description)) } })
        return dataTable(fields, caption: caption, columns: columns)
    }

    private func place(_ place: String?) -> String {
        switch place {
        case "path": Texts.Reference.inPath
        case "query": Texts.Reference.inQuery
        case "header": Texts.Reference.inHeader
        default: place ?? ""
        }
    }

    /// Their meanings stand once, on the first page.
    private func refusals(_ call: Call, _ answers: [APIReference.Answer]) -> HTML? {
        guard !answers.isEmpty else { return nil }
        return p(.class("refusals")) {
            link(Texts.Reference.refusals, to: call.to("/help/api").anchored("refusals"))
            ": "
            code(answers.map(\.status).joined(separator: " "))
        }
    }

    private func answers(_ answers: [APIReference.Answer], caption: String) -> HTML {
        dataTable(
            answers, caption: caption,
            columns: [
                Column(Texts.Reference.status, .main) { answer in code(answer.status) },
                Column(Texts.Reference.content) { answer in HTML(answer.content ?? Texts.Reference.nothing) },
                Column(Texts.Reference.meaning) { answer in span { inlineProse(oneLine(answer.description)) } },
            ])
    }

    /// A table's cell holds a line, however the file breaks it.
    private func oneLine(_ text: String) -> String {
        text.split { $0 == "\n" || $0 == " " }.joined(separator: " ")
    }

    // MARK: Objects

    private func objects(_ reference: APIReference) -> HTML {
        div(.class("reference")) {
            div(.class("prose")) { p(Texts.Reference.objectsSentence) }
            for object in reference.objects {
                card(object.name, id: object.name) {
                    if !object.description.isEmpty { p { inlineProse(oneLine(object.description)) } }
                    fields(object.fields, caption: object.name, withPlace: false)
                    if let example = object.example { codeBlock(example.text, label: Texts.Reference.example) }
                }
            }
        }
    }
}
