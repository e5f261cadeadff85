import API
import Access
import Foundation
import Grants
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Model
import NIOCore
import Server
import Storage
import Testing
import Web

/// Somebody with a bounded power makes every call there is, with bodies that try to get more out of it. Afterwards nobody may hold
/// more than before: but what the attacker held himself he may have given on, and runtime permissions whoever holds `grant`.
@Suite struct EscalationTests {
    static let attackers: [Attacker] =
        Role.builtInList.map(\.id).filter { $0 != "owner" }.map { Attacker(power: .role($0)) } + [
            Attacker(power: .role("user-admin"), reach: .group), Attacker(power: .role("access-admin"), reach: .group),
            Attacker(power: .role("owner"), reach: .group), Attacker(power: .role("owner"), reach: .organization),
            Attacker(power: .role("access-admin"), reach: .hour), Attacker(power: .role("owner"), reach: .hour),
        ] + (EscalationWorld.types + ["catalog"]).map { Attacker(power: .clerk($0)) } + [
            // Who may change types, but not grant what they protect.
            Attacker(power: .clerk("resource-type", actions: ["create", "read", "update", "delete"]))
        ]

    @Test(arguments: attackers) func `nobody ends up holding more than before`(attacker: Attacker) async throws {
        let world = try await EscalationWorld(attacker)
        let application = try GatehouseServer.application(
            for: world.world.composition, configuration: Configuration(flags: [:], environment: [:]),
            logger: Logger(label: "escalation") { _ in SwiftLogNoOpLogHandler() })
        let before = try Reckoning(world, secrets: await world.secrets())
        try await application.test(.router) { client in
            var assault = Assault(world: world, client: client)
            for endpoint in Self.inOrder {
                let wins = try await assault.attack(endpoint)
                guard wins > 0 else { continue }
                let after = try Reckoning(world, secrets: await world.secrets())
                let gains = after.gains(since: before, by: world)
                #expect(gains == [], "\(attacker.testDescription), after \(endpoint.method) \(endpoint.path)")
                guard gains.isEmpty else { return }
            }
            #expect(assault.calls > 100)
        }
        // Whatever happened, somebody is left who can let everybody else in.
        let now = world.world.clock.now()
        let owners = try await world.world.database.read {
            try LastOwner.able(realm: .main, limit: 1, at: now, on: $0)
        }
        #expect(owners.count == 1, "\(attacker.testDescription)")
    }

    /// What takes away comes last: there would be nothing left to attack.
    static let inOrder: [Endpoint] = APISurface.endpoints.filter { $0.access != .everybody }.enumerated().sorted { left, right in
        func rank(_ endpoint: Endpoint) -> Int {
            if endpoint.method == .delete { return endpoint.path.contains("authorization") ? 2 : 3 }
            return endpoint.path.hasSuffix("/disable") ? 1 : 0
        }
        return (rank(left.element), left.offset) < (rank(right.element), right.offset)
    }.map(\.element)
}

/// What everybody holds at one moment.
private struct Reckoning {
    let management: Set<EscalationWorld.Held>
    let runtime: Set<EscalationWorld.Held>
    let secrets: [String: String]

    init(_ world: EscalationWorld, secrets: [String: String]) throws {
        management = try world.held(.management)
        runtime = try world.held(.runtime)
        self.secrets = secrets
    }

