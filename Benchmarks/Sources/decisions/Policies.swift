import Access

/// One grant of the measured worlds: a single permission given to one subject, so that every engine has equally many policies.
struct Policy {
    let holder: Subject
    let effect: Permission.Effect
    let type: String
    /// Ends with `*`: whatever begins so. Otherwise exactly this id.
    let resource: String
    let action: String
    let condition: Condition?
}

/// A world of so many grants, and questions about it; the same for the same size, whoever makes it.
///
/// The first half is *plain*: users without groups, each with ten grants, seven of exact ids and three of patterns. The second half is
/// *nested*: users in two teams, which are in departments, which are in the company; half of these grants have a condition.
struct BenchWorld {
    struct Person {
        let subject: Subject
        let name: String
        let groups: [String]
        let department: String
        let level: Int64
    }

    struct Team {
        let id: String
        let groups: [String]
    }

    struct Document {
        let type: String
        let id: String
        let owner: String
        let department: String
        let level: Int64
    }

    static let types = (0..<20).map { "kind-\($0)" }
    static let actions = ["read", "write", "delete"]
    static let conditions = [
        "resource.owner eq subject.id", "resource.department eq subject.department", "resource.level le subject.level",
        "context.mfa eq true and resource.level lt 8",
    ]
    static let company = "company"

    let size: Int
    private(set) var plain: [Person] = []
    private(set) var nested: [Person] = []
    private(set) var teams: [Team] = []
    private(set) var documents: [Document] = []
    private(set) var policies: [Policy] = []
    private var generator = Random(seed: 1)
    private let compiled: [Condition]

    init(size: Int) throws {
        self.size = size
        compiled = try BenchWorld.conditions.map { try Condition(parsing: $0) }
        documents = (0..<max(200, size / 10)).map { number in
            Document(
                type: BenchWorld.types[number % 20], id: "project-\(number / 20 % 500)/doc-\(number)",
                owner: BenchWorld.id(number % max(1, size / 40), kind: 1), department: "department-\(number % 25)",
                level: Int64(number % 10))
        }
        makePlain()
        makeNested()
    }

