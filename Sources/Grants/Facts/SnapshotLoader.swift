import Access
import Model
import Storage

/// Makes a realm's snapshot from the tables and keeps it up to date, change by change.
struct SnapshotLoader {
    let attributes: AttributeSource

    /// Kinds of lines in the change feed that a snapshot follows.
    enum ChangeKind {
        static let group = "group"
        static let membership = "membership"
        static let role = "role"
        static let resourceType = "resource-type"
        static let resource = "resource"
    }

    /// Whether a line of the feed is about something a snapshot knows.
    static func follows(_ kind: String) -> Bool {
        switch kind {
        case Principals.changeKind, AssignmentTable.changeKind, ChangeKind.group, ChangeKind.membership, ChangeKind.role,
            ChangeKind.resourceType, ChangeKind.resource:
            true
        default: false
        }
    }

    func everything(on connection: any Connection) throws -> [RealmID: Snapshot] {
        let realms = try connection.rows(Statement("SELECT id FROM realm")) { RealmID($0.text(0)) }
        var loaded: [RealmID: Snapshot] = [:]
        for realm in realms { loaded[realm] = try everything(of: realm, on: connection) }
        return loaded
    }

    private func everything(of realm: RealmID, on connection: any Connection) throws -> Snapshot {
        let tables = FactTables(realm: realm, attributes: attributes, connection: connection)
        var snapshot = Snapshot()
        for type in try tables.types() { snapshot.set(type, forType: type.id) }
        let types = { [snapshot] (id: String) in snapshot.resourceType(id) }
        snapshot.set(try tables.roles(types: types))
        let holdings = try tables.holdings(types: types)
        for group in try tables.groups(holdings) { snapshot.set(group, forGroup: group.id) }
        try tables.eachResource { type, id, facts in snapshot.set(facts, forResource: id, type: type) }
        try tables.eachPrincipal(holdings) { snapshot.set($0, for: $0.subject) }
        return snapshot
    }

    /// Reads again what these changes are about.
    func apply(_ changes: [ChangeKey], realm: RealmID, to snapshot: inout Snapshot, on connection: any Connection) throws {
        let tables = FactTables(realm: realm, attributes: attributes, connection: connection)
        var holders = Set<String>()
        var groups = Set<String>()
        for change in Set(changes) {
            switch change.kind {
            case Principals.changeKind: holders.insert(change.key)
            case AssignmentTable.changeKind, ChangeKind.membership:
                let parts = change.key.split(separator: ":", maxSplits: 1)
                guard parts.count == 2 else { continue }
                if parts[0] == Subject.groupKind { groups.insert(String(parts[1])) } else { holders.insert(String(parts[1])) }
            case ChangeKind.group: groups.insert(change.key)
            case ChangeKind.resourceType: snapshot.set(try tables.type(change.key), forType: change.key)
            default: continue
            }
        }
        let types = { [snapshot] (id: String) in snapshot.resourceType(id) }
        for change in Set(changes) {
            switch change.kind {
            case ChangeKind.role: snapshot.set(try tables.role(change.key, types: types), forRole: change.key)
            case ChangeKind.resource:
                let parts = change.key.split(separator: "\n", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { continue }
                snapshot.set(try tables.resource(type: parts[0], id: parts[1]), forResource: parts[1], type: parts[0])
            default: continue
            }
        }
        for id in groups { snapshot.set(try tables.group(id, types: types), forGroup: id) }
        try applyPrincipals(holders, tables, types, to: &snapshot)
    }

    private func applyPrincipals(
        _ ids: Set<String>, _ tables: FactTables, _ types: @escaping (String) throws -> ResourceType?, to snapshot: inout Snapshot
    ) throws {
        var left = Array(ids)
        while !left.isEmpty {
            let block = Array(left.suffix(Statement.listLimit))
            left.removeLast(block.count)
            var absent = Set(block)
            for facts in try tables.principals(block, types: types) {
                absent.remove(facts.subject.id)
                snapshot.set(facts, for: facts.subject)
            }
            for id in absent {
                for kind in [PrincipalKind.user, .service, .device] {
                    let subject = Subject(kind: kind.rawValue, id: id)
                    if snapshot.principal(subject) != nil { snapshot.set(Optional<PrincipalFacts>.none, for: subject) }
                }
            }
        }
    }
}
