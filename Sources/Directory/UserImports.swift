import Audit
import Authentication
import Grants
public import Model
import Storage

/// Takes users over from a text of rows, in chunks of which each goes in whole or not at all.
public final class UserImports: Sendable {
    /// Rows of one transaction; what is looked up of a chunk must fit one statement.
    static let chunkRows = 500
    /// Tries of a chunk of which another writer has taken a name meanwhile, before it goes in row by row.
    private static let attempts = 3

    let users: Users

    public init(users: Users) {
        self.users = users
    }

    /// Reads `text` to its end, a chunk at a time, so that the memory it takes does not grow with it.
    ///
    /// A broken row is a refused row. When the text is no CSV (or no JSON lines) at all, that is thrown before anything is changed;
    /// so is everything else that goes wrong until then. Once something has been changed, an error ends the import and is told in
    /// the summary (`stopped`), since what is done stays done.
    ///
    /// - Parameters:
    ///   - text: UTF-8 in pieces of any size.
    ///   - refused: gets refused rows in the order of their numbers, some at a time.
    /// - Throws: `unauthenticated`, `forbidden` (needs `user:create`, and `user:update` for `onConflict` update), `malformed`, and
    ///   what `text` throws.
    public func run<Text: AsyncSequence & Sendable>(
        _ text: Text, options: UserImportOptions, caller: Caller,
        refused: @escaping @Sendable ([RefusedRow]) async throws -> Void
    ) async throws -> UserImportSummary where Text.Element == [UInt8] {
        for permission in Self.needed(options) { try users.gate.require(permission, caller: caller) }
        var run = Run(imports: self, options: options, caller: caller, refused: refused)
        do {
            for try await piece in text {
                try run.reader.read(piece)
                try await run.take(whole: false)
                if run.reader.lostAt != nil { break }
            }
            if run.reader.lostAt == nil { try run.reader.finish() }
            try await run.take(whole: true)
            if let row = run.reader.lostAt {
                run.summary.stopped = .init(row: row, error: ServiceError.malformed(Self.lost))
            }
        } catch {
            guard run.hasChanged else { throw error }
            run.summary.stopped = .init(row: run.nextRow, error: error)
        }
        return run.summary
    }

    private static let lost =
        "A quoted field begins in this row and does not end within the longest row there may be, so what follows cannot be told apart."

    static func needed(_ options: UserImportOptions) -> [ManagementPermission] {
        options.onConflict == .update ? [.userCreate, .userUpdate] : [.userCreate]
    }

    /// One chunk: in a transaction of its own, or only looked at. Rows that lose a race for a name are told so, and nobody else's
    /// suffer for it.
    fileprivate func write(
        _ chunk: ImportChunk, _ rows: [ImportedRow], _ options: UserImportOptions, _ rehearsal: ImportRehearsal, caller: Caller
    ) async throws -> ImportOutcome {
        if options.dryRun {
            let outcome = try await users.database.scan { [self] in
                try write(chunk, options, rehearsal, caller: caller, on: $0)
            }
            rehearsal.remember(outcome)
            return outcome
        }
        for _ in 0..<Self.attempts {
            do {
                let written = try await users.database.write { [self] in
                    try write(chunk, options, rehearsal, caller: caller, on: $0)
                }
                var outcome = written.value
                outcome.revision = written.revision
                return outcome
            } catch StorageError.uniqueViolation {
                continue
            }
        }
        guard rows.count > 1 else {
            let errors = [FieldError(field: "username", code: "taken", message: "That name is taken.")]
            return ImportOutcome(refused: rows.map { RefusedRow(row: $0.number, errors: errors) })
        }
        var outcome = ImportOutcome()
        for row in rows {
            outcome.add(
                try await write(ImportChunk([row], at: users.clock.now()), [row], options, rehearsal, caller: caller))
        }
        return outcome
    }

