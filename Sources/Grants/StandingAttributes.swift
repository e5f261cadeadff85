import Access
public import Model

/// What principals are called, and their attributes, decide what conditions, variables and matching properties come to.
extension Standing {
    /// Refuses a change to what permissions read of a principal, unless the caller could grant those permissions.
    ///
    /// - Parameters:
    ///   - attributes: names of the attributes that change.
    ///   - isRenamed: whether the user name, or the service's name, changes.
    public func requireConferring(changing attributes: Set<String>, isRenamed: Bool, of member: PrincipalReference) throws {
        guard isRenamed || !attributes.isEmpty else { return }
        let wanted = Set(attributes.map { $0.lowercased() })
        let readers = try held(by: member).filter { held in
            if isRenamed, held.permission.readsUsername { return true }
            return held.permission.subjectAttributes.contains { wanted.contains($0.lowercased()) }
        }
        try requireFree(readers)
        guard isRenamed else { return }
        // Others may have power over whoever is called so.
        let reaching = try facts.usernameReaders().flatMap { try Engine(facts).expand($0) }.filter { held in
            held.permission.resourceProperties.contains("username")
                && [member.kind.rawValue, Permission.wildcard].contains(held.permission.resourceType)
        }
        try requireFree(reaching.map { $0.about(member.kind.rawValue, .id(member.id.text), .realm) })
    }
}

extension Permission {
    /// Whether what it comes to for somebody depends on his user name.
    var readsUsername: Bool {
        if case .pattern(let pattern) = match, pattern.variables.contains(where: { ["username", "device"].contains($0) }) {
            return true
        }
        return subjectAttributes.contains("username")
    }
}

extension TransactionFacts {
    /// What is granted, whoever holds it, that may read the names of principals; some too many.
    func usernameReaders() throws -> [Grant] {
        let roles = try tables.roleIDs().filter { id in
            try role(id)?.permissions.contains { $0.resourceProperties.contains("username") } ?? false
        }
        return try tables.usernameReaders(roles: roles, types: resourceType)
    }
}
