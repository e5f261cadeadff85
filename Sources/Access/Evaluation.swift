/// A permission that may speak about the question, with the place it was found at.
struct Candidate {
    let rule: Rule
    let grant: Grant
    let role: ExpandedRole?
    /// Where the grant was found: -1 for the principal itself, else the place of a group in the walk.
    let holder: Int
}

/// One question at work: everything that is worked out at most once for it.
struct Evaluation<Facts: AccessFacts> {
    typealias Failure = Facts.Failure

    let question: Question
    let facts: Facts
    let principal: PrincipalFacts
    let type: ResourceType
    /// The actions any of which allows the one asked about.
    let granting: [String]
    /// `nil`: the question is about the type as a whole.
    let name: ResourceName?
    /// The groups in the order they were met, and where from.
    private(set) var groups: [(group: GroupFacts, cameFrom: Int)] = []
    private var isWalked = false
    private var resourceKnown = false
    private var resourceFacts: ResourceFacts?
    private var coveringGroups: Set<String>?

    /// `nil` when the answer is "deny" whatever was granted: unknown or inactive subject, unknown type or action, refused id.
    init?(_ question: Question, _ facts: Facts) throws(Failure) {
        guard let principal = try facts.principal(question.subject), principal.isActive,
            let type = try facts.resourceType(question.resourceType),
            let granting = type.actions(granting: question.action)
        else { return nil }
        if let id = question.resourceID {
            guard let name = ResourceName(id, syntax: type.syntax, action: question.action) else { return nil }
            self.name = name
        } else {
            name = nil
        }
        self.question = question
        self.facts = facts
        self.principal = principal
        self.type = type
        self.granting = granting
    }

    mutating func allows() throws(Failure) -> Bool {
        try verdict() == .allowed
    }

    mutating func verdict() throws(Failure) -> Verdict {
        var isAllowed = false
        var isDenied = false
        try eachCandidate { (candidate, state) throws(Failure) in
            let isDeny = candidate.rule.permission.effect == .deny
            // What is already known need not be asked again.
            if isDeny ? isDenied : isAllowed { return }
            guard try state.fits(candidate) else { return }
            if isDeny { isDenied = true } else { isAllowed = true }
        }
        if isDenied, !(try isImmuneToDeny()) { return .denied }
        return isAllowed ? .allowed : .notAllowed
    }

    /// Whether permissions that narrow a token let the question through.
    mutating func isInside(_ permissions: [Permission]) throws(Failure) -> Bool {
        var isAllowed = false
        for permission in permissions
        where permission.resourceType == type.id && permission.names(anyOf: granting) {
            guard try matches(permission), try holds(permission) else { continue }
            if permission.effect == .deny { return false }
            isAllowed = true
        }
        return isAllowed
    }

    func isImmuneToDeny() throws(Failure) -> Bool {
        guard type.plane == .management else { return false }
        return try Owners.holds(principal, facts, at: question.time)
    }

    /// Hands over each permission of a valid grant that may speak about the resource; the body gets the state to ask it on.
    @inline(__always)
    mutating func eachCandidate(_ body: (Candidate, inout Evaluation) throws(Failure) -> Void) throws(Failure) {
        try eachCandidate(of: principal.holdings, holder: -1, body)
        if !principal.groups.isEmpty {
            try walk()
            for place in groups.indices { try eachCandidate(of: groups[place].group.holdings, holder: place, body) }
        }
        if type.plane == .management { try eachCandidate(of: Holdings.everybody, holder: -1, body) }
    }

    /// As `eachCandidate`, for questions about a type as a whole: permissions of exact ids too.
    mutating func eachCandidateOfType(_ body: (Candidate, inout Evaluation) throws(Failure) -> Void) throws(Failure) {
        let time = question.time
        let typeID = type.id
        let granting = granting
        try eachHeldRule { (candidate, state) throws(Failure) in
            let permission = candidate.rule.permission
            guard candidate.grant.isValid(at: time), permission.names(anyOf: granting),
                permission.resourceType == typeID || permission.resourceType == Permission.wildcard
            else { return }
            try body(candidate, &state)
        }
    }

