import Audit
import Authentication
import Directory
import Grants
import Model
import Web

extension User {
    /// The name people know this user by.
    var displayName: String {
        guard let name, !name.isEmpty else { return username }
        return name
    }
}

extension User.Status {
    var word: String {
        switch self {
        case .active: Texts.Users.active
        case .disabled: Texts.Users.disabled
        case .locked: Texts.Users.locked
        case .invited: Texts.Users.invited
        }
    }

    var tone: Tone {
        switch self {
        case .active: .good
        case .disabled: .idle
        case .locked: .bad
        case .invited: .warn
        }
    }

    var mark: HTML { statusDot(word, tone) }
}

/// What the viewer may do with one user, to hide the rest. The services decide again.
struct UserPermissions: Sendable {
    let mayUpdate: Bool
    let mayDelete: Bool
    let mayDisable: Bool
    let mayUnlock: Bool
    let mayResetPassword: Bool
    let mayReadSessions: Bool
    let mayEndSessions: Bool

    init(_ call: Call, gate: Gate, on id: EntityID) {
        func allows(_ permission: ManagementPermission) -> Bool {
            gate.allows(permission, on: id.text, caller: call.caller)
        }
        mayUpdate = allows(.userUpdate)
        mayDelete = allows(.userDelete)
        mayDisable = allows(.userDisable)
        mayUnlock = allows(.userUnlock)
        mayResetPassword = allows(.userResetPassword)
        mayReadSessions = allows(.userReadSessions)
        mayEndSessions = allows(.userEndSessions)
    }
}

extension Call {
    func userPath(_ id: EntityID) -> Path { to("/users", id.text) }

    func userPath(_ id: EntityID, _ page: String) -> Path { to("/users", id.text, page) }

    func isSelf(_ id: EntityID) -> Bool { caller.principal == .user(id) }

    /// Breadcrumb of the pages below the list.
    var usersCrumbs: [Crumb] { [Crumb(Texts.Frame.directory), Crumb(Texts.Users.title, to("/users"))] }

    func crumbs(below user: User) -> [Crumb] { usersCrumbs + [Crumb(user.displayName, userPath(user.id))] }

    /// The submitted form, shown to be ours.
    func checkedForm() async throws -> FormFields {
        let fields = try await form()
        try checkForgery(fields)
        return fields
    }
}

/// Why a service refused, in one sentence.
func refusal(_ error: ServiceError) -> String {
    FormErrors(error)?.all.first?.message ?? Problem(error).detail
}
