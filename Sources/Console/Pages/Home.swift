import Audit
import Directory
import Grants
import HTTPTypes
import Hummingbird
import Model
import Web

/// `/`: the numbers, what needs attention, who came and who was refused. For somebody who manages nothing, the way to
/// their own account.
struct HomePage: ConsolePages {
    private static let recent = 6
    private static let attention = 5

    private let services: ConsoleServices

    init(services: ConsoleServices) {
        self.services = services
    }

    var routes: [Route] {
        [Route(.get, "/") { try await show($0) }]
    }

    private func show(_ call: Call) async throws -> Response {
        let mayReadUsers = services.gate.offers(.userRead, call: call)
        let mayReadAudit = services.gate.allows(.auditRead, caller: call.caller)
        guard mayReadUsers || mayReadAudit else { return try await personal(call) }
        async let directory = mayReadUsers ? directory(call) : nil
        async let watch = mayReadAudit ? watch(call) : nil
        let (people, record) = (try await directory, try await watch)
        let mayCreate = services.gate.allows(.userCreate, caller: call.caller)
        let head = PageHead(
            Texts.Home.title, sentence: Texts.Home.sentence, entry: .home,
            action: mayCreate ? linkButton(Texts.Users.create, to: call.to("/users/new"), .primary) : nil)
        return try await services.page(call, head) {
            if let people { numbers(call, people.overview, record) }
            div(.class("columns")) {
                div {
                    if let people {
                        attentionCard(call, people)
                        statusCard(people.overview)
                    }
                    if let hours = people?.overview.signIns, !hours.isEmpty { chartCard(hours) }
                }
                if let record {
                    div {
                        events(
                            call, Texts.Home.recentSignIns, record.signIns, action: "session.create", none: Texts.Home.noSignIns)
                        events(
                            call, Texts.Home.recentFailures, record.failures, action: "session.refused",
                            none: Texts.Home.noFailures)
                    }
                }
            }
        }
    }

    // MARK: Reading

    private struct People: Sendable {
        let overview: Overview
        let locked: [User]
        let invited: [User]
    }

    private struct Record: Sendable {
        let signIns: [AuditEvent]
        let failures: [AuditEvent]
    }

    private func directory(_ call: Call) async throws -> People {
        let caller = call.caller
        async let overview = services.users.overview(caller: caller)
        async let locked = services.users.list(
            ListQuery(filter: "status eq \"locked\"", sort: "-updatedAt", limit: Self.attention), caller: caller)
        async let invited = services.users.list(
            ListQuery(filter: "status eq \"invited\"", sort: "createdAt", limit: Self.attention), caller: caller)
        return People(overview: try await overview, locked: try await locked.items, invited: try await invited.items)
    }

    private func watch(_ call: Call) async throws -> Record {
        let caller = call.caller
        async let signIns = services.audit.list(
            ListQuery(filter: "action eq \"session.create\"", limit: Self.recent), caller: caller)
        async let failures = services.audit.list(
            ListQuery(filter: "action eq \"session.refused\"", limit: Self.recent), caller: caller)
        return Record(signIns: try await signIns.items, failures: try await failures.items)
    }

    // MARK: Showing

    private func numbers(_ call: Call, _ overview: Overview, _ record: Record?) -> HTML {
        let audit = call.to("/audit").query("since", "day")
        return figures {
            figure(Self.count(overview.users), label: Texts.Home.users, to: call.to("/users"))
            figure(Self.count(overview.sessions), label: Texts.Home.sessions)
            figure(
                Self.count(overview.signInsToday), label: Texts.Home.signInsToday,
                to: record == nil ? nil : audit.query("action", "session.create"))
            figure(
                Self.count(overview.failuresToday), label: Texts.Home.failuresToday,
                to: record == nil ? nil : audit.query("action", "session.refused"),
                tone: overview.failuresToday > 0 ? .warn : nil)
        }
    }

    /// Counting stops at a limit, and the number says so.
    private static func count(_ value: Int) -> String {
        value >= Overview.countLimit ? Texts.Home.atLeast(grouped(value)) : grouped(value)
    }

    private func attentionCard(_ call: Call, _ people: People) -> HTML {
        let failures = people.overview.failuresToday
        let isCalm = people.locked.isEmpty && people.invited.isEmpty && failures == 0
        let isAlone = people.overview.users == 1
        return card(Texts.Home.attention, sentence: isCalm && !isAlone ? nil : Texts.Home.attentionSentence) {
            if isAlone, services.gate.allows(.userCreate, caller: call.caller) {
                callout(Texts.Home.firstTitle, text: Texts.Home.firstSentence)
            } else if isCalm {
                p(Texts.Home.calm, .class("muted"))
            }
            users(call, Texts.Home.lockedUsers, people.locked, total: people.overview.locked, status: .locked)
            users(call, Texts.Home.invitedUsers, people.invited, total: people.overview.invited, status: .invited)
            if failures > 0 {
                p {
                    Texts.Home.failuresLine(failures) + ". "
                    if services.gate.allows(.auditRead, caller: call.caller) {
                        link(
                            Texts.Home.showFailures,
                            to: call.to("/audit").query("since", "day").query("action", "session.refused"))
                    }
                }
            }
        }
    }

    private func users(_ call: Call, _ title: String, _ users: [User], total: Int, status: User.Status) -> HTML? {
        guard !users.isEmpty else { return nil }
        return div(.class("brief")) {
            h3(title)
            ul {
                for user in users {
                    li {
                        link(call.userPath(user.id)) { bdi(user.displayName) }
                        if user.displayName != user.username {
                            " "
                            small(.class("muted")) { bdi(user.username) }
                        }
                    }
                }
            }
            if total > users.count {
                p { link(Texts.Home.showThese, to: call.to("/users").query("status", status.rawValue)) }
            }
        }
    }

    private func statusCard(_ overview: Overview) -> HTML {
        card(Texts.Home.byStatus) {
            barChart(
                [
                    Bar(User.Status.active.word, overview.active, tone: User.Status.active.tone),
                    Bar(User.Status.invited.word, overview.invited, tone: User.Status.invited.tone),
                    Bar(User.Status.locked.word, overview.locked, tone: User.Status.locked.tone),
                    Bar(User.Status.disabled.word, overview.disabled, tone: User.Status.disabled.tone),
                ], label: Texts.Home.byStatus)
        }
    }

    private func chartCard(_ hours: [Int]) -> HTML {
        card(Texts.Home.perHour, sentence: Texts.Home.perHourSentence) {
            sparkline(hours, label: Texts.Home.perHour)
            p(Texts.Home.signIns(hours.reduce(0, &+)), .class("muted"))
        }
    }

    private func events(_ call: Call, _ title: String, _ events: [AuditEvent], action: String, none: String) -> HTML {
        card(title) {
            if events.isEmpty {
                p(none, .class("muted"))
            } else {
                eventTimeline(events, call: call, now: services.clock.now())
                p { link(Texts.Home.showAll, to: call.to("/audit").query("action", action)) }
            }
        }
    }

    // MARK: For somebody who manages nothing

    private func personal(_ call: Call) async throws -> Response {
        let name = try await services.viewer(call).name
        let head = PageHead(Texts.Home.welcome(name), sentence: Texts.Home.personalSentence, entry: .home)
        return try await services.page(call, head) {
            card(Texts.Home.personalTitle) {
                p(Texts.Home.personalText)
                buttonRow { linkButton(Texts.Home.openAccount, to: call.to("/account"), .primary) }
            }
        }
    }
}