    /// A UUID in text, as stored ids are.
    static func id(_ number: Int, kind: UInt64) -> String {
        var random = Random(seed: UInt64(number) &* 8 &+ kind)
        let high = random.next()
        let low = random.next()
        func hex(_ value: UInt64, _ digits: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        return "019a7e3c-\(hex(high >> 48, 4))-7\(hex(high & 0xFFF, 3))-8\(hex(low >> 52, 3))-\(hex(low & 0xFFFF_FFFF_FFFF, 12))"
    }

    private mutating func document() -> Document { documents[Int(generator.next() % UInt64(documents.count))] }

    private mutating func action() -> String { BenchWorld.actions[Int(generator.next() % 3)] }

    private mutating func makePlain() {
        for number in 0..<(size / 20) {
            let subject = Subject(kind: "user", id: BenchWorld.id(number, kind: 0))
            plain.append(person(subject, number, groups: []))
            for index in 0..<10 { policies.append(policy(subject, isPattern: index >= 7, condition: nil)) }
        }
    }

    private func person(_ subject: Subject, _ number: Int, groups: [String]) -> Person {
        Person(
            subject: subject, name: "user-\(subject.id.suffix(12))", groups: groups, department: "department-\(number % 25)",
            level: Int64(number % 10))
    }

    /// One of fifty is a deny.
    private mutating func policy(_ holder: Subject, isPattern: Bool, condition: Condition?) -> Policy {
        let document = document()
        return Policy(
            holder: holder, effect: generator.next() % 50 == 0 ? .deny : .allow, type: document.type,
            resource: isPattern ? document.id.prefix { $0 != "/" } + "/*" : document.id, action: action(), condition: condition)
    }

    private mutating func makeNested() {
        let departments = max(1, size / 2_000)
        let teamCount = max(2, size / 200)
        teams.append(Team(id: BenchWorld.company, groups: []))
        for number in 0..<departments { teams.append(Team(id: BenchWorld.id(number, kind: 2), groups: [BenchWorld.company])) }
        for number in 0..<teamCount {
            teams.append(Team(id: BenchWorld.id(number, kind: 3), groups: [BenchWorld.id(number % departments, kind: 2)]))
        }
        let users = size / 40
        for number in 0..<users {
            let groups = [number % teamCount, (number / 7 + 1) % teamCount].map { BenchWorld.id($0, kind: 3) }
            let subject = Subject(kind: "user", id: BenchWorld.id(number, kind: 1))
            nested.append(person(subject, number, groups: groups))
            for _ in 0..<8 { policies.append(nestedPolicy(subject)) }
        }
        // What is left of the half goes to the groups; the deeper in the tree, the more of it.
        var number = 0
        while policies.count < size {
            let team = teams[number % 16 == 0 ? number / 16 % (departments + 1) : departments + 1 + number % teamCount]
            policies.append(nestedPolicy(Subject(kind: "group", id: team.id)))
            number += 1
        }
    }

    private mutating func nestedPolicy(_ holder: Subject) -> Policy {
        let condition = generator.next() % 2 == 0 ? compiled[Int(generator.next() % UInt64(compiled.count))] : nil
        return policy(holder, isPattern: generator.next() % 2 == 0, condition: condition)
    }

    // MARK: Questions

    /// Every other one is about something the user was given; each about another user, as long as there are users.
    mutating func questions(_ count: Int, nested isNested: Bool) -> [Question] {
        let people = isNested ? nested : plain
        let offset = isNested ? plain.count * 10 : 0
        let each = isNested ? 8 : 10
        return (0..<count).map { number in
            // A step without a common divisor goes through all of them in no order.
            let index = Int(UInt64(number) &* 7_919 % UInt64(people.count))
            let person = people[index]
            var document = document()
            var action = action()
            if number % 2 == 0 {
                let policy = policies[offset + index * each + Int(generator.next() % UInt64(each))]
                action = policy.action
                let id = policy.resource.last == "*" ? policy.resource.dropLast() + "doc-new" : policy.resource
                document = Document(type: policy.type, id: id, owner: "", department: "", level: 0)
            }
            return Question(
                subject: person.subject, action: action, resourceType: document.type, resourceID: document.id, time: 1,
                claims: isNested ? Question.Claims(context: ["mfa": .bool(number % 3 != 0)]) : .none)
        }
    }

    // MARK: Gatehouse's form

    static func grant(_ policy: Policy, id: Int) throws -> Grant {
        let match: Permission.Match =
            policy.resource.last == "*" ? .pattern(try Pattern(policy.resource, syntax: .name)) : .id(policy.resource)
        return Grant(
            id: "\(id)",
            kind: .permissions([
                Permission(
                    effect: policy.effect, resourceType: policy.type, match: match, actions: [policy.action],
                    condition: policy.condition)
            ]))
    }

    func facts(of person: Person, grants: [Grant]) -> PrincipalFacts {
        PrincipalFacts(
            subject: person.subject, name: person.name, groups: person.groups,
            attributes: ["department": .string(person.department), "level": .integer(person.level)], holdings: Holdings(grants))
    }

    func snapshot() throws -> Snapshot {
        var snapshot = Snapshot()
        for type in BenchWorld.types {
            snapshot.set(
                ResourceType(
                    id: type, name: type, plane: .runtime, actions: BenchWorld.actions.map { ResourceType.Action($0) },
                    properties: ["owner", "department", "level"]),
                forType: type)
        }
        var grants: [Subject: [Grant]] = [:]
        for (number, policy) in policies.enumerated() {
            grants[policy.holder, default: []].append(try BenchWorld.grant(policy, id: number))
        }
        for team in teams {
            let held = grants[Subject(kind: "group", id: team.id)] ?? []
            snapshot.set(
                GroupFacts(id: team.id, name: "team \(team.id.suffix(6))", groups: team.groups, holdings: Holdings(held)),
                forGroup: team.id)
        }
        for person in plain + nested {
            snapshot.set(facts(of: person, grants: grants[person.subject] ?? []), for: person.subject)
        }
        for document in documents {
            snapshot.set(
                ResourceFacts(properties: [
                    "owner": .string(document.owner), "department": .string(document.department),
                    "level": .integer(document.level),
                ]), forResource: document.id, type: document.type)
        }
        return snapshot
    }
}

/// SplitMix64.
struct Random {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
