import Access
import Testing

/// Why, what is nearest and what would allow: on worlds small enough to know the answer.
@Suite struct ExplanationTests {
    static let ann = Subject(kind: "user", id: "ann-id")
    static let now: Int64 = 1000

    var world: Snapshot

    init() throws {
        world = Snapshot()
        world.set(
            ResourceType(
                id: "record", name: "Record", plane: .runtime, actions: [.init("view"), .init("edit", includes: ["view"])]),
            forType: "record")
        world.set(
            Role(
                id: "reader", name: "Reader", permissions: [Permission(resourceType: "record", actions: ["view"])]),
            forRole: "reader")
        world.set(
            Role(
                id: "editor", name: "Editor", permissions: [Permission(resourceType: "record", actions: ["edit"])],
                includes: ["reader"]),
            forRole: "editor")
        set()
    }

    mutating func set(
        active: Bool = true, groups: [String] = [], _ grants: Grant..., attributes: [String: AttributeValue] = [:]
    ) {
        world.set(
            PrincipalFacts(
                subject: Self.ann, name: "ann", isActive: active, groups: groups, attributes: attributes,
                holdings: Holdings(grants)), for: Self.ann)
    }

    func question(_ action: String = "view", _ type: String = "record", _ id: String = "r1") -> Question {
        Question(subject: Self.ann, action: action, resourceType: type, resourceID: id, time: Self.now)
    }

    /// What is suggested; it must allow.
    func suggestion(_ question: Question) -> Suggestion? {
        let found = world.explain(question)
        #expect(!found.isAllowed)
        if let change = found.toAllow { #expect(Access.Engine(world.applying(change)).allows(question), "\(change)") }
        return found.toAllow
    }

    static func allow(_ id: String, _ permission: Permission, scope: Scope = .realm, from: Int64? = nil, until: Int64? = nil)
        -> Grant
    {
        Grant(id: id, kind: .permissions([permission]), scope: scope, validFrom: from, expiresAt: until)
    }

    static let view = Permission(resourceType: "record", match: .id("r1"), actions: ["view"])
    static let deny = Permission(effect: .deny, resourceType: "record", actions: ["view"])

    // MARK: Reasons

    @Test mutating func `the way to a permission goes through groups and included roles, with their names`() {
        world.set(
            GroupFacts(id: "g2", name: "Staff", holdings: Holdings([Grant(id: "a1", kind: .role("editor"))])), forGroup: "g2")
        world.set(GroupFacts(id: "g1", name: "Press", groups: ["g2"]), forGroup: "g1")
        set(groups: ["g1"])
        let found = world.explain(question())
        #expect(found.isAllowed)
        #expect(found.nearest.isEmpty && found.toAllow == nil)
        let paths = found.reasons.map { $0.path.map { "\($0.kind) \($0.name)" } }
        #expect(
            paths == [
                ["user ann", "group Press", "group Staff", "role Editor"],
                ["user ann", "group Press", "group Staff", "role Editor", "role Reader"],
            ])
        #expect(found.reasons.allSatisfy { $0.grant.id == "a1" && $0.role == "editor" })
    }

    @Test mutating func `a denial names every deny and no allow`() {
        set(Self.allow("z1", Self.view), Self.allow("z2", Self.deny))
        let found = world.explain(question())
        #expect(!found.isAllowed)
        #expect(found.reasons.map(\.grant.id) == ["z2"])
    }

    // MARK: Misses

    @Test(arguments: [
        (allow("z", view, until: now), Miss.Missing.time), (allow("z", view, from: now + 1), .time),
        (allow("z", view, scope: .resources(type: "record", ids: ["r2"])), .scope),
        (allow("z", view, scope: .organization("acme")), .scope),
        (allow("z", Permission(resourceType: "record", match: .id("r2"), actions: ["view"])), .resource),
        (
            allow(
                "z", Permission(resourceType: "record", actions: ["view"], condition: try? Condition(parsing: "resource.a eq 1"))),
            .condition
        ),
    ])
    func `an allow that lacks one thing is a miss that says which`(grant: Grant, missing: Miss.Missing) {
        var copy = self
        copy.set(grant)
        let nearest = copy.world.explain(question()).nearest
        #expect(nearest.first?.missing == missing)
        #expect(nearest.first?.grant?.id == "z")
    }

