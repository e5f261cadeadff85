import Access
public import Model
import Storage

/// Says why somebody may do something, what somebody may do, who may do something, and what a change would do. Reads only.
public final class AccessReports: Sendable {
    let context: AccessContext

    public init(_ context: AccessContext) {
        self.context = context
    }

    /// Why the subject may do what is asked about, or not, and what is nearest to it.
    ///
    /// About oneself everybody may ask; about others it needs `decision:explain`. Roles that the caller may not read are not told
    /// of, unless the subject holds them.
    ///
    /// - Throws: `notFound` for a subject the caller may not see, `forbidden`, `invalid` for a question that lacks something.
    public func explain(_ question: AccessQuestion, caller: Caller) async throws -> AccessExplanation {
        let gate = context.gate
        let decider = try decider(for: caller)
        let gaps = question.gaps(field: "")
        if question.subjectType.isEmpty || question.subject.isEmpty { throw ServiceError.invalid(gaps) }
        let snapshot = decider.snapshot
        let asked = decider.question(question.known)
        // Groups ask nothing themselves.
        guard snapshot.principal(asked.subject) != nil else { throw ServiceError.notFound }
        let name = try requireSight(of: asked.subject, in: snapshot, caller: caller)
        guard gaps.isEmpty else { throw ServiceError.invalid(gaps) }
        let found = snapshot.explain(asked) { gate.allows(.roleRead, on: $0, caller: caller) }
        var toAllow = found.toAllow
        if case .enable(let subject)? = toAllow, try await isInvited(subject, realm: caller.realm) { toAllow = nil }
        return AccessExplanation(
            isAllowed: found.isAllowed, revision: decider.revision,
            subject: Reason.Step(kind: asked.subject.kind, id: asked.subject.id, name: name), reasons: found.reasons,
            nearest: found.nearest, toAllow: toAllow.map { SuggestionText(asked, snapshot).change($0) })
    }

    /// The permissions that reach a user, a service, a device or a group now, each with the way to it. Those of somebody who is
    /// not active are listed too: they count again from the moment he is. What everybody may do is not among them.
    ///
    /// - Throws: `notFound`, `forbidden`.
    public func access(
        of principal: PrincipalReference, _ query: ListQuery, caller: Caller
    ) async throws -> Page<PermissionEntry> {
        let snapshot = try context.gate.snapshot(of: caller.realm).snapshot
        guard let asker = caller.principal else { throw ServiceError.unauthenticated }
        let name = try requireSight(of: principal.subject, in: snapshot, caller: caller)
        let listing = try PlacedListing(
            query, list: "access:\(principal.kind.rawValue):\(principal.id)", realm: caller.realm, caller: asker,
            key: context.cursors)
        return page(of: principal.subject, named: name, in: snapshot, listing) { _ in true }
    }

    /// The permissions of one holder that count now.
    func page(
        of subject: Subject, named name: String, in snapshot: Snapshot, _ listing: PlacedListing, where isShown: (Grant) -> Bool
    ) -> Page<PermissionEntry> {
        let now = context.gate.now.milliseconds
        let holder = Reason.Step(kind: subject.kind, id: subject.id, name: name)
        return listing.page(id: \.access.key) { body in
            snapshot.eachAccess(of: subject, counting: { $0.isValid(at: now) && isShown($0) }) { access in
                body(PermissionEntry(principal: holder, access: access))
                return true
            }
        }
    }

    /// Everything an answer is worked out from, taken once.
    func decider(for caller: Caller) throws -> AccessDecider {
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        // In this order: what is decided from is at least as new as what the answer says.
        let revision = context.gate.revision
        return AccessDecider(try context.gate.snapshot(of: caller.realm), revision: revision, time: context.gate.now)
    }

    /// Who may see somebody and be told why he may do what he may; answers the name.
    ///
    /// - Throws: `notFound`, then `forbidden`.
    private func requireSight(of subject: Subject, in snapshot: Snapshot, caller: Caller) throws -> String {
        guard let name = snapshot.name(of: subject), let permission = ManagementPermission.reading(subject.kind),
            try context.gate.permits(permission, on: subject.id, caller: caller)
        else { throw ServiceError.notFound }
        if caller.principal?.subject != subject { try context.gate.require(.decisionExplain, caller: caller) }
        return name
    }

    /// Whoever never had a credential is not enabled by saying so.
    private func isInvited(_ subject: Subject, realm: RealmID) async throws -> Bool {
        let found = try await context.database.read {
            try Principals.find(EntityID(trusted: subject.id), realm: realm, on: $0)
        }
        return found?.status != .disabled
    }
}

extension AccessQuestion {
    /// Without texts that are too long for any type or action: looking them up may take time that grows with their square.
    var known: AccessQuestion {
        var known = self
        if resourceType.utf8.count > 256 { known.resourceType = "" }
        if action.utf8.count > 256 { known.action = "" }
        return known
    }

    /// What it lacks; each of its parts needs to be named.
    func gaps(field: String) -> [FieldError] {
        let parts = [
            ("subject.type", subjectType), ("subject.id", subject), ("action.name", action), ("resource.type", resourceType),
            ("resource.id", resource),
        ]
        return parts.filter(\.1.isEmpty).map {
            FieldError(field: field + $0.0, code: "required", message: "This field is required.")
        }
    }
}

extension HeldAccess {
    /// Tells the entries of one holder apart.
    var key: String { "\(grant.id)/\(place)" }
}

extension ManagementPermission {
    /// What it takes to see somebody of this kind; `nil` when there is no such kind.
    static func reading(_ kind: String) -> ManagementPermission? {
        PrincipalKind(rawValue: kind).map { ManagementPermission($0.rawValue, "read") }
    }
}

extension Snapshot {
    func name(of subject: Subject) -> String? {
        subject.kind == Subject.groupKind ? group(subject.id)?.name : principal(subject)?.name
    }
}
