/// What is stored about a realm's access, indexed by subject: immutable, swapped whole, so that deciding takes no lock a writer
/// holds. A change makes another snapshot that shares all but the piece it touches.
public struct Snapshot: AccessFacts, Sendable {
    public typealias Failure = Never

    private var box = Box.empty

    /// Nobody, and what is built in.
    public init() {
        change { tables in
            for (id, type) in ResourceType.builtIn { tables.types[IDKey(id)] = type }
            for (id, role) in Role.builtIn { tables.roles[IDKey(id)] = ExpandedRole(role) { Role.builtIn[$0] } }
        }
    }

    // MARK: Reading

    public func principal(_ subject: Subject) -> PrincipalFacts? { box.tables.principal(subject) }
    public func group(_ id: String) -> GroupFacts? { box.tables.groups[IDKey(id)] }
    public func group(_ key: IDKey) -> GroupFacts? { box.tables.groups[key] }
    public func role(_ id: String) -> ExpandedRole? { box.tables.roles[IDKey(id)] }
    public func role(_ key: IDKey) -> ExpandedRole? { box.tables.roles[key] }
    public func resourceType(_ id: String) -> ResourceType? { box.tables.types[IDKey(id)] }
    public func resource(type: String, id: String) -> ResourceFacts? { box.tables.resources[type]?[IDKey(id)] }

    /// Who has this name, whatever its letters' case; names are unique across users, services and devices.
    public func subject(named name: String) -> Subject? { box.tables.subjectsByName[Tables.key(ofName: name)] }

    public var allRoles: [ExpandedRole] { box.tables.roles.all }
    public var allTypes: [ResourceType] { box.tables.types.all }
    public var principalCount: Int { box.tables.principals.reduce(0) { $0 + $1.all.count } }

    /// Every principal, in no order, until `body` answers false.
    public func eachPrincipal(_ body: (PrincipalFacts) -> Bool) {
        var goesOn = true
        for (_, all) in box.tables.principals where goesOn {
            all.each { facts in
                goesOn = body(facts)
                return goesOn
            }
        }
    }

    public func eachGroup(_ body: (GroupFacts) -> Bool) {
        box.tables.groups.each(body)
    }

    /// What was granted to the subject or group itself.
    public func holdings(of subject: Subject) -> Holdings {
        let found = subject.kind == Subject.groupKind ? group(subject.id)?.holdings : principal(subject)?.holdings
        return found ?? .none
    }

    // MARK: Changing

    /// - Parameter facts: `nil` when there is no such principal any more.
    public mutating func set(_ facts: PrincipalFacts?, for subject: Subject) {
        change { $0.set(facts, for: subject) }
    }

    public mutating func set(_ facts: GroupFacts?, forGroup id: String) {
        change { $0.groups[IDKey(id)] = facts }
    }

    /// Stores a role and expands again every role that includes it.
    public mutating func set(_ role: Role?, forRole id: String) {
        guard Role.builtIn[id] == nil else { return }
        var stored: [String: Role] = [:]
        for expanded in allRoles { stored[expanded.role.id] = expanded.role }
        stored[id] = role
        change { tables in
            tables.roles[IDKey(id)] = role.map { role in ExpandedRole(role) { stored[$0] } }
            // Those that included it, and those that may have named it before it was there.
            for (other, role) in stored where other != id && !role.includes.isEmpty {
                tables.roles[IDKey(other)] = ExpandedRole(role) { stored[$0] }
            }
        }
    }

    /// Stores many roles and expands each once.
    public mutating func set(_ all: [Role]) {
        var stored = Role.builtIn
        for role in all where Role.builtIn[role.id] == nil { stored[role.id] = role }
        change { tables in
            tables.roles = IDMap()
            for (id, role) in stored { tables.roles[IDKey(id)] = ExpandedRole(role) { stored[$0] } }
        }
    }

    public mutating func set(_ type: ResourceType?, forType id: String) {
        guard ResourceType.builtIn[id] == nil else { return }
        change { $0.types[IDKey(id)] = type }
    }

    public mutating func set(_ facts: ResourceFacts?, forResource id: String, type: String) {
        change { $0.resources[type, default: IDMap()][IDKey(id)] = facts }
    }

    /// Changes the tables. The box is let go first: what nobody else has is changed in its place, and all else copied.
    private mutating func change(_ body: (inout Tables) -> Void) {
        var tables = box.tables
        box = Box.empty
        body(&tables)
        box = Box(tables)
    }
}

/// All of it behind one reference, so that a snapshot is copied at no cost.
private final class Box: Sendable {
    static let empty = Box(Tables())

    let tables: Tables

    init(_ tables: Tables) {
        self.tables = tables
    }
}

private struct Tables: Sendable {
    /// By kind: ids are told apart by it.
    var principals: [(kind: String, all: IDMap<PrincipalFacts>)] = []
    var subjectsByName = IDMap<Subject>()
    var groups = IDMap<GroupFacts>()
    /// By type.
    var resources: [String: IDMap<ResourceFacts>] = [:]
    var roles = IDMap<ExpandedRole>()
    var types = IDMap<ResourceType>()

    func principal(_ subject: Subject) -> PrincipalFacts? {
        for place in principals.indices where principals[place].kind == subject.kind {
            return principals[place].all[IDKey(subject.id)]
        }
        return nil
    }

    /// The name is the key under which its owner is found.
    mutating func set(_ facts: PrincipalFacts?, for subject: Subject) {
        if let old = principal(subject), facts?.name != old.name {
            let key = Tables.key(ofName: old.name)
            if subjectsByName[key] == subject { subjectsByName[key] = nil }
        }
        if let place = principals.firstIndex(where: { $0.kind == subject.kind }) {
            principals[place].all[IDKey(subject.id)] = facts
        } else {
            var all = IDMap<PrincipalFacts>()
            all[IDKey(subject.id)] = facts
            principals.append((subject.kind, all))
        }
        if let facts { subjectsByName[Tables.key(ofName: facts.name)] = subject }
    }

    static func key(ofName name: String) -> IDKey {
        IDKey(name.lowercased())
    }
}
