import Access

/// Makes small worlds in which everything meets everything: few ids, and every kind of rule about them.
struct RandomWorld {
    var generator: SeededGenerator
    /// Only what lists can be filtered by exactly is made for the management plane.
    let isListable: Bool

    init(seed: UInt64, isListable: Bool = false) {
        generator = SeededGenerator(seed: seed)
        self.isListable = isListable
    }

    static let subjects = [
        Subject(kind: "user", id: "u1"), Subject(kind: "user", id: "u2"), Subject(kind: "user", id: "u3"),
        Subject(kind: "user", id: "u10"), Subject(kind: "service", id: "s1"), Subject(kind: "device", id: "d1"),
    ]
    static let groups = ["g1", "g2", "g3", "g4", "g5"]
    static let organizations = ["acme", "umbrella"]
    static let actions = [
        "doc": ["read", "write", "own"], "channel": ["publish", "subscribe", "both"], "page": ["GET", "read", "all"],
        "mqtt-topic": ["publish", "subscribe"], "http-endpoint": ["GET", "POST", "read", "write"],
        "user": ["read", "update", "reset-password", "create"], "group": ["read", "add-member"], "service": ["read", "delete"],
        "device": ["read", "approve"], "organization": ["read", "update"], "role": ["read", "update"],
        "resource-type": ["read", "grant"], "*": [],
    ]
    static let ids = [
        "doc": ["a", "b", "ab", "*", "x:y", "caf\u{E9}", "cafe\u{301}"],
        "channel": ["a", "a/b", "a/b/c", "a/+", "a/#", "#", "+", "$SYS/a", "$share/g/a/b", "a//b"],
        "page": ["/", "/a", "/a/b", "/a/b/", "/a%20b", "//h.example/a", "/a/../b", "//h.example/a/b"],
        "mqtt-topic": ["plant/1/temp", "plant/+/temp", "plant/#", "plant/1", "u-ann/x"],
        "http-endpoint": ["/docs", "/docs/1", "//h.example/docs", "/docs/..;/x", "/u-ann"],
        "user": ["u1", "u2", "u3", "u10", "nobody"], "group": groups, "service": ["s1"], "device": ["d1"],
        "organization": organizations, "role": ["r1", "owner"], "resource-type": ["doc", "page"], "*": [],
    ]
    private static let patterns = [
        "name": ["a*", "*b", "*", "a*b", "u*", "${username}*", "g*", "u1", "${attribute.team}"],
        "topic": ["a/+", "a/#", "#", "+/b", "$SYS/#", "plant/+/temp", "${username}/#", "+", "a/b", "plant/${attribute.team}/#"],
        "path": ["/**", "/a/*", "/a/**", "//h.example/**", "/docs/*", "/${username}", "/a*", "/"],
    ]
    private static let listablePatterns = ["u*", "g*", "u1*", "*", "s*"]
    private static let conditions = [
        "subject.team eq \"red\"", "resource.owner eq subject.id", "not (subject.team eq \"red\")", "context.mfa eq true",
        "subject.level gt 2 and context.mfa eq true", "resource.owner eq subject.username or subject.level ge 3",
        "subject.groups co \"g1\"", "subject.groups eq \"Group 2\"", "subject.roles eq \"r2\"", "not (subject.roles eq \"r1\")",
        "resource.tags eq subject.team", "action.name eq \"read\"", "action.reason pr", "resource.id sw \"a\"",
        "resource.type eq \"doc\"", "subject.kind eq \"user\"", "not (resource.secret pr)", "resource.level le subject.level",
        "context.time gt 0", "subject.username eq \"u-ann\"", "resource.username eq \"u-bob\"", "subject.id ne resource.id",
    ]
    private static let listableConditions = [
        "resource.username sw \"u\"", "resource.username eq subject.username", "not (resource.username eq \"u-bob\")",
        "subject.team eq \"red\"", "resource.id eq subject.id", "resource.id sw \"u\" or subject.level gt 2",
        "not (resource.id ne subject.boss)", "subject.roles eq \"r1\" or resource.username co \"b\"", "resource.type eq \"user\"",
        "subject.groups eq \"Group 1\" and resource.id pr",
        "not (resource.username gt \"u-c\") and not (subject.team eq \"red\")",
    ]
    private static let scopeLists: [Set<Scope.Kind>] = [[.realm], [.organization], [.group, .resources], [.realm, .resources]]

    // MARK: Dice

