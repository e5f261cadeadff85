import Audit
import Authentication
import Grants
import Model
import Storage

/// Good rows of an import that go in together or not at all, in waves in which no name occurs twice: a row sees what those before
/// it did.
struct ImportChunk: Sendable {
    struct Entry: Sendable {
        let row: ImportedRow
        /// The user this row makes, should nobody have the name.
        let new: UserTable.Prepared
    }

    let waves: [[Entry]]
    let time: Timestamp

    init(_ rows: [ImportedRow], at now: Timestamp) {
        time = now
        var waves: [[Entry]] = []
        var seen: [String: Int] = [:]
        for row in rows {
            let wave = seen[row.key, default: 0]
            seen[row.key] = wave + 1
            if wave == waves.count { waves.append([]) }
            waves[wave].append(Entry(row: row, new: Self.prepare(row, at: now)))
        }
        self.waves = waves
    }

    private static func prepare(_ row: ImportedRow, at now: Timestamp) -> UserTable.Prepared {
        var user = User.blank(named: row.username)
        _ = UserWriter.apply(row.patch, to: &user)
        user.id = EntityID.make(at: now)
        user.createdAt = now
        user.updatedAt = now
        let status: PrincipalRecord.Status =
            switch row.status {
            case .disabled: .disabled
            // Nobody is active without a password.
            case .active, nil: row.secret == nil ? .invited : .active
            case .invited: .invited
            }
        return UserTable.Prepared(user, status: status, secret: row.secret)
    }
}

/// What came of a chunk.
struct ImportOutcome: Sendable {
    var created: [EntityID] = []
    var updated: [EntityID] = []
    /// Rows that changed nothing because what they give is there already; counted as updated.
    var unchanged = 0
    var skipped = 0
    var refused: [RefusedRow] = []
    /// Keys of the names that a dry run would have made.
    var names: Set<String> = []
    var disabledOwners: Set<EntityID> = []
    var revision: Revision?
}

/// Puts one chunk into the database, inside its transaction; or only looks what would come of it.
struct ChunkWriter {
    let imports: UserImports
    let options: UserImportOptions
    let caller: Caller
    let standing: Standing
    let connection: any Connection
    let now: Timestamp
    /// What a dry run remembers of the rows before; unused otherwise.
    let rehearsal: ImportRehearsal
    private(set) var outcome = ImportOutcome()

    init(
        imports: UserImports, options: UserImportOptions, caller: Caller, standing: Standing, connection: any Connection,
        now: Timestamp, rehearsal: ImportRehearsal
    ) {
        self.imports = imports
        self.options = options
        self.caller = caller
        self.standing = standing
        self.connection = connection
        self.now = now
        self.rehearsal = rehearsal
    }

    mutating func run(_ chunk: ImportChunk) throws {
        for wave in chunk.waves { try run(wave) }
        // What the plan has seen to, once more with the eyes of the rule itself.
        if !outcome.disabledOwners.isEmpty, !options.dryRun {
            try LastOwner.require(realm: caller.realm, at: now, on: connection)
        }
        outcome.refused.sort { $0.row < $1.row }
    }

    private mutating func run(_ wave: [ImportChunk.Entry]) throws {
        let known = try Principals.find(nameKeys: wave.map(\.row.key), realm: caller.realm, on: connection)
        var fresh: [UserTable.Prepared] = []
        var changes: [(entry: ImportChunk.Entry, principal: PrincipalRecord)] = []
        for entry in wave {
            if let principal = known[entry.row.key] {
                switch options.onConflict {
                case .fail: refuse(entry.row, Self.taken)
                case .skip: outcome.skipped += 1
                case .update: changes.append((entry, principal))
                }
            } else if options.dryRun, outcome.names.contains(entry.row.key) || rehearsal.knows(entry.row.key) {
                switch options.onConflict {
                case .fail: refuse(entry.row, Self.taken)
                case .skip: outcome.skipped += 1
                case .update: outcome.unchanged += 1
                }
            } else {
                fresh.append(entry.new)
                if options.dryRun { outcome.names.insert(entry.row.key) }
            }
        }
        if !options.dryRun, !fresh.isEmpty {
            try UserTable.insert(fresh, realm: caller.realm, at: now, on: connection)
        }
        outcome.created += fresh.map(\.user.id)
        try update(changes)
    }

    private mutating func refuse(_ row: ImportedRow, _ error: FieldError) {
        outcome.refused.append(RefusedRow(row: row.number, errors: [error]))
    }

    private static let taken = FieldError(field: "username", code: "taken", message: "That name is taken.")

    // MARK: Changing who is there

