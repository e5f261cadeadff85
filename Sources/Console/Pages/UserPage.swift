import Access
import Audit
import Authentication
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/users/{id}`: one user, with sessions and what happened.
struct UserPage: ConsolePages {
    private static let eventCount = 10
    private static let accessCount = 15

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/users/{id}") { try await show($0) }]
    }

    private func show(_ call: Call) async throws -> Response {
        let id = try call.id()
        let user = try await services.users.get(id, caller: call.caller)
        let may = UserPermissions(call, gate: services.gate, on: id)
        let sessions = may.mayReadSessions ? try await services.users.sessions(of: id, caller: call.caller) : nil
        let events = try await recentEvents(of: id, call: call)
        let held = try await services.holderCards(call, .user(id), parties: Parties(services, call: call))
        let access = try await access(of: user, call: call)
        let head = PageHead(
            user.displayName, sentence: Texts.User.subtitle(user.username, user.status.word), entry: .users,
            crumbs: call.usersCrumbs, action: actions(call, user, may), same: sameAs(call, user))
        return try await services.page(call, head) {
            state(call, user, may)
            profile(user)
            held
            access
            if let sessions { sessionsCard(call, user, sessions, may) }
            if let events { eventsCard(call, user, events) }
        }
    }

    /// `nil` for somebody who may not read the record.
    private func recentEvents(of id: EntityID, call: Call) async throws -> [AuditEvent]? {
        guard services.gate.allows(.auditRead, caller: call.caller) else { return nil }
        let quoted = Filter.quote(id.text)
        return try await services.audit.list(
            ListQuery(filter: "target.id eq \(quoted) or actor.id eq \(quoted)", limit: Self.eventCount), caller: call.caller
        ).items
    }

    /// What reaches the user, with the ways; `nil` for whoever may not ask that.
    private func access(of user: User, call: Call) async throws -> HTML? {
        guard call.isSelf(user.id) || services.gate.allows(.decisionExplain, caller: call.caller) else { return nil }
        let page = try await services.access.reports.access(
            of: .user(user.id), ListQuery(limit: Self.accessCount), caller: call.caller)
        let words = try services.permissionWords(call)
        let parties = try Parties(services, call: call)
        let all = call.to("/explorer/what").query("kind", "user").query("who", user.username)
        return card(
            Texts.Explorer.effective, sentence: Texts.Explorer.effectiveSentence,
            action: linkButton(Texts.Explorer.allEffective, to: all), id: "access"
        ) {
            if page.items.isEmpty {
                p(Texts.Explorer.whatNoneSentence, .class("muted"))
            } else {
                accessTable(page.items, words: words, parties: parties)
                if let total = page.total, total > page.items.count {
                    p(Texts.BulkUsers.more(total - page.items.count), .class("muted spaced-above"))
                }
            }
        }
    }

    // MARK: Head

    private func actions(_ call: Call, _ user: User, _ may: UserPermissions) -> HTML {
        HTML {
            if may.mayDelete { dialogButton(Texts.Users.delete, to: call.userPath(user.id, "delete")) }
            if may.mayDisable, user.status == .disabled {
                actionButton(Texts.Users.enable, to: call.userPath(user.id, "enable"), csrf: call.csrfToken)
            } else if may.mayDisable {
                dialogButton(Texts.Users.disable, to: call.userPath(user.id, "disable"), .plain)
            }
            if may.mayUnlock, user.status == .locked {
                actionButton(Texts.Users.unlock, to: call.userPath(user.id, "unlock"), csrf: call.csrfToken)
            }
            if may.mayResetPassword { linkButton(Texts.Users.setPassword, to: call.userPath(user.id, "password")) }
            if may.mayUpdate { linkButton(Texts.Users.edit, to: call.userPath(user.id, "edit"), .primary) }
        }
    }

    /// Why this user cannot sign in, first of all: that is what an administrator in a hurry came for.
    private func state(_ call: Call, _ user: User, _ may: UserPermissions) -> HTML {
        HTML {
            switch user.status {
            case .active: HTML.empty
            case .locked: callout(Texts.User.lockedTitle, .bad, text: Texts.User.lockedSentence)
            case .disabled: callout(Texts.User.disabledTitle, .idle, text: Texts.User.disabledSentence)
            case .invited: callout(Texts.User.invitedTitle, .warn, text: Texts.User.invitedSentence)
            }
            if call.isSelf(user.id) {
                callout(Texts.User.you) {
                    p {
                        Texts.User.youSentence + " "
                        link(Texts.User.openAccount, to: call.to("/account"))
                    }
                }
            }
        }
    }

    // MARK: Cards

    private func profile(_ user: User) -> HTML {
        let now = services.clock.now()
        return HTML {
            card(Texts.User.profile, action: avatar(user.displayName, isLarge: true)) {
                keyValues {
                    fact(Texts.Users.username) { bdi(user.username, .class("mono")) }
                    fact(Texts.Users.name, user.name)
                    fact(Texts.Users.email) {
                        if let email = user.email {
                            bdi(email)
                            " "
                            tag(user.emailVerified ? Texts.Users.emailVerified : Texts.Users.emailNotVerified)
                        } else {
                            span(Texts.Parts.nothing, .class("muted"))
                        }
                    }
                    fact(Texts.Users.status) { user.status.mark }
                    fact(Texts.Users.lastSignIn) { relativeTime(user.lastSignInAt, now: now) }
                    fact(Texts.Users.created) { relativeTime(user.createdAt, now: now) }
                    fact(Texts.Users.updated) { relativeTime(user.updatedAt, now: now) }
                    fact(Texts.Users.store, user.store == "builtin" ? Texts.Users.builtinStore : user.store)
                    fact(Texts.Users.identifier) { code(user.id.text) }
                }
            }
            if !user.attributes.isEmpty {
                card(Texts.User.attributes, sentence: Texts.User.attributesSentence) {
                    keyValues {
                        for member in user.attributes.members {
                            fact(member.name) { bdi(member.value.string ?? member.value.text, .class("mono")) }
                        }
                    }
                }
            }
        }
    }

    private func sessionsCard(_ call: Call, _ user: User, _ sessions: [Session], _ may: UserPermissions) -> HTML {
        let now = services.clock.now()
        let endAll =
            may.mayEndSessions && !sessions.isEmpty
            ? dialogButton(Texts.User.endAllSessions, to: call.to("/users", user.id.text, "sessions", "end"), .plain) : nil
        return card(Texts.User.sessions, sentence: Texts.User.sessionsSentence, action: endAll, id: "sessions") {
            if sessions.isEmpty {
                p(Texts.User.noSessions, .class("muted"))
            } else {
                dataTable(
                    sessionsShown(sessions), caption: Texts.User.sessions, columns: sessionColumns(call, user, may, now: now))
                sessionsLeftOut(sessions.count)
            }
        }
    }

    private func sessionColumns(_ call: Call, _ user: User, _ may: UserPermissions, now: Timestamp) -> [Column<Session>] {
        var columns: [Column<Session>] = [
            Column(Texts.User.device, .main) { session in
                span(.title(session.agent)) { bdi(deviceName(session.agent)) }
                if session.id == call.caller.session {
                    " "
                    tag(Texts.User.thisSession, .accent)
                }
            },
            Column(Texts.User.address) { session in span(session.address, .class("num")) },
            Column(Texts.User.signedIn, .secondary) { relativeTime($0.createdAt, now: now) },
            Column(Texts.User.lastSeen) { relativeTime($0.lastSeenAt, now: now) },
            Column(Texts.User.ends, .secondary) { relativeTime($0.expiresAt, now: now) },
        ]
        if may.mayEndSessions {
            columns.append(
                Column(Texts.User.endSession, .action) { session in
                    actionButton(
                        Texts.User.endSession,
                        to: call.to("/users", user.id.text, "sessions", session.id.text, "end"), csrf: call.csrfToken, .quiet,
                        label: Texts.Account.end(deviceName(session.agent)))
                })
        }
        return columns
    }

    private func eventsCard(_ call: Call, _ user: User, _ events: [AuditEvent]) -> HTML {
        card(Texts.User.events, sentence: Texts.User.eventsSentence) {
            if events.isEmpty {
                p(Texts.User.noEvents, .class("muted"))
            } else {
                eventTimeline(events, call: call, subject: user.id, now: services.clock.now())
                p { link(Texts.User.allEvents, to: call.to("/audit").query("about", user.id.text)) }
            }
        }
    }

    private func sameAs(_ call: Call, _ user: User) -> SameAs {
        SameAs(
            command: "gatehouse user show \(shellQuoted(user.username))",
            call: curl("GET", call.to("/api/v1/users", user.id.text)))
    }
}
