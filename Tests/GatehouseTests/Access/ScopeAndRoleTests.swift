import Access
import Testing

/// Where grants reach, and what roles and groups bring.
@Suite struct ScopeAndRoleTests {
    typealias Town = AccessTests.Town

    // MARK: Scopes

    @Test(
        arguments: [
            (Scope.realm, "record", "r1", true), (.realm, "record", "unregistered", true), (.realm, "record", nil, true),
            (.organization("acme"), "record", "r1", true), (.organization("umbrella"), "record", "r1", false),
            (.organization("acme"), "record", "unregistered", false), (.organization("acme"), "record", nil, false),
            (.organization("acme"), "organization", "acme", true), (.organization("acme"), "organization", "umbrella", false),
            (.organization("acme"), "organization", nil, false), (.organization("acme"), "user", "bob", false),
            (.group("staff"), "user", "bob", true), (.group("all"), "user", "bob", true), (.group("other"), "user", "bob", false),
            (.group("staff"), "user", "nobody", false), (.group("staff"), "user", nil, false),
            (.group("staff"), "record", "r1", false),
            (.group("staff"), "group", "staff", false), (.group("all"), "group", "staff", true),
            (.group("staff"), "group", "all", false),
            (.group("staff"), "service", "bob", false), (.group("gone"), "user", "bob", false),
            (.resources(type: "record", ids: ["r1"]), "record", "r1", true),
            (.resources(type: "record", ids: ["r1"]), "record", "r2", false),
            (.resources(type: "record", ids: ["r1"]), "record", nil, false),
            (.resources(type: "user", ids: ["bob"]), "user", "bob", true),
            (.resources(type: "user", ids: ["r1"]), "record", "r1", false),
            (.resources(type: "record", ids: []), "record", "r1", false),
        ] as [(Scope, String, String?, Bool)])
    func `a grant counts where its scope reaches`(scope: Scope, type: String, id: String?, isAllowed: Bool) {
        let town = Town(
            ann: [AccessTests.grant(AccessTests.permit(["*"], type), scope: scope)],
            groups: [GroupFacts(id: "staff", name: "Staff", groups: ["all"]), GroupFacts(id: "all", name: "All")],
            bobIsIn: ["staff"])
        #expect(town.allows("read", type, id) == isAllowed)
        // What the question says of the resource reaches nothing.
        let claims = Question.Claims(resource: ["organization": .string("acme"), "groups": .string("staff")])
        #expect(town.allows("read", type, id, claims: claims) == isAllowed)
    }

    @Test(
        arguments: [
            (nil, Scope.realm, true), ([.realm], .realm, true), ([.organization], .realm, false), ([], .realm, false),
            ([.organization], .organization("acme"), true), ([.realm], .organization("acme"), false),
            ([.resources], .resources(type: "record", ids: ["r1"]), true),
            ([.organization], .resources(type: "record", ids: ["r1"]), false),
            ([.organization, .resources], .resources(type: "record", ids: ["r1"]), true),
        ] as [(Set<Scope.Kind>?, Scope, Bool)])
    func `a permission of a role counts in the kinds of scope that it names`(scopes: Set<Scope.Kind>?, scope: Scope, counts: Bool)
    {
        let role = Role(id: "r", name: "R", permissions: [AccessTests.permit(scopes: scopes)])
        #expect(Town(ann: [AccessTests.assign("r", scope: scope)], roles: [role]).allows() == counts)
        let including = Role(id: "i", name: "I", permissions: [], includes: ["r"])
        #expect(Town(ann: [AccessTests.assign("i", scope: scope)], roles: [role, including]).allows() == counts)
    }

    // MARK: Owners

