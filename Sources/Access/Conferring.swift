/// One permission as somebody holds it: expanded from roles, with the reach and the time in which it counts.
public struct HeldPermission: Sendable, Hashable {
    public let permission: Permission
    public let scope: Scope
    /// Milliseconds; counts from this instant on.
    public let validFrom: Int64?
    /// Milliseconds; at this instant it has expired.
    public let expiresAt: Int64?

    public init(_ permission: Permission, scope: Scope, validFrom: Int64? = nil, expiresAt: Int64? = nil) {
        self.permission = permission.withoutScopes()
        self.scope = scope
        self.validFrom = validFrom
        self.expiresAt = expiresAt
    }

    func isOver(at time: Int64) -> Bool {
        expiresAt.map { $0 <= time } ?? false
    }

    func isValid(at time: Int64) -> Bool {
        !isOver(at: time) && (validFrom.map { $0 <= time } ?? true)
    }
}

extension Engine {
    /// What a grant gives, role by role and permission by permission, as far as it counts in its scope.
    public func expand(_ grant: Grant) throws(Failure) -> [HeldPermission] {
        let permissions: [Permission]
        switch grant.kind {
        case .role(let id): permissions = try facts.role(id)?.permissions ?? []
        case .permissions(let own): permissions = own
        }
        return permissions.filter { $0.counts(in: grant.scope) }.map {
            HeldPermission($0, scope: grant.scope, validFrom: grant.validFrom, expiresAt: grant.expiresAt)
        }
    }

    /// Everything a principal holds, directly and through groups; what is over too.
    public func held(by principal: PrincipalFacts) throws(Failure) -> [HeldPermission] {
        var held: [HeldPermission] = []
        for grant in principal.holdings.grants { held += try expand(grant) }
        return held + (try heldByGroups(principal.groups))
    }

    /// What membership in these groups gives.
    public func heldByGroups(_ direct: [String]) throws(Failure) -> [HeldPermission] {
        var held: [HeldPermission] = []
        for (group, _) in try GroupWalk.groups(from: direct.map(IDKey.init), facts) {
            for grant in group.holdings.grants { held += try expand(grant) }
        }
        return held
    }
}

/// The one rule that guards every write that changes what anyone may do: nobody confers what he does not hold.
public struct Conferring<Facts: AccessFacts> {
    public typealias Failure = Facts.Failure

    private let facts: Facts
    private let held: [HeldPermission]
    private let isOwner: Bool
    private let time: Int64
    /// What the caller's token is narrowed to; `nil`: not narrowed.
    private let narrowing: [Permission]?

    /// - Parameters:
    ///   - caller: who makes the change.
    ///   - time: milliseconds; now.
    public init(
        caller: PrincipalFacts, narrowing: [Permission]? = nil, facts: Facts, at time: Int64
    ) throws(Failure) {
        let engine = Engine(facts)
        self.facts = facts
        self.time = time
        self.narrowing = narrowing
        let everybody = Role.everybody.permissions.map { HeldPermission($0, scope: .realm) }
        guard caller.isActive else {
            held = []
            isOwner = false
            return
        }
        held = try engine.held(by: caller).filter { $0.isValid(at: time) } + everybody
        isOwner = try Owners.holds(caller, facts, at: time)
    }

    /// The first permission that the change gives and the caller may not: an allow that is there afterwards and not before, or a
    /// deny that is there before and not afterwards. `nil`: he may make the change.
    public func refusal(before: [HeldPermission], after: [HeldPermission]) throws(Failure) -> Permission? {
        for one in after where one.permission.effect == .allow && !one.isOver(at: time) {
            if try isWithin(one, before) { continue }
            guard try mayConfer(one) else { return one.permission }
        }
        for one in before where one.permission.effect == .deny && !one.isOver(at: time) {
            if try isWithin(one, after) { continue }
            guard try mayConfer(one) else { return one.permission }
        }
        return nil
    }

