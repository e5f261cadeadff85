import Access
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
        return PermissionEditorView(
            editor: editor, words: words, types: types, allowsScopes: allowsScopes, check: check,
            registered: nil)
    }
}
