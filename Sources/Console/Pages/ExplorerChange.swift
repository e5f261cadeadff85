import Access
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/explorer/change`: the smallest change that would allow what the explorer was asked, looked at before it is made.
struct ExplorerChange: ConsolePages {
    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/explorer/change") { try await preview($0) },
            Route(.post, "/explorer/change") { try await perform($0) },
        ]
    }

    /// The change as it is suggested now; never one that a form brought along.
    private func suggested(_ call: Call, _ query: ExplorerQuery) async throws -> SuggestedChange? {
        guard query.problems(try services.resourceTypes(call)).isEmpty,
            case .success(let party) = try await Finder(services, call: call).party(query.kind, query.who, field: "who")
        else { throw ServiceError.notFound }
        return try await services.access.reports.explain(query.question(about: party), caller: call.caller).toAllow
    }

    private func preview(_ call: Call) async throws -> Response {
        let query = ExplorerQuery(call.query)
        guard let change = try await suggested(call, query) else {
            return call.redirect(to: call.to("/explorer").query(query.fields), flash: .warn(Texts.Explorer.noChange))
        }
        return try await show(call, query, change)
    }

    private func show(
        _ call: Call, _ query: ExplorerQuery, _ suggested: SuggestedChange, status: HTTPResponse.Status = .ok,
        errors: FormErrors = .none
    ) async throws -> Response {
        let change = suggested.change
        let simulation =
            services.gate.allows(.decisionExplain, caller: call.caller)
            ? try await services.access.reports.simulate([change], caller: call.caller) : nil
        let preview = try simulation.map {
            ChangePreview(
                simulation: $0, words: try services.permissionWords(call), parties: try Parties(services, call: call))
        }
        let mayPerform = SuggestedChanges(services, call: call).mayPerform(change)
        let back = call.to("/explorer").query(query.fields)
        let head = PageHead(
            Texts.Explorer.changeTitle, sentence: Texts.Explorer.changeSentence, entry: .explorer,
            crumbs: [Crumb(Texts.Frame.access), Crumb(Texts.Explorer.title, back)], same: SameAs(call: sameCall(call, change)))
        return try await services.page(call, head, status: status) {
            errorSummary(errors)
            card(Texts.Explorer.smallest) { p { bdi(suggested.description) } }
            preview?.html
            postForm(call, to: call.to("/explorer/change"), .class("form")) {
                for field in query.fields { hiddenField(field.name, field.value) }
                hiddenField("change", change.text)
                buttonRow {
                    if mayPerform {
                        submitButton(Texts.Explorer.performButton)
                    } else {
                        p(Texts.Explorer.mayNotChange, .class("muted"))
                    }
                    linkButton(Texts.Parts.cancel, to: back)
                }
            }
        }
    }

    private func sameCall(_ call: Call, _ change: PlannedChange) -> String {
        let method =
            switch change.operation {
            case .create: "POST"
            case .update: "PATCH"
            case .delete: "DELETE"
            }
        return curl(
            method, address: call.to("/api/v1").text + change.path, isPublic: false, body: change.value.map { .object($0) })
    }

    private func perform(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let query = ExplorerQuery(form)
        let back = call.to("/explorer").query(query.fields)
        guard let change = try await suggested(call, query) else {
            return call.redirect(to: back, flash: .warn(Texts.Explorer.noChange))
        }
        // What is done is what was read, or nothing.
        guard form["change"] == change.change.text else {
            return try await show(
                call, query, change, status: .conflict, errors: FormErrors(message: Texts.Explorer.changedMeanwhile))
        }
        do {
            try await SuggestedChanges(services, call: call).perform(change.change)
        } catch {
            guard let errors = conferringErrors(error) else { throw error }
            return try await show(call, query, change, status: errors.status, errors: errors)
        }
        return call.redirect(to: back, flash: .good(Texts.Explorer.performed(change.description)))
    }
}

extension PlannedChange {
    /// To tell one from another.
    var text: String {
        JSONValue.array([
            .string(operation.rawValue), .string(path), value.map { .object($0) } ?? .null,
        ]).text
    }
}
