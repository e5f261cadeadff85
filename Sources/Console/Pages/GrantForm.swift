import Access
import Grants
import HTTPTypes
import Model
import Web

/// What the forms about role assignments and authorizations share, as it was typed: to whom, how far, how long, why.
struct GrantInput: Sendable {
    var kind = PrincipalKind.user.rawValue
    /// A name or an id.
    var principal = ""
    var scope = Scope.Kind.realm.rawValue
    var organization = ""
    /// A name or an id.
    var group = ""
    var type = ""
    /// One a line.
    var ids = ""
    var validFrom = ""
    var expiresAt = ""
    var reason = ""

    init() {}

    init(_ form: FormFields) {
        func text(_ name: String) -> String { trimmed(form[name] ?? "") }
        kind = text("kind")
        principal = text("principal")
        scope = text("scope")
        organization = text("organization")
        group = text("group")
        type = text("type")
        ids = form["ids"] ?? ""
        validFrom = Self.typed(text("validFrom"))
        expiresAt = Self.typed(text("expiresAt"))
        reason = text("reason")
    }

    /// What is stored, for editing.
    init(_ terms: GrantTerms, parties: Parties) {
        kind = terms.principal.kind.rawValue
        principal = parties.name(terms.principal) ?? terms.principal.id.text
        scope = terms.scope.kind.rawValue
        switch terms.scope {
        case .realm: break
        case .organization(let id): organization = id
        case .group(let id): group = parties.name(PrincipalReference(kind: .group, id: EntityID(trusted: id))) ?? id
        case .resources(let type, let ids):
            self.type = type
            self.ids = ids.sorted().joined(separator: "\n")
        }
        validFrom = terms.validFrom.map(Self.minute) ?? ""
        expiresAt = terms.expiresAt.map(Self.minute) ?? ""
        reason = terms.reason
    }

    /// `2026-11-21T18:00`, as fields of times are filled in.
    private static func minute(_ time: Timestamp) -> String { String(time.rfc3339.prefix(16)) }

    /// The script sends whole instants; the field takes minutes.
    private static func typed(_ text: String) -> String {
        Timestamp(rfc3339: text).map(minute) ?? text
    }

    static func time(_ text: String) -> Timestamp? {
        Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + ":00Z") ?? Timestamp(rfc3339: text + "Z")
            ?? Timestamp(rfc3339: text + "T00:00:00Z")
    }
}

/// The input understood: references found, times read; or everything that is wrong with it, and names to offer.
struct GrantReading: Sendable {
    private(set) var principal: PrincipalReference?
    private(set) var scope = Scope.realm
    private(set) var validFrom: Timestamp?
    private(set) var expiresAt: Timestamp?
    private(set) var problems: [FieldError] = []
    private(set) var suggestions: [String: [String]] = [:]

    /// - Parameter fixed: whom an existing grant belongs to, which cannot be changed.
    init(_ input: GrantInput, fixed: PrincipalReference? = nil, finder: Finder) async throws {
        principal = fixed
        if fixed == nil {
            if let kind = PrincipalKind(rawValue: input.kind) {
                principal = try await take(finder.party(kind, input.principal, field: "principal"), "principal")
            } else {
                problems.append(FieldError(field: "kind", code: "invalid", message: Texts.Parties.unknownKind))
            }
        }
        try await read(scope: input, finder: finder)
        validFrom = time(input.validFrom, "validFrom")
        expiresAt = time(input.expiresAt, "expiresAt")
    }

    private mutating func take(_ result: Result<PrincipalReference, FieldRefusal>, _ field: String) -> PrincipalReference? {
        switch result {
        case .success(let party): return party
        case .failure(let refusal):
            problems.append(refusal.error)
            suggestions[field] = refusal.suggestions
            return nil
        }
    }

    private mutating func read(scope input: GrantInput, finder: Finder) async throws {
        switch Scope.Kind(rawValue: input.scope) {
        case .realm: break
        case .organization: scope = .organization(input.organization)
        case .group:
            if let group = try await take(finder.party(.group, input.group, field: "group"), "group") {
                scope = .group(group.id.text)
            }
        case .resources:
            let ids = input.ids.split { $0.isNewline }.map { trimmed(String($0)) }.filter { !$0.isEmpty }
            scope = .resources(type: input.type, ids: Set(ids))
        case nil: problems.append(FieldError(field: "scope", code: "invalid", message: Texts.Grants.unknownScope))
        }
    }

    private mutating func time(_ text: String, _ field: String) -> Timestamp? {
        guard !text.isEmpty else { return nil }
        if let time = GrantInput.time(text) { return time }
        problems.append(FieldError(field: field, code: "invalid", message: Texts.Grants.badTime))
        return nil
    }

