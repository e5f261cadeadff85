import Authentication
import Model

/// As many sessions as a page shows; somebody with more signs in by program, or has reason to end them all.
private let sessionsPerPage = 10

/// The newest sessions, the reader's own always among them.
func sessionsShown(_ sessions: [Session], current: EntityID? = nil) -> [Session] {
    guard sessions.count > sessionsPerPage else { return sessions }
    let own = sessions.filter { $0.id == current }
    return own + sessions.filter { $0.id != current }.prefix(sessionsPerPage - own.count)
}

/// Says that there are more than the page shows; nothing when all are there.
func sessionsLeftOut(_ count: Int) -> HTML? {
    guard count > sessionsPerPage else { return nil }
    return p(Texts.Account.sessionsLeftOut(shown: sessionsPerPage, of: count), .class("muted"))
}
