import API
import Access
import Directory
import Foundation
import Grants
import HTTPTypes
import HummingbirdTesting
import Model
import NIOCore
import Storage
import Testing

/// Somebody with one bounded power, who tries everything.
struct Attacker: Sendable, CustomTestStringConvertible {
    enum Power: Sendable {
        case role(String)
        /// These actions on one of Gatehouse's own types, by a role made for it.
        case clerk(String, actions: [String] = ["*"])
    }

    enum Reach: String, Sendable {
        case realm, group, organization
        /// In the realm, for an hour.
        case hour
    }

    let power: Power
    var reach = Reach.realm

    var testDescription: String {
        switch power {
        case .role(let id): "\(id) in \(reach.rawValue)"
        case .clerk(let type, let actions): "\(actions.joined(separator: ", ")) of \(type) in \(reach.rawValue)"
        }
    }
}

/// A world with the powerful, the weak and an attacker, and what everybody holds in it.
struct EscalationWorld: Sendable {
    let world: World
    let owner: Person
    let attacker: Person
    /// Ids by noun: `users`, `groups`, ... in which every kind of victim is.
    let ids: [String: [String]]
    let bosses: EntityID
    let pawns: EntityID
    let colleague: EntityID
    let robot: EntityID

    /// A principal's answer to "may I", at one of two instants.
    struct Held: Hashable, Sendable {
        let principal: String
        let what: String
    }

