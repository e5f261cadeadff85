import Access
import Testing

/// The decision engine alone: values in, decision out.
@Suite struct DecisionTests {
    static let ann = Subject(kind: "user", id: "ann")

    static func question(
        _ action: String = "read", _ type: String = "user", _ resource: String? = "bob", subject: Subject = ann,
        at time: Int64 = 100
    ) -> Question {
        Question(subject: subject, action: action, resourceType: type, resourceID: resource, time: time)
    }

    static func role(_ id: String, _ permissions: Permission...) -> Role {
        Role(id: id, name: id, description: "", permissions: permissions, isBuiltIn: false)
    }

    static func grant(_ role: Role, from: Int64? = nil, until: Int64? = nil) -> Grant {
        Grant(assignment: "of " + role.id, role: role, validFrom: from, expiresAt: until)
    }

    static let reader = role("reader", Permission(resourceType: "user", actions: ["read"]))

    @Test func `nothing is allowed that nobody allowed`() {
        let decision = DecisionEngine.decide(Self.question(), grants: [])
        #expect(!decision.isAllowed)
        #expect(decision.reasons.isEmpty)
    }

    @Test func `an allow allows and is named as the reason`() {
        let decision = DecisionEngine.decide(Self.question(), grants: [Self.grant(Self.reader)])
        #expect(decision.isAllowed)
        #expect(decision.reasons.map(\.role) == ["reader"])
        #expect(decision.reasons.map(\.assignment) == ["of reader"])
    }

    @Test(arguments: [[0, 1], [1, 0], [0, 1, 0], [1, 1, 0]])
    func `a deny wins in every order and is the only reason`(order: [Int]) {
        let denier = Self.role("denier", Permission(effect: .deny, resourceType: "user", match: .id("bob"), actions: ["*"]))
        let grants = order.map { Self.grant([Self.reader, denier][$0]) }
        let decision = DecisionEngine.decide(Self.question(), grants: grants)
        #expect(!decision.isAllowed)
        #expect(Set(decision.reasons.map(\.role)) == ["denier"])
        #expect(DecisionEngine.decide(Self.question("read", "user", "cem"), grants: grants).isAllowed)
    }

    @Test(
        arguments: [
            (nil, nil, true), (nil, 101, true), (nil, 100, false), (nil, 99, false), (100, nil, true), (101, nil, false),
            (99, 101, true),
            (100, 100, false), (0, 0, false), (Int64.min, Int64.max, true),
        ] as [(Int64?, Int64?, Bool)])
    func `a grant counts from its first instant and has expired at its last`(from: Int64?, until: Int64?, isAllowed: Bool) {
        let grant = Self.grant(Self.reader, from: from, until: until)
        #expect(DecisionEngine.decide(Self.question(at: 100), grants: [grant]).isAllowed == isAllowed)
        #expect(grant.isValid(at: 100) == isAllowed)
    }

    @Test func `an expired deny denies no longer`() {
        let denier = Self.role("denier", Permission(effect: .deny, resourceType: "*", actions: ["*"]))
        let grants = [Self.grant(Self.reader), Self.grant(denier, until: 100)]
        #expect(!DecisionEngine.decide(Self.question(at: 99), grants: grants).isAllowed)
        #expect(DecisionEngine.decide(Self.question(at: 100), grants: grants).isAllowed)
    }

