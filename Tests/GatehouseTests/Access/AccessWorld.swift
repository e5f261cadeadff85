import Access

/// Everything that is stored about access, as plain lists: what the naive evaluator reads and what snapshots are made from.
struct AccessWorld {
    struct Person {
        let subject: Subject
        var name: String
        var isActive = true
        /// Ids of groups.
        var groups: [String] = []
        var attributes: [String: AttributeValue] = [:]
    }

    struct Team {
        let id: String
        var name: String
        /// Ids of groups.
        var groups: [String] = []
    }

    /// A role assignment or an authorization.
    struct Given {
        let id: String
        let holder: Subject
        var kind: Grant.Kind
        var scope: Scope = .realm
        var validFrom: Int64?
        var expiresAt: Int64?
    }

    struct Thing {
        let type: String
        let id: String
        var organization: String?
        var properties: [String: AttributeValue] = [:]
    }

    var people: [Person] = []
    var teams: [Team] = []
    var given: [Given] = []
    /// Without the built-in ones.
    var roles: [Role] = []
    /// Without the built-in ones.
    var types: [ResourceType] = []
    var things: [Thing] = []

    func holdings(of subject: Subject) -> Holdings {
        Holdings(
            given.filter { $0.holder == subject }.map {
                Grant(id: $0.id, kind: $0.kind, scope: $0.scope, validFrom: $0.validFrom, expiresAt: $0.expiresAt)
            })
    }

    func facts(of person: Person) -> PrincipalFacts {
        PrincipalFacts(
            subject: person.subject, name: person.name, isActive: person.isActive, groups: person.groups,
            attributes: person.attributes, holdings: holdings(of: person.subject))
    }

    func facts(of team: Team) -> GroupFacts {
        GroupFacts(
            id: team.id, name: team.name, groups: team.groups,
            holdings: holdings(of: Subject(kind: Subject.groupKind, id: team.id)))
    }

    /// All of it put in, piece by piece.
    func snapshot() -> Snapshot {
        var snapshot = Snapshot()
        snapshot.set(roles)
        for type in types { snapshot.set(type, forType: type.id) }
        for team in teams { snapshot.set(facts(of: team), forGroup: team.id) }
        for person in people { snapshot.set(facts(of: person), for: person.subject) }
        for thing in things { snapshot.set(facts(of: thing), forResource: thing.id, type: thing.type) }
        return snapshot
    }

    func facts(of thing: Thing) -> ResourceFacts {
        ResourceFacts(organization: thing.organization, properties: thing.properties)
    }
}
