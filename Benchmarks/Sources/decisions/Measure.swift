import Access

#if canImport(Glibc)
    import Glibc
#endif

/// Nanoseconds of a clock that only goes forward: of the day, or of the processor time this thread has used.
func now(_ clock: clockid_t = CLOCK_MONOTONIC) -> UInt64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}

/// Bytes of memory this process has in use, by the kernel's count.
func resident() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 256)
    guard fgets(&text, 256, file) != nil else { return 0 }
    let fields = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(getpagesize())
}

/// How fast questions were answered, by the processor time it took: what others on the machine do does not count. Percentiles are
/// those of batches of 100, per decision.
struct Speed {
    var perSecond = 0.0
    var p50 = 0.0
    var p99 = 0.0
    var allowed = 0

    /// - Parameter seconds: how long to go on asking; 0: each question once.
    init(_ engine: Engine<Snapshot>, _ questions: [Question], seconds: Double) {
        var batches: [UInt64] = []
        let wanted = UInt64(seconds * 1e9)
        var spent: UInt64 = 0
        var asked = 0
        var index = 0
        repeat {
            // As if they had just been read from a request; that is not measured.
            let batch = (0..<100).map { questions[(index + $0) % questions.count].fresh() }
            index = (index + 100) % questions.count
            let began = now(CLOCK_THREAD_CPUTIME_ID)
            for question in batch where engine.allows(question) { allowed += 1 }
            let time = now(CLOCK_THREAD_CPUTIME_ID) &- began
            spent += time
            asked += 100
            batches.append(time)
        } while seconds > 0 ? spent < wanted : asked < questions.count
        batches.sort()
        perSecond = Double(asked) / (Double(spent) / 1e9)
        p50 = Double(batches[batches.count / 2]) / 100
        p99 = Double(batches[min(batches.count - 1, batches.count * 99 / 100)]) / 100
    }
}

extension String {
    fileprivate func fresh() -> String { String(decoding: Array(utf8), as: UTF8.self) }
}

extension Question {
    /// The same with texts of its own.
    fileprivate func fresh() -> Question {
        Question(
            subject: Subject(kind: subject.kind.fresh(), id: subject.id.fresh()), action: action.fresh(),
            resourceType: resourceType.fresh(), resourceID: resourceID?.fresh(), time: time, claims: claims)
    }
}

/// How long from having a change in hand until a decision shows it, in milliseconds: the worst of some.
func visible(_ snapshot: Snapshot, tries: Int, _ change: (inout Snapshot, Int) throws -> Question?) rethrows -> Double {
    var worst: UInt64 = 0
    var snapshot = snapshot
    for number in 0..<tries {
        // Readers still have the one before: what is touched must be copied.
        let before = snapshot
        let began = now()
        guard let question = try change(&snapshot, number) else { continue }
        let isSeen = Engine(snapshot).allows(question)
        let time = now() &- began
        precondition(isSeen && !Engine(before).allows(question), "the change is not seen")
        worst = max(worst, time)
    }
    return Double(worst) / 1e6
}