    @Test(
        arguments: [
            (Permission(resourceType: "user", actions: ["read"]), "read", "user", "bob", true),
            (Permission(resourceType: "user", actions: ["read"]), "read", "user", nil, true),
            (Permission(resourceType: "user", actions: ["read"]), "update", "user", "bob", false),
            (Permission(resourceType: "user", actions: ["read"]), "read", "group", "bob", false),
            (Permission(resourceType: "user", actions: ["read"]), "READ", "user", "bob", false),
            (Permission(resourceType: "user", actions: []), "read", "user", "bob", false),
            (Permission(resourceType: "*", actions: ["*"]), "anything", "whatever", nil, true),
            (Permission(resourceType: "user", actions: ["*"]), "anything", "user", nil, true),
            (Permission(resourceType: "user", match: .id("bob"), actions: ["read"]), "read", "user", "bob", true),
            (Permission(resourceType: "user", match: .id("bob"), actions: ["read"]), "read", "user", nil, false),
            (Permission(resourceType: "user", match: .id("*"), actions: ["read"]), "read", "user", "bob", false),
            (Permission(resourceType: "user", match: .id("*"), actions: ["read"]), "read", "user", "*", true),
            (
                Permission(resourceType: "user", match: .property("id", subject: "id"), actions: ["read"]), "read", "user", "ann",
                true
            ),
            (
                Permission(resourceType: "user", match: .property("id", subject: "id"), actions: ["read"]), "read", "user", "bob",
                false
            ),
            (
                Permission(resourceType: "user", match: .property("id", subject: "id"), actions: ["read"]), "read", "user", nil,
                false
            ),
            (
                Permission(resourceType: "user", match: .property("team", subject: "team"), actions: ["read"]), "read", "user",
                "ann", false
            ),
        ] as [(Permission, String, String, String?, Bool)])
    func `a permission fits by type, action and match`(
        permission: Permission, action: String, type: String, resource: String?, isAllowed: Bool
    ) {
        let decision = DecisionEngine.decide(
            Self.question(action, type, resource), grants: [Self.grant(Self.role("r", permission))])
        #expect(decision.isAllowed == isAllowed)
    }

    /// Random grants and questions, decided a second time by an evaluator that is obviously right.
    @Test func `the engine agrees with a naive evaluator`() {
        var generator = SeededGenerator(seed: 42)
        let types = ["user", "group", "*"]
        let actions = ["read", "update", "*"]
        let ids = ["ann", "bob", "cem"]
        func pick(_ list: [String]) -> String { list.randomElement(using: &generator) ?? "" }
        var allowed = 0
        for _ in 0..<3000 {
            let grants = (0..<Int.random(in: 0...4, using: &generator)).map { number -> Grant in
                let match: Permission.Match =
                    switch Int.random(in: 0..<3, using: &generator) {
                    case 0: .any
                    case 1: .id(pick(ids))
                    default: .property("id", subject: "id")
                    }
                let permission = Permission(
                    effect: Int.random(in: 0..<4, using: &generator) == 0 ? .deny : .allow, resourceType: pick(types),
                    match: match,
                    actions: [pick(actions)])
                return Self.grant(
                    Self.role("r\(number)", permission),
                    from: Bool.random(using: &generator) ? .random(in: 0...10, using: &generator) : nil,
                    until: Bool.random(using: &generator) ? .random(in: 0...10, using: &generator) : nil)
            }
            let question = Self.question(
                pick(["read", "update"]), pick(["user", "group"]), Bool.random(using: &generator) ? pick(ids) : nil,
                subject: Subject(kind: "user", id: pick(ids)), at: .random(in: 0...10, using: &generator))
            let expected = Self.naive(question, grants)
            #expect(DecisionEngine.decide(question, grants: grants).isAllowed == expected)
            if expected { allowed += 1 }
        }
        #expect(allowed > 100)
    }

    static func naive(_ question: Question, _ grants: [Grant]) -> Bool {
        var sawAllow = false
        for grant in grants {
            if let from = grant.validFrom { if question.time < from { continue } }
            if let until = grant.expiresAt { if question.time >= until { continue } }
            for permission in grant.role.permissions {
                if permission.resourceType != "*" && permission.resourceType != question.resourceType { continue }
                if !permission.actions.contains("*") && !permission.actions.contains(question.action) { continue }
                switch permission.match {
                case .any: break
                case .id(let id): if question.resourceID != id { continue }
                case .property: if question.resourceID != question.subject.id { continue }
                }
                if permission.effect == .deny { return false }
                sawAllow = true
            }
        }
        return sawAllow
    }
}

@Suite struct CoversTests {
    static let anything = DecisionTests.grant(.owner)
    static let reads = DecisionTests.grant(DecisionTests.reader)

    static func grants(_ permission: Permission, until: Int64? = nil) -> [Grant] {
        [DecisionTests.grant(DecisionTests.role("r", permission), until: until)]
    }

