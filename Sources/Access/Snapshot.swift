/// What is stored about a realm's access, indexed by subject: immutable, swapped whole, so that deciding takes no lock a writer
/// holds. A change makes another snapshot that shares all but the piece it touches.
public struct Snapshot: AccessFacts, Sendable {
    public typealias Failure = Never

    /// By kind: ids are told apart by it.
    private var principals: [(kind: String, all: IDMap<PrincipalFacts>)] = []
    private var subjectsByName = IDMap<Subject>()
    private var groups = IDMap<GroupFacts>()
    /// By type.
    private var resources: [String: IDMap<ResourceFacts>] = [:]
    private var roles = IDMap<ExpandedRole>()
    private var types = IDMap<ResourceType>()

    /// Nobody, and what is built in.
    public init() {
        for (id, type) in ResourceType.builtIn { types[IDKey(id)] = type }
        for (id, role) in Role.builtIn { roles[IDKey(id)] = ExpandedRole(role) { Role.builtIn[$0] } }
    }

    // MARK: Reading

    public func principal(_ subject: Subject) -> PrincipalFacts? {
        for place in principals.indices where principals[place].kind == subject.kind {
            return principals[place].all[IDKey(subject.id)]
        }
        return nil
    }

    public func group(_ id: String) -> GroupFacts? { groups[IDKey(id)] }
    public func group(_ key: IDKey) -> GroupFacts? { groups[key] }
    public func role(_ id: String) -> ExpandedRole? { roles[IDKey(id)] }
    public func role(_ key: IDKey) -> ExpandedRole? { roles[key] }
    public func resourceType(_ id: String) -> ResourceType? { types[IDKey(id)] }
    public func resource(type: String, id: String) -> ResourceFacts? { resources[type]?[IDKey(id)] }

    /// Who has this name, whatever its letters' case; names are unique across users, services and devices.
    public func subject(named name: String) -> Subject? { subjectsByName[Snapshot.key(ofName: name)] }

    public var allRoles: [ExpandedRole] { roles.all }
    public var allTypes: [ResourceType] { types.all }
    public var principalCount: Int { principals.reduce(0) { $0 + $1.all.count } }

    /// Every principal, in no order, until `body` answers false.
    public func eachPrincipal(_ body: (PrincipalFacts) -> Bool) {
        var goesOn = true
        for (_, all) in principals where goesOn {
            all.each { facts in
                goesOn = body(facts)
                return goesOn
            }
        }
    }

    public func eachGroup(_ body: (GroupFacts) -> Bool) {
        groups.each(body)
    }

    /// What was granted to the subject or group itself.
    public func holdings(of subject: Subject) -> Holdings {
        let found = subject.kind == Subject.groupKind ? group(subject.id)?.holdings : principal(subject)?.holdings
        return found ?? .none
    }

    // MARK: Changing

    /// - Parameter facts: `nil` when there is no such principal any more.
    public mutating func set(_ facts: PrincipalFacts?, for subject: Subject) {
        if let old = principal(subject), facts?.name != old.name {
            let key = Snapshot.key(ofName: old.name)
            if subjectsByName[key] == subject { subjectsByName[key] = nil }
        }
        if let place = principals.firstIndex(where: { $0.kind == subject.kind }) {
            principals[place].all[IDKey(subject.id)] = facts
        } else {
            var all = IDMap<PrincipalFacts>()
            all[IDKey(subject.id)] = facts
            principals.append((subject.kind, all))
        }
        if let facts { subjectsByName[Snapshot.key(ofName: facts.name)] = subject }
    }

    public mutating func set(_ facts: GroupFacts?, forGroup id: String) {
        groups[IDKey(id)] = facts
    }

    /// Stores a role and expands again every role that includes it.
    public mutating func set(_ role: Role?, forRole id: String) {
        guard Role.builtIn[id] == nil else { return }
        var stored: [String: Role] = [:]
        for expanded in allRoles { stored[expanded.role.id] = expanded.role }
        stored[id] = role
        roles[IDKey(id)] = role.map { role in ExpandedRole(role) { stored[$0] } }
        // Those that included it, and those that may have named it before it was there.
        for (other, role) in stored where other != id && !role.includes.isEmpty {
            roles[IDKey(other)] = ExpandedRole(role) { stored[$0] }
        }
    }

    /// Stores many roles and expands each once.
    public mutating func set(_ all: [Role]) {
        var stored = Role.builtIn
        for role in all where Role.builtIn[role.id] == nil { stored[role.id] = role }
        roles = IDMap()
        for (id, role) in stored { roles[IDKey(id)] = ExpandedRole(role) { stored[$0] } }
    }

    public mutating func set(_ type: ResourceType?, forType id: String) {
        guard ResourceType.builtIn[id] == nil else { return }
        types[IDKey(id)] = type
    }

    public mutating func set(_ facts: ResourceFacts?, forResource id: String, type: String) {
        resources[type, default: IDMap()][IDKey(id)] = facts
    }

    private static func key(ofName name: String) -> IDKey {
        IDKey(name.lowercased())
    }
}
