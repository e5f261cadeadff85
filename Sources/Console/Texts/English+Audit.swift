extension Texts {
    /// The audit log, and what its events are called.
    enum Audit {
        static let title = "Audit log"
        static let sentence = "What was done, by whom, and what changed. Nothing here can be edited."
        static let verify = "Verify the record"

        static let what = "What"
        static let outcome = "Outcome"
        static let who = "Who"
        static let onWhat = "On what"
        static let address = "Address"
        static let when = "When"
        static let somebodyUnknown = "somebody unknown"
        static let ownAccount = "own account"
        static let success = "Done"
        static let failure = "Refused"

        static let filters = "Filter the audit log"
        static let action = "Action"
        static let actor = "By"
        static let target = "On"
        static let partyPlaceholder = "User name or id"
        static let since = "Time"
        static let from = "From"
        static let to = "Until"
        static let lastHour = "Last hour"
        static let lastDay = "Last 24 hours"
        static let lastWeek = "Last 7 days"
        static let lastMonth = "Last 30 days"

        static func actionChip(_ words: String) -> String { "Action: \(words)" }
        static func outcomeChip(_ words: String) -> String { "Outcome: \(words)" }
        static func actorChip(_ name: String) -> String { "By: \(name)" }
        static func targetChip(_ name: String) -> String { "On: \(name)" }
        static func aboutChip(_ name: String) -> String { "By or on: \(name)" }
        static func requestChip(_ id: String) -> String { "Request: \(id)" }
        static func fromChip(_ text: String) -> String { "From: \(text) (UTC)" }
        static func toChip(_ text: String) -> String { "Until: \(text) (UTC)" }

        static let none = "Nothing is recorded"
        static let noneSentence = "Sign-ins and changes appear here as they happen."
        static let noneFound = "Nothing fits"
        static let noneFoundSentence = "No event fits these filters. Take one away, or choose a longer time."
        static func nobody(_ name: String) -> String { "Nobody is called \(name)" }
        static let nobodySentence = "Events of a deleted user can be found by the user's id. Check the spelling, or use the id."
        static let showAll = "Show all events"

        static func badDate(_ name: String) -> String { "\(name) is no date. Write it like 2026-11-21." }
        static func unknownChoice(_ name: String) -> String {
            "\(name) has a value this page does not know. Choose one from the list."
        }

        static let event = "Event"
        static let realm = "Realm"
        static let identifier = "Id"
        static let request = "Request"
        static let detail = "Detail"
        static let actionName = "Name of the action"
        static let sameRequest = "Everything of this request"
        static let changes = "What changed"
        static let changesSentence = "Values before and after. Secrets are never recorded."
        static let noChanges = "This event changed no field."
        static let field = "Field"
        static let old = "Before"
        static let new = "After"

        static let verifyTitle = "Verify the record"
        static let verifySentence =
            "Every event carries the hash of the one before it, so that a changed, removed or moved one shows."
        static let intact = "The record is intact"
        static func intactSentence(_ events: String) -> String {
            "All \(events) events are as they were written, in their order."
        }
        static let intactSinceHead = "The head you gave is still part of it: nothing before it was cut off or rewritten."
        static let broken = "The record is not what was written"
        static func brokenSentence(_ position: String, _ reason: String) -> String {
            "It first breaks at position \(position): \(reason)."
        }
        static let brokenAdvice =
            "Keep a copy of the data folder as it is now, and compare it with a backup before anybody repairs it."
        static let openBroken = "Open the event there"
        static func unsealed(_ count: String) -> String {
            "\(count) events are written and not yet part of the chain; that takes a moment."
        }
        static let head = "The head to keep"
        static let headSentence =
            "Keep this somewhere else, such as in a note or another system. Given back later, it shows that nothing was cut off since."
        static let earlierHeadTitle = "Compare with an earlier head"
        static let earlierHead = "An earlier head"
        static let earlierHeadHint = "What this page showed you another time, as POSITION:HASH."
        static let check = "Verify again"
        static let events = "Events"

        /// What an action is called. Unknown ones keep their name.
        static func words(_ action: String) -> String {
            actions.first { $0.name == action }?.words ?? action
        }

        /// Every action there is, in the order people look for them.
        static let actions: [(name: String, words: String)] = [
            ("session.create", "Signed in"),
            ("session.refused", "Sign-in refused"),
            ("session.end", "Ended a session"),
            ("session.end-all", "Ended all sessions"),
            ("user.create", "Created a user"),
            ("user.import", "Imported users"),
            ("user.export", "Exported users"),
            ("user.update", "Edited a user"),
            ("user.delete", "Deleted a user"),
            ("user.disable", "Disabled a user"),
            ("user.enable", "Enabled a user"),
            ("user.unlock", "Unlocked a user"),
            ("user.password.set", "Set somebody's password"),
            ("user.password.change", "Changed the own password"),
            ("user.profile.update", "Edited the own profile"),
            ("group.create", "Created a group"),
            ("group.update", "Edited a group"),
            ("group.delete", "Deleted a group"),
            ("group.member.add", "Added a member"),
            ("group.member.remove", "Removed a member"),
            ("service.create", "Created a service"),
            ("service.update", "Edited a service"),
            ("service.delete", "Deleted a service"),
            ("service.disable", "Disabled a service"),
            ("service.enable", "Enabled a service"),
            ("service.token.create", "Created a token"),
            ("service.token.delete", "Deleted a token"),
            ("role.create", "Created a role"),
            ("role.update", "Edited a role"),
            ("role.delete", "Deleted a role"),
            ("role-assignment.create", "Gave a role"),
            ("role-assignment.update", "Changed a role assignment"),
            ("role-assignment.delete", "Took a role away"),
            ("authorization.create", "Permitted something directly"),
            ("authorization.update", "Changed direct permissions"),
            ("authorization.delete", "Took direct permissions away"),
            ("resource-type.create", "Created a resource type"),
            ("resource-type.update", "Edited a resource type"),
            ("resource-type.delete", "Deleted a resource type"),
            ("resource.create", "Registered a resource"),
            ("resource.update", "Edited a resource"),
            ("resource.delete", "Removed a resource"),
            ("catalog.apply", "Applied a catalog"),
            ("setup.complete", "Completed the setup"),
            ("database.restore", "Restored a backup"),
        ]
    }
}
