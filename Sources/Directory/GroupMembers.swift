import Audit
import Grants
public import Model
import Storage

/// Somebody or some group that is in a group itself.
public struct GroupMember: Sendable, Hashable {
    public let kind: PrincipalKind
    public let id: EntityID
    /// The user name, or the name of the service or the group.
    public let name: String

    public var reference: PrincipalReference { PrincipalReference(kind: kind, id: id) }
}

extension Groups {
    /// Who is in the group itself, as far as the caller may read them. Filter and sort fields: `kind id name`; default `name`.
    ///
    /// - Throws: `notFound` when the group is absent or invisible.
    public func members(of id: EntityID, _ query: ListQuery, caller: Caller) async throws -> Page<GroupMember> {
        _ = try await get(id, caller: caller)
        let listing = try Listing(
            query, shape: Self.memberShape(of: id), realm: caller.realm, caller: caller.principal, key: context.cursors)
        let scopes = try Self.memberKinds.map { kind in
            (kind, try context.gate.scope(of: ManagementPermission(kind.rawValue, "read"), caller: caller))
        }
        let realm = SQLValue.text(caller.realm.text)
        return try await context.database.scan { connection in
            try listing.page(
                on: connection, columns: "x.member_kind, x.member_id, COALESCE(p.name, q.name)", columnCount: 3,
                from: { $0.append(Self.memberSource) },
                where: { statement in
                    statement.append("x.realm_id = ", realm)
                    statement.append(" AND x.group_id = ", .text(id.text))
                    statement.append(" AND (")
                    for (index, (kind, scope)) in scopes.enumerated() {
                        if index > 0 { statement.append(" OR ") }
                        statement.append("(x.member_kind = ", .text(kind.rawValue))
                        statement.append(" AND ")
                        try statement.append(
                            scope, ScopeColumns(id: "x.member_id", name: "p.name", memberKind: kind.rawValue), realm: realm)
                        statement.append(")")
                    }
                    statement.append(")")
                    for word in listing.words { NameSearch.append(GroupTable.nameKey(word), in: Self.memberKey, to: &statement) }
                },
                read: { row in
                    guard let kind = PrincipalKind(rawValue: row.text(0)) else {
                        throw StorageError.damaged("a member of unknown kind")
                    }
                    return GroupMember(kind: kind, id: EntityID(trusted: row.text(1)), name: row.text(2))
                })
        }
    }

    private static let memberKinds: [PrincipalKind] = [.user, .service, .device, .group]
    private static let memberKey: SQL = "COALESCE(p.name_key, q.name_key, '')"
    private static let memberSource: SQL =
        """
        membership x
        LEFT JOIN principal p ON p.realm_id = x.realm_id AND p.id = x.member_id AND p.kind = x.member_kind
        LEFT JOIN principal_group q ON q.realm_id = x.realm_id AND q.id = x.member_id AND x.member_kind = 'group'
        """

    private static func memberShape(of group: EntityID) -> ListShape {
        ListShape(
            name: "members of \(group.text)",
            fields: [
                "kind": ListField("x.member_kind", .exact), "id": ListField("x.member_id", .folded { $0.lowercased() }),
                "name": ListField(memberKey, .folded(GroupTable.nameKey)),
            ], id: "x.member_id", defaultSort: "name")
    }

    /// Puts somebody into the group; nothing happens when he is in it.
    ///
    /// - Parameter ifMatch: the group's version the caller has seen.
    /// - Throws: `notFound` when the group or the member is absent or invisible; `forbidden` without `group:add-member`, or when it
    ///   would give somebody what the caller may not confer; `conflict` for a circle of groups.
    public func add(
        _ member: PrincipalReference, to id: EntityID, ifMatch: Int64? = nil, caller: Caller
    ) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let (standing, group) = try Self.both(
                id, member, .groupAddMember, ifMatch: ifMatch, context, caller: caller, on: connection)
            guard try !Memberships.contains(member, in: id, realm: caller.realm, on: connection) else { return }
            if member.kind == .group, try standing.isInside(group: id, of: member.id) {
                throw ServiceError.conflict("A group cannot be in itself, not by way of other groups either.")
            }
            try standing.requireConferring(membershipOf: member, in: id, isMember: true)
            _ = try Memberships.insert(member, in: id, realm: caller.realm, at: context.clock.now(), on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "group.member.add", target: group.party,
                    changes: [.init(field: "members", old: .null, new: Self.written(member))]),
                caller: caller, on: connection)
        }
    }

    /// Takes somebody out of the group; nothing happens when he is not in it.
    ///
    /// - Throws: As `add`; `conflict` when the last owner owns by this membership.
    public func remove(
        _ member: PrincipalReference, from id: EntityID, ifMatch: Int64? = nil, caller: Caller
    ) async throws -> Written<Void> {
        try await context.database.write { [context] connection in
            let (standing, group) = try Self.both(
                id, member, .groupRemoveMember, ifMatch: ifMatch, context, caller: caller, on: connection)
            guard try Memberships.contains(member, in: id, realm: caller.realm, on: connection) else { return }
            try standing.requireConferring(membershipOf: member, in: id, isMember: false)
            _ = try Memberships.delete(member, from: id, realm: caller.realm, on: connection)
            try LastOwner.require(realm: caller.realm, at: context.clock.now(), on: connection)
            try context.trail.append(
                .init(
                    actor: standing.party, action: "group.member.remove", target: group.party,
                    changes: [.init(field: "members", old: Self.written(member), new: .null)]),
                caller: caller, on: connection)
        }
    }

    /// The group and that the caller may see the member, before it is asked what he may do with them.
    private static func both(
        _ id: EntityID, _ member: PrincipalReference, _ permission: ManagementPermission, ifMatch: Int64?,
        _ context: AccessContext, caller: Caller, on connection: any Connection
    ) throws -> (Standing, Group) {
        let standing = try context.standings.load(caller, on: connection)
        guard try standing.allows(.groupRead, on: id.text),
            try HolderTable.exists(member, realm: caller.realm, on: connection),
            try standing.allows(ManagementPermission(member.kind.rawValue, "read"), on: member.id.text)
        else { throw ServiceError.notFound }
        return (standing, try find(id, standing, permission, ifMatch: ifMatch, caller: caller, on: connection))
    }

    /// A name is the member's to lose when it is erased; the id leads to it.
    private static func written(_ member: PrincipalReference) -> JSONValue {
        .object(JSONObject([("kind", .string(member.kind.rawValue)), ("id", .string(member.id.text))]))
    }
}
