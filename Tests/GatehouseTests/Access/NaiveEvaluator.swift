import Access

/// The rules of deciding once more, read from the design line by line and from nothing else: no index, nothing remembered, slow.
/// Patterns, ids and conditions have tests of their own and are taken as they are.
struct NaiveEvaluator {
    let world: AccessWorld
    let question: Question

    init(_ world: AccessWorld, _ question: Question) {
        self.world = world
        self.question = question
    }

    // MARK: The decision

    /// Any deny denies, else any allow allows, else deny.
    func allows() -> Bool {
        guard let person, person.isActive, let type, type.actions.contains(where: { $0.id == question.action }) else {
            return false
        }
        if let id = question.resourceID, ResourceName(id, syntax: type.syntax, action: question.action) == nil { return false }
        let fitting = counting().filter { given, permission in fits(permission, of: given) }
        let isDenied = fitting.contains { $0.permission.effect == .deny }
        if isDenied, !(type.plane == .management && isOwner) { return false }
        return fitting.contains { $0.permission.effect == .allow }
    }

    /// Every permission of every valid grant of every subject; what everybody may do on the management plane is one more grant.
    private func counting() -> [(given: AccessWorld.Given, permission: Permission)] {
        var all: [(AccessWorld.Given, Permission)] = []
        for given in world.given where isHeld(given) && isValid(given) {
            switch given.kind {
            case .role(let id): for permission in permissions(ofRole: id, without: []) { all.append((given, permission)) }
            case .permissions(let permissions): for permission in permissions { all.append((given, permission)) }
            }
        }
        if type?.plane == .management {
            let everybody = AccessWorld.Given(id: "", holder: question.subject, kind: .permissions([]))
            for permission in Role.everybody.permissions { all.append((everybody, permission)) }
        }
        return all
    }

    private func isValid(_ given: AccessWorld.Given) -> Bool {
        (given.validFrom ?? .min) <= question.time && (given.expiresAt.map { question.time < $0 } ?? true)
    }

    private var isOwner: Bool {
        world.given.contains { given in
            guard isHeld(given), isValid(given), given.scope == .realm, case .role(let id) = given.kind else { return false }
            return id == "owner"
        }
    }

    // MARK: Who

    private var person: AccessWorld.Person? { person(question.subject) }

    private func person(_ subject: Subject) -> AccessWorld.Person? {
        world.people.first { $0.subject == subject }
    }

    private func isHeld(_ given: AccessWorld.Given) -> Bool {
        if given.holder.kind == "group" { return groups(of: person?.groups ?? []).contains(given.holder.id) }
        return given.holder == question.subject
    }

    /// These groups, the groups those are in, and so on.
    private func groups(of direct: [String], without seen: Set<String> = []) -> Set<String> {
        var all = Set<String>()
        for team in world.teams where direct.contains(team.id) && !seen.contains(team.id) {
            all.insert(team.id)
            all.formUnion(groups(of: team.groups, without: seen.union([team.id])))
        }
        return all
    }

    private func permissions(ofRole id: String, without seen: Set<String>) -> [Permission] {
        guard !seen.contains(id), let role = role(id) else { return [] }
        return role.permissions + role.includes.flatMap { permissions(ofRole: $0, without: seen.union([id])) }
    }

    private func role(_ id: String) -> Role? {
        Role.builtIn[id] ?? world.roles.first { $0.id == id }
    }

    private func rolesHeld() -> Set<String> {
        func included(_ id: String, _ seen: Set<String>) -> Set<String> {
            guard !seen.contains(id), let role = role(id) else { return [] }
            return role.includes.reduce(into: [id]) { $0.formUnion(included($1, seen.union([id]))) }
        }
        var all = Set<String>()
        for given in world.given where isHeld(given) && isValid(given) {
            if case .role(let id) = given.kind { all.formUnion(included(id, [])) }
        }
        return all
    }

    // MARK: What

    private var type: ResourceType? {
        ResourceType.builtIn[question.resourceType] ?? world.types.first { $0.id == question.resourceType }
    }

    private var name: ResourceName? {
        guard let type, let id = question.resourceID else { return nil }
        return ResourceName(id, syntax: type.syntax, action: question.action)
    }

    private var thing: AccessWorld.Thing? {
        guard type?.plane == .runtime, let name else { return nil }
        return world.things.first { $0.type == question.resourceType && $0.id == name.canonical }
    }

    /// The action itself and every action it includes, however many steps away.
    private func includes(_ action: String, _ wanted: String, without seen: Set<String> = []) -> Bool {
        if action == wanted { return true }
        guard !seen.contains(action), let found = type?.actions.first(where: { $0.id == action }) else { return false }
        return found.includes.contains { includes($0, wanted, without: seen.union([action])) }
    }

