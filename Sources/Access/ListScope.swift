/// Which objects of a type somebody may see, as an expression a list's query takes over: so that a list is filtered where it is
/// read and not after paging.
public indirect enum ListScope: Sendable, Hashable {
    case all
    case none
    /// The objects with these ids.
    case ids(Set<String>)
    /// The objects whose ids begin so.
    case prefix(String)
    /// The members of these groups themselves; nested groups are among them already.
    case members(ofGroups: Set<String>)
    /// A filter over the fields of the object, such as `username`.
    case filter(Filter)
    case and([ListScope])
    case or([ListScope])
    case not(ListScope)

    /// Whether it lets an object through of which no more is known than its id.
    public func contains(id: String) -> Bool {
        switch self {
        case .all: true
        case .none, .members, .filter: false
        case .ids(let ids): ids.contains(id)
        case .prefix(let prefix): id.utf8.starts(with: prefix.utf8)
        case .and(let parts): parts.allSatisfy { $0.contains(id: id) }
        case .or(let parts): parts.contains { $0.contains(id: id) }
        // What cannot be told is kept out.
        case .not(let part): part.isToldByID && !part.contains(id: id)
        }
    }

    private var isToldByID: Bool {
        switch self {
        case .all, .none, .ids, .prefix: true
        case .members, .filter: false
        case .and(let parts), .or(let parts): parts.allSatisfy(\.isToldByID)
        case .not(let part): part.isToldByID
        }
    }

    static func any(of parts: [ListScope]) -> ListScope {
        var left: [ListScope] = []
        var ids = Set<String>()
        for part in parts {
            switch part {
            case .all: return .all
            case .none: continue
            case .ids(let more): ids.formUnion(more)
            default: left.append(part)
            }
        }
        if !ids.isEmpty { left.append(.ids(ids)) }
        return left.isEmpty ? .none : left.count == 1 ? left[0] : .or(left)
    }

    static func all(of parts: [ListScope]) -> ListScope {
        var left: [ListScope] = []
        for part in parts {
            switch part {
            case .none: return .none
            case .all: continue
            default: left.append(part)
            }
        }
        return left.isEmpty ? .all : left.count == 1 ? left[0] : .and(left)
    }

    static func excluding(_ part: ListScope) -> ListScope {
        switch part {
        case .all: .none
        case .none: .all
        default: .not(part)
        }
    }
}

extension Snapshot {
    /// Which objects of a management type the subject may do `action` on.
    ///
    /// - Parameter narrowing: what the token that asks is narrowed to.
    public func listScope(
        _ subject: Subject, action: String, type typeID: String, at time: Int64, narrowing: [Permission]? = nil
    ) -> ListScope {
        let question = Question(subject: subject, action: action, resourceType: typeID, resourceID: nil, time: time)
        guard var evaluation = Evaluation(question, self) else { return .none }
        var allows: [ListScope] = []
        var denies: [ListScope] = []
        evaluation.eachCandidateOfType { candidate, state in
            let permission = candidate.rule.permission
            guard permission.counts(in: candidate.grant.scope) else { return }
            let part = ListScope.all(of: [
                reach(candidate.grant.scope, type: typeID), extent(permission, &state), condition(permission, &state),
            ])
            if permission.effect == .allow { allows.append(part) } else { denies.append(part) }
        }
        var scope = ListScope.any(of: allows)
        if !denies.isEmpty, !evaluation.isImmuneToDeny() {
            scope = .all(of: [scope, .excluding(.any(of: denies))])
        }
        if let narrowing { scope = .all(of: [scope, self.narrowing(narrowing, &evaluation)]) }
        return scope
    }

    private func narrowing(_ permissions: [Permission], _ evaluation: inout Evaluation<Snapshot>) -> ListScope {
        var allows: [ListScope] = []
        var denies: [ListScope] = []
        for permission in permissions
        where permission.resourceType == evaluation.type.id && permission.names(anyOf: evaluation.granting.actions) {
            let part = ListScope.all(of: [extent(permission, &evaluation), condition(permission, &evaluation)])
            if permission.effect == .allow { allows.append(part) } else { denies.append(part) }
        }
        return .all(of: [.any(of: allows), .excluding(.any(of: denies))])
    }

    private func reach(_ scope: Scope, type: String) -> ListScope {
        switch scope {
        case .realm: .all
        case .resources(let other, let ids): other == type ? .ids(ids) : .none
        case .group(let group): .members(ofGroups: descendants(of: group))
        case .organization(let id): type == "organization" ? .ids([id]) : .none
        }
    }

    private func extent(_ permission: Permission, _ state: inout Evaluation<Snapshot>) -> ListScope {
        switch permission.match {
        case .any: return .all
        case .id(let id): return .ids([id])
        case .pattern(let pattern):
            guard let prefix = pattern.listPrefix else { return permission.effect == .deny ? .all : .none }
            return .prefix(prefix)
        case .property(let property, let attribute):
            return extent(property: property, attribute: attribute, isDeny: permission.effect == .deny, &state)
        }
    }

    /// What is unknown for every object lists nothing, or hides everything.
    private func extent(
        property: String, attribute: String, isDeny: Bool, _ state: inout Evaluation<Snapshot>
    ) -> ListScope {
        let unknown = isDeny ? ListScope.all : .none
        let path = AttributePath(.subject, attribute)
        state.know(Condition.Reads([path]))
        guard let wanted = state.value(path) else { return unknown }
        if property == "type" {
            let truth = AttributeValue.string(state.type.id).compared(.equal, with: wanted)
            return truth == .unknown ? unknown : truth == .yes ? .all : .none
        }
        // Ids and what types declare are texts: nothing else is equal to them.
        let texts = wanted.texts
        guard !texts.isEmpty, property == "id" || state.type.properties.contains(property) else { return unknown }
        if property == "id" { return .ids(Set(texts)) }
        return .any(of: texts.map { .filter(.compare(path: property, .equal, .string($0))) })
    }

    private func condition(_ permission: Permission, _ state: inout Evaluation<Snapshot>) -> ListScope {
        guard let condition = permission.condition else { return .all }
        state.know(condition.reads)
        switch condition.residual(state, counting: permission.effect == .deny, kind: { _ in .text }) {
        case .constant(let truth): return truth == .yes ? .all : .none
        case .filter(let filter): return .filter(filter)
        // Refused when it was written; here the safe side.
        case .unsupported: return permission.effect == .deny ? .all : .none
        }
    }

    /// The group and every group in it, transitively.
    public func descendants(of group: String) -> Set<String> {
        var children: [String: [String]] = [:]
        eachGroup { facts in
            for parent in facts.groups { children[parent, default: []].append(facts.id) }
            return true
        }
        var found: Set<String> = [group]
        var waiting = [group]
        while let next = waiting.popLast() {
            for child in children[next] ?? [] where found.insert(child).inserted { waiting.append(child) }
        }
        return found
    }
}

extension Pattern {
    /// What every id it fits begins with, when that is all it says; `nil` otherwise. Lists can be filtered by that alone.
    public var listPrefix: String? {
        guard syntax == .name, variables.isEmpty, text.last == "*" else { return nil }
        let prefix = text.dropLast()
        return prefix.contains("*") ? nil : String(prefix)
    }
}

extension AttributeValue {
    /// Its texts: itself, or those of a list.
    var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .list(let values): values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        case .integer, .number, .bool: []
        }
    }
}
