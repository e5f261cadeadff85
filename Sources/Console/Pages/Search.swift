import Audit
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/search`: users, pages and actions, as far as the viewer may open them.
struct SearchPage: ConsolePages {
    private static let userCount = 10

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/search") { try await search($0) }]
    }

    /// A page or an action, with words people may look for it by.
    private struct Place {
        let title: String
        let words: String
        let path: Path
        let isAction: Bool

        init(_ title: String, _ words: String, _ path: Path, isAction: Bool = false) {
            self.title = title
            self.words = words
            self.path = path
            self.isAction = isAction
        }

        /// Whether each of the wanted words begins a word of this.
        func fits(_ wanted: [String]) -> Bool {
            let own = SearchPage.words(title + " " + words)
            return wanted.allSatisfy { word in own.contains { $0.hasPrefix(word) } }
        }
    }

    private func search(_ call: Call) async throws -> Response {
        let text = trimmed(call.query["q"] ?? "")
        let wanted = Self.words(text)
        let mayReadUsers = services.gate.offers(.userRead, call: call)
        let byID = try await byIdentifier(text, call: call)
        let users = mayReadUsers && !wanted.isEmpty && byID == nil ? try await users(text, call: call) : nil
        let names = try await FoundNames(byID == nil && !wanted.isEmpty ? text : "", services: services, call: call)
        let places = places(call, mayReadUsers: mayReadUsers).filter { $0.fits(wanted) }
        let head = PageHead(Texts.Search.title, sentence: Texts.Search.sentence)
        return try await services.page(call, head) {
            div(.class("filter-bar")) {
                getForm(to: call.to("/search"), .class("filters"), .role("search"), .label(Texts.Search.label)) {
                    div(.class("search")) {
                        Icon.search
                        input(
                            .type("search"), .name("q"), .value(text), .label(Texts.Search.label),
                            Attribute("placeholder", Texts.Search.placeholder), Attribute("autocomplete", "off"),
                            Attribute("spellcheck", "false"), .when(text.isEmpty, Attribute("autofocus")))
                    }
                    submitButton(Texts.Search.button)
                }
            }
            if let byID { card(Texts.Search.byIdentifier) { ul { li { byID } } } }
            if let users, !users.items.isEmpty { usersCard(call, users, text: text) }
            names.html
            placesCard(Texts.Search.actions, places.filter(\.isAction))
            placesCard(Texts.Search.pages, places.filter { !$0.isAction })
            if byID == nil, names.isEmpty, places.isEmpty, users?.items.isEmpty ?? true {
                emptyState(Texts.Search.none, sentence: Texts.Search.noneSentence(text))
            }
        }
    }

    private func usersCard(_ call: Call, _ users: Page<User>, text: String) -> HTML {
        card(Texts.Search.users) {
            ul(.class("results")) {
                for user in users.items {
                    li {
                        person(
                            user.displayName, detail: [user.username, user.email].compactMap { $0 }.joined(separator: " · "),
                            to: call.userPath(user.id))
                    }
                }
            }
            if users.nextCursor != nil {
                p { link(Texts.Search.allUsers, to: call.to("/users").query("q", text)) }
            }
        }
    }

    private func placesCard(_ title: String, _ places: [Place]) -> HTML? {
        guard !places.isEmpty else { return nil }
        return card(title) {
            ul(.class("results")) { for place in places { li { link(place.title, to: place.path) } } }
        }
    }

    // MARK: Finding

    /// What the service cannot read as words finds nobody.
    private func users(_ text: String, call: Call) async throws -> Page<User>? {
        do {
            return try await services.users.list(ListQuery(search: text, limit: Self.userCount), caller: call.caller)
        } catch ServiceError.malformed {
            return nil
        }
    }

    /// An id leads straight to what has it.
    private func byIdentifier(_ text: String, call: Call) async throws -> HTML? {
        guard let id = EntityID(text) else { return nil }
        do {
            let user = try await services.users.get(id, caller: call.caller)
            return person(user.displayName, detail: user.username, to: call.userPath(id))
        } catch ServiceError.notFound {
            if let found = try await services.foundByIdentifier(id, call: call) { return found }
            do {
                let event = try await services.audit.get(id, caller: call.caller)
                return link(event.words, to: call.eventPath(event))
            } catch ServiceError.notFound {
                return nil
            }
        }
    }

    private func places(_ call: Call, mayReadUsers: Bool) -> [Place] {
        var places: [Place] = []
        if services.gate.allows(.userCreate, caller: call.caller) {
            places.append(
                Place(Texts.Users.create, Texts.Search.createWords, call.to("/users/new"), isAction: true))
        }
        places.append(Place(Texts.Frame.home, Texts.Search.homeWords, call.to("/")))
        if mayReadUsers {
            let list = call.to("/users")
            places.append(Place(Texts.Users.title, Texts.Search.usersWords, list))
            places.append(Place(Texts.Search.lockedUsers, Texts.Search.lockedWords, list.query("status", "locked")))
            places.append(Place(Texts.Search.disabledUsers, Texts.Search.disabledWords, list.query("status", "disabled")))
            places.append(Place(Texts.Search.invitedUsers, Texts.Search.invitedWords, list.query("status", "invited")))
        }
        places += accessPlaces(call)
        if services.gate.allows(.auditRead, caller: call.caller) {
            places.append(Place(Texts.Audit.title, Texts.Search.auditWords, call.to("/audit")))
            places.append(
                Place(
                    Texts.Search.refusedSignIns, Texts.Search.refusedWords,
                    call.to("/audit").query("action", "session.refused")))
            places.append(
                Place(Texts.Audit.verify, Texts.Search.verifyWords, call.to("/audit/verify"), isAction: true))
        }
        places += decisionPlaces(call)
        places.append(Place(Texts.Frame.account, Texts.Search.accountWords, call.to("/account")))
        places.append(Place(Texts.Frame.help, Texts.Search.helpWords, call.to("/help")))
        places.append(Place(Texts.Reference.title, Texts.Search.apiWords, call.to("/help/api")))
        return places
    }

    /// Groups, services and what was granted.
    private func accessPlaces(_ call: Call) -> [Place] {
        let gate = services.gate
        var places: [Place] = []
        if gate.allows(.groupCreate, caller: call.caller) {
            places.append(Place(Texts.Groups.create, Texts.Search.createGroupWords, call.to("/groups/new"), isAction: true))
        }
        if gate.allows(.serviceCreate, caller: call.caller) {
            places.append(
                Place(Texts.Services.create, Texts.Search.createServiceWords, call.to("/services/new"), isAction: true))
        }
        if gate.allows(.assignmentCreate, caller: call.caller) {
            places.append(
                Place(Texts.Assignments.create, Texts.Search.giveRoleWords, call.to("/role-assignments/new"), isAction: true))
        }
        if gate.allows(.authorizationCreate, caller: call.caller) {
            places.append(
                Place(Texts.Authorizations.create, Texts.Search.permitWords, call.to("/authorizations/new"), isAction: true))
        }
        if gate.offers(.groupRead, call: call) {
            places.append(Place(Texts.Groups.title, Texts.Search.groupsWords, call.to("/groups")))
        }
        if gate.offers(.serviceRead, call: call) {
            places.append(Place(Texts.Services.title, Texts.Search.servicesWords, call.to("/services")))
        }
        if gate.offers(.assignmentRead, call: call) {
            let list = call.to("/role-assignments")
            places.append(Place(Texts.Assignments.title, Texts.Search.assignmentsWords, list))
            places.append(Place(Texts.Search.expired, Texts.Search.expiredWords, list.query("state", "expired")))
        }
        if gate.offers(.authorizationRead, call: call) {
            places.append(Place(Texts.Authorizations.title, Texts.Search.authorizationsWords, call.to("/authorizations")))
        }
        return places
    }

    /// Roles, types and what may be asked about them.
    private func decisionPlaces(_ call: Call) -> [Place] {
        func offers(_ permission: ManagementPermission) -> Bool { services.gate.allowsAny(permission, caller: call.caller) }
        var places: [Place] = []
        if services.gate.allows(.roleCreate, caller: call.caller) {
            places.append(Place(Texts.Roles.create, Texts.Search.createRoleWords, call.to("/roles/new"), isAction: true))
        }
        if services.gate.allows(.typeCreate, caller: call.caller) {
            places.append(
                Place(Texts.Types.create, Texts.Search.createTypeWords, call.to("/resource-types/new"), isAction: true))
        }
        if offers(.roleRead) { places.append(Place(Texts.Roles.title, Texts.Search.rolesWords, call.to("/roles"))) }
        if offers(.assignmentRead) || offers(.authorizationRead) {
            places.append(Place(Texts.Flat.title, Texts.Search.permissionsWords, call.to("/permissions")))
        }
        if services.gate.allows(.decisionExplain, caller: call.caller) {
            places.append(Place(Texts.Explorer.title, Texts.Search.explorerWords, call.to("/explorer")))
            places.append(Place(Texts.Explorer.tabWho, Texts.Search.explorerWords, call.to("/explorer/who"), isAction: true))
        }
        if offers(.typeRead) { places.append(Place(Texts.Types.title, Texts.Search.typesWords, call.to("/resource-types"))) }
        if offers(.catalogRead) { places.append(Place(Texts.Catalogs.title, Texts.Search.catalogsWords, call.to("/catalogs"))) }
        return places
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
