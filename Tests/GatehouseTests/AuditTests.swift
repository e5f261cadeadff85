@testable import Audit
import Crypto
import Model
import Storage
import Testing

/// The record: what is written stays provable.
@Suite struct AuditChainTests {
    static let ann = AuditEvent.Party(kind: "user", id: EntityID.make(at: Timestamp(milliseconds: 1)).text, name: "ann")
    static let bob = AuditEvent.Party(kind: "user", id: EntityID.make(at: Timestamp(milliseconds: 2)).text, name: "bob")

    /// A world without users, and ten events by ann about bob.
    static func world(events count: Int = 10) async throws -> World {
        let world = try await World()
        for number in 1...max(1, count) where count > 0 { try await append(number, in: world) }
        return world
    }

    static func append(_ number: Int, in world: World) async throws {
        world.clock.advance(seconds: 1)
        _ = try await world.database.write { [trail = world.trail, caller = world.stranger()] connection in
            try trail.append(
                .init(
                    actor: ann, action: "user.update", target: number == 7 ? nil : bob, detail: "number \(number)",
                    changes: [.init(field: "name", old: .null, new: .string("Bob \(number)"))]),
                caller: caller, on: connection)
        }
        try await world.settle()
    }

    static func verify(_ world: World, since head: String? = nil) async throws -> AuditVerification {
        try await world.database.scan { [verifier = world.verifier] in try verifier.verify(realm: .main, since: head, on: $0) }
    }

    // MARK: What holds

    @Test func `an empty record is intact`() async throws {
        let found = try await Self.verify(try await Self.world(events: 0))
        #expect(found.intact && found.events == 0 && found.unsealed == 0 && found.firstBreak == nil)
        #expect(found.head.hasPrefix("0:"))
    }

    @Test func `an untouched record is intact and its head moves with every event`() async throws {
        let world = try await Self.world(events: 3)
        var heads = Set<String>()
        for number in 4...8 {
            try await Self.append(number, in: world)
            let found = try await Self.verify(world)
            #expect(found.intact && found.events == Int64(number))
            #expect(heads.insert(found.head).inserted)
        }
        _ = try await world.sealer.seal(realm: .main, in: world.database)
        try await Self.append(9, in: world)
        #expect(try await Self.verify(world).intact)
    }

    @Test func `an event reads back as it was written`() async throws {
        let world = try await Self.world(events: 1)
        let event = try #require(try await world.events().first)
        #expect(event.actor == Self.ann)
        #expect(event.target == Self.bob)
        #expect(event.action == "user.update" && event.outcome == .success && event.detail == "number 1")
        #expect(event.address == World.home && event.requestID == "request-1" && event.realm == .main)
        #expect(event.time == world.clock.now())
        #expect(event.changes == [.init(field: "name", old: .null, new: .string("Bob 1"))])
        let found = try await world.database.read { try AuditEvents.find(event.id, realm: .main, on: $0)?.id }
        #expect(found == event.id)
    }

    @Test func `each realm has a chain of its own`() async throws {
        let world = try await Self.world(events: 2)
        _ = try await world.database.write { [trail = world.trail, caller = world.stranger(realm: RealmID("other"))] in
            try trail.append(.init(actor: nil, action: "x", target: nil), caller: caller, on: $0)
        }
        try await world.settle()
        let main = try await Self.verify(world)
        let other = try await world.database.scan { [verifier = world.verifier] in
            try verifier.verify(realm: RealmID("other"), since: nil, on: $0)
        }
        #expect(main.events == 2 && other.events == 1 && main.intact && other.intact)
        await #expect(throws: Never.self) { _ = try await Self.verify(world, since: main.head) }
        #expect(try await Self.verify(world, since: other.head).intact == false)
    }