    /// Every permission the principal holds, whatever it speaks about and whenever it counts.
    mutating func eachHeldRule(_ body: (Candidate, inout Evaluation) throws(Failure) -> Void) throws(Failure) {
        try walk()
        var holders = [(principal.holdings, -1)]
        for place in groups.indices { holders.append((groups[place].group.holdings, place)) }
        if type.plane == .management { holders.append((Holdings.everybody, -1)) }
        for (holdings, holder) in holders {
            for grant in holdings.grants {
                switch grant.kind {
                case .role(let id):
                    guard let role = try facts.role(id) else { continue }
                    for rule in role.rules.rules {
                        try body(Candidate(rule: rule, grant: grant, role: role, holder: holder), &self)
                    }
                case .permissions:
                    for rule in grant.rules?.rules ?? [] {
                        try body(Candidate(rule: rule, grant: grant, role: nil, holder: holder), &self)
                    }
                }
            }
        }
    }

    /// The one thing that keeps an allow from counting; `nil` when nothing does, or more than one.
    mutating func onlyMissing(_ candidate: Candidate, _ granting: [String]) throws(Failure) -> Miss.Missing? {
        let permission = candidate.rule.permission
        var missing: [Miss.Missing] = []
        if !candidate.grant.isValid(at: question.time) { missing.append(.time) }
        if !(try matches(permission)) { missing.append(.resource) }
        if !permission.names(anyOf: granting) { missing.append(.action) }
        guard missing.count < 2 else { return nil }
        let isCovered = try covers(candidate.grant.scope)
        if !isCovered || !permission.counts(in: candidate.grant.scope) { missing.append(.scope) }
        if !(try holds(permission)) { missing.append(.condition) }
        return missing.count == 1 ? missing[0] : nil
    }

    private mutating func walk() throws(Failure) {
        guard !isWalked else { return }
        isWalked = true
        var found: [(group: GroupFacts, cameFrom: Int)] = []
        var places: [Int: Int] = [:]
        try GroupWalk.each(from: principal.groups, facts) { (group, place, cameFrom) throws(Failure) in
            places[place] = found.count
            found.append((group, places[cameFrom] ?? -1))
        }
        groups = found
    }

    @inline(__always)
    private mutating func eachCandidate(
        of holdings: Holdings, holder: Int, _ body: (Candidate, inout Evaluation) throws(Failure) -> Void
    ) throws(Failure) {
        let typeID = type.id
        let canonical = name?.canonical
        let time = question.time
        let facts = facts
        try holdings.each(type: typeID, id: canonical) { (grant) throws(Failure) in
            guard grant.isValid(at: time) else { return }
            switch grant.kind {
            case .role(let id):
                guard let role = try facts.role(id) else { return }
                try role.rules.each(type: typeID, id: canonical) { (rule) throws(Failure) in
                    guard rule.permission.names(anyOf: granting) else { return }
                    try body(Candidate(rule: rule, grant: grant, role: role, holder: holder), &self)
                }
            case .permissions:
                try grant.rules?.each(type: typeID, id: canonical) { (rule) throws(Failure) in
                    guard rule.permission.names(anyOf: granting) else { return }
                    try body(Candidate(rule: rule, grant: grant, role: nil, holder: holder), &self)
                }
            }
        }
    }

    /// Whether a permission whose type and actions fit speaks about this resource, here and now.
    mutating func fits(_ candidate: Candidate) throws(Failure) -> Bool {
        let permission = candidate.rule.permission
        guard try matches(permission), permission.counts(in: candidate.grant.scope), try covers(candidate.grant.scope) else {
            return false
        }
        return try holds(permission)
    }

    /// Whether the condition lets the permission count: an allow needs "true", a deny counts on "unknown" too.
    mutating func holds(_ permission: Permission) throws(Failure) -> Bool {
        guard let condition = permission.condition else { return true }
        switch condition.evaluate(try values(reading: condition.paths)) {
        case .yes: return true
        case .no: return false
        case .unknown: return permission.effect == .deny
        }
    }

    mutating func matches(_ permission: Permission) throws(Failure) -> Bool {
        switch permission.match {
        case .any: return true
        case .id(let id): return name?.fits(exact: id, purpose: permission.effect == .deny ? .deny : .allow) ?? false
        case .pattern(let pattern):
            guard let name else { return false }
            let client = question.claims.context
            let principal = principal
            return pattern.fits(name, purpose: permission.effect == .deny ? .deny : .allow) { variable in
                Variables.value(variable, of: principal, context: client)
            }
        case .property(let property, let attribute):
            return try matches(property: property, attribute: attribute, isDeny: permission.effect == .deny)
        }
    }