    /// Whether one of the others with the same effect holds all of it: a permission made narrower is no new one.
    private func isWithin(_ narrow: HeldPermission, _ others: [HeldPermission]) throws(Failure) -> Bool {
        if others.contains(narrow) { return true }
        for wide in others where wide.permission.effect == narrow.permission.effect {
            let begins = wide.validFrom.map { $0 <= narrow.validFrom ?? Int64.min } ?? true
            guard begins, lasts(wide, asLongAs: narrow), try covers(wide.permission, narrow.permission) else { continue }
            if try reaches(wide.scope, narrow.scope) { return true }
        }
        return false
    }

    /// The first management permission of these that the caller does not hold: whoever sets a credential takes over what its
    /// principal holds.
    public func refusal(takingOver other: [HeldPermission]) throws(Failure) -> Permission? {
        for one in other where one.permission.effect == .allow && !one.isOver(at: time) {
            guard try isManagement(one.permission.resourceType) else { continue }
            guard try holds(one) else { return one.permission }
        }
        return nil
    }

    /// The first of these permissions, held by somebody, that reads one of the attributes and that the caller may not confer: whoever
    /// writes an attribute decides what such a permission gives, or what a deny takes.
    public func refusal(writing attributes: Set<String>, of other: [HeldPermission]) throws(Failure) -> Permission? {
        for one in other where !one.isOver(at: time) && !one.permission.subjectAttributes.isDisjoint(with: attributes) {
            guard try mayConfer(one.whateverTheSubject) else { return one.permission }
        }
        return nil
    }

    /// Whether the caller may give, or free somebody from a deny of, this permission.
    public func mayConfer(_ wanted: HeldPermission) throws(Failure) -> Bool {
        if try isManagement(wanted.permission.resourceType), !(try holds(wanted)) { return false }
        guard try isRuntime(wanted.permission.resourceType) else { return true }
        return try mayGrant(wanted)
    }

    /// `*` is both.
    private func isManagement(_ type: String) throws(Failure) -> Bool {
        if type == Permission.wildcard { return true }
        return try facts.resourceType(type)?.plane != .runtime
    }

    private func isRuntime(_ type: String) throws(Failure) -> Bool {
        if type == Permission.wildcard { return true }
        return try facts.resourceType(type)?.plane == .runtime
    }

    private func holds(_ wanted: HeldPermission) throws(Failure) -> Bool {
        let asAllow = HeldPermission(
            Permission(
                resourceType: wanted.permission.resourceType, match: wanted.permission.match, actions: wanted.permission.actions,
                condition: wanted.permission.effect == .deny ? nil : wanted.permission.condition),
            scope: wanted.scope, validFrom: wanted.validFrom, expiresAt: wanted.expiresAt)
        return try isHeld(asAllow)
    }

    /// Runtime permissions are conferred by whoever holds `grant` on their resource type, in a scope that reaches as far.
    private func mayGrant(_ wanted: HeldPermission) throws(Failure) -> Bool {
        let type = wanted.permission.resourceType
        let grant = Permission(
            resourceType: "resource-type", match: type == Permission.wildcard ? .any : .id(type), actions: ["grant"])
        return try isHeld(
            HeldPermission(grant, scope: wanted.scope, validFrom: wanted.validFrom, expiresAt: wanted.expiresAt))
    }

    private func isHeld(_ wanted: HeldPermission) throws(Failure) -> Bool {
        if let narrowing {
            var isInside = false
            for limit in narrowing where limit.effect == .allow {
                if try covers(limit, wanted.permission) { isInside = true }
            }
            guard isInside else { return false }
            for limit in narrowing where limit.effect == .deny {
                if try mayMeet(limit, wanted.permission) { return false }
            }
        }
        if !isOwner {
            for one in held where one.permission.effect == .deny {
                if try mayMeet(one.permission, wanted.permission) { return false }
            }
        }
        // Each action may be held by another grant.
        for action in wanted.permission.actions {
            var isCovered = false
            let part = wanted.permission.only(action)
            for one in held where one.permission.effect == .allow && !isCovered {
                guard try covers(one.permission, part), lasts(one, asLongAs: wanted) else { continue }
                isCovered = try reaches(one.scope, wanted.scope)
            }
            guard isCovered else { return false }
        }
        return true
    }

    private func lasts(_ one: HeldPermission, asLongAs wanted: HeldPermission) -> Bool {
        guard let end = one.expiresAt else { return true }
        guard let wantedEnd = wanted.expiresAt else { return false }
        return end >= wantedEnd
    }

