extension Texts {
    enum Help {
        static let title = "Help"
        static let sentence = "How this console works, and where else the same can be done."
        static let keyboard = "Keyboard"
        static let keySearch = "Search from anywhere"
        static let keyClose = "Close what is open"
        static let more = "More"
        static let api = "The REST API: everything here can be done by a program"
        static let parts = "The parts these pages are made of"

        static let topics: [(title: String, paragraphs: [String])] = [
            (
                "Finding things",
                [
                    "The search at the top looks for people by user name, name and e-mail. Every list keeps its search, "
                        + "filters and order in the address, so a view can be bookmarked and sent.",
                    "You see only what you may see. If something is missing, an administrator can tell you why.",
                ]
            ),
            (
                "Changing things",
                [
                    "What cannot be undone asks first, and names what goes with it. Every change is written to the audit log "
                        + "with who made it, when and from where.",
                    "At the foot of most pages, “The same as” shows the command and the API call that do what the page does.",
                ]
            ),
            (
                "Sessions",
                [
                    "My account lists where you are signed in. Ending a session takes effect with its next request. "
                        + "Changing your password ends all others."
                ]
            ),
        ]
    }

    /// The page that shows every part.
    enum Gallery {
        static let title = "Parts"
        static let sentence = "Every piece the console is made of, once, with its name. Pages use these and nothing else."
        static let onlyASample = "Only a sample: nothing was changed."
    }
}
