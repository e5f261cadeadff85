import Directory
import Grants
import Web

/// Who looks at the page, and what the frame may offer them.
struct Viewer: Sendable {
    let profile: Profile
    let mayReadUsers: Bool
    let mayReadAudit: Bool

    /// The name people know them by.
    var name: String { profile.user.name ?? profile.user.username }
}

extension ConsoleServices {
    /// The caller as the frame shows them.
    func viewer(_ call: Call) async throws -> Viewer {
        let profile = try await account.profile(caller: call.caller)
        return Viewer(
            profile: profile, mayReadUsers: gate.allows(.userRead, caller: call.caller),
            mayReadAudit: gate.allows(.auditRead, caller: call.caller))
    }
}
