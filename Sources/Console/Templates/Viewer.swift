import Access
import Directory
import Grants
import Model
import Web

/// Who looks at the page, and what the frame may offer them.
struct Viewer: Sendable {
    let profile: Profile
    /// What of the rail they may open.
    let offered: Set<RailEntry>

    /// The name people know them by.
    var name: String { profile.user.name ?? profile.user.username }
}

extension ConsoleServices {
    /// The caller as the frame shows them.
    func viewer(_ call: Call) async throws -> Viewer {
        let profile = try await account.profile(caller: call.caller)
        var offered = Set(Self.permissions.filter { gate.offers($0.permission, call: call) }.map(\.entry))
        if gate.allows(.auditRead, caller: call.caller) { offered.insert(.auditLog) }
        if gate.allows(.decisionExplain, caller: call.caller) { offered.insert(.explorer) }
        return Viewer(profile: profile, offered: offered)
    }

    /// What somebody must be allowed on anything at all, so that the entry is worth offering. An entry may stand here twice.
    private static let permissions: [(entry: RailEntry, permission: ManagementPermission)] = [
        (.users, .userRead), (.groups, .groupRead), (.services, .serviceRead), (.assignments, .assignmentRead),
        (.assignments, .authorizationRead),
        (.roles, .roleRead), (.resourceTypes, .typeRead), (.catalogs, .catalogRead),
        (.permissions, .assignmentRead), (.permissions, .authorizationRead),
    ]
}

extension Gate {
    /// Whether there is anything of the type on which the viewer may do this, but for themselves, which everybody may see: whether
    /// a page about them all is worth offering.
    func offers(_ permission: ManagementPermission, call: Call) -> Bool {
        guard let principal = call.caller.principal, let scope = try? scope(of: permission, caller: call.caller) else {
            return false
        }
        return scope != .none && scope != .ids([principal.id.text])
    }
}
