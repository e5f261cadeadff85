import Access
import Testing

/// The rules of deciding, one table each. That the engine keeps all of them at once is the matter of `EngineAgreementTests`.
@Suite struct AccessTests {
    static let ann = Subject(kind: "user", id: "ann")
    static let bob = Subject(kind: "user", id: "bob")

    /// A world of a few people: what ann holds is given by each test.
    struct Town {
        var ann: [Grant] = []
        var isActive = true
        var attributes: [String: AttributeValue] = ["team": .string("red"), "level": .integer(3)]
        var groupsOfAnn: [String] = []
        var groups: [GroupFacts] = []
        var roles: [Role] = []
        var bobIsIn: [String] = []

        func snapshot() -> Snapshot {
            var snapshot = Snapshot()
            snapshot.set(AccessTests.record, forType: "record")
            snapshot.set(roles)
            for group in groups { snapshot.set(group, forGroup: group.id) }
            snapshot.set(
                PrincipalFacts(
                    subject: AccessTests.ann, name: "ann@example", isActive: isActive, groups: groupsOfAnn,
                    attributes: attributes, holdings: Holdings(ann)), for: AccessTests.ann)
            snapshot.set(PrincipalFacts(subject: AccessTests.bob, name: "bob", groups: bobIsIn), for: AccessTests.bob)
            snapshot.set(
                ResourceFacts(
                    organization: "acme",
                    properties: [
                        "owner": .string("ann"), "teams": .list([.string("red"), .string("blue")]), "level": .integer(2),
                    ]), forResource: "r1", type: "record")
            return snapshot
        }

        func allows(
            _ action: String = "read", _ type: String = "record", _ id: String? = "r1", at time: Int64 = 100,
            claims: Question.Claims = .none
        ) -> Bool {
            Access.Engine(snapshot()).allows(
                Question(
                    subject: AccessTests.ann, action: action, resourceType: type, resourceID: id, time: time, claims: claims))
        }
    }

    static let record = ResourceType(
        id: "record", name: "Record", plane: .runtime,
        actions: [.init("read"), .init("write", includes: ["read"]), .init("own", includes: ["write"])],
        properties: ["owner", "teams", "level"])

    static func permit(
        _ actions: [String] = ["read"], _ type: String = "record", _ match: Permission.Match = .any, if condition: String? = nil,
        scopes: Set<Scope.Kind>? = nil, effect: Permission.Effect = .allow
    ) -> Permission {
        Permission(
            effect: effect, resourceType: type, match: match, actions: actions,
            condition: condition.flatMap { try? Condition(parsing: $0) }, scopes: scopes)
    }

    static func deny(
        _ actions: [String] = ["read"], _ type: String = "record", _ match: Permission.Match = .any, if condition: String? = nil
    ) -> Permission {
        permit(actions, type, match, if: condition, effect: .deny)
    }

    static func grant(_ permissions: Permission..., scope: Scope = .realm, from: Int64? = nil, until: Int64? = nil) -> Grant {
        Grant(id: "g", kind: .permissions(permissions), scope: scope, validFrom: from, expiresAt: until)
    }

    static func assign(_ role: String, scope: Scope = .realm, until: Int64? = nil) -> Grant {
        Grant(id: "a", kind: .role(role), scope: scope, expiresAt: until)
    }

    // MARK: Effects and time

    @Test(
        arguments: [
            ([], false),
            ([grant(permit())], true),
            ([grant(deny())], false),
            ([grant(permit()), grant(deny())], false),
            ([grant(deny()), grant(permit())], false),
            ([grant(permit(), deny())], false),
            ([grant(permit(["write"])), grant(deny(["read"]))], false),
            // An action stands for all that it includes, in a deny too.
            ([grant(permit()), grant(deny(["write"]))], false),
            ([grant(permit()), grant(deny(["*"], "*"))], false),
            ([grant(permit()), grant(deny(["read"], "record", .id("r2")))], true),
            ([grant(permit()), grant(deny(["read"], "record", .id("r1")))], false),
        ] as [([Grant], Bool)])
    func `nothing is allowed that nothing allows, and a deny wins in every order`(grants: [Grant], isAllowed: Bool) {
        #expect(Town(ann: grants).allows() == isAllowed)
    }

    @Test(
        arguments: [
            (nil, nil, true), (nil, 101, true), (nil, 100, false), (nil, 99, false), (100, nil, true), (101, nil, false),
            (99, 101, true), (100, 100, false), (Int64.min, Int64.max, true),
        ] as [(Int64?, Int64?, Bool)])
    func `a grant counts from its first instant and has expired at its last`(from: Int64?, until: Int64?, counts: Bool) {
        #expect(Town(ann: [Self.grant(Self.permit(), from: from, until: until)]).allows() == counts)
        // A deny that does not count takes nothing away.
        let denied = Town(ann: [Self.grant(Self.permit()), Self.grant(Self.deny(), from: from, until: until)])
        #expect(denied.allows() == !counts)
    }