    init(_ attacker: Attacker) async throws {
        let world = try await World()
        let owner = try await world.makeOwner()
        self.world = world
        self.owner = owner
        let services = AccessServices(world.access)
        let caller = owner.caller
        func permissions(_ text: String) throws -> JSONValue { try JSONValue(parsing: "[\(text)]".utf8) }

        // What products protect, with a secret that only its owner may read.
        _ = try await services.resourceTypes.create(
            NewResourceType(
                id: "vault",
                actions: try JSONValue(parsing: #"[{"id":"open"},{"id":"look"},{"id":"all","includes":["look"]}]"#.utf8),
                properties: ["owner"]), idempotency: nil, caller: caller)
        _ = try await services.resources.put(
            type: "vault", id: "v1", NewResource(properties: JSONObject([("owner", .string(owner.id.text))])), ifMatch: nil,
            caller: caller)

        // The powerful: the owner, one who is owner by a group, administrators, a service.
        bosses = try await world.makeGroup("bosses")
        pawns = try await world.makeGroup("pawns")
        let staff = try await world.makeGroup("staff")
        let chief = try await world.makePerson("chief", by: owner)
        try await world.add(.user(chief.id), to: bosses)
        try await world.give("owner", to: PrincipalReference(kind: .group, id: bosses))
        let administrator = try await world.makePerson("adam", by: owner)
        try await world.give("user-admin", to: .user(administrator.id))
        try await world.give("access-admin", to: .user(administrator.id))
        robot = try await world.makeService("robot")
        try await world.give("owner", to: PrincipalReference(kind: .service, id: robot))

        // The weak.
        let weak = try await world.makePerson("wendy", by: owner)
        colleague = weak.id
        let puppet = try await world.makeService("puppet")
        let me = try await world.makePerson("mallory", by: owner)
        self.attacker = me
        for member in [PrincipalReference.user(me.id), .user(weak.id)] {
            try await world.add(member, to: pawns)
            try await world.add(member, to: staff)
        }

        // Roles the attacker and the weak hold, which must not grow; and one that nobody holds.
        for (id, text) in [
            ("pawn", #"{"resourceType":"vault","match":"property","property":"owner","subject":"id","actions":["open"]}"#),
            ("looker", #"{"resourceType":"vault","actions":["all"]}"#),
            ("keys", #"{"resourceType":"user","actions":["*"]},{"resourceType":"role","actions":["*"]}"#),
        ] {
            _ = try await services.roles.create(
                NewRole(id: id, name: nil, description: nil, permissions: try permissions(text)), idempotency: nil, caller: caller
            )
        }
        try await world.give("pawn", to: PrincipalReference(kind: .group, id: pawns))
        try await world.give("looker", to: .user(me.id))
        // What an attribute would open, and what a deny closes.
        let conditional = try permissions(
            #"{"resourceType":"user","actions":["*"],"condition":"subject.clearance eq \"high\""},"#
                + #"{"resourceType":"vault","match":"pattern","resource":"${attribute.key}","actions":["open"]}"#)
        let denied = try permissions(
            #"{"effect":"deny","resourceType":"audit","actions":["read"]},"#
                + #"{"effect":"deny","resourceType":"mqtt-topic","actions":["publish"]}"#)
        for holder in [me.id, weak.id] {
            for text in [conditional, denied] {
                _ = try await services.authorizations.create(
                    permissions: text, GrantTerms(principal: .user(holder)), idempotency: nil, caller: caller)
            }
        }
        let box = try permissions(#"{"resourceType":"vault","match":"id","resource":"v2","actions":["open"]}"#)
        _ = try await services.authorizations.create(
            permissions: box, GrantTerms(principal: .user(weak.id)), idempotency: nil, caller: caller)
        let topics = try permissions(#"{"resourceType":"mqtt-topic","actions":["publish"]}"#)
        _ = try await services.authorizations.create(
            permissions: topics, GrantTerms(principal: .user(weak.id)), idempotency: nil, caller: caller)

        try await Self.empower(me, attacker, scope: pawns, services, world, caller)
        func all(_ query: Statement) async throws -> [String] { try await world.texts(query) }
        ids = [
            "users": [me.id, weak.id, owner.id, chief.id, administrator.id].map(\.text),
            "groups": [bosses, pawns, staff].map(\.text), "services": [robot, puppet].map(\.text),
            "roles": ["pawn", "looker", "keys", "owner", "auditor", "clerk"], "resource-types": ["vault", "mqtt-topic", "user"],
            "resources": ["v1", "v2"],
            "role-assignments": try await all(Statement("SELECT id FROM role_assignment ORDER BY id")),
            "authorizations": try await all(Statement("SELECT id FROM direct_authorization ORDER BY id")),
        ]
    }

    private static func empower(
        _ person: Person, _ attacker: Attacker, scope group: EntityID, _ services: AccessServices, _ world: World,
        _ caller: Caller
    ) async throws {
        var role = ""
        switch attacker.power {
        case .role(let id): role = id
        case .clerk(let type, let actions):
            role = "clerk"
            let names = JSONValue.array(actions.map(JSONValue.string)).text
            let text = #"[{"resourceType":"\#(type)","actions":\#(names)}]"#
            _ = try await services.roles.create(
                NewRole(id: role, name: nil, description: nil, permissions: try JSONValue(parsing: text.utf8)), idempotency: nil,
                caller: caller)
            // Without sight there is nothing to change.
            try await world.give("auditor", to: .user(person.id))
        }
        let scope: Scope =
            switch attacker.reach {
            case .realm, .hour: .realm
            case .group: .group(group.text)
            case .organization: .organization("other")
            }
        let end = attacker.reach == .hour ? world.clock.now().adding(seconds: 3600) : nil
        try await world.give(role, to: .user(person.id), scope: scope, expiresAt: end)
    }

    // MARK: What everybody holds

    /// All that anybody may do now, or in ten years: of the management plane, or of the runtime plane.
    func held(_ plane: ResourceType.Plane) throws -> Set<Held> {
        let snapshot = try world.gate.snapshot(of: .main).snapshot
        let engine = Access.Engine(snapshot)
        let now = world.clock.now()
        let instants = [("now", now), ("later", now.adding(seconds: 315_360_000))]
        var subjects: [Subject] = []
        snapshot.eachPrincipal { principal in
            subjects.append(principal.subject)
            return true
        }
        var held = Set<Held>()
        // A type that an attacker declares is nobody's yet.
        let known = ResourceType.management + ResourceType.builtInRuntime + [snapshot.resourceType("vault")].compactMap { $0 }
        for type in known where type.plane == plane {
            for action in type.actions {
                for id in representatives(type.id) {
                    for (instant, time) in instants {
                        for subject in subjects {
                            let question = Question(
                                subject: subject, action: action.id, resourceType: type.id, resourceID: id,
                                time: time.milliseconds)
                            guard engine.allows(question) else { continue }
                            held.insert(
                                Held(
                                    principal: "\(subject.kind):\(subject.id)",
                                    what: "\(type.id):\(action.id) on \(id ?? "all") \(instant)"))
                        }
                    }
                }
            }
        }
        return held
    }

    private func representatives(_ type: String) -> [String?] {
        switch type {
        case "user": [nil] + (ids["users"] ?? [])
        case "service": [nil, robot.text]
        case "group": [nil, bosses.text, pawns.text]
        case "role": [nil, "keys", "pawn"]
        case "resource-type": [nil, "vault", "mqtt-topic"]
        case "resource": [nil, "vault/v1"]
        case "vault": ["v1", "v2"]
        case "mqtt-topic": ["plant/1"]
        case "http-endpoint": ["/secret"]
        default: [nil]
        }
    }

    /// The password of every user, as it is stored.
    func secrets() async throws -> [String: String] {
        let texts = try await world.texts(
            Statement("SELECT principal_id || ' ' || secret FROM credential ORDER BY principal_id, id"))
        return Dictionary(
            texts.map { text in
                let parts = text.split(separator: " ", maxSplits: 1)
                return (String(parts[0]), String(parts[1]))
            }
        ) { $0 + $1 }
    }
}
