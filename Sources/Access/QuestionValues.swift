/// What a condition can read of a question: what is stored first, then what whoever asks claims.
struct QuestionValues: ConditionFacts {
    let question: Question
    let principal: PrincipalFacts
    let name: ResourceName?
    var resource: ResourceFacts?
    /// For the management plane: the principal asked about.
    var target: PrincipalFacts?
    var groups: [String]?
    var roles: [String]?

    init(question: Question, principal: PrincipalFacts, name: ResourceName?) {
        self.question = question
        self.principal = principal
        self.name = name
    }

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
        case "id": .string(principal.subject.id)
        case "username": .string(principal.name)
        case "kind": .string(principal.subject.kind)
        case "groups": .list((groups ?? []).map(AttributeValue.string))
        case "roles": .list((roles ?? []).map(AttributeValue.string))
        default: principal.attributes[name] ?? question.claims.subject[name]
        }
    }

    private func resource(_ name: String) -> AttributeValue? {
        switch name {
        case "type": return .string(question.resourceType)
        case "id": return self.name.map { .string($0.canonical) }
        // Nobody's account is what a question says of it.
        case "username": if question.resourceType == target?.subject.kind { return target.map { .string($0.name) } }
        default: break
        }
        return resource?.properties[name] ?? question.claims.resource[name]
    }
}

/// What the variables of patterns stand for.
enum Variables {
    static func value(_ variable: String, of principal: PrincipalFacts, context: [String: AttributeValue]) -> String? {
        switch variable {
        case "username": return principal.name
        case "device": return principal.subject.kind == "device" ? principal.name : nil
        case "client":
            guard case .string(let client)? = context["client"] else { return nil }
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
