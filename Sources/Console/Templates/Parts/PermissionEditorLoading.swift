import Access
import Directory
import Grants
import Model
import Web

extension ConsoleServices {
    /// Every resource type the viewer may see, by name.
    func resourceTypes(_ call: Call) throws -> [ResourceType] {
        let snapshot = try gate.snapshot(of: call.realm).snapshot
        return snapshot.allTypes.filter { gate.allows(.typeRead, on: $0.id, caller: call.caller) }
            .sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
    }

    /// The names of types in sentences; whoever sees a permission sees what its type is called.
    func permissionWords(_ call: Call) throws -> PermissionWords {
        PermissionWords(try gate.snapshot(of: call.realm).snapshot.allTypes)
    }

    /// The editor as it is shown now, with what its open row would match.
    func view(_ editor: PermissionEditor, call: Call, allowsScopes: Bool) async throws -> PermissionEditorView {
        let types = try resourceTypes(call)
        let words = try permissionWords(call)
        let check = editor.open.flatMap { row in
            editor.rows[row].resourceType.isEmpty
                ? nil : PermissionCheck(editor.rows[row], types: words.types, allowsScopes: allowsScopes)
        }
        var matches: RegisteredMatches?
        if let check { matches = try await registered(check, call: call) }
        return PermissionEditorView(
            editor: editor, words: words, types: types, allowsScopes: allowsScopes, check: check, registered: matches)
    }

    /// What of the registered resources of the type the row would match, among those the viewer may see. `nil` where nobody can
    /// tell without the holder, and for our own types, whose objects are registered nowhere.
    private func registered(_ check: PermissionCheck, call: Call) async throws -> RegisteredMatches? {
        guard let type = check.type, type.plane == .runtime, check.permission != nil, !check.dependsOnHolder,
            gate.allowsAny(.resourceRead, caller: call.caller)
        else { return nil }
        let page = try await access.resources.list(
            ListQuery(filter: "type eq \(Filter.quote(type.id))", limit: Self.looked), caller: call.caller)
        let found = page.items.filter { check.matches(id: $0.id, properties: AttributeValue.attributes($0.properties)) }
        return RegisteredMatches(ids: found.map(\.id), looked: page.items.count, hasMore: page.nextCursor != nil)
    }

    /// As many registered resources as a check looks at.
    private static let looked = 200
}