    @Test mutating func `an allow for another action is a miss, and one that lacks two things is none`() {
        set(
            Self.allow("z1", Self.view),
            Self.allow("z2", Permission(resourceType: "record", match: .id("r2"), actions: ["view"])))
        let nearest = world.explain(question("edit")).nearest
        #expect(nearest.filter { $0.grant != nil }.map { "\($0.grant?.id ?? "") \($0.missing)" } == ["z1 action"])
    }

    @Test func `roles nobody gave are misses, the ones that give least first, and only those that may be named`() {
        let nearest = world.explain(question()).nearest
        #expect(nearest.map(\.missing).allSatisfy { $0 == .assignment })
        #expect(nearest.map(\.role) == ["reader", "editor", "owner"])
        #expect(world.explain(question()) { $0 == "editor" }.nearest.map(\.role) == ["editor"])
    }

    @Test mutating func `the same miss is told once, and never more than five are`() {
        world.set(
            GroupFacts(id: "g1", name: "G", holdings: Holdings([Grant(id: "a", kind: .role("reader"), expiresAt: 1)])),
            forGroup: "g1")
        let expired = (0..<9).map { Self.allow("z\($0)", Self.view, until: 1) }
        world.set(
            PrincipalFacts(subject: Self.ann, name: "ann", groups: ["g1"], holdings: Holdings(expired)), for: Self.ann)
        #expect(world.explain(question()).nearest.count == 5)
    }

    @Test func `what nothing could allow has neither misses nor a suggestion`() {
        for question in [
            question("fly"), question("view", "nothing"),
            Question(
                subject: Subject(kind: "user", id: "nobody"), action: "view", resourceType: "record", resourceID: "r1",
                time: 0),
        ] {
            let found = world.explain(question)
            #expect(!found.isAllowed && found.reasons.isEmpty && found.nearest.isEmpty && found.toAllow == nil)
        }
    }

    // MARK: The smallest change

    @Test mutating func `whoever is not active is enabled, if that is enough`() {
        set(active: false, Self.allow("z", Self.view))
        #expect(suggestion(question()) == .enable(Self.ann))
        set(active: false)
        #expect(suggestion(question()) == nil)
    }

