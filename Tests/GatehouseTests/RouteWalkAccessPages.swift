/// What the walk over the live routes expects of the console's pages about groups, services and what was granted.
extension RouteWalkTests {
    static let accessPages: [String: Expectation] = [
        "GET /find": .init(.filtered),
        "GET /permissions": .init(.filtered),
        "GET /explorer": .init(.filtered),
        "GET /explorer/who": .init(.filtered),
        "GET /explorer/what": .init(.filtered),
        // Without a question there is no change to look at.
        "GET /explorer/change": .init(.granted, ownerStatus: 404),
        "POST /explorer/change": .init(.granted, "", ownerStatus: 404),
        "GET /groups": .init(.filtered),
        "POST /groups": .init(.granted, "name=NEW&description="),
        "GET /groups/new": .init(.granted),
        "GET /groups/bulk": .init(.granted),
        "POST /groups/bulk": .init(.granted, "ids[]=GROUP"),
        "GET /groups/join": .init(.granted),
        "POST /groups/join": .init(.granted, "principal=user:TARGET&group=GROUP"),
        "GET /groups/{id}": .init(.granted),
        "GET /groups/{id}/edit": .init(.granted),
        "POST /groups/{id}/edit": .init(.granted, "name=NEW&description=Changed&version=1"),
        "POST /groups/{id}/members": .init(.granted, "kind=user&principal=TARGETNAME"),
        "POST /groups/{id}/members/remove": .init(.granted, "member=user:TARGET&back=group"),
        "GET /groups/{id}/delete": .init(.granted),
        "POST /groups/{id}/delete": .init(.granted, ""),
        "GET /role-assignments": .init(.filtered),
        "POST /role-assignments": .init(.granted, "kind=user&principal=TARGETNAME&role=auditor&scope=realm"),
        "GET /role-assignments/new": .init(.granted),
        "GET /role-assignments/{id}": .init(.granted),
        "GET /role-assignments/{id}/edit": .init(.granted),
        "POST /role-assignments/{id}/edit": .init(.granted, "role=auditor&scope=realm&reason=changed&version=1"),
        "GET /role-assignments/{id}/delete": .init(.granted),
        "POST /role-assignments/{id}/delete": .init(.granted, ""),
        "GET /authorizations": .init(.filtered),
        "POST /authorizations": .init(.granted, "kind=user&principal=TARGETNAME&scope=realm&do=save&permission.rows=\(rows)"),
        "GET /authorizations/new": .init(.granted),
        "GET /authorizations/{id}": .init(.granted),
        "GET /authorizations/{id}/edit": .init(.granted),
        "POST /authorizations/{id}/edit": .init(
            .granted, "scope=realm&reason=changed&version=1&do=save&permission.rows=\(rows)"),
        "GET /authorizations/{id}/delete": .init(.granted),
        "POST /authorizations/{id}/delete": .init(.granted, ""),
    ]

    /// One permission, as the permission editor carries it.
    private static let rows =
        "%5B%7B%22effect%22:%22allow%22,%22resourceType%22:%22mqtt-topic%22,%22match%22:%22any%22,%22actions%22:%5B%22publish%22%5D%7D%5D"
}