    @Test(
        arguments: [
            ([anything], [anything], true), ([anything], [reads], true), ([reads], [anything], false), ([reads], [reads], true),
            ([], [reads], false), ([], [], true), ([reads], [], true),
            (grants(Permission(resourceType: "user", match: .id("bob"), actions: ["*"])), [reads], false),
            ([reads], grants(Permission(resourceType: "user", match: .id("bob"), actions: ["read"])), true),
            ([reads], grants(Permission(resourceType: "user", actions: ["read", "update"])), false),
            ([reads], grants(Permission(resourceType: "user", actions: ["*"])), false),
            ([reads], grants(Permission(resourceType: "*", actions: ["read"])), false),
            (
                grants(Permission(resourceType: "user", match: .id("bob"), actions: ["read"])),
                grants(Permission(resourceType: "user", match: .id("cem"), actions: ["read"])), false
            ),
            // Who holds nothing but a deny holds nothing.
            (grants(Permission(effect: .deny, resourceType: "*", actions: ["*"])), [reads], false),
            ([anything], grants(Permission(effect: .deny, resourceType: "user", actions: ["read"])), false),
        ] as [([Grant], [Grant], Bool)])
    func `one covers another when it is at least as wide`(holder: [Grant], other: [Grant], covers: Bool) {
        #expect(DecisionEngine.covers(holder, other, at: 50) == covers)
    }

    @Test(
        arguments: [
            (nil, nil, true), (nil, 100, true), (100, nil, false), (100, 100, true), (99, 100, false), (101, 100, true),
            // The holder's own grant is over.
            (50, 40, true), (50, 51, false), (40, nil, false),
        ] as [(Int64?, Int64?, Bool)])
    func `one covers another when it lasts at least as long`(holder: Int64?, other: Int64?, covers: Bool) {
        let permission = Permission(resourceType: "user", actions: ["read"])
        #expect(
            DecisionEngine.covers(Self.grants(permission, until: holder), Self.grants(permission, until: other), at: 50) == covers
        )
    }

    @Test func `what begins later is not held yet, but must be covered already`() {
        let later = DecisionTests.grant(DecisionTests.reader, from: 60)
        #expect(!DecisionEngine.covers([later], [Self.reads], at: 50))
        #expect(!DecisionEngine.covers([], [later], at: 50))
        #expect(DecisionEngine.covers([Self.reads], [later], at: 50))
    }
}

@Suite struct SnapshotTests {
    static let ann = Subject(kind: "user", id: "ann")
    static let bob = Subject(kind: "user", id: "bob")

    @Test(arguments: ["read", "update-profile", "read-sessions", "end-own-sessions", "change-password"])
    func `everybody may do this to themselves and to nobody else`(action: String) {
        let snapshot = Snapshot()
        let question = { (id: String?) in
            Question(subject: Self.ann, action: action, resourceType: "user", resourceID: id, time: 0)
        }
        #expect(snapshot.decide(question("ann")).isAllowed)
        #expect(!snapshot.decide(question("bob")).isAllowed)
        #expect(!snapshot.decide(question(nil)).isAllowed)
    }

    @Test(arguments: ["update", "delete", "disable", "unlock", "reset-password", "end-sessions", "create", "*"])
    func `nobody may do this without being given it, not even to themselves`(action: String) {
        let question = Question(subject: Self.ann, action: action, resourceType: "user", resourceID: "ann", time: 0)
        #expect(!Snapshot().decide(question).isAllowed)
        #expect(Snapshot(grants: [Self.ann: [CoversTests.anything]]).decide(question).isAllowed)
    }

    @Test func `replacing one subject's grants leaves the others and the old snapshot alone`() {
        let first = Snapshot(grants: [Self.ann: [CoversTests.anything], Self.bob: [CoversTests.reads]])
        let second = first.replacing(Self.ann, with: [])
        #expect(first.grants(of: Self.ann).count == 1)
        #expect(second.grants(of: Self.ann).isEmpty)
        #expect(second.grants(of: Self.bob) == [CoversTests.reads])
        #expect(second.replacing(Self.ann, with: [CoversTests.reads]).grants(of: Self.ann) == [CoversTests.reads])
    }

    @Test func `grants belong to a kind and an id together`() {
        let snapshot = Snapshot(grants: [Self.ann: [CoversTests.anything]])
        let device = Question(
            subject: Subject(kind: "device", id: "ann"), action: "read", resourceType: "user", resourceID: "bob", time: 0)
        #expect(!snapshot.decide(device).isAllowed)
    }
}
