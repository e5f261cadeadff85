import Foundation
import Glibc
import Web

/// Memory, processor time and descriptors of this process, by the names other exporters use.
enum ProcessMetrics {
    static func families() -> [MetricFamily] {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = [usage.ru_utime, usage.ru_stime].reduce(0.0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1_000_000 }
        var families = [
            MetricFamily("process_cpu_seconds_total", .counter, "Processor time used.", seconds),
            MetricFamily("process_start_time_seconds", .gauge, "When the process began, in Unix time.", startTime),
        ]
        if let bytes = residentBytes() {
            families.append(MetricFamily("process_resident_memory_bytes", .gauge, "Memory in use.", bytes))
        }
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            families.append(MetricFamily("process_open_fds", .gauge, "Open file descriptors.", Double(open)))
        }
        return families
    }

    /// Touched when the server starts, which is close enough to the process's own beginning.
    static let startTime = Date().timeIntervalSince1970

    private static func residentBytes() -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Double(fields[1]) else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}
