/// One permission as it reaches a principal or a group: the grant it comes from and the way to it.
public struct HeldAccess: Sendable {
    public let permission: Permission
    /// The role assignment or authorization.
    public let grant: Grant
    /// The role assigned; `nil` for an authorization.
    public let role: String?
    /// From the principal or group through groups and roles.
    public let path: [Reason.Step]
    /// Which of the grant's permissions it is; with the grant's id it tells entries of one holder apart.
    public let place: Int

    public init(permission: Permission, grant: Grant, role: String?, path: [Reason.Step], place: Int) {
        self.permission = permission
        self.grant = grant
        self.role = role
        self.path = path
        self.place = place
    }
}

extension Snapshot {
    /// Every permission of the grants that reach a principal or a group, as far as it counts in the grant's scope: its own
    /// first, then those of its groups, nearest first; of one holder in the order of the grants' ids. What everybody holds is
    /// not among them.
    ///
    /// - Parameters:
    ///   - counting: which grants are looked at.
    ///   - body: answers false to end.
    public func eachAccess(
        of subject: Subject, counting: (Grant) -> Bool = { _ in true }, _ body: (HeldAccess) -> Bool
    ) {
        guard let (name, direct, holdings) = holder(subject) else { return }
        let first = Reason.Step(kind: subject.kind, id: subject.id, name: name)
        guard each(of: holdings, path: [first], counting, body) else { return }
        var paths: [[Reason.Step]] = []
        for (group, cameFrom) in GroupWalk.groups(from: direct.map(IDKey.init), self) {
            let before = cameFrom < 0 ? [first] : paths[cameFrom]
            let path = before + [Reason.Step(kind: Subject.groupKind, id: group.id, name: group.name)]
            paths.append(path)
            // In a circle of groups one meets itself again.
            if subject.kind == Subject.groupKind, group.id == subject.id { continue }
            guard each(of: group.holdings, path: path, counting, body) else { return }
        }
    }

    /// The name, the groups it is itself in and what was granted to a principal or a group.
    private func holder(_ subject: Subject) -> (name: String, groups: [String], holdings: Holdings)? {
        if subject.kind == Subject.groupKind {
            return group(subject.id).map { ($0.name, $0.groups, $0.holdings) }
        }
        return principal(subject).map { ($0.name, $0.groups, $0.holdings) }
    }

    /// False when `body` wanted no more.
    private func each(
        of holdings: Holdings, path: [Reason.Step], _ counting: (Grant) -> Bool, _ body: (HeldAccess) -> Bool
    ) -> Bool {
        for grant in holdings.grants.filter(counting).sorted(by: { $0.id < $1.id }) {
            guard eachAccess(of: grant, path: path, body) else { return false }
        }
        return true
    }

    /// Every permission a grant gives, as far as it counts in its scope.
    ///
    /// - Parameters:
    ///   - path: the way to the grant's holder.
    ///   - body: answers false to end.
    /// - Returns: False when `body` ended it.
    @discardableResult
    public func eachAccess(of grant: Grant, path: [Reason.Step], _ body: (HeldAccess) -> Bool) -> Bool {
        var place = 0
        func give(_ permissions: [Permission], _ role: String?, _ path: [Reason.Step]) -> Bool {
            for permission in permissions {
                defer { place += 1 }
                guard permission.counts(in: grant.scope) else { continue }
                guard body(HeldAccess(permission: permission, grant: grant, role: role, path: path, place: place)) else {
                    return false
                }
            }
            return true
        }
        switch grant.kind {
        case .permissions(let permissions): return give(permissions, nil, path)
        case .role(let id):
            guard let role = role(id) else { return true }
            for part in role.parts {
                guard give(part.permissions, id, path + role.steps(to: part.path)) else { return false }
            }
            return true
        }
    }
}

extension ExpandedRole {
    /// The roles on the way to one of its parts, with their names.
    func steps(to path: [String]) -> [Reason.Step] {
        path.map { id in
            Reason.Step(kind: "role", id: id, name: parts.first { $0.path.last == id }?.name ?? id)
        }
    }
}
