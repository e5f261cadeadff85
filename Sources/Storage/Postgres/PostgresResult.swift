import CPostgres
import Model

/// The connection is gone, or was given up: what was under way may be repeated when it had not been committed.
struct PostgresLost: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Somebody else's transaction was in the way; this one may succeed when it is run again.
struct PostgresConflict: Error {}

/// A prepared statement no longer fits its tables; run again, it is prepared anew.
struct PostgresStale: Error {}

/// A write where only reading is possible: a transaction for reading, or a server that became a standby.
struct PostgresReadOnly: Error {}

/// What one statement gave.
final class PostgresResult {
    private let raw: OpaquePointer

    init(_ raw: OpaquePointer) {
        self.raw = raw
    }

    deinit {
        PQclear(raw)
    }

    var rowCount: Int32 { PQntuples(raw) }

    /// How many rows were changed.
    var changedCount: Int { Int(String(cString: PQcmdTuples(raw))) ?? 0 }

    var isSuccess: Bool {
        switch PQresultStatus(raw) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: true
        default: false
        }
    }

    /// What the server refused with, by its SQLSTATE (PostgreSQL manual, appendix A).
    var error: (any Error)? {
        guard !isSuccess else { return nil }
        let state = PQresultErrorField(raw, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        let text = (PQresultErrorField(raw, Int32(UInt8(ascii: "M"))).map { String(cString: $0) } ?? "unknown") + " (\(state))"
        switch state {
        // serialization_failure, deadlock_detected
        case "40001", "40P01": return PostgresConflict()
        case "23505": return StorageError.uniqueViolation(text)
        // disk_full
        case "53100": return StorageError.full
        case "58030" where text.contains("No space left"): return StorageError.full
        // lock_not_available, query_canceled
        case "55P03", "57014": return StorageError.overloaded
        // feature_not_supported: "cached plan must not change result type", in whatever language; invalid_sql_statement_name
        case "0A000", "26000": return PostgresStale()
        // read_only_sql_transaction
        case "25006": return PostgresReadOnly()
        // data_corrupted, index_corrupted
        case "XX001", "XX002": return StorageError.damaged(text)
        default: break
        }
        switch state.prefix(2) {
        // Connection exceptions, insufficient resources, operator intervention (shutdown); "": libpq itself
        case "08", "53", "57", "": return PostgresLost(text)
        default: return StorageError.failed(text)
        }
    }

    func isNull(_ row: Int32, _ column: Int) -> Bool {
        PQgetisnull(raw, row, Int32(clamping: column)) == 1
    }

    /// The bytes of a value in text form; valid while the result lives.
    func value(_ row: Int32, _ column: Int) -> UnsafeRawBufferPointer {
        let length = PQgetlength(raw, row, Int32(clamping: column))
        return UnsafeRawBufferPointer(start: PQgetvalue(raw, row, Int32(clamping: column)), count: max(0, Int(length)))
    }

    enum Kind {
        case integer, text, bytes, other
    }

    /// What a column holds, by the ids that PostgreSQL's catalogue fixes.
    func kind(_ column: Int) -> Kind {
        switch PQftype(raw, Int32(clamping: column)) {
        // bigint, smallint, integer, and numeric, which sums are
        case 20, 21, 23, 1700: .integer
        // text, varchar, name, unknown, char
        case 25, 1043, 19, 705, 18: .text
        case 17: .bytes
        default: .other
        }
    }
}

/// One row of a result.
struct PostgresRow: Row {
    let result: PostgresResult
    let index: Int32

    func isNull(_ column: Int) -> Bool {
        result.isNull(index, column)
    }

    func integer(_ column: Int) -> Int64 {
        guard result.kind(column) == .integer else { return 0 }
        return Int64(String(decoding: result.value(index, column), as: UTF8.self)) ?? 0
    }

    func text(_ column: Int) -> String {
        result.kind(column) == .text ? String(decoding: result.value(index, column), as: UTF8.self) : ""
    }

    /// `bytea` comes as `\x` and hexadecimal digits.
    func bytes(_ column: Int) -> [UInt8] {
        let digits = result.value(index, column)
        guard result.kind(column) == .bytes, digits.count >= 2 else { return [] }
        func nibble(_ byte: UInt8) -> UInt8 {
            byte <= UInt8(ascii: "9") ? byte &- UInt8(ascii: "0") : (byte | 0x20) &- UInt8(ascii: "a") &+ 10
        }
        return stride(from: 2, to: digits.count - 1, by: 2).map { nibble(digits[$0]) << 4 | nibble(digits[$0 + 1]) }
    }
}
