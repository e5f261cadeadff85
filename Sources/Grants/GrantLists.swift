import Access
import Model
import Storage

/// What the lists of grants may be filtered and sorted by.
enum GrantLists {
    static let assignments = shape(
        "role-assignments", id: "r.id",
        [
            "role": ListField("r.role_id", .exact), "principal.id": ListField("r.principal_id", .exact, sortable: false),
            "principal.kind": ListField("r.principal_kind", .exact, sortable: false),
            "scope.kind": ListField("r.scope_kind", .exact, sortable: false),
            "scope.id": ListField("r.scope_id", .exact, sortable: false),
            "source": ListField("r.source", .exact, sortable: false),
            "grantedBy": ListField("r.granted_by", .exact, sortable: false), "createdAt": ListField("r.created_at", .time),
            "validFrom": ListField("COALESCE(r.valid_from, 0)", .time, optional: true, sortable: false),
            "expiresAt": ListField("COALESCE(r.expires_at, 0)", .time, optional: true),
        ])

    static let authorizations = shape(
        "authorizations", id: "z.id",
        [
            "principal.id": ListField("z.principal_id", .exact, sortable: false),
            "principal.kind": ListField("z.principal_kind", .exact, sortable: false),
            "scope.kind": ListField("z.scope_kind", .exact, sortable: false),
            "scope.id": ListField("z.scope_id", .exact, sortable: false),
            "source": ListField("z.source", .exact, sortable: false),
            "grantedBy": ListField("z.granted_by", .exact, sortable: false), "createdAt": ListField("z.created_at", .time),
            "validFrom": ListField("COALESCE(z.valid_from, 0)", .time, optional: true, sortable: false),
            "expiresAt": ListField("COALESCE(z.expires_at, 0)", .time, optional: true),
        ])

    private static func shape(_ name: String, id: SQL, _ fields: [String: ListField]) -> ListShape {
        var fields = fields
        fields["id"] = ListField(id, .exact)
        return ListShape(name: name, fields: fields, id: id, defaultSort: "-createdAt")
    }

    static func refuseSearch(_ query: ListQuery) throws {
        guard query.search?.isEmpty ?? true else {
            throw ServiceError.malformed("This list has no word search; use \"filter\".")
        }
    }
}
