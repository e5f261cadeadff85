import Audit
import Model
import Web

extension AuditEvent {
    /// The action in words.
    var words: String { Texts.Audit.words(action) }

    var tone: Tone {
        guard outcome == .success else { return .bad }
        switch action {
        case "session.create", "user.create", "user.import", "user.enable", "user.unlock", "setup.complete": return .good
        case "group.create", "group.member.add", "service.create", "service.enable", "service.token.create", "role.create",
            "role-assignment.create", "authorization.create", "resource-type.create", "resource.create":
            return .good
        case "group.delete", "group.member.remove", "service.delete", "service.disable", "service.token.delete", "role.delete",
            "role-assignment.delete", "authorization.delete", "resource-type.delete", "resource.delete":
            return .warn
        case "user.delete", "user.disable", "user.password.set", "session.end-all", "user.export", "database.restore":
            return .warn
        default: return .accent
        }
    }
}

extension AuditEvent.Outcome {
    var word: String { self == .success ? Texts.Audit.success : Texts.Audit.failure }
    var tone: Tone { self == .success ? .good : .bad }
}

extension AuditEvent.Party {
    /// The name then, or what is left of it.
    var displayName: String {
        if let name, !name.isEmpty { return name }
        return id.isEmpty ? Texts.Audit.somebodyUnknown : id
    }
}

extension Call {
    func eventPath(_ event: AuditEvent) -> Path { to("/audit", event.id.text) }

    /// Somebody an event names, as a link where there is a page to open.
    func partyLink(_ party: AuditEvent.Party?) -> HTML {
        guard let party else { return span(Texts.Audit.somebodyUnknown, .class("muted")) }
        guard let path = partyPath(party) else { return bdi(party.displayName) }
        return link(path) { bdi(party.displayName) }
    }

    private func partyPath(_ party: AuditEvent.Party) -> Path? {
        if party.kind == "role" { return to("/roles", party.id) }
        guard let id = EntityID(party.id) else { return nil }
        return switch party.kind {
        case "user": userPath(id)
        case "group": groupPath(id)
        case "service": to("/services", id.text)
        default: nil
        }
    }
}

/// Events as a timeline: what, by whom, from where. `subject`: whose page this is, so that it is not said on every line.
func eventTimeline(_ events: [AuditEvent], call: Call, subject: EntityID? = nil, now: Timestamp) -> HTML {
    timeline(
        events.map { event in
            TimelineEntry(
                time: event.time, tone: event.tone, title: link(event.words, to: call.eventPath(event)),
                detail: eventDetail(event, call: call, subject: subject))
        }, now: now)
}

/// `Root Admin → Ann Berg · 10.0.0.7 · 5 times`
private func eventDetail(_ event: AuditEvent, call: Call, subject: EntityID?) -> HTML {
    var pieces: [HTML] = []
    let isOwnDeed = event.actor != nil && event.actor?.id == event.target?.id
    var parties = HTML.empty
    if let actor = event.actor, actor.id != subject?.text { parties.append(call.partyLink(actor)) }
    if let target = event.target, ["user", "group", "service", "role"].contains(target.kind), !isOwnDeed,
        target.id != subject?.text
    {
        if !parties.isEmpty { parties.append(HTML(" → ")) }
        parties.append(call.partyLink(target))
    }
    if !parties.isEmpty { pieces.append(parties) }
    if !event.address.isEmpty { pieces.append(span(event.address, .class("num"))) }
    if let detail = event.detail { pieces.append(bdi(detail)) }
    var line = HTML.empty
    for (index, piece) in pieces.enumerated() {
        if index > 0 { line.append(HTML(" · ")) }
        line.append(piece)
    }
    return line
}