    @Test func `events written at once are one chain`() async throws {
        let world = try await World()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 { group.addTask { try await Self.append(number, in: world) } }
            try await group.waitForAll()
        }
        let found = try await Self.verify(world)
        #expect(found.intact && found.events == 100)
    }

    // MARK: What breaks

    /// One way to falsify the record at position 4, and where the walk must stop.
    struct Falsification: Sendable, CustomTestStringConvertible {
        let name: String
        let statements: [Statement]
        let position: Int64
        var hasEvent = true

        var testDescription: String { name }
    }

    static let column: [Falsification] = [
        .init(
            name: "id",
            statements: [Statement("UPDATE audit_event SET id = '019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f' WHERE position = 4")],
            position: 4),
        .init(
            name: "position", statements: [Statement("UPDATE audit_event SET position = 400 WHERE position = 4")], position: 4,
            hasEvent: false),
        .init(name: "time", statements: [Statement("UPDATE audit_event SET time = time + 1 WHERE position = 4")], position: 4),
        .init(
            name: "actor kind", statements: [Statement("UPDATE audit_event SET actor_kind = 'device' WHERE position = 4")],
            position: 4),
        .init(
            name: "actor id", statements: [Statement("UPDATE audit_event SET actor_id = target_id WHERE position = 4")],
            position: 4),
        .init(
            name: "action", statements: [Statement("UPDATE audit_event SET action = 'user.read' WHERE position = 4")], position: 4
        ),
        .init(
            name: "target kind", statements: [Statement("UPDATE audit_event SET target_kind = '' WHERE position = 4")],
            position: 4),
        .init(
            name: "target id", statements: [Statement("UPDATE audit_event SET target_id = actor_id WHERE position = 4")],
            position: 4),
        .init(
            name: "outcome", statements: [Statement("UPDATE audit_event SET outcome = 'failure' WHERE position = 4")], position: 4
        ),
        .init(name: "detail", statements: [Statement("UPDATE audit_event SET detail = '' WHERE position = 4")], position: 4),
        .init(
            name: "request id", statements: [Statement("UPDATE audit_event SET request_id = 'x' WHERE position = 4")], position: 4
        ),
        .init(
            name: "actor commitment",
            statements: [Statement("UPDATE audit_event SET actor_commitment = target_commitment WHERE position = 4")], position: 4
        ),
        .init(
            name: "target commitment",
            statements: [Statement("UPDATE audit_event SET target_commitment = '' WHERE position = 4")], position: 4),
        .init(name: "hash", statements: [Statement("UPDATE audit_event SET hash = 'x' WHERE position = 4")], position: 4),
        .init(
            name: "text moved from one column to the next",
            statements: [Statement("UPDATE audit_event SET outcome = outcome || detail, detail = '' WHERE position = 4")],
            position: 4),
        .init(
            name: "the first row", statements: [Statement("UPDATE audit_event SET action = 'x' WHERE position = 1")], position: 1),
        .init(
            name: "the last row", statements: [Statement("UPDATE audit_event SET action = 'x' WHERE position = 10")], position: 10
        ),
        .init(
            name: "two rows", statements: [Statement("UPDATE audit_event SET action = 'x' WHERE position IN (6, 3)")], position: 3
        ),
    ]

    static let rows: [Falsification] = [
        .init(
            name: "one removed", statements: [Statement("DELETE FROM audit_event WHERE position = 4")], position: 4,
            hasEvent: false),
        .init(
            name: "the first removed", statements: [Statement("DELETE FROM audit_event WHERE position = 1")], position: 1,
            hasEvent: false),
        .init(
            name: "one removed and the others moved up",
            statements: [
                Statement("DELETE FROM audit_event WHERE position = 4"),
                Statement("UPDATE audit_event SET position = -position WHERE position > 4"),
                Statement("UPDATE audit_event SET position = -position - 1 WHERE position < 0"),
            ], position: 4),
        .init(
            name: "two exchanged",
            statements: [
                Statement("UPDATE audit_event SET position = 400 WHERE position = 4"),
                Statement("UPDATE audit_event SET position = 4 WHERE position = 5"),
                Statement("UPDATE audit_event SET position = 5 WHERE position = 400"),
            ], position: 4),
        .init(
            name: "one added in between",
            statements: [
                Statement("UPDATE audit_event SET position = -position WHERE position > 4"),
                Statement("UPDATE audit_event SET position = -position + 1 WHERE position < 0"),
                Statement(
                    """
                    INSERT INTO audit_event SELECT realm_id, '019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f', 5, time, actor_kind, actor_id, action,
                        target_kind, target_id, outcome, detail, request_id, actor_commitment, target_commitment, hash
                    FROM audit_event WHERE position = 4
                    """),
            ], position: 5),
        .init(
            name: "one added at the end",
            statements: [
                Statement(
                    """
                    INSERT INTO audit_event SELECT realm_id, '019a7e3c-1b2d-7c3e-8f40-5a6b7c8d9e0f', 11, time, actor_kind, actor_id, action,
                        target_kind, target_id, outcome, detail, request_id, actor_commitment, target_commitment, hash
                    FROM audit_event WHERE position = 10
                    """)
            ], position: 11),
    ]

    static let personal: [Falsification] = [
        .init(
            name: "a changed body",
            statements: [
                Statement(
                    """
                    UPDATE audit_personal SET body = '{"name":"eve"}'
                    WHERE part = 'actor' AND event_id = (SELECT id FROM audit_event WHERE position = 4)
                    """)
            ], position: 4),
        .init(
            name: "a changed salt",
            statements: [
                Statement(
                    """
                    UPDATE audit_personal SET salt = 'AAAAAAAAAAAAAAAAAAAAAA'
                    WHERE part = 'target' AND event_id = (SELECT id FROM audit_event WHERE position = 4)
                    """)
            ], position: 4),
        .init(
            name: "a changed subject",
            statements: [
                Statement(
                    """
                    UPDATE audit_personal SET subject_id = 'eve'
                    WHERE part = 'actor' AND event_id = (SELECT id FROM audit_event WHERE position = 4)
                    """)
            ], position: 4),
        .init(
            name: "a removed body",
            statements: [
                Statement(
                    "DELETE FROM audit_personal WHERE part = 'actor' AND event_id = (SELECT id FROM audit_event WHERE position = 4)"
                )
            ], position: 4),
        .init(
            name: "actor and target exchanged",
            statements: [
                Statement(
                    "UPDATE audit_personal SET part = 'x' WHERE part = 'actor' AND event_id = (SELECT id FROM audit_event WHERE position = 4)"
                ),
                Statement(
                    "UPDATE audit_personal SET part = 'actor' WHERE part = 'target' AND event_id = (SELECT id FROM audit_event WHERE position = 4)"
                ),
                Statement("UPDATE audit_personal SET part = 'target' WHERE part = 'x'"),
            ], position: 4),
        .init(
            name: "values added to an event about nobody",
            statements: [
                Statement(
                    """
                    INSERT INTO audit_personal (realm_id, event_id, part, subject_id, salt, body)
                    SELECT 'main', id, 'target', 'eve', 'salt', '{"name":"eve"}' FROM audit_event WHERE position = 7
                    """)
            ], position: 7),
        .init(
            name: "only the salt erased",
            statements: [
                Statement(
                    "UPDATE audit_personal SET salt = '' WHERE part = 'actor' AND event_id = (SELECT id FROM audit_event WHERE position = 4)"
                )
            ], position: 4),
    ]

    @Test(arguments: column + rows + personal)
    func `a record that was tampered with is broken, and the first place is named`(falsification: Falsification) async throws {
        let world = try await Self.world()
        let ids = try await world.texts(Statement("SELECT id FROM audit_event ORDER BY position"))
        for statement in falsification.statements { #expect(try await world.run(statement) > 0) }
        let found = try await Self.verify(world)
        #expect(!found.intact)
        let place = try #require(found.firstBreak)
        #expect(place.position == falsification.position)
        #expect((place.event != nil) == falsification.hasEvent)
        if falsification.hasEvent, !falsification.name.contains("add"), falsification.name != "id",
            falsification.name != "two exchanged",
            falsification.name != "one removed and the others moved up"
        {
            #expect(place.event?.text == ids[Int(falsification.position) - 1])
        }
        #expect(!place.reason.isEmpty)
    }

    /// Whoever can write the table can also compute hashes; the seals show it.
    @Test func `a record rewritten with right hashes is broken at the first sealed head`() async throws {
        let world = try await Self.world(events: 5)
        _ = try await world.sealer.seal(realm: .main, in: world.database)
        try await Self.append(6, in: world)
        try await Self.rewrite(in: world, from: 3)
        let found = try await Self.verify(world)
        #expect(!found.intact)
        #expect(found.firstBreak?.position == 5, "where a seal says something else")
    }

    @Test func `a record rewritten without a seal is found by an earlier head`() async throws {
        let world = try await Self.world(events: 5)
        let before = try await Self.verify(world).head
        try await Self.append(6, in: world)
        try await Self.rewrite(in: world, from: 3)
        #expect(try await Self.verify(world).intact, "nothing else could tell")
        let found = try await Self.verify(world, since: before)
        #expect(!found.intact && found.firstBreak?.position == 5)
    }

    /// Changes the detail of one event and computes every hash from there on anew.
    static func rewrite(in world: World, from position: Int64) async throws {
        _ = try await world.database.write { connection in
            try connection.run(Statement("UPDATE audit_event SET detail = 'rewritten' WHERE position = $1", [.integer(position)]))
            var head = AuditChain.genesis(.main)
            let rows = try connection.rows(
                Statement(
                    """
                    SELECT position, id, time, actor_kind, actor_id, action, target_kind, target_id, outcome, detail, request_id,
                        actor_commitment, target_commitment FROM audit_event ORDER BY position
                    """)
            ) { row in
                ChainedRow(
                    position: row.integer(0), id: row.text(1), time: row.integer(2), actorKind: row.text(3), actorID: row.text(4),
                    action: row.text(5), targetKind: row.text(6), targetID: row.text(7), outcome: row.text(8),
                    detail: row.text(9),
                    requestID: row.text(10), actorCommitment: row.text(11), targetCommitment: row.text(12))
            }
            for row in rows {
                head = AuditChain.Head(position: row.position, hash: AuditChain.hash(of: row, after: head.hash))
                try connection.run(
                    Statement("UPDATE audit_event SET hash = $1 WHERE position = $2", [.text(head.hash), .integer(row.position)]))
            }
        }
    }

    // MARK: Seals

    @Test func `a tail cut off after a seal shows, before any seal it needs an earlier head`() async throws {
        let world = try await Self.world(events: 6)
        let head = try await Self.verify(world).head
        try await world.run(Statement("DELETE FROM audit_event WHERE position > 4"))
        #expect(try await Self.verify(world).intact)
        let found = try await Self.verify(world, since: head)
        #expect(!found.intact && found.firstBreak?.position == 5 && found.firstBreak?.event == nil)

        let sealed = try await Self.world(events: 6)
        #expect(try await sealed.sealer.seal(realm: .main, in: sealed.database) != nil)
        try await sealed.run(Statement("DELETE FROM audit_event WHERE position > 4"))
        let cut = try await Self.verify(sealed)
        #expect(!cut.intact && cut.firstBreak?.position == 5)
    }

    @Test func `a record that is gone altogether shows after a seal`() async throws {
        let world = try await Self.world(events: 3)
        _ = try await world.sealer.seal(realm: .main, in: world.database)
        try await world.run(Statement("DELETE FROM audit_personal"))
        try await world.run(Statement("DELETE FROM audit_event"))
        let found = try await Self.verify(world)
        #expect(!found.intact && found.firstBreak?.position == 1)
    }

    @Test(arguments: [
        Statement("UPDATE audit_seal SET signature = 'AAAA'"), Statement("UPDATE audit_seal SET signature = ''"),
        Statement("UPDATE audit_seal SET signature = '!'"),
        Statement("UPDATE audit_seal SET hash = (SELECT hash FROM audit_event WHERE position = 2)"),
        Statement("UPDATE audit_seal SET position = 2, hash = (SELECT hash FROM audit_event WHERE position = 2)"),
        Statement("INSERT INTO audit_seal SELECT realm_id, 2, hash, time, signature FROM audit_seal"),
    ])
    func `a forged seal is found`(statement: Statement) async throws {
        let world = try await Self.world(events: 4)
        _ = try await world.sealer.seal(realm: .main, in: world.database)
        #expect(try await world.run(statement) == 1)
        let found = try await Self.verify(world)
        #expect(!found.intact)
        #expect([2, 4].contains(found.firstBreak?.position))
    }

    @Test func `another key's seal is a forged one`() async throws {
        let world = try await Self.world(events: 4)
        _ = try await AuditSealer(key: .init(), clock: world.clock).seal(realm: .main, in: world.database)
        let found = try await Self.verify(world)
        #expect(!found.intact && found.firstBreak?.position == 4)
    }

    @Test func `the head is sealed once, and again when it has moved`() async throws {
        let world = try await Self.world(events: 2)
        let first = try await world.sealer.seal(realm: .main, in: world.database)
        #expect(first == (try await Self.verify(world).head))
        #expect(try await world.sealer.seal(realm: .main, in: world.database) == nil)
        try await Self.append(3, in: world)
        let second = try await world.sealer.seal(realm: .main, in: world.database)
        #expect(second != nil && second != first)
        #expect(try await world.integers(Statement("SELECT position FROM audit_seal ORDER BY position")) == [2, 3])
        #expect(try await World().sealer.seal(realm: .main, in: World().database) == nil, "nothing to seal")
    }

    // MARK: Earlier heads

    @Test func `every earlier head is still part of an intact chain`() async throws {
        let world = try await Self.world(events: 0)
        var heads = [try await Self.verify(world).head]
        for number in 1...5 {
            try await Self.append(number, in: world)
            heads.append(try await Self.verify(world).head)
        }
        for head in heads { #expect(try await Self.verify(world, since: head).intact, "\(head)") }
    }

    @Test(arguments: ["3", "4", "99"])
    func `a head of another history is a break`(position: String) async throws {
        let world = try await Self.world(events: 4)
        let foreign = position + ":" + String(repeating: "ab", count: 32)
        #expect(try await Self.verify(world, since: foreign).intact == false)
    }

    @Test(arguments: [
        "", "x", "4", "4:", ":" + String(repeating: "a", count: 64), "-1:" + String(repeating: "a", count: 64), "4:abc", "4:a:b",
    ])
    func `what is no head is malformed`(head: String) async throws {
        let world = try await Self.world(events: 1)
        let error = await refusal { try await Self.verify(world, since: head) }
        #expect(error?.code == "malformed")
    }

    // MARK: Erasing

    @Test func `erasing a person's values breaks nothing and leaves nothing of them`() async throws {
        let world = try await Self.world()
        _ = try await world.sealer.seal(realm: .main, in: world.database)
        let head = try await Self.verify(world).head
        let erased = try await world.run(
            Statement("UPDATE audit_personal SET salt = '', body = '' WHERE subject_id = $1", [.text(Self.bob.id)]))
        #expect(erased == 9, "every event but the one about nobody")
        let found = try await Self.verify(world, since: head)
        #expect(found.intact && found.head == head)
        let events = try await world.events()
        #expect(events.compactMap(\.target).allSatisfy { $0.name == nil && $0.id == Self.bob.id })
        #expect(events.allSatisfy { $0.changes.isEmpty && $0.actor?.name == "ann" })
    }

    @Test func `what was erased cannot be guessed from what stays`() async throws {
        // The same values twice: the commitments differ by their salts.
        let world = try await Self.world(events: 0)
        for _ in 0..<2 { try await Self.append(1, in: world) }
        let commitments = try await world.texts(Statement("SELECT actor_commitment FROM audit_event"))
        #expect(Set(commitments).count == 2)
    }
}
