import Access
import Directory
import Grants
import Model
import Web

/// Whether a grant counts now.
enum GrantState: String, Sendable, CaseIterable {
    case current, upcoming, expired

    init(_ terms: GrantTerms, now: Timestamp) {
        if let end = terms.expiresAt, end <= now {
            self = .expired
        } else if let start = terms.validFrom, start > now {
            self = .upcoming
        } else {
            self = .current
        }
    }

    var word: String {
        switch self {
        case .current: Texts.Grants.stateCurrent
        case .upcoming: Texts.Grants.stateUpcoming
        case .expired: Texts.Grants.stateExpired
        }
    }

    /// The part of a list's filter that asks for it.
    func filter(at now: Timestamp) -> String {
        let time = Filter.quote(now.rfc3339)
        let ended = "(expiresAt pr and expiresAt le \(time))"
        let waits = "(validFrom pr and validFrom gt \(time))"
        return switch self {
        case .expired: ended
        case .upcoming: "not \(ended) and \(waits)"
        case .current: "not \(ended) and not \(waits)"
        }
    }
}

/// When a grant ends, with a tag where that is not in the ordinary future.
func grantEnd(_ terms: GrantTerms, now: Timestamp) -> HTML {
    HTML {
        if let end = terms.expiresAt { relativeTime(end, now: now) } else { span(Texts.Grants.unending, .class("num")) }
        switch GrantState(terms, now: now) {
        case .expired:
            " "
            tag(Texts.Grants.expired, .idle)
        case .upcoming:
            " "
            tag(Texts.Grants.upcoming, .accent)
        case .current:
            if let end = terms.expiresAt, end < now.adding(seconds: 86_400) {
                " "
                tag(Texts.Grants.endsSoon, .warn)
            }
        }
    }
}

/// Who granted it; the setup does it without anybody.
func grantedBy(_ origin: GrantOrigin, parties: Parties) -> HTML {
    guard let id = EntityID(origin.grantedBy) else { return span(Texts.Grants.bySetup, .class("muted")) }
    for kind in [PrincipalKind.user, .service] {
        let party = PrincipalReference(kind: kind, id: id)
        if parties.name(party) != nil { return parties.nameLink(party) }
    }
    return bdi(id.text, .class("mono muted"))
}

/// The facts of a grant that its page shows.
func grantFacts(_ terms: GrantTerms, _ origin: GrantOrigin, id: EntityID, parties: Parties, now: Timestamp) -> HTML {
    HTML {
        fact(Texts.Grants.scope) { parties.scope(terms.scope) }
        fact(Texts.Grants.starts) {
            if let start = terms.validFrom { relativeTime(start, now: now) } else { span(Texts.Grants.atOnce, .class("muted")) }
        }
        fact(Texts.Grants.ends) { grantEnd(terms, now: now) }
        fact(Texts.Grants.reason, terms.reason)
        fact(Texts.Grants.grantedBy) { grantedBy(origin, parties: parties) }
        fact(Texts.Grants.granted) { relativeTime(origin.createdAt, now: now) }
        fact(Texts.Grants.source, origin.source == "local" ? Texts.Grants.sourceLocal : origin.source)
        fact(Texts.Users.identifier) { code(id.text) }
    }
}

/// What a grant's scope, times and reason are as options of the command line.
func grantOptions(_ terms: GrantTerms, parties: Parties) -> String {
    var options = ""
    switch terms.scope {
    case .realm: break
    case .organization(let id): options += " --scope \(shellQuoted("organization:" + id))"
    case .group(let id):
        options +=
            " --scope \(shellQuoted("group:" + parties.title(PrincipalReference(kind: .group, id: EntityID(trusted: id)))))"
    case .resources(let type, let ids): options += " --scope \(shellQuoted(type + "/" + ids.sorted().joined(separator: ",")))"
    }
    if let start = terms.validFrom { options += " --from \(shellQuoted(start.rfc3339))" }
    if let end = terms.expiresAt { options += " --until \(shellQuoted(end.rfc3339))" }
    if !terms.reason.isEmpty { options += " --reason \(shellQuoted(terms.reason))" }
    return options
}

extension ConsoleServices {
    /// Whether the viewer is the holder, or in it.
    func holds(_ call: Call, _ holder: PrincipalReference) -> Bool {
        guard let viewer = call.caller.principal else { return false }
        if holder == viewer { return true }
        return holder.kind == .group && gate.groups(of: viewer, realm: call.realm).contains { $0.id == holder.id.text }
    }

    /// How many a group's grants are for; `nil` for a single holder, or when the viewer may not see the group.
    func members(_ call: Call, of holder: PrincipalReference) async throws -> Int? {
        guard holder.kind == .group, gate.allows(.groupRead, on: holder.id.text, caller: call.caller) else { return nil }
        return try await access.groups.members(of: holder.id, ListQuery(limit: 1), caller: call.caller).total
    }
}
