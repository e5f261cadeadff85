/// A permission that speaks about the question, with the place it was found at.
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
    let granting: ResourceType.Granting
    /// `nil`: the question is about the type as a whole.
    let name: ResourceName?
    let keys: RuleTable.Keys

    private(set) var isAllowed = false
    private(set) var isDenied = false
    /// Whether every permission that speaks about the question is wanted, and not the answer only.
    private let gathers: Bool
    private(set) var found: [Candidate] = []

    /// The groups in the order they were met, and where from.
    private(set) var groups: [(group: GroupFacts, cameFrom: Int)] = []
    private var isWalked = false
    /// What conditions read, as far as it was asked for.
    var known = KnownValues()
    private var coveringGroups: Set<String>?

    /// `nil` when the answer is "deny" whatever was granted: unknown or inactive subject, unknown type or action, refused id.
    init?(_ question: Question, _ facts: Facts, gathers: Bool = false) throws(Failure) {
        guard let principal = try facts.principal(question.subject), principal.isActive,
            let type = try facts.resourceType(question.resourceType),
            let granting = type.granting(question.action)
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
        self.gathers = gathers
        keys = RuleTable.Keys(type, name)
    }

    // MARK: Weighing

    /// Goes through everything that was granted until the answer is clear, or through all of it when it gathers.
    mutating func weigh() throws(Failure) {
        try weigh(principal.holdings, holder: -1)
        if type.plane == .management { try weigh(Holdings.everybody, holder: -1) }
        guard !principal.groupKeys.isEmpty else { return }
        try walk()
        for place in groups.indices { try weigh(groups[place].group.holdings, holder: place) }
    }

    private mutating func weigh(_ holdings: Holdings, holder: Int) throws(Failure) {
        let keys = keys
        if mayMatter(holdings.authorized) {
            try holdings.authorized.each(keys, granting.bits) { (rule) throws(Failure) in
                guard let grant = rule.grant, rule.isValid(at: question.time) else { return }
                try weigh(rule, grant, nil, holder)
            }
        }
        for assignment in holdings.assignments where assignment.grant.isValid(at: question.time) {
            guard let role = try facts.role(assignment.role), mayMatter(role.rules) else { continue }
            try role.rules.each(keys, granting.bits) { (rule) throws(Failure) in try weigh(rule, assignment.grant, role, holder) }
        }
    }

    /// Once something allows, only a deny can change the answer.
    @inline(__always)
    private func mayMatter(_ rules: RuleTable) -> Bool {
        rules.hasDeny || !isAllowed || gathers
    }

    private mutating func weigh(_ rule: Rule, _ grant: Grant, _ role: ExpandedRole?, _ holder: Int) throws(Failure) {
        if !gathers, rule.isDeny ? isDenied : isAllowed { return }
        guard rule.speaks(type, granting), try fits(rule, grant) else { return }
        if rule.isDeny { isDenied = true } else { isAllowed = true }
        if gathers { found.append(Candidate(rule: rule, grant: grant, role: role, holder: holder)) }
    }

    mutating func allows() throws(Failure) -> Bool {
        try verdict() == .allowed
    }

    mutating func verdict() throws(Failure) -> Verdict {
        try weigh()
        if isDenied, !(try isImmuneToDeny()) { return .denied }
        return isAllowed ? .allowed : .notAllowed
    }

    /// Whether permissions that narrow a token let the question through.
    mutating func isInside(_ permissions: [Permission]) throws(Failure) -> Bool {
        var isInside = false
        for permission in permissions where permission.resourceType == type.id && permission.names(anyOf: granting.actions) {
            guard try matches(permission), try holds(permission) else { continue }
            if permission.effect == .deny { return false }
            isInside = true
        }
        return isInside
    }

    func isImmuneToDeny() throws(Failure) -> Bool {
        guard type.plane == .management else { return false }
        return try Owners.holds(principal, facts, at: question.time)
    }

    // MARK: Going through everything

    /// As `weigh`, for questions about a type as a whole: permissions of exact ids too, whatever they match.
    mutating func eachCandidateOfType(_ body: (Candidate, inout Evaluation) throws(Failure) -> Void) throws(Failure) {
        try eachHeldRule { (candidate, state) throws(Failure) in
            guard candidate.grant.isValid(at: state.question.time), candidate.rule.speaks(state.type, state.granting) else {
                return
            }
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
            for assignment in holdings.assignments {
                guard let role = try facts.role(assignment.role) else { continue }
                for rule in role.rules.rules {
                    try body(Candidate(rule: rule, grant: assignment.grant, role: role, holder: holder), &self)
                }
            }
            for rule in holdings.authorized.rules {
                guard let grant = rule.grant else { continue }
                try body(Candidate(rule: rule, grant: grant, role: nil, holder: holder), &self)
            }
        }
    }

    /// The one thing that keeps an allow from counting; `nil` when nothing does, or more than one.
    mutating func onlyMissing(_ candidate: Candidate) throws(Failure) -> Miss.Missing? {
        let permission = candidate.rule.permission
        var missing: [Miss.Missing] = []
        if !candidate.grant.isValid(at: question.time) { missing.append(.time) }
        if !(try matches(permission)) { missing.append(.resource) }
        if !permission.names(anyOf: granting.actions) { missing.append(.action) }
        guard missing.count < 2 else { return nil }
        let isCovered = try covers(candidate.grant, isDeny: false)
        if !isCovered || !permission.counts(in: candidate.grant.scope) { missing.append(.scope) }
        if !(try holds(permission)) { missing.append(.condition) }
        return missing.count == 1 ? missing[0] : nil
    }

    /// Walks from the principal to all its groups.
    mutating func walk() throws(Failure) {
        guard !isWalked else { return }
        isWalked = true
        groups = try GroupWalk.groups(from: principal.groupKeys, facts)
    }

    // MARK: Fitting

    /// Whether a permission whose type and actions fit speaks about this resource, here and now.
    mutating func fits(_ rule: Rule, _ grant: Grant) throws(Failure) -> Bool {
        guard try matches(rule.permission) else { return false }
        // The grant itself need not be read then.
        if !rule.isRealmWide {
            guard rule.permission.counts(in: grant.scope), try covers(grant, isDeny: rule.isDeny) else { return false }
        }
        return try holds(rule.permission)
    }

    /// Whether the condition lets the permission count: an allow needs "true", a deny counts on "unknown" too.
    mutating func holds(_ permission: Permission) throws(Failure) -> Bool {
        guard let condition = permission.condition else { return true }
        try know(condition.reads)
        switch condition.evaluate(self) {
        case .yes: return true
        case .no: return false
        case .unknown: return permission.effect == .deny
        }
    }

    mutating func matches(_ permission: Permission) throws(Failure) -> Bool {
        let isDeny = permission.effect == .deny
        switch permission.match {
        case .any: return true
        case .id(let id): return name?.fits(exact: id, purpose: isDeny ? .deny : .allow) ?? false
        case .pattern(let pattern):
            guard let name else { return false }
            if !pattern.hasVariables { return pattern.fits(name, purpose: isDeny ? .deny : .allow) { _ in nil } }
            return pattern.fits(name, purpose: isDeny ? .deny : .allow, variable: variable)
        case .property(let property, let attribute):
            return try matches(property: property, attribute: attribute, isDeny: isDeny)
        }
    }

    private mutating func matches(property: String, attribute: String, isDeny: Bool) throws(Failure) -> Bool {
        // A type as a whole has no properties; what is unknown is denied.
        guard let name else { return isDeny }
        // Oneself: what everybody may do, asked more often than anything else.
        if property == "id", attribute == "id" { return ExactText.equal(name.canonical, principal.subject.id) }
        let left = AttributePath(.resource, property)
        let right = AttributePath(.subject, attribute)
        try know(Condition.Reads([left, right]))
        guard let wanted = value(right), let found = value(left) else { return isDeny }
        switch found.compared(.equal, with: wanted) {
        case .yes: return true
        case .no: return false
        case .unknown: return isDeny
        }
    }

    /// Whether the grant's scope reaches the resource, by what is stored and never by what the question claims. A deny reaches it already
    /// when the name may stand for what the scope names.
    mutating func covers(_ grant: Grant, isDeny: Bool) throws(Failure) -> Bool {
        switch grant.scope {
        case .realm: return true
        case .resources(let type, let ids):
            guard let name, type == self.type.id else { return false }
            if isDeny, keys.isLoose { return ids.contains { name.fits(exact: $0, purpose: .deny) } }
            return grant.reach.contains(IDKey(name.canonical))
        case .organization(let organization):
            guard let name else { return false }
            if type.plane == .runtime { return try resource()?.organization == organization }
            return type.id == "organization" && ExactText.equal(name.canonical, organization)
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
    func reason(_ candidate: Candidate) -> Reason {
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
