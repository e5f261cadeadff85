extension Texts {
    /// The flat list of permissions.
    enum Flat {
        static let title = "Permissions"
    }

    /// Asking who may do what.
    enum Explorer {
        static let entry = "Explorer"
    }
}