    /// Whether `wide` holds all that `narrow` does: type, actions, match and condition.
    private func covers(_ wide: Permission, _ narrow: Permission) throws(Failure) -> Bool {
        guard wide.resourceType == Permission.wildcard || wide.resourceType == narrow.resourceType else { return false }
        guard wide.condition == nil || wide.condition == narrow.condition else { return false }
        if !wide.actions.contains(Permission.wildcard) {
            let named = try actions(narrow)
            guard try actions(wide).isSuperset(of: named) else { return false }
        }
        switch (wide.match, narrow.match) {
        case (.any, _): return true
        case (.id(let id), .id(let other)): return id == other
        case (.pattern(let pattern), .pattern(let other)): return pattern.covers(other)
        case (.pattern(let pattern), .id(let id)):
            guard pattern.variables.isEmpty, let name = ResourceName(id, syntax: pattern.syntax, action: "") else { return false }
            return pattern.fits(name, purpose: .allow) { _ in nil }
        case (.property, .property): return wide.match == narrow.match
        default: return false
        }
    }

    /// With all the actions they include; `*` only stands for itself, since a type may get more.
    private func actions(_ permission: Permission) throws(Failure) -> Set<String> {
        guard let type = try facts.resourceType(permission.resourceType) else { return Set(permission.actions) }
        return permission.actions.reduce(into: Set<String>()) { all, action in
            if action == Permission.wildcard { all.insert(action) } else { all.formUnion(type.actions(includedIn: action)) }
        }
    }

    /// Whether there may be something both speak about; true when it cannot be told.
    private func mayMeet(_ one: Permission, _ other: Permission) throws(Failure) -> Bool {
        let types = [one.resourceType, other.resourceType]
        guard types[0] == types[1] || types.contains(Permission.wildcard) else { return false }
        let actionsOfOne = try actions(one)
        let actionsOfOther = try actions(other)
        let meets =
            actionsOfOne.contains(Permission.wildcard) || actionsOfOther.contains(Permission.wildcard)
            || !actionsOfOne.isDisjoint(with: actionsOfOther)
        guard meets else { return false }
        switch (one.match, other.match) {
        case (.id(let id), .id(let otherID)): return id == otherID
        case (.pattern(let pattern), .pattern(let otherPattern)): return pattern.overlaps(otherPattern)
        case (.id(let id), .pattern(let pattern)), (.pattern(let pattern), .id(let id)):
            guard pattern.variables.isEmpty, let name = ResourceName(id, syntax: pattern.syntax, action: "") else { return true }
            return pattern.fits(name, purpose: .deny) { _ in nil }
        default: return true
        }
    }

    /// Whether all that `narrow` reaches is reached by `wide`.
    private func reaches(_ wide: Scope, _ narrow: Scope) throws(Failure) -> Bool {
        switch (wide, narrow) {
        case (.realm, _): return true
        case (.organization(let one), .organization(let other)): return one == other
        case (.organization(let one), .resources(let type, let ids)):
            for id in ids {
                guard try facts.resource(type: type, id: id)?.organization == one else { return false }
            }
            return true
        case (.group(let one), .group(let other)):
            if one == other { return true }
            return try Engine(facts).groups(of: facts.group(other)?.groups ?? []).contains(one)
        case (.resources(let type, let ids), .resources(let otherType, let others)):
            return type == otherType && ids.isSuperset(of: others)
        default: return false
        }
    }
}

extension HeldPermission {
    /// The widest that attributes of the subject can make of it: who holds the same under the same condition has no right to fulfil it.
    var whateverTheSubject: HeldPermission {
        let match: Permission.Match =
            switch permission.match {
            case .property: .any
            case .pattern(let pattern) where !pattern.variables.isEmpty: .any
            case .any, .id, .pattern: permission.match
            }
        return HeldPermission(
            Permission(
                effect: permission.effect, resourceType: permission.resourceType, match: match, actions: permission.actions),
            scope: scope, validFrom: validFrom, expiresAt: expiresAt)
    }
}

extension Permission {
    func only(_ action: String) -> Permission {
        Permission(effect: effect, resourceType: resourceType, match: match, actions: [action], condition: condition)
    }
}
