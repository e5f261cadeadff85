import Access
import Audit
import Authentication
import Grants
public import Model
import Storage

/// What an export holds, and how it is written.
public struct UserExportOptions: Sendable, Hashable {
    public var format: UserImportOptions.Format
    /// Whether the password hashes are in it.
    public var secrets: Bool

    public init(format: UserImportOptions.Format, secrets: Bool = false) {
        self.format = format
        self.secrets = secrets
    }
}

/// Gives users away as a text of rows that `UserImports` takes back.
public final class UserExports: Sendable {
    static let pageRows = 1000

    let users: Users

    public init(users: Users) {
        self.users = users
    }

    /// Begins an export of what the caller may read. That it was begun, and of how many, is in the audit record before the first
    /// row is given away.
    ///
    /// - Throws: `unauthenticated`; `forbidden` when `secrets` is asked for without `user:export-secrets`; `invalid` when the users
    ///   have more attributes than CSV may have columns.
    public func begin(_ options: UserExportOptions, caller: Caller) async throws -> UserExport {
        let scope = try users.gate.scope(of: .userRead, caller: caller)
        if options.secrets { try users.gate.require(.userExportSecrets, caller: caller) }
        let attributes = options.format == .csv ? try await attributeNames(scope, realm: caller.realm) : []
        guard attributes.count <= RowReader.maximumColumns - 5 else {
            throw ServiceError.invalid([
                FieldError(
                    field: "format", code: "too_many_columns",
                    message: "The users have \(attributes.count) different attributes, too many for CSV. Use jsonl.")
            ])
        }
        _ = try await users.database.write { [users] connection in
            let standing = try users.standings.load(caller, on: connection)
            if options.secrets { try standing.require(.userExportSecrets) }
            let count = try Self.count(scope, realm: caller.realm, on: connection)
            try users.trail.append(
                .init(
                    actor: standing.party, action: "user.export",
                    target: AuditEvent.Party(kind: "user-export", id: caller.requestID, name: nil),
                    detail: options.secrets ? "\(count) with password hashes" : "\(count)"),
                caller: caller, on: connection)
        }
        return UserExport(exports: self, options: options, caller: caller, attributes: attributes)
    }

    private static func count(_ scope: ListScope, realm: RealmID, on connection: any Connection) throws -> Int64 {
        var statement = Statement(
            "SELECT COUNT(*) FROM principal p WHERE p.realm_id = $1 AND p.kind = 'user'", [.text(realm.text)])
        try statement.appendUsers(scope, realm: realm)
        return try connection.first(statement) { $0.integer(0) } ?? 0
    }

    /// Every attribute that some user has, in order: the columns.
    private func attributeNames(_ scope: ListScope, realm: RealmID) async throws -> [String] {
        var names = Set<String>()
        var last = ""
        while true {
            var statement = Statement(
                """
                SELECT p.id, u.attributes FROM principal p JOIN user_profile u ON u.realm_id = p.realm_id AND u.id = p.id
                WHERE p.realm_id = $1 AND p.kind = 'user' AND p.id > $2
                """, [.text(realm.text), .text(last)])
            try statement.appendUsers(scope, realm: realm)
            statement.append(" ORDER BY p.id LIMIT ", .integer(Int64(Self.pageRows)))
            let page = try await users.database.scan { [statement] in
                try $0.rows(statement) { ($0.text(0), $0.text(1)) }
            }
            for (_, text) in page where text != "{}" {
                names.formUnion(try JSONValue(parsing: text.utf8).object?.names ?? [])
            }
            guard page.count == Self.pageRows, let id = page.last?.0 else { return names.sorted() }
            last = id
        }
    }

    struct Row: Sendable {
        let id: String
        let username: String
        let name: String
        let email: String
        let status: String
        let attributes: JSONObject
        let secret: String?
    }

