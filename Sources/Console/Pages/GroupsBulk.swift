import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/groups/bulk`: names which groups are meant, deletes each through the service and says which were refused.
struct GroupsBulkPage: ConsolePages {
    /// More than a page of the list never comes from a selection.
    private static let maximum = 100
    /// How many names the question shows.
    private static let named = 10

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [
            Route(.get, "/groups/bulk") { try await ask($0) },
            Route(.post, "/groups/bulk") { try await perform($0) },
        ]
    }

    private func ask(_ call: Call) async throws -> Response {
        try services.gate.require(.groupDelete, caller: call.caller)
        let ids = try chosen(call.query)
        guard !ids.isEmpty else { return call.redirect(to: call.to("/groups"), flash: .warn(Texts.Groups.noneChosen)) }
        return try await question(call, ids)
    }

    private func question(
        _ call: Call, _ ids: [EntityID], status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let groups = try await existing(ids, call: call)
        guard !groups.isEmpty else { throw ServiceError.notFound }
        var (members, assignments) = (0, 0)
        for group in groups {
            let consequences = try await services.access.groups.consequencesOfDeleting(group.id, caller: call.caller)
            members += consequences.members
            assignments += consequences.roleAssignments
        }
        let asks = Confirmation(
            title: Texts.Groups.bulkQuestion(groups.count), button: Texts.Groups.bulkButton(groups.count),
            action: call.to("/groups/bulk"),
            cancel: call.to("/groups"), fields: groups.map { ("ids[]", $0.id.text) }, mustType: mustType(groups.count))
        let head = PageHead(
            Texts.Groups.bulkQuestion(groups.count), entry: .groups, crumbs: call.groupsCrumbs + [Crumb(Texts.Groups.bulkCrumb)])
        let totals = Texts.Groups.bulkTotals(members: members, roleAssignments: assignments)
        return try await services.page(call, head, status: status) {
            confirmation(asks, call: call, errors: errors) {
                p(Texts.Groups.bulkSentence)
                ul {
                    for group in groups.prefix(Self.named) { li { bdi(group.name) } }
                    if groups.count > Self.named { li(Texts.Groups.bulkMore(groups.count - Self.named)) }
                }
                p(totals)
                if groups.count < ids.count { p(Texts.Groups.bulkMissing) }
            }
        }
    }

    private func mustType(_ count: Int) -> String? { count > 1 ? Texts.BulkUsers.deleteWord : nil }

    private func existing(_ ids: [EntityID], call: Call) async throws -> [Group] {
        var groups: [Group] = []
        for id in ids {
            do {
                groups.append(try await services.access.groups.get(id, caller: call.caller))
            } catch ServiceError.notFound {
                continue
            }
        }
        return groups
    }

    private func perform(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let ids = try chosen(form)
        guard !ids.isEmpty else { return call.redirect(to: call.to("/groups"), flash: .warn(Texts.Groups.noneChosen)) }
        if let word = mustType(ids.count), form["confirm"] != word {
            let error = FieldError(field: "confirm", code: "required", message: Texts.BulkUsers.mustType(word))
            return try await question(call, ids, status: .unprocessableContent, errors: FormErrors([error]))
        }
        let groups = try await existing(ids, call: call)
        // Gone meanwhile, or never for this viewer to see.
        guard !groups.isEmpty else { throw ServiceError.notFound }
        var refused: [(group: Group, reason: String)] = []
        for group in groups {
            do {
                _ = try await services.access.groups.delete(group.id, ifMatch: nil, caller: call.caller)
            } catch ServiceError.unauthenticated {
                throw ServiceError.unauthenticated
            } catch let error as ServiceError {
                refused.append((group, refusal(error)))
            }
        }
        let done = Texts.Groups.bulkDeleted(groups.count - refused.count)
        guard !refused.isEmpty else { return call.redirect(to: call.to("/groups"), flash: .good(done)) }
        return try await result(call, done: done, refused: refused)
    }

    private func result(_ call: Call, done: String, refused: [(group: Group, reason: String)]) async throws -> Response {
        let head = PageHead(
            Texts.Groups.bulkResult, sentence: done, entry: .groups, crumbs: call.groupsCrumbs + [Crumb(Texts.Groups.bulkCrumb)])
        return try await services.page(call, head) {
            callout(Texts.Groups.bulkRefused(refused.count), .warn) {
                ul {
                    for entry in refused {
                        li {
                            link(call.groupPath(entry.group.id)) { bdi(entry.group.name) }
                            ": " + entry.reason
                        }
                    }
                }
            }
            buttonRow { linkButton(Texts.Groups.back, to: call.to("/groups"), .primary) }
        }
    }

    private func chosen(_ fields: FormFields) throws -> [EntityID] {
        var seen = Set<EntityID>()
        var ids: [EntityID] = []
        for text in fields.all("ids[]") {
            guard let id = EntityID(text) else { throw ServiceError.notFound }
            if seen.insert(id).inserted { ids.append(id) }
        }
        guard ids.count <= Self.maximum else { throw ServiceError.malformed(Texts.Groups.tooMany) }
        return ids
    }
}
