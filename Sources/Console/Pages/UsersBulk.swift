import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// What can be done with the selected users of the list.
enum BulkAction: String, Sendable, CaseIterable {
    case disable, enable, delete

    func question(_ count: Int) -> String {
        switch self {
        case .disable: Texts.BulkUsers.disableQuestion(count)
        case .enable: Texts.BulkUsers.enableQuestion(count)
        case .delete: Texts.BulkUsers.deleteQuestion(count)
        }
    }

    func button(_ count: Int) -> String {
        switch self {
        case .disable: Texts.BulkUsers.disableButton(count)
        case .enable: Texts.BulkUsers.enableButton(count)
        case .delete: Texts.BulkUsers.deleteButton(count)
        }
    }

    func done(_ count: Int) -> String {
        switch self {
        case .disable: Texts.BulkUsers.disabled(count)
        case .enable: Texts.BulkUsers.enabled(count)
        case .delete: Texts.BulkUsers.deleted(count)
        }
    }

    /// Asked before the question is shown; the service asks again for each user.
    var permission: ManagementPermission {
        switch self {
        case .disable, .enable: .userDisable
        case .delete: .userDelete
        }
    }

    var sentence: String {
        switch self {
        case .disable: Texts.BulkUsers.disableSentence
        case .enable: Texts.BulkUsers.enableSentence
        case .delete: Texts.BulkUsers.deleteSentence
        }
    }
}

/// `/users/bulk`: names who is meant, then does it to each through the service and says who was refused.
struct UsersBulkPage: ConsolePages {
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
            Route(.get, "/users/bulk") { try await ask($0) },
            Route(.post, "/users/bulk") { try await perform($0) },
        ]
    }

    // MARK: The question

    private func ask(_ call: Call) async throws -> Response {
        let (action, ids) = try chosen(call.query)
        try services.gate.require(action.permission, caller: call.caller)
        guard !ids.isEmpty else { return call.redirect(to: call.to("/users"), flash: .warn(Texts.BulkUsers.noneChosen)) }
        return try await question(call, action, ids: ids)
    }

    private func question(
        _ call: Call, _ action: BulkAction, ids: [EntityID], status: HTTPResponse.Status = .ok, errors: FormErrors = .none
    ) async throws -> Response {
        let users = try await existing(ids, call: call)
        guard !users.isEmpty else { throw ServiceError.notFound }
        let totals = try await totals(action, users: users, call: call)
        let asks = Confirmation(
            title: action.question(users.count), button: action.button(users.count), action: call.to("/users/bulk"),
            cancel: call.to("/users"), kind: action == .delete ? .destructive : .primary,
            fields: [("do", action.rawValue)] + users.map { ("ids[]", $0.id.text) },
            mustType: mustType(action, count: users.count))
        let head = PageHead(
            action.question(users.count), entry: .users, crumbs: call.usersCrumbs + [Crumb(Texts.BulkUsers.crumb)])
        return try await services.page(call, head, status: status) {
            confirmation(asks, call: call, errors: errors) {
                p(action.sentence)
                ul {
                    for user in users.prefix(Self.named) { li { bdi("\(user.displayName) (\(user.username))") } }
                    if users.count > Self.named { li(Texts.BulkUsers.more(users.count - Self.named)) }
                }
                if let totals { p(totals) }
                if users.count < ids.count { p(Texts.BulkUsers.missing) }
                if action != .enable, users.contains(where: { call.isSelf($0.id) }) {
                    p { strong(Texts.BulkUsers.withYou) }
                }
            }
        }
    }

    private func mustType(_ action: BulkAction, count: Int) -> String? {
        action == .delete && count > 1 ? Texts.BulkUsers.deleteWord : nil
    }

    private func existing(_ ids: [EntityID], call: Call) async throws -> [User] {
        var users: [User] = []
        for id in ids {
            do {
                users.append(try await services.users.get(id, caller: call.caller))
            } catch ServiceError.notFound {
                continue
            }
        }
        return users
    }

    private func totals(_ action: BulkAction, users: [User], call: Call) async throws -> String? {
        guard action == .delete else { return nil }
        var sessions = 0
        var assignments = 0
        for user in users {
            let consequences = try await services.users.consequencesOfDeleting(user.id, caller: call.caller)
            sessions += consequences.sessions
            assignments += consequences.roleAssignments
        }
        return Texts.BulkUsers.totals(sessions: sessions, roleAssignments: assignments)
    }

    // MARK: The deed

    private func perform(_ call: Call) async throws -> Response {
        let form = try await call.checkedForm()
        let (action, ids) = try chosen(form)
        guard !ids.isEmpty else { return call.redirect(to: call.to("/users"), flash: .warn(Texts.BulkUsers.noneChosen)) }
        if let word = mustType(action, count: ids.count), form["confirm"] != word {
            let error = FieldError(field: "confirm", code: "required", message: Texts.BulkUsers.mustType(word))
            return try await question(call, action, ids: ids, status: .unprocessableContent, errors: FormErrors([error]))
        }
        let users = try await existing(ids, call: call)
        // Gone meanwhile, or never for this viewer to see.
        guard !users.isEmpty else { throw ServiceError.notFound }
        var refused: [(user: User, reason: String)] = []
        for user in users {
            do {
                try await apply(action, to: user, call: call)
            } catch ServiceError.unauthenticated {
                // The viewer was among them, and whoever is signed out does nothing more.
                throw ServiceError.unauthenticated
            } catch let error as ServiceError {
                refused.append((user, refusal(error)))
            }
        }
        let done = action.done(users.count - refused.count)
        guard !refused.isEmpty else { return call.redirect(to: call.to("/users"), flash: .good(done)) }
        return try await result(call, action, done: done, refused: refused)
    }

    private func apply(_ action: BulkAction, to user: User, call: Call) async throws {
        switch action {
        case .disable: _ = try await services.users.disable(user.id, ifMatch: nil, caller: call.caller)
        case .enable: _ = try await services.users.enable(user.id, ifMatch: nil, caller: call.caller)
        case .delete: _ = try await services.users.delete(user.id, ifMatch: nil, caller: call.caller)
        }
    }

    private func result(
        _ call: Call, _ action: BulkAction, done: String, refused: [(user: User, reason: String)]
    ) async throws -> Response {
        let head = PageHead(
            Texts.BulkUsers.resultTitle, sentence: done, entry: .users,
            crumbs: call.usersCrumbs + [Crumb(Texts.BulkUsers.crumb)])
        return try await services.page(call, head) {
            callout(Texts.BulkUsers.refused(refused.count), .warn) {
                p(Texts.BulkUsers.resultSentence)
                ul {
                    for entry in refused {
                        li {
                            link(call.userPath(entry.user.id)) { bdi(entry.user.displayName) }
                            ": " + entry.reason
                        }
                    }
                }
            }
            buttonRow { linkButton(Texts.BulkUsers.back, to: call.to("/users"), .primary) }
        }
    }

    // MARK: Reading

    private func chosen(_ fields: FormFields) throws -> (BulkAction, [EntityID]) {
        guard let action = fields["do"].flatMap(BulkAction.init(rawValue:)) else {
            throw ServiceError.malformed(Texts.BulkUsers.unknownAction)
        }
        var seen = Set<EntityID>()
        var ids: [EntityID] = []
        for text in fields.all("ids[]") {
            guard let id = EntityID(text) else { throw ServiceError.notFound }
            if seen.insert(id).inserted { ids.append(id) }
        }
        guard ids.count <= Self.maximum else { throw ServiceError.malformed(Texts.BulkUsers.tooMany) }
        return (action, ids)
    }
}
