import Access

/// Texts here hold nothing that JSON would have to escape but quotes and backslashes.
private func quoted(_ text: String) -> String {
    "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
}

private func object(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(quoted($0.0)): \($0.1)" }.joined(separator: ", ") + "}"
}

private func list(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ", ") + "]"
}

/// The questions of a comparison, by kind.
private func comparison(_ world: inout BenchWorld, _ questions: Int) -> [(kind: String, questions: [Question])] {
    [("plain", world.questions(questions, nested: false)), ("nested", world.questions(questions, nested: true))]
}

/// The same world and questions for others to decide, with our answers.
func write(grants: Int, questions count: Int) throws {
    var world = try BenchWorld(size: grants)
    let questions = comparison(&world, count)
    for policy in world.policies {
        print(
            object([
                ("what", quoted("policy")), ("kind", quoted(policy.holder.kind)), ("id", quoted(policy.holder.id)),
                ("effect", quoted(policy.effect.rawValue)), ("type", quoted(policy.type)), ("resource", quoted(policy.resource)),
                ("action", quoted(policy.action)), ("condition", policy.condition.map { quoted($0.text) } ?? "null"),
            ]))
    }
    for person in world.plain + world.nested {
        print(
            object([
                ("what", quoted("user")), ("id", quoted(person.subject.id)), ("groups", list(person.groups)),
                ("department", quoted(person.department)), ("level", "\(person.level)"),
            ]))
    }
    for team in world.teams {
        print(object([("what", quoted("group")), ("id", quoted(team.id)), ("groups", list(team.groups))]))
    }
    for document in world.documents {
        print(
            object([
                ("what", quoted("resource")), ("type", quoted(document.type)), ("id", quoted(document.id)),
                ("owner", quoted(document.owner)), ("department", quoted(document.department)), ("level", "\(document.level)"),
            ]))
    }
    let engine = Engine(try world.snapshot())
    for (kind, questions) in questions {
        for question in questions {
            print(
                object([
                    ("what", quoted("question")), ("set", quoted(kind)), ("id", quoted(question.subject.id)),
                    ("action", quoted(question.action)), ("type", quoted(question.resourceType)),
                    ("resource", quoted(question.resourceID ?? "")),
                    ("mfa", question.claims.context["mfa"] == .bool(true) ? "true" : "false"),
                    ("answer", engine.allows(question) ? "true" : "false"),
                ]))
        }
    }
}

/// Decides the questions that `write` wrote, again and again.
func answer(grants: Int, questions count: Int, seconds: Double) throws {
    var world = try BenchWorld(size: grants)
    let questions = comparison(&world, count)
    let engine = Engine(try world.snapshot())
    show(questions.map { ($0.kind, Speed(engine, $0.questions, seconds: seconds).perSecond) })
}
