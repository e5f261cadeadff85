import Access

/// decisions measure GRANTS SECONDS | decisions members COUNT | decisions write GRANTS QUESTIONS | decisions answer GRANTS QUESTIONS SECONDS
/// Prints one object of JSON; `write` prints lines of JSON: the policies, the principals, the resources, the questions with answers.
func run(_ arguments: [String]) throws {
    func number(_ index: Int) -> Int { index < arguments.count ? Int(arguments[index]) ?? 0 : 0 }
    func seconds(_ index: Int) -> Double { index < arguments.count ? Double(arguments[index]) ?? 1 : 1 }
    switch arguments.first {
    case "measure": try measure(grants: number(1), seconds: seconds(2))
    case "members": try measure(members: number(1))
    case "write": try write(grants: number(1), questions: number(2))
    case "answer": try answer(grants: number(1), questions: number(2), seconds: seconds(3))
    default: fatalError("decisions measure|members|write|answer ...")
    }
}

func measure(grants: Int, seconds: Double) throws {
    var world = try BenchWorld(size: grants)
    let count = 200_000
    let warm = 1_000
    let plain = world.questions(count, nested: false)
    let nested = world.questions(count, nested: true)
    let before = resident()
    let snapshot = try world.snapshot()
    let memory = resident() - before
    let engine = Engine(snapshot)
    var figures: [(String, Double)] = []
    for (name, questions) in [("plain", plain), ("nested", nested)] {
        let cold = Speed(engine, questions, seconds: 0)
        let hot = Array(questions.prefix(warm))
        _ = Speed(engine, hot, seconds: min(0.2, seconds))
        let warm = Speed(engine, hot, seconds: seconds)
        let all = Speed(engine, questions, seconds: seconds)
        figures += [
            ("\(name) cold/s", cold.perSecond), ("\(name) cold p50", cold.p50), ("\(name) cold p99", cold.p99),
            ("\(name) warm/s", warm.perSecond), ("\(name) warm p50", warm.p50), ("\(name) warm p99", warm.p99),
            ("\(name) all/s", all.perSecond), ("\(name) all p50", all.p50), ("\(name) all p99", all.p99),
            ("\(name) allowed share", Double(cold.allowed) / Double(count)),
        ]
    }
    figures.append(("bytes per grant", Double(memory) / Double(grants)))
    figures.append(("change visible, ms", try grantVisible(world, snapshot)))
    show(figures)
}

/// One more grant to one principal.
func grantVisible(_ world: BenchWorld, _ snapshot: Snapshot) throws -> Double {
    try visible(snapshot, tries: 200) { snapshot, number in
        let person = world.plain[number % world.plain.count]
        let type = BenchWorld.types[number % 20]
        let resource = "new/\(number)"
        let policy = Policy(
            holder: person.subject, effect: .allow, type: type, resource: resource, action: "read", condition: nil)
        let held = snapshot.holdings(of: person.subject).grants + [try BenchWorld.grant(policy, id: number)]
        snapshot.set(world.facts(of: person, grants: held), for: person.subject)
        return Question(subject: person.subject, action: "read", resourceType: type, resourceID: resource, time: 1)
    }
}

/// A role held by a group of so many members changes; and so does a membership.
func measure(members: Int) throws {
    var snapshot = Snapshot()
    func role(_ id: String) -> Role {
        let permission = Permission(resourceType: "http-endpoint", match: .id(id), actions: ["GET"])
        return Role(id: "all", name: "All", permissions: [permission])
    }
    snapshot.set([role("/")])
    snapshot.set(
        GroupFacts(id: "everyone", name: "Everyone", holdings: Holdings([Grant(id: "1", kind: .role("all"))])),
        forGroup: "everyone")
    for number in 0..<members {
        let subject = Subject(kind: "user", id: BenchWorld.id(number, kind: 0))
        snapshot.set(PrincipalFacts(subject: subject, name: "user-\(number)", groups: ["everyone"]), for: subject)
    }
    let ofRole = visible(snapshot, tries: 200) { snapshot, number in
        snapshot.set(role("/\(number)"), forRole: "all")
        let subject = Subject(kind: "user", id: BenchWorld.id(number * 31 % members, kind: 0))
        return Question(subject: subject, action: "GET", resourceType: "http-endpoint", resourceID: "/\(number)", time: 1)
    }
    show([("role of a group changed, ms", ofRole)])
}

func show(_ figures: [(String, Double)]) {
    print("{" + figures.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}")
}

try run(Array(CommandLine.arguments.dropFirst()))
