import Access
import Audit
public import Authentication
import Grants
public import Model
import Storage

extension Users {
    /// A user's open sessions, newest first.
    public func sessions(of id: EntityID, caller: Caller) async throws -> [Session] {
        _ = try await get(id, caller: caller)
        try gate.require(.userReadSessions, on: id.text, caller: caller)
        return try await database.scan { [sessionStore] in
            try sessionStore.list(of: id, realm: caller.realm, on: $0)
        }
    }

    public func endSessions(of id: EntityID, caller: Caller) async throws -> Written<Void> {
        try await database.write { [self] connection in
            let standing = try standings.load(caller, on: connection)
            let user = try find(id, for: standing, permission: .userEndSessions, ifMatch: nil, caller: caller, on: connection)
            try standing.requirePower(over: .user(id), for: .userEndSessions)
            let count = try sessionStore.endAll(of: id, realm: caller.realm, on: connection)
            guard count > 0 else { return }
            try trail.append(
                .init(actor: standing.party, action: "session.end-all", target: user.party, detail: "\(count) ended"),
                caller: caller, on: connection)
        }
    }

    public func endSession(_ session: EntityID, of id: EntityID, caller: Caller) async throws -> Written<Void> {
        try await database.write { [self] connection in
            let standing = try standings.load(caller, on: connection)
            let user = try find(id, for: standing, permission: .userEndSessions, ifMatch: nil, caller: caller, on: connection)
            try standing.requirePower(over: .user(id), for: .userEndSessions)
            guard try sessionStore.end(session, of: id, realm: caller.realm, on: connection) else { throw ServiceError.notFound }
            try trail.append(
                .init(actor: standing.party, action: "session.end", target: user.party), caller: caller, on: connection)
        }
    }

    /// What deleting the user takes with it.
    public func consequencesOfDeleting(_ id: EntityID, caller: Caller) async throws -> DeletionConsequences {
        _ = try await get(id, caller: caller)
        try gate.require(.userDelete, on: id.text, caller: caller)
        return try await database.scan { [sessionStore] connection in
            DeletionConsequences(
                sessions: try sessionStore.list(of: id, realm: caller.realm, on: connection).count,
                groups: try Memberships.groups(of: .user(id), realm: caller.realm, on: connection).count,
                roleAssignments: try AssignmentTable.count(of: .user(id), realm: caller.realm, on: connection),
                authorizations: try AuthorizationTable.count(of: .user(id), realm: caller.realm, on: connection))
        }
    }

    /// The numbers on the first page, of those the caller may read.
    public func overview(caller: Caller) async throws -> Overview {
        let scope = try gate.scope(of: .userRead, caller: caller)
        // Whoever sees only themselves has no numbers to see.
        guard scope != .none, scope != .ids([caller.principal?.id.text ?? ""]) else {
            throw ServiceError.forbidden(permission: ManagementPermission.userRead.description)
        }
        let sessionScope = try gate.scope(of: .userReadSessions, caller: caller)
        let readsRecord = try gate.permits(.auditRead, caller: caller)
        return try await database.scan { [self] connection in
            func count(_ status: String) throws -> Int {
                var statement = Statement(
                    "SELECT COUNT(*) FROM (SELECT 1 FROM principal p WHERE p.realm_id = $1 AND p.kind = 'user' AND p.status = $2",
                    [.text(caller.realm.text), .text(status)])
                try statement.appendUsers(scope, realm: caller.realm)
                statement.append(" LIMIT ", .integer(Int64(Overview.countLimit)))
                statement.append(") AS counted")
                return try connection.first(statement) { Int($0.integer(0)) } ?? 0
            }
            var lockedOnes = Statement(
                """
                SELECT COUNT(*) FROM principal p WHERE p.realm_id = $1 AND p.status = 'active' AND p.id IN (
                    SELECT t.principal_id FROM sign_in_throttle t WHERE t.realm_id = $1 AND t.blocked_until > $2)
                """, [.text(caller.realm.text), .integer(clock.now().milliseconds)])
            try lockedOnes.appendUsers(scope, realm: caller.realm)
            let locked = try connection.first(lockedOnes) { Int($0.integer(0)) } ?? 0
            let active = try count("active")
            let disabled = try count("disabled")
            let invited = try count("invited")
            let hours = readsRecord ? try record.tallies(realm: caller.realm, hours: 24, on: connection) : []
            let thisHour = clock.now().milliseconds / 3_600_000
            func series(_ outcomes: Set<SignInRecord.Outcome>) -> [Int] {
                guard readsRecord else { return [] }
                return (0..<24).map { back in
                    Int(
                        hours.filter { $0.hour == thisHour - 23 + Int64(back) && outcomes.contains($0.outcome) }
                            .reduce(0) { $0 &+ $1.count })
                }
            }
            return Overview(
                users: min(Overview.countLimit, active + disabled + invited), active: max(0, active - locked),
                disabled: disabled, locked: locked, invited: invited,
                sessions: try sessionStore.count(
                    realm: caller.realm, of: sessionScope, limit: Overview.countLimit, on: connection),
                signIns: series([.success]), failures: series([.refused, .throttled]))
        }
    }
}