    private func write(
        _ chunk: ImportChunk, _ options: UserImportOptions, _ rehearsal: ImportRehearsal, caller: Caller,
        on connection: any Connection
    ) throws -> ImportOutcome {
        let standing = try users.standings.load(caller, on: connection)
        for permission in Self.needed(options) { try standing.require(permission) }
        var writer = ChunkWriter(
            imports: self, options: options, caller: caller, standing: standing, connection: connection, now: chunk.time,
            rehearsal: rehearsal)
        try writer.run(chunk)
        let outcome = writer.outcome
        if !options.dryRun, !outcome.created.isEmpty || !outcome.updated.isEmpty {
            try users.trail.append(
                Self.event(outcome, by: standing, caller: caller), caller: caller, on: connection)
        }
        return outcome
    }

    /// Names are nobody's to keep here: they would have to be erased with each of the persons. Ids lead to them.
    private static func event(_ outcome: ImportOutcome, by standing: Standing, caller: Caller) -> AuditTrail.Entry {
        func change(_ field: String, _ ids: [EntityID]) -> [AuditEvent.FieldChange] {
            ids.isEmpty ? [] : [.init(field: field, old: .null, new: .array(ids.map { .string($0.text) }))]
        }
        return AuditTrail.Entry(
            actor: standing.party, action: "user.import",
            target: AuditEvent.Party(kind: "user-import", id: caller.requestID, name: nil),
            detail: "\(outcome.created.count) created, \(outcome.updated.count) updated",
            changes: change("created", outcome.created) + change("updated", outcome.updated))
    }
}

extension ImportOutcome {
    mutating func add(_ other: ImportOutcome) {
        created += other.created
        updated += other.updated
        unchanged += other.unchanged
        skipped += other.skipped
        refused += other.refused
        revision = other.revision ?? revision
    }
}

/// One import on its way.
private struct Run {
    let imports: UserImports
    let options: UserImportOptions
    let caller: Caller
    let refused: @Sendable ([RefusedRow]) async throws -> Void
    var reader: RowReader
    var summary = UserImportSummary()
    private var waiting: [ImportedRow] = []
    private let rehearsal = ImportRehearsal()
    /// The first row that is not done yet.
    private(set) var nextRow = 1

    init(
        imports: UserImports, options: UserImportOptions, caller: Caller,
        refused: @escaping @Sendable ([RefusedRow]) async throws -> Void
    ) {
        self.imports = imports
        self.options = options
        self.caller = caller
        self.refused = refused
        reader = RowReader(options.format)
    }

    var hasChanged: Bool { summary.created + summary.updated > 0 && !options.dryRun }

    /// Writes the chunks that are full; with `whole` also what is left.
    mutating func take(whole: Bool) async throws {
        waiting += reader.takeRows()
        var start = 0
        while waiting.count - start >= UserImports.chunkRows || (whole && start < waiting.count) {
            let end = min(waiting.count, start + UserImports.chunkRows)
            try await write(Array(waiting[start..<end]))
            start = end
        }
        waiting.removeFirst(start)
    }

    private mutating func write(_ rows: [ImportedRow]) async throws {
        let good = rows.filter(\.errors.isEmpty)
        var outcome = ImportOutcome()
        if !good.isEmpty {
            let chunk = ImportChunk(good, at: imports.users.clock.now())
            outcome = try await imports.write(chunk, good, options, rehearsal, caller: caller)
        }
        summary.created += outcome.created.count
        summary.updated += outcome.updated.count + outcome.unchanged
        summary.skipped += outcome.skipped
        summary.revision = outcome.revision ?? summary.revision
        var refusals = outcome.refused
        for row in rows where !row.errors.isEmpty { refusals.append(RefusedRow(row: row.number, errors: row.errors)) }
        refusals.sort { $0.row < $1.row }
        summary.failed += refusals.count
        nextRow = (rows.last?.number ?? 0) + 1
        sample(good)
        if !refusals.isEmpty { try await refused(refusals) }
    }

    private mutating func sample(_ rows: [ImportedRow]) {
        for row in rows.prefix(max(0, options.samples - summary.samples.count)) {
            var user = User.blank(named: row.username)
            _ = UserWriter.apply(row.patch, to: &user)
            summary.samples.append(
                .init(
                    row: row.number, username: row.username, name: user.name, email: user.email, status: row.status?.rawValue,
                    passwordHash: row.passwordHash?.scheme, attributes: user.attributes))
        }
    }
}