    @Test mutating func `a grant that is over is extended, one that is to come begins now`() {
        set(Self.allow("z", Self.view, until: 500))
        #expect(
            suggestion(question()) == .extend(grant: "z", isAssignment: false, holder: Self.ann, startsLater: false))
        set(Grant(id: "a", kind: .role("reader"), validFrom: 5000, expiresAt: 6000))
        #expect(suggestion(question()) == .extend(grant: "a", isAssignment: true, holder: Self.ann, startsLater: true))
    }

    @Test mutating func `a grant of a group that is over is extended there`() {
        world.set(
            GroupFacts(id: "g1", name: "G", holdings: Holdings([Grant(id: "a", kind: .role("reader"), expiresAt: 1)])),
            forGroup: "g1")
        set(groups: ["g1"])
        let group = Subject(kind: "group", id: "g1")
        #expect(suggestion(question()) == .extend(grant: "a", isAssignment: true, holder: group, startsLater: false))
    }

    @Test mutating func `selected resources are widened by the one asked about`() {
        set(Grant(id: "a", kind: .role("reader"), scope: .resources(type: "record", ids: ["r2"])))
        #expect(
            suggestion(question())
                == .widen(
                    grant: "a", isAssignment: true, holder: Self.ann, scope: .resources(type: "record", ids: ["r1", "r2"])))
    }

    @Test func `a small role is assigned for the one resource, when it would be good for all`() {
        #expect(
            suggestion(question())
                == .assign(role: "reader", to: Self.ann, scope: .resources(type: "record", ids: ["r1"])))
    }

    @Test mutating func `a role that says itself which resources it means is assigned as it is`() throws {
        world.set(Optional<Role>.none, forRole: "editor")
        let own = Permission(
            resourceType: "record", match: .pattern(try Pattern("${username}-*", syntax: .name)), actions: ["view"])
        world.set(Role(id: "reader", name: "Reader", permissions: [own]), forRole: "reader")
        #expect(suggestion(question("view", "record", "ann-1")) == .assign(role: "reader", to: Self.ann, scope: .realm))
        // What it does not mean is authorized alone.
        #expect(
            suggestion(question("view", "record", "bob-1"))
                == .authorize(Self.ann, Permission(resourceType: "record", match: .id("bob-1"), actions: ["view"])))
    }

    @Test mutating func `no role that denies, speaks about every type or gives much is suggested`() {
        world.set(Optional<Role>.none, forRole: "editor")
        let authorization = Suggestion.authorize(
            Self.ann, Permission(resourceType: "record", match: .id("r1"), actions: ["view"]))
        world.set(Optional<Role>.none, forRole: "reader")
        #expect(suggestion(question()) == authorization)
        world.set(
            Role(
                id: "x", name: "X",
                permissions: [Self.view, Permission(effect: .deny, resourceType: "record", actions: ["edit"])]), forRole: "x")
        #expect(suggestion(question()) == authorization)
        let many = (0..<5).map { Permission(resourceType: "record", match: .id("r\($0)"), actions: ["view"]) }
        world.set(Role(id: "x", name: "X", permissions: many), forRole: "x")
        #expect(suggestion(question()) == authorization)
    }

    @Test func `a subscription is authorized by its filter, a path by its decoded form`() {
        #expect(
            suggestion(question("subscribe", "mqtt-topic", "$share/g/plant/+/temp"))
                == (try? Pattern("plant/+/temp", syntax: .topic)).map {
                    .authorize(Self.ann, Permission(resourceType: "mqtt-topic", match: .pattern($0), actions: ["subscribe"]))
                })
        #expect(
            suggestion(question("GET", "http-endpoint", "//Host.example/a%20b/./c/"))
                == .authorize(
                    Self.ann,
                    Permission(resourceType: "http-endpoint", match: .id("//host.example/a b/c"), actions: ["GET"])))
        // No topic can be published to by a name with wildcards, whatever is granted.
        #expect(suggestion(question("publish", "mqtt-topic", "plant/+")) == nil)
    }

    @Test mutating func `a deny of one's own is removed`() {
        set(Self.allow("z1", Self.view), Self.allow("z2", Self.deny))
        #expect(suggestion(question()) == .remove(grant: "z2", isAssignment: false, holder: Self.ann))
    }

    @Test mutating func `a deny through a group is left behind with the group, unless the allow comes from there too`() {
        let group = Subject(kind: "group", id: "g1")
        world.set(GroupFacts(id: "g1", name: "G", holdings: Holdings([Self.allow("z2", Self.deny)])), forGroup: "g1")
        set(groups: ["g1"], Self.allow("z1", Self.view))
        #expect(suggestion(question()) == .leave(Self.ann, group: "g1"))
        world.set(
            GroupFacts(id: "g1", name: "G", holdings: Holdings([Self.allow("z1", Self.view), Self.allow("z2", Self.deny)])),
            forGroup: "g1")
        set(groups: ["g1"])
        #expect(suggestion(question()) == .remove(grant: "z2", isAssignment: false, holder: group))
    }

    @Test mutating func `two things in the way are more than one change, and that is said by suggesting none`() {
        set(Self.allow("z1", Self.view), Self.allow("z2", Self.deny), Self.allow("z3", Self.deny))
        #expect(suggestion(question()) == nil)
        set(Self.allow("z2", Self.deny))
        #expect(suggestion(question()) == nil)
    }

    // MARK: What reaches somebody

    @Test mutating func `own grants come first, then those of groups, as far as they count in their scope`() {
        let scoped = Permission(resourceType: "record", actions: ["edit"], scopes: [.organization])
        world.set(
            Role(id: "reader", name: "Reader", permissions: [Self.view, scoped]), forRole: "reader")
        world.set(
            GroupFacts(id: "g1", name: "G", groups: ["g1"], holdings: Holdings([Grant(id: "b", kind: .role("reader"))])),
            forGroup: "g1")
        set(groups: ["g1"], Self.allow("z", Self.deny), Grant(id: "a", kind: .role("reader"), scope: .organization("acme")))
        var found: [String] = []
        world.eachAccess(of: Self.ann) {
            found.append("\($0.grant.id)\($0.place) " + $0.path.map(\.id).joined(separator: ">"))
            return true
        }
        #expect(
            found == ["a0 ann-id>reader", "a1 ann-id>reader", "z0 ann-id", "b0 ann-id>g1>reader"])
        var ofGroup = 0
        world.eachAccess(of: Subject(kind: "group", id: "g1")) { _ in
            ofGroup += 1
            return true
        }
        #expect(ofGroup == 1)
    }
}