    private mutating func matches(property: String, attribute: String, isDeny: Bool) throws(Failure) -> Bool {
        // A type as a whole has no properties; what is unknown is denied.
        guard let name else { return isDeny }
        // Oneself: what everybody may do, asked more often than anything else.
        if property == "id", attribute == "id" { return name.canonical == principal.subject.id }
        let paths = [AttributePath(.resource, property), AttributePath(.subject, attribute)]
        let values = try values(reading: paths)
        guard let wanted = values.value(.subject, attribute), let found = values.value(.resource, property) else { return isDeny }
        switch found.compared(.equal, with: wanted) {
        case .yes: return true
        case .no: return false
        case .unknown: return isDeny
        }
    }

    /// What conditions read, gathered for the paths they name.
    mutating func values(reading paths: [AttributePath]) throws(Failure) -> QuestionValues {
        var values = QuestionValues(question: question, principal: principal, name: name)
        if paths.contains(where: { $0.root == .resource }) {
            if type.plane == .management {
                values.target = try target()
            } else {
                values.resource = try resource()
            }
        }
        for path in paths where path.root == .subject {
            switch path.name {
            case "groups" where values.groups == nil:
                try walk()
                values.groups = groups.flatMap { [$0.group.id, $0.group.name] }
            case "roles" where values.roles == nil:
                values.roles = try Engine(facts).roles(of: question.subject, at: question.time).sorted()
            default: continue
            }
        }
        return values
    }

    private mutating func resource() throws(Failure) -> ResourceFacts? {
        guard type.plane == .runtime, let name else { return nil }
        if !resourceKnown {
            resourceFacts = try facts.resource(type: type.id, id: name.canonical)
            resourceKnown = true
        }
        return resourceFacts
    }

    /// The principal that a question of the management plane is about.
    private func target() throws(Failure) -> PrincipalFacts? {
        guard let name, ["user", "service", "device"].contains(type.id) else { return nil }
        return try facts.principal(Subject(kind: type.id, id: name.canonical))
    }

    /// Whether the scope reaches the resource, by what is stored and never by what the question claims.
    mutating func covers(_ scope: Scope) throws(Failure) -> Bool {
        switch scope {
        case .realm: return true
        case .resources(let type, let ids):
            guard let name else { return false }
            return type == self.type.id && ids.contains(name.canonical)
        case .organization(let organization):
            guard let name else { return false }
            if type.plane == .runtime { return try resource()?.organization == organization }
            return type.id == "organization" && name.canonical == organization
        case .group(let group):
            guard type.plane == .management, let name else { return false }
            return try membership(of: name.canonical).contains(group)
        }
    }

    /// The groups that the principal or group asked about is in.
    private mutating func membership(of id: String) throws(Failure) -> Set<String> {
        if let coveringGroups { return coveringGroups }
        let direct: [String]
        switch type.id {
        case "user", "service", "device": direct = try facts.principal(Subject(kind: type.id, id: id))?.groups ?? []
        case Subject.groupKind: direct = try facts.group(id)?.groups ?? []
        default: direct = []
        }
        let found = Set(try Engine(facts).groups(of: direct))
        coveringGroups = found
        return found
    }

    /// The way from the principal to the permission.
    func reason(_ candidate: Candidate) throws(Failure) -> Reason {
        var steps: [Reason.Step] = []
        var place = candidate.holder
        while place >= 0 {
            steps.append(Reason.Step(kind: Subject.groupKind, id: groups[place].group.id, name: groups[place].group.name))
            place = groups[place].cameFrom
        }
        steps.append(Reason.Step(kind: principal.subject.kind, id: principal.subject.id, name: principal.name))
        steps.reverse()
        if let role = candidate.role {
            for id in role.parts[candidate.rule.part].path {
                let name = role.parts.first { $0.path.last == id }?.name ?? id
                steps.append(Reason.Step(kind: "role", id: id, name: name))
            }
        }
        return Reason(permission: candidate.rule.permission, grant: candidate.grant, role: candidate.role?.role.id, path: steps)
    }
}