    mutating func roll(_ sides: Int) -> Bool { Int.random(in: 0..<sides, using: &generator) == 0 }

    mutating func pick<Element>(_ list: [Element], or other: Element) -> Element {
        list.randomElement(using: &generator) ?? other
    }

    mutating func some<Element>(_ list: [Element], upTo limit: Int) -> [Element] {
        Array(list.shuffled(using: &generator).prefix(Int.random(in: 0...limit, using: &generator)))
    }

    private mutating func time() -> Int64? { roll(4) ? Int64.random(in: 0...10, using: &generator) : nil }

    // MARK: The world

    mutating func make() -> AccessWorld {
        var world = AccessWorld()
        world.types = RandomWorld.types
        world.teams = RandomWorld.groups.enumerated().map { number, id in
            AccessWorld.Team(id: id, name: "Group \(number + 1)", groups: some(RandomWorld.groups, upTo: 2))
        }
        world.people = RandomWorld.subjects.map { person($0) }
        world.roles = (1...5).map { number in
            Role(
                id: "r\(number)", name: "Role \(number)", permissions: permissions(inRole: true),
                includes: some(["r1", "r2", "r3", "r4", "r5", "help-desk", "gone"], upTo: 2))
        }
        world.given = (0..<Int.random(in: 3...14, using: &generator)).map { given("given-\($0)") }
        world.things = ["doc", "channel", "page", "mqtt-topic"].flatMap { type in things(of: type) }
        return world
    }

    static let types = [
        ResourceType(
            id: "doc", name: "Document", plane: .runtime,
            actions: [.init("read"), .init("write", includes: ["read"]), .init("own", includes: ["write", "own", "gone"])]),
        ResourceType(
            id: "channel", name: "Channel", plane: .runtime, syntax: .topic,
            actions: [
                .init("publish", includes: ["both"]), .init("subscribe"), .init("both", includes: ["publish", "subscribe"]),
            ]),
        ResourceType(
            id: "page", name: "Page", plane: .runtime, syntax: .path,
            actions: [.init("GET"), .init("read", includes: ["GET"]), .init("all", includes: ["read"])]),
    ]

    mutating func person(_ subject: Subject) -> AccessWorld.Person {
        let names = ["u1": "u-ann", "u2": "u-bob", "u3": "+", "u10": "U-Cem", "s1": "meter", "d1": "press-7"]
        var attributes: [String: AttributeValue] = [:]
        if !roll(3) {
            attributes["team"] = pick([.string("red"), .string("blue"), .string("a/b"), .integer(7)], or: .bool(true))
        }
        if !roll(3) { attributes["level"] = pick([.integer(1), .integer(3), .number(2.5)], or: .string("3")) }
        if roll(3) { attributes["boss"] = pick([.string("u1"), .string("u2")], or: .list([])) }
        if roll(3) {
            attributes["reports"] = .list(some([.string("u1"), .string("u-bob"), .string("u10"), .integer(1)], upTo: 3))
        }
        return AccessWorld.Person(
            subject: subject, name: names[subject.id] ?? subject.id, isActive: !roll(12),
            groups: some(RandomWorld.groups, upTo: 2),
            attributes: attributes)
    }

    mutating func given(_ id: String) -> AccessWorld.Given {
        let holder =
            roll(2)
            ? pick(RandomWorld.subjects, or: RandomWorld.subjects[0])
            : Subject(kind: "group", id: pick(RandomWorld.groups + ["gone"], or: "g1"))
        let role = roll(12) ? "owner" : pick(["r1", "r2", "r3", "r4", "r5", "user-admin", "gone"], or: "r1")
        return AccessWorld.Given(
            id: id, holder: holder, kind: roll(3) ? .permissions(permissions(inRole: false)) : .role(role), scope: scope(),
            validFrom: time(), expiresAt: time())
    }

