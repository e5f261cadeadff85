public import Access
import Model
import Storage

/// What is stored, as a transaction sees it: a write decides from this and never from a cache. Reads each fact once.
public final class TransactionFacts: AccessFacts {
    public typealias Failure = any Error

    let tables: FactTables
    private var principals: [Subject: PrincipalFacts?] = [:]
    private var groups: [String: GroupFacts?] = [:]
    private var roles: [String: ExpandedRole?] = [:]
    private var types: [String: ResourceType?] = [:]

    init(_ tables: FactTables) {
        self.tables = tables
    }

    public func principal(_ subject: Subject) throws -> PrincipalFacts? {
        if let known = principals[subject] { return known }
        let found = try tables.principal(subject, types: resourceType)
        principals[subject] = .some(found)
        return found
    }

    public func group(_ id: String) throws -> GroupFacts? {
        if let known = groups[id] { return known }
        let found = try tables.group(id, types: resourceType)
        groups[id] = .some(found)
        return found
    }

    public func role(_ id: String) throws -> ExpandedRole? {
        if let known = roles[id] { return known }
        let found = try tables.role(id, types: resourceType).map { role in
            try ExpandedRole(role) { (id) throws(any Error) in try tables.role(id, types: resourceType) }
        }
        roles[id] = .some(found)
        return found
    }

    public func resourceType(_ id: String) throws -> ResourceType? {
        if let known = types[id] { return known }
        let found = try tables.type(id)
        types[id] = .some(found)
        return found
    }

    public func resource(type: String, id: String) throws -> ResourceFacts? {
        try tables.resource(type: type, id: id)
    }

    /// What this transaction has changed is read anew.
    public func forget() {
        principals.removeAll()
        groups.removeAll()
        roles.removeAll()
        types.removeAll()
    }
}
