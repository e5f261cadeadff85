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
    /// - Throws: `notFound` for a subject the caller may not see, `forbidden`.
    public func explain(_ question: AccessQuestion, caller: Caller) async throws -> AccessExplanation {
        let gate = context.gate
        // In this order: what is decided from is at least as new as what the answer says.
        let revision = gate.revision
        let snapshot = try gate.snapshot(of: caller.realm).snapshot
        guard caller.principal != nil else { throw ServiceError.unauthenticated }
        guard let asked = snapshot.question(question, at: gate.now) else { throw ServiceError.notFound }
        let name = try requireSight(of: asked.subject, in: snapshot, caller: caller)
        let found = snapshot.explain(asked) { gate.allows(.roleRead, on: $0, caller: caller) }
        var toAllow = found.toAllow
        if case .enable(let subject)? = toAllow, try await isInvited(subject, realm: caller.realm) { toAllow = nil }
        return AccessExplanation(
            isAllowed: found.isAllowed, revision: revision,
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

    /// The question as the engine takes it; `nil` when there is no such subject.
    func question(_ question: AccessQuestion, at now: Timestamp) -> Question? {
        guard let subject = subject(question.subjectType, question.subject) else { return nil }
        return Question(
            subject: subject, action: question.action, resourceType: question.resourceType, resourceID: question.resource,
            time: now.milliseconds, claims: question.claims)
    }

    /// Who is meant by an id or, when it does not look like one, a name.
    private func subject(_ kind: String, _ idOrName: String) -> Subject? {
        // Names and ids are plain: another letter that folds to one of theirs is not theirs.
        guard kind.utf8.count <= 16, (1...256).contains(idOrName.utf8.count), idOrName.utf8.allSatisfy({ $0 < 0x80 }) else {
            return nil
        }
        let subject =
            EntityID(idOrName).map { Subject(kind: kind, id: $0.text) }
            ?? subject(named: idOrName).flatMap {
                $0.kind == kind ? $0 : nil
            }
        return subject.flatMap { principal($0) == nil ? nil : $0 }
    }
}