    @Test func `who is disabled or unknown may do nothing, whatever he holds`() {
        #expect(!Town(ann: [Self.assign("owner")], isActive: false).allows("read", "user", "ann"))
        let question = Question(
            subject: Subject(kind: "service", id: "ann"), action: "read", resourceType: "record", resourceID: "r1", time: 1)
        #expect(!Access.Engine(Town(ann: [Self.grant(Self.permit())]).snapshot()).allows(question))
    }

    // MARK: Types, actions, matches

    @Test(
        arguments: [
            (permit(), "read", "record", "r1", true),
            (permit(), "read", "record", nil, true),
            (permit(), "write", "record", "r1", false),
            (permit(["write"]), "read", "record", "r1", true),
            (permit(["own"]), "read", "record", "r1", true),
            (permit(["*"]), "own", "record", "r1", true),
            (permit(["*"]), "fly", "record", "r1", false),
            (permit(["fly"]), "fly", "record", "r1", false),
            (permit(["*"]), "*", "record", "r1", false),
            (permit(["*"], "*"), "read", "nothing", "r1", false),
            (permit(["read"], "nothing"), "read", "nothing", "r1", false),
            (permit(["READ"]), "read", "record", "r1", false),
            (permit([]), "read", "record", "r1", false),
            (permit(["read"], "user"), "read", "record", "r1", false),
            (permit(["read"], "record", .id("r1")), "read", "record", "r1", true),
            (permit(["read"], "record", .id("r1")), "read", "record", "r2", false),
            (permit(["read"], "record", .id("r1")), "read", "record", nil, false),
            (permit(["read"], "record", .id("*")), "read", "record", "r1", false),
            (permit(["read"], "record", .id("*")), "read", "record", "*", true),
            (permit(["read"], "record", .id("caf\u{E9}")), "read", "record", "cafe\u{301}", false),
            (permit(["read"], "record"), "read", "record", "", false),
            (permit(["read"], "record", .property("owner", subject: "id")), "read", "record", "r1", true),
            (permit(["read"], "record", .property("owner", subject: "username")), "read", "record", "r1", false),
            (permit(["read"], "record", .property("teams", subject: "team")), "read", "record", "r1", true),
            (permit(["read"], "record", .property("level", subject: "level")), "read", "record", "r1", false),
            (permit(["read"], "record", .property("level", subject: "team")), "read", "record", "r1", false),
            (permit(["read"], "record", .property("gone", subject: "team")), "read", "record", "r1", false),
            (permit(["read"], "record", .property("owner", subject: "gone")), "read", "record", "r1", false),
            (permit(["read"], "record", .property("owner", subject: "id")), "read", "record", "r2", false),
        ] as [(Permission, String, String, String?, Bool)])
    func `a permission speaks by type, action and match`(
        permission: Permission, action: String, type: String, id: String?, isAllowed: Bool
    ) {
        #expect(Town(ann: [Self.grant(permission)]).allows(action, type, id) == isAllowed)
        // A role's permission says the same as an authorization's, one of many the same as one.
        let many = (0..<40).map { Self.permit(["read"], "record", .id("other-\($0)")) } + [permission]
        let role = Role(id: "many", name: "Many", permissions: many)
        #expect(Town(ann: [Self.assign("many")], roles: [role]).allows(action, type, id) == isAllowed)
    }

    @Test(
        arguments: [
            (deny(["read"], "record", .property("gone", subject: "team")), false),
            (deny(["read"], "record", .property("owner", subject: "gone")), false),
            (deny(["read"], "record", .property("level", subject: "team")), false),
            (deny(["read"], "record", .property("owner", subject: "username")), true),
            (deny(["read"], "record", .any, if: "resource.gone eq 1"), false),
            (deny(["read"], "record", .any, if: "resource.level eq 1"), true),
            (deny(["read"], "record", .any, if: "not (resource.gone pr)"), false),
            (deny(["read"], "record", .any, if: "resource.gone pr"), true),
            (permit(["read"], "record", .any, if: "resource.gone eq 1"), true),
        ] as [(Permission, Bool)])
    func `what is unknown is no allow, and is a deny`(permission: Permission, isAllowed: Bool) {
        #expect(Town(ann: [Self.grant(Self.permit()), Self.grant(permission)]).allows() == isAllowed)
    }

