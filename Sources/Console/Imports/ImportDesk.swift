import Directory
import Model
import Synchronization
import Web

/// Imports that somebody prepares in the console: the uploaded file, what the dry run found, and what came of it.
///
/// Each belongs to the session it was uploaded in and is gone an hour later. Files have no name on the disk, so none is left
/// behind by a process that ends. Work goes on by itself; pages look in.
final class ImportDesk: Sendable {
    enum Stage: Sendable {
        case checking
        case checked(UserImportSummary)
        case importing
        case done(UserImportSummary)
        /// While checking (nothing was changed), or while importing.
        case failed(any Error)
    }

    final class Job: Sendable {
        let id: String
        let session: EntityID
        let realm: RealmID
        let options: UserImportOptions
        let file: Spool
        let report: Mutex<Spool>
        fileprivate let stage: Mutex<Stage>
        /// Bytes of the file that have been worked on.
        fileprivate let read = Mutex(0)

        fileprivate init(session: EntityID, realm: RealmID, options: UserImportOptions, file: Spool, report: Spool) {
            id = Base64URL.encode(randomBytes(16))
            self.session = session
            self.realm = realm
            self.options = options
            self.file = file
            self.report = Mutex(report)
            stage = Mutex(.checking)
        }

        var now: Stage { stage.withLock { $0 } }
        var bytesRead: Int { read.withLock { $0 } }
    }

    static let samples = 5
    private static let lifetime = Duration.seconds(3600)
    private static let capacity = 8

    private let imports: UserImports
    private let folder: String
    let maximumFile: Int
    private let jobs = Mutex<[String: Job]>([:])

    init(imports: UserImports, folder: String, maximumFile: Int = 512 << 20) {
        self.imports = imports
        self.folder = folder
        self.maximumFile = maximumFile
    }

    func makeFile() -> Spool { Spool(folder: folder, limit: maximumFile) }

    /// Begins to look at a file. An older one of the same session goes, unless it is being imported.
    func check(_ file: Spool, options: UserImportOptions, caller: Caller) throws -> Job {
        guard let session = caller.session else { throw ServiceError.unauthenticated }
        let job = Job(session: session, realm: caller.realm, options: options, file: file, report: Spool(folder: folder))
        try jobs.withLock { jobs in
            jobs = jobs.filter { $0.value.session != session || $0.value.now.isImporting }
            guard jobs.count < Self.capacity else { throw ServiceError.overloaded(retryAfterSeconds: 60) }
            jobs[job.id] = job
        }
        Task { [weak self, id = job.id] in
            try? await Task.sleep(for: Self.lifetime)
            self?.jobs.withLock { $0[id] = nil }
        }
        start(job, dryRun: true, caller: caller)
        return job
    }

    /// Begins to import what was looked at; a second time changes nothing.
    func run(_ job: Job, caller: Caller) {
        let isReady = job.stage.withLock { stage in
            guard case .checked = stage else { return false }
            stage = .importing
            return true
        }
        guard isReady else { return }
        job.report.withLock { $0 = Spool(folder: folder) }
        start(job, dryRun: false, caller: caller)
    }

    /// `nil` for what is not there, or somebody else's.
    func find(_ id: String, caller: Caller) -> Job? {
        guard let session = caller.session, let job = jobs.withLock({ $0[id] }) else { return nil }
        return job.session == session && job.realm == caller.realm ? job : nil
    }

    private func start(_ job: Job, dryRun: Bool, caller: Caller) {
        var options = job.options
        options.dryRun = dryRun
        options.samples = dryRun ? Self.samples : 0
        job.read.withLock { $0 = 0 }
        let report = job.report.withLock { $0 }
        Task { [imports, options] in
            let stage: Stage
            do {
                let text = job.file.pieces { count in job.read.withLock { $0 += count } }
                let summary = try await imports.run(text, options: options, caller: caller) { refused in
                    try await report.append(refused.flatMap { $0.line })
                }
                stage = dryRun ? .checked(summary) : .done(summary)
            } catch {
                stage = .failed(error)
            }
            job.stage.withLock { $0 = stage }
        }
    }
}

extension ImportDesk.Stage {
    var isImporting: Bool { if case .importing = self { true } else { false } }

    var isWorking: Bool {
        switch self {
        case .checking, .importing: true
        case .checked, .done, .failed: false
        }
    }
}
