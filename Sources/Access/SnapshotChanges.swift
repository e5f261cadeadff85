/// Changes to one grant, one membership or one principal: for trying out what they would do.
extension Snapshot {
    /// Gives a grant to a principal or a group, in place of the one of the same kind and id if there is one. Nothing happens when
    /// there is no such holder.
    public mutating func put(_ grant: Grant, for holder: Subject) {
        var grants = holdings(of: holder).grants
        if let place = grants.firstIndex(where: { $0.isSame(as: grant) }) {
            grants[place] = grant
        } else {
            grants.append(grant)
        }
        setHoldings(Holdings(grants), of: holder)
    }

    /// Takes a role assignment, or else an authorization, from whoever holds it.
    public mutating func removeGrant(_ id: String, isAssignment: Bool, of holder: Subject) {
        setHoldings(
            Holdings(holdings(of: holder).grants.filter { $0.id != id || $0.isAssignment != isAssignment }), of: holder)
    }

    /// Takes every grant for which `isGone` says so.
    public mutating func removeGrants(of holder: Subject, where isGone: (Grant) -> Bool) {
        let grants = holdings(of: holder).grants
        let left = grants.filter { !isGone($0) }
        if left.count < grants.count { setHoldings(Holdings(left), of: holder) }
    }

    /// Puts a principal or a group into a group.
    public mutating func join(_ member: Subject, group: String) {
        setGroups(of: member) { $0.contains(group) ? $0 : $0 + [group] }
    }

    /// Takes a principal or a group out of a group.
    public mutating func leave(_ member: Subject, group: String) {
        setGroups(of: member) { $0.filter { $0 != group } }
    }

    /// - Parameters:
    ///   - isActive: `nil`: as it is.
    ///   - attributes: `nil`: as they are.
    public mutating func update(
        _ subject: Subject, isActive: Bool? = nil, attributes: [String: AttributeValue]? = nil
    ) {
        guard let old = principal(subject) else { return }
        set(
            PrincipalFacts(
                subject: subject, name: old.name, isActive: isActive ?? old.isActive, groups: old.groups,
                attributes: attributes ?? old.attributes, organization: old.organization, holdings: old.holdings),
            for: subject)
    }

    private mutating func setHoldings(_ holdings: Holdings, of holder: Subject) {
        if holder.kind == Subject.groupKind {
            guard let old = group(holder.id) else { return }
            set(GroupFacts(id: old.id, name: old.name, groups: old.groups, holdings: holdings), forGroup: old.id)
        } else if let old = principal(holder) {
            set(
                PrincipalFacts(
                    subject: holder, name: old.name, isActive: old.isActive, groups: old.groups, attributes: old.attributes,
                    organization: old.organization, holdings: holdings),
                for: holder)
        }
    }

    private mutating func setGroups(of member: Subject, _ change: ([String]) -> [String]) {
        if member.kind == Subject.groupKind {
            guard let old = group(member.id) else { return }
            set(
                GroupFacts(id: old.id, name: old.name, groups: change(old.groups), holdings: old.holdings), forGroup: old.id)
        } else if let old = principal(member) {
            set(
                PrincipalFacts(
                    subject: member, name: old.name, isActive: old.isActive, groups: change(old.groups),
                    attributes: old.attributes, organization: old.organization, holdings: old.holdings),
                for: member)
        }
    }
}

extension Grant {
    /// A role assignment; else an authorization.
    public var isAssignment: Bool {
        if case .role = kind { return true }
        return false
    }

    func isSame(as other: Grant) -> Bool {
        id == other.id && isAssignment == other.isAssignment
    }

    /// The same with other terms.
    public func with(scope: Scope? = nil, validFrom: Int64?, expiresAt: Int64?) -> Grant {
        Grant(id: id, kind: kind, scope: scope ?? self.scope, validFrom: validFrom, expiresAt: expiresAt)
    }
}