    @Test(
        arguments: [
            ("resource.owner eq subject.id", Question.Claims.none, true),
            ("resource.owner eq \"bob\"", Question.Claims(resource: ["owner": .string("bob")]), false),
            ("resource.extra eq \"x\"", Question.Claims(resource: ["extra": .string("x")]), true),
            ("subject.team eq \"blue\"", Question.Claims(subject: ["team": .string("blue")]), false),
            ("subject.extra eq 1", Question.Claims(subject: ["extra": .integer(1)]), true),
            ("subject.id eq \"root\"", Question.Claims(subject: ["id": .string("root")]), false),
            ("subject.roles eq \"owner\"", Question.Claims(subject: ["roles": .string("owner")]), false),
            ("subject.groups eq \"staff\"", Question.Claims(subject: ["groups": .string("staff")]), false),
            ("subject.username eq \"ann@example\"", Question.Claims(subject: ["username": .string("x")]), true),
            ("action.name eq \"read\"", Question.Claims(action: ["name": .string("fly")]), true),
            ("action.via eq \"web\"", Question.Claims(action: ["via": .string("web")]), true),
            ("resource.id eq \"r1\" and resource.type eq \"record\"", .none, true),
            ("resource.id eq \"x\"", Question.Claims(resource: ["id": .string("x")]), false),
            ("context.mfa eq true", Question.Claims(context: ["mfa": .bool(true)]), true),
            ("context.mfa eq true", Question.Claims(context: ["mfa": .string("true")]), false),
        ])
    func `what is stored wins over what a question claims`(condition: String, claims: Question.Claims, isAllowed: Bool) {
        #expect(Town(ann: [Self.grant(Self.permit(if: condition))]).allows(claims: claims) == isAllowed)
    }

    @Test func `the time that a question claims moves nothing`() {
        let town = Town(ann: [Self.grant(Self.permit(), until: 50)])
        #expect(!town.allows(at: 50, claims: Question.Claims(context: ["time": .integer(1)])))
    }

    // MARK: Topics and paths

    @Test(
        arguments: [
            (permit(["subscribe"], "mqtt-topic", .id("plant/1")), nil, "plant/1", true),
            (permit(["subscribe"], "mqtt-topic", .id("plant/1")), nil, "plant/#", false),
            (permit(["*"], "mqtt-topic"), deny(["subscribe"], "mqtt-topic", .id("plant/1")), "plant/#", false),
            (permit(["*"], "mqtt-topic"), deny(["subscribe"], "mqtt-topic", .id("plant/1")), "plant/1", false),
            (permit(["*"], "mqtt-topic"), deny(["subscribe"], "mqtt-topic", .id("plant/1")), "plant/2", true),
            (permit(["*"], "mqtt-topic"), deny(["subscribe"], "mqtt-topic", .id("plant/1")), "$share/g/plant/+", false),
        ] as [(Permission, Permission?, String, Bool)])
    func `a subscription is denied already by one topic that it may bring`(
        allow: Permission, deny: Permission?, topic: String, isAllowed: Bool
    ) {
        let grants = ([allow] + [deny].compactMap(\.self)).map { Self.grant($0) }
        #expect(Town(ann: grants).allows("subscribe", "mqtt-topic", topic) == isAllowed)
        // Among many others as well, where it is looked up; and by the scope that names the topic.
        guard let deny else { return }
        let others = (0..<40).map { Self.deny(["subscribe"], "mqtt-topic", .id("other/\($0)")) }
        let role = Role(id: "many", name: "Many", permissions: others + [deny])
        #expect(
            Town(ann: [Self.grant(allow), Self.assign("many")], roles: [role]).allows("subscribe", "mqtt-topic", topic)
                == isAllowed)
        let scoped = Self.grant(
            Self.deny(["*"], "mqtt-topic"), scope: .resources(type: "mqtt-topic", ids: ["plant/1", "other"]))
        #expect(Town(ann: [Self.grant(allow), scoped]).allows("subscribe", "mqtt-topic", topic) == isAllowed)
    }

    @Test(
        arguments: [
            ("GET", "/docs/1", true), ("HEAD", "/docs/1/", true), ("POST", "/docs/1", false), ("GET", "/docs/../admin", false),
            ("GET", "/docs/%2e%2e/admin", false), ("GET", "/docs%2F1", false), ("GET", "docs/1", false),
            ("read", "/docs/1", true),
        ])
    func `paths are decided as servers read them`(method: String, path: String, isAllowed: Bool) throws {
        let pattern = try Pattern("/docs/**", syntax: .path)
        let town = Town(ann: [Self.grant(Self.permit(["read"], "http-endpoint", .pattern(pattern)))])
        #expect(town.allows(method, "http-endpoint", path) == isAllowed)
    }
}