    // MARK: Does it fit?

    private func fits(_ permission: Permission, of given: AccessWorld.Given) -> Bool {
        (permission.resourceType == "*" || permission.resourceType == question.resourceType)
            && permission.actions.contains { $0 == "*" || includes($0, question.action) }
            && (permission.scopes?.contains(given.scope.kind) ?? true)
            && covers(given.scope, permission.effect)
            && matches(permission)
            && holds(permission)
    }

    /// A deny reaches a resource already when the question may stand for it: a subscription to more than one topic.
    private func covers(_ scope: Scope, _ effect: Permission.Effect) -> Bool {
        switch scope {
        case .realm: return true
        case .resources(let type, let ids):
            guard type == question.resourceType, let name else { return false }
            return ids.contains { name.fits(exact: $0, purpose: effect == .deny ? .deny : .allow) }
        case .organization(let id):
            if type?.plane == .runtime { return thing.map { $0.organization == id } ?? false }
            return question.resourceType == "organization" && question.resourceID == id
        case .group(let id):
            // Its members: users, services, devices and groups.
            switch question.resourceType {
            case "group":
                return groups(of: world.teams.first { $0.id == question.resourceID }?.groups ?? []).contains(id)
            case "user", "service", "device":
                return groups(of: target?.groups ?? []).contains(id)
            default: return false
            }
        }
    }

    /// The principal asked about.
    private var target: AccessWorld.Person? {
        guard ["user", "service", "device"].contains(question.resourceType), let id = question.resourceID else { return nil }
        return person(Subject(kind: question.resourceType, id: id))
    }

    private func matches(_ permission: Permission) -> Bool {
        let isDeny = permission.effect == .deny
        switch permission.match {
        case .any: return true
        case .id(let id): return name?.fits(exact: id, purpose: isDeny ? .deny : .allow) ?? false
        case .pattern(let pattern):
            return name.map { pattern.fits($0, purpose: isDeny ? .deny : .allow, variable: variable) } ?? false
        case .property(let property, let attribute):
            // A type as a whole has no properties. What is unknown is no allow, but is a deny.
            guard name != nil, let left = value(.resource, property), let right = value(.subject, attribute) else {
                return isDeny
            }
            switch left.compared(.equal, with: right) {
            case .yes: return true
            case .no: return false
            case .unknown: return isDeny
            }
        }
    }

    private func variable(_ name: String) -> String? {
        let found: AttributeValue?
        switch name {
        case "username": found = person.map { .string($0.name) }
        case "device": found = question.subject.kind == "device" ? person.map { .string($0.name) } : nil
        case "client":
            guard case .string(let client)? = question.claims.context["client"] else { return nil }
            found = .string(client)
        default: found = person?.attributes[String(name.dropFirst("attribute.".count))]
        }
        switch found {
        case .string(let text): return text
        case .integer(let number): return "\(number)"
        case .bool(let flag): return "\(flag)"
        case .number, .list, nil: return nil
        }
    }

    private func holds(_ permission: Permission) -> Bool {
        guard let condition = permission.condition else { return true }
        let truth = condition.evaluate(self)
        return truth == .yes || (truth == .unknown && permission.effect == .deny)
    }
}

/// What is stored wins, key by key, over what the question claims.
extension NaiveEvaluator: ConditionFacts {
    func value(_ root: AttributePath.Root, _ name: String) -> AttributeValue? {
        switch root {
        case .subject: subject(name)
        case .action: name == "name" ? .string(question.action) : question.claims.action[name]
        case .resource: resource(name)
        case .context: question.claims.context[name]
        }
    }

    private func subject(_ name: String) -> AttributeValue? {
        switch name {
        case "id": return .string(question.subject.id)
        case "username": return person.map { .string($0.name) }
        case "kind": return .string(question.subject.kind)
        case "groups":
            let ids = groups(of: person?.groups ?? [])
            let names = world.teams.filter { ids.contains($0.id) }.map(\.name)
            return .list((Array(ids) + names).map(AttributeValue.string))
        case "roles": return .list(rolesHeld().map(AttributeValue.string))
        default: return person?.attributes[name] ?? question.claims.subject[name]
        }
    }

    private func resource(_ name: String) -> AttributeValue? {
        if name == "type" { return .string(question.resourceType) }
        if name == "id" { return self.name.map { .string($0.canonical) } }
        if name == "username", let target { return .string(target.name) }
        return thing?.properties[name] ?? question.claims.resource[name]
    }
}
