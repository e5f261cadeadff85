import Access
public import Model

/// Who is in which group decides what members hold, who has power over them, and what conditions read: nobody changes more of that
/// than he could grant.
extension Standing {
    /// Refuses a membership, or the end of one, that gives more than the caller may confer.
    ///
    /// - Parameter isMember: whether the member is in the group afterwards.
    public func requireConferring(membershipOf member: PrincipalReference, in group: EntityID, isMember: Bool) throws {
        let engine = Engine(facts)
        let (grants, direct) = try holding(of: member)
        let wanted = isMember ? direct + [group.text] : direct.filter { $0 != group.text }
        let before = try engine.groups(of: direct)
        let after = try engine.groups(of: wanted)
        let gained = after.filter { !before.contains($0) }
        let lost = before.filter { !after.contains($0) }
        guard !gained.isEmpty || !lost.isEmpty else { return }
        var own: [HeldPermission] = []
        for grant in grants { own += try engine.expand(grant) }
        let heldBefore = try own + engine.heldByGroups(direct)
        let heldAfter = try own + engine.heldByGroups(wanted)
        try requireConferring(before: heldBefore, after: heldAfter)
        // Power over the member that it hands to others, or denies of such power that it takes away.
        try requirePower(try reaching(member, through: gained), .allow, over: member, whoIsIn: before)
        try requirePower(try reaching(member, through: lost), .deny, over: member, whoIsIn: before)
        var readers = heldBefore + heldAfter
        if member.kind == .group { readers += try belongingReaders(membersOf: member.id) }
        try requireFree(readers.filter(\.permission.readsBelongings))
    }

    /// Whether the group is the other one, or in it by however many steps.
    public func isInside(group: EntityID, of other: EntityID) throws -> Bool {
        try Engine(facts).groups(of: [group.text]).contains(other.text)
    }

    /// Refuses the end of a group whose members would be freed of denies, or over whose members somebody would be.
    public func requireConferring(deletionOf group: EntityID) throws {
        let engine = Engine(facts)
        let groups = try engine.groups(of: [group.text])
        try requireConferring(before: try engine.heldByGroups([group.text]), after: [])
        var over: [HeldPermission] = []
        for grant in try facts.grants(overMembersOf: groups) {
            over += try engine.expand(grant).map { $0.reaching(.group(group.text)) }
        }
        try requireConferring(before: over, after: [])
        try requireFree(try belongingReaders(membersOf: group))
    }

    /// Refuses another name for a group where names of groups decide what its members may do.
    public func requireConferring(renamingOf group: EntityID) throws {
        try requireFree(try belongingReaders(membersOf: group))
    }

    /// What may count afterwards and did not before, or the other way round, is treated as given and as taken: all that it can
    /// come to, so that nobody holds it only by what changes.
    func requireFree(_ changed: [HeldPermission]) throws {
        let changed = changed.map(\.atItsWidest)
        try requireConferring(before: [], after: changed)
        try requireConferring(before: changed, after: [])
    }

    /// What a principal or a group was granted itself, and the groups it is itself in.
    func holding(of member: PrincipalReference) throws -> (grants: [Grant], groups: [String]) {
        if member.kind == .group {
            guard let group = try facts.group(member.id.text) else { throw ServiceError.notFound }
            return (group.holdings.grants, group.groups)
        }
        guard let principal = try facts.principal(member.subject) else { throw ServiceError.notFound }
        return (principal.holdings.grants, principal.groups)
    }

    private func belongingReaders(membersOf group: EntityID) throws -> [HeldPermission] {
        var held: [HeldPermission] = []
        for grant in try facts.belongingReaders(membersOf: group.text) { held += try Engine(facts).expand(grant) }
        return held.filter(\.permission.readsBelongings)
    }

    // MARK: Power over the member

    private static let memberTypes = ["user", "service", "device", "group"]

    /// What is granted over the members of these groups, as far as it speaks about this one.
    private func reaching(_ member: PrincipalReference, through groups: [String]) throws -> [HeldPermission] {
        let isGroup = member.kind == .group
        var found: [HeldPermission] = []
        for grant in try facts.grants(overMembersOf: groups) {
            for held in try Engine(facts).expand(grant) {
                let type = held.permission.resourceType
                let types = type == Permission.wildcard ? Self.memberTypes : Self.memberTypes.filter { $0 == type }
                for type in types {
                    // A group has members of every kind, and is a member itself.
                    if isGroup { found.append(held.about(type, held.permission.match, .group(member.id.text))) }
                    guard type == member.kind.rawValue, held.permission.mayFit(id: member.id.text) else { continue }
                    found.append(held.about(type, .id(member.id.text), .realm))
                }
            }
        }
        return found
    }

    /// The caller must be able to give each of these: he holds it in the whole realm, or over a group the member is in already.
    private func requirePower(
        _ wanted: [HeldPermission], _ effect: Permission.Effect, over member: PrincipalReference, whoIsIn groups: [String]
    ) throws {
        let wanted = wanted.filter { $0.permission.effect == effect && !($0.expiresAt.map { $0 <= time.milliseconds } ?? false) }
        guard !wanted.isEmpty else { return }
        let conferring = try conferring()
        for one in Set(wanted) {
            var isHeld = try conferring.mayConfer(one)
            for group in groups where !isHeld { isHeld = try conferring.mayConfer(one.reaching(.group(group))) }
            guard isHeld else { throw try refusal(of: one.permission) }
        }
    }
}

extension HeldPermission {
    /// The same with another reach.
    func reaching(_ scope: Scope) -> HeldPermission {
        HeldPermission(permission, scope: scope, validFrom: validFrom, expiresAt: expiresAt)
    }

    /// The same without the condition, and for whatever resource matches.
    var atItsWidest: HeldPermission {
        var match = permission.match
        if case .property = match { match = .any }
        return HeldPermission(
            Permission(
                effect: permission.effect, resourceType: permission.resourceType, match: match, actions: permission.actions),
            scope: scope, validFrom: validFrom, expiresAt: expiresAt)
    }

    func about(_ type: String, _ match: Permission.Match, _ scope: Scope) -> HeldPermission {
        HeldPermission(
            Permission(
                effect: permission.effect, resourceType: type, match: match, actions: permission.actions,
                condition: permission.condition), scope: scope, validFrom: validFrom, expiresAt: expiresAt)
    }
}

extension Permission {
    /// Whether it may speak about the object with this id.
    func mayFit(id: String) -> Bool {
        switch match {
        case .any, .property: true
        case .id(let own): own == id
        case .pattern(let pattern): pattern.listPrefix.map { id.hasPrefix($0) } ?? true
        }
    }
}
