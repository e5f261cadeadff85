import Access
import Audit
import Model
import Storage

/// What the audit record says of grants.
enum GrantAudit {
    static func party(_ holder: PrincipalReference, realm: RealmID, on connection: any Connection) throws -> AuditEvent.Party {
        AuditEvent.Party(
            kind: holder.kind.rawValue, id: holder.id.text,
            name: try HolderTable.name(of: holder, realm: realm, on: connection) ?? "")
    }

    static func changes(from old: RoleAssignment?, to new: RoleAssignment?) -> [AuditEvent.FieldChange] {
        differences(
            old.map { [("role", .string($0.role))] + members($0.terms) },
            new.map { [("role", .string($0.role))] + members($0.terms) })
    }

    static func changes(from old: Authorization?, to new: Authorization?) -> [AuditEvent.FieldChange] {
        func all(_ one: Authorization) -> [(String, JSONValue)] {
            [("permissions", PermissionText.json(one.permissions))] + members(one.terms)
        }
        return differences(old.map(all), new.map(all))
    }

    static func changes(from old: Role?, to new: Role?) -> [AuditEvent.FieldChange] {
        func all(_ role: Role) -> [(String, JSONValue)] {
            [
                ("name", .string(role.name)), ("description", .string(role.description)),
                ("permissions", PermissionText.json(role.permissions)), ("includes", .array(role.includes.map(JSONValue.string))),
            ]
        }
        return differences(old.map(all), new.map(all))
    }

    private static func members(_ terms: GrantTerms) -> [(String, JSONValue)] {
        [
            ("scope", PermissionText.json(terms.scope)),
            ("validFrom", terms.validFrom.map { .string($0.rfc3339) } ?? .null),
            ("expiresAt", terms.expiresAt.map { .string($0.rfc3339) } ?? .null), ("reason", .string(terms.reason)),
        ]
    }

    /// Field by field what differs. `nil`: before creation, or after deletion.
    static func differences(
        _ old: [(String, JSONValue)]?, _ new: [(String, JSONValue)]?
    ) -> [AuditEvent.FieldChange] {
        let before = JSONObject(old ?? [])
        let after = JSONObject(new ?? [])
        let names = before.names + after.names.filter { before[$0] == nil }
        return names.compactMap { name in
            let was = before[name] ?? .null
            let now = after[name] ?? .null
            return was == now ? nil : AuditEvent.FieldChange(field: name, old: was, new: now)
        }
    }
}