    @Test(
        arguments: [
            (AccessTests.assign("owner"), "user", true), (AccessTests.assign("owner"), "record", false),
            (AccessTests.assign("owner", until: 100), "user", false),
            (AccessTests.assign("owner", scope: .organization("acme")), "user", false),
            (AccessTests.assign("owner", scope: .resources(type: "user", ids: ["bob"])), "user", false),
            (AccessTests.assign("like-owner"), "user", false), (AccessTests.assign("user-admin"), "user", false),
        ])
    func `no deny reaches a realm-wide owner on the management plane`(grant: Grant, type: String, isAllowed: Bool) {
        let likeOwner = Role(id: "like-owner", name: "Like", permissions: [], includes: ["owner"])
        let deny = AccessTests.grant(AccessTests.deny(["*"], type))
        #expect(Town(ann: [grant, deny], roles: [likeOwner]).allows("read", type, "bob") == isAllowed)
        // The group's role is the member's.
        let town = Town(
            ann: [deny], groupsOfAnn: ["staff"], groups: [GroupFacts(id: "staff", name: "Staff", holdings: Holdings([grant]))],
            roles: [likeOwner])
        #expect(town.allows("read", type, "bob") == isAllowed)
    }

    // MARK: Groups and roles

    @Test(
        arguments: [
            (["a"], ["a": []], "a", true), (["a"], ["a": ["b"], "b": ["c"], "c": []], "c", true),
            (["a"], ["a": ["b"], "b": ["a"]], "b", true), (["a"], ["a": ["a"]], "a", true),
            (["a"], ["a": ["b"], "b": ["a"]], "c", false),
            (["a"], ["b": []], "b", false), (["gone"], [:], "gone", false), (["b"], ["a": ["b"], "b": []], "a", false),
            (["a"], ["a": ["gone", "b"], "b": []], "b", true),
        ] as [([String], [String: [String]], String, Bool)])
    func `what a group holds its members hold, transitively and in circles`(
        groupsOfAnn: [String], tree: [String: [String]], holder: String, isAllowed: Bool
    ) {
        let groups = tree.map { id, parents in
            GroupFacts(
                id: id, name: id, groups: parents,
                holdings: id == holder ? Holdings([AccessTests.grant(AccessTests.permit())]) : .none)
        }
        #expect(Town(groupsOfAnn: groupsOfAnn, groups: groups).allows() == isAllowed)
    }

    @Test func `a chain of a thousand groups and a wide circle are walked to their ends`() {
        let groups = (0..<1000).map { number in
            GroupFacts(
                id: "g\(number)", name: "g\(number)", groups: number < 999 ? ["g\(number + 1)", "g\(number / 2)", "g0"] : ["g0"],
                holdings: number == 999 ? Holdings([AccessTests.grant(AccessTests.permit())]) : .none)
        }
        let town = Town(groupsOfAnn: ["g0"], groups: groups)
        #expect(town.allows())
        #expect(Access.Engine(town.snapshot()).groups(of: ["g0"]).count == 1000)
    }

    @Test(
        arguments: [
            (["a": []], "a", true), (["a": ["b"], "b": []], "b", true), (["a": ["b"], "b": ["c"], "c": ["a"]], "c", true),
            (["a": ["a"]], "a", true), (["a": ["gone"]], "gone", false), (["a": [], "b": ["a"]], "b", false),
            (["a": ["b", "b"], "b": ["b"]], "b", true),
        ] as [([String: [String]], String, Bool)])
    func `a role has what the roles it includes have, transitively and in circles`(
        includes: [String: [String]], holder: String, isAllowed: Bool
    ) {
        let roles = includes.map { id, others in
            Role(id: id, name: id, permissions: id == holder ? [AccessTests.permit()] : [], includes: others)
        }
        let town = Town(ann: [AccessTests.assign("a")], roles: roles)
        #expect(town.allows() == isAllowed)
        // Put in one after the other, in whatever order.
        for order in [roles, roles.reversed()] {
            var snapshot = Town(ann: [AccessTests.assign("a")]).snapshot()
            for role in order { snapshot.set(role, forRole: role.id) }
            let question = Question(
                subject: AccessTests.ann, action: "read", resourceType: "record", resourceID: "r1", time: 1)
            #expect(Access.Engine(snapshot).allows(question) == isAllowed)
            snapshot.set(nil, forRole: holder)
            #expect(!Access.Engine(snapshot).allows(question))
        }
    }

