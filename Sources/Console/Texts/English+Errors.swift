extension Texts {
    /// What went wrong, and what to do.
    enum Errors {
        static let changedMeanwhile =
            "Somebody changed this after you opened it. Look at it as it is now, then make your change again."
        static let home = "Go to Home"
        static let request = "If you ask for help, name this request:"

        static func page(code: String, detail: String) -> (title: String, sentence: String) {
            switch code {
            case "not_found":
                (
                    "Nothing is here",
                    "The page or the object does not exist, or you may not see it. Check the address, or start from Home."
                )
            case "forbidden":
                ("You may not do this", "\(detail) Ask an administrator if you need it.")
            case "forged_form":
                (
                    "The form had grown old",
                    "It was not sent from a page of this sign-in, so nothing was changed. Go back, reload the page and send it again."
                )
            case "method_not_allowed":
                ("That does not work here", "The address exists, but not for this kind of request. Start from Home.")
            case "too_large": ("That was too much", "What was sent is larger than this page accepts. Send less at once.")
            case "rate_limited": ("Too many tries", "Wait a moment, then try again.")
            case "overloaded":
                ("Too busy right now", "The server has more to do than it can. Nothing was changed. Try again in a moment.")
            case "unavailable":
                (
                    "Not available right now",
                    "The server cannot answer safely at the moment. Nothing was changed. Try again shortly."
                )
            case "storage_full": ("The disk is full", "Nothing was saved. Make room on the server's disk, then try again.")
            case "precondition_failed": ("It has changed meanwhile", changedMeanwhile)
            case "conflict": ("That is in the way", detail)
            case "internal_error":
                (
                    "Something broke on our side",
                    "It is in the server's log with the request below. Nothing more is known here; try again."
                )
            default: ("That was not understood", detail)
            }
        }
    }
}
