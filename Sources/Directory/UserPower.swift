import Grants
import Model

/// What of a user only those may change who could do whatever the user can.
enum UserPower {
    /// Refuses a change to what somebody signs in with or is reached by, without power over him; and a change to what his
    /// permissions read, unless the caller could grant them.
    static func require(toChange user: User, by patch: UserPatch, _ standing: Standing) throws {
        var changed = user
        let problems = UserWriter.apply(patch, to: &changed)
        // What is wrong with a field is told to those who may change it.
        let touched = Set(problems.map { $0.field.split(separator: ".").first.map(String.init) ?? $0.field })
        try require(from: user, to: changed, touched: touched, standing)
    }

    /// - Parameter touched: fields that count as changed.
    static func require(from user: User, to changed: User, touched: Set<String> = [], _ standing: Standing) throws {
        let isRenamed = changed.username != user.username
        let names = differingAttributes(user.attributes, changed.attributes)
        let isReachedOtherwise =
            isRenamed || changed.email != user.email || changed.emailVerified != user.emailVerified
            || !touched.isDisjoint(with: ["username", "email", "emailVerified"])
        let principal = PrincipalReference.user(user.id)
        if isReachedOtherwise { try standing.requirePower(over: principal, for: .userUpdate) }
        try standing.requireConferring(changing: names, isRenamed: isRenamed, of: principal)
    }

    private static func differingAttributes(_ old: JSONObject, _ new: JSONObject) -> Set<String> {
        Set((old.names + new.names).filter { old[$0] != new[$0] })
    }
}