    private mutating func update(_ changes: [(entry: ImportChunk.Entry, principal: PrincipalRecord)]) throws {
        guard !changes.isEmpty else { return }
        let ids = changes.filter { $0.principal.reference.kind == .user }.map(\.principal.reference.id)
        let users = try UserTable.find(ids, realm: caller.realm, at: now, on: connection)
        let withPassword = try Credentials.holders(among: ids, realm: caller.realm, on: connection)
        let powerful = try AssignmentTable.holders(among: ids, realm: caller.realm, on: connection)
        var owners: Set<EntityID>?
        for (entry, principal) in changes {
            let id = principal.reference.id
            // Somebody the caller may not see has a name that is taken, and no more.
            guard let user = users[id], try standing.allows(.userRead, on: id.text) else {
                refuse(entry.row, Self.taken)
                continue
            }
            let row = entry.row
            let status = Self.status(row, principal, hasPassword: withPassword.contains(id))
            let endsAbility = status == .disabled && principal.status == .active
            if endsAbility, owners == nil {
                owners = try LastOwner.able(
                    realm: caller.realm, limit: Statement.listLimit + 1, at: now, on: connection
                )
                .subtracting(options.dryRun ? rehearsal.disabled.union(outcome.disabledOwners) : [])
            }
            let plan = Change(row: row, user: user, principal: principal, status: status)
            if let error = try refusal(of: plan, hasPassword: withPassword.contains(id), isPowerful: powerful.contains(id)) {
                refuse(row, error)
            } else if endsAbility, owners == [id] {
                refuse(row, FieldError(field: "status", code: "last_owner", message: LastOwner.message))
            } else if try apply(plan) {
                outcome.updated.append(id)
                if endsAbility, owners?.remove(id) != nil { outcome.disabledOwners.insert(id) }
            }
        }
    }

    private struct Change {
        let row: ImportedRow
        let user: User
        let principal: PrincipalRecord
        /// What the status becomes.
        let status: PrincipalRecord.Status
    }

    private static func status(
        _ row: ImportedRow, _ principal: PrincipalRecord, hasPassword: Bool
    ) -> PrincipalRecord.Status {
        let canSignIn = hasPassword || row.secret != nil
        switch row.status {
        case .disabled: return .disabled
        case .active, .invited: return canSignIn ? .active : .invited
        // A first password makes somebody active, as setting one by hand does.
        case nil: return principal.status == .invited && canSignIn ? .active : principal.status
        }
    }

    private func refusal(of plan: Change, hasPassword: Bool, isPowerful: Bool) throws -> FieldError? {
        let id = plan.principal.reference.id.text
        let changesStatus = plan.status != plan.principal.status
        var needed: [(ManagementPermission, field: String)] = [(.userUpdate, "")]
        if plan.row.secret != nil { needed.append((.userResetPassword, "passwordHash")) }
        if changesStatus, plan.row.status != nil { needed.append((.userDisable, "status")) }
        for (permission, field) in needed where try !standing.allows(permission, on: id) {
            return FieldError(field: field, code: "forbidden", message: "This needs the permission \(permission.description).")
        }
        if plan.row.status == .invited, hasPassword {
            return FieldError(
                field: "status", code: "contradiction", message: "This user has a password and cannot be invited again.")
        }
        let takesOver = plan.row.secret != nil || (changesStatus && plan.row.status != nil)
        guard takesOver else { return nil }
        if plan.principal.reference == standing.principal {
            return FieldError(
                field: plan.row.secret == nil ? "status" : "passwordHash", code: "own_account",
                message: "An import changes neither your own password nor your own status.")
        }
        if try standing.hasPower(over: plan.principal.reference) { return nil }
        return FieldError(
            field: plan.row.secret == nil ? "status" : "passwordHash", code: "forbidden",
            message: "This user holds permissions that you do not hold.")
    }

    /// Whether the row went in; what is wrong with the user it makes is told.
    private mutating func apply(_ plan: Change) throws -> Bool {
        var changed = plan.user
        let problems = UserWriter.apply(plan.row.patch, to: &changed)
        guard problems.isEmpty else {
            outcome.refused.append(RefusedRow(row: plan.row.number, errors: problems))
            return false
        }
        let changes = UserWriter.changes(from: plan.user, to: changed)
        guard try standing.mayWrite(UserWriter.attributes(in: changes), of: plan.principal.reference) else {
            refuse(
                plan.row,
                FieldError(
                    field: "attributes", code: "forbidden",
                    message: "These attributes decide about permissions of this user that you do not hold."))
            return false
        }
        let isProfileSame = changes.isEmpty
        guard !isProfileSame || plan.status != plan.principal.status || plan.row.secret != nil else {
            outcome.unchanged += 1
            return false
        }
        guard !options.dryRun else { return true }
        let id = plan.principal.reference.id
        try Principals.update(plan.principal, status: plan.status, realm: caller.realm, at: now, on: connection)
        if !isProfileSame { try UserTable.updateProfile(changed, from: plan.user, realm: caller.realm, on: connection) }
        if let secret = plan.row.secret {
            try Credentials.setPassword(secret, mustChange: false, of: id, realm: caller.realm, at: now, on: connection)
            try Throttle.clear(id, name: plan.user.username, realm: caller.realm, on: connection)
        }
        if plan.row.secret != nil || (plan.status == .disabled && plan.principal.status != .disabled) {
            try imports.users.sessionStore.endAll(of: id, realm: caller.realm, on: connection)
        }
        return true
    }
}