    /// The next users in the order of their making. Throws when the caller may not go on.
    fileprivate func page(after last: String, _ options: UserExportOptions, caller: Caller) async throws -> [Row] {
        // Asked anew for each page: whoever has lost a part of it meanwhile gets no more of that.
        let scope = try users.gate.scope(of: .userRead, caller: caller)
        return try await users.database.scan { [users] connection in
            let standing = try users.standings.load(caller, on: connection)
            if options.secrets { try standing.require(.userExportSecrets) }
            var statement = Statement("SELECT p.id, p.name, u.display_name, u.email, p.status, u.attributes, ")
            statement.append(options.secrets ? "c.secret" : "NULL")
            statement.append(" FROM principal p JOIN user_profile u ON u.realm_id = p.realm_id AND u.id = p.id ")
            if options.secrets {
                statement.append(
                    "LEFT JOIN credential c ON c.realm_id = p.realm_id AND c.principal_id = p.id AND c.kind = 'password' ")
            }
            statement.append("WHERE p.kind = 'user' AND p.realm_id = ", .text(caller.realm.text))
            try statement.appendUsers(scope, realm: caller.realm)
            statement.append(" AND p.id > ", .text(last))
            statement.append(" ORDER BY p.id LIMIT ", .integer(Int64(Self.pageRows)))
            return try connection.rows(statement) { row in
                let attributes = row.text(5)
                return Row(
                    id: row.text(0), username: row.text(1), name: row.text(2), email: row.text(3), status: row.text(4),
                    attributes: attributes == "{}"
                        ? JSONObject() : try JSONValue(parsing: attributes.utf8).object ?? JSONObject(),
                    secret: row.optionalText(6))
            }
        }
    }
}

/// An export that has begun: its text, piece by piece. Ask for the next piece when the last one is on its way.
public struct UserExport: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    fileprivate let exports: UserExports
    fileprivate let options: UserExportOptions
    fileprivate let caller: Caller
    fileprivate let attributes: [String]

    public func makeAsyncIterator() -> Iterator { Iterator(export: self) }

    public struct Iterator: AsyncIteratorProtocol {
        let export: UserExport
        private var last: String?
        private var isDone = false

        fileprivate init(export: UserExport) {
            self.export = export
        }

        public mutating func next() async throws -> [UInt8]? {
            guard !isDone else { return nil }
            var out: [UInt8] = []
            if last == nil, export.options.format == .csv { out += export.header }
            let rows = try await export.exports.page(after: last ?? "", export.options, caller: export.caller)
            for row in rows { export.write(row, to: &out) }
            last = rows.last?.id ?? last ?? ""
            isDone = rows.count < UserExports.pageRows
            return out.isEmpty ? nil : out
        }
    }

    private var header: [UInt8] {
        var names = ["username", "name", "email", "status"]
        if options.secrets { names.append("passwordHash") }
        return Self.line(names + attributes.map { "attributes." + $0 })
    }

    private func write(_ row: UserExports.Row, to out: inout [UInt8]) {
        switch options.format {
        case .csv:
            var fields = [row.username, row.name, row.email, row.status]
            if options.secrets { fields.append(row.secret ?? "") }
            out += Self.line(fields + attributes.map { row.attributes[$0].map(CellValue.write) ?? "" })
        case .jsonLines:
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("username", row.username)
                writer.member("name", row.name.isEmpty ? nil : row.name)
                writer.member("email", row.email.isEmpty ? nil : row.email)
                writer.member("status", row.status)
                if options.secrets { writer.member("passwordHash", row.secret) }
                writer.member("attributes", .object(row.attributes))
            }
            out += writer.bytes
            out.append(UInt8(ascii: "\n"))
        }
    }

    /// A line as RFC 4180 has it. Nothing is put in front of `=`, `+`, `-` or `@`: what is taken back must be what was given.
    private static func line(_ fields: [String]) -> [UInt8] {
        var out: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            let bytes = field.utf8
            let needsQuotes =
                bytes.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D].contains($0) } || bytes.first == 0x20
                || bytes.last == 0x20
            guard needsQuotes else {
                out += bytes
                continue
            }
            out.append(UInt8(ascii: "\""))
            for byte in bytes {
                if byte == UInt8(ascii: "\"") { out.append(byte) }
                out.append(byte)
            }
            out.append(UInt8(ascii: "\""))
        }
        return out + [0x0D, 0x0A]
    }
}