    @Test func `groups and roles are read by conditions with all their ids and names`() {
        let role = Role(id: "reader", name: "Reader", permissions: [AccessTests.permit()], includes: ["inner"])
        let inner = Role(id: "inner", name: "Inner", permissions: [])
        let groups = [
            GroupFacts(id: "a", name: "Team A", groups: ["b"]),
            GroupFacts(id: "b", name: "Team B", holdings: Holdings([AccessTests.assign("reader")])),
        ]
        for (condition, isAllowed) in [
            ("subject.groups eq \"a\"", true), ("subject.groups eq \"b\"", true), ("subject.groups eq \"Team B\"", true),
            ("subject.groups eq \"c\"", false), ("subject.roles eq \"reader\"", true), ("subject.roles eq \"inner\"", true),
            ("subject.roles eq \"Reader\"", false),
        ] {
            let town = Town(
                ann: [AccessTests.grant(AccessTests.permit(["write"], if: condition))], groupsOfAnn: ["a"], groups: groups,
                roles: [role, inner])
            #expect(town.allows("write") == isAllowed, "\(condition)")
        }
    }

    // MARK: Everybody

    @Test(arguments: ["read", "update-profile", "read-sessions", "end-own-sessions", "change-password"])
    func `everybody may do this to themselves and to nobody else`(action: String) {
        #expect(Town().allows(action, "user", "ann"))
        #expect(!Town().allows(action, "user", "bob"))
        #expect(!Town().allows(action, "user", nil))
        #expect(!Town(isActive: false).allows(action, "user", "ann"))
        #expect(!Town(ann: [AccessTests.grant(AccessTests.deny(["*"], "user"))]).allows(action, "user", "ann"))
    }

    @Test(arguments: ["update", "delete", "disable", "unlock", "reset-password", "end-sessions", "create", "*"])
    func `nobody may do this without being given it, not even to themselves`(action: String) {
        #expect(!Town().allows(action, "user", "ann"))
    }

    // MARK: Reasons

    @Test func `a decision tells every reason with the way to it`() {
        let inner = Role(id: "inner", name: "Inner", permissions: [AccessTests.permit()])
        let outer = Role(id: "outer", name: "Outer", permissions: [], includes: ["inner"])
        let town = Town(
            ann: [AccessTests.grant(AccessTests.permit())], groupsOfAnn: ["a"],
            groups: [
                GroupFacts(id: "a", name: "A", groups: ["b"]),
                GroupFacts(id: "b", name: "B", holdings: Holdings([AccessTests.assign("outer")])),
            ], roles: [inner, outer])
        let question = Question(subject: AccessTests.ann, action: "read", resourceType: "record", resourceID: "r1", time: 1)
        let reasons = Access.Engine(town.snapshot()).decide(question).reasons
        #expect(
            reasons.map { $0.path.map { "\($0.kind):\($0.id)" } } == [
                ["user:ann"], ["user:ann", "group:a", "group:b", "role:outer", "role:inner"],
            ])
        #expect(reasons.map(\.role) == [nil, "outer"])
        #expect(reasons.map(\.grant.id) == ["g", "a"])
    }

    @Test func `a denied decision tells the denies and not the allows`() {
        let town = Town(ann: [AccessTests.grant(AccessTests.permit(), AccessTests.deny())])
        let question = Question(subject: AccessTests.ann, action: "read", resourceType: "record", resourceID: "r1", time: 1)
        let decision = Access.Engine(town.snapshot()).decide(question)
        #expect(!decision.isAllowed)
        #expect(decision.reasons.map(\.permission.effect) == [.deny])
        #expect(
            Access.Engine(town.snapshot()).decide(
                Question(
                    subject: AccessTests.ann, action: "fly", resourceType: "record", resourceID: "r1", time: 1)
            ).reasons.isEmpty)
    }
}
