extension Texts {
    /// Search everywhere.
    enum Search {
        static let title = "Search"
        static let sentence = "Users, pages and actions that you may open."
        static let label = "What to search for"
        static let placeholder = "A name, an e-mail address, a page or an id"
        static let button = "Search"
        static let users = "Users"
        static let pages = "Pages"
        static let actions = "Actions"
        static let byIdentifier = "By this id"
        static let allUsers = "All users that fit"
        static let none = "Nothing fits"
        static func noneSentence(_ words: String) -> String {
            "Nothing that you may open begins with \"\(words)\". Search for the beginning of a name, an e-mail address or a page."
        }

        static let homeWords = "dashboard numbers overview"
        static let usersWords = "people persons list directory"
        static let auditWords = "record events history log"
        static let verifyWords = "chain hash intact tampering"
        static let accountWords = "profile password sessions me mine"
        static let helpWords = "documentation guide"
        static let apiWords = "rest reference openapi curl"
        static let createWords = "new add invite user person"
        static let lockedUsers = "Users who are locked"
        static let lockedWords = "unlock held back failures"
        static let disabledUsers = "Users who are disabled"
        static let disabledWords = "enable"
        static let invitedUsers = "Users who never came"
        static let invitedWords = "invited pending"
        static let refusedSignIns = "Refused sign-ins"
        static let refusedWords = "failed failures wrong password"
    }
}
