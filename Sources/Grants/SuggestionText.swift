import Access
import Model

/// Puts what the engine suggests into a sentence with names and into a change as the API takes it.
struct SuggestionText {
    private let question: Question
    private let snapshot: Snapshot

    init(_ question: Question, _ snapshot: Snapshot) {
        self.question = question
        self.snapshot = snapshot
    }

    func change(_ suggestion: Suggestion) -> SuggestedChange {
        switch suggestion {
        case .enable(let subject):
            return SuggestedChange(
                description: "Enable \(name(subject)).",
                change: PlannedChange(.update, "/\(subject.kind)s/\(subject.id)", object(("status", .string("active")))))
        case .extend(let id, let isAssignment, let holder, let startsLater):
            let field = startsLater ? "validFrom" : "expiresAt"
            return SuggestedChange(
                description: "Let \(grant(id, isAssignment, holder)) \(startsLater ? "begin now" : "hold without an end").",
                change: PlannedChange(.update, path(id, isAssignment), object((field, .null))))
        case .widen(let id, let isAssignment, let holder, let scope):
            return SuggestedChange(
                description: "Let \(grant(id, isAssignment, holder)) reach \(resource) too.",
                change: PlannedChange(.update, path(id, isAssignment), object(("scope", PermissionText.json(scope)))))
        case .assign(let role, let holder, let scope): return assign(role, holder, scope)
        case .authorize(let holder, let permission):
            return SuggestedChange(
                description: "Authorize \(name(holder)) to \(question.action) \(resource).",
                change: PlannedChange(
                    .create, "/authorizations",
                    object(("principal", reference(holder)), ("permissions", PermissionText.json([permission])))))
        case .remove(let id, let isAssignment, let holder):
            return SuggestedChange(
                description: "Take away \(grant(id, isAssignment, holder)), which denies it.",
                change: PlannedChange(.delete, path(id, isAssignment)))
        case .leave(let subject, let group):
            return SuggestedChange(
                description:
                    "Take \(name(subject)) out of \(name(Subject(kind: Subject.groupKind, id: group))), through which it is denied.",
                change: PlannedChange(.delete, "/groups/\(group)/members/\(subject.kind)s/\(subject.id)"))
        }
    }

    private func assign(_ role: String, _ holder: Subject, _ scope: Scope) -> SuggestedChange {
        var value = [("principal", reference(holder)), ("role", JSONValue.string(role))]
        var description = "Give \(name(holder)) \(roleName(role))"
        if scope != .realm {
            value.append(("scope", PermissionText.json(scope)))
            description += " on \(resource) alone"
        }
        return SuggestedChange(
            description: description + ".", change: PlannedChange(.create, "/role-assignments", JSONObject(value)))
    }

    private func object(_ members: (String, JSONValue)...) -> JSONObject {
        JSONObject(members)
    }

    private func path(_ id: String, _ isAssignment: Bool) -> String {
        (isAssignment ? "/role-assignments/" : "/authorizations/") + id
    }

    private func reference(_ holder: Subject) -> JSONValue {
        .object(object(("kind", .string(holder.kind)), ("id", .string(holder.id))))
    }

    // MARK: Words

    private var resource: String {
        question.resourceID.map { "\(question.resourceType) \($0.prefix(200))" } ?? "every \(question.resourceType)"
    }

    private func name(_ subject: Subject) -> String {
        let name = snapshot.name(of: subject) ?? subject.id
        return subject.kind == "user" ? name : "the \(subject.kind) \(name)"
    }

    private func roleName(_ role: String) -> String {
        "the role \(snapshot.role(role)?.role.name ?? role)"
    }

    private func grant(_ id: String, _ isAssignment: Bool, _ holder: Subject) -> String {
        let held = snapshot.holdings(of: holder).grants.first { $0.id == id && $0.isAssignment == isAssignment }
        guard case .role(let role)? = held?.kind else { return "the authorization of \(name(holder))" }
        return "the assignment of \(roleName(role)) to \(name(holder))"
    }
}
