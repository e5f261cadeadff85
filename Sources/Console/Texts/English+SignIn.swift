import Model

extension Texts {
    enum SignIn {
        static let title = "Sign in"
        static let sentence = "Use the user name and password of your account."
        static let username = "User name"
        static let password = "Password"
        static let button = "Sign in"
        static let help = "Cannot get in? An administrator can give you a new password."
        static let signedOut = "You are signed out"
        static let signedOutSentence = "This browser's session has ended."
        static let oldForm = "This page had been open too long. Nothing was sent on; sign in again."
        static let challengeTitle = "Choose a new password"
        static let challengeSentence = "The one you used was given to you. From now on only you should know it."
        static let challengeButton = "Save and sign in"
        static let challengeOver = "That took too long, or was used already. Sign in again with the password you were given."
        static let newPassword = "New password"
        static let repeatPassword = "The same again"
        static let passwordHint = "At least 15 characters. A few words that do not belong together are easy to remember."

        static func required(_ field: String) -> String {
            field == "username" ? "Give your user name." : "Give your password."
        }

        /// What the form says; `nil` for errors that deserve a page of their own.
        static func refusal(_ error: ServiceError) -> String? {
            switch error {
            case .invalidCredentials:
                "That did not work: the user name or the password is wrong, or the account cannot sign in. Check both and try again."
            case .rateLimited(let seconds): "Too many tries. Wait \(wait(seconds)), then try again."
            case .overloaded(let seconds), .unavailable(let seconds):
                "The server is busy and could not check your password. Try again in \(wait(seconds))."
            default: nil
            }
        }

        private static func wait(_ seconds: Int) -> String {
            switch seconds {
            case ...1: "a second"
            case ..<90: "\(seconds) seconds"
            case ..<5400: "\((seconds - 1) / 60 + 1) minutes"
            default: "\((seconds - 1) / 3600 + 1) hours"
            }
        }
    }

    enum Setup {
        static let title = "Set up Gatehouse"
        static let sentence =
            "Create the first account. It owns this installation: it may do everything, and give others their part."
        static let token = "Setup token"
        static let tokenHint = "The server printed it when it started, as part of the setup link."
        static let wrongToken = "The setup link is not the current one"
        static let wrongTokenSentence =
            "The server prints a new one at every start until somebody has finished the setup. Open the newest link, or copy its token here."
        static let username = "User name"
        static let usernameHint = "What you sign in with. It can be changed later."
        static let name = "Name"
        static let email = "E-mail"
        static let password = "Password"
        static let confirm = "The same again"
        static let button = "Create the account and sign in"
        static let welcome = "Gatehouse is set up, and you are signed in."
        static let done = "The account exists. Sign in with it."
    }
}
