import API
import HTTPTypes
import Testing
import Web
import Yams

/// Holds `openapi.yaml`, as it was built into the program, against the table that the surface is made from.
@Suite struct ContractTests {
    /// One operation as the contract lists it.
    struct Listed {
        let name: String
        let node: Node
        let pathParameters: Node?
    }

    static let methods: Set<String> = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    let root: Node
    let listed: [Listed]

    init() throws {
        let text = try #require(String(validating: APISurface.contract, as: UTF8.self))
        root = try #require(try compose(yaml: text))
        var listed: [Listed] = []
        for (path, item) in try #require(root["paths"]?.mapping) {
            let path = try #require(path.string)
            for (key, node) in try #require(item.mapping) {
                let key = try #require(key.string)
                guard Self.methods.contains(key) else { continue }
                listed.append(Listed(name: "\(key.uppercased()) \(path)", node: node, pathParameters: item["parameters"]))
            }
        }
        self.listed = listed
    }

    @Test func `the contract and the server list the same operations`() {
        let served = APISurface.endpoints.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(served).count == served.count, "An operation is served twice.")
        #expect(Set(served).subtracting(listed.map(\.name)).sorted() == [], "Served, but not in openapi.yaml.")
        #expect(Set(listed.map(\.name)).subtracting(served).sorted() == [], "In openapi.yaml, but not served.")
    }

    @Test func `an operation is public in the contract exactly when it answers without a session`() throws {
        for endpoint in APISurface.endpoints {
            let name = "\(endpoint.method.rawValue) \(endpoint.path)"
            let operation = try #require(listed.first { $0.name == name }, "\(name)")
            let isPublic = operation.node["security"]?.sequence?.isEmpty ?? false
            #expect(isPublic == (endpoint.access == .everybody), "\(name)")
            // By text: a subscript would look for the number 401.
            let responses = operation.node["responses"]?.mapping ?? [:]
            let names401 = responses.contains { $0.key.scalar?.string == "401" }
            #expect(names401 || isPublic, "\(name) can answer 401")
        }
    }

    @Test func `every operation has a name of its own, a summary and a tag that is described`() throws {
        let tags = try #require(root["tags"]?.sequence).compactMap { $0["name"]?.string }
        var names = Set<String>()
        for operation in listed {
            let id = try #require(operation.node["operationId"]?.string, "\(operation.name)")
            #expect(names.insert(id).inserted, "\(id) occurs twice")
            #expect(operation.node["summary"]?.string?.isEmpty == false, "\(operation.name)")
            let used = try #require(operation.node["tags"]?.sequence, "\(operation.name)").compactMap(\.string)
            #expect(used.count == 1 && used.allSatisfy(tags.contains), "\(operation.name)")
        }
    }

    @Test func `every parameter in a path is described`() throws {
        for operation in listed {
            let wanted = operation.name.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            let described = try (operation.pathParameters?.sequence ?? []).map { try parameter($0) }
            #expect(described.compactMap { $0["name"]?.string } == wanted, "\(operation.name)")
        }
    }

    @Test func `requests are closed: unknown members are refused, and the contract says so`() throws {
        for operation in listed {
            guard let content = operation.node["requestBody"]?["content"]?.mapping else { continue }
            for (_, media) in content {
                let reference = try #require(media["schema"]?["$ref"]?.string, "\(operation.name)")
                let schema = try #require(resolve(reference), "\(reference)")
                // Files are text; what their rows may hold, their own tests say.
                if schema["type"]?.string == "string" { continue }
                #expect(schema["additionalProperties"]?.bool == false, "\(reference)")
            }
        }
    }

    @Test func `every reference leads somewhere`() throws {
        var pending = [root]
        var count = 0
        while let node = pending.popLast() {
            if let reference = node["$ref"]?.string {
                count += 1
                #expect(resolve(reference) != nil, "\(reference)")
            }
            switch node {
            case .mapping(let mapping): pending.append(contentsOf: mapping.map(\.value))
            case .sequence(let sequence): pending.append(contentsOf: sequence)
            default: break
            }
        }
        #expect(count > 100)
    }

    private func parameter(_ node: Node) throws -> Node {
        guard let reference = node["$ref"]?.string else { return node }
        return try #require(resolve(reference), "\(reference)")
    }

    /// The node a local reference (`#/components/...`) names.
    private func resolve(_ reference: String) -> Node? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(root) { node, name in node?[String(name)] }
    }
}