    /// The terms, when everything was understood.
    func terms(reason: String) -> GrantTerms? {
        guard problems.isEmpty, let principal else { return nil }
        return GrantTerms(principal: principal, scope: scope, validFrom: validFrom, expiresAt: expiresAt, reason: reason)
    }

    /// What differs from what is stored. A time that reads as before stays to the millisecond.
    func patch(from before: GrantInput, input: GrantInput, terms: GrantTerms) -> GrantTermsPatch {
        var patch = GrantTermsPatch()
        if scope != terms.scope { patch.scope = .set(scope) }
        if input.validFrom != before.validFrom { patch.validFrom = validFrom.map { .set($0) } ?? .clear }
        if input.expiresAt != before.expiresAt { patch.expiresAt = expiresAt.map { .set($0) } ?? .clear }
        if input.reason != before.reason { patch.reason = input.reason.isEmpty ? .clear : .set(input.reason) }
        return patch
    }
}

extension FormErrors {
    /// What a service refused in a grant, by the names of the form's fields. Not to hold what one would give is no reason to lose what
    /// was typed.
    init?(granting error: any Error, scope: String) {
        if case ServiceError.forbidden(let permission)? = error as? ServiceError {
            self.init(message: Texts.Grants.notYours(permission), status: .forbidden)
            return
        }
        guard let errors = FormErrors(error) else { return nil }
        self.init(errors.all.map { $0.named(Self.formName($0.field, scope: scope)) }, status: errors.status)
    }

    private static func formName(_ field: String, scope: String) -> String {
        switch field {
        case "principal.id", "principal.kind", "principal": "principal"
        case "scope.kind": "scope"
        case "scope.id": scope == "group" ? "group" : "organization"
        case "scope.type": "type"
        case "scope.ids": "ids"
        default: field
        }
    }

    /// Without what the page itself says in other words, and with more of its own.
    func adding(_ more: [FieldError]) -> FormErrors { FormErrors(all + more, status: status) }
}

extension FieldError {
    func named(_ field: String) -> FieldError { FieldError(field: field, code: code, message: message) }
}

/// Fields of a grant. `who`: whether it can still be said to whom.
func principalFields(
    _ call: Call, _ input: GrantInput, errors: FormErrors, suggestions: [String: [String]], autofocus: Bool
) -> HTML {
    HTML {
        selectField(
            "kind", label: Texts.Grants.kind,
            choices: [PrincipalKind.user, .group, .service].map { SelectChoice($0.rawValue, $0.word) }, selected: input.kind,
            errors: errors)
        findField(
            "principal", label: Texts.Grants.principal, value: input.principal, hint: Texts.Grants.principalHint, errors: errors,
            path: call.to("/find"), kindField: "kind", suggestions: suggestions["principal"] ?? [], autofocus: autofocus)
    }
}

/// How far, how long, why. Which of the scope's fields are seen depends, by the style sheet, on the kind that is chosen.
func termsFields(
    _ call: Call, _ input: GrantInput, types: [ResourceType], errors: FormErrors, suggestions: [String: [String]]
) -> HTML {
    HTML {
        div(.class("depends")) {
            selectField(
                "scope", label: Texts.Grants.scope,
                choices: Scope.Kind.allCases.map { SelectChoice($0.rawValue, Texts.Grants.scopeKind($0.rawValue)) },
                selected: input.scope, hint: Texts.Grants.scopeHint, errors: errors)
            div(.data("data-for", Scope.Kind.organization.rawValue)) {
                textField(
                    "organization", label: Texts.Grants.organization, value: input.organization, errors: errors,
                    autocomplete: "off", monospaced: true, maximumLength: 100)
            }
            div(.data("data-for", Scope.Kind.group.rawValue)) {
                findField(
                    "group", label: Texts.Grants.group, value: input.group, hint: Texts.Grants.groupHint, errors: errors,
                    path: call.to("/find").query("kind", "group"), suggestions: suggestions["group"] ?? [])
            }
            div(.data("data-for", Scope.Kind.resources.rawValue)) {
                selectField(
                    "type", label: Texts.Grants.type, choices: types.map { SelectChoice($0.id, "\($0.name) (\($0.id))") },
                    selected: input.type, errors: errors)
                textAreaField(
                    "ids", label: Texts.Grants.ids, value: input.ids, hint: Texts.Grants.idsHint, errors: errors, rows: 4)
            }
        }
        timeField("validFrom", label: Texts.Grants.validFrom, value: input.validFrom, errors: errors)
        timeField("expiresAt", label: Texts.Grants.expiresAt, value: input.expiresAt, errors: errors)
        textField(
            "reason", label: Texts.Grants.reason, value: input.reason, hint: Texts.Grants.reasonHint, errors: errors,
            autocomplete: "off", required: false, maximumLength: 1000)
    }
}
