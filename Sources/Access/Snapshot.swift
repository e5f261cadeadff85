/// What is stored about a realm's access, indexed by subject: immutable, swapped whole, so that deciding takes no lock a writer
/// holds. A change makes another snapshot that shares all but the piece it touches.
public struct Snapshot: AccessFacts, Sendable {
    public typealias Failure = Never

    private var principals = ShardedMap<Subject, PrincipalFacts>()
    private var subjectsByName = ShardedMap<String, Subject>()
    private var groups = ShardedMap<String, GroupFacts>()
    private var resources = ShardedMap<ResourceKey, ResourceFacts>()
    private var roles: [String: ExpandedRole]
    private var types: [String: ResourceType]

    /// Nobody, and what is built in.
    public init() {
        roles = Role.builtIn.mapValues { role in ExpandedRole(role) { Role.builtIn[$0] } }
        types = ResourceType.builtIn
    }

    // MARK: Reading

    public func principal(_ subject: Subject) -> PrincipalFacts? { principals[subject] }
    public func group(_ id: String) -> GroupFacts? { groups[id] }
    public func role(_ id: String) -> ExpandedRole? { roles[id] }
    public func resourceType(_ id: String) -> ResourceType? { types[id] }
    public func resource(type: String, id: String) -> ResourceFacts? { resources[ResourceKey(type: type, id: id)] }

    /// Who has this name, whatever its letters' case; names are unique across users, services and devices.
    public func subject(named name: String) -> Subject? { subjectsByName[Snapshot.fold(name)] }

    public var allRoles: [ExpandedRole] { Array(roles.values) }
    public var allTypes: [ResourceType] { Array(types.values) }
    public var principalCount: Int { principals.count }

    /// Every principal, in no order, until `body` answers false.
    public func eachPrincipal(_ body: (PrincipalFacts) -> Bool) {
        principals.each { _, facts in body(facts) }
    }

    public func eachGroup(_ body: (GroupFacts) -> Bool) {
        groups.each { _, facts in body(facts) }
    }

    /// What was granted to the subject or group itself.
    public func holdings(of subject: Subject) -> Holdings {
        let found = subject.kind == Subject.groupKind ? groups[subject.id]?.holdings : principals[subject]?.holdings
        return found ?? .none
    }

    // MARK: Changing

    /// - Parameter facts: `nil` when there is no such principal any more.
    public mutating func set(_ facts: PrincipalFacts?, for subject: Subject) {
        if let old = principals[subject], facts?.name != old.name {
            let key = Snapshot.fold(old.name)
            if subjectsByName[key] == subject { subjectsByName[key] = nil }
        }
        principals[subject] = facts
        if let facts { subjectsByName[Snapshot.fold(facts.name)] = subject }
    }

    public mutating func set(_ facts: GroupFacts?, forGroup id: String) {
        groups[id] = facts
    }

    /// Stores a role and expands again every role that includes it.
    public mutating func set(_ role: Role?, forRole id: String) {
        guard Role.builtIn[id] == nil else { return }
        var stored = roles.mapValues(\.role)
        stored[id] = role
        roles[id] = role.map { role in ExpandedRole(role) { stored[$0] } }
        for (other, expanded) in roles where other != id && expanded.role.includes.isEmpty == false {
            // Those that included it, and those that may have named it before it was there.
            roles[other] = ExpandedRole(expanded.role) { stored[$0] }
        }
    }

    /// Stores many roles and expands each once.
    public mutating func set(_ all: [Role]) {
        var stored = Role.builtIn
        for role in all where Role.builtIn[role.id] == nil { stored[role.id] = role }
        roles = stored.mapValues { role in ExpandedRole(role) { stored[$0] } }
    }

    public mutating func set(_ type: ResourceType?, forType id: String) {
        guard ResourceType.builtIn[id] == nil else { return }
        types[id] = type
    }

    public mutating func set(_ facts: ResourceFacts?, forResource id: String, type: String) {
        resources[ResourceKey(type: type, id: id)] = facts
    }

    private static func fold(_ name: String) -> String {
        name.lowercased()
    }
}