    mutating func scope() -> Scope {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: return .organization(pick(RandomWorld.organizations, or: "acme"))
        case 1: return .group(pick(RandomWorld.groups, or: "g1"))
        case 2:
            let type = type()
            return .resources(type: type, ids: Set(some(RandomWorld.ids[type] ?? [], upTo: 4)))
        default: return .realm
        }
    }

    mutating func type() -> String {
        isListable
            ? pick(["user", "user", "group", "service", "role"], or: "user")
            : pick(Array(RandomWorld.actions.keys.sorted()), or: "doc")
    }

    private mutating func permissions(inRole: Bool) -> [Permission] {
        // Now and then so many that they are looked up instead of looked at.
        let count = roll(12) ? 20 : Int.random(in: 0...3, using: &generator)
        return (0..<count).map { _ in permission(inRole: inRole) }
    }

    mutating func permission(inRole: Bool, of given: String? = nil) -> Permission {
        let type = given ?? type()
        let actions = roll(4) ? ["*"] : some(RandomWorld.actions[type] ?? [], upTo: 3)
        let conditions = isListable ? RandomWorld.listableConditions : RandomWorld.conditions
        return Permission(
            effect: roll(5) ? .deny : .allow, resourceType: type, match: type == "*" ? .any : match(type), actions: actions,
            condition: roll(4) ? try? Condition(parsing: pick(conditions, or: "")) : nil,
            scopes: inRole && roll(4) ? pick(RandomWorld.scopeLists, or: []) : nil)
    }

    private mutating func match(_ type: String) -> Permission.Match {
        let syntax = (RandomWorld.types.first { $0.id == type } ?? ResourceType.builtIn[type])?.syntax ?? .name
        switch Int.random(in: 0..<5, using: &generator) {
        case 0, 1:
            let id = pick(RandomWorld.ids[type] ?? [], or: "a")
            return .id(ResourceName.canonicalID(id, syntax: syntax) ?? "a")
        case 2:
            let texts = isListable ? RandomWorld.listablePatterns : RandomWorld.patterns[syntax.rawValue] ?? []
            return (try? Pattern(pick(texts, or: ""), syntax: syntax)).map(Permission.Match.pattern) ?? .any
        case 3:
            let properties = isListable ? ["id", "username"] : ["id", "owner", "tags", "username", "type"]
            let attributes = ["id", "username", "team", "groups", "reports", "boss", "level", "kind"]
            return .property(pick(properties, or: "id"), subject: pick(attributes, or: "id"))
        default: return .any
        }
    }

    private mutating func things(of type: String) -> [AccessWorld.Thing] {
        let syntax = (RandomWorld.types.first { $0.id == type } ?? ResourceType.builtIn[type])?.syntax ?? .name
        return some(RandomWorld.ids[type] ?? [], upTo: 4).compactMap { id in
            // What a dictionary and what bytes call one id may differ; stored are only ids that do not.
            guard let canonical = ResourceName.canonicalID(id, syntax: syntax), canonical.utf8.allSatisfy({ $0 < 128 }) else {
                return nil
            }
            return AccessWorld.Thing(
                type: type, id: canonical, organization: roll(2) ? pick(RandomWorld.organizations, or: "acme") : nil,
                properties: properties())
        }
    }

    private mutating func properties() -> [String: AttributeValue] {
        var properties: [String: AttributeValue] = [:]
        if roll(2) { properties["owner"] = pick([.string("u1"), .string("u-bob"), .string("s1")], or: .integer(1)) }
        if roll(3) { properties["tags"] = .list(some([.string("red"), .string("blue"), .string("g1"), .integer(7)], upTo: 3)) }
        if roll(4) { properties["level"] = pick([.integer(1), .number(2.5)], or: .string("x")) }
        if roll(6) { properties["secret"] = .bool(true) }
        return properties
    }

    // MARK: Questions

    mutating func question(about type: String? = nil) -> Question {
        let type = type ?? self.type()
        var claims = Question.Claims.none
        if !isListable, roll(2) {
            claims.context =
                roll(2) ? ["mfa": .bool(true), "client": .string("u-ann")] : ["mfa": .string("yes"), "time": .integer(5)]
            claims.subject = roll(2) ? ["team": .string("red"), "level": .integer(9), "id": .string("u1")] : [:]
            claims.resource = roll(2) ? properties().merging(["username": .string("u-bob")]) { first, _ in first } : [:]
            claims.action = roll(2) ? ["reason": .string("x"), "name": .string("read")] : [:]
        }
        return Question(
            subject: roll(40) ? Subject(kind: "group", id: "g1") : pick(RandomWorld.subjects, or: RandomWorld.subjects[0]),
            action: roll(40) ? "fly" : pick(RandomWorld.actions[type] ?? [], or: "read"), resourceType: roll(40) ? "gone" : type,
            resourceID: roll(15) ? nil : pick(RandomWorld.ids[type] ?? [], or: "a"),
            time: Int64.random(in: 0...10, using: &generator), claims: claims)
    }
}