    /// What somebody holds now and did not, unless the attacker could give it; and whose credential the attacker should not have set.
    func gains(since before: Reckoning, by world: EscalationWorld) -> [String] {
        let attacker = "user:\(world.attacker.id)"
        let owned = Set(before.management.filter { $0.principal == attacker }.map(\.what))
        var gains: [String] = []
        for one in management.subtracting(before.management) where !owned.contains(one.what) {
            gains.append("\(one.principal) gained \(one.what)")
        }
        for one in runtime.subtracting(before.runtime) {
            let type = one.what.split(separator: ":").first.map(String.init) ?? ""
            let instant = one.what.hasSuffix("later") ? "later" : "now"
            guard
                !owned.contains("resource-type:grant on all \(instant)"),
                !owned.contains("resource-type:grant on \(type) \(instant)")
            else { continue }
            gains.append("\(one.principal) gained \(one.what)")
        }
        for (id, secret) in secrets where secret != before.secrets[id] && id != world.attacker.id.text {
            let power = before.management.filter { $0.principal == "user:\(id)" && !$0.what.contains(id) }.map(\.what)
            // Reading and changing oneself is no power over anybody.
            if let more = power.first(where: { !owned.contains($0) }) { gains.append("the password of \(id) was set: \(more)") }
        }
        return gains.sorted()
    }
}

/// One attacker's calls.
private struct Assault {
    let world: EscalationWorld
    let client: any TestClientProtocol
    private(set) var calls = 0

    init(world: EscalationWorld, client: any TestClientProtocol) {
        self.world = world
        self.client = client
    }

    /// Calls the endpoint on everything with every body; answers how often something may have changed.
    mutating func attack(_ endpoint: Endpoint) async throws -> Int {
        // Ending one's own session gains nothing and ends the attack.
        guard endpoint.path != "/sessions/current" || endpoint.method == .get, endpoint.path != "/me/sessions" else { return 0 }
        let noun = endpoint.path.split(separator: "/").first.map(String.init) ?? ""
        let bodies: [String?] =
            [.post, .put, .patch].contains(endpoint.method) ? world.bodies(for: endpoint.path, noun: noun) : [nil]
        var wins = 0
        for path in paths(endpoint, noun) {
            for body in bodies {
                let response = try await send(endpoint, path, noun, body)
                calls += 1
                #expect(response.status.code < 500, "\(endpoint.method) \(path) \(body ?? "")")
                #expect(response.status != .unauthorized, "\(endpoint.method) \(path) \(body ?? "")")
                if endpoint.method == .get {
                    #expect(!String(buffer: response.body).contains("$argon2") || mayReadSecrets, "\(path)")
                } else if response.status.code < 300 {
                    wins += 1
                }
            }
        }
        return wins
    }

    private var mayReadSecrets: Bool {
        world.world.gate.allows(.userExportSecrets, caller: world.attacker.caller)
    }

    private func paths(_ endpoint: Endpoint, _ noun: String) -> [String] {
        var paths = [endpoint.path]
        func fill(_ name: String, _ values: [String]) {
            paths = paths.flatMap { path in
                path.contains(name)
                    ? values.map { path.split(separator: name, omittingEmptySubsequences: false).joined(separator: $0) } : [path]
            }
        }
        var own = world.ids[noun] ?? [world.owner.id.text]
        // Deleting or disabling oneself gains nothing and ends the attack.
        if noun == "users",
            endpoint.method == .delete || endpoint.path.hasSuffix("/disable") || endpoint.path.hasSuffix("/password")
        {
            own = own.filter { $0 != world.attacker.id.text }
        }
        fill("{id}", own)
        fill("{type}", ["vault", "user"])
        fill("{kind}", ["users"])
        fill("{memberId}", [world.attacker.id.text, world.colleague.text])
        fill("{sessionId}", [world.owner.caller.session?.text ?? ""])
        fill("{tokenId}", [world.owner.id.text])
        if endpoint.method == .get, noun == "user-exports" { paths = paths.map { $0 + "?format=jsonl&secrets=true" } }
        if noun == "user-imports" { paths = paths.map { $0 + "?onConflict=update" } }
        return paths
    }

    private func send(_ endpoint: Endpoint, _ path: String, _ noun: String, _ body: String?) async throws -> TestResponse {
        var headers: HTTPFields = [.authorization: "Bearer \(world.attacker.token)"]
        if body != nil { headers[.contentType] = noun == "user-imports" ? "text/csv" : "application/json" }
        return try await client.execute(
            uri: APISurface.prefix + path, method: endpoint.method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    }
}
