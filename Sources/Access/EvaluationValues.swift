/// What was looked up for conditions: each at most once for a question.
struct KnownValues {
    var isResourceKnown = false
    var resource: ResourceFacts?
    /// For the management plane: the principal asked about.
    var target: PrincipalFacts?
    var groups: AttributeValue?
    var roles: AttributeValue?
}

/// What a condition reads: what is stored first, then what whoever asks claims.
extension Evaluation: ConditionFacts {
    /// Looks up what is read, so that `value` finds it.
    mutating func know(_ reads: Condition.Reads) throws(Failure) {
        if reads.isEmpty { return }
        if reads.contains(.resource) { _ = try resource() }
        if reads.contains(.groups), known.groups == nil {
            try walk()
            known.groups = .list(groups.flatMap { [.string($0.group.id), .string($0.group.name)] })
        }
        if reads.contains(.roles), known.roles == nil {
            let roles = try Engine(facts).roles(of: question.subject, at: question.time)
            known.roles = .list(roles.sorted().map(AttributeValue.string))
        }
    }

    /// The resource of the runtime plane that is asked about, if it is registered.
    mutating func resource() throws(Failure) -> ResourceFacts? {
        if known.isResourceKnown { return known.resource }
        known.isResourceKnown = true
        guard let name else { return nil }
        if type.plane == .runtime {
            known.resource = try facts.resource(type: type.id, id: name.canonical)
        } else if ["user", "service", "device"].contains(type.id) {
            known.target = try facts.principal(Subject(kind: type.id, id: name.canonical))
        }
        return known.resource
    }

    func value(_ root: AttributePath.Root, _ name: String) -> AttributeValue? {
        value(AttributePath(root, name))
    }

    func value(_ path: AttributePath) -> AttributeValue? {
        switch path.root {
        case .subject: subject(path)
        case .action: path.meaning == .name ? .string(question.action) : question.claims.action[path.name]
        case .resource: resource(path)
        case .context: question.claims.context[path.name]
        }
    }

    private func subject(_ path: AttributePath) -> AttributeValue? {
        switch path.meaning {
        case .id: .string(principal.subject.id)
        case .username: .string(principal.name)
        case .kind: .string(principal.subject.kind)
        case .groups: known.groups
        case .roles: known.roles
        case .type, .name, .plain: principal.attributes[path.name] ?? question.claims.subject[path.name]
        }
    }

    private func resource(_ path: AttributePath) -> AttributeValue? {
        switch path.meaning {
        case .type: return .string(question.resourceType)
        case .id: return name.map { .string($0.canonical) }
        // Nobody's account is what a question says of it.
        case .username: if let target = known.target { return .string(target.name) }
        case .kind, .groups, .roles, .name, .plain: break
        }
        return known.resource?.properties[path.name] ?? question.claims.resource[path.name]
    }

    /// What a variable of a pattern stands for.
    func variable(_ variable: String) -> String? {
        switch variable {
        case "username": return principal.name
        case "device": return principal.subject.kind == "device" ? principal.name : nil
        case "client":
            guard case .string(let client)? = question.claims.context["client"] else { return nil }
            return client
        default:
            guard variable.hasPrefix("attribute."),
                let value = principal.attributes[String(variable.dropFirst("attribute.".count))]
            else { return nil }
            switch value {
            case .string(let text): return text
            case .integer(let number): return String(number)
            case .bool(let flag): return flag ? "true" : "false"
            case .number, .list: return nil
            }
        }
    }
}
