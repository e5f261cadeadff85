import Access
import Grants
import HTTPTypes
import Model
import Web

extension Call {
    func rolePath(_ id: String) -> Path { to("/roles", id) }

    func rolePath(_ id: String, _ page: String) -> Path { to("/roles", id, page) }

    /// Breadcrumb of the pages below the list.
    var rolesCrumbs: [Crumb] { [Crumb(Texts.Frame.access), Crumb(Texts.Roles.title, to("/roles"))] }

    func crumbs(below role: Role) -> [Crumb] { rolesCrumbs + [Crumb(role.name, rolePath(role.id))] }
}

extension ConsoleServices {
    /// For pages about a whole type of thing: `forbidden` for whoever may do this on none of it.
    func requireAny(_ permission: ManagementPermission, call: Call) throws {
        guard gate.allowsAny(permission, caller: call.caller) else {
            throw ServiceError.forbidden(permission: permission.description)
        }
    }
}

/// As `FormErrors(error)`; what somebody may not confer is said beside what was typed, not instead of it.
func conferringErrors(_ error: any Error) -> FormErrors? {
    if case .forbidden(let permission)? = error as? ServiceError {
        return FormErrors(message: Texts.Roles.mayNotConfer(permission), status: .forbidden)
    }
    return FormErrors(error)
}

/// Where a role or a type comes from, as a tag; nothing for what was made here.
func sourceTag(_ source: String) -> HTML? {
    switch source {
    case "local": nil
    case "built-in": tag(Texts.Roles.builtIn, .accent)
    case "catalog": tag(Texts.Roles.catalogKind)
    default: tag(source)
    }
}
